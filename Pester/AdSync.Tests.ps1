# The Connect server as source: a stand-in for its ADSync module (Pester/Fake/ADSync), healthy and with one fault at a time,
# and its host with registry, service and files replaced.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $script:ModulePathBefore = $env:PSModulePath
    $env:PSModulePath = [System.IO.Path]::Combine($PSScriptRoot, 'Fake') + [System.IO.Path]::PathSeparator + $env:PSModulePath
    Import-Module -Name $script:ModulePath -Force
    & (Get-Module -Name PhsDiagnostics) { Import-PhsScript -Name Collect }
    $script:Kari = 'CN=Kari Nordmann,OU=Staff,DC=contoso,DC=test'
    Mock -ModuleName PhsDiagnostics Test-PhsWindows { $true }
    Mock -ModuleName PhsDiagnostics Get-PhsLiveLog { }
    Mock -ModuleName PhsDiagnostics Get-PhsServiceState { @{ value = 'Running' } }
    Mock -ModuleName PhsDiagnostics Get-PhsFipsExemption { @{ value = $null } }
    Mock -ModuleName PhsDiagnostics Get-PhsFileVersion { @{ value = '2.5.79.0' } }
    Mock -ModuleName PhsDiagnostics Get-PhsRegistryValue {
        @{ value = $(switch ($Name) { 'Start' { 2 } 'ObjectName' { 'NT SERVICE\ADSync' } 'SchUseStrongCrypto' { 1 } 'SystemDefaultTlsVersions' { 1 } }) }
    }

    function Set-Fault([string] $Name) {
        $env:PHS_FAKE_FAULT = $Name
        Remove-Module -Name ADSync -ErrorAction Ignore
        # The collector imports it inside of the module.
        & (Get-Module -Name PhsDiagnostics) { Remove-Module -Name ADSync -ErrorAction Ignore }
    }

    # 'PHS201 Failed' for each finding that wants attention.
    function Get-Attention($Finding) {
        @($Finding | Where-Object { $_.Outcome -in 'Failed', 'Warning', 'Error' } | ForEach-Object { "$($_.CheckId) $($_.Outcome)" } | Sort-Object -Unique)
    }
}

AfterAll {
    $env:PSModulePath = $script:ModulePathBefore
    $env:PHS_FAKE_FAULT = $null
    $env:PHS_FAKE_SERIALIZED = $null
}

Describe 'The Connect server' {
    AfterEach {
        Set-Fault ''
        $env:PHS_FAKE_SERIALIZED = $null
    }

    Context 'A healthy Connect server' {
        It 'has no fault, however its objects arrive: <Depth>' -ForEach @(
            @{ Depth = $null }
            @{ Depth = 20 }
        ) {
            $env:PHS_FAKE_SERIALIZED = $Depth
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4, Service -ErrorVariable problem)
            $problem | Should -BeNullOrEmpty
            Get-Attention $findings | Should -BeNullOrEmpty
            foreach ($id in 'PHS201', 'PHS202', 'PHS203', 'PHS204', 'PHS205', 'PHS401', 'PHS402', 'PHS801', 'PHS803', 'PHS804', 'PHS805', 'PHS806', 'PHS807') {
                @($findings | Where-Object CheckId -EQ $id).Outcome | Should -Contain 'Passed' -Because $id
            }
        }

        It 'holds a user whose password will sync, however its objects arrive: <Depth>' -ForEach @(
            @{ Depth = $null }
            @{ Depth = 20 }
        ) {
            $env:PHS_FAKE_SERIALIZED = $Depth
            $verdict = Test-PhsUser -Identity $script:Kari
            $verdict.Reasons | Should -BeNullOrEmpty
            $verdict.Verdict | Should -Be 'WillSync'
            $findings = @(Test-PhsObjectSync -Identity $script:Kari)
            foreach ($id in 'PHS501', 'PHS502', 'PHS503', 'PHS504', 'PHS703') {
                ($findings | Where-Object CheckId -EQ $id).Outcome | Should -Be 'Passed' -Because $id
            }
        }

        It 'is what Test-PhsSignInMethod and Test-PhsStagingMode mean without -Path' {
            @(Test-PhsSignInMethod).CheckId | Should -Contain 'PHS201'
            @(Test-PhsStagingMode).CheckId | Should -Be 'PHS401', 'PHS402'
            (Test-PhsStagingMode)[0].Target | Should -Be ([System.Environment]::MachineName)
        }

        It 'is judged by its event log and its host together' {
            Mock -ModuleName PhsDiagnostics Get-PhsLiveLog {
                $now = [datetime]::UtcNow
                [ordered]@{ source = 'SYNC01\Application'; observedAt = $now.ToString('o'); readSince = $now.AddHours(-4).ToString('o'); records = @(); oldestRecord = $now.AddDays(-9).ToString('o') }
            }
            (Test-PhsService | Where-Object CheckId -EQ 'PHS802').Outcome | Should -Be 'Passed'
            (Test-PhsService | Where-Object CheckId -EQ 'PHS803').Outcome | Should -Be 'Passed'
            @(Test-PhsService -ComputerName 'sync02.contoso.test').CheckId | Should -Contain 'PHS802'
            (Test-PhsService -ComputerName 'sync02.contoso.test' | Where-Object CheckId -EQ 'PHS803').Outcome | Should -Be 'Skipped'
        }

        It 'gives way to an export that is named' {
            (Test-PhsStagingMode -Path $script:Fabrikam | Where-Object CheckId -EQ 'PHS401').Target | Should -Be 'FABRIKAM-SYNC01'
        }
    }

    Context 'A connector that is not like the others' {
        It 'is no fault where it lacks what only a directory has, however it arrives: <Depth>' -ForEach @(@{ Depth = $null }, @{ Depth = 20 }) {
            Set-Fault 'odd-connectors'
            $env:PHS_FAKE_SERIALIZED = $Depth
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4, Service -ErrorVariable problem)
            $problem | Should -BeNullOrEmpty
            Get-Attention $findings | Should -BeNullOrEmpty
            ($findings | Where-Object { $_.CheckId -eq 'PHS201' -and $_.Target -eq 'contoso.test' }).Outcome | Should -Be 'Passed'
        }

        It 'leaves the others known where it cannot be read' {
            Set-Fault 'broken-connector'
            $findings = @(Test-PhsSignInMethod -ErrorVariable problem -ErrorAction SilentlyContinue)
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.AdSync.Failed'
            "$problem" | Should -BeLike '*Broken*'
            ($findings | Where-Object { $_.CheckId -eq 'PHS201' -and $_.Target -eq 'contoso.test' }).Outcome | Should -Be 'Passed'
            $findings | Where-Object { $_.CheckId -eq 'PHS204' -and $_.Outcome -eq 'Failed' } | Should -BeNullOrEmpty
        }
    }

    Context 'One planted fault' {
        It '<Fault> is found and nothing else' -ForEach @(
            @{ Fault = 'channel-off'; Expected = 'PHS201 Failed', 'PHS202 Failed', 'PHS203 Warning' }
            @{ Fault = 'channel-off-federated'; Expected = 'PHS201 Failed', 'PHS202 Failed', 'PHS203 Warning' }
            @{ Fault = 'channel-lost-target'; Expected = 'PHS201 Warning' }
            @{ Fault = 'tenant-feature-off'; Expected = 'PHS202 Failed' }
            @{ Fault = 'inbound-rule-disabled'; Expected = 'PHS204 Failed' }
            @{ Fault = 'outbound-rule-without-password'; Expected = 'PHS204 Failed' }
            @{ Fault = 'no-tenant'; Expected = 'PHS201 Warning', 'PHS204 Failed' }
            @{ Fault = 'partition-no-domain'; Expected = 'PHS205 Failed' }
            @{ Fault = 'run-step-missing'; Expected = 'PHS205 Failed' }
            @{ Fault = 'preferred-only'; Expected = 'PHS205 Failed' }
            @{ Fault = 'no-partition'; Expected = 'PHS205 Failed' }
            @{ Fault = 'staging'; Expected = 'PHS401 Warning' }
            @{ Fault = 'scheduler-disabled'; Expected = 'PHS402 Failed' }
            @{ Fault = 'scheduler-suspended'; Expected = 'PHS402 Failed' }
            @{ Fault = 'maintenance-off'; Expected = 'PHS402 Warning' }
            @{ Fault = 'cycle-overdue'; Expected = 'PHS402 Failed' }
            @{ Fault = 'cycles-stale'; Expected = 'PHS801 Failed' }
            @{ Fault = 'cycles-never'; Expected = 'PHS801 Failed', 'PHS807 Failed' }
            @{ Fault = 'first-cycle-missing'; Expected = 'PHS807 Failed' }
        ) {
            Set-Fault $Fault
            foreach ($depth in $null, 20) {
                $env:PHS_FAKE_SERIALIZED = $depth
                Get-Attention (Invoke-PhsDiagnostics -Step A2, A4, Service) | Should -Be $Expected -Because "depth $depth"
            }
        }

        It '<Fault> of the user is found' -ForEach @(
            @{ Fault = 'not-imported'; Expected = 'PHS502' }
            @{ Fault = 'disconnector'; Expected = 'PHS502' }
            @{ Fault = 'placeholder'; Expected = 'PHS502' }
            @{ Fault = 'not-provisioned'; Expected = 'PHS502' }
            @{ Fault = 'not-exported'; Expected = 'PHS502' }
            @{ Fault = 'export-error'; Expected = 'PHS703', 'PHS502' }
            @{ Fault = 'sync-error'; Expected = 'PHS703' }
            @{ Fault = 'attempt-filtered'; Expected = 'PHS504' }
            @{ Fault = 'lineage-without-password'; Expected = 'PHS503' }
            @{ Fault = 'user-disabled'; Expected = 'PHS704', 'PHS603', 'PHS503' }
            @{ Fault = 'inet-org-person'; Expected = 'PHS701', 'PHS501', 'PHS503' }
        ) {
            Set-Fault $Fault
            foreach ($depth in $null, 20) {
                $env:PHS_FAKE_SERIALIZED = $depth
                $verdict = Test-PhsUser -Identity $script:Kari
                $verdict.Verdict | Should -Be 'Blocked' -Because "depth $depth"
                @($verdict.Findings | Where-Object Outcome -EQ 'Failed').CheckId | Should -Be $Expected -Because "depth $depth"
            }
        }

        It 'of the host is found: <Name>' -ForEach @(
            @{ Name = 'stopped'; State = 'Stopped'; Expected = 'PHS803 Failed' }
            @{ Name = 'not installed'; State = $null; Expected = 'PHS803 Failed' }
            @{ Name = 'manual'; Value = @{ Start = 3 }; Expected = 'PHS803 Warning' }
            @{ Name = 'FIPS policy'; Value = @{ 'FipsAlgorithmPolicy/Enabled' = 1 }; Expected = 'PHS804 Failed' }
            @{ Name = '.NET without strong cryptography'; Value = @{ SchUseStrongCrypto = 0 }; Expected = 'PHS805 Failed' }
            @{ Name = 'TLS 1.2 disabled for clients'; Value = @{ 'Client/Enabled' = 0 }; Expected = 'PHS805 Failed' }
            @{ Name = 'TLS 1.2 not used by default'; Value = @{ 'Client/DisabledByDefault' = 1 }; Expected = 'PHS805 Failed' }
            @{ Name = 'TLS 1.2 disabled for servers'; Value = @{ 'Server/Enabled' = 0 }; Expected = 'PHS805 Warning' }
            @{ Name = 'a retired build'; Build = '1.6.16.0'; Expected = 'PHS806 Failed' }
        ) {
            # A key that the row does not have is no variable on every Pester.
            $script:Planted = $_['Value']
            if (-not $script:Planted) { $script:Planted = @{} }
            Mock -ModuleName PhsDiagnostics Get-PhsRegistryValue {
                $leaf = @($Key -split '\\')[-1]
                @{ value = $(if ($script:Planted.ContainsKey($Name)) { $script:Planted[$Name] } elseif ($script:Planted.ContainsKey("$leaf/$Name")) { $script:Planted["$leaf/$Name"] } else {
                            switch ($Name) { 'Start' { 2 } 'ObjectName' { 'NT SERVICE\ADSync' } }
                        }) }
            }
            if ($Name -in 'stopped', 'not installed') {
                $script:State = $_['State']
                Mock -ModuleName PhsDiagnostics Get-PhsServiceState { @{ value = $script:State } }
            }
            if ($Name -eq 'a retired build') { Mock -ModuleName PhsDiagnostics Get-PhsFileVersion { @{ value = '1.6.16.0' } } }
            Get-Attention (Invoke-PhsDiagnostics -Step Service) | Should -Be $Expected
        }

        It 'FIPS policy is no fault where the service is exempted' {
            Mock -ModuleName PhsDiagnostics Get-PhsFipsExemption { @{ value = 'false' } }
            Mock -ModuleName PhsDiagnostics Get-PhsRegistryValue { @{ value = $(if ($Key -like '*FipsAlgorithmPolicy') { 1 }) } }
            (Invoke-PhsDiagnostics -Step Service | Where-Object CheckId -EQ 'PHS804').Outcome | Should -Be 'Passed'
        }
    }

    Context 'What is not known' {
        It 'is skipped as not permitted, with the group, where the module refuses' {
            Set-Fault 'not-permitted'
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4 -ErrorAction SilentlyContinue -ErrorVariable problem)
            $told = @($problem | Where-Object { (Get-ErrorId $_) -like 'Phs.AdSync.*' })
            @($told | ForEach-Object { Get-ErrorId $_ }) | Should -Be 'Phs.AdSync.NotPermitted'
            $told[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
            $told[0].ErrorDetails.RecommendedAction | Should -BeLike '*ADSyncAdmins*'
            foreach ($id in 'PHS201', 'PHS203', 'PHS204', 'PHS205', 'PHS401', 'PHS402') {
                $finding = @($findings | Where-Object CheckId -EQ $id)[0]
                "$($finding.Outcome) $($finding.SkipReason)" | Should -Be 'Skipped NotPermitted' -Because $id
                "$($finding.Remediation)" | Should -BeLike '*ADSyncAdmins*' -Because $id
            }
            @($findings | Where-Object Outcome -EQ 'Passed').Count | Should -Be 0
        }

        It 'is not permitted for whoever is not in the group, whatever the module says' {
            Set-Fault 'service-down'
            Mock -ModuleName PhsDiagnostics Test-PhsAdSyncMember { $false }
            @(Invoke-PhsDiagnostics -Step A4 -ErrorAction SilentlyContinue).SkipReason | Select-Object -Unique | Should -Be 'NotPermitted'
        }

        It 'is evidence that is missing where the service does not answer' {
            Set-Fault 'service-down'
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4 -ErrorAction SilentlyContinue -ErrorVariable problem)
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.AdSync.Failed'
            @($findings.SkipReason | Select-Object -Unique) | Should -Be 'EvidenceMissing'
            # Nobody looked for the user, so nothing is said of it.
            (Test-PhsUser -Identity $script:Kari -ErrorAction SilentlyContinue).Verdict | Should -Be 'Unknown'
        }

        It 'is one fact alone where one command fails: <Fault>' -ForEach @(
            @{ Fault = 'channel-unknown'; Id = 'PHS201' }
            @{ Fault = 'cloud-unreachable'; Id = 'PHS202' }
        ) {
            Set-Fault $Fault
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4 -ErrorAction SilentlyContinue)
            ($findings | Where-Object CheckId -EQ $Id).Outcome | Should -Be 'Skipped'
            Get-Attention $findings | Should -BeNullOrEmpty
            @($findings | Where-Object CheckId -EQ 'PHS401').Outcome | Should -Be 'Passed'
        }

        It 'is told where serialization cut objects off, and never taken for empty' {
            $env:PHS_FAKE_SERIALIZED = 'cut'
            $findings = @(Invoke-PhsDiagnostics -Step A2 -ErrorAction SilentlyContinue -ErrorVariable problem)
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.AdSync.Failed'
            foreach ($id in 'PHS201', 'PHS204', 'PHS205') {
                @($findings | Where-Object CheckId -EQ $id).Outcome | Should -Not -Contain 'Passed' -Because $id
                @($findings | Where-Object CheckId -EQ $id).Outcome | Should -Not -Contain 'Failed' -Because $id
            }
        }

        It 'is asked with the connector''s name on an old build' {
            Set-Fault 'old-build'
            ((Invoke-PhsDiagnostics -Step A2) | Where-Object CheckId -EQ 'PHS202').Outcome | Should -Be 'Passed'
        }
    }

    Context 'Secrets' {
        It 'stay where they are' {
            $json = & (Get-Module -Name PhsDiagnostics) { param($User) Get-PhsAdSync -User $User } $script:Kari
            $json | Should -BeLike '*MSOL_0123456789ab*'
            $json | Should -Not -BeLike '*PLANTED*'
            $findings = ConvertTo-Json -InputObject @(Invoke-PhsDiagnostics -Step A2, A4, Service) -Depth 6
            $findings | Should -Not -BeLike '*PLANTED*'
        }
    }

    Context 'From PowerShell 7 with a module of Windows PowerShell' {
        It 'the collector runs there as a script of its own, and its text comes back whole' {
            $script:Work = $TestDrive
            Mock -ModuleName PhsDiagnostics Find-PhsAdSync { 'WindowsPowerShell' }
            Mock -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell {
                $file = [System.IO.Path]::Combine($script:Work, 'collector.ps1')
                [System.IO.File]::WriteAllText($file, $Script)
                & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command "& '$file' -User '$User'"
            }
            Get-Attention (Invoke-PhsDiagnostics -Step A2, A4) | Should -BeNullOrEmpty
            (Test-PhsUser -Identity $script:Kari).Verdict | Should -Be 'WillSync'
            Should -Invoke -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell -Times 2 -Exactly
        }

        It 'a Windows PowerShell that does not start is told, and everything is skipped' {
            Mock -ModuleName PhsDiagnostics Find-PhsAdSync { 'WindowsPowerShell' }
            Mock -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell { throw [System.InvalidOperationException]::new('no session') }
            $findings = @(Invoke-PhsDiagnostics -Step A2, A4 -ErrorAction SilentlyContinue -ErrorVariable problem)
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.AdSync.Failed'
            @($findings.Outcome | Select-Object -Unique) | Should -Be 'Skipped'
        }
    }

    Context 'Users of this server' {
        It 'come from the pipeline: each is answered before the next is asked for, and the configuration is asked for once' {
            $script:Real = & (Get-Module -Name PhsDiagnostics) { ${function:Get-PhsAdSync} }
            $script:Asked = [System.Collections.Generic.List[string]]::new()
            Mock -ModuleName PhsDiagnostics Get-PhsAdSync {
                $script:Asked.Add("$([bool] $UsersOnly) $User")
                & $script:Real @PesterBoundParameters
            }
            $order = [System.Collections.Generic.List[string]]::new()
            $nobody = 'CN=Nobody,OU=Staff,DC=contoso,DC=test'
            $found = @($script:Kari, $nobody, $script:Kari.ToLowerInvariant() | ForEach-Object { $order.Add("ask $_"); $_ } | Test-PhsUser | ForEach-Object {
                    $order.Add("answer $($_.Identity)")
                    $_
                })
            $order | Should -Be @($script:Kari, $nobody, $script:Kari.ToLowerInvariant() | ForEach-Object { "ask $_"; "answer $_" })
            $found.Verdict | Should -Be 'WillSync', 'Blocked', 'WillSync'
            @($found[1].Findings | Where-Object Outcome -EQ 'Failed').CheckId | Should -Contain 'PHS502'
            $script:Asked | Should -Be "False $script:Kari", "True $nobody", "True $($script:Kari.ToLowerInvariant())"
            # The same as all at once.
            @(Test-PhsUser -Identity $script:Kari, $nobody).Verdict | Should -Be 'WillSync', 'Blocked'
        }

        It 'give findings as they come, too' {
            $order = [System.Collections.Generic.List[string]]::new()
            $null = $script:Kari, $script:Kari | ForEach-Object { $order.Add('ask'); $_ } | Test-PhsObjectSync | ForEach-Object { $order.Add($_.CheckId) }
            @($order | Where-Object { $_ -in 'ask', 'PHS502' }) | Should -Be 'ask', 'PHS502', 'ask', 'PHS502'
        }

        It 'that nobody wants any more leave no open run' {
            $script:Open = [System.Collections.Generic.List[uint64]]::new()
            $script:Real = & (Get-Module -Name PhsDiagnostics) { ${function:Open-PhsRun} }
            Mock -ModuleName PhsDiagnostics Open-PhsRun {
                & $script:Real @PesterBoundParameters
                $script:Open.Add($Open.Run)
            }
            $asked = [System.Collections.Generic.List[string]]::new()
            $first = @($script:Kari, 'CN=Nobody,DC=contoso,DC=test' | ForEach-Object { $asked.Add($_); $_ } | Test-PhsUser | Select-Object -First 1)
            $first.Verdict | Should -Be 'WillSync'
            $asked | Should -Be $script:Kari
            $null = $script:Kari, 'CN=Nobody,DC=contoso,DC=test' | Test-PhsUser
            $script:Open.Count | Should -Be 2
            foreach ($run in $script:Open) {
                InModuleScope PhsDiagnostics -Parameters @{ Run = $run } {
                    # The handle is no longer one.
                    { Receive-PhsEvent -Interop (Get-PhsNative) -Run $Run } | Should -Throw -ErrorId 'Phs.*'
                }
            }
        }

        It 'by another name among them are told, and the others go on' {
            $found = @($script:Kari, 'kari@contoso.test', $script:Kari | Test-PhsUser -ErrorAction SilentlyContinue -ErrorVariable problem)
            $found.Verdict | Should -Be 'WillSync', 'WillSync'
            @($problem | ForEach-Object { Get-ErrorId $_ } | Where-Object { $_ }) | Should -Be 'Phs.User.NotAtHand'
        }

        It 'reach the service of a module of Windows PowerShell one by one' {
            Mock -ModuleName PhsDiagnostics Find-PhsAdSync { 'WindowsPowerShell' }
            Mock -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell {
                & ([scriptblock]::Create($Script)) $User ([bool] $UsersOnly)
            }
            @($script:Kari, $script:Kari | Test-PhsUser).Verdict | Should -Be 'WillSync', 'WillSync'
            Should -Invoke -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell -Times 1 -Exactly -ParameterFilter { $UsersOnly }
            Should -Invoke -ModuleName PhsDiagnostics Invoke-PhsWindowsPowerShell -Times 1 -Exactly -ParameterFilter { -not $UsersOnly }
        }

        It 'by another name than the service knows need a directory' {
            $problem = { Test-PhsUser -Identity 'kari@contoso.test' } | Should -Throw -PassThru
            Get-ErrorId $problem | Should -Be 'Phs.Request.NoDirectory'
            $null = Test-PhsUser -Identity $script:Kari, 'kari@contoso.test' -ErrorAction SilentlyContinue -ErrorVariable problem
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.User.NotAtHand'
        }

        It 'go along in a whole diagnosis' {
            $findings = @(Invoke-PhsDiagnostics -User $script:Kari -Step B1, B3)
            ($findings | Where-Object CheckId -EQ 'PHS502').Outcome | Should -Be 'Passed'
        }
    }

    Context 'Another machine' {
        It 'has no Connect server to mean, and says the three ways' {
            $before = $env:PSModulePath
            $env:PSModulePath = $script:ModulePathBefore
            Set-Fault ''
            try {
                $null = Test-PhsStagingMode -ErrorAction SilentlyContinue -ErrorVariable problem
            } finally {
                $env:PSModulePath = $before
            }
            Get-ErrorId $problem[0] | Should -Be 'Phs.Request.NoSource'
            foreach ($way in '*Connect server*', '*-Server*', '*-Path*') {
                $problem[0].ErrorDetails.RecommendedAction | Should -BeLike $way
            }
        }
    }
}

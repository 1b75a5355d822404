# Diagnosing a server configuration export, through the module.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $noContoso = -not (Test-Path -LiteralPath $script:Contoso)
    if ($noContoso) {
        Write-Warning "LEFT OUT: the truths of the Contoso export: '$script:Contoso' is not there."
    }
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force

    # A copy of the fabrikam export that a test may break.
    function Copy-Export {
        $to = [System.IO.Path]::Combine($TestDrive, [System.Guid]::NewGuid().ToString())
        Copy-Item -LiteralPath $script:Fabrikam -Destination $to -Recurse
        $to
    }
}

Describe 'The Contoso export' -Skip:$noContoso {
    BeforeAll {
        $findings = @(Invoke-PhsDiagnostics -Path $script:Contoso)
        function Get-Finding {
            param([string] $Id)
            $findings | Where-Object CheckId -EQ $Id
        }
    }

    It '<Id> is <Outcome> <Reason>' -Tag Smoke -ForEach @(
        @{ Id = 'PHS201'; Outcome = 'Failed'; Reason = $null }
        @{ Id = 'PHS203'; Outcome = 'Skipped'; Reason = 'EvidenceMissing' }
        @{ Id = 'PHS204'; Outcome = 'Passed'; Reason = $null }
        @{ Id = 'PHS205'; Outcome = 'Passed'; Reason = $null }
        @{ Id = 'PHS401'; Outcome = 'Passed'; Reason = $null }
        @{ Id = 'PHS402'; Outcome = 'Passed'; Reason = $null }
        @{ Id = 'PHS501'; Outcome = 'Skipped'; Reason = 'NotApplicable' }
        @{ Id = 'PHS601'; Outcome = 'Skipped'; Reason = 'NotApplicable' }
        @{ Id = 'PHS701'; Outcome = 'Skipped'; Reason = 'NotApplicable' }
    ) {
        $found = @(Get-Finding $Id)
        $found.Count | Should -Be 1
        $found[0].Outcome | Should -Be $Outcome
        $found[0].SkipReason | Should -Be $Reason
    }

    It 'leaves no check silent' {
        foreach ($check in Get-PhsCheck) {
            if ($check.Step -notin 'B1', 'B2', 'B3') {
                @(Get-Finding $check.Id).Count | Should -BeGreaterThan 0 -Because $check.Id
            }
        }
    }

    It 'names the connector, why it matters and the remedy of the guide' {
        $found = Get-Finding PHS201
        $found.Target | Should -Be 'contoso.com'
        $found.Severity | Should -Be 'Critical'
        $found.Message | Should -BeLike '*contoso.com*'
        $found.Why | Should -Not -BeNullOrEmpty
        $found.Remediation[0] | Should -BeLike '*wizard*Password hash synchronization*'
    }

    It 'gives the optional feature as evidence beside the connector''s own switch' {
        $rows = (Get-Finding PHS201).Evidence
        $rows[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.EvidenceRow'
        ($rows | Where-Object Attribute -EQ 'password-hash-sync-config/enabled').Value | Should -Be '0'
        ($rows | Where-Object Attribute -Like '*OptionalFeature.PasswordHashSync').Value | Should -Be 'False'
    }

    It 'names both rules that carry the password' {
        $text = (Get-Finding PHS204).Message
        $text | Should -BeLike '*In from AD - User AccountEnabled*'
        $text | Should -BeLike '*Out to AAD - User Join*'
    }

    It 'is judged at the time of the export' {
        $time = (Get-Finding PHS401).ObservedAt
        $time | Should -BeOfType datetime
        $time.Kind | Should -Be 'Utc'
        $time.Year | Should -Be 2016
    }

    It 'holds the connector account' -Tag Smoke {
        $account = @(Get-PhsConnectorAccount -Path $script:Contoso)
        $account.Count | Should -Be 1
        $account[0].Name | Should -Be 'CONTOSO\MSOL_d1edb676ca03'
        $account[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.ConnectorAccount'
        $account[0].IdentifiedBy | Should -Not -BeNullOrEmpty
    }

    It 'gives one step alone' {
        (Test-PhsSignInMethod -Path $script:Contoso).Step | Select-Object -Unique | Should -Be 'A2'
        (Test-PhsStagingMode -Path $script:Contoso).CheckId | Should -Be 'PHS401', 'PHS402'
        (Invoke-PhsDiagnostics -Path $script:Contoso -Step a4).CheckId | Should -Be 'PHS401', 'PHS402'
    }

    It 'has fingerprints that are the same each time and in each language' {
        $first = $findings.Fingerprint
        $first | Should -Match '^[0-9a-f]{64}$'
        ($first | Select-Object -Unique).Count | Should -Be $first.Count
        $again = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Export = $script:Contoso } -Script {
            param($Module, $Export)
            $culture = [System.Globalization.CultureInfo]::GetCultureInfo('nb-NO')
            [System.Threading.Thread]::CurrentThread.CurrentUICulture = $culture
            [System.Threading.Thread]::CurrentThread.CurrentCulture = $culture
            Import-Module -Name $Module
            ConvertTo-Json -Compress @((Invoke-PhsDiagnostics -Path $Export).Fingerprint)
        }).Value
        $again | Should -Be $first
    }
}

Describe 'The fabrikam sample' -Tag Smoke {
    BeforeAll {
        $findings = @(Invoke-PhsDiagnostics -Path $script:Fabrikam)
    }

    It 'shows planted faults and healthy parts in one run' {
        @($findings | Where-Object Outcome -EQ 'Failed').Count | Should -BeGreaterOrEqual 2
        @($findings | Where-Object Outcome -EQ 'Passed').Count | Should -BeGreaterOrEqual 1
    }

    It 'says of each fault what, why and what to do' {
        foreach ($finding in $findings | Where-Object Outcome -EQ 'Failed') {
            $finding.Message | Should -Not -BeNullOrEmpty
            $finding.Why | Should -Not -BeNullOrEmpty -Because $finding.CheckId
            $finding.Remediation.Count | Should -BeGreaterOrEqual 1 -Because $finding.CheckId
            $finding.Evidence.Count | Should -BeGreaterOrEqual 1 -Because $finding.CheckId
        }
    }

    It 'comes in the order of the guide' {
        $order = (Get-PhsCheck).Step | Select-Object -Unique
        $seen = $findings.Step | Select-Object -Unique
        $seen | Should -Be @($order | Where-Object { $_ -in $seen })
    }
}

Describe '-Quiet' {
    It 'is $false where something failed' -Tag Smoke {
        Invoke-PhsDiagnostics -Path $script:Fabrikam -Quiet -WarningAction SilentlyContinue | Should -BeFalse
    }

    It 'is $true where every step that was asked for is healthy' -Tag Smoke {
        Invoke-PhsDiagnostics -Path $script:Healthy -Step A2, A4 -Quiet -WarningVariable warnings | Should -BeTrue
        $warnings | Should -BeNullOrEmpty
    }

    It 'is one [bool], and names steps without an answer in a warning' {
        $result = @(Invoke-PhsDiagnostics -Path $script:Fabrikam -Quiet -WarningVariable warnings -WarningAction SilentlyContinue)
        $result.Count | Should -Be 1
        $result[0] | Should -BeOfType bool
        "$warnings" | Should -Match 'A1.*A3'
        "$warnings" | Should -Not -Match 'B1'
    }

    It 'is $false and warns where the export is not there' {
        $result = Invoke-PhsDiagnostics -Path (Join-Path -Path $TestDrive -ChildPath nowhere) -Step A4 -Quiet -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        $result | Should -BeFalse
        "$warnings" | Should -Not -BeNullOrEmpty
    }

    It 'judges <Case>: <Expected>' -ForEach @(
        @{ Case = 'all passed'; Expected = $true; Summary = @{ Passed = 2 } }
        @{ Case = 'a failure'; Expected = $false; Summary = @{ Passed = 2; Failed = 1 } }
        @{ Case = 'an error finding'; Expected = $false; Summary = @{ Passed = 2; Errors = 1 } }
        @{ Case = 'a warning'; Expected = $true; Summary = @{ Passed = 2; Warnings = 1 } }
        @{ Case = 'a warning as failure'; Expected = $false; Summary = @{ Passed = 2; Warnings = 1 } }
        @{ Case = 'a suppressed failure'; Expected = $true; Summary = @{ Passed = 2; Suppressed = 1 } }
        @{ Case = 'an unanswered step'; Expected = $false; Summary = @{ Passed = 2; UnansweredSteps = 'A1' } }
        @{ Case = 'nothing passed'; Expected = $false; Summary = @{} }
        @{ Case = 'a cancelled run'; Expected = $false; Summary = @{ Passed = 2; Cancelled = $true } }
        @{ Case = 'an error of the run'; Expected = $false; Summary = @{ Passed = 2 } }
        @{ Case = 'no end'; Expected = $false; Summary = $null }
    ) {
        $given = @{ Summary = $Summary; Strict = $Case -eq 'a warning as failure'; Errors = [int] ($Case -eq 'an error of the run') }
        InModuleScope PhsDiagnostics -Parameters $given {
            param($Summary, $Strict, $Errors)
            function Test-It {
                [CmdletBinding()]
                param()
                $record = $null
                if ($null -ne $Summary) {
                    $record = [System.Activator]::CreateInstance((Get-PhsNative).Summary)
                    $record.UnansweredSteps = @()
                    foreach ($name in $Summary.Keys) { $record.$name = $Summary[$name] }
                }
                Test-PhsTally -Cmdlet $PSCmdlet -Tally @{ Summary = $record; Errors = $Errors } -WarningAsFailure:$Strict
            }
            Test-It -WarningAction SilentlyContinue
        } | Should -Be $Expected
    }
}

Describe '-Suppress' {
    BeforeAll {
        $failed = @(Invoke-PhsDiagnostics -Path $script:Fabrikam | Where-Object Outcome -EQ 'Failed')[0]
    }

    It 'marks a finding by check, by check and target, and by fingerprint, and leaves it there' {
        foreach ($entry in $failed.CheckId, "$($failed.CheckId):$($failed.Target)", $failed.Fingerprint.Substring(0, 12)) {
            $found = Invoke-PhsDiagnostics -Path $script:Fabrikam -Step $failed.Step -Suppress $entry | Where-Object Fingerprint -EQ $failed.Fingerprint
            $found.Suppressed | Should -BeTrue -Because $entry
            $found.Outcome | Should -Be 'Failed'
        }
    }

    It 'that matches nothing is told' {
        $found = Invoke-PhsDiagnostics -Path $script:Fabrikam -Suppress 'PHS402:nowhere' | Where-Object CheckId -EQ 'PHS901'
        ($found | Where-Object Outcome -EQ 'Warning').Message | Should -BeLike '*PHS402:nowhere*'
    }
}

Describe 'Paths' {
    It 'are taken from PowerShell''s own location, with wildcards, as drives, as items' -Tag Smoke {
        $export = Copy-Export
        $expected = (Test-PhsStagingMode -LiteralPath $export).Fingerprint
        Push-Location -LiteralPath $TestDrive
        try {
            $name = [System.IO.Path]::GetFileName($export)
            (Test-PhsStagingMode -Path "./$name").Fingerprint | Should -Be $expected
            (Test-PhsStagingMode -Path "./$($name.Substring(0, 8))*").Fingerprint | Should -Be $expected
            (Test-PhsStagingMode -Path "TestDrive:/$name").Fingerprint | Should -Be $expected
            (Get-Item -LiteralPath "./$name" | Test-PhsStagingMode).Fingerprint | Should -Be $expected
            (Test-PhsStagingMode -Path "Microsoft.PowerShell.Core\FileSystem::$export").Fingerprint | Should -Be $expected
        } finally {
            Pop-Location
        }
    }

    It 'with brackets are taken as they stand by -LiteralPath' {
        $to = [System.IO.Path]::Combine($TestDrive, 'server [1]')
        Copy-Item -LiteralPath $script:Fabrikam -Destination $to -Recurse
        @(Test-PhsStagingMode -LiteralPath $to).Count | Should -Be 2
        { Test-PhsStagingMode -Path $to } | Should -Throw -ErrorId 'Phs.Path.NotFound,Test-PhsStagingMode'
    }

    It 'that match several folders or none, or are no file, are refused' {
        $null = Copy-Export
        $null = Copy-Export
        { Test-PhsStagingMode -Path "$TestDrive/*-*-*" } | Should -Throw -ErrorId 'Phs.Path.Ambiguous,Test-PhsStagingMode'
        { Test-PhsStagingMode -Path "$TestDrive/nothing*" } | Should -Throw -ErrorId 'Phs.Path.NotFound,Test-PhsStagingMode'
        { Test-PhsStagingMode -Path 'Variable:PSHOME' } | Should -Throw -ErrorId 'Phs.Path.NotFileSystem,Test-PhsStagingMode'
    }
}

Describe 'A broken export' {
    It 'that is not there, is empty, or is no export is a named error' -ForEach @(
        @{ Case = 'missing'; Id = 'Phs.Export.NotFound' }
        @{ Case = 'empty'; Id = 'Phs.Export.Empty' }
        @{ Case = 'other'; Id = 'Phs.Export.NotAnExport' }
    ) {
        $folder = [System.IO.Path]::Combine($TestDrive, $Case)
        if ($Case -ne 'missing') { $null = New-Item -ItemType Directory -Path $folder }
        if ($Case -eq 'other') { [System.IO.File]::WriteAllText("$folder/readme.txt", 'x') }
        $null = Invoke-PhsDiagnostics -Path $folder -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be $Id
        $problem[0].FullyQualifiedErrorId | Should -BeLike '*,Invoke-PhsDiagnostics'
        "$($problem[0].TargetObject)" | Should -BeLike "*$Case*"
        $problem[0].CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'stops at once with -ErrorAction Stop' {
        { Invoke-PhsDiagnostics -Path "$TestDrive/nowhere" -ErrorAction Stop } | Should -Throw -ErrorId 'Phs.Export.NotFound,Invoke-PhsDiagnostics'
    }

    It 'in one file is told by name, and the rest is judged' {
        $export = Copy-Export
        $file = (Get-ChildItem -LiteralPath "$export/Connectors" -Filter '*.xml' | Sort-Object Length)[0]
        $text = [System.IO.File]::ReadAllText($file.FullName)
        [System.IO.File]::WriteAllText($file.FullName, $text.Substring(0, [int] ($text.Length / 2)))
        $findings = @(Invoke-PhsDiagnostics -Path $export -ErrorAction SilentlyContinue -ErrorVariable problem)
        Get-ErrorId $problem[0] | Should -BeLike 'Phs.Export.*'
        "$($problem[0].TargetObject) $($problem[0].Exception.Message)" | Should -BeLike "*$($file.Name)*"
        ($findings | Where-Object CheckId -EQ 'PHS401').Outcome | Should -BeIn 'Passed', 'Warning'
    }

    It 'with entities that multiply is refused in no time' {
        $export = Copy-Export
        $entities = 1..20 | ForEach-Object { "<!ENTITY e$_ `"$("&e$($_ - 1);" * 10)`">" }
        [System.IO.File]::WriteAllText("$export/GlobalSettings/MV.xml", "<?xml version=`"1.0`"?><!DOCTYPE m [<!ENTITY e0 `"x`">$($entities -join '')]><m>&e20;</m>")
        $findings = @(Invoke-PhsDiagnostics -Path $export -ErrorAction SilentlyContinue -ErrorVariable problem)
        Get-ErrorId $problem[0] | Should -Be 'Phs.Export.Dtd'
        ($findings | Where-Object CheckId -EQ 'PHS401').Outcome | Should -Be 'Skipped'
    }
}

Describe 'Without anything to diagnose' {
    It 'the cmdlets say what to give' {
        $given = @(Invoke-PhsDiagnostics -ErrorAction SilentlyContinue -ErrorVariable problem)
        Get-ErrorId $problem[0] | Should -Be 'Phs.Request.NoSource'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Path*'
        $given.Count | Should -Be 0
    }
}

Describe 'Streams' {
    It 'findings come while later steps are still judged, and can be cut short' {
        (Invoke-PhsDiagnostics -Path $script:Fabrikam | Select-Object -First 1).CheckId | Should -BeLike 'PHS1*'
    }

    It 'an error of a later command in the pipeline stays that command''s' {
        { Invoke-PhsDiagnostics -Path $script:Fabrikam | ForEach-Object { throw 'theirs' } } | Should -Throw -ExpectedMessage 'theirs' -ErrorId 'theirs'
    }
}

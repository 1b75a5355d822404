# Where the module runs: remoting sessions, 32-bit and constrained hosts.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
    $findings = @(Invoke-PhsDiagnostics -Path $script:Fabrikam)
    # What arrives from Invoke-Command: copies that went through the serializer, evidence as text.
    $copies = @([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($findings)))
}

Describe 'Findings from a remoting session' {
    It 'keep every property' {
        $copies.Count | Should -Be $findings.Count
        $copies[0].PSObject.TypeNames[0] | Should -Be 'Deserialized.PhsDiagnostics.Finding'
        foreach ($name in 'CheckId', 'Outcome', 'Target', 'Message', 'Fingerprint') {
            @($copies.$name) | Should -Be @($findings.$name)
        }
    }

    It 'are shown in the table of findings' {
        $text = $copies | Out-String -Width 120
        $text.Length | Should -BeGreaterThan 500
        $text | Should -Be ($findings | Out-String -Width 120)
    }

    It 'are shown in the list of findings, with their evidence' {
        $text = $copies | Format-List | Out-String -Width 120
        foreach ($label in 'Why', 'Remediation', 'Evidence') { $text | Should -Match "(?m)^$label\s+: \S" }
        $text | Should -Match 'EnablePasswordSync|password-hash-sync'
    }

    It 'about ports are shown without their matrix, since the probes are text' {
        & (Get-Module PhsDiagnostics) { Import-PhsScript -Name View; Format-PhsPortRow -Evidence @('VM dc1 TCP 88 Kerberos Open') } | Should -Be ''
    }

    It 'are taken by Get-PhsCheck from the pipeline' {
        ($copies | Select-Object -First 1 | Get-PhsCheck).Id | Should -Be $findings[0].CheckId
    }
}

Describe 'A host that cannot run the library' {
    It 'that is 32-bit is told to start a 64-bit one' -Tag Smoke {
        $problem = InModuleScope PhsDiagnostics { try { Get-PhsLibraryPath -System Windows -Architecture X86 } catch { $_ } }
        "$problem" | Should -Match "'Windows X86'"
        # ISE comes in both kinds on 64-bit Windows; the name tells them apart.
        $problem.ErrorDetails.RecommendedAction | Should -Match '64-bit.*\(x86\)'
    }

    It 'in constrained language mode is told so by the first call, with a remedy' -Tag Smoke {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) {
                function script:Get-PhsLanguageMode { 'ConstrainedLanguage' }
            }
            try { Get-PhsCapability } catch { ConvertTo-Json -Compress @{ Message = "$_"; Action = "$($_.ErrorDetails.RecommendedAction)" } }
        }).Value
        $value.Message | Should -Match 'ConstrainedLanguage'
        $value.Action | Should -Not -BeNullOrEmpty
    }
}

Describe 'The logon of the user who is signed in' {
    It 'signs and seals on Windows only, and for a server that has a name' -Tag Smoke {
        $problem = @()
        $null = Test-PhsPermissions -Server 127.0.0.1 -Encryption SignAndSeal -ErrorAction SilentlyContinue -ErrorVariable problem
        $expected = if ($IsWindows) { 'Phs.Ldap.SignAndSealAddress' } else { 'Phs.Ldap.SignAndSealElsewhere' }
        Get-ErrorId $problem[0] | Should -Be $expected
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-PhsCapability | Where-Object Name -EQ 'SignAndSeal').Available | Should -Be ([bool] $IsWindows)
    }

    It 'is not used together with a credential' {
        $credential = [pscredential]::new('a', (ConvertTo-SecureString -String 'b' -AsPlainText -Force))
        $problem = @()
        $null = Test-PhsPermissions -Server dc1 -Credential $credential -Encryption SignAndSeal -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'Phs.Directory.SealedCredential'
    }
}

Describe 'A folder that Windows names in another way' {
    It 'is read by its <Name>' -ForEach @(
        @{ Name = 'extended path'; Form = { '\\?\' + $args[0] } }
        @{ Name = 'device path'; Form = { '\\.\' + $args[0] } }
    ) {
        if (-not $IsWindows) {
            Set-ItResult -Skipped -Because 'only Windows has such names'
            return
        }
        $path = & $Form $script:Fabrikam
        @(Invoke-PhsDiagnostics -LiteralPath $path -Step A2).Count | Should -BeGreaterThan 0
    }

    It 'on a share that is not there is named as it was given' {
        if (-not $IsWindows) {
            Set-ItResult -Skipped -Because 'only Windows has shares among its paths'
            return
        }
        $problem = @()
        $null = Invoke-PhsDiagnostics -LiteralPath '\\127.0.0.1\nothing\export' -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -BeGreaterThan 0
        "$($problem[0])" | Should -Match ([regex]::Escape('\\127.0.0.1\nothing\export'))
    }
}

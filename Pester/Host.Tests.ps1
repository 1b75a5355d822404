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
        & (Get-Module PhsDiagnostics) { Format-PhsPortRow -Evidence @('VM dc1 TCP 88 Kerberos Open') } | Should -Be ''
    }

    It 'are taken by Get-PhsCheck from the pipeline' {
        ($copies | Select-Object -First 1 | Get-PhsCheck).Id | Should -Be $findings[0].CheckId
    }
}

Describe 'A host that cannot run the library' {
    It 'that is 32-bit is told to start a 64-bit one' -Tag Smoke {
        $problem = InModuleScope PhsDiagnostics { try { Get-PhsLibraryPath -System Windows -Architecture X86 } catch { $_ } }
        "$problem" | Should -Match "'Windows X86'"
        $problem.ErrorDetails.RecommendedAction | Should -Match '64-bit'
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

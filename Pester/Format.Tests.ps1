# What a person sees.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
    $findings = @(Invoke-PhsDiagnostics -Path $script:Fabrikam)
    $failed = @($findings | Where-Object Outcome -EQ 'Failed')[0]

    # A text as one line of words, however it was broken.
    function Join-Word {
        param([string] $Text)
        ($Text -replace '\s+', ' ').Trim()
    }
}

Describe 'Findings as a table' {
    BeforeAll {
        $text = $findings | Out-String -Width 120
    }

    It 'stand in groups, each with its step and the step''s title, in the order of the guide' -Tag Smoke {
        $headings = [regex]::Matches($text, '(?m)^(A\d|B\d|Service|Tool)  \w.*$') | ForEach-Object { $_.Groups[1].Value }
        $headings | Should -Be @($findings.Step | Select-Object -Unique)
    }

    It 'show outcome, check, target, message and the first remedy of a fault' -Tag Smoke {
        $one = Join-Word ($failed | Out-String -Width 120)
        $one | Should -BeLike "*Failed $($failed.CheckId) *"
        $one.Contains((Join-Word $failed.Remediation[0])) | Should -BeTrue
        $one | Should -BeLike '*-> *'
    }

    It 'show why a check was skipped' {
        $skipped = @($findings | Where-Object Outcome -EQ 'Skipped')[0]
        Join-Word ($skipped | Out-String -Width 120) | Should -BeLike "*($($skipped.SkipReason))*"
    }

    It 'fit into the width of the host, words unbroken' {
        foreach ($line in $text -split '\r?\n') { $line.Length | Should -BeLessOrEqual 120 }
        InModuleScope PhsDiagnostics {
            $lines = @(Split-PhsText -Text 'Passwords have rules on both sides' -Width 20)
            $lines | Should -Be 'Passwords have rules', 'on both sides'
            Split-PhsText -Text ('x' * 40) -Width 20 | Should -Be ('x' * 40)
            Split-PhsText -Text '' -Width 20 | Should -Be ''
            @(Split-PhsText -Text "one`ntwo" -Width 20) | Should -Be 'one', 'two'
        }
    }

    It 'carry colour where the host has it, and only there' {
        InModuleScope PhsDiagnostics -Parameters @{ failed = $failed } {
            param($failed)
            Format-PhsOutcome $failed | Should -BeLike "$([char] 27)*Failed*$([char] 27)*"
            Mock -CommandName Get-Variable -MockWith { $null }
            Format-PhsOutcome $failed | Should -Be 'Failed'
        }
    }

    It 'are marked where suppressed, without a remedy' {
        $found = Invoke-PhsDiagnostics -Path $script:Fabrikam -Step $failed.Step -Suppress $failed.Fingerprint | Where-Object Suppressed
        $shown = Join-Word ($found | Out-String -Width 120)
        $shown | Should -BeLike '*(suppressed)*'
        $shown | Should -Not -BeLike '*-> *'
    }
}

Describe 'A finding as a list' {
    It 'says what, why, every remedy, the evidence and the pages' -Tag Smoke {
        $shown = Join-Word ($failed | Format-List | Out-String -Width 200)
        foreach ($part in @($failed.Message, $failed.Why) + $failed.Remediation + $failed.Evidence[0].Attribute + $failed.Fingerprint) {
            $shown.Contains((Join-Word $part)) | Should -BeTrue -Because $part
        }
    }

    It 'has no line for what is empty' {
        $passed = @($findings | Where-Object Outcome -EQ 'Passed')[0]
        $shown = $passed | Format-List | Out-String
        $shown | Should -Not -Match '(?m)^(SkipReason|Why|Remediation|Suppressed)\s+:'
    }
}

Describe 'Objects' {
    It 'stay raw: no view leaks into properties or JSON' {
        $json = $failed | ConvertTo-Json -Depth 5
        $json | Should -Not -BeLike "*$([char] 27)*"
        ($json | ConvertFrom-Json).CheckId | Should -Be $failed.CheckId
        $failed.PSObject.Properties.Name | Should -Be 'CheckId', 'Name', 'Step', 'Outcome', 'SkipReason', 'Severity', 'Target', 'Message', 'Why',
        'Remediation', 'Evidence', 'Links', 'Fingerprint', 'Suppressed', 'ObservedAt'
    }

    It 'look the same after a way through serialization' {
        $file = [System.IO.Path]::Combine($TestDrive, 'findings.xml')
        $failed | Export-Clixml -LiteralPath $file -Depth 4
        $back = Import-Clixml -LiteralPath $file
        Join-Word ($back | Out-String -Width 120) | Should -Be (Join-Word ($failed | Out-String -Width 120))
    }

    It 'are shown in full words: checks, accounts, capabilities' {
        $check = Get-PhsCheck -Id PHS101
        Join-Word ($check | Format-List | Out-String -Width 200) | Should -BeLike "*$(Join-Word $check.Explanation)*"
        Join-Word (Get-PhsCapability | Out-String -Width 200) | Should -BeLike '*LdapOverTls*True*'
        Join-Word (Get-PhsConnectorAccount -Path $script:Fabrikam | Out-String -Width 200) | Should -BeLike '*MSOL_*'
    }
}

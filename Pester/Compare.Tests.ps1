# What differs between two exports, through the module.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $noContoso = -not (Test-Path -LiteralPath $script:Contoso)
    if ($noContoso) {
        Write-Warning "LEFT OUT: comparing the Contoso export: '$script:Contoso' is not there."
    }
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force

    function Copy-Folder {
        param([string] $From)
        $to = [System.IO.Path]::Combine($TestDrive, [System.Guid]::NewGuid().ToString())
        Copy-Item -LiteralPath $From -Destination $to -Recurse
        $to
    }

    # Replaces a text that stands once in a file of an export.
    function Edit-Export {
        param([string] $Export, [string] $File, [string] $From, [string] $To)
        $path = @(Get-ChildItem -LiteralPath $Export -Recurse -File | Where-Object Name -Like $File)
        $path.Count | Should -Be 1
        $text = [System.IO.File]::ReadAllText($path[0].FullName)
        $text.Contains($From) | Should -BeTrue -Because $From
        [System.IO.File]::WriteAllText($path[0].FullName, $text.Replace($From, $To))
    }
}

Describe 'The Contoso export' -Skip:$noContoso {
    It 'has no difference to itself' -Tag Smoke {
        Compare-PhsEvidence $script:Contoso $script:Contoso -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'tells one edit: <Name>' -Tag Smoke -ForEach @(
        @{
            Name = 'the channel'; File = 'Connector_{ae4db4cc*'; From = '<enabled>0</enabled>'; To = '<enabled>1</enabled>'
            Check = 'PHS201'; Said = 'Password hash sync for connector contoso.com is off in the reference and on in the difference.'
        }
        @{
            Name = 'a partition'; File = 'Connector_{ae4db4cc*'; From = '<selected>1</selected>'; To = '<selected>0</selected>'
            Check = 'PHS501'; Said = 'Partition DC=contoso,DC=com is selected in the reference and not in the difference.'
        }
        @{
            Name = 'an organizational unit'; File = 'Connector_{ae4db4cc*'; From = '<inclusion>OU=CORP,DC=contoso,DC=com</inclusion>'; To = ''
            Check = 'PHS501'; Said = 'Container OU=CORP,DC=contoso,DC=com of partition DC=contoso,DC=com is included in the reference only.'
        }
    ) {
        $other = Copy-Folder $script:Contoso
        Edit-Export $other $File $From $To
        $found = @(Compare-PhsEvidence $script:Contoso $other)
        $found.Count | Should -Be 1
        $found[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.Difference'
        $found[0].CheckId | Should -Be $Check
        $found[0].Message | Should -Be $Said
    }
}

Describe 'Compare-PhsEvidence' {
    BeforeAll {
        $found = @(Compare-PhsEvidence -ReferenceEvidence $script:Healthy -DifferenceEvidence $script:Fabrikam)
    }

    It 'tells every planted fault of the sample, what matters most first' -Tag Smoke {
        $found.CheckId | Should -Contain 'PHS204'
        $found.CheckId | Should -Contain 'PHS205'
        $found.CheckId | Should -Contain 'PHS401'
        $found.CheckId | Should -Contain 'PHS402'
        $order = 'Critical', 'Error', 'Warning', 'Information'
        $ranks = $found.Severity | ForEach-Object { [array]::IndexOf($order, $_) }
        $ranks | Should -Be @($ranks | Sort-Object)
        ($found | Where-Object Kind -EQ 'Added').Target | Should -Contain 'tailspintoys.com'
    }

    It 'turns around with its sides' {
        $back = @(Compare-PhsEvidence $script:Fabrikam $script:Healthy)
        $back.Count | Should -Be $found.Count
        ($back | Where-Object Kind -EQ 'Removed').Target | Should -Contain 'tailspintoys.com'
    }

    It 'has words, both values and the files' {
        foreach ($one in $found) {
            $one.Message | Should -Not -BeNullOrEmpty
            $one.Area | Should -BeIn 'Evidence', 'Server', 'Connector', 'Partition', 'RunProfile', 'Rule', 'Directory', 'Cloud', 'Outcome'
            $one.Kind | Should -BeIn 'Added', 'Removed', 'Changed', 'NotComparable'
        }
        $one = $found | Where-Object Property -EQ 'disabled'
        $one.Before, $one.After | Should -Be 'false', 'true'
        $one.ReferenceSource | Should -BeLike 'SynchronizationRules/*.xml'
        $one.Why | Should -Not -BeNullOrEmpty
    }

    It 'takes the other side from the pipeline, as text or as a folder' {
        $texts = @($script:Fabrikam, $script:Healthy | Compare-PhsEvidence $script:Healthy)
        $texts.Count | Should -Be $found.Count
        $folder = @(Get-Item -LiteralPath $script:Fabrikam | Compare-PhsEvidence $script:Healthy)
        $folder.Message | Should -Be $found.Message
    }

    It 'says on the verbose stream what was compared and what neither side holds' {
        $text = Compare-PhsEvidence $script:Healthy $script:Healthy -Verbose 4>&1 | Out-String
        $text | Should -BeLike '*Compared: server configuration. Held by neither side: *directory*'
    }

    It 'names the side that is not there' {
        $given = Compare-PhsEvidence $script:Healthy ([System.IO.Path]::Combine($TestDrive, 'gone')) -ErrorAction SilentlyContinue -ErrorVariable problem
        $given | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'Phs.Export.NotFound'
        $problem[0].TargetObject | Should -BeLike '*gone'
    }

    It 'never takes for the same what could not be read' {
        $other = Copy-Folder $script:Healthy
        $file = @(Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($other, 'SynchronizationRules')))[0]
        [System.IO.File]::WriteAllText($file.FullName, '<synchronizationRule>')
        $one = @(Compare-PhsEvidence $script:Healthy $other -ErrorAction SilentlyContinue)
        $one.Kind | Select-Object -Unique | Should -Be 'NotComparable'
    }
}

Describe 'Differences' {
    BeforeAll {
        $found = @(Compare-PhsEvidence $script:Healthy $script:Fabrikam)
    }

    It 'fit into the width of the host as a table' {
        foreach ($line in ($found | Out-String -Width 120) -split '\r?\n') { $line.Length | Should -BeLessOrEqual 120 }
    }

    It 'show everything as a list, and no line for what is empty' {
        $one = $found | Where-Object Property -EQ 'disabled'
        $shown = ($one | Format-List | Out-String -Width 200) -replace '\s+', ' '
        foreach ($part in $one.Message, $one.Why, $one.ReferenceSource, $one.CheckId) {
            $shown.Contains($part) | Should -BeTrue -Because $part
        }
        $added = $found | Where-Object Property -EQ 'connector'
        $added | Format-List | Out-String | Should -Not -Match '(?m)^(Before|Reference)\s+:'
    }

    It 'look the same after a way through serialization' {
        $file = [System.IO.Path]::Combine($TestDrive, 'differences.xml')
        $found | Export-Clixml -LiteralPath $file
        Import-Clixml -LiteralPath $file | Out-String -Width 120 | Should -Be ($found | Out-String -Width 120)
    }
}

Describe 'Other inputs of -Path' {
    BeforeAll {
        $fixtures = [System.IO.Path]::Combine($script:Root, 'tests', 'fixtures')
        $policy = [System.IO.Path]::Combine($fixtures, 'policy', 'Applied-SynchronizationPolicy-20261001-080000.JSON')
        $bundle = [System.IO.Path]::Combine($fixtures, 'bundle')
    }

    It 'a policy file is read, and said to be stale at once and in a finding' {
        $findings = Invoke-PhsDiagnostics -Path $policy -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike '*may be stale*'
        $one = $findings | Where-Object Outcome -EQ 'Warning'
        $one.CheckId | Should -Be 'PHS901'
        $one.Message | Should -BeLike '*may be stale*'
        $one.Remediation | Should -Not -BeNullOrEmpty
        $findings.Outcome | Should -Not -Contain 'Failed'
        ($findings | Where-Object Step -EQ 'A2').Outcome | Should -Not -Contain 'Passed'
    }

    It 'a policy file never makes -Quiet true' {
        Invoke-PhsDiagnostics -Path $policy -Step A2, A4 -Quiet -WarningAction SilentlyContinue | Should -BeFalse
    }

    It 'a support bundle is judged by its export and by what its text files tell' {
        $found = Test-PhsStagingMode -Path $bundle | Where-Object CheckId -EQ 'PHS401'
        $found.Outcome | Should -Be 'Warning'
        $difference = @(Compare-PhsEvidence $script:Healthy $bundle)
        ($difference | Where-Object Area -EQ 'Server').CheckId | Should -Be 'PHS401'
    }

    It 'a file that is no policy is an error that names it' {
        $file = [System.IO.Path]::Combine($TestDrive, 'some.json')
        [System.IO.File]::WriteAllText($file, '{"a": 1}')
        $null = Test-PhsStagingMode -Path $file -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'Phs.Policy.NotAPolicy'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*Applied-SynchronizationPolicy*'
    }
}

Describe 'Evidence files' {
    It 'are compared by path and as Import-PhsEvidence gives them, with each other and with an export' {
        $file = [System.IO.Path]::Combine($TestDrive, 'server.phs')
        $null = Export-PhsEvidence -Path $file -ConfigurationPath $script:Healthy
        Compare-PhsEvidence $file $file | Should -BeNullOrEmpty
        $byPath = @(Compare-PhsEvidence $file $script:Fabrikam)
        $byPath.CheckId | Should -Contain 'PHS204'
        $byObject = @(Import-PhsEvidence $file | ForEach-Object { Compare-PhsEvidence $_ $script:Fabrikam })
        $byObject.Message | Should -Be $byPath.Message
    }
}

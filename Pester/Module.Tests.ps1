# What the module shows to the outside: its manifest, exports, help and types.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $commands = (Import-PowerShellDataFile -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, 'PhsDiagnostics.psd1'))).FunctionsToExport |
        ForEach-Object { @{ Command = $_ } }
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
}

Describe 'Manifest' {
    BeforeAll {
        $manifest = Test-ModuleManifest -Path ([System.IO.Path]::Combine($script:ModulePath, 'PhsDiagnostics.psd1'))
    }

    It 'is valid and complete' -Tag Smoke {
        $manifest.Version.ToString() | Should -Be '0.1.0'
        $manifest.PowerShellVersion.ToString() | Should -Be '5.1'
        $manifest.CompatiblePSEditions | Should -Be 'Desktop', 'Core'
        $manifest.LicenseUri | Should -Not -BeNullOrEmpty
        $manifest.ProjectUri | Should -Not -BeNullOrEmpty
        $manifest.Tags | Should -Contain 'PSEdition_Desktop'
    }

    It 'has the version of the native library' {
        $cargo = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:Root, 'Cargo.toml'))
        $cargo -match '(?m)^version = "(.+)"' | Should -BeTrue
        $manifest.Version.ToString() | Should -Be $Matches[1]
    }

    It 'exports exactly the scripts of Public, no variable, and the one alias' -Tag Smoke {
        $module = Get-Module -Name PhsDiagnostics
        $files = Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, 'Public')) | ForEach-Object BaseName
        $module.ExportedFunctions.Keys | Sort-Object | Should -Be @($files | Sort-Object)
        $module.ExportedVariables.Count | Should -Be 0
        $module.ExportedCmdlets.Count | Should -Be 0
        @($module.ExportedAliases.Keys) | Should -Be 'Test-PhsPermission'
        (Get-Alias -Name Test-PhsPermission).Definition | Should -Be 'Test-PhsPermissions'
    }

    It 'is one script and one file of views, with what an import can do without beside them' {
        # Each KiB takes a third of a millisecond of the 40 that an import may take, and the views take 10 of them. What is no cmdlet
        # and not needed by most is deferred.
        (Get-Item -LiteralPath ([System.IO.Path]::Combine($script:ModulePath, 'PhsDiagnostics.psm1'))).Length | Should -BeLessOrEqual 80kb
        $files = Get-ChildItem -LiteralPath $script:ModulePath -Recurse -Include '*.psm1', '*.ps1', '*.ps1xml'
        $files.Name | Sort-Object | Should -Be 'Binding.ps1', 'Collect.ps1', 'PhsDiagnostics.format.ps1xml', 'PhsDiagnostics.psm1', 'View.ps1'
    }

    It 'knows the ABI version of the header' {
        $header = [System.IO.Path]::Combine($script:Root, 'native', 'phs-ffi', 'include', 'phs.h')
        [System.IO.File]::ReadAllText($header) -match '#define PHS_ABI_VERSION (\d+)' | Should -BeTrue
        & (Get-Module -Name PhsDiagnostics) { $script:AbiVersion } | Should -Be ([int] $Matches[1])
    }
}

Describe '<Command>' -ForEach $commands {
    BeforeAll {
        $info = Get-Command -Name $Command -Module PhsDiagnostics
        $help = Get-Help -Name $Command -Full
    }

    It 'has help: synopsis, description, two examples' {
        $help.Synopsis.Length | Should -BeGreaterThan 20
        $help.Synopsis | Should -Not -BeLike "*$Command*"
        ($help.Description.Text -join ' ').Length | Should -BeGreaterThan 60
        @($help.Examples.Example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.Examples.Example) {
            $example.Code | Should -Match 'Phs'
            ($example.Remarks.Text -join '').Trim().Length | Should -BeGreaterThan 10
        }
    }

    It 'describes each parameter, and none that is not there' {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $own = $info.Parameters.Keys | Where-Object { $_ -notin $common }
        foreach ($name in $own) {
            $text = $help.parameters.parameter | Where-Object name -EQ $name
            ($text.description.Text -join ' ').Length | Should -BeGreaterThan 20 -Because "-$name"
        }
        $source = [System.IO.Path]::Combine($script:Root, 'PSModule', 'PhsDiagnostics', 'Public', "$Command.ps1")
        $ast = [System.Management.Automation.Language.Parser]::ParseFile($source, [ref] $null, [ref] $null)
        $function = $ast.Find({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)
        $comment = $function.GetHelpContent()
        $comment | Should -Not -BeNullOrEmpty
        $comment.Parameters.Keys | Where-Object { $_ -notin ($own | ForEach-Object ToUpperInvariant) } | Should -BeNullOrEmpty
    }

    It 'says what it gives' {
        $info.OutputType.Count | Should -BeGreaterOrEqual 1
        $info.OutputType[0].Name | Should -Match '^PhsDiagnostics\.\w+$'
    }

    It 'parses in its examples' {
        foreach ($example in $help.Examples.Example) {
            $mistakes = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($example.Code, [ref] $null, [ref] $mistakes)
            $mistakes | Should -BeNullOrEmpty
            foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $name = $call.GetCommandName()
                if ($name -notlike '*-Phs*') { continue }
                $known = (Get-Command -Name $name).Parameters
                $names = @($known.Keys) + @($known.Values.Aliases)
                foreach ($element in $call.CommandElements) {
                    if ($element -is [System.Management.Automation.Language.CommandParameterAst]) {
                        $element.ParameterName | Should -BeIn $names
                    }
                }
            }
        }
    }
}

Describe 'Parameters' {
    It 'take -Server under its usual other names' {
        foreach ($command in 'Test-PhsPermissions', 'Invoke-PhsDiagnostics', 'Get-PhsConnectorAccount') {
            (Get-Command -Name $command).Parameters['Server'].Aliases | Should -Be 'DomainController', 'DC', 'ComputerName'
        }
    }

    It 'know the steps of the catalogue' {
        $steps = (Get-PhsCheck).Step | Select-Object -Unique
        foreach ($command in 'Get-PhsCheck', 'Invoke-PhsDiagnostics') {
            $set = (Get-Command -Name $command).Parameters['Step'].Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
            $set.ValidValues | Should -Be $steps
        }
    }

    It 'complete ids' {
        $line = 'Get-PhsCheck -Id PHS10'
        $found = (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
        $found.CompletionText | Should -Contain 'PHS101'
        $line = 'Get-PhsCheck -Id stag'
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain 'PHS401'
    }
}

Describe 'Get-PhsCheck' {
    It 'lists every check once, in order, with words' -Tag Smoke {
        $checks = Get-PhsCheck
        $checks.Count | Should -BeGreaterThan 40
        ($checks.Id | Select-Object -Unique).Count | Should -Be $checks.Count
        $checks.Id | Should -Contain 'PHS101'
        foreach ($check in $checks) {
            $check.PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.Check'
            $check.Title | Should -Not -BeNullOrEmpty
            $check.Explanation | Should -Not -BeNullOrEmpty
            $check.Status | Should -BeIn 'Stable', 'Planned'
        }
    }

    It 'finds by id, name, wildcard and step, whatever the case, each check once' {
        (Get-PhsCheck -Id phs101).Id | Should -Be 'PHS101'
        (Get-PhsCheck -Id Replication-Rights).Id | Should -Be 'PHS101'
        (Get-PhsCheck -Id 'PHS10?', 'PHS101').Id | Should -Be 'PHS101', 'PHS102', 'PHS103', 'PHS104', 'PHS105'
        (Get-PhsCheck -Step a4).Id | Should -Be 'PHS401', 'PHS402'
        (Get-PhsCheck -Id PHS1* -Step A4) | Should -BeNullOrEmpty
    }

    It 'takes findings from the pipeline' {
        ([pscustomobject]@{ CheckId = 'PHS401' }, [pscustomobject]@{ CheckId = 'PHS402' } | Get-PhsCheck).Id | Should -Be 'PHS401', 'PHS402'
    }

    It 'says that an id does not exist' {
        $given = Get-PhsCheck -Id PHS999, PHS101 -ErrorAction SilentlyContinue -ErrorVariable problem
        $given.Id | Should -Be 'PHS101'
        Get-ErrorId $problem[0] | Should -Be 'Phs.Check.NotFound'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject | Should -Be 'PHS999'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'opens the first page with -Online' {
        Mock -ModuleName PhsDiagnostics -CommandName Start-Process
        Get-PhsCheck -Id PHS101 -Online | Should -BeNullOrEmpty
        Should -Invoke -ModuleName PhsDiagnostics -CommandName Start-Process -Times 1 -Exactly -ParameterFilter { $FilePath -like 'https://learn.microsoft.com/*' }
    }

    It 'says that a check has no page' {
        Mock -ModuleName PhsDiagnostics -CommandName Start-Process
        Get-PhsCheck -Id PHS901 -Online -ErrorAction SilentlyContinue -ErrorVariable problem
        Get-ErrorId $problem[0] | Should -Be 'Phs.Check.NoLink'
        Should -Invoke -ModuleName PhsDiagnostics -CommandName Start-Process -Times 0 -Exactly
    }
}

Describe 'Strings' {
    It 'are all there, and none is left over' {
        $strings = Import-PowerShellDataFile -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, 'en-US', 'Strings.psd1'))
        $text = Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Filter '*.ps1' | ForEach-Object { [System.IO.File]::ReadAllText($_.FullName) }
        $used = [regex]::Matches($text -join "`n", 'Get-PhsString (\w+)') | ForEach-Object { $_.Groups[1].Value } | Select-Object -Unique
        $steps = (Get-PhsCheck).Step | Select-Object -Unique | ForEach-Object { "Step$_" }
        $strings.Keys | Sort-Object | Should -Be @($used + $steps | Sort-Object)
    }

    It 'stand in the language <_> too, by falling back' -ForEach 'de-DE', 'nb-NO', 'nn-NO', '' {
        $result = Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Culture = $_ } -Script {
            param($Module, $Culture)
            [System.Threading.Thread]::CurrentThread.CurrentUICulture = [System.Globalization.CultureInfo]::GetCultureInfo($Culture)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) { Get-PhsString StepA1 } | ConvertTo-Json
        }
        $result.Value | Should -Not -BeNullOrEmpty
    }
}

Describe 'The page of the guide' {
    It 'lists every check at its step, and only checks that exist' {
        $rows = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($script:Root, 'docs', 'guide.md')) | Where-Object { $_ -match '^\| (A\d|B\d|Service|Tool) \|' }
        $steps = Get-PhsCheck | Group-Object -Property Step
        $rows.Count | Should -Be $steps.Count
        foreach ($step in $steps) {
            $row = @($rows | Where-Object { $_ -like "| $($step.Name) |*" })
            [regex]::Matches($row[0], 'PHS\d{3}').Value | Should -Be $step.Group.Id
        }
    }

    It 'names every cmdlet that judges, and no other' {
        $text = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:Root, 'docs', 'guide.md'))
        $named = [regex]::Matches($text, '\b[A-Z][a-z]+-Phs\w+').Value | Select-Object -Unique
        $exported = (Get-Module -Name PhsDiagnostics).ExportedFunctions.Keys
        $named | Where-Object { $_ -notin $exported } | Should -BeNullOrEmpty
        $exported | Where-Object { $_ -like 'Test-*' -and $_ -notin $named } | Should -BeNullOrEmpty
    }
}

Describe 'The changelog' {
    It 'has a section for the version of the module' {
        $text = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:Root, 'CHANGELOG.md'))
        $text | Should -Match "(?m)^## $([regex]::Escape((Get-Module -Name PhsDiagnostics).Version)) "
    }
}

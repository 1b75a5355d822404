# Rules for the scripts themselves: what Windows PowerShell 5.1 can run, and what a reader expects.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $moduleScripts = Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Include '*.ps1', '*.psm1', '*.psd1' |
        ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } }
    $everyScript = @('PSModule', 'Pester', 'build') | ForEach-Object {
        Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:Root, $_)) -Recurse -Include '*.ps1', '*.psm1', '*.psd1', '*.ps1xml'
    } | ForEach-Object { @{ Name = [System.IO.Path]::GetRelativePath($script:Root, $_.FullName); Path = $_.FullName } }
    $everyScript += @{ Name = 'build.ps1'; Path = [System.IO.Path]::Combine($script:Root, 'build.ps1') }

    $planted = @(
        @{ Text = '$a ?? 1'; Rule = 'new syntax' }
        @{ Text = '$a ??= 1'; Rule = 'new syntax' }
        @{ Text = '${a}?.Length'; Rule = 'new syntax' }
        @{ Text = '${a}?[0]'; Rule = 'new syntax' }
        @{ Text = '$b = $a ? 1 : 2'; Rule = 'new syntax' }
        @{ Text = 'Get-Item . && Get-Item .'; Rule = 'new syntax' }
        @{ Text = 'Get-Item . || Get-Item .'; Rule = 'new syntax' }
        @{ Text = 'function f { process { 1 } clean { 2 } }'; Rule = 'new syntax' }
        @{ Text = 'Get-Item . &'; Rule = 'new syntax' }
        @{ Text = 'if ($IsWindows) { 1 }'; Rule = 'new variable' }
        @{ Text = '$PSStyle.Reset'; Rule = 'new variable' }
        @{ Text = '1 | ForEach-Object -Parallel { 1 }'; Rule = 'new parameter' }
        @{ Text = 'ConvertFrom-Json -InputObject $a -AsHashtable'; Rule = 'new parameter' }
        @{ Text = 'ConvertFrom-Json -InputObject $a -Depth 4'; Rule = 'new parameter' }
        @{ Text = 'Test-Json -Json $a'; Rule = 'new cmdlet' }
        @{ Text = '$a | Join-String -Separator ","'; Rule = 'new cmdlet' }
        @{ Text = '[System.Convert]::ToHexString($a)'; Rule = 'new member' }
        @{ Text = '[System.IO.Path]::GetRelativePath($a, $b)'; Rule = 'new member' }
        @{ Text = '[System.Text.Json.JsonSerializer]::Serialize($a)'; Rule = 'new type' }
        @{ Text = '[System.Runtime.InteropServices.RuntimeInformation]::OSDescription'; Rule = 'new type' }
        @{ Text = 'Write-Host 1'; Rule = 'banned' }
        @{ Text = 'Invoke-Expression $a'; Rule = 'banned' }
        @{ Text = 'Add-Type -TypeDefinition $a'; Rule = 'banned' }
        @{ Text = 'exit 1'; Rule = 'banned' }
        @{ Text = '$a | ? { $_ }'; Rule = 'alias' }
        @{ Text = 'gci .'; Rule = 'alias' }
        @{ Text = '[System.Runtime.InteropServices.Marshal]::AllocHGlobal(1)'; Rule = 'binding word' }
        @{ Text = 'if ('; Rule = 'syntax' }
    )
    $plantedBytes = @(
        @{ Bytes = [byte[]] (0xC3, 0xA5, 0x0A); Rule = 'encoding' }
        @{ Bytes = [byte[]] (0xEF, 0xBB, 0xBF, 0x61, 0x0A); Rule = 'encoding' }
        @{ Bytes = [byte[]] (0x61, 0x0D, 0x0A); Rule = 'lines' }
        @{ Bytes = [byte[]] (0x61, 0x20, 0x0A); Rule = 'lines' }
        @{ Bytes = [byte[]] (0x09, 0x61, 0x0A); Rule = 'lines' }
        @{ Bytes = [byte[]] (, 0x61); Rule = 'lines' }
        @{ Bytes = [byte[]] (, 0x0A * 501); Rule = 'size' }
    )
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Rules.ps1'))
}

Describe 'Rules for scripts' {
    It 'finds a planted "<Rule>" in: <Text>' -ForEach $planted {
        Find-ModuleScriptProblem -Name 'Planted.ps1' -Text $Text | Should -BeLike "${Rule}: *"
    }

    It 'finds planted bytes against the rule "<Rule>"' -ForEach $plantedBytes {
        Find-FileProblem -Bytes $Bytes | Should -BeLike "${Rule}: *"
    }

    It 'finds nothing in a plain script' {
        Find-ModuleScriptProblem -Name 'Plain.ps1' -Text "if (`$a) {`n    Get-Item -Path .`n}`n" | Should -BeNullOrEmpty
        Find-FileProblem -Bytes ([System.Text.Encoding]::UTF8.GetBytes("a`n")) | Should -BeNullOrEmpty
    }
}

Describe 'Scripts of the module' {
    It '<Name> runs on Windows PowerShell 5.1 and uses nothing banned' -ForEach $moduleScripts -Tag Smoke {
        Find-ModuleScriptProblem -Name $Name -Text ([System.IO.File]::ReadAllText($Path)) | Should -BeNullOrEmpty
    }

    It 'hold one public function each, named as the file' {
        foreach ($file in Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, 'Public'))) {
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
            $functions = @($ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false))
            $functions.Name | Should -Be $file.BaseName
        }
    }

    It 'name functions with approved verbs and the prefix' {
        $verbs = (Get-Verb).Verb
        foreach ($file in Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Filter '*.ps1') {
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
            foreach ($function in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
                $name = $function.Name -replace '^script:', ''
                $name | Should -Match '^[A-Z]\w+-Phs\w+$'
                @($name -split '-')[0] | Should -BeIn $verbs
            }
        }
    }

    It 'take no password in plain text' {
        foreach ($file in Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Filter '*.ps1') {
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
            foreach ($parameter in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.ParameterAst] }, $true)) {
                if ($parameter.Name.VariablePath.UserPath -match 'password|secret|passphrase') {
                    $parameter.StaticType | Should -BeIn ([securestring], [object]) -Because "$($file.Name) $($parameter.Name)"
                }
            }
        }
    }
}

Describe 'Every script' {
    It '<Name> is clean text' -ForEach $everyScript {
        Find-FileProblem -Bytes ([System.IO.File]::ReadAllBytes($Path)) | Should -BeNullOrEmpty
    }
}

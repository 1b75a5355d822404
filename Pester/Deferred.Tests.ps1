# What an import leaves out, and that its first use brings it.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    $deferred = Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:ModulePath, 'Private')) -Filter '*.ps1' -File |
        ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } }
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))

    # The functions of a script by name, without the scope that a deferred one names.
    function Get-ScriptFunction {
        param([Parameter(Mandatory)] [string] $Path)

        $functions = @{}
        $ast = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $null)
        foreach ($function in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)) {
            $functions[($function.Name -replace '^script:', '')] = $function
        }
        $functions
    }

    # The scripts of the views, by place.
    function Get-ViewScript {
        param([Parameter(Mandatory)] [string] $Path)

        $scripts = @{}
        foreach ($node in ([xml] [System.IO.File]::ReadAllText($Path)).SelectNodes('//ScriptBlock')) {
            $scripts["view $($scripts.Count)"] = [System.Management.Automation.Language.Parser]::ParseInput($node.InnerText, [ref] $null, [ref] $null)
        }
        $scripts
    }

    # Calls of deferred functions in functions of the module that have not loaded them by then, as 'caller: callee'.
    function Find-UnloadedCall {
        param(
            [Parameter(Mandatory)] [hashtable] $Function,
            [Parameter(Mandatory)] [string] $Name,
            [Parameter(Mandatory)] [string[]] $Deferred
        )

        foreach ($caller in $Function.Keys) {
            $loaded = $false
            foreach ($call in $Function[$caller].FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $callee = $call.GetCommandName()
                if ($callee -eq 'Import-PhsScript' -and $call.Extent.Text -eq "Import-PhsScript -Name $Name") { $loaded = $true }
                if ($callee -in $Deferred -and -not $loaded) { "${caller}: $callee" }
            }
        }
    }
}

Describe 'An import' {
    It 'loads no deferred script, and a cmdlet that needs none loads none' -Tag Smoke {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Export = $script:Fabrikam } -Script {
            param($Module, $Export)
            Import-Module -Name $Module
            $seen = & (Get-Module -Name PhsDiagnostics) {
                @{ Loaded = $script:Imported.Count; Native = $null -ne $script:Native; Known = @(Get-Command -Name Get-PhsAdSync -ErrorAction Ignore).Count }
            }
            $null = Get-PhsCheck
            $null = Invoke-PhsDiagnostics -Path $Export
            $seen.After = & (Get-Module -Name PhsDiagnostics) { $script:Imported.Count }
            ConvertTo-Json -Compress $seen
        }).Value
        $value.Loaded | Should -Be 0
        $value.Native | Should -BeFalse
        $value.Known | Should -Be 0
        $value.After | Should -Be 0
    }
}

Describe 'A deferred script' {
    It '<Name> is loaded by its first use, once, as part of the module' -ForEach $deferred -Tag Smoke {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Name = $Name } -Script {
            param($Module, $Name)
            Import-Module -Name $Module
            # What needs it, and a function of it.
            $use, $function = switch ($Name) {
                # The log of this machine, which may not be there.
                'Collect' { { Test-PhsService -ErrorAction SilentlyContinue }, 'Get-PhsLiveLog' }
                'View' { { Get-PhsCheck | Out-String }, 'Format-PhsStep' }
            }
            $look = { param($Function) Get-Command -Name $Function -CommandType Function }
            $null = & $use
            $first = & (Get-Module -Name PhsDiagnostics) $look $function
            $loaded = @(& (Get-Module -Name PhsDiagnostics) { $script:Imported.Keys })
            $null = & $use
            $second = & (Get-Module -Name PhsDiagnostics) $look $function
            ConvertTo-Json -Compress @{
                Module = $first.Module.Name; File = $first.ScriptBlock.File; Loaded = $loaded
                # A script that is loaded again makes its functions anew.
                Same = [object]::ReferenceEquals($first.ScriptBlock, $second.ScriptBlock)
                Outside = @(Get-Command -Name $function -ErrorAction Ignore).Count
            }
        }).Value
        $value.Loaded | Should -Be $Name
        $value.Same | Should -BeTrue
        $value.Module | Should -Be 'PhsDiagnostics'
        $value.File | Should -Be $Path
        $value.Outside | Should -Be 0
    }

    It '<Name> holds functions and variables of the module alone, and runs nothing' -ForEach $deferred {
        $ast = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $null)
        foreach ($statement in $ast.EndBlock.Statements) {
            $statement.Extent.Text | Should -Match '^(function script:|\$script:\w+ = )'
        }
    }

    It '<Name> is loaded by each function outside of it that calls one of its own' -ForEach $deferred {
        $own = Get-ScriptFunction -Path $Path
        $others = Get-ScriptFunction -Path ([System.IO.Path]::Combine($script:ModulePath, 'PhsDiagnostics.psm1'))
        $others += Get-ViewScript -Path ([System.IO.Path]::Combine($script:ModulePath, 'PhsDiagnostics.format.ps1xml'))
        # Scripts that are deferred apart call each other as any other does.
        foreach ($file in Get-ChildItem -LiteralPath ([System.IO.Path]::GetDirectoryName($Path)) -Filter '*.ps1' -File | Where-Object FullName -NE $Path) {
            $others += Get-ScriptFunction -Path $file.FullName
        }
        $others.Keys | Where-Object { $own.ContainsKey($_) } | Should -BeNullOrEmpty
        Find-UnloadedCall -Function $others -Name $Name -Deferred @($own.Keys) | Should -BeNullOrEmpty
        # The same without the calls that load it: every caller is found.
        $callers = @($others.Keys | Where-Object { $others[$_].Extent.Text -match "Import-PhsScript -Name $Name" })
        $callers.Count | Should -BeGreaterThan 0
        foreach ($caller in $callers) {
            $text = $others[$caller].Extent.Text -replace 'Import-PhsScript -Name \w+', ''
            $bare = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $null)
            Find-UnloadedCall -Function @{ $caller = $bare } -Name $Name -Deferred @($own.Keys) | Should -Not -BeNullOrEmpty -Because $caller
        }
    }

    It 'that is not there is told with its file and a remedy: Phs.Module.LoadFailed' {
        $copy = [System.IO.Path]::Combine($TestDrive, 'PhsDiagnostics')
        $null = New-Item -ItemType Directory -Path $copy
        Get-ChildItem -LiteralPath $script:ModulePath | Where-Object Name -NotIn 'Private', 'native' | Copy-Item -Destination $copy -Recurse
        $value = (Invoke-Fresh -Parameter @{ Module = $copy } -Script {
            param($Module)
            Import-Module -Name $Module
            try { Test-PhsService } catch { $problem = $_ }
            ConvertTo-Json -Compress @{ Id = $problem.FullyQualifiedErrorId; Message = "$problem"; Action = "$($problem.ErrorDetails.RecommendedAction)" }
        }).Value
        $value.Id | Should -BeLike 'Phs.Module.LoadFailed*'
        $value.Message | Should -Match 'Collect\.ps1'
        $value.Action | Should -Not -BeNullOrEmpty
    }
}

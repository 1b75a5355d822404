# The guard of Windows PowerShell 5.1: it finds what is planted, and nothing in the module's scripts.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Desktop.ps1'))
    # The metadata reader is part of PowerShell 7; the reference assemblies lie beside a checkout.
    $missing = -not [System.IO.Directory]::Exists($script:DesktopFolder)
    if ($missing) {
        Write-Warning "NOT GUARDED: Windows PowerShell 5.1, since its reference assemblies are not in $script:DesktopFolder."
    }
    $scripts = Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Include '*.ps1', '*.psm1' |
        ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } }
    $planted = @(
        @{ Text = '[System.IO.Path]::GetRelativePath($a, $b)'; Rule = 'member' }
        @{ Text = '[System.IO.Path]::GetFullPath($a, $b)'; Rule = 'member' }
        @{ Text = '[System.IO.Path]::Join($a, $b)'; Rule = 'member' }
        @{ Text = '[System.Convert]::ToHexString($a)'; Rule = 'member' }
        @{ Text = '[System.Environment]::ProcessPath'; Rule = 'member' }
        @{ Text = '[System.Security.Cryptography.SHA256]::HashData($a)'; Rule = 'member' }
        @{ Text = '[System.Runtime.InteropServices.Marshal]::PtrToStringUTF8($a)'; Rule = 'member' }
        @{ Text = '[System.Array]::Fill($a, 1)'; Rule = 'member' }
        @{ Text = '[math]::Clamp(1, 2, 3)'; Rule = 'member' }
        @{ Text = '[string]::Concat(1, 2, 3, 4, 5).Contains("a", "Ordinal")'; Rule = 'member' }
        @{ Text = 'param([string] $Text) $Text.Replace("a", "b", "Ordinal")'; Rule = 'member' }
        @{ Text = 'param([string] $Text) $Text.ReplaceLineEndings()'; Rule = 'member' }
        @{ Text = 'param([System.Diagnostics.ProcessStartInfo] $Start) $Start.ArgumentList'; Rule = 'member' }
        @{ Text = 'param([System.Collections.Generic.Dictionary[string, string]] $Map) $Map.TryAdd("a", "b")'; Rule = 'member' }
        @{ Text = '$unknown.IsNoMemberOfAnything'; Rule = 'member' }
        @{ Text = '[System.HashCode]::new()'; Rule = 'type' }
        @{ Text = '[System.Text.Json.JsonSerializer]::Serialize($a)'; Rule = 'type' }
        @{ Text = '[semver] "1.2.3"'; Rule = 'type' }
        @{ Text = '[System.Collections.Immutable.ImmutableArray[string]]::Empty'; Rule = 'type' }
        @{ Text = '[System.Runtime.InteropServices.NativeLibrary]::Load($a)'; Rule = 'type' }
        @{ Text = 'param([ValidateNotNullOrWhiteSpace()] [string] $Name) $Name'; Rule = 'type' }
        @{ Text = 'if ($PSVersionTable.PSEdition -ne ''Core'') { [System.Half]::MaxValue }'; Rule = 'type' }
        @{ Text = 'Get-Uptime'; Rule = 'cmdlet' }
        @{ Text = 'Test-Connection -TargetName a'; Rule = 'cmdlet' }
        @{ Text = 'Get-Command -Name a -UseFuzzyMatching'; Rule = 'parameter' }
        @{ Text = '$a | Sort-Object -Top 3'; Rule = 'parameter' }
        @{ Text = '$a | ConvertTo-Json -AsArray'; Rule = 'parameter' }
        @{ Text = '$a | Select-Object -SkipIndex 1'; Rule = 'parameter' }
        @{ Text = '$a | Where-Object Name -Not'; Rule = 'parameter' }
    )
    $sound = @(
        @{ Text = 'if ($PSVersionTable.PSEdition -eq ''Core'') { [System.Runtime.InteropServices.NativeLibrary]::Load($a) }' }
        @{ Text = 'if ($PSVersionTable.PSEdition -ne ''Core'') { return 1 }; [System.Environment]::ProcessPath' }
        @{ Text = '[System.IO.Path]::Combine($a, $b, $c, $d, $e)' }
        @{ Text = '[string]::Format("{0}{1}{2}{3}", 1, 2, 3, 4)' }
        @{ Text = 'param([string] $Text) $Text.Replace("a", "b").Trim().ToUpperInvariant()' }
        @{ Text = '[System.Collections.Generic.List[string]]::new(4).Add("a")' }
        @{ Text = 'param([System.Collections.Generic.Dictionary[string, string]] $Map) $Map.ContainsKey("a")' }
        @{ Text = '[System.Web.Script.Serialization.JavaScriptSerializer]::new()' }
        @{ Text = '[System.Text.UTF8Encoding]::new($false).GetBytes($a)' }
        @{ Text = 'Get-Command -Name a -ErrorAction Ignore | Where-Object Name -Like "b"' }
    )
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Desktop.ps1'))
}

Describe 'Windows PowerShell 5.1' -Skip:$missing {
    BeforeAll {
        $index = New-DesktopIndex -Folder $script:DesktopFolder
        # Names that the project defines: keys of its own tables, which are also the properties of its records.
        $own = foreach ($file in Get-ChildItem -LiteralPath $script:ModuleSource -Recurse -Include '*.ps1', '*.psm1') {
            $ast = [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null)
            foreach ($table in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $true)) {
                foreach ($pair in $table.KeyValuePairs) { $pair.Item1.Extent.Text.Trim("'", '"') }
            }
            if ($file.Name -eq 'Binding.ps1') {
                # 'Evidence:EvidenceRow[]' in its table of records.
                [regex]::Matches($ast.Extent.Text, '\b[A-Z]\w+(?=[ :''\n])').Value
            }
            foreach ($set in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.AssignmentStatementAst] }, $true)) {
                if ($set.Left -is [System.Management.Automation.Language.MemberExpressionAst]) { $set.Left.Member.Extent.Text }
            }
        }
        $own = @($own | Sort-Object -Unique)
    }

    It 'is known with its types and members' {
        $index.Types.Count | Should -BeGreaterThan 2000
        Test-DesktopMember $index 'System.String' 'Replace' 2 | Should -BeTrue
        Test-DesktopMember $index 'System.IO.FileStream' 'CopyTo' 1 | Should -BeTrue
        Test-DesktopMember $index 'System.Reflection.Emit.TypeBuilder' 'DefinePInvokeMethod' 8 | Should -BeTrue
        Test-DesktopMember $index 'System.Reflection.Emit.AssemblyBuilder' 'DefineDynamicAssembly' 2 | Should -BeTrue
        $index.Types.ContainsKey('System.Text.Json.JsonSerializer') | Should -BeFalse
    }

    It 'lacks what is planted, a "<Rule>": <Text>' -ForEach $planted {
        $found = @(Find-DesktopProblem -Index $index -Text $Text)
        $found | Should -Not -BeNullOrEmpty
        $found | Where-Object { $_ -like "${Rule}: *" } | Should -Not -BeNullOrEmpty
    }

    It 'has: <Text>' -ForEach $sound {
        Find-DesktopProblem -Index $index -Text $Text | Should -BeNullOrEmpty
    }

    It 'has everything that <Name> uses' -ForEach $scripts -Tag Guard {
        Find-DesktopProblem -Index $index -Text ([System.IO.File]::ReadAllText($Path)) -Own $own | Should -BeNullOrEmpty
    }
}

Describe 'The list of cmdlets' {
    It 'names for each the page of the 5.1 documentation, and parameters that exist' {
        foreach ($name in $script:Desktop.Cmdlets.Keys) {
            $row = $script:Desktop.Cmdlets[$name]
            $row.Page | Should -BeLike "https://learn.microsoft.com/powershell/module/*/$($name.ToLowerInvariant())?view=powershell-5.1"
            $command = Get-Command -Name $name -ErrorAction Ignore
            if ($null -ne $command) {
                foreach ($parameter in $row.Parameters) { $command.Parameters.Keys | Should -Contain $parameter -Because $name }
            }
        }
    }
}

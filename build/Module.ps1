# Joining the module and putting the native library into it.

$script:ModuleSource = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSModule', 'PhsDiagnostics'))
$script:ModuleOutput = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'out', 'PhsDiagnostics'))

# Folders of Private whose scripts an import can do without. Each becomes one file beside the psm1, loaded at its first use by
# Import-PhsScript.
$script:DeferredFolders = 'Collect', 'View'

# Joins the scripts into one psm1 and one for each deferred folder, without their help, which becomes a file of its own, and the
# views into one file: an import pays for each line of the psm1 and for each file of views. The binding stays as it is.
function Join-Module {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Destination)

    # Nothing of an earlier build stays but the libraries.
    if (Test-Path -LiteralPath $Destination) {
        Get-ChildItem -LiteralPath $Destination | Where-Object Name -NE 'native' | Remove-Item -Recurse -Force
    }
    $null = New-Item -ItemType Directory -Path ([System.IO.Path]::Combine($Destination, 'Private', 'Native')) -Force

    $deferred = $script:DeferredFolders | ForEach-Object { [System.IO.Path]::Combine($script:ModuleSource, 'Private', $_) }
    $parts = [System.Collections.Generic.List[string]]::new()
    $parts.Add([System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:ModuleSource, 'PhsDiagnostics.psm1')))
    foreach ($file in Get-ModuleScript -Folder 'Private' | Where-Object { $_.DirectoryName -notin $deferred -and $_.Name -ne 'Binding.ps1' }) {
        $parts.Add([System.IO.File]::ReadAllText($file.FullName))
    }
    foreach ($file in Get-ModuleScript -Folder 'Public') {
        $parts.Add((Get-ScriptWithoutHelp -Path $file.FullName))
    }
    Write-ModuleScript -Path ([System.IO.Path]::Combine($Destination, 'PhsDiagnostics.psm1')) -Text ($parts -join "`n")

    foreach ($name in $script:DeferredFolders) {
        $text = @(Get-ModuleScript -Folder "Private/$name" | ForEach-Object { [System.IO.File]::ReadAllText($_.FullName) }) -join "`n"
        Write-ModuleScript -Path ([System.IO.Path]::Combine($Destination, 'Private', "$name.ps1")) -Text (Get-ScriptForModuleScope -Text $text)
    }
    Join-View -Destination ([System.IO.Path]::Combine($Destination, 'PhsDiagnostics.format.ps1xml'))
    # In the module's own folder, where every culture's search for help ends.
    Export-ModuleHelp -Destination ([System.IO.Path]::Combine($Destination, $script:HelpFile))

    $copied = @('PhsDiagnostics.psd1', 'Private/Native/Binding.ps1')
    $copied += Get-ChildItem -LiteralPath $script:ModuleSource -Directory | Where-Object Name -Match '^[a-z]{2}-[A-Z]{2}$' |
        ForEach-Object { Get-ChildItem -LiteralPath $_.FullName -File } |
        ForEach-Object { [System.IO.Path]::GetRelativePath($script:ModuleSource, $_.FullName) }
    foreach ($file in $copied) {
        $to = [System.IO.Path]::Combine($Destination, $file)
        $null = New-Item -ItemType Directory -Path ([System.IO.Path]::GetDirectoryName($to)) -Force
        Copy-Item -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, $file)) -Destination $to -Force
    }
    Copy-Item -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, '..', '..', 'LICENSE')) -Destination $Destination
}

# The scripts of a folder of the source and of those below it, in the order in which they are joined.
function Get-ModuleScript {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Folder)

    Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, $Folder)) -Filter '*.ps1' -Recurse | Sort-Object FullName
}

# Writes a script of the built module, without its comments.
function Write-ModuleScript {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Text
    )

    $Text = Get-ScriptWithoutComment -Text $Text
    # Non-ASCII text needs a byte order mark on Windows PowerShell.
    [System.IO.File]::WriteAllText($Path, $Text, [System.Text.UTF8Encoding]::new($Text -match '[^\x00-\x7f]'))
}

# A script whose functions become those of the module, although a function of the module loads it: their names get the scope.
function Get-ScriptForModuleScope {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Text)

    $ast = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null)
    $functions = @($ast.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false))
    [System.Array]::Reverse($functions)
    foreach ($function in $functions) {
        $Text = $Text.Insert($Text.IndexOf($function.Name, $function.Extent.StartOffset), 'script:')
    }
    $Text
}

# Joins the views of every format file.
function Join-View {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Destination)

    $joined = [xml] '<?xml version="1.0" encoding="utf-8"?><Configuration><ViewDefinitions /></Configuration>'
    $folder = [System.IO.Path]::Combine($script:ModuleSource, 'Formats')
    foreach ($file in Get-ChildItem -LiteralPath $folder -Filter '*.format.ps1xml' | Sort-Object Name) {
        $source = [xml] [System.IO.File]::ReadAllText($file.FullName)
        foreach ($part in $source.DocumentElement.ChildNodes | Where-Object NodeType -EQ 'Element') {
            if ($part.Name -ne 'ViewDefinitions') { throw "$($file.FullName) holds $($part.Name); only views are joined." }
            foreach ($view in $part.ChildNodes) {
                $null = $joined.DocumentElement.FirstChild.AppendChild($joined.ImportNode($view, $true))
            }
        }
    }
    $settings = [System.Xml.XmlWriterSettings]::new()
    $settings.Indent = $true
    $settings.NewLineChars = "`n"
    $settings.Encoding = [System.Text.UTF8Encoding]::new($false)
    $writer = [System.Xml.XmlWriter]::Create($Destination, $settings)
    try {
        $joined.Save($writer)
    } finally {
        $writer.Dispose()
    }
}

# Builds out/PhsDiagnostics. Libraries of other platforms that are there already stay.
function Build-Module {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Rid)

    $library = @(Build-NativeLibrary -Rid $Rid)[-1]
    Join-Module -Destination $script:ModuleOutput
    $folder = [System.IO.Path]::Combine($script:ModuleOutput, 'native', $Rid)
    $null = New-Item -ItemType Directory -Path $folder -Force
    # A file that a running PowerShell has loaded must not be written into: it gets a new one in its place.
    $to = [System.IO.Path]::Combine($folder, [System.IO.Path]::GetFileName($library))
    Copy-Item -LiteralPath $library -Destination "$to.new" -Force
    Move-Item -LiteralPath "$to.new" -Destination $to -Force
    Write-BuildLine "Built $script:ModuleOutput ($Rid)."
}

# A first diagnosis, for someone who has just cloned the project.
function Show-Demo {
    [CmdletBinding()]
    param()

    Import-Module -Name $script:ModuleOutput -Force
    Write-BuildLine
    Write-BuildLine '> Import-Module ./out/PhsDiagnostics'
    Write-BuildLine '> Invoke-PhsDiagnostics -Path ./samples/fabrikam'
    Invoke-PhsDiagnostics -Path ./samples/fabrikam -OutVariable findings | Out-Default
    $tally = 'Failed', 'Warning', 'Passed', 'Skipped', 'Error' | ForEach-Object {
        $count = @($findings | Where-Object Outcome -EQ $_).Count
        if ($count) { "$count $_" }
    }
    Write-BuildLine "$($tally -join ', '). What was skipped has its reason beside it and counts as unknown, not as healthy."
    Write-BuildLine 'Next, in this folder with pwsh:'
    Write-BuildLine "  Import-Module ./out/PhsDiagnostics"
    Write-BuildLine "  Invoke-PhsDiagnostics ./samples/fabrikam | Where-Object Outcome -EQ Failed | Format-List   # why, every remedy, evidence"
    Write-BuildLine '  Get-Help Invoke-PhsDiagnostics -Examples'
}

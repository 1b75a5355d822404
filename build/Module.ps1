# Joining the module and putting the native library into it.

$script:ModuleSource = [System.IO.Path]::Combine($PSScriptRoot, '..', 'PSModule', 'PhsDiagnostics')
$script:ModuleOutput = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'out', 'PhsDiagnostics'))

# Joins the scripts into one psm1, without their help, which becomes a file of its own. The binding stays a file of its
# own too: it is loaded at the first use.
function Join-Module {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Destination)

    $null = New-Item -ItemType Directory -Path $Destination -Force
    $parts = [System.Collections.Generic.List[string]]::new()
    $parts.Add([System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:ModuleSource, 'PhsDiagnostics.psm1')))
    foreach ($folder in 'Private', 'Public') {
        Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($script:ModuleSource, $folder)) -Filter '*.ps1' -Recurse |
            Where-Object Name -NE 'Binding.ps1' | Sort-Object FullName |
            ForEach-Object {
                $parts.Add($(if ($folder -eq 'Public') {
                            Get-ScriptWithoutHelp -Path $_.FullName
                        } else {
                            [System.IO.File]::ReadAllText($_.FullName)
                        }))
            }
    }
    # Non-ASCII text needs a byte order mark on Windows PowerShell.
    $text = Get-ScriptWithoutComment -Text ($parts -join "`n")
    $encoding = [System.Text.UTF8Encoding]::new($text -match '[^\x00-\x7f]')
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($Destination, 'PhsDiagnostics.psm1'), $text, $encoding)

    # In the module's own folder, where every culture's search for help ends.
    Export-ModuleHelp -Destination ([System.IO.Path]::Combine($Destination, $script:HelpFile))

    $copied = @('PhsDiagnostics.psd1', 'Private/Native/Binding.ps1')
    $copied += Get-ChildItem -LiteralPath $script:ModuleSource -Filter '*.format.ps1xml' | ForEach-Object Name
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

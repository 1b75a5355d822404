# Loads scripts that an import leaves out, at their first use and once: those of a folder of Private, which the build joins into one
# file, each function as one of the module. A function outside of the folder calls this before it calls one of the folder's.
function Import-PhsScript {
    [CmdletBinding()]
    param(
        # The folder.
        [Parameter(Mandatory)] [string] $Name
    )

    if ($script:Imported.ContainsKey($Name)) {
        return
    }
    $path = Join-Path -Path $PSScriptRoot -ChildPath "Private/$Name.ps1"
    try {
        . $path
    } catch {
        # What PowerShell says: no such file, a signature that the execution policy asks for.
        throw (New-PhsErrorRecord -Id 'Phs.Module.LoadFailed' -Category ResourceUnavailable -Target $path `
                -Message ((Get-PhsString ScriptLoadFailed) -f $path, $_.Exception.GetBaseException().Message) `
                -RecommendedAction (Get-PhsString ScriptLoadFailedAction))
    }
    $script:Imported[$Name] = $true
}

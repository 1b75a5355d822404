# One side of a comparison, as the library takes it: a path in any form that PowerShell knows.
function New-PhsComparedSide {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Evidence
    )

    # A folder from Get-ChildItem or Get-Item stands for itself, whatever characters its name has.
    if ($Evidence -is [System.IO.FileSystemInfo]) {
        return [ordered]@{ path = Resolve-PhsPath -Cmdlet $Cmdlet -LiteralPath $Evidence.FullName }
    }
    [ordered]@{ path = Resolve-PhsPath -Cmdlet $Cmdlet -Path ([string] $Evidence) }
}

# The severity of a difference, in colour where the host shows colours.
function Format-PhsSeverity {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] $Difference)

    $style = Get-PhsStyle
    $colour = switch ($Difference.Severity) {
        'Critical' { $style.Red }
        'Error' { $style.Red }
        'Warning' { $style.Yellow }
        default { $style.Dim }
    }
    '{0}{1}{2}' -f $colour, $Difference.Severity, $style.Reset
}

function Get-PhsCapability {
    <#
    .SYNOPSIS
    Tells what this version can do on this machine, and why not where it cannot.

    .DESCRIPTION
    Lists each facility that a diagnosis may need, such as LDAPS, StartTLS, the current logon or a ticket cache, with
    whether it is available here and, where it is not, the way around it. Nothing is contacted.

    .EXAMPLE
    Get-PhsCapability

    Lists all facilities.

    .EXAMPLE
    Get-PhsCapability | Where-Object Available -EQ $false | Format-List

    Shows only what does not work on this machine, with the reason and the remedy.

    .OUTPUTS
    PhsDiagnostics.Capability

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.Capability')]
    param()

    Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_get_capability' -Bound $PSBoundParameters
}

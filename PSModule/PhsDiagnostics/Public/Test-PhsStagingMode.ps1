function Test-PhsStagingMode {
    <#
    .SYNOPSIS
    Tells whether the server is in staging mode, and whether its scheduler runs (guide step A4).

    .DESCRIPTION
    Reads a server configuration export, or without one the Connect server that it runs on. A server in staging mode sends
    no passwords: that is a 'Warning', since it is right where another server is active and the cause where this one
    should be.

    .PARAMETER Path
    The folder of a server configuration export or of a support bundle, or a synchronization policy file. Wildcards are
    allowed where they match one item. Without it, on a Connect server, that server itself is read through its ADSync
    module; PowerShell must be elevated then, and run by a member of the group ADSyncAdmins.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS201), a check id and target (PHS201:contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsStagingMode

    Judges the Connect server that it runs on.

    .EXAMPLE
    Test-PhsStagingMode -Path ./Contoso/Production

    Judges step A4 of the guide on an export.

    .EXAMPLE
    Get-Item ./Contoso/* | Test-PhsStagingMode | Select-Object Target, Outcome, Message

    Judges several exports one after the other.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Invoke-PhsDiagnostics

    .LINK
    Test-PhsSignInMethod
    #>
    [CmdletBinding(DefaultParameterSetName = 'Local')]
    [OutputType('PhsDiagnostics.Finding')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string] $LiteralPath,

        [Parameter(Mandatory, ParameterSetName = 'Evidence', ValueFromPipeline)]
        [ValidateNotNullOrEmpty()]
        [object] $Evidence,

        [Parameter()]
        [string[]] $Suppress
    )

    process {
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_staging_mode' -Bound $PSBoundParameters
    }
}

function Test-PhsSignInMethod {
    <#
    .SYNOPSIS
    Tells whether password hash sync is switched on, and whether sign-in method and rules fit (guide step A2).

    .DESCRIPTION
    Reads a server configuration export, or without one the Connect server that it runs on, and judges the switch of each
    Active Directory connector, the sign-in method, the synchronization rules that carry the password, and the set-up of
    the selected partitions. With -GraphToken or -UseMgContext it asks the tenant as well, or alone: whether its feature is
    switched on and agrees with the connectors, how the users of its domains sign in, and when it last heard of a password.
    A fact that cannot be had is 'Skipped' with the reason, never 'Passed'.

    .PARAMETER Path
    The folder of a server configuration export or of a support bundle, or a synchronization policy file. Wildcards are
    allowed where they match one item. Without it, on a Connect server, that server itself is read through its ADSync
    module; PowerShell must be elevated then, and run by a member of the group ADSyncAdmins.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network. With -GraphToken or -UseMgContext the tenant is asked now for what the file does not hold.

    .PARAMETER GraphToken
    An access token for Microsoft Graph, as a secure string: the tenant is asked as well (docs/security.md tells what for, and
    which permissions are enough).

    .PARAMETER UseMgContext
    Asks the tenant over the session that Connect-MgGraph made.

    .PARAMETER Environment
    The cloud of the tenant: Global (the default), USGov, USGovDoD or China.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS201), a check id and target (PHS201:contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsSignInMethod

    Judges the Connect server that it runs on.

    .EXAMPLE
    Test-PhsSignInMethod -Path ./Contoso/Production

    Judges step A2 of the guide on an export.

    .EXAMPLE
    Test-PhsSignInMethod -Path ./Contoso/Production | Where-Object Outcome -EQ 'Failed' | Format-List

    Shows what is wrong, why it matters and what to do.

    .EXAMPLE
    Connect-MgGraph -Scopes OnPremDirectorySynchronization.Read.All, Organization.Read.All, Domain.Read.All
    Test-PhsSignInMethod -Path ./Contoso/Production -UseMgContext

    Compares the server with its tenant.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Invoke-PhsDiagnostics

    .LINK
    Test-PhsStagingMode
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
        [securestring] $GraphToken,

        [Parameter()]
        [switch] $UseMgContext,

        [Parameter()]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter()]
        [string[]] $Suppress
    )

    process {
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_sign_in_method' -Bound $PSBoundParameters
    }
}

function Invoke-PhsDiagnostics {
    <#
    .SYNOPSIS
    Runs the whole troubleshooting guide for password hash sync and tells every fault it finds.

    .DESCRIPTION
    Judges every step of the guide on what it is given: a server configuration export (-Path), the live directory
    (-Server or -Domain), or both. Without an export, on a Connect server, it means that server: its ADSync module is asked
    for the configuration, scheduler, tenant features and password cycles, and its service, FIPS policy and TLS settings are
    read. PowerShell must be elevated then, and run by a member of the group ADSyncAdmins. Findings come out while it works, in the order of the guide; each says what is the
    case, why it matters and what to do. One failed check never hides another. What could not be answered is 'Skipped'
    with the reason, never 'Passed'.

    Nothing is changed, no password hash is read, and a password is never sent in clear text.

    .PARAMETER Path
    The folder of a server configuration export, the one that holds 'Connectors', 'GlobalSettings' and
    'SynchronizationRules'; the folder of a support bundle, the one that holds 'CONFIG'; or a synchronization policy file
    (Applied- or Exported-SynchronizationPolicy-*.JSON, MigratedPolicy.json), which may be stale and says so. Wildcards are
    allowed where they match one item.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network. With -GraphToken or -UseMgContext the tenant is asked now for what the file does not hold.

    .PARAMETER EventPath
    An .evtx file or an XML export of the Application log of the Connect server, for the step Service.

    .PARAMETER Server
    A domain controller, as host or host:port.

    .PARAMETER Domain
    The DNS name of a domain of the forest; its domain controllers are found in DNS where -Server is not given.

    .PARAMETER Credential
    The account to read the directory with. It need not be the connector account.

    .PARAMETER ConnectorAccount
    The connector account, as sAMAccountName, DOMAIN\name, user principal name, distinguished name or SID. Where it is
    left out it is found.

    .PARAMETER Encryption
    Auto (LDAPS, then StartTLS), Ldaps or StartTls; or SignAndSeal on Windows: Kerberos as the user who is signed in, without
    -Credential.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for this call.

    .PARAMETER TimeoutSec
    Seconds to wait for each answer of a server.

    .PARAMETER User
    Users to judge in the steps B1 to B3, by user principal name, sAMAccountName, DOMAIN\name, distinguished name, SID,
    objectGUID or immutable identifier. They are read from the live directory, and on a Connect server from its connector
    spaces and metaverse too; without a directory it knows them by distinguished name only. Without -User these steps do not apply.

    .PARAMETER Step
    Only these steps of the guide: A1 to A4, B1 to B3, Service.

    .PARAMETER GraphToken
    An access token for Microsoft Graph, as a secure string: the tenant is asked as well (docs/security.md tells what for, and
    which permissions are enough).

    .PARAMETER UseMgContext
    Asks the tenant over the session that Connect-MgGraph made.

    .PARAMETER Environment
    The cloud of the tenant: Global (the default), USGov, USGovDoD or China.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS103), a check id and target (PHS103:contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed, and do not count
    for -Quiet.

    .PARAMETER Quiet
    Gives $true or $false instead of findings: $true only if nothing failed and every step that was asked for has an
    answer. Steps without an answer are named in a warning.

    .PARAMETER WarningAsFailure
    With -Quiet: a finding 'Warning' makes the result $false too.

    .EXAMPLE
    Invoke-PhsDiagnostics

    Diagnoses the Connect server that it runs on.

    .EXAMPLE
    Invoke-PhsDiagnostics -Path ./Contoso/Production

    Diagnoses a server configuration export, with no network.

    .EXAMPLE
    Invoke-PhsDiagnostics -Path ./Contoso/Production -EventPath ./Application.evtx

    Takes the saved event log along, and so answers for heartbeat and errors too.

    .EXAMPLE
    Invoke-PhsDiagnostics -Server dc1.contoso.com -Credential (Get-Credential) -Step A1

    Diagnoses the permissions of the connector account in the live directory.

    .EXAMPLE
    Invoke-PhsDiagnostics -Path ./Production -Server dc1.contoso.com -Credential $credential |
        Where-Object Outcome -In 'Failed', 'Warning' | Format-List

    Joins export and live directory, and shows what needs attention, with the reason and the remedy.

    .EXAMPLE
    if (-not (Invoke-PhsDiagnostics -Path ./Production -Step A2, A4 -Quiet)) { throw 'password hash sync needs a look' }

    Guards a pipeline.

    .OUTPUTS
    PhsDiagnostics.Finding

    .OUTPUTS
    System.Boolean

    .LINK
    Get-PhsCheck

    .LINK
    Test-PhsPermissions
    #>
    [CmdletBinding(DefaultParameterSetName = 'Live')]
    [OutputType('PhsDiagnostics.Finding', [bool])]
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
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $EventPath,

        [Parameter()]
        [Alias('DomainController', 'DC', 'ComputerName')]
        [string] $Server,

        [Parameter()]
        [string] $Domain,

        [Parameter()]
        [System.Management.Automation.Credential()]
        [pscredential] $Credential,

        [Parameter()]
        [string] $ConnectorAccount,

        [Parameter()]
        [ValidateSet('Auto', 'Ldaps', 'StartTls', 'SignAndSeal')]
        [string] $Encryption,

        [Parameter()]
        [string] $CaCertificate,

        [Parameter()]
        [ValidateRange(1, 600)]
        [int] $TimeoutSec,

        [Parameter()]
        [string[]] $User,

        [Parameter()]
        [ValidateSet('A1', 'A2', 'A3', 'A4', 'B1', 'B2', 'B3', 'Service', 'Tool')]
        [string[]] $Step,

        [Parameter()]
        [securestring] $GraphToken,

        [Parameter()]
        [switch] $UseMgContext,

        [Parameter()]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter()]
        [ArgumentCompleter({
                param($CommandName, $ParameterName, $WordToComplete)
                foreach ($check in Get-PhsCheck -Id ($WordToComplete.Trim("'", '"') + '*') -ErrorAction Ignore) {
                    [System.Management.Automation.CompletionResult]::new(
                        $check.Id, ('{0} {1}' -f $check.Id, $check.Name), 'ParameterValue', $check.Title)
                }
            })]
        [string[]] $Suppress,

        [Parameter()]
        [switch] $Quiet,

        [Parameter()]
        [switch] $WarningAsFailure
    )

    process {
        $diagnostic = @{ Cmdlet = $PSCmdlet; Function = 'phs_invoke_diagnostics'; Bound = $PSBoundParameters }
        if ($Quiet) {
            $tally = @{}
            $null = Start-PhsDiagnostic @diagnostic -Tally $tally
            Test-PhsTally -Cmdlet $PSCmdlet -Tally $tally -WarningAsFailure:$WarningAsFailure
        } else {
            Start-PhsDiagnostic @diagnostic
        }
    }
}

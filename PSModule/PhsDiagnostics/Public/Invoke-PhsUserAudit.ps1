function Invoke-PhsUserAudit {
    <#
    .SYNOPSIS
    Judges every user of a domain: whose password does not sync, and why (guide steps B1 to B3, in bulk).

    .DESCRIPTION
    Reads the users of one or several domains page by page and judges them, while they arrive, by the synchronization rules
    and filters of an export. Gives a verdict for each blocked user, with -All for every user, and at the end a summary of
    each domain: counts by verdict and by the check that decides.

    There is a summary only for a domain that was read to its last user. A size limit, a referral or a lost connection is
    an error that tells how many users were reached. A lost connection is opened again once; nobody is told twice.

    Without -Path only what blocks a user under the default rules is known: everyone else is Unknown. The verdicts tell
    reasons only; Test-PhsUser gives the findings of a user, with evidence and remedies.

    Nothing is changed, no password hash is read, and a password is never sent in clear text.

    .PARAMETER Server
    A domain controller of each domain to audit, as host or host:port. Several are asked at the same time.

    .PARAMETER Domain
    The DNS name of the domain; its domain controllers are found in DNS where -Server is not given.

    .PARAMETER Credential
    The account to read the directory with.

    .PARAMETER Path
    The folder of a server configuration export, for its rules and filters. Wildcards are allowed where they match one
    folder. Without it nobody can be said to sync.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network. With -GraphToken or -UseMgContext the tenant is asked now for what the file does not hold.

    .PARAMETER SearchBase
    The distinguished name of the container to audit; the whole domain where it is not given.

    .PARAMETER LDAPFilter
    An LDAP filter (RFC 4515) that the users must match as well, such as (department=Sales).

    .PARAMETER All
    Gives the users that are not blocked too.

    .PARAMETER Encryption
    Auto (LDAPS, then StartTLS), Ldaps or StartTls.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for this call.

    .PARAMETER TimeoutSec
    Seconds to wait for each answer of a server.

    .PARAMETER GraphToken
    An access token for Microsoft Graph, as a secure string: the tenant is asked as well (docs/security.md tells what for, and
    which permissions are enough).

    .PARAMETER UseMgContext
    Asks the tenant over the session that Connect-MgGraph made.

    .PARAMETER Environment
    The cloud of the tenant: Global (the default), USGov, USGovDoD or China.

    .EXAMPLE
    Invoke-PhsUserAudit -Server dc1.contoso.com -Credential (Get-Credential) -Path ./Production -OutVariable audit

    Shows every blocked user with the reason; $audit[-1] is the summary.

    .EXAMPLE
    Invoke-PhsUserAudit -Server dc1 -Credential $credential -Path ./Production -SearchBase 'OU=Sales,DC=contoso,DC=com' -All | Where-Object Verdict | Export-Csv ./sales.csv

    Writes everyone below one container to a file, without the summary.

    .EXAMPLE
    Invoke-PhsUserAudit -Server dc1.contoso.com, dc1.fabrikam.com -Credential $credential -Path ./Production | Select-Object -Last 2

    Gives the summaries of two domains alone.

    .OUTPUTS
    PhsDiagnostics.UserVerdict

    .OUTPUTS
    PhsDiagnostics.AuditSummary

    .LINK
    Test-PhsUser

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.UserVerdict', 'PhsDiagnostics.AuditSummary')]
    param(
        [Parameter(Position = 0)]
        [Alias('DomainController', 'DC', 'ComputerName')]
        [string[]] $Server,

        [Parameter()]
        [string] $Domain,

        [Parameter()]
        [System.Management.Automation.Credential()]
        [pscredential] $Credential,

        [Parameter()]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $LiteralPath,

        [Parameter(ValueFromPipeline)]
        [ValidateNotNullOrEmpty()]
        [object] $Evidence,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $SearchBase,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $LDAPFilter,

        [Parameter()]
        [switch] $All,

        [Parameter()]
        [ValidateSet('Auto', 'Ldaps', 'StartTls')]
        [string] $Encryption,

        [Parameter()]
        [string] $CaCertificate,

        [Parameter()]
        [securestring] $GraphToken,

        [Parameter()]
        [switch] $UseMgContext,

        [Parameter()]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter()]
        [ValidateRange(1, 600)]
        [int] $TimeoutSec
    )

    process {
        if (Assert-PhsDirectory -Cmdlet $PSCmdlet -Bound $PSBoundParameters) {
            Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_invoke_user_audit' -Bound $PSBoundParameters
        }
    }
}

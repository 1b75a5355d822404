function Test-PhsUser {
    <#
    .SYNOPSIS
    Tells for each user whether the password will sync, and if not everything that stands in the way (guide steps B1 to B3).

    .DESCRIPTION
    Reads the users from the live directory and judges them by the synchronization rules and filters of an export: scope,
    rules that carry the password, temporary passwords, account flags, object class, cloud filter, source anchor. The
    verdict is WillSync, Blocked or Unknown, with all reasons, most decisive first; a rule that excludes the user is
    quoted with group, clause and value, and what follows from another reason is marked as a consequence.

    On a Connect server, where -Path is not given, the rules are those of that server, and what it holds of the user counts
    too: connector space, metaverse, errors, and the attempts of the last seven days. Users that are named by distinguished
    name need no directory there.

    Nothing is changed, no password hash is read, and a password is never sent in clear text.

    .PARAMETER Identity
    The users, by user principal name, sAMAccountName, DOMAIN\name, distinguished name, SID, objectGUID or immutable
    identifier. Taken from the pipeline too: texts, and the properties that Import-Csv or Get-ADUser give. Each
    is answered before the next is asked for, over the same connections.

    .PARAMETER Server
    A domain controller, as host or host:port; one of each forest where users are looked for in several.

    .PARAMETER Domain
    The DNS name of a domain of the forest; its domain controllers are found in DNS where -Server is not given.

    .PARAMETER Credential
    The account to read the directory with.

    .PARAMETER Path
    The folder of a server configuration export, for its rules and filters. Wildcards are allowed where they match one
    folder. Without it only what blocks a user under the default rules is told; nobody can be said to sync.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives. It is judged as on the day on which it was
    collected, with no network. With -GraphToken or -UseMgContext the tenant is asked now for what the file does not hold.

    .PARAMETER Encryption
    Auto (LDAPS, then StartTLS), Ldaps or StartTls; or SignAndSeal on Windows: Kerberos as the user who is signed in, without
    -Credential.

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

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS705), a check id and target, or the beginning of a fingerprint
    (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsUser 'CN=Kari Nordmann,OU=Staff,DC=contoso,DC=com'

    Judges one user on the Connect server that it runs on.

    .EXAMPLE
    Test-PhsUser -Identity kari@contoso.com -Path ./Production -Server dc1.contoso.com -Credential (Get-Credential)

    Judges one user by the rules of an export.

    .EXAMPLE
    Import-Csv ./users.csv | Test-PhsUser -Path ./Production -Server dc1.contoso.com -Credential $credential | Where-Object Verdict -NE 'WillSync'

    Takes the users from a file with a column UserPrincipalName, and shows those whose password does not sync.

    .EXAMPLE
    (Test-PhsUser CONTOSO\kari -Path ./Production -Server dc1 -Credential $credential).Findings | Format-List

    Shows every reason with its evidence and remedy.

    .OUTPUTS
    PhsDiagnostics.UserVerdict

    .LINK
    Test-PhsObjectSync

    .LINK
    Test-PhsTemporaryPassword

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.UserVerdict')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('DistinguishedName', 'ObjectGUID', 'SID', 'UserPrincipalName', 'SamAccountName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Identity,

        [Parameter()]
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

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [object] $Evidence,

        [Parameter()]
        [ValidateSet('Auto', 'Ldaps', 'StartTls', 'SignAndSeal')]
        [string] $Encryption,

        [Parameter()]
        [string] $CaCertificate,

        [Parameter()]
        [ValidateRange(1, 600)]
        [int] $TimeoutSec,

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

    begin {
        $open = @{}
    }

    process {
        Start-PhsUserDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_user' -Bound $PSBoundParameters -Open $open
    }

    end {
        Complete-PhsUserDiagnostic -Cmdlet $PSCmdlet -Open $open
    }
}

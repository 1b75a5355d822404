function Test-PhsObjectSync {
    <#
    .SYNOPSIS
    Tells whether users are in scope, joined, under the right rules and set up right (guide steps B1 and B3).

    .DESCRIPTION
    Reads the users from the live directory and judges them by the synchronization rules and filters of an export:
    partition, container, class, group and attribute filters, rules that carry the password, object class, cloud filter,
    source anchor and user name. One finding for each check and user.

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
    Test-PhsObjectSync -Identity kari@contoso.com -Path ./Production -Server dc1.contoso.com -Credential (Get-Credential)

    Judges one user by the rules of an export.

    .EXAMPLE
    Get-ADUser -Filter * -SearchBase $unit | Test-PhsObjectSync -Path ./Production -Server dc1 -Credential $credential

    Takes the users from the ActiveDirectory module.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Test-PhsUser

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.Finding')]
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
        Start-PhsUserDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_object_sync' -Bound $PSBoundParameters -Open $open
    }

    end {
        Complete-PhsUserDiagnostic -Cmdlet $PSCmdlet -Open $open
    }
}

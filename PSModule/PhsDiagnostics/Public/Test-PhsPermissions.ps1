function Test-PhsPermissions {
    <#
    .SYNOPSIS
    Tells whether the connector account may read password hashes, and if not why (guide step A1).

    .DESCRIPTION
    Reads the security descriptor of every domain head of the forest, the connector account and its groups, and computes
    for each domain whether the account holds Replicating Directory Changes and Replicating Directory Changes All by
    the full access algorithm: order of entries, denies, inheritance and nested groups included. Each finding names the
    entry that decides, or what is missing and how to grant it. Also judges whether the account can log on, and whether
    it holds more than it needs.

    Nothing is changed, no hash is read, and a password is never sent in clear text.

    .PARAMETER Server
    A domain controller, as host or host:port.

    .PARAMETER Domain
    The DNS name of a domain of the forest; its domain controllers are found in DNS where -Server is not given.

    .PARAMETER Credential
    The account to read the directory with. It need not be the connector account.

    .PARAMETER ConnectorAccount
    The account to judge, as sAMAccountName, DOMAIN\name, user principal name, distinguished name or SID. Where it is
    left out it is found, and the finding says how.

    .PARAMETER Path
    The folder of a server configuration export: names the connector account and the selected partitions. Wildcards are
    allowed where they match one folder.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network.

    .PARAMETER Encryption
    Auto (LDAPS, then StartTLS), Ldaps or StartTls; or SignAndSeal on Windows: Kerberos as the user who is signed in, without
    -Credential.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for this call.

    .PARAMETER TimeoutSec
    Seconds to wait for each answer of a server.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS103), a check id and target (PHS103:contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsPermissions -Server dc1.contoso.com -Credential (Get-Credential) -ConnectorAccount MSOL_d1edb676ca03

    Judges one account on every domain of the forest.

    .EXAMPLE
    Test-PhsPermissions -Domain contoso.com -Credential $credential | Where-Object Outcome -EQ 'Failed' | Format-List

    Finds the connector account by itself, and shows what is wrong, why, and the remedy.

    .EXAMPLE
    Test-PhsPermissions -DC dc1.contoso.com -Credential $credential -CaCertificate ./root.pem -Path ./Production

    Trusts a private root, and takes the account and the selected partitions from an export.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Get-PhsConnectorAccount

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding(DefaultParameterSetName = 'Directory')]
    [Alias('Test-PhsPermission')]
    [OutputType('PhsDiagnostics.Finding')]
    param(
        [Parameter(Position = 0)]
        [Alias('DomainController', 'DC', 'ComputerName')]
        [string] $Server,

        [Parameter()]
        [string] $Domain,

        [Parameter()]
        [System.Management.Automation.Credential()]
        [pscredential] $Credential,

        [Parameter()]
        [string] $ConnectorAccount,

        [Parameter(Mandatory, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath')]
        [ValidateNotNullOrEmpty()]
        [string] $LiteralPath,

        [Parameter(Mandatory, ParameterSetName = 'Evidence', ValueFromPipeline)]
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
        [string[]] $Suppress
    )

    process {
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_permissions' -Bound $PSBoundParameters
    }
}

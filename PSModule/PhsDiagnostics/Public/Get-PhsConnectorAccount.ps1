function Get-PhsConnectorAccount {
    <#
    .SYNOPSIS
    Finds the AD DS connector account: the account that password hash sync replicates with.

    .DESCRIPTION
    Reads the account from a server configuration export (-Path), or looks for candidates in the directory (-Server or
    -Domain): MSOL_ accounts, accounts whose description says that Microsoft Entra Connect created them, and accounts of
    Cloud Sync. Each account tells how it was identified. Several candidates are common, since accounts outlive the
    servers that they were made for.

    .PARAMETER Path
    The folder of a server configuration export. Wildcards are allowed where they match one folder.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network.

    .PARAMETER Server
    A domain controller, as host or host:port.

    .PARAMETER Domain
    The DNS name of a domain; its domain controllers are found in DNS.

    .PARAMETER Credential
    The account to read the directory with.

    .PARAMETER Encryption
    Auto (LDAPS, then StartTLS), Ldaps or StartTls; or SignAndSeal on Windows: Kerberos as the user who is signed in, without
    -Credential. A password is never sent in clear text.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for this call.

    .PARAMETER TimeoutSec
    Seconds to wait for each answer of a server.

    .EXAMPLE
    Get-PhsConnectorAccount -Path ./Contoso/Production

    Shows the account of each Active Directory connector in the export.

    .EXAMPLE
    Get-PhsConnectorAccount -Server dc1.contoso.com -Credential (Get-Credential)

    Looks for candidates in the directory.

    .OUTPUTS
    PhsDiagnostics.ConnectorAccount

    .LINK
    Test-PhsPermissions
    #>
    [CmdletBinding(DefaultParameterSetName = 'Live')]
    [OutputType('PhsDiagnostics.ConnectorAccount')]
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

        [Parameter(ParameterSetName = 'Live')]
        [Alias('DomainController', 'DC', 'ComputerName')]
        [string] $Server,

        [Parameter(ParameterSetName = 'Live')]
        [string] $Domain,

        [Parameter(ParameterSetName = 'Live')]
        [System.Management.Automation.Credential()]
        [pscredential] $Credential,

        [Parameter(ParameterSetName = 'Live')]
        [ValidateSet('Auto', 'Ldaps', 'StartTls', 'SignAndSeal')]
        [string] $Encryption,

        [Parameter(ParameterSetName = 'Live')]
        [string] $CaCertificate,

        [Parameter(ParameterSetName = 'Live')]
        [ValidateRange(1, 600)]
        [int] $TimeoutSec
    )

    process {
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_get_connector_account' -Bound $PSBoundParameters
    }
}

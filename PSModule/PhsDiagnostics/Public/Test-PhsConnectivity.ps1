function Test-PhsConnectivity {
    <#
    .SYNOPSIS
    Tells whether this machine can reach every domain controller, and the cloud, in every way that password hash sync needs
    (guide step A3).

    .DESCRIPTION
    Finds the domain controllers in DNS, and probes each of them on every port that password hash sync needs: TCP by
    connecting, UDP by a real request of the protocol. Asks the endpoint mapper on TCP 135 where directory replication
    is served, connects there and binds. Reads the directory's clock, the certificates on LDAPS and StartTLS, and with a
    credential binds and reads the replication options.

    Every probe tells apart whether it was refused, dropped or unreachable. One fault gives one failed finding; what
    only follows from it is skipped and says so. The remedies are lines for a ticket to the team that can help.

    The table shows for each domain controller one mark per port: + open, x refused, . dropped, ! unreachable, ? not
    known. Run it on the Connect server: another machine may have another way.

    Nothing is changed, and a password is never sent in clear text.

    .PARAMETER Domain
    The DNS names of the domains whose domain controllers are probed. Without -Domain, -Server and -Path: the domain of
    the user who is signed in.

    .PARAMETER Server
    The domain controllers to probe instead of those found in DNS, as host or host:port (of LDAP).

    .PARAMETER Path
    The folder of a server configuration export: names the domains, their preferred domain controllers, and whether the
    connector binds over TLS. Wildcards are allowed where they match one folder.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network.

    .PARAMETER Credential
    The account to bind as, such as the connector account. One domain controller is tried first: a password that it
    refuses is not tried on the others, lest the account be locked. Without -Path, the other domains of the forest are
    then found and probed as well.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for the directory in this call.

    .PARAMETER DnsServer
    The addresses of DNS servers to ask instead of those of the system.

    .PARAMETER IncludeCloud
    Probes the endpoints of the cloud as well, through the proxy that the synchronization service would use.

    .PARAMETER Environment
    The cloud whose endpoints are probed: Global (the default), USGov, USGovDoD or China.

    .PARAMETER ProbeTimeoutSec
    Seconds for each probe; 3 where it is not given.

    .PARAMETER TimeoutSec
    Seconds for all probes together; 60 where it is not given. What was not reached by then is skipped.

    .PARAMETER Detailed
    Shows each finding as a list, with every probe.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS306), a check id and target (PHS305:dc1.contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsConnectivity -Domain contoso.com

    Probes every domain controller of the domain.

    .EXAMPLE
    Test-PhsConnectivity -Path C:\Export -IncludeCloud -Credential $credential | Where-Object Outcome -EQ 'Failed'

    Probes what the exported configuration uses, and the cloud, and shows what is wrong.

    .EXAMPLE
    (Test-PhsConnectivity -DC dc1.contoso.com | Where-Object CheckId -EQ 'PHS302').Evidence

    Shows every probe of one domain controller.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Invoke-PhsDiagnostics

    .LINK
    Test-PhsPermissions
    #>
    [CmdletBinding(DefaultParameterSetName = 'Directory')]
    [OutputType('PhsDiagnostics.Finding')]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string[]] $Domain,

        [Parameter()]
        [Alias('DomainController', 'DC', 'ComputerName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Server,

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
        [System.Management.Automation.Credential()]
        [pscredential] $Credential,

        [Parameter()]
        [string] $CaCertificate,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string[]] $DnsServer,

        [Parameter()]
        [switch] $IncludeCloud,

        [Parameter()]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter()]
        [ValidateRange(1, 300)]
        [int] $ProbeTimeoutSec,

        [Parameter()]
        [ValidateRange(1, 3600)]
        [int] $TimeoutSec,

        [Parameter()]
        [switch] $Detailed,

        [Parameter()]
        [string[]] $Suppress
    )

    process {
        $diagnostic = @{ Cmdlet = $PSCmdlet; Function = 'phs_test_connectivity'; Bound = $PSBoundParameters }
        if ($Detailed) {
            Start-PhsDiagnostic @diagnostic | ForEach-Object -Process {
                # Only the view differs: the format file shows this name as a list.
                $_.PSObject.TypeNames.Insert(0, 'PhsDiagnostics.Finding#Detailed')
                $_
            }
        } else {
            Start-PhsDiagnostic @diagnostic
        }
    }
}

function Export-PhsEvidence {
    <#
    .SYNOPSIS
    Collects everything that a diagnosis reads into one file, to be judged later and elsewhere.

    .DESCRIPTION
    Collects once what Invoke-PhsDiagnostics would read from the same sources, and writes it into one ZIP archive with a
    manifest: when and where it was collected, the hash of each part, and what could not be collected and why. On another
    machine, without a network and a year later, -Evidence of every cmdlet gives the findings of that day.

    The file holds names of your directory (users that you ask for, accounts, groups, domains, servers, rules), but never a
    password, a password hash or a key. Only its owner may read it on Linux; on Windows its folder decides.

    The file appears whole under its name or not at all.

    .PARAMETER Path
    The file to write; .phs is the usual extension.

    .PARAMETER Force
    Replaces a file of that name.

    .PARAMETER Redact
    Replaces names by pseudonyms, so that the file can be handed to a vendor: users, accounts, groups, units, domains, servers,
    sites, addresses, identifiers and the domain part of SIDs; one name has one pseudonym in the whole file. Messages of events
    and descriptors are left out. Rules test names, so such a file cannot be judged anew: it holds what was found before the names
    were replaced.

    .PARAMETER ConfigurationPath
    The folder of a server configuration export. Wildcards are allowed where they match one folder.

    .PARAMETER EventPath
    An .evtx file or an XML export of the Application log of the Connect server.

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
    Auto (LDAPS, then StartTLS), Ldaps or StartTls.

    .PARAMETER CaCertificate
    A file with the certificate (PEM) of a private root to trust for this call.

    .PARAMETER TimeoutSec
    Seconds to wait for each answer of a server.

    .PARAMETER GraphToken
    An access token for Microsoft Graph, as a secure string: the tenant is asked as well. The token is not written to the file.

    .PARAMETER UseMgContext
    Asks the tenant over the session that Connect-MgGraph made.

    .PARAMETER Environment
    The cloud of the tenant: Global (the default), USGov, USGovDoD or China.

    .PARAMETER IncludeCloud
    Probes the cloud's endpoints as well.

    .PARAMETER User
    Users to collect, by any of their names. They are judged with the file.

    .PARAMETER AllUsers
    Collects every user of the forest, with the attributes that the rules test. Such a file can be audited.

    .EXAMPLE
    Export-PhsEvidence ./contoso.phs -ConfigurationPath ./Production -Server dc1.contoso.com -Credential (Get-Credential)

    Collects the configuration of the server, the permissions of the connector account and the ports of the domain controller.

    .EXAMPLE
    Export-PhsEvidence ./kari.phs -Server dc1.contoso.com -Credential $credential -User kari@contoso.com

    Collects one user as well. Invoke-PhsDiagnostics -Evidence ./kari.phs then judges the steps B1 to B3 for her.

    .EXAMPLE
    Export-PhsEvidence ./all.phs -ConfigurationPath ./Production -Server dc1.contoso.com -Credential $credential -AllUsers
    Invoke-PhsUserAudit -Evidence ./all.phs

    Collects every user, and audits them from the file.

    .EXAMPLE
    Export-PhsEvidence ./for-vendor.phs -ConfigurationPath ./Production -Redact

    Writes a file without names, with what was found.

    .OUTPUTS
    PhsDiagnostics.EvidenceFile

    .LINK
    Import-PhsEvidence

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Low')]
    [OutputType('PhsDiagnostics.EvidenceFile')]
    param(
        [Parameter(Mandatory, Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter()]
        [switch] $Force,

        [Parameter()]
        [switch] $Redact,

        [Parameter()]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $ConfigurationPath,

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
        [switch] $IncludeCloud,

        [Parameter()]
        [securestring] $GraphToken,

        [Parameter()]
        [switch] $UseMgContext,

        [Parameter()]
        [ValidateSet('Global', 'USGov', 'USGovDoD', 'China')]
        [string] $Environment,

        [Parameter()]
        [string[]] $User,

        [Parameter()]
        [switch] $AllUsers
    )

    $file = Resolve-PhsPath -Cmdlet $PSCmdlet -LiteralPath $Path
    if (-not $PSCmdlet.ShouldProcess($file)) {
        return
    }
    $bound = [System.Collections.Generic.Dictionary[string, object]]::new($PSBoundParameters)
    $null = $bound.Remove('Path')
    if ($ConfigurationPath) {
        $bound['Path'] = $ConfigurationPath
    }
    $bound['File'] = $file
    Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_export_evidence' -Bound $bound
}

# The path that the user means, as a file system path. -Path takes wildcards, -LiteralPath does not. A path that does
# not exist passes: the library names what is missing in it.
function Resolve-PhsPath {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Path,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $LiteralPath
    )

    $provider = $null
    $drive = $null
    $given = if ($LiteralPath) { $LiteralPath } else { $Path }
    if (-not $LiteralPath -and [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($Path)) {
        $found = @()
        try {
            $found = @($Cmdlet.GetResolvedProviderPathFromPSPath($Path, [ref] $provider))
        } catch [System.Management.Automation.ItemNotFoundException] {
            # Told below, in our own words.
            Write-Debug $_.Exception.Message
        }
        if ($found.Count -eq 0) {
            throw (New-PhsErrorRecord -Id 'Phs.Path.NotFound' -Category ObjectNotFound -Target $given `
                    -Message ((Get-PhsString PathNotFound) -f $given) `
                    -RecommendedAction (Get-PhsString PathNotFoundAction))
        }
        if ($found.Count -gt 1) {
            throw (New-PhsErrorRecord -Id 'Phs.Path.Ambiguous' -Category InvalidArgument -Target $given `
                    -Message ((Get-PhsString PathAmbiguous) -f $given, $found.Count) `
                    -RecommendedAction (Get-PhsString PathAmbiguousAction))
        }
        $resolved = $found[0]
    } else {
        $resolved = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(
            $given, [ref] $provider, [ref] $drive)
        # Tab completion escapes brackets.
        if (-not $LiteralPath -and $given.Contains('`') -and
            -not ([System.IO.File]::Exists($resolved) -or [System.IO.Directory]::Exists($resolved))) {
            $resolved = $Cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(
                [System.Management.Automation.WildcardPattern]::Unescape($given), [ref] $provider, [ref] $drive)
        }
    }
    if ($provider.Name -ne 'FileSystem') {
        throw (New-PhsErrorRecord -Id 'Phs.Path.NotFileSystem' -Category InvalidArgument -Target $given `
                -Message ((Get-PhsString PathNotFileSystem) -f $given, $provider.Name) `
                -RecommendedAction (Get-PhsString PathNotFileSystemAction))
    }
    $resolved
}

# The field of a request that a parameter fills: its name with a small first letter.
function ConvertTo-PhsFieldName {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Name)

    $Name.Substring(0, 1).ToLowerInvariant() + $Name.Substring(1)
}

# A time in UTC as text. One that does not say what it is, is local, as Get-WinEvent means it.
function ConvertTo-PhsTimeText {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory, Position = 0)] [datetime] $Time)

    $Time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffffffZ', [System.Globalization.CultureInfo]::InvariantCulture)
}

# The request of a diagnostic from the parameters that the user gave: the names of both are the same, so only those
# of another shape are handled one by one. -Bound is $PSBoundParameters; parameters that were not given stay away.
function New-PhsRequest {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound
    )

    $options = [ordered]@{
        culture       = [System.Globalization.CultureInfo]::CurrentUICulture.Name
        moduleVersion = Get-PhsVersion
    }
    if ($Bound['Suppress']) {
        $options.suppress = [string[]] $Bound['Suppress']
    }
    $request = [ordered]@{ options = $options }
    if ($Bound['Path'] -or $Bound['LiteralPath']) {
        $request.path = Resolve-PhsPath -Cmdlet $Cmdlet -Path $Bound['Path'] -LiteralPath $Bound['LiteralPath']
    }
    if ($Bound['ReferenceEvidence']) {
        $request.reference = New-PhsComparedSide -Cmdlet $Cmdlet -Evidence $Bound['ReferenceEvidence']
        $request.difference = New-PhsComparedSide -Cmdlet $Cmdlet -Evidence $Bound['DifferenceEvidence']
    }
    foreach ($name in 'HeartbeatHours', 'ErrorHours', 'PersistentErrors') {
        if ($Bound[$name]) {
            $options[(ConvertTo-PhsFieldName -Name $name)] = [int] $Bound[$name]
        }
    }
    # What the caller brings along: files that hold evidence, and what a cmdlet collected itself.
    $evidence = [ordered]@{}
    if ($Bound['EventPath']) {
        $evidence.eventPath = Resolve-PhsPath -Cmdlet $Cmdlet -Path $Bound['EventPath']
    }
    if ($Bound['EventLog']) {
        $evidence.events = $Bound['EventLog']
    }
    if ($evidence.Count -gt 0) {
        $request.evidence = $evidence
    }
    if ($Bound['LiveEvents']) {
        $request.events = $Bound['LiveEvents']
    }
    if ($Bound['Id']) {
        $request.ids = [uint32[]] $Bound['Id']
    }
    foreach ($name in 'StartTime', 'EndTime') {
        if ($Bound[$name]) {
            $request[(ConvertTo-PhsFieldName -Name $name)] = ConvertTo-PhsTimeText $Bound[$name]
        }
    }
    if ($Bound['CaCertificate']) {
        $request.caCertificate = Resolve-PhsPath -Cmdlet $Cmdlet -LiteralPath $Bound['CaCertificate']
    }
    if ($Bound['Step']) {
        $request.steps = [string[]] $Bound['Step']
    }
    foreach ($name in 'Server', 'Domain', 'ConnectorAccount', 'Encryption', 'DnsServer',
        'Identity', 'User', 'SearchBase') {
        if ($Bound[$name]) {
            $field = ConvertTo-PhsFieldName -Name $name
            if ($Bound[$name] -is [array]) {
                $request[$field] = [string[]] $Bound[$name]
            } else {
                $request[$field] = [string] $Bound[$name]
            }
        }
    }
    foreach ($name in 'TimeoutSec', 'ProbeTimeoutSec') {
        if ($Bound[$name]) {
            $request[(ConvertTo-PhsFieldName -Name $name)] = [int] $Bound[$name]
        }
    }
    if ($Bound['LDAPFilter']) {
        $request.ldapFilter = [string] $Bound['LDAPFilter']
    }
    if ($Bound['All']) {
        $request.all = $true
    }
    if ($Bound['IncludeCloud']) {
        $request.includeCloud = $true
        if ($Bound['Environment']) {
            $request.environment = [string] $Bound['Environment']
        }
    }
    if ($Bound['File']) {
        $request.file = [string] $Bound['File']
    }
    foreach ($name in 'Force', 'AllUsers', 'Redact') {
        if ($Bound[$name]) {
            $request[(ConvertTo-PhsFieldName -Name $name)] = $true
        }
    }
    if ($Bound['Evidence']) {
        Add-PhsEvidence -Cmdlet $Cmdlet -Evidence $Bound['Evidence'] -Request $request
    }
    $request
}

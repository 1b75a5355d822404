# The Connect server that the module itself runs on.

# What is known here of this Connect server, as evidence of a request; nothing on another machine.
function Get-PhsLocalEvidence {
    [CmdletBinding()]
    param(
        # See Get-PhsAdSync.
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $User
    )

    $place = Find-PhsAdSync
    if (-not $place) {
        return
    }
    $found = [ordered]@{ adsync = "$(Get-PhsLocalAnswer -Place $place -User $User)" }
    if (Test-PhsWindows) {
        $found.host = Get-PhsHost
    }
    $found
}

# What the service of this server tells of more users, for a run that has its configuration.
function Get-PhsLocalUser {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        # See Find-PhsAdSync.
        [Parameter(Mandatory)] [string] $Place
    )

    $users = @(Resolve-PhsUserName -Bound $Bound -Identity $Bound['Identity'] -ErrorAction Ignore -WarningAction Ignore)
    Get-PhsLocalAnswer -Place $Place -User $users -UsersOnly
}

# What the ADSync module answers, as JSON.
function Get-PhsLocalAnswer {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Place,
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $User,
        [Parameter()] [switch] $UsersOnly
    )

    if ($Place -eq 'Here') {
        return Get-PhsAdSync -User $User -UsersOnly:$UsersOnly
    }
    try {
        Invoke-PhsWindowsPowerShell -Script (Get-PhsCollectorScript) -User $User -UsersOnly:$UsersOnly
    } catch {
        # Told with every part that stays unknown.
        $refusal = @{ error = @{ reason = 'Unreadable'; detail = $_.Exception.Message } }
        ConvertTo-Json -Compress -Depth 4 -InputObject @{
            server = [System.Environment]::MachineName; collectedAt = [System.DateTime]::UtcNow.ToString('o')
            connectors = $refusal; rules = $refusal; settings = $refusal; scheduler = $refusal
        }
    }
}

# Whether this machine has a registry and services to read.
function Test-PhsWindows {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    [System.Environment]::OSVersion.Platform -eq 'Win32NT'
}

# The collector as a script of its own, for a PowerShell that does not have this module.
function Get-PhsCollectorScript {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $parts = foreach ($name in 'Get-PhsAdSync', 'Get-PhsAnswer', 'Get-PhsRefusal', 'Test-PhsAdSyncMember', 'ConvertTo-PhsText', 'Select-PhsMember', 'Get-PhsItem',
        'Test-PhsSecretName', 'ConvertTo-PhsBag', 'Test-PhsEntraConnector', 'ConvertTo-PhsConnector', 'ConvertTo-PhsRule', 'Get-PhsAdSyncUser', 'Find-PhsSpaceObject',
        'ConvertTo-PhsSpaceObject', 'ConvertTo-PhsAttribute') {
        'function {0} {{{1}}}' -f $name, (Get-Command -Name $name -CommandType Function).Definition
    }
    "param(`$User, `$UsersOnly)`n{0}`nGet-PhsAdSync -User `$User -UsersOnly:([bool] `$UsersOnly)" -f ($parts -join "`n")
}

# Runs a script in the Windows PowerShell that PowerShell 7 keeps for modules such as ADSync (about_Windows_PowerShell_Compatibility).
# Its proxies would hand over objects without their inner objects; the script's text comes back whole.
function Invoke-PhsWindowsPowerShell {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $User,
        [Parameter()] [switch] $UsersOnly
    )

    if ($PSVersionTable.PSEdition -ne 'Core') {
        return
    }
    $null = Import-Module -Name ADSync -UseWindowsPowerShell -PassThru -ErrorAction Stop -WarningAction SilentlyContinue
    $session = Get-PSSession -Name WinPSCompatSession -ErrorAction Stop | Select-Object -First 1
    $text = Invoke-Command -Session $session -ScriptBlock ([scriptblock]::Create($Script)) -ArgumentList @($User, [bool] $UsersOnly) -ErrorAction Stop
    "$text"
}

# Names of users with their distinguished names, as the directory finds them. Who is not found is told by the diagnosis that follows.
function Resolve-PhsUserName {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        [Parameter(Mandatory)] [string[]] $Identity
    )

    # The service knows users by distinguished name only; another name must not be looked up as one.
    $others = [System.Collections.Generic.List[string]]::new()
    foreach ($one in $Identity) {
        if ($one -match '^\s*([A-Za-z][\w-]*|[\d.]+)\s*=') { $one } else { $others.Add($one) }
    }
    if ($others.Count -eq 0 -or (-not $Bound['Server'] -and -not $Bound['Domain'])) {
        return
    }
    $asked = @{ Identity = $others.ToArray() }
    foreach ($name in 'Server', 'Domain', 'Credential', 'Encryption', 'CaCertificate', 'TimeoutSec') {
        if ($Bound[$name]) { $asked[$name] = $Bound[$name] }
    }
    $request = New-PhsRequest -Cmdlet $PSCmdlet -Bound $asked
    Invoke-PhsRun -Cmdlet $PSCmdlet -Function 'phs_test_user' -Request $request -Credential $Bound['Credential'] |
        ForEach-Object { @{ Identity = $_.Identity; DistinguishedName = $_.DistinguishedName } }
}

# Adds the events of this server, where the diagnostic judges or keeps them and no other log was named.
function Add-PhsLocalLog {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet
    )

    $asked = $Function -in 'phs_invoke_diagnostics', 'phs_export_evidence'
    if (-not $asked -or $Bound['EventPath'] -or ($Bound['Step'] -and 'Service' -notin $Bound['Step'])) {
        return
    }
    # A system without this command has no event log to read; the checks say so.
    if (-not (Get-Command -Name Get-WinEvent -ErrorAction Ignore)) {
        return
    }
    $log = Get-PhsLiveLog -Cmdlet $Cmdlet -Since (Get-PhsLogStart)
    if ($null -ne $log) {
        if (-not $Request['evidence']) {
            $Request.evidence = [ordered]@{}
        }
        $Request.evidence.events = $log
    }
}

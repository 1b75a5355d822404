# Sources of evidence that the machine or the parameters may hold: this Connect server, Microsoft Graph. Here it is told whether there
# is one; the scripts that ask it, those of Collect, are loaded where there is.

# How the ADSync module can be asked here: 'Here', 'WindowsPowerShell', or nothing where it is not installed.
function Find-PhsAdSync {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $module = Get-Module -Name ADSync -ListAvailable | Select-Object -First 1
    if ($null -eq $module) {
        return
    }
    if ($PSVersionTable.PSEdition -ne 'Core' -or $module.CompatiblePSEditions -contains 'Core') {
        return 'Here'
    }
    'WindowsPowerShell'
}

# Whether a diagnostic means this server: no other source of the configuration was named, and this is a Connect server.
function Test-PhsLocal {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Bound)

    foreach ($name in 'Path', 'LiteralPath', 'Evidence', 'ComputerName') {
        if ($Bound[$name]) { return $false }
    }
    [bool] (Find-PhsAdSync)
}

# Diagnostics that take this Connect server for their source where none is named, and those of them that do beside a live
# directory.
$script:LocalFunctions = @{
    phs_invoke_diagnostics      = $true
    phs_test_sign_in_method     = $false
    phs_test_staging_mode       = $false
    phs_test_service            = $false
    phs_get_connector_account   = $false
    phs_export_evidence         = $true
    phs_test_user               = $true
    phs_test_object_sync        = $true
    phs_test_temporary_password = $true
}

# Adds what is known of this Connect server to a request, where the diagnostic means it.
function Add-PhsLocalEvidence {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet
    )

    $live = [bool] ($Bound['Server'] -or $Bound['Domain'])
    if (-not $script:LocalFunctions.ContainsKey($Function) -or ($live -and -not $script:LocalFunctions[$Function]) -or
        -not (Test-PhsLocal -Bound $Bound)) {
        return
    }
    Import-PhsScript -Name Collect
    $users = @($Bound['Identity']) + @($Bound['User']) | Where-Object { $_ }
    if ($users) {
        $users = @(Resolve-PhsUserName -Bound $Bound -Identity $users -ErrorAction Ignore -WarningAction Ignore)
    }
    $local = Get-PhsLocalEvidence -User $users
    if ($null -ne $local) {
        if (-not $Request['evidence']) {
            $Request.evidence = [ordered]@{}
        }
        foreach ($name in $local.Keys) { $Request.evidence[$name] = $local[$name] }
    }
    Add-PhsLocalLog -Request $Request -Function $Function -Bound $Bound -Cmdlet $Cmdlet
}

# Opens the way to Microsoft Graph that the parameters name; nothing where they name none.
function Open-PhsGraph {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Bound)

    if ($null -eq $Bound['GraphToken'] -and -not $Bound['UseMgContext']) {
        return
    }
    Import-PhsScript -Name Collect
    New-PhsGraph -Bound $Bound
}

# Ends a way to Graph.
function Close-PhsGraph {
    [CmdletBinding()]
    param([Parameter()] [AllowNull()] [hashtable] $Graph)

    if ($null -eq $Graph) {
        return
    }
    if ($null -ne $Graph.Client) {
        $Graph.Client.Dispose()
        $Graph.Client = $null
    }
    if ($null -ne $Graph.Protocol) {
        [System.Net.ServicePointManager]::SecurityProtocol = $Graph.Protocol
        $Graph.Protocol = $null
    }
    $Graph.Token = $null
}

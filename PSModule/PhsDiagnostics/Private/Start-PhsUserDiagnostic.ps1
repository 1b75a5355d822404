# The users of one pipeline object for a cmdlet of steps B1 to B3, called from its process block: what is known of them is
# told before the next object is asked for. The run stays open in -Open until Complete-PhsUserDiagnostic, so that a whole
# pipeline reads its rules once and its users over the same connections.
function Start-PhsUserDiagnostic {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        # The function of the C ABI.
        [Parameter(Mandatory)] [string] $Function,
        # The cmdlet's $PSBoundParameters.
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        # The open run; empty at first.
        [Parameter(Mandatory)] [hashtable] $Open
    )

    if (-not $Open.ContainsKey('Place')) {
        $Open.Place = $(if (Test-PhsLocal -Bound $Bound) { Find-PhsAdSync })
    }
    $place = $Open.Place
    # A run that is open tells by itself of whom nothing is known.
    if (-not $Open['Ready']) {
        $named = $false
        if ($place -and $Bound['Identity']) {
            Import-PhsScript -Name Collect
            $named = @(Resolve-PhsUserName -Bound @{} -Identity $Bound['Identity']).Count -gt 0
        }
        if (-not $named -and -not (Assert-PhsDirectory -Cmdlet $Cmdlet -Bound $Bound)) {
            return
        }
    }
    if (-not $Cmdlet.MyInvocation.ExpectingInput) {
        Start-PhsDiagnostic -Cmdlet $Cmdlet -Function $Function -Bound $Bound
        return
    }
    if ($Open['Broken']) {
        # The directory could not be asked, as was told; asking again for each user would tell it as often.
        return
    }
    $kept = $false
    try {
        $fed = $false
        if ($Open['Ready']) {
            # What the service of this server holds of the user goes along.
            $service = $(if ($place) { Get-PhsLocalUser -Bound $Bound -Place $place })
            $fed = Send-PhsUser -Open $Open -Identity $Bound['Identity'] -Service $service
        }
        if (-not $fed) {
            Close-PhsRun -Open $Open
            $Open.Place = $place
            $request = New-PhsRequest -Cmdlet $Cmdlet -Bound $Bound
            $request.more = $true
            Add-PhsLocalEvidence -Request $request -Function $Function -Bound $Bound -Cmdlet $Cmdlet
            $graph = Open-PhsGraph -Bound $Bound
            if ($null -ne $graph) {
                $Open.Graph = $graph
                Import-PhsScript -Name Collect
                Add-PhsCloudEvidence -Request $request -Graph $graph -Brief
            }
            Open-PhsRun -Open $Open -Function $Function -Request $request -Credential $Bound['Credential']
        }
        Receive-PhsRun -Open $Open -Cmdlet $Cmdlet
        $kept = $Open.Ready
        if ($kept) {
            # The run has its own copy, which it wipes when it ends: nothing is left behind where the pipeline breaks elsewhere.
            Close-PhsSecret -Open $Open
        }
    } catch {
        Assert-PhsForeignError -Cmdlet $Cmdlet -Function $Function -Problem $_
        throw
    } finally {
        if (-not $kept) {
            Close-PhsRun -Open $Open
            $Open.Broken = $true
        }
    }
}

# The end of a pipeline of users.
function Complete-PhsUserDiagnostic {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [hashtable] $Open
    )

    if (-not $Open['Ready']) {
        return
    }
    try {
        $null = Send-PhsInput -Open $Open -Bytes ([byte[]]::new(0))
        Receive-PhsRun -Open $Open -Cmdlet $Cmdlet
    } finally {
        Close-PhsRun -Open $Open
    }
}

# Gives more users to an open run. $false where the run is over, as it is after a minute of silence.
function Send-PhsUser {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Open,
        [Parameter(Mandatory)] [string[]] $Identity,
        # What the ADSync module tells of them, as JSON.
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Service
    )

    $more = [ordered]@{ identity = $Identity }
    if ($Service) {
        $more.adsync = $Service
    }
    $json = ConvertTo-Json -InputObject $more -Compress
    Send-PhsInput -Open $Open -Bytes ([System.Text.UTF8Encoding]::new($false).GetBytes($json))
}

# Feeds an open run; $false where it is over.
function Send-PhsInput {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Open,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes
    )

    $functions = $Open.Interop.Functions
    $problem = [System.Activator]::CreateInstance($Open.Interop.Buffer)
    try {
        $status = $functions::phs_run_feed($Open.Run, $Bytes, [System.UIntPtr]::new([uint64] $Bytes.Length), [ref] $problem)
        Assert-PhsStatus -Status $status -Problem (Read-PhsBuffer $problem) -Function 'phs_run_feed' -Interop $Open.Interop
    } finally {
        $functions::phs_buffer_free([ref] $problem)
    }
    $status -eq 0
}

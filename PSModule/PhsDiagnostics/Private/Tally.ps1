# The answer of -Quiet: $true only if no unsuppressed finding is Failed or Error, every requested step has at least one
# Passed, and the run itself came to its end without an error. Names the unanswered steps in a warning.
function Test-PhsTally {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [hashtable] $Tally,
        [Parameter()] [switch] $WarningAsFailure
    )

    $summary = $Tally.Summary
    $ended = $null -ne $summary -and -not $summary.Cancelled
    if (-not $ended -or $Tally.Errors -gt 0) {
        $Cmdlet.WriteWarning((Get-PhsString UnansweredRun))
    }
    if ($ended -and $summary.UnansweredSteps.Count -gt 0) {
        $Cmdlet.WriteWarning((Get-PhsString Unanswered) -f ($summary.UnansweredSteps -join ', '))
    }
    $ended -and $Tally.Errors -eq 0 -and $summary.Failed -eq 0 -and $summary.Errors -eq 0 -and
    $summary.Passed -gt 0 -and $summary.UnansweredSteps.Count -eq 0 -and
    -not ($WarningAsFailure -and $summary.Warnings -gt 0)
}

# Whether the parameters name a directory to read users from; if not, tells what to give.
function Assert-PhsDirectory {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound
    )

    if ($Bound['Server'] -or $Bound['Domain'] -or $Bound['Evidence']) {
        return $true
    }
    $Cmdlet.ThrowTerminatingError((New-PhsErrorRecord -Id 'Phs.Request.NoDirectory' -Category InvalidArgument `
                -Target $Cmdlet.MyInvocation.MyCommand.Name -Message (Get-PhsString NoDirectory) `
                -RecommendedAction (Get-PhsString NoDirectoryAction)))
}

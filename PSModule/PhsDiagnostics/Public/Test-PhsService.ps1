function Test-PhsService {
    <#
    .SYNOPSIS
    Judges the service behind password hash sync: its heartbeat, its errors, its credential for the cloud.

    .DESCRIPTION
    Reads the agent's events from a file (-EventPath) or, on the Connect server, from the live Application log, and tells
    connector by connector whether the agent was active (PHS801), which errors are open, grouped by cause, domain and
    domain controller (PHS802), whether the first synchronization has finished (PHS807), and whether the credential for
    the cloud works (PHS808). Any activity counts as life; an error that a later success answers is stale; a log that
    does not reach back far enough, or of which a part could not be read, is no proof of silence.

    With a server configuration export (-Path) it knows which connectors owe a heartbeat, and judges the build.

    .PARAMETER Path
    The folder of a server configuration export. Wildcards are allowed where they match one folder.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER Evidence
    An evidence file: its path, or what Import-PhsEvidence gives, from the pipeline too. It is judged as on the day on which it was
    collected, with no network.

    .PARAMETER EventPath
    An .evtx file or an XML export of the whole Application log of the Connect server. The findings are of the time of its
    newest record. Without it, and without an export, the live log of this machine is read.

    .PARAMETER ComputerName
    Another server whose Application log is read, over the network.

    .PARAMETER HeartbeatHours
    How long the agent may be silent; 3 hours where it is left out.

    .PARAMETER ErrorHours
    How far back errors count; 2 hours where it is left out.

    .PARAMETER PersistentErrors
    As many errors of one cause in that time are persistent and 'Failed'; fewer may be transient and are a 'Warning'. 5 where
    it is left out.

    .PARAMETER Suppress
    Findings that are known and accepted: a check id (PHS802), a check id and target (PHS801:contoso.com), or the
    beginning of a fingerprint (12 characters or more). They are still emitted, marked as suppressed.

    .EXAMPLE
    Test-PhsService -EventPath ./Application.evtx -Path ./Contoso/Production

    Judges a log that was saved on the Connect server (wevtutil epl Application Application.evtx).

    .EXAMPLE
    Test-PhsService

    Judges the Connect server that it runs on.

    .EXAMPLE
    Test-PhsService -EventPath ./Application.evtx -ErrorHours 24 -PersistentErrors 10 | Where-Object CheckId -EQ 'PHS802'

    Looks at the errors of a whole day.

    .OUTPUTS
    PhsDiagnostics.Finding

    .LINK
    Get-PhsEvent

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    [OutputType('PhsDiagnostics.Finding')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'Path')]
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

        [Parameter()]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $EventPath,

        [Parameter()]
        [ValidateNotNullOrEmpty()]
        [string] $ComputerName,

        [Parameter()]
        [ValidateRange(1, 8760)]
        [int] $HeartbeatHours,

        [Parameter()]
        [ValidateRange(1, 8760)]
        [int] $ErrorHours,

        [Parameter()]
        [ValidateRange(1, 65535)]
        [int] $PersistentErrors,

        [Parameter()]
        [string[]] $Suppress
    )

    process {
        $bound = @{} + $PSBoundParameters
        $elsewhere = $Path -or $LiteralPath -or $null -ne $Evidence
        if (-not $EventPath -and ($ComputerName -or -not $elsewhere)) {
            Import-PhsScript -Name Collect
            $bound.EventLog = Get-PhsLiveLog -Cmdlet $PSCmdlet -ComputerName $ComputerName `
                -Since (Get-PhsLogStart -HeartbeatHours $HeartbeatHours -ErrorHours $ErrorHours)
            if (-not $bound.EventLog -and -not $elsewhere -and ($ComputerName -or -not (Find-PhsAdSync))) {
                # Why there is no log was told; there is nothing else to judge.
                return
            }
        }
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_test_service' -Bound $bound
    }
}

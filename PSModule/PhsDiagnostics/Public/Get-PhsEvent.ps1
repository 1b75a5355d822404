function Get-PhsEvent {
    <#
    .SYNOPSIS
    Reads the events of password hash sync, from a file or from the live log, with their texts understood.

    .DESCRIPTION
    Reads events of the providers 'Directory Synchronization' and 'ADSync': from an .evtx file or an XML export
    (wevtutil, Event Viewer) on any system, from the Application log on Windows, or from records of Get-WinEvent that come
    through the pipeline. Each event tells what its id means; domain, domain controller, error codes, connectors and users
    stand in properties of their own, whatever the build's wording. A damaged part of a file is told as an error with its
    offset, and everything else is read. Events of a file come oldest first.

    .PARAMETER Path
    An .evtx file or an XML export of an event log. Wildcards are allowed where they match one file.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .PARAMETER ComputerName
    Another server whose Application log is read, over the network. Without it the log of this machine is read.

    .PARAMETER InputObject
    Records of Get-WinEvent, also from a remoting session.

    .PARAMETER Id
    Only events with these ids.

    .PARAMETER StartTime
    Only events at this time or later. From a live log the last 24 hours are read where it is left out.

    .PARAMETER EndTime
    Only events at this time or earlier.

    .EXAMPLE
    Get-PhsEvent -Path ./Application.evtx -Id 611, 652, 655 | Group-Object -Property Domain, Code

    Counts the errors in a log by domain and code.

    .EXAMPLE
    Get-PhsEvent -Path ./Application.evtx -Id 657 | Select-Object -ExpandProperty Users | Where-Object Result -NE 'Success'

    Shows the users whose password the cloud did not take.

    .EXAMPLE
    Get-PhsEvent -StartTime (Get-Date).AddHours(-3)

    Shows what the agent did in the last three hours, on the Connect server.

    .EXAMPLE
    Invoke-Command -ComputerName sync1 -ScriptBlock { Get-WinEvent -ProviderName 'Directory Synchronization' -MaxEvents 500 } |
        Get-PhsEvent

    Understands events that were read on another server.

    .OUTPUTS
    PhsDiagnostics.Event

    .LINK
    Test-PhsService

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding(DefaultParameterSetName = 'Live')]
    [OutputType('PhsDiagnostics.Event')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string] $LiteralPath,

        [Parameter(ParameterSetName = 'Live')]
        [ValidateNotNullOrEmpty()]
        [string] $ComputerName,

        [Parameter(Mandatory, ParameterSetName = 'Record', ValueFromPipeline)]
        [psobject] $InputObject,

        [Parameter()]
        [uint32[]] $Id,

        [Parameter()]
        [datetime] $StartTime,

        [Parameter()]
        [datetime] $EndTime
    )

    begin {
        $bound = @{}
        foreach ($name in 'Id', 'StartTime', 'EndTime') {
            if ($PSBoundParameters.ContainsKey($name)) {
                $bound[$name] = $PSBoundParameters[$name]
            }
        }
        # Records go to the library some at a time: a log may be long.
        $page = [System.Collections.Generic.List[object]]::new()
        $source = $null
        $cmdlet = $PSCmdlet
        $send = {
            $log = [ordered]@{ source = $source; records = $page.ToArray() }
            $page.Clear()
            Start-PhsDiagnostic -Cmdlet $cmdlet -Function 'phs_get_event' -Bound ($bound + @{ LiveEvents = $log })
        }
    }

    process {
        switch ($PSCmdlet.ParameterSetName) {
            'Record' {
                # A file from the pipeline is a path, though it binds as any object does.
                $file = $InputObject.PSObject.BaseObject
                if ($file -is [System.IO.FileInfo]) {
                    Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_get_event' -Bound ($bound + @{ LiteralPath = $file.FullName })
                    return
                }
                Import-PhsScript -Name Collect
                try {
                    $row = ConvertTo-PhsEventRow -InputObject $InputObject
                } catch {
                    $PSCmdlet.WriteError($_)
                    return
                }
                $from = if ($row['computer']) { $row.computer } else { 'pipeline' }
                if ($page.Count -gt 0 -and ($from -ne $source -or $page.Count -ge 500)) {
                    & $send
                }
                $source = $from
                $page.Add($row)
            }
            'Live' {
                $query = @{}
                foreach ($pair in @{ ComputerName = 'ComputerName'; Id = 'Id'; StartTime = 'Since'; EndTime = 'Until' }.GetEnumerator()) {
                    if ($PSBoundParameters.ContainsKey($pair.Key)) {
                        $query[$pair.Value] = $PSBoundParameters[$pair.Key]
                    }
                }
                if (-not $query.ContainsKey('Since')) {
                    $query.Since = [datetime]::UtcNow.AddHours(-24)
                }
                $source = if ($ComputerName) { $ComputerName } else { [System.Environment]::MachineName }
                Import-PhsScript -Name Collect
                try {
                    Read-PhsWinEvent @query | ConvertTo-PhsEventRow | ForEach-Object -Process {
                        $page.Add($_)
                        if ($page.Count -ge 500) {
                            & $send
                        }
                    }
                } catch {
                    if ($_.FullyQualifiedErrorId -like '*,Get-PhsEvent') {
                        throw
                    }
                    $PSCmdlet.ThrowTerminatingError((ConvertTo-PhsEventError -ErrorRecord $_ -ComputerName $source))
                }
            }
            default {
                Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_get_event' -Bound $PSBoundParameters
            }
        }
    }

    end {
        if ($page.Count -gt 0) {
            & $send
        }
    }
}

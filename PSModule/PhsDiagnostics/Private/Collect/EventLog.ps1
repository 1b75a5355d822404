# Reading the live event log of a Connect server with Get-WinEvent.

# The providers of the agent and the engine, and the log that they write to.
$script:EventProvider = 'Directory Synchronization', 'ADSync'
$script:EventLogName = 'Application'

# The events of the agent and the engine on this machine or another one since a time: for 'evidence.events' of a request.
# Nothing where the log cannot be read, which is told as an error of the cmdlet: the rest of a run goes on.
function Get-PhsLiveLog {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [datetime] $Since,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $ComputerName
    )

    $computer = if ($ComputerName) { $ComputerName } else { [System.Environment]::MachineName }
    try {
        $now = [datetime]::UtcNow
        # A log that was overwritten cannot answer for the time before its oldest record.
        $oldest = @(Read-PhsWinEvent -ComputerName $ComputerName -Oldest)
        $records = @(Read-PhsWinEvent -ComputerName $ComputerName -Since $Since | ConvertTo-PhsEventRow)
    } catch {
        $Cmdlet.WriteError((ConvertTo-PhsEventError -ErrorRecord $_ -ComputerName $computer))
        return
    }
    $log = [ordered]@{
        source     = '{0}\{1}' -f $computer, $script:EventLogName
        observedAt = ConvertTo-PhsTimeText $now
        readSince  = ConvertTo-PhsTimeText $Since
        records    = $records
    }
    if ($oldest.Count -gt 0) {
        $log.oldestRecord = ConvertTo-PhsTimeText $oldest[0].TimeCreated
    }
    $log
}

# Get-WinEvent with a filter that the log itself applies; by XPath, since a filter by provider name fails where the provider
# is not registered. -Oldest gives the oldest record of the log, whoever wrote it. A log without a match gives nothing.
function Read-PhsWinEvent {
    [CmdletBinding()]
    param(
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $ComputerName,
        [Parameter()] [switch] $Oldest,
        [Parameter()] [System.Nullable[datetime]] $Since,
        [Parameter()] [System.Nullable[datetime]] $Until,
        [Parameter()] [AllowNull()] [uint32[]] $Id
    )

    if (-not (Get-Command -Name Get-WinEvent -ErrorAction Ignore)) {
        throw (New-PhsErrorRecord -Id 'Phs.Event.NotSupported' -Category NotImplemented -Target 'Get-WinEvent' `
                -Message (Get-PhsString EventNotSupported) -RecommendedAction (Get-PhsString EventNotSupportedAction))
    }
    $query = @{ LogName = $script:EventLogName; Oldest = $true; ErrorAction = 'Stop' }
    if ($ComputerName) {
        $query.ComputerName = $ComputerName
    }
    if ($Oldest) {
        $query.MaxEvents = 1
    } else {
        $names = @($script:EventProvider | ForEach-Object -Process { "@Name='$_'" })
        $conditions = @('Provider[{0}]' -f ($names -join ' or '))
        # An XPath filter of the event log takes some twenty terms; the library looks at the ids in any case.
        if ($Id -and $Id.Count -le 16) {
            $conditions += '({0})' -f (@($Id | ForEach-Object -Process { "EventID=$_" }) -join ' or ')
        }
        if ($null -ne $Since) {
            $conditions += "TimeCreated[@SystemTime>='{0}']" -f (ConvertTo-PhsTimeText $Since)
        }
        if ($null -ne $Until) {
            $conditions += "TimeCreated[@SystemTime<='{0}']" -f (ConvertTo-PhsTimeText $Until)
        }
        $query.FilterXPath = '*[System[{0}]]' -f ($conditions -join ' and ')
    }
    try {
        Get-WinEvent @query
    } catch {
        if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') {
            throw
        }
    }
}

# A record of Get-WinEvent as the library takes it, also one that came through a remoting session.
function ConvertTo-PhsEventRow {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param([Parameter(Mandatory, ValueFromPipeline)] [psobject] $InputObject)

    process {
        $time = Get-PhsProperty $InputObject 'TimeCreated'
        $provider = Get-PhsProperty $InputObject 'ProviderName'
        if ($time -isnot [datetime] -or -not $provider) {
            throw (New-PhsErrorRecord -Id 'Phs.Event.NotARecord' -Category InvalidArgument -Target $InputObject `
                    -Message ((Get-PhsString EventNotARecord) -f $InputObject.PSObject.TypeNames[0]) `
                    -RecommendedAction (Get-PhsString EventNotARecordAction))
        }
        $text = [string] (Get-PhsProperty $InputObject 'Message')
        if (-not $text) {
            # Without the provider's message file there is no message; the agent's whole text is its first string.
            $strings = foreach ($property in @(Get-PhsProperty $InputObject 'Properties')) {
                $value = Get-PhsProperty $property 'Value'
                if ($value -is [string]) { $value }
            }
            $text = @($strings) -join "`n"
        }
        $row = [ordered]@{
            id       = [uint32] (Get-PhsProperty $InputObject 'Id')
            provider = [string] $provider
            time     = ConvertTo-PhsTimeText $time
            message  = $text
        }
        $record = Get-PhsProperty $InputObject 'RecordId'
        if ($null -ne $record) {
            $row.recordId = [uint64] $record
        }
        $level = Get-PhsProperty $InputObject 'Level'
        if ($null -ne $level) {
            $row.level = [byte] $level
        }
        $computer = Get-PhsProperty $InputObject 'MachineName'
        if ($computer) {
            $row.computer = [string] $computer
        }
        $row
    }
}

# A property's value, or nothing where there is no such property.
function Get-PhsProperty {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [AllowNull()] [psobject] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string] $Name
    )

    if ($null -ne $InputObject) {
        $property = $InputObject.PSObject.Properties[$Name]
        if ($property) {
            $property.Value
        }
    }
}

# What Get-WinEvent refused, by its type and id: its words are of the system's language.
function ConvertTo-PhsEventError {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord,
        [Parameter(Mandatory)] [string] $ComputerName
    )

    if ($ErrorRecord.FullyQualifiedErrorId -like 'Phs.*') {
        return $ErrorRecord
    }
    $exception = $ErrorRecord.Exception.GetBaseException()
    if ($exception -is [System.UnauthorizedAccessException]) {
        $id = 'Phs.Event.NotPermitted'
        $category = 'PermissionDenied'
        $message = Get-PhsString EventLogNotPermitted
        $action = Get-PhsString EventLogNotPermittedAction
    } elseif ($ErrorRecord.FullyQualifiedErrorId -like 'NoMatchingLogsFound*' -or $exception.GetType().Name -eq 'EventLogNotFoundException') {
        $id = 'Phs.Event.NotFound'
        $category = 'ObjectNotFound'
        $message = Get-PhsString EventLogNotFound
        $action = Get-PhsString EventLogNotFoundAction
    } else {
        $id = 'Phs.Event.Unreadable'
        $category = 'ResourceUnavailable'
        $message = Get-PhsString EventLogUnreadable
        $action = Get-PhsString EventLogUnreadableAction
    }
    New-PhsErrorRecord -Id $id -Category $category -Target ('{0}\{1}' -f $ComputerName, $script:EventLogName) `
        -Message ($message -f $script:EventLogName, $ComputerName, $exception.Message) -RecommendedAction $action
}

# How far back a live log is read for judging: both windows, and a week for a first synchronization that never finished.
function Get-PhsLogStart {
    [CmdletBinding()]
    [OutputType([datetime])]
    param(
        [Parameter()] [int] $HeartbeatHours,
        [Parameter()] [int] $ErrorHours
    )

    $hours = [System.Math]::Max(168, [System.Math]::Max($HeartbeatHours, $ErrorHours) + 1)
    [datetime]::UtcNow.AddHours(-$hours)
}

# The event log: files, live records, and what the service step makes of them.

BeforeDiscovery {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
    $script:Troubled = [System.IO.Path]::Combine($script:Root, 'samples', 'troubled.evtx')

    # Records as Get-WinEvent gives them, for a Get-WinEvent of ours in a process of its own.
    $script:Prelude = @'
        Set-StrictMode -Version Latest
        $global:Asked = [System.Collections.Generic.List[hashtable]]::new()
        function New-Record {
            param([int] $Id, [double] $MinutesAgo, [string] $Message, [string] $Provider = 'Directory Synchronization')
            [pscustomobject]@{
                Id = $Id; ProviderName = $Provider; TimeCreated = [datetime]::Now.AddMinutes(-$MinutesAgo); RecordId = [long] 7
                Level = [byte] 4; MachineName = 'SYNC1'; Message = $Message; Properties = @([pscustomobject]@{ Value = $Message })
            }
        }
        function global:Get-WinEvent {
            param($LogName, $FilterXPath, $MaxEvents, [switch] $Oldest, $ComputerName, $ErrorAction)
            $global:Asked.Add(@{ Filter = "$FilterXPath"; MaxEvents = $MaxEvents; ComputerName = "$ComputerName"; LogName = $LogName })
            if ($global:Refusal) { throw $global:Refusal }
            $records = if ($MaxEvents) { $global:First } else { $global:Records }
            if (-not $records) {
                throw [System.Management.Automation.ErrorRecord]::new([System.Exception]::new('Keine Ereignisse gefunden.'),
                    'NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand', 'ObjectNotFound', $null)
            }
            $records
        }
        $global:Refusal = $null
        $global:First = New-Record 1 ([double] $OldestHours * 60) 'x' 'Other'
'@

    function Invoke-Live {
        param([string] $Script, [double] $OldestHours = 200)
        $text = "param(`$Module, `$Export, `$OldestHours)`n$script:Prelude`nImport-Module -Name `$Module`n$Script"
        $run = Invoke-Fresh -Script ([scriptblock]::Create($text)) -Parameter @{
            Module = $script:ModulePath; Export = $script:Healthy; OldestHours = $OldestHours
        }
        $run.Problem | Should -BeNullOrEmpty
        $run.Value
    }
}

Describe 'Get-PhsEvent' {
    BeforeAll {
        $events = @(Get-PhsEvent -Path $script:Troubled)
    }

    It 'reads a saved log, oldest event first' -Tag Smoke {
        $events.Count | Should -Be 115
        $events[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.Event'
        $events[0].Time.Kind | Should -Be 'Utc'
        @($events.Time | Sort-Object) | Should -Be @($events.Time)
        @($events.Provider | Select-Object -Unique) | Should -Be 'Directory Synchronization', 'ADSync'
    }

    It 'gives what a text holds as properties' -Tag Smoke {
        $denied = @($events | Where-Object Id -EQ 611)
        $denied.Count | Should -Be 7
        $denied[0].Domain | Should -Be 'fabrikam.com'
        $denied[0].DomainController | Should -Be 'dc1.fabrikam.com'
        $denied[0].Address | Should -Be '192.0.2.10'
        $denied[0].Code | Should -Be 8453
        $denied[0].Call | Should -Be '_IDL_DRSGetNCChanges'
        $denied[0].Exceptions | Should -Be 'SynchronizationManagerException', 'DrsException'
        $denied[0].Level | Should -Be 'Error'
        $denied[0].IsActivity | Should -BeFalse
        $denied[0].Meaning | Should -Not -BeNullOrEmpty
        $denied[0].Message | Should -BeLike '*OnGetChanges*'
        $answer = $events | Where-Object Id -EQ 657
        $answer.Users.Count | Should -Be 2
        $answer.Users[0].DistinguishedName | Should -Be 'CN=Berg\, Kari\, Result : x,OU=Sales & Øst <1>,DC=fabrikam,DC=com'
        $answer.Users[1].Result | Should -Be 'FilteredByTarget'
        $answer.Users[1].MustChange | Should -BeTrue
        $answer.Connectors[0] | Should -BeOfType guid
        ($events | Where-Object Id -EQ 655).SignInCode | Should -Be 'AADSTS50126'
    }

    It 'filters by id and time' {
        $newest = ($events | Select-Object -Last 1).Time
        $found = @(Get-PhsEvent -Path $script:Troubled -Id 611, 654 -StartTime $newest.AddMinutes(-20) -EndTime $newest.AddMinutes(-3).ToLocalTime())
        @($found.Id | Sort-Object -Unique) | Should -Be 611, 654
        foreach ($event in $found) {
            $event.Time | Should -BeGreaterOrEqual $newest.AddMinutes(-20)
            $event.Time | Should -BeLessOrEqual $newest.AddMinutes(-3)
        }
        $found.Count | Should -BeLessThan $events.Count
    }

    It 'takes wildcards, items from the pipeline and paths as they stand' {
        @(Get-PhsEvent -Path ($script:Troubled -replace 'troubled', 'tr*bled')).Count | Should -Be $events.Count
        @(Get-Item -LiteralPath $script:Troubled | Get-PhsEvent).Count | Should -Be $events.Count
        @(Get-PhsEvent -LiteralPath $script:Troubled | Select-Object -First 3).Count | Should -Be 3
    }

    It 'reads XML with and without a root element' {
        $xml = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='directory synchronization'/><EventID>654</EventID><TimeCreated SystemTime='2026-03-01T10:00:00.1234567Z'/></System><EventData><Data>x</Data></EventData></Event>"
        $file = [System.IO.Path]::Combine($TestDrive, 'log.xml')
        foreach ($text in "$xml`r`n$xml", "<?xml version=`"1.0`"?><Events>$xml$xml</Events>") {
            foreach ($encoding in [System.Text.Encoding]::Unicode, [System.Text.UTF8Encoding]::new($true), [System.Text.UTF8Encoding]::new($false)) {
                [System.IO.File]::WriteAllText($file, ($text -replace '<\?xml.*?\?>'), $encoding)
                $found = @(Get-PhsEvent -Path $file)
                $found.Count | Should -Be 2
                $found[0].Time.Ticks | Should -Be ([datetime]::new(2026, 3, 1, 10, 0, 0).AddTicks(1234567).Ticks)
            }
        }
    }

    It 'names the offset of a damaged part and reads the rest' {
        $file = [System.IO.Path]::Combine($TestDrive, 'damaged.evtx')
        $bytes = [System.IO.File]::ReadAllBytes($script:Troubled)
        $bytes[4096 + 65536 + 3000] = $bytes[4096 + 65536 + 3000] -bxor 255
        [System.IO.File]::WriteAllBytes($file, $bytes)
        $found = @(Get-PhsEvent -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue)
        Get-ErrorId $problem[0] | Should -Be 'Phs.Event.Damaged'
        $problem[0].Exception.Message | Should -BeLike '*69632*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $found.Count | Should -BeGreaterThan 10
        $found.Count | Should -BeLessThan $events.Count
    }

    It 'names what is wrong with a file: <Id>' -ForEach @(
        @{ Id = 'Phs.Event.NotFound'; Text = $null }
        @{ Id = 'Phs.Event.Empty'; Text = '' }
        @{ Id = 'Phs.Event.NotALog'; Text = "Level,Date and Time,Source`r`n" }
        @{ Id = 'Phs.Event.NoEvents'; Text = '<html/>' }
    ) {
        $file = [System.IO.Path]::Combine($TestDrive, "$Id.txt")
        if ($null -ne $Text) { [System.IO.File]::WriteAllText($file, $Text) }
        $null = Get-PhsEvent -Path $file -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-ErrorId $problem[0] | Should -Be $Id
        "$($problem[0].TargetObject)" | Should -Be $file
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'shows time, id, level, code and meaning' {
        $text = $events | Where-Object Id -In 611, 655 | Select-Object -First 2 | Out-String -Width 160
        $text | Should -BeLike '*611*Error*8453*dc1.fabrikam.com*'
        $text | Should -BeLike '*AADSTS50126*'
        $text | Should -Match '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'
    }

    It 'takes records from the pipeline, also from a remoting session' {
        $record = [pscustomobject]@{
            Id = 611; ProviderName = 'Directory Synchronization'; TimeCreated = [datetime]::SpecifyKind([datetime]::new(2026, 3, 1, 10, 0, 0), 'Local')
            RecordId = 12; Level = 2; MachineName = 'SYNC1'; Message = 'failed for domain: contoso.com. RPC Error 1722'
        }
        $file = [System.IO.Path]::Combine($TestDrive, 'records.xml')
        1..1201 | ForEach-Object { $record } | Export-Clixml -LiteralPath $file
        $found = @(Import-Clixml -LiteralPath $file | Get-PhsEvent)
        $found.Count | Should -Be 1201
        $found[0].Code | Should -Be 1722
        $found[0].Domain | Should -Be 'contoso.com'
        $found[0].Time | Should -Be $record.TimeCreated.ToUniversalTime()
        $found[0].Source | Should -Be 'SYNC1'
        $null = 'no record' | Get-PhsEvent -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-ErrorId $problem[-1] | Should -Be 'Phs.Event.NotARecord'
    }
}

Describe 'Test-PhsService on a saved log' {
    BeforeAll {
        $findings = @(Test-PhsService -EventPath $script:Troubled -Path $script:Healthy)
        function Get-One {
            param([string] $Id)
            $findings | Where-Object CheckId -EQ $Id
        }
    }

    It '<Id> is <Outcome>' -Tag Smoke -ForEach @(
        @{ Id = 'PHS801'; Outcome = 'Passed' }
        @{ Id = 'PHS802'; Outcome = 'Failed' }
        @{ Id = 'PHS807'; Outcome = 'Passed' }
        @{ Id = 'PHS808'; Outcome = 'Passed' }
    ) {
        @(Get-One $Id).Count | Should -Be 1
        (Get-One $Id).Outcome | Should -Be $Outcome
    }

    It 'names cause, connector, domain and domain controller of the errors' {
        $finding = Get-One PHS802
        $finding.Target | Should -Be 'access-denied (fabrikam.com / fabrikam.com / dc1.fabrikam.com)'
        $finding.Message | Should -BeLike '*8453*7 times*'
        $finding.Remediation | Should -Not -BeNullOrEmpty
        ($finding.Evidence | Where-Object Attribute -EQ 'call').Value | Should -Be '_IDL_DRSGetNCChanges'
    }

    It 'takes its windows from the parameters' {
        $one = Test-PhsService -EventPath $script:Troubled -Path $script:Healthy -PersistentErrors 8 | Where-Object CheckId -EQ 'PHS802'
        $one.Outcome | Should -Be 'Warning'
        $day = Test-PhsService -EventPath $script:Troubled -HeartbeatHours 30 -ErrorHours 30
        # The log is 26 hours long.
        ($day | Where-Object CheckId -EQ 'PHS808').Outcome | Should -Be 'Skipped'
        { Test-PhsService -EventPath $script:Troubled -ErrorHours 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,Test-PhsService'
    }

    It 'is the step Service of Invoke-PhsDiagnostics -EventPath' {
        $whole = @(Invoke-PhsDiagnostics -Path $script:Healthy -EventPath $script:Troubled)
        @($whole | Where-Object Step -EQ 'Service').Fingerprint | Should -Be $findings.Fingerprint
        @($whole | Where-Object Step -EQ 'A2').Count | Should -BeGreaterThan 0
        @(Invoke-PhsDiagnostics -EventPath $script:Troubled -Step Service | Where-Object CheckId -EQ 'PHS802').Outcome | Should -Be 'Failed'
    }

    It 'is answered without a log where an export alone is given' {
        $alone = Test-PhsService -Path $script:Healthy
        ($alone | Where-Object CheckId -EQ 'PHS801').SkipReason | Should -Be 'EvidenceMissing'
    }

    It 'tells a log that cannot be read, and judges the rest' {
        $found = Test-PhsService -EventPath "$TestDrive/nowhere.evtx" -Path $script:Healthy -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-ErrorId $problem[0] | Should -Be 'Phs.Event.NotFound'
        ($found | Where-Object CheckId -EQ 'PHS806').Outcome | Should -BeIn 'Passed', 'Warning'
    }
}

Describe 'The live log' {
    It 'is read by provider and time, newest state and oldest record' {
        $given = Invoke-Live @'
            $global:Records = @((New-Record 654 10 'Ping end'), (New-Record 611 5 'failed for domain: contoso.com. RPC Error 1722'))
            $found = Test-PhsService -ComputerName sync1
            ConvertTo-Json -Compress @{ Asked = $global:Asked; Found = @($found | Select-Object CheckId, Outcome, Target) } -Depth 4
'@
        $outcome = @{}
        foreach ($finding in $given.Found) { $outcome[$finding.CheckId] = $finding.Outcome }
        $outcome.PHS801 | Should -Be 'Passed'
        $outcome.PHS802 | Should -Be 'Warning'
        $filter = @($given.Asked.Filter | Where-Object { $_ })
        $filter.Count | Should -Be 1
        $filter[0] | Should -BeLike "*@Name='Directory Synchronization'*@Name='ADSync'*TimeCreated*"
        $given.Asked.LogName | Should -Be 'Application', 'Application'
        $given.Asked.ComputerName | Should -Be 'sync1', 'sync1'
        $given.Asked.MaxEvents | Should -Contain 1
    }

    It 'that was overwritten or holds nothing proves nothing, or silence' {
        $script = @'
            $global:Records = @()
            $found = Test-PhsService
            ConvertTo-Json -Compress @($found | Where-Object CheckId -EQ PHS801 | Select-Object Outcome, SkipReason)
'@
        (Invoke-Live $script -OldestHours 1).SkipReason | Should -Be 'EvidenceMissing'
        (Invoke-Live $script -OldestHours 100).Outcome | Should -Be 'Failed'
    }

    It 'comes deserialised, and without message files, just as well' {
        $given = Invoke-Live @'
            $records = @((New-Record 654 10 'Ping end'), (New-Record 655 2 '... AADSTS50126'))
            $records[1].Message = $null
            $text = [System.Management.Automation.PSSerializer]::Serialize($records, 3)
            $global:Records = @([System.Management.Automation.PSSerializer]::Deserialize($text))
            $events = Get-PhsEvent
            ConvertTo-Json -Compress @{ Codes = @($events.SignInCode); Ids = @($events.Id); Kind = "$($events[0].Time.Kind)"
                Late = ([datetime]::UtcNow - $events[0].Time).TotalMinutes }
'@
        $given.Ids | Should -Be 654, 655
        $given.Codes[1] | Should -Be 'AADSTS50126'
        $given.Kind | Should -Be 'Utc'
        [System.Math]::Abs($given.Late - 10) | Should -BeLessThan 5
    }

    It 'that is refused is told by its kind: <Id>' -ForEach @(
        @{ Id = 'Phs.Event.NotPermitted'; Refusal = '[System.UnauthorizedAccessException]::new("Versuch, einen nicht autorisierten Vorgang auszuführen.")' }
        @{ Id = 'Phs.Event.NotFound'; Refusal = '[System.Management.Automation.ErrorRecord]::new([System.Exception]::new("x"), "NoMatchingLogsFound,GetWinEvent", "ObjectNotFound", $null)' }
        @{ Id = 'Phs.Event.Unreadable'; Refusal = '[System.Exception]::new("Der RPC-Server ist nicht verfügbar.")' }
    ) {
        $given = Invoke-Live @"
            `$global:Refusal = $Refusal
            `$found = Test-PhsService -ErrorVariable problem -ErrorAction SilentlyContinue
            `$with = Test-PhsService -Path `$Export -ComputerName sync1 -ErrorVariable again -ErrorAction SilentlyContinue
            `$events = try { Get-PhsEvent } catch { `$_.FullyQualifiedErrorId }
            ConvertTo-Json -Compress @{ Id = `$problem[-1].FullyQualifiedErrorId; Found = @(`$found).Count; Again = `$again[-1].FullyQualifiedErrorId
                Action = `$problem[-1].ErrorDetails.RecommendedAction; Skipped = @(`$with | Where-Object CheckId -EQ PHS801)[0].SkipReason; Events = `$events }
"@
        $given.Id | Should -Be "$Id,Test-PhsService"
        $given.Again | Should -Be "$Id,Test-PhsService"
        $given.Events | Should -Be "$Id,Get-PhsEvent"
        $given.Action | Should -Not -BeNullOrEmpty
        $given.Found | Should -Be 0
        $given.Skipped | Should -Be 'EvidenceMissing'
    }

    It 'is asked for a few ids by the log itself, for many by the library' {
        $given = Invoke-Live @'
            $global:Records = @((New-Record 654 10 'a'), (New-Record 601 9 'b'))
            $few = @(Get-PhsEvent -Id 601 -StartTime (Get-Date).AddHours(-1)).Id
            $many = @(Get-PhsEvent -Id (600..640)).Id
            ConvertTo-Json -Compress @{ Few = $few; Many = $many; Filters = @($global:Asked.Filter) }
'@
        $given.Few | Should -Be 601
        $given.Many | Should -Be 601
        $given.Filters[0] | Should -BeLike '*EventID=601*'
        $given.Filters[1] | Should -Not -BeLike '*EventID*'
    }

    It 'of a Connect server goes into the whole guide, where no other source was named' {
        $given = Invoke-Live @'
            $global:Records = @((New-Record 654 10 'Ping end'))
            $fake = & (Get-Module -Name PhsDiagnostics) {
                Import-PhsScript -Name Collect
                function script:Find-PhsAdSync { 'Here' }
                function script:Get-PhsLocalEvidence { [ordered]@{} }
                function script:Get-One { param([hashtable] $Bound) @((Invoke-PhsDiagnostics @Bound -ErrorAction SilentlyContinue) | Where-Object CheckId -EQ PHS801)[0] }
                @{
                    Here = (Get-One @{}).Outcome; Step = (Get-One @{ Step = 'Service' }).Outcome
                    Export = (Get-One @{ Path = $args[0] }).SkipReason
                    Service = @(Test-PhsService | Where-Object CheckId -EQ PHS801)[0].Outcome
                }
            } $Export
            $asked = $global:Asked.Count
            $null = Invoke-PhsDiagnostics -Step A4 -ErrorAction SilentlyContinue
            $fake.More = $global:Asked.Count - $asked
            ConvertTo-Json -Compress $fake
'@
        $given.Here | Should -Be 'Passed'
        $given.Step | Should -Be 'Passed'
        $given.Service | Should -Be 'Passed'
        $given.Export | Should -Be 'EvidenceMissing'
        $given.More | Should -Be 0
    }

    It 'is not there on other systems, which is told' -Skip:($null -ne (Get-Command -Name Get-WinEvent -ErrorAction Ignore)) {
        $null = Test-PhsService -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-ErrorId $problem[0] | Should -Be 'Phs.Event.NotSupported'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*-EventPath*'
        { Get-PhsEvent } | Should -Throw -ErrorId 'Phs.Event.NotSupported,Get-PhsEvent'
    }
}

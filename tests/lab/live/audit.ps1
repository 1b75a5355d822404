# The audit of all users, through the built module. Called by audit.sh, which says what is what.
# Prints a line for each case that fails, and `N passed, N failed`.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    # The folder that audit.sh filled.
    [Parameter(Mandatory)] [string] $Work
)

. ([System.IO.Path]::Combine($PSScriptRoot, 'Lab.ps1'))
Import-Module -Name $Module

# The variables of a lab's file.
function Get-Lab {
    param([string] $Name)

    $lab = @{}
    foreach ($line in [System.IO.File]::ReadAllLines((Join-Path $Work "$Name/env"))) {
        $lab[$line.Split('=')[0]] = $line.Substring($line.IndexOf('=') + 1)
    }
    $lab
}

# What a proxy of audit.sh listens on.
function Get-Proxy {
    param([string] $Name)

    'localhost:' + [System.IO.File]::ReadAllText((Join-Path $Work "$Name.port")).Trim()
}

# Waits for what comes of itself, a minute at most.
function Wait-Until {
    param([scriptblock] $Condition)

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed.TotalSeconds -gt 60) { return $false }
        [System.Threading.Thread]::Sleep(100)
    }
    $true
}

# A name without escapes: servers write the same name in several ways (RFC 4514).
function Get-PlainName {
    param([string] $Name)

    $hex = [regex]::Replace($Name, '(?:\\[0-9A-Fa-f]{2})+', {
            [System.Text.Encoding]::UTF8.GetString([System.Convert]::FromHexString($args[0].Value.Replace('\', '')))
        })
    $hex.Replace('\', '').ToUpperInvariant()
}

# The server's own log of the searches for users that began after so many lines: pages that were answered, and whether
# every connection with such a search is closed.
function Read-Log {
    param([int] $After)

    $lines = @([System.IO.File]::ReadAllLines((Join-Path $Work 'users/slapd.log')) | Select-Object -Skip $After)
    $searches = @($lines | Where-Object { $_ -match 'SRCH base=.*objectCategory=person' -and $_ -match 'conn=(\d+) ' } | ForEach-Object { $Matches[1] } | Select-Object -Unique)
    $pages = @($lines | Where-Object { $_ -match 'conn=(\d+) .*SEARCH RESULT .*nentries=(\d+)' -and $Matches[1] -in $searches -and [int] $Matches[2] -gt 100 })
    $closed = @($searches | Where-Object { $id = $_; @($lines | Where-Object { $_ -match "conn=$id fd=\d+ closed" }).Count -gt 0 })
    @{ Searches = $searches.Count; Pages = $pages.Count; Closed = $searches.Count -gt 0 -and $closed.Count -eq $searches.Count }
}

function Get-LogLength {
    [System.IO.File]::ReadAllLines((Join-Path $Work 'users/slapd.log')).Count
}

$users = Get-Lab 'users'
$limited = Get-Lab 'limited'
$planted = ConvertFrom-Json -AsHashtable ([System.IO.File]::ReadAllText($users.LAB_SUMMARY))
$way = @{
    Credential    = Get-LabCredential $users.LAB_READER $users.LAB_READER_PASSWORD_FILE
    CaCertificate = Join-Path $Work 'ca.pem'
    Encryption    = 'Ldaps'
}
$server = "localhost:$($users.LAB_LDAPS_PORT)"
$rules = $way + @{ Path = Join-Path $Work 'export' }

# What was planted, by the rules of an export.
$found = @(Invoke-PhsUserAudit -Server $server @rules)
$summary = $found[-1]
$verdicts = @($found | Where-Object { $_.PSObject.TypeNames[0] -eq 'PhsDiagnostics.UserVerdict' })
Assert-Case 'one summary, the last' ($summary.PSObject.TypeNames[0] -eq 'PhsDiagnostics.AuditSummary' -and $found.Count -eq $verdicts.Count + 1)
Assert-Case 'every user' ($summary.Users -eq $planted.users) "$($summary.Users)"
Assert-Case 'as many blocked as planted' ($summary.Blocked -eq $planted.blocked) "$($summary.Blocked) of $($planted.blocked)"
Assert-Case 'the others will sync' ($summary.WillSync -eq $planted.users - $planted.blocked -and $summary.Unknown -eq 0)
Assert-Case 'a verdict for each blocked user' ($verdicts.Count -eq $summary.Blocked -and @($verdicts | Where-Object Verdict -NE 'Blocked').Count -eq 0)
Assert-Case 'nobody twice' (@($verdicts.DistinguishedName | Sort-Object -Unique).Count -eq $verdicts.Count)
Assert-Case 'each with a reason' (@($verdicts | Where-Object { $_.Reasons.Count -eq 0 }).Count -eq 0)
$counts = @{}
foreach ($reason in $summary.Reasons) { $counts[$reason.CheckId] = $reason.Users }
$disabled = $planted.attributes.disabled
Assert-Case 'disabled accounts' ($counts['PHS603'] -eq $disabled) "$($counts['PHS603']) of $disabled"
Assert-Case 'temporary passwords' ($counts['PHS601'] -eq $planted.attributes.mustChange) "$($counts['PHS601'])"
Assert-Case 'it was judged by rules, in one go' ($summary.WithRules -and -not $summary.Restarted)
# Each category of the generator falls on its side as a whole.
$blocked = [System.Collections.Generic.HashSet[string]]::new([string[]] @($verdicts | ForEach-Object { Get-PlainName $_.DistinguishedName }))
foreach ($category in $planted.samples.Keys) {
    $expected = $planted.blockedCategories -contains $category
    $wrong = @($planted.samples[$category] | Where-Object { $blocked.Contains((Get-PlainName $_)) -ne $expected })
    Assert-Case "users of the kind $category" ($wrong.Count -eq 0) "$wrong"
}

# Everyone, and a part of them.
$found = @(Invoke-PhsUserAudit -Server $server -All @rules)
Assert-Case 'with -All everyone' ($found.Count -eq $planted.users + 1)
Assert-Case 'with -All as many blocked' (@($found | Select-Object -SkipLast 1 | Where-Object Verdict -EQ 'Blocked').Count -eq $planted.blocked)
$found = @(Invoke-PhsUserAudit -Server $server -SearchBase "OU=Sales,OU=People,$($users.LAB_BASE_DN)" -All @rules)
Assert-Case 'below a container' ($found[-1].Users -eq $planted.units.Sales) "$($found[-1].Users) of $($planted.units.Sales)"
$found = @(Invoke-PhsUserAudit -Server $server -LDAPFilter '(userAccountControl=514)' @rules)
Assert-Case 'by a filter' ($found[-1].Users -eq $disabled -and $found[-1].Blocked -eq $disabled) "$($found[-1].Users)"
$found = @(Invoke-PhsUserAudit -Server $server -LDAPFilter '(userAccountControl=514' @rules -ErrorVariable problem -ErrorAction SilentlyContinue)
Assert-Case 'half a filter' ($found.Count -eq 0 -and $problem[0].FullyQualifiedErrorId -like 'Phs.Ldap.Filter*') "$problem"
$found = @(Invoke-PhsUserAudit -Server $server @way)
Assert-Case 'without rules nobody is said to sync' ($found[-1].WillSync -eq 0 -and -not $found[-1].WithRules -and $found[-1].Unknown + $found[-1].Blocked -eq $planted.users)

# What does not come to its end is an error with the count reached, and has no summary.
$visitor = @{ Credential = Get-LabCredential $limited.LAB_VISITOR $limited.LAB_VISITOR_PASSWORD_FILE; CaCertificate = $way.CaCertificate; Encryption = 'Ldaps' }
$other = "localhost:$($limited.LAB_LDAPS_PORT)"
foreach ($case in @(
        @{ Name = 'a size limit'; Id = 'Phs.Ldap.LimitExceeded'; Server = $other; Way = $visitor }
        @{ Name = 'a connection that is cut twice'; Id = 'Phs.Ldap.ConnectionLost'; Server = Get-Proxy 'cut'; Way = $way }
        @{ Name = 'a server that falls silent'; Id = 'Phs.Ldap.Stalled'; Server = Get-Proxy 'stall'; Way = $way + @{ TimeoutSec = 3 } }
    )) {
    $way1 = $case.Way
    $found = @(Invoke-PhsUserAudit -Server $case.Server -Path $rules.Path -All @way1 -ErrorVariable problem -ErrorAction SilentlyContinue)
    Assert-Case "$($case.Name) is named" (@($problem).Count -eq 1 -and $problem[0].FullyQualifiedErrorId -like "$($case.Id)*") "$($problem | ForEach-Object FullyQualifiedErrorId)"
    Assert-Case "$($case.Name): no summary" (@($found | Where-Object { $_.PSObject.TypeNames[0] -ne 'PhsDiagnostics.UserVerdict' }).Count -eq 0)
    Assert-Case "$($case.Name): what was reached was told" ($found.Count -gt 0 -and $found.Count -lt $planted.users) "$($found.Count)"
    Assert-Case "$($case.Name): with the count" ("$($problem[0])" -match "after $($found.Count) users") "$($found.Count): $($problem[0])"
    Assert-Case "$($case.Name): nobody twice" (@($found.DistinguishedName | Sort-Object -Unique).Count -eq $found.Count)
}

# A connection that is cut once is opened again.
$found = @(Invoke-PhsUserAudit -Server (Get-Proxy 'cut-once') -All @rules)
Assert-Case 'started again' ($found[-1].Restarted -and $found[-1].Users -eq $planted.users -and $found[-1].Blocked -eq $planted.blocked) "$($found[-1].Users)"
Assert-Case 'started again: nobody twice' (@($found | Select-Object -SkipLast 1 | ForEach-Object DistinguishedName | Sort-Object -Unique).Count -eq $planted.users)

# Several domains at once: each with its own summary or error.
$found = @(Invoke-PhsUserAudit -Server $server, $other @visitor -ErrorVariable problem -ErrorAction SilentlyContinue)
Assert-Case 'two domains' ($found[-1].Server -eq $server -and $found[-1].Users -eq $planted.users -and $problem[0].FullyQualifiedErrorId -like 'Phs.Ldap.LimitExceeded*') "$($found[-1].Server) $($found[-1].Users) $problem"

# Whoever has enough stops the search on the server.
$before = Get-LogLength
$found = @(Invoke-PhsUserAudit -Server $server -All @rules | Select-Object -First 10)
Assert-Case 'the first ten' ($found.Count -eq 10)
Assert-Case 'the server''s connection ends' (Wait-Until { (Read-Log $before).Closed })
$log = Read-Log $before
Assert-Case 'and not all pages were asked for' ($log.Searches -eq 1 -and $log.Pages -lt 40) "$($log.Pages) pages"

# Ctrl+C, while the server is silent and nothing would come for ten minutes.
$before = Get-LogLength
$script = Join-Path $Work 'interrupted.ps1'
$password = $users.LAB_READER_PASSWORD_FILE
[System.IO.File]::WriteAllText($script, @"
Import-Module '$Module'
`$secret = [securestring]::new()
[System.IO.File]::ReadAllText('$password').Trim().ToCharArray() | ForEach-Object { `$secret.AppendChar(`$_) }
`$told = 0
Invoke-PhsUserAudit -Server '$(Get-Proxy 'stall')' -Credential ([pscredential]::new('$($users.LAB_READER)', `$secret)) -CaCertificate '$($way.CaCertificate)' -Encryption Ldaps -TimeoutSec 600 |
    ForEach-Object { if (`$told++ -eq 0) { [System.Console]::Out.WriteLine('told') } }
[System.Console]::Out.WriteLine('ended')
"@)
$python = @'
import signal, subprocess, sys
# Whoever runs in the background hands on an ignored SIGINT: a console does not.
process = subprocess.Popen([sys.argv[1], "-NoProfile", "-File", sys.argv[2]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
line = process.stdout.readline().strip()
process.send_signal(signal.SIGINT)
try:
    rest, _ = process.communicate(timeout=60)
    print(line, "ended" if "ended" in rest else "interrupted")
except subprocess.TimeoutExpired:
    process.kill()
    print(line, "hangs")
'@
$said = & $env:PHS_LAB_PYTHON -c $python ([System.Environment]::ProcessPath) $script
Assert-Case 'Ctrl+C' ("$said" -eq 'told interrupted') "$said"
Assert-Case 'Ctrl+C ends the server''s connection' (Wait-Until { (Read-Log $before).Closed })

# One name in two forests.
$found = @(Test-PhsUser -Identity u1 -Server $server, $other @visitor -ErrorVariable problem -ErrorAction SilentlyContinue)
Assert-Case 'found in two forests' ($found.Count -eq 0 -and $problem[0].FullyQualifiedErrorId -like 'Phs.User.TwoForests*') "$problem"
Assert-Case 'both are named' ("$problem" -match 'DC=fabrikam,DC=test' -and "$problem" -match 'DC=tailspin,DC=test') "$problem"
$name = "$($planted.samples.disabled[0])"
$found = @(Test-PhsUser -Identity $name -Server $server, $other @visitor)
Assert-Case 'a distinguished name leaves no doubt' ($found.Count -eq 1 -and $found[0].Verdict -eq 'Blocked')
$found = @('u1', $name | Test-PhsUser -Server $server, $other @visitor -ErrorVariable problem -ErrorAction SilentlyContinue)
Assert-Case 'the next of a pipeline is still answered' ($found.Count -eq 1 -and @($problem).Count -eq 1)

# A pipeline of users: one connection, each answer before the next question.
$before = Get-LogLength
$order = [System.Collections.Generic.List[string]]::new()
$names = @($planted.samples.ok + $planted.samples.disabled)
$names | ForEach-Object { $order.Add('ask'); $_ } | Test-PhsUser -Server $server @rules | ForEach-Object { $order.Add('answer') }
Assert-Case 'ask and answer in turn' ("$order" -eq ((@('ask answer') * $names.Count) -join ' ')) "$order"
$accepted = @([System.IO.File]::ReadAllLines((Join-Path $Work 'users/slapd.log')) | Select-Object -Skip $before | Where-Object { $_ -match 'ACCEPT from' })
Assert-Case 'over one connection' ($accepted.Count -eq 1) "$($accepted.Count)"

Complete-Case

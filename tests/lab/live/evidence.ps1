# Evidence of the lab's domain, collected with a network and judged without one. Called by evidence.sh, which says what is
# what. Prints a line for each case that fails, and `N passed, N failed`.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Export,
    [Parameter(Mandatory)] [string] $Lab,
    [Parameter(Mandatory)] [string] $Work,
    [Parameter(Mandatory)] [ValidateSet('Collect', 'Analyse')] [string] $Step
)

. ([System.IO.Path]::Combine($PSScriptRoot, 'Lab.ps1'))
Import-Module -Name $Module
$file = Join-Path $Work 'lab.phs'
$steps = 'A1', 'A2', 'A4', 'B1', 'B2', 'B3', 'Service'
$people = Get-LabPeople $Lab
$users = 'plain', 'disabled', 'must-change', 'in-excluded-unit' | ForEach-Object { $people[$_].dn }

# A finding as text, without the time of observation.
function Get-Answer {
    param([object[]] $Finding)

    foreach ($one in $Finding) {
        $rows = foreach ($row in $one.Evidence) { '{0}|{1}|{2}|{3}' -f $row.Source, $row.Object, $row.Attribute, $row.Value }
        @($one.CheckId, $one.Outcome, $one.SkipReason, $one.Target, $one.Message, $one.Why, $one.Fingerprint) + $one.Remediation + $rows -join "`n"
    }
}

if ($Step -eq 'Collect') {
    $way = (Get-LabWay) + @{ User = $users }
    $live = Invoke-PhsDiagnostics @way -Path $Export -Step $steps
    [System.IO.File]::WriteAllLines((Join-Path $Work 'live.txt'), [string[]] (Get-Answer $live))
    $null = Export-PhsEvidence $file @way -ConfigurationPath $Export
    $null = Export-PhsEvidence (Join-Path $Work 'redacted.phs') @way -ConfigurationPath $Export -Redact
    $null = Export-PhsEvidence (Join-Path $Work 'all.phs') @way -ConfigurationPath $Export -AllUsers
    $way.Remove('User')
    $blocked = Invoke-PhsUserAudit @way -Path $Export
    [System.IO.File]::WriteAllText((Join-Path $Work 'blocked.txt'), "$($blocked[-1].Users) $($blocked[-1].Blocked) $($blocked[-1].WillSync)")
    exit 0
}

$names = [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() | Where-Object OperationalStatus -EQ 'Up'
Assert-Case 'there is no network' (-not $names)
$live = [System.IO.File]::ReadAllText((Join-Path $Work 'live.txt')).TrimEnd("`n")
$told = (Get-Answer (Invoke-PhsDiagnostics -Evidence $file -Step $steps)) -join "`n"
Assert-Case 'the findings are those of the live run' ($told -ceq $live) (
    @(Compare-Object -ReferenceObject $live.Split("`n") -DifferenceObject $told.Split("`n") | Select-Object -First 6 | ForEach-Object {
            '{0} {1}' -f $_.SideIndicator, $_.InputObject }) -join ' / ')
Assert-Case 'and many' ($live.Split("`n").Count -gt 50)
$found = @(Test-PhsUser -Identity $people['disabled'].userPrincipalName -Evidence $file)
Assert-Case 'a user by name' ($found.Count -eq 1 -and $found[0].Verdict -eq 'Blocked')
$found = @(Test-PhsPermissions -Evidence $file)
Assert-Case 'the step of permissions alone' (@($found | Where-Object CheckId -EQ 'PHS101').Count -gt 0)
$audit = @(Invoke-PhsUserAudit -Evidence (Join-Path $Work 'all.phs'))[-1]
$expected = [System.IO.File]::ReadAllText((Join-Path $Work 'blocked.txt'))
Assert-Case 'the audit of a file counts what the live one counts' ("$($audit.Users) $($audit.Blocked) $($audit.WillSync)" -eq $expected) (
    "$($audit.Users) $($audit.Blocked) $($audit.WillSync) instead of $expected")
$archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $Work 'redacted.phs'))
$text = foreach ($entry in $archive.Entries) { [System.IO.StreamReader]::new($entry.Open()).ReadToEnd() }
$archive.Dispose()
$text = $text -join "`n"
foreach ($name in @($people['plain'], $people['disabled'] | ForEach-Object { $_.sAMAccountName, $_.sid, $_.guid }) + 'contoso') {
    Assert-Case "no $name in a redacted file" (-not $text.ToLowerInvariant().Contains("$name".ToLowerInvariant()))
}
Complete-Case

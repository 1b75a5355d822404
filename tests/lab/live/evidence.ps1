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
$people = Get-LabPeople $Lab
$users = 'plain', 'disabled', 'must-change', 'in-excluded-unit', 'comma', 'non-ascii' | ForEach-Object { $people[$_].dn }

# What is measured anew in each run: how long a port took to answer, and by how much clocks differ.
$measured = @{ Row = '^(TCP|UDP) \d+ '; Duration = '\(\d+ ms, '; Clock = 'clock skew' }

# Findings field by field, without times of observation and without what is measured.
function ConvertTo-Answer {
    param([object[]] $Finding)

    foreach ($one in $Finding) {
        $rows = foreach ($row in $one.Evidence) {
            $value = "$($row.Value)"
            if ($row.Attribute -match $measured.Row) {
                $value = $value -replace $measured.Duration, '('
            } elseif ($row.Attribute -eq $measured.Clock) {
                $value = ''
            }
            '{0}|{1}|{2}|{3}' -f $row.Source, $row.Object, $row.Attribute, $value
        }
        [ordered]@{
            CheckId     = $one.CheckId
            Name        = $one.Name
            Step        = $one.Step
            Outcome     = "$($one.Outcome)"
            SkipReason  = "$($one.SkipReason)"
            Severity    = "$($one.Severity)"
            Target      = $one.Target
            Message     = $(if ($one.CheckId -eq 'PHS306') { $one.Message -replace '\d+ s', '' } else { $one.Message })
            Why         = "$($one.Why)"
            Remediation = $one.Remediation -join "`n"
            Evidence    = $rows -join "`n"
            Links       = $one.Links -join "`n"
            Fingerprint = $one.Fingerprint
            Suppressed  = "$($one.Suppressed)"
        }
    }
}

function Save-Answer {
    param([string] $Name, [object[]] $Finding)

    [System.IO.File]::WriteAllText((Join-Path $Work "$Name.json"), (ConvertTo-Json -InputObject @(ConvertTo-Answer $Finding) -Depth 3))
}

# Compares findings with saved ones, field by field; gives what differs.
function Compare-Answer {
    param([string] $Name, [object[]] $Finding)

    $expected = @(ConvertFrom-Json -AsHashtable -InputObject ([System.IO.File]::ReadAllText((Join-Path $Work "$Name.json"))) | ForEach-Object { $_ })
    $found = @(ConvertTo-Answer $Finding)
    if ($expected.Count -ne $found.Count) {
        "$($found.Count) findings instead of $($expected.Count)"
    }
    for ($index = 0; $index -lt [math]::Min($expected.Count, $found.Count); $index++) {
        foreach ($field in $found[$index].Keys) {
            if ($expected[$index][$field] -cne $found[$index][$field]) {
                '{0} {1} of {2}: "{3}" instead of "{4}"' -f $found[$index].CheckId, $field, $found[$index].Target, $found[$index][$field], $expected[$index][$field]
            }
        }
    }
}

if ($Step -eq 'Collect') {
    $token = @{ GraphToken = Get-Secret ('eyJ' + [guid]::NewGuid().ToString('N')) }
    $way = (Get-LabWay) + @{ User = $users }
    Start-Tenant (Join-Path $Work 'tenant')
    try {
        Save-Answer live (Invoke-PhsDiagnostics @way @token -Path $Export)
        Save-Answer alone (Invoke-PhsDiagnostics @way -Path $Export)
        $null = Export-PhsEvidence $file @way @token -ConfigurationPath $Export
        $null = Export-PhsEvidence (Join-Path $Work 'alone.phs') @way -ConfigurationPath $Export
        $null = Export-PhsEvidence (Join-Path $Work 'redacted.phs') @way @token -ConfigurationPath $Export -Redact
        $null = Export-PhsEvidence (Join-Path $Work 'all.phs') @way -ConfigurationPath $Export -AllUsers
        # A file without the tenant, judged with it by someone who may ask it.
        Set-TenantMode 'well'
        Save-Answer later (Invoke-PhsDiagnostics -Evidence (Join-Path $Work 'alone.phs') @token)
        $asked = @(Get-Asked | Where-Object path -EQ '/v1.0/users')
        Set-TenantMode 'well'
        $verdicts = @($people['comma'].sAMAccountName, $people['plain'].userPrincipalName |
                Test-PhsUser -Evidence (Join-Path $Work 'alone.phs') @token)
        $one = @(Get-Asked | Where-Object path -EQ '/v1.0/users')
        # The users of a file that knows them in the tenant are not asked for again.
        Set-TenantMode 'forbidden/users'
        $known = @(Test-PhsUser $people['comma'].dn -Evidence $file @token)
        [System.IO.File]::WriteAllText((Join-Path $Work 'asked.json'), (ConvertTo-Json @{
                    Whole    = $asked.Count
                    Each     = $one.Count
                    Again    = @(Get-Asked | Where-Object path -EQ '/v1.0/users').Count
                    Verdicts = $verdicts.Verdict -join ' '
                    Known    = @($known.Findings | Where-Object Outcome -EQ 'Failed').CheckId -join ' '
                }))
    } finally {
        Stop-Tenant
    }
    $way.Remove('User')
    $blocked = Invoke-PhsUserAudit @way -Path $Export
    [System.IO.File]::WriteAllText((Join-Path $Work 'blocked.txt'), "$($blocked[-1].Users) $($blocked[-1].Blocked) $($blocked[-1].WillSync)")
    exit 0
}

$names = [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() | Where-Object OperationalStatus -EQ 'Up'
Assert-Case 'there is no network' (-not $names)
foreach ($name in 'live', 'alone') {
    $path = if ($name -eq 'live') { $file } else { Join-Path $Work 'alone.phs' }
    $findings = @(Invoke-PhsDiagnostics -Evidence $path)
    $different = @(Compare-Answer $name $findings)
    Assert-Case "the findings are those of the run ($name)" ($different.Count -eq 0) (($different | Select-Object -First 6) -join ' / ')
    foreach ($check in 'PHS101', 'PHS201', 'PHS302', 'PHS303', 'PHS304', 'PHS305', 'PHS306', 'PHS307', 'PHS401', 'PHS501', 'PHS602', 'PHS704') {
        Assert-Case "$check is among them ($name)" (@($findings | Where-Object CheckId -EQ $check).Count -gt 0)
    }
    $ports = @($findings | Where-Object CheckId -EQ 'PHS302')[0].Evidence
    Assert-Case "a port that was tried is no less than that ($name)" (@($ports | Where-Object { $_.Value -match $measured.Duration }).Count -gt 10)
}
$findings = @(Invoke-PhsDiagnostics -Evidence $file)
Assert-Case 'the tenant is in the file' (@($findings | Where-Object CheckId -EQ 'PHS202')[0].Outcome -eq 'Warning')
$anchor = $findings | Where-Object { $_.CheckId -eq 'PHS704' -and $_.Target -eq $people['comma'].userPrincipalName }
Assert-Case 'and so are its users' ($anchor.Outcome -eq 'Failed' -and $anchor.Evidence.Attribute -contains 'onPremisesImmutableId')
$chain = $findings | Where-Object { $_.CheckId -eq 'PHS502' -and $_.Target -eq $people['non-ascii'].userPrincipalName }
Assert-Case 'and who is none' ($chain.Outcome -eq 'Failed')
$verdict = @(Test-PhsUser $people['comma'].sAMAccountName -Evidence $file)
Assert-Case 'a user of the tenant by name' ((@($verdict[0].Findings | Where-Object Outcome -EQ 'Failed').CheckId -join ' ') -eq 'PHS704')
$later = @(ConvertFrom-Json -AsHashtable -InputObject ([System.IO.File]::ReadAllText((Join-Path $Work 'later.json'))) | ForEach-Object { $_ })
$whole = @(ConvertFrom-Json -AsHashtable -InputObject ([System.IO.File]::ReadAllText((Join-Path $Work 'live.json'))) | ForEach-Object { $_ })
Assert-Case 'a file without the tenant, judged with it, is the whole' (
    (ConvertTo-Json -InputObject $later -Depth 3) -ceq (ConvertTo-Json -InputObject $whole -Depth 3))
$asked = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText((Join-Path $Work 'asked.json')))
Assert-Case 'one question about its users' ($asked.Whole -eq 1) "$($asked.Whole)"
Assert-Case 'one for each user of a pipeline' ($asked.Each -eq 2 -and $asked.Verdicts -eq 'Blocked WillSync') "$asked"
Assert-Case 'none about users whom the file knows' ($asked.Again -eq 0 -and $asked.Known -eq 'PHS704') "$asked"
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

# Guide steps B1 to B3 against the lab's users, through the built module. Called by users.sh, which says what is what.
# Prints a line for each case that fails, and `N passed, N failed`.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Export,
    [Parameter(Mandatory)] [string] $Lab
)

. ([System.IO.Path]::Combine($PSScriptRoot, 'Lab.ps1'))
Import-Module -Name $Module

$way = Get-LabWay
$rules = $way + @{ Path = $Export }
$people = Get-LabPeople $Lab

# Kind of user, verdict, check that decides, what the first reason says.
$table = @(
    , @('plain', 'WillSync', '', '')
    , @('consistency-guid', 'WillSync', '', '')
    , @('comma', 'WillSync', '', '')
    , @('quote', 'WillSync', '', '')
    , @('non-ascii', 'WillSync', '', '')
    , @('disabled', 'Blocked', 'PHS603', 'disabled')
    , @('expired', 'WillSync', '', 'expired')
    , @('locked', 'WillSync', '', 'locked')
    , @('must-change', 'Blocked', 'PHS601', 'unless ForcePasswordChangeOnLogOn')
    , @('disabled-must-change', 'Blocked', 'PHS603', 'disabled')
    , @('password-expired', 'WillSync', '', '')
    , @('password-old', 'WillSync', '', '')
    , @('password-never-set', 'Blocked', 'PHS601', 'pwdLastSet is 0')
    , @('password-not-required', 'WillSync', '', 'PASSWD_NOTREQD')
    , @('password-never-expires', 'WillSync', '', '')
    , @('smart-card', 'WillSync', '', 'smart card')
    , @('inetOrgPerson', 'Blocked', 'PHS701', 'inetOrgPerson')
    , @('critical', 'Blocked', 'PHS701', 'critical system object')
    , @('critical-false', 'Blocked', 'PHS702', 'IsPresent([isCriticalSystemObject])')
    , @('named-MSOL', 'Blocked', 'PHS702', 'MSOL_')
    , @('named-AAD', 'Blocked', 'PHS702', 'AAD_')
    , @('named-CAS', 'Blocked', 'PHS702', 'CAS_')
    , @('named-SUPPORT', 'Blocked', 'PHS702', 'SUPPORT_388945a0')
    , @('admin-description-user', 'Blocked', 'PHS501', 'adminDescription NOTSTARTSWITH User_')
    , @('selective-filtered', 'WillSync', '', '')
    , @('selective-included', 'WillSync', '', '')
    , @('no-user-principal-name', 'WillSync', '', 'no userPrincipalName')
    , @('unverified-suffix', 'WillSync', '', '')
    , @('in-excluded-unit', 'Blocked', 'PHS501', 'OU=Excluded,OU=People')
    , @('in-similar-unit', 'WillSync', '', '')
    , @('in-inner-unit', 'WillSync', '', '')
    , @('computer', 'Blocked', 'PHS701', 'computer')
    , @('managed-service-account', 'Blocked', 'PHS701', 'managed service account')
    , @('conflict', 'Blocked', 'PHS701', 'replication conflict')
)
Assert-Case 'every kind of user has its row' ($table.Count -eq $people.Count)
$verdicts = @{}
foreach ($verdict in $table | ForEach-Object { $people[$_[0]].dn } | Test-PhsUser @rules) {
    $verdicts[$verdict.Identity] = $verdict
}
foreach ($row in $table) {
    $kind, $expected, $check, $word = $row
    $found = $verdicts[$people[$kind].dn]
    if ($null -eq $found) {
        Assert-Case $kind $false 'has no verdict'
        continue
    }
    $reasons = @($found.Reasons)
    $detail = '{0}: {1}' -f $found.Verdict, ($reasons -join ' | ')
    Assert-Case $kind ($found.Verdict -eq $expected -and (-not $word -or ($reasons -join "`n").Contains($word))) $detail
    if ($check) {
        Assert-Case "$kind is decided by $check" (@($found.Findings)[0].CheckId -eq $check) $detail
    }
}

# Every form of a name leads to the same user.
$kari = $people['consistency-guid']
$octets = [guid]::new($kari.guid).ToByteArray()
foreach ($name in $kari.dn, $kari.sAMAccountName, $kari.userPrincipalName, $kari.sid, $kari.guid, "{$($kari.guid)}",
    "CONTOSO\$($kari.sAMAccountName)", "contoso.test\$($kari.sAMAccountName)", "$($kari.sAMAccountName)@contoso.test",
    [System.Convert]::ToBase64String($octets),
    [System.Convert]::ToBase64String([guid]::new('3f2504e0-4f89-41d3-9a0c-0305e82c3301').ToByteArray())) {
    $found = @(Test-PhsUser -Identity $name @rules)
    Assert-Case "by name $name" ($found.Count -eq 1 -and $found[0].DistinguishedName -eq $kari.dn)
}

# Objects from the pipeline by property name.
$csv = "UserPrincipalName,Department`n$($people['plain'].userPrincipalName),Sales" | ConvertFrom-Csv
Assert-Case 'a row of a table' (@($csv | Test-PhsUser @rules)[0].DistinguishedName -eq $people['plain'].dn)
$account = [pscustomobject]@{
    DistinguishedName = $people['disabled'].dn
    Enabled           = $false
    GivenName         = ''
    Name              = 'p disabled'
    ObjectClass       = 'user'
    ObjectGUID        = [guid]::new($people['disabled'].guid)
    SamAccountName    = $people['disabled'].sAMAccountName
    SID               = $people['disabled'].sid
    Surname           = 'Person'
    UserPrincipalName = $people['disabled'].userPrincipalName
}
Assert-Case 'an object as Get-ADUser gives it' (@($account | Test-PhsUser @rules)[0].DistinguishedName -eq $people['disabled'].dn)

# One that is not there is an error of its own; the others go on.
$found = @('nobody', $people['plain'].dn | Test-PhsUser @rules -ErrorVariable problem -ErrorAction SilentlyContinue)
Assert-Case 'the others go on' ($found.Count -eq 1)
Assert-Case 'not found is named' ($problem[0].FullyQualifiedErrorId -like 'Phs.User.NotFound*' -and $problem[0].TargetObject -eq 'nobody')

# Without rules nobody is said to sync.
$found = @($people['plain'].dn, $people['disabled'].dn, $people['named-MSOL'].dn | Test-PhsUser @way)
Assert-Case 'without rules' (($found.Verdict -join ' ') -eq 'Unknown Blocked Blocked') ($found.Verdict -join ' ')
Assert-Case 'without rules it says so' ($found[1].Reasons[0] -like 'Under default rules*')

# The steps alone.
$found = @(Test-PhsTemporaryPassword @way | Where-Object { $_.CheckId -eq 'PHS601' -and $_.Outcome -eq 'Failed' })
$wanted = $people['must-change'].userPrincipalName, $people['disabled-must-change'].userPrincipalName
Assert-Case 'all temporary passwords' (@($wanted | Where-Object { $found.Target -notcontains $_ }).Count -eq 0) ($found.Target -join ' ')
Assert-Case 'and no other' ($found.Target -notcontains $people['plain'].userPrincipalName)
Assert-Case 'both remedies' (@($found[0].Remediation).Count -ge 2)
$found = @(Test-PhsTemporaryPassword -Identity $people['plain'].dn @way)
Assert-Case 'one temporary password' ((@($found | Where-Object CheckId -EQ 'PHS601').Outcome -join ' ') -eq 'Passed')
Assert-Case 'nobody is not everybody' (@(@() | Test-PhsTemporaryPassword @way).Count -eq 0)
$found = @(Test-PhsObjectSync -Identity $people['in-excluded-unit'].dn @rules)
Assert-Case 'object synchronization' ((@($found | Where-Object CheckId -EQ 'PHS501').Outcome -join ' ') -eq 'Failed')
Assert-Case 'only its steps' (@($found | Where-Object Step -NotIn 'B1', 'B3').Count -eq 0)
$found = @(Invoke-PhsDiagnostics @rules -User $people['disabled'].dn -Step B1, B2, B3)
Assert-Case 'a user in a whole diagnosis' ((@($found | Where-Object CheckId -EQ 'PHS603').Outcome -join ' ') -eq 'Failed')

Complete-Case

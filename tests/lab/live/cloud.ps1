# The tenant beside the lab's directory. Called by cloud.sh, which says what is what.
# Prints a line for each case that fails, and `N passed, N failed`.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Export,
    [Parameter(Mandatory)] [string] $Lab,
    # The folder with the tenant's answers.
    [Parameter(Mandatory)] [string] $Answers
)

. ([System.IO.Path]::Combine($PSScriptRoot, 'Lab.ps1'))
Import-Module -Name $Module
$token = 'eyJ' + [guid]::NewGuid().ToString('N')
$way = (Get-LabWay) + @{ GraphToken = Get-Secret $token }
$rules = $way + @{ Path = $Export }
$people = Get-LabPeople $Lab

# The findings of a check, of a verdict or of a diagnosis.
function Get-Finding {
    param([object[]] $Of, [string] $Check)

    @($Of | ForEach-Object { if ($_.PSObject.Properties['Findings']) { $_.Findings } else { $_ } } | Where-Object CheckId -EQ $Check)
}

# Whether one finding has this outcome, and says this.
function Test-Finding {
    param([object[]] $Of, [string] $Check, [string] $Outcome, [string] $Word = '')

    $found = @(Get-Finding $Of $Check)
    $found.Count -eq 1 -and $found[0].Outcome -eq $Outcome -and "$($found[0].Message)".Contains($Word)
}

# What was asked about users since.
function Get-AskedUser {
    @(Get-Asked | Where-Object path -EQ '/v1.0/users')
}

Start-Tenant $Answers
try {
    # By a name that only the directory knows: the tenant is asked by those that it tells.
    Set-TenantMode 'well'
    $plain = $people['plain']
    $found = @(Test-PhsUser -Identity $plain.sAMAccountName @rules -ErrorVariable problem)
    Assert-Case 'one user will sync' ($found.Count -eq 1 -and $found[0].Verdict -eq 'WillSync' -and $problem.Count -eq 0) "$($found[0].Reasons)"
    $asked = @(Get-AskedUser)
    Assert-Case 'the tenant is asked once, by SID and name' ($asked.Count -eq 1 -and $asked[0].query.EndsWith(
            "`$filter=onPremisesSecurityIdentifier eq '$($plain.sid)' or userPrincipalName eq '$($plain.userPrincipalName)'")) "$($asked.query)"
    $others = @(Get-Asked | Where-Object path -NE '/v1.0/users')
    Assert-Case 'and of itself what users are judged by' ((@($others.path) -join ' ') -eq '/v1.0/organization /v1.0/directory/onPremisesSynchronization')
    Assert-Case 'with the token' (@(Get-Asked | Where-Object { -not $_.token }).Count -eq 0)

    # Every kind through the pipeline: kind, verdict, check that the tenant decides, its outcome, what it says.
    $table = @(
        , @('plain', 'WillSync', '', '', '')
        , @('consistency-guid', 'WillSync', '', '', '')
        , @('no-user-principal-name', 'WillSync', 'PHS705', 'Warning', '')
        , @('selective-included', 'WillSync', '', '', '')
        , @('non-ascii', 'Blocked', 'PHS502', 'Failed', 'no user with the security identifier')
        , @('named-MSOL', 'Blocked', 'PHS502', 'Failed', 'PHS702')
        , @('comma', 'Blocked', 'PHS704', 'Failed', 'AAECAwQFBgcICQoLDA0ODw==')
        , @('quote', 'Blocked', 'PHS704', 'Failed', 'has none')
        , @('password-old', 'WillSync', 'PHS602', 'Warning', 'in the cloud')
        , @('password-expired', 'WillSync', 'PHS602', 'Warning', 'the cloud still has one')
        , @('password-never-expires', 'Blocked', 'PHS703', 'Failed', 'PropertyConflict')
        , @('unverified-suffix', 'WillSync', 'PHS705', 'Warning', 'contoso.local')
        , @('disabled', 'Blocked', 'PHS603', 'Failed', 'disabled')
        , @('must-change', 'Blocked', 'PHS601', 'Failed', 'off')
    )
    Set-TenantMode 'well'
    $order = [System.Collections.Generic.List[string]]::new()
    $verdicts = @{}
    $problem = @()
    $names = $table | ForEach-Object { $people[$_[0]].dn }
    $names | ForEach-Object { $order.Add("in $_"); $_ } | Test-PhsUser @rules -ErrorVariable problem | ForEach-Object {
        $order.Add("out $($_.Identity)")
        $verdicts[$_.Identity] = $_
    }
    Assert-Case 'nobody is an error' ($problem.Count -eq 0) "$problem"
    Assert-Case 'each is answered before the next is asked for' (
        ($order -join "`n") -eq (@($names | ForEach-Object { "in $_"; "out $_" }) -join "`n"))
    Assert-Case 'one question for each' (@(Get-AskedUser).Count -eq $table.Count) "$(@(Get-AskedUser).Count)"
    Assert-Case 'the tenant itself is asked once' (@(Get-Asked | Where-Object path -EQ '/v1.0/organization').Count -eq 1)
    foreach ($row in $table) {
        $kind, $expected, $check, $outcome, $word = $row
        $found = $verdicts[$people[$kind].dn]
        if ($null -eq $found) {
            Assert-Case $kind $false 'has no verdict'
            continue
        }
        Assert-Case $kind ($found.Verdict -eq $expected) "$($found.Verdict): $($found.Reasons -join ' | ')"
        if ($check) {
            Assert-Case "$kind by $check" (Test-Finding $found $check $outcome $word) "$((Get-Finding $found $check).Message)"
        } else {
            Assert-Case "$kind has no other word of the tenant" (@(@(Get-Finding $found 'PHS602') + (Get-Finding $found 'PHS704')).Count -eq 0)
        }
    }
    $rows = @(Get-Finding $verdicts[$people['comma'].dn] 'PHS704')[0].Evidence | Where-Object Attribute -EQ 'onPremisesImmutableId'
    Assert-Case 'the anchor of the tenant is evidence' (@($rows).Count -eq 1 -and $rows.Source -eq 'tenant')

    # The whole guide: tenant, directory and export side by side.
    Set-TenantMode 'well'
    $users = $people['plain'].userPrincipalName, $people['comma'].dn, $people['non-ascii'].sAMAccountName
    $found = @(Invoke-PhsDiagnostics @rules -User $users -Step A1, A2, A4, B1, B2, B3, Service -ErrorVariable problem)
    Assert-Case 'the whole guide has no errors' ($problem.Count -eq 0) "$problem"
    $feature = Get-Finding $found 'PHS202'
    Assert-Case 'the feature is on and silent' (Test-Finding $found 'PHS202' 'Warning' '2026-10-01T07:56:00Z') "$($feature.Message)"
    Assert-Case 'a federated domain is known' (@(Get-Finding $found 'PHS203' | Where-Object { $_.Evidence.Value -like '*tailspintoys*' }).Count -gt 0 -or
        @(Get-Finding $found 'PHS203' | Where-Object { "$($_.Message)" -like '*tailspintoys.com*' }).Count -gt 0)
    Assert-Case 'the connector account is judged beside it' (@(Get-Finding $found 'PHS101').Count -gt 0)
    $asked = @(Get-AskedUser)
    Assert-Case 'one question about three users' ($asked.Count -eq 1 -and @($users | Where-Object { $asked[0].query.Contains($_) }).Count -ge 1) "$($asked.query)"
    $anchors = @{}
    foreach ($one in Get-Finding $found 'PHS704') { $anchors[$one.Target] = $one.Outcome }
    Assert-Case 'anchors are those of the users' ($anchors[$people['plain'].userPrincipalName] -eq 'Passed' -and $anchors[$people['comma'].userPrincipalName] -eq 'Failed') (
        ConvertTo-Json -InputObject $anchors -Compress)
    $passwords = Get-Finding $found 'PHS602' | Where-Object Target -EQ $people['plain'].userPrincipalName
    Assert-Case 'the time of the cloud is evidence' ($passwords.Outcome -eq 'Passed' -and $passwords.Evidence.Attribute -contains 'lastPasswordChangeDateTime')
    $chain = Get-Finding $found 'PHS502' | Where-Object Target -EQ $people['non-ascii'].userPrincipalName
    Assert-Case 'who is missing in the tenant is told' ($chain.Outcome -eq 'Failed' -and $chain.Remediation.Count -gt 0)
    $chain = Get-Finding $found 'PHS502' | Where-Object Target -EQ $people['plain'].userPrincipalName
    Assert-Case 'who is there is not taken for the whole chain' ($chain.Outcome -eq 'Skipped' -and "$($chain.Message)".Contains('is in Microsoft Entra ID'))
    $found = @(Test-PhsTemporaryPassword -Identity $people['must-change'].dn @rules)
    Assert-Case 'the feature of the tenant decides about temporary passwords' (Test-Finding $found 'PHS601' 'Failed' 'off') "$((Get-Finding $found 'PHS601').Message)"

    # A permission that is missing is unknown, by name, and takes nothing from what the directory says.
    Set-TenantMode 'forbidden/users'
    $users = $people['plain'].dn, $people['disabled'].dn
    $found = @($users | Test-PhsObjectSync @rules -ErrorVariable problem)
    Assert-Case 'refused is no error' ($problem.Count -eq 0) "$problem"
    foreach ($check in 'PHS502', 'PHS703') {
        $skipped = @(Get-Finding $found $check)
        Assert-Case "$check names the permission" ($skipped.Count -eq 2 -and @($skipped | Where-Object {
                    $_.SkipReason -ne 'NotPermitted' -or "$($_.Message)" -notlike '*User.Read.All*' }).Count -eq 0) "$($skipped.Message)"
    }
    $found = @($users | Test-PhsUser @rules)
    Assert-Case 'and no verdict is another' (($found.Verdict -join ' ') -eq 'WillSync Blocked') "$($found.Verdict)"
    Set-TenantMode 'application'
    $found = @(Invoke-PhsDiagnostics @rules -User $people['comma'].dn -Step A2, B1, B2, B3)
    $feature = Get-Finding $found 'PHS202'
    Assert-Case 'the features alone are refused' ($feature.SkipReason -eq 'NotPermitted' -and "$($feature.Message)".Contains('OnPremDirectorySynchronization.Read.All'))
    Assert-Case 'users are not' (Test-Finding $found 'PHS704' 'Failed')

    # A busy tenant is asked again where the wait is short, and given up where it is not; the users are judged all the same.
    Set-TenantMode 'busy-once/users'
    $found = @($people['plain'].dn, $people['comma'].dn | Test-PhsUser @rules -ErrorVariable problem)
    Assert-Case 'asked again' ($problem.Count -eq 0 -and @(Get-AskedUser).Count -eq 3 -and ($found.Verdict -join ' ') -eq 'WillSync Blocked') "$problem $($found.Verdict)"
    Set-TenantMode 'busy/users'
    $found = @($people['plain'].dn, $people['comma'].dn, $people['disabled'].dn | Test-PhsUser @rules -ErrorVariable problem -ErrorAction SilentlyContinue)
    $ids = @($problem | ForEach-Object { @($_.FullyQualifiedErrorId -split ',')[0] })
    Assert-Case 'given up, and told once' (($ids -join ' ') -eq 'Phs.Graph.Throttled') "$ids"
    Assert-Case 'judged without the tenant' (($found.Verdict -join ' ') -eq 'WillSync WillSync Blocked') "$($found.Verdict)"

    # A token for another tenant: nobody is asked for there.
    Set-TenantMode 'other-tenant'
    $found = @($people['plain'].dn | Test-PhsUser @rules -ErrorVariable problem -ErrorAction SilentlyContinue)
    Assert-Case 'another tenant is told' (@($problem | Where-Object FullyQualifiedErrorId -Like 'Phs.Graph.WrongTenant*').Count -eq 1 -and $found.Count -eq 1) "$problem"
    Assert-Case 'and not asked about users' (@(Get-AskedUser).Count -eq 0)

    # Stopped early: the run ends with the pipeline, and nobody else is asked for.
    Set-TenantMode 'well'
    $first = @($names | Test-PhsUser @rules | Select-Object -First 1)
    Assert-Case 'the first alone' ($first.Count -eq 1 -and @(Get-AskedUser).Count -eq 1) "$(@(Get-AskedUser).Count)"

    # Without rules the tenant still counts.
    Set-TenantMode 'well'
    $found = @($people['plain'].dn, $people['non-ascii'].dn, $people['password-old'].dn | Test-PhsUser @way)
    Assert-Case 'without rules' (($found.Verdict -join ' ') -eq 'Unknown Blocked Unknown') ($found.Verdict -join ' ')
    Assert-Case 'without rules the cloud is newer' (Test-Finding $found[2] 'PHS602' 'Warning' 'in the cloud')
    Assert-Case 'no token in any output' (-not ((Invoke-PhsDiagnostics @rules -Step A2 -Verbose 4>&1 | Format-List -Property * | Out-String) -like "*$token*"))
} catch {
    Assert-Case 'the script runs to its end' $false "$_ $($_.InvocationInfo.PositionMessage)"
} finally {
    Stop-Tenant
}
Complete-Case

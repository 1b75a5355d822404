# The audit of all users without a directory: what it takes, how it reaches the library, what its records and views show.
# With 200,000 users it is tested in the lab (tests/lab/live/audit.sh).

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
}

Describe 'Invoke-PhsUserAudit' {
    It 'wants a directory' -Tag Smoke {
        $problem = { Invoke-PhsUserAudit -Path $script:Fabrikam } | Should -Throw -PassThru
        Get-ErrorId $problem | Should -Be 'Phs.Request.NoDirectory'
    }

    It 'wants a credential, and reaches the library' -Tag Smoke {
        $given = @(Invoke-PhsUserAudit -Server 'dc1.invalid' -Path $script:Healthy -ErrorVariable problem -ErrorAction SilentlyContinue)
        $given | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'Phs.Directory.NoCredential'
    }

    It 'tells of each domain that it cannot ask, and gives no summary' {
        $secret = [securestring]::new()
        $secret.AppendChar('x')
        $credential = [pscredential]::new('CN=Reader,DC=fabrikam,DC=test', $secret)
        # Nobody listens on the first ports.
        $given = @(Invoke-PhsUserAudit -Server '127.0.0.1:1', '127.0.0.1:2' -Credential $credential -Encryption Ldaps -TimeoutSec 5 `
                -ErrorVariable problem -ErrorAction SilentlyContinue)
        $given | Should -BeNullOrEmpty
        @($problem).Count | Should -Be 2
        foreach ($one in $problem) { Get-ErrorId $one | Should -BeLike 'Phs.Ldap.*' }
        @($problem.TargetObject | Sort-Object -Unique).Count | Should -Be 2
    }

    It 'hands on what it was given, and nothing else' {
        Mock -ModuleName PhsDiagnostics Invoke-PhsRun { [pscustomobject]@{ Function = $Function; Json = ConvertTo-Json -InputObject $Request -Compress } }
        $given = Invoke-PhsUserAudit -Server dc1, dc2:3269 -SearchBase 'OU=Sales,DC=contoso,DC=com' -LDAPFilter '(department=Sales)' -All -TimeoutSec 30 -Encryption StartTls
        $given.Function | Should -Be 'phs_invoke_user_audit'
        $request = ConvertFrom-Json -InputObject $given.Json
        $request.PSObject.Properties.Name | Where-Object { $_ -ne 'options' } | Sort-Object |
            Should -Be 'all', 'encryption', 'ldapFilter', 'searchBase', 'server', 'timeoutSec'
        $request.server | Should -Be 'dc1', 'dc2:3269'
        $request.searchBase | Should -Be 'OU=Sales,DC=contoso,DC=com'
        $request.ldapFilter | Should -Be '(department=Sales)'
        $request.all | Should -BeTrue
        (Invoke-PhsUserAudit -Server dc1).Json | Should -Not -BeLike '*"all"*'
    }

    It 'refuses an empty filter and a wait without end' {
        $secret = [securestring]::new()
        $secret.AppendChar('x')
        $credential = [pscredential]::new('CN=Reader,DC=fabrikam,DC=test', $secret)
        { Invoke-PhsUserAudit -Server dc1 -Credential $credential -TimeoutSec 601 } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        { Invoke-PhsUserAudit -Server dc1 -Credential $credential -LDAPFilter '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }
}

Describe 'Records of an audit' {
    BeforeAll {
        # The examples of the page of the C ABI, which the library's own tests hold against its events.
        $page = [System.IO.File]::ReadAllLines([System.IO.Path]::Combine($script:Root, 'docs', 'abi.md'))
        $message = InModuleScope PhsDiagnostics -Parameters @{ json = @($page -like '{"kind": "audit"*')[0] } {
            param($json)
            $before = $script:JsonOptions
            try {
                $script:JsonOptions = [System.Text.Json.JsonSerializerOptions]::new()
                $script:JsonOptions.PropertyNamingPolicy = [System.Text.Json.JsonNamingPolicy]::CamelCase
                $script:JsonOptions.UnmappedMemberHandling = 'Disallow'
                ConvertFrom-PhsJson -Json $json -Type (Get-PhsNative).Message
            } finally {
                $script:JsonOptions = $before
            }
        }
        $summary = $message.Audit
    }

    It 'are types of their own, with every property of the JSON' {
        $summary.PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.AuditSummary'
        $summary.PSObject.Properties.Name | Should -Be 'Server', 'SearchBase', 'Users', 'WillSync', 'Blocked', 'Unknown', 'Reasons',
        'WithRules', 'Restarted', 'ElapsedMilliseconds'
        $summary.Users | Should -BeOfType ([long])
        $summary.Users | Should -Be ($summary.WillSync + $summary.Blocked + $summary.Unknown)
        $summary.Reasons[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.AuditReason'
        $summary.Reasons[0].CheckId | Should -Be 'PHS603'
    }

    It 'show counts, reasons, what was judged by, and no empty line' {
        $shown = $summary | Out-String -Width 120
        $shown | Should -Match '(?m)^Blocked\s+: 945'
        $shown | Should -Match '630 Blocked\s+PHS603 account-disabled-or-expired'
        $shown | Should -Match '(?m)^Rules\s+: judged by the rules of the export'
        $shown | Should -Not -Match '(?m)^Restarted'
    }

    It 'look the same after a way through serialization' {
        $file = [System.IO.Path]::Combine($TestDrive, 'audit.xml')
        $summary | Export-Clixml -LiteralPath $file -Depth 4
        (Import-Clixml -LiteralPath $file | Out-String -Width 120) | Should -Be ($summary | Out-String -Width 120)
    }
}

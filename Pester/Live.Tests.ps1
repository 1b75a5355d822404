# Against a domain controller: run inside a lab (tests/lab, tests/windows), whose variables name it; elsewhere left out.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force

    # A file of the lab as this system names it: under Wine the lab's files are on drive Z:.
    function Get-LabFile {
        param([string] $Path)

        if ($IsWindows) { 'Z:' + $Path.Replace('/', '\') } else { $Path }
    }

    # An account of the lab with the password in a file of the lab.
    function Get-LabCredential {
        param([string] $Name, [string] $PasswordFile)

        $secret = [securestring]::new()
        [System.IO.File]::ReadAllText((Get-LabFile $PasswordFile)).Trim().ToCharArray() | ForEach-Object { $secret.AppendChar($_) }
        [pscredential]::new("$env:LAB_NETBIOS\$Name", $secret)
    }

    $administrator = Get-LabCredential $env:LAB_ADMIN $env:LAB_ADMIN_PASSWORD_FILE
    $ca = Get-LabFile $env:LAB_CA
}

Describe 'Test-PhsConnectivity against a domain controller' -Tag Live, Smoke {
    BeforeAll {
        $findings = @(Test-PhsConnectivity -Server $env:LAB_SERVER -Domain $env:LAB_DOMAIN -DnsServer $env:LAB_ADDRESS -Credential $administrator -CaCertificate $ca)
    }

    It 'finds every port that password hash sync needs open' {
        $ports = $findings | Where-Object CheckId -EQ 'PHS302'
        $ports.Outcome | Should -Be 'Passed' -Because "$($ports.Message)"
        $ports.Evidence.Attribute | Should -Contain 'TCP 389 Ldap'
    }

    It 'finds the endpoint of replication, and that the account can bind' {
        foreach ($id in 'PHS303', 'PHS304') {
            $finding = $findings | Where-Object CheckId -EQ $id
            $finding.Outcome | Should -Be 'Passed' -Because "$($finding.Message)"
        }
    }

    It 'decodes why an account cannot bind' {
        $wrong = [securestring]::new()
        'not the password'.ToCharArray() | ForEach-Object { $wrong.AppendChar($_) }
        $credential = [pscredential]::new("$env:LAB_NETBIOS\direct-none", $wrong)
        $finding = Test-PhsConnectivity -Server $env:LAB_SERVER -DnsServer $env:LAB_ADDRESS -Credential $credential -CaCertificate $ca |
            Where-Object CheckId -EQ 'PHS304'
        $finding.Outcome | Should -Be 'Failed'
        "$($finding.Message) $($finding.Evidence)" | Should -Match '52e'
    }
}

Describe 'Test-PhsPermissions against a domain controller' -Tag Live, Smoke {
    BeforeAll {
        # What the lab was built to give, and what its domain controller answers (tests/lab, 'campaign').
        $expected = @{}
        foreach ($line in [System.IO.File]::ReadAllLines((Get-LabFile "$env:LAB_DIR/accounts.jsonl"))) {
            $row = ConvertFrom-Json -InputObject $line
            $expected[$row.account] = $row.expect
        }
    }

    It 'agrees with the domain controller about <_>' -ForEach @(
        'MSOL_good', 'MSOL_old', 'direct-all', 'direct-none', 'synk-æøå', "o'brien svc", 'nested-three', 'distribution', 'deny-first', 'allow-first'
        'deny-in-between', 'admin-nested'
    ) {
        $findings = @(Test-PhsPermissions -Server $env:LAB_SERVER -Credential $administrator -CaCertificate $ca -ConnectorAccount $_)
        $finding = $findings | Where-Object CheckId -EQ 'PHS101'
        $both = $expected[$_].getChanges -and $expected[$_].getChangesAll
        $finding.Outcome | Should -Be $(if ($both) { 'Passed' } else { 'Failed' }) -Because "$($finding.Message)"
        $finding.Target | Should -Match 'contoso'
        $finding.Evidence.Count | Should -BeGreaterThan 0
        if (-not $both) { $finding.Remediation | Should -Not -BeNullOrEmpty }
    }

    It 'says that an account does not exist' {
        $findings = @(Test-PhsPermissions -Server $env:LAB_SERVER -Credential $administrator -CaCertificate $ca -ConnectorAccount 'no-such-account')
        ($findings | Where-Object CheckId -EQ 'PHS102').Outcome | Should -Be 'Failed'
        ($findings | Where-Object CheckId -EQ 'PHS101').Outcome | Should -Not -Be 'Passed'
    }

    It 'refuses a server whose certificate is not trusted, and says so' {
        $findings = @(Test-PhsPermissions -Server $env:LAB_SERVER -Credential $administrator -ConnectorAccount MSOL_good -ErrorAction SilentlyContinue -ErrorVariable problems)
        @($findings | Where-Object Outcome -EQ 'Passed').Count | Should -Be 0
        @($problems).Count + @($findings | Where-Object Outcome -In 'Failed', 'Error', 'Skipped').Count | Should -BeGreaterThan 0
    }

    It 'shows no password in any output' {
        $password = $administrator.GetNetworkCredential().Password
        $text = Test-PhsPermissions -Server $env:LAB_SERVER -Credential $administrator -CaCertificate $ca -ConnectorAccount MSOL_good -Verbose -Debug 4>&1 5>&1 |
            Format-List -Property * | Out-String -Width 400
        $text.Length | Should -BeGreaterThan 100
        $text | Should -Not -Match ([regex]::Escape($password))
    }
}

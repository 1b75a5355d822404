# Test-PhsConnectivity without a domain: what it refuses, how its matrix reads, and a host that nothing answers for.
# Tests against a domain controller are in tests/connectivity.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
}

Describe 'Test-PhsConnectivity' {
    It 'names what is wrong with <Name>' -ForEach @(
        @{ Name = 'nothing at all'; Given = @{}; Id = 'Phs.Connectivity.NoTarget' }
        @{ Name = 'a URL as server'; Given = @{ Server = 'ldap://dc1' }; Id = 'Phs.Connectivity.Server' }
        @{ Name = 'a name as DNS server'; Given = @{ Domain = 'contoso.test'; DnsServer = 'ns1' }; Id = 'Phs.Connectivity.DnsServer' }
        @{ Name = 'a file that is not there'; Given = @{ Server = '127.0.0.1'; CaCertificate = 'missing.pem' }; Id = 'Phs.Connectivity.CaCertificate' }
    ) {
        $domain = $env:USERDNSDOMAIN
        $env:USERDNSDOMAIN = ''
        try {
            $problem = @()
            $null = Test-PhsConnectivity @Given -ErrorAction SilentlyContinue -ErrorVariable problem
            Get-ErrorId $problem[0] | Should -Be $Id
            $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        } finally {
            $env:USERDNSDOMAIN = $domain
        }
    }

    It 'gives every check of the step for a server that is named' {
        # No domain controller listens on this address of the loopback network.
        $findings = @(Test-PhsConnectivity -Server 127.98.0.1 -ProbeTimeoutSec 1 -TimeoutSec 10)
        @($findings.CheckId | Sort-Object -Unique) |
            Should -Be @('PHS301', 'PHS302', 'PHS303', 'PHS304', 'PHS305', 'PHS306', 'PHS307', 'PHS308')
        ($findings | Where-Object CheckId -EQ 'PHS302').Outcome | Should -Be 'Failed'
        $findings.Outcome | Should -Not -Contain 'Passed'
        $findings[0].PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.Finding'
    }

    It 'shows every probe as a list with -Detailed' {
        $text = Test-PhsConnectivity -Server 127.98.0.1 -ProbeTimeoutSec 1 -TimeoutSec 10 -Detailed | Out-String -Width 200
        $text | Should -Match 'Evidence\s+: '
        $text | Should -Match 'TCP 135 EndpointMapper = '
    }
}

Describe 'The matrix of domain controllers and ports' {
    It 'has a mark per port, and tells those that are not open' {
        $rows = foreach ($row in @(
                @('TCP 88 Kerberos', 'Open (1 ms, 192.0.2.1)'), @('TCP 135 EndpointMapper', 'Dropped (3000 ms, 192.0.2.1)'),
                @('TCP 389 Ldap', 'Refused (1 ms, 2001:db8::1)'), @('TCP 389 Ldap', 'Open (1 ms, 192.0.2.1)'),
                @('UDP 389 Ldap', 'Unreachable (1 ms, 192.0.2.1)'), @('TCP 49155 Drs', 'Open (1 ms, 192.0.2.1)'))) {
            [pscustomobject]@{ Attribute = $row[0]; Value = $row[1] }
        }
        $line = & (Get-Module PhsDiagnostics) { Import-PhsScript -Name View; Format-PhsPortRow -Evidence $args[0] } $rows
        $plain = $line -replace "$([char] 27)\[[0-9;]*m", ''
        $plain | Should -Be 'TCP 88+ 135. 389+ DRS+ UDP 389!  (. dropped, ! unreachable)'
    }

    It 'says of a port of replication that nobody named that it is not known' {
        $rows = @([pscustomobject]@{ Attribute = 'TCP 135 EndpointMapper'; Value = 'NotTried' })
        $line = & (Get-Module PhsDiagnostics) { Import-PhsScript -Name View; Format-PhsPortRow -Evidence $args[0] } $rows
        $line -replace "$([char] 27)\[[0-9;]*m", '' | Should -Be 'TCP 135? DRS? UDP  (? not known)'
    }

    It 'is empty without probes' {
        & (Get-Module PhsDiagnostics) { Import-PhsScript -Name View; Format-PhsPortRow -Evidence @() } | Should -Be ''
    }
}

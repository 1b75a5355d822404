# The tenant: Microsoft Graph served on this machine (tests/cloud), with everything that goes wrong. No token here is one.

BeforeDiscovery {
    $missing = -not @(Get-Command -Name 'python3' -CommandType Application -ErrorAction Ignore).Count
    if ($missing) {
        Write-Warning 'NOT TESTED: the tenant, since there is no python3 to serve it.'
    }
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
    & (Get-Module -Name PhsDiagnostics) { Import-PhsScript -Name Collect }

    # The token in all forms in which it could show.
    $script:Text = 'eyJ' + [guid]::NewGuid().ToString('N')
    $script:Token = [securestring]::new()
    foreach ($letter in $script:Text.ToCharArray()) { $script:Token.AppendChar($letter) }

    function Start-Tenant {
        $start = [System.Diagnostics.ProcessStartInfo]::new((Get-Command -Name 'python3' -CommandType Application)[0].Source)
        $start.ArgumentList.Add([System.IO.Path]::Combine($script:Root, 'tests', 'cloud', 'server.py'))
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $ports = ConvertFrom-Json -InputObject $process.StandardOutput.ReadLine()
        @{ Process = $process; Root = [uri] "http://127.0.0.1:$($ports.graph)"; Graph = $ports.graph; Other = $ports.other }
    }
    function Set-Root {
        param([AllowNull()] [uri] $Root)
        & (Get-Module -Name PhsDiagnostics) { $script:GraphRoot = $args[0] } $Root
    }
    function Set-Mode {
        param([string] $Name)
        $null = Invoke-RestMethod -Uri "$($script:Tenant.Root)mode/$Name" -NoProxy
    }
    function Get-Asked {
        @(Invoke-RestMethod -Uri "$($script:Tenant.Root)asked" -NoProxy | ForEach-Object { $_ })
    }
    # The findings of step A2 about the tenant, and the ids of errors.
    function Test-It {
        param([string] $Mode, [hashtable] $With = @{})
        Set-Mode $Mode
        $findings = @(Test-PhsSignInMethod -GraphToken $script:Token @With -ErrorVariable problem -ErrorAction SilentlyContinue)
        # PowerShell also keeps the bare exceptions that a function caught.
        $problem = @($problem | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        @{
            Feature = @($findings | Where-Object CheckId -EQ 'PHS202')
            Domains = @($findings | Where-Object { $_.CheckId -eq 'PHS203' -and $_.Target -like '*.onmicrosoft.com' })
            Errors  = @($problem | ForEach-Object { Get-ErrorId $_ } | Select-Object -Unique)
            Words   = @($problem | ForEach-Object { "$_ $(if ($_.ErrorDetails) { $_.ErrorDetails.RecommendedAction })" }) -join "`n"
        }
    }
}

Describe 'The tenant' -Skip:$missing {
    BeforeAll {
        $script:Tenant = Start-Tenant
        Set-Root $script:Tenant.Root
    }

    AfterAll {
        Set-Root $null
        if ($script:Tenant) {
            $script:Tenant.Process.StandardInput.Close()
            if (-not $script:Tenant.Process.WaitForExit(10000)) {
                $script:Tenant.Process.Kill()
            }
        }
    }

    Context 'alone' {
        It 'is judged without a server' -Tag Smoke {
            $result = Test-It -Mode pages
            $result.Errors | Should -BeNullOrEmpty
            $result.Feature[0].Outcome | Should -Be 'Warning'
            $result.Feature[0].Message | Should -BeLike '*2026-10-01T07:56:00Z*'
            $result.Domains[0].Outcome | Should -Be 'Passed'
            $result.Domains[0].Message | Should -BeLike '*tailspintoys.com*staged rollout*'
            $result.Domains[0].Evidence | Where-Object { $_.Attribute -like '*issuerUri' -and $_.Value -like 'http://sts.tailspintoys.com/*' } | Should -HaveCount 1
            $asked = Get-Asked
            # Every page of four domains, each with the token, and only of Graph.
            @($asked | Where-Object path -EQ '/v1.0/domains').Count | Should -Be 4
            $asked | Where-Object { -not $_.token -or $_.port -ne $script:Tenant.Graph } | Should -BeNullOrEmpty
            @($asked | Where-Object path -Like '*/federationConfiguration').Count | Should -Be 1
        }

        It 'is asked by the whole diagnosis as well' {
            Set-Mode off
            $findings = @(Invoke-PhsDiagnostics -GraphToken $script:Token -Step A2)
            $finding = @($findings | Where-Object CheckId -EQ 'PHS202')
            $finding.Outcome | Should -Be 'Failed'
            $finding.Severity | Should -Be 'Critical'
            $finding.Remediation | Should -Not -BeNullOrEmpty
        }
    }

    Context 'beside a server' {
        It 'disagrees with its connectors: off in the tenant, on at the server' {
            $result = Test-It -Mode off -With @{ Path = $script:Healthy }
            $result.Feature.Outcome | Should -Be 'Failed'
            $result.Feature.Message | Should -BeLike '*switched on for fabrikam.com*'
        }

        It 'that is another tenant is told, and not judged' {
            $result = Test-It -Mode other-tenant -With @{ Path = $script:Healthy }
            $result.Errors | Should -Be 'Phs.Graph.WrongTenant'
            $result.Words | Should -BeLike '*fabrikam.onmicrosoft.com*'
            $result.Feature.SkipReason | Should -Be 'EvidenceMissing'
            $result.Domains | Should -BeNullOrEmpty
        }
    }

    Context 'beside an evidence file' {
        BeforeAll {
            # A file of the healthy server, collected with or without the tenant.
            function New-File {
                param([string] $Name, [string] $Mode, [hashtable] $With = @{})

                $given = @{ ConfigurationPath = $script:Healthy; Force = $true } + $With
                if ($Mode) {
                    Set-Mode $Mode
                    $given.GraphToken = $script:Token
                }
                (Export-PhsEvidence ([System.IO.Path]::Combine($TestDrive, $Name)) @given).Path
            }
            # Moves the day on which a file was collected.
            function Set-Day {
                param([string] $File, [string] $Day)

                $archive = [System.IO.Compression.ZipFile]::Open($File, 'Update')
                try {
                    $entry = $archive.GetEntry('manifest.json')
                    $reader = [System.IO.StreamReader]::new($entry.Open())
                    $text = $reader.ReadToEnd()
                    $reader.Dispose()
                    $entry.Delete()
                    $writer = [System.IO.StreamWriter]::new($archive.CreateEntry('manifest.json').Open())
                    $writer.Write(($text -replace '"collectedAt":\s*"[^"]*"', ('"collectedAt": "{0}"' -f $Day)))
                    $writer.Dispose()
                } finally {
                    $archive.Dispose()
                }
            }
        }

        It 'that was collected without it fills what is missing' {
            $file = New-File 'without.phs'
            (Test-PhsSignInMethod -Evidence $file | Where-Object CheckId -EQ 'PHS202').SkipReason | Should -Be 'EvidenceMissing'
            $result = Test-It -Mode off -With @{ Evidence = $file }
            $result.Errors | Should -BeNullOrEmpty
            $result.Feature.Outcome | Should -Be 'Failed'
            $result.Feature.Message | Should -BeLike '*switched on for fabrikam.com*'
            $result.Domains | Should -Not -BeNullOrEmpty
            # In a whole diagnosis too, and from the pipeline.
            $findings = @(Import-PhsEvidence $file | Invoke-PhsDiagnostics -GraphToken $script:Token -Step A2 -WarningVariable warned)
            ($findings | Where-Object CheckId -EQ 'PHS202').Outcome | Should -Be 'Failed'
            $warned | Should -BeNullOrEmpty
            # The file itself is as it was.
            (Import-PhsEvidence $file).Missing.Kind | Should -Contain 'Cloud'
        }

        It 'that was collected with it stands' {
            $file = New-File 'with.phs' -Mode well
            $before = Test-PhsSignInMethod -Evidence $file | Where-Object CheckId -EQ 'PHS202'
            $result = Test-It -Mode off -With @{ Evidence = $file }
            $result.Feature.Outcome | Should -Be $before.Outcome
            $result.Feature.Message | Should -Be $before.Message
            $result.Feature.ObservedAt | Should -Be $before.ObservedAt
        }

        It 'fills what its own permissions hid' {
            $file = New-File 'refused.phs' -Mode application
            (Test-PhsSignInMethod -Evidence $file | Where-Object CheckId -EQ 'PHS202').SkipReason | Should -Be 'NotPermitted'
            (Test-It -Mode off -With @{ Evidence = $file }).Feature.Outcome | Should -Be 'Failed'
            # Who may not read it now either learns which permission is missing.
            $result = Test-It -Mode application -With @{ Evidence = $file }
            $result.Feature.Message | Should -BeLike '*OnPremDirectorySynchronization.Read.All*'
        }

        It 'that is of another tenant is told, and not judged' {
            $file = New-File 'other.phs'
            $result = Test-It -Mode other-tenant -With @{ Evidence = $file }
            $result.Errors | Should -Be 'Phs.Graph.WrongTenant'
            $result.Feature.SkipReason | Should -Be 'EvidenceMissing'
        }

        It 'of another day says so' {
            $file = New-File 'old.phs'
            Set-Day $file '2026-01-02T03:04:05Z'
            Set-Mode off
            $finding = Test-PhsSignInMethod -Evidence $file -GraphToken $script:Token -WarningVariable warned -WarningAction SilentlyContinue |
                Where-Object CheckId -EQ 'PHS202'
            $finding.Outcome | Should -Be 'Failed'
            "$warned" | Should -BeLike '*2026-01-02T03:04:05Z*'
        }

        It 'without names leaves the tenant out, and says so' {
            $file = New-File 'redacted.phs' -With @{ Redact = $true }
            $kept = Test-PhsSignInMethod -Evidence $file | Where-Object CheckId -EQ 'PHS202'
            Set-Mode off
            $finding = Test-PhsSignInMethod -Evidence $file -GraphToken $script:Token -WarningVariable warned -WarningAction SilentlyContinue |
                Where-Object CheckId -EQ 'PHS202'
            $finding.Outcome | Should -Be $kept.Outcome
            "$warned" | Should -BeLike '*pseudonyms*tenant*'
        }
    }

    Context 'that does not answer' {
        It '<Mode>: <Id>' -ForEach @(
            @{ Mode = 'expired'; Id = 'Phs.Graph.Unauthorized'; Reason = 'NotPermitted' }
            @{ Mode = 'busy'; Id = 'Phs.Graph.Throttled'; Reason = 'EvidenceMissing' }
            @{ Mode = 'broken'; Id = 'Phs.Graph.Unexpected'; Reason = 'EvidenceMissing' }
            @{ Mode = 'redirect'; Id = 'Phs.Graph.Unexpected'; Reason = 'EvidenceMissing' }
            @{ Mode = 'foreign-page'; Id = 'Phs.Graph.ForeignLink'; Reason = 'EvidenceMissing' }
            @{ Mode = 'endless'; Id = 'Phs.Graph.TooLarge'; Reason = 'EvidenceMissing' }
            @{ Mode = 'huge'; Id = 'Phs.Graph.TooLarge'; Reason = 'EvidenceMissing' }
            @{ Mode = 'page-of-a-proxy'; Id = 'Phs.Graph.Unreadable'; Reason = 'EvidenceMissing' }
            @{ Mode = 'cut-off'; Id = 'Phs.Graph.Unreachable'; Reason = 'EvidenceMissing' }
        ) {
            $result = Test-It -Mode $Mode
            $result.Errors | Should -Be $Id
            $result.Feature.Outcome | Should -Be 'Skipped'
            $result.Words | Should -Not -BeLike '*Words of the service*'
            $result.Words | Should -Not -BeLike "*$script:Text*"
            # Whatever the answers say, the token goes to Graph alone.
            Get-Asked | Where-Object port -NE $script:Tenant.Graph | Should -BeNullOrEmpty
        }

        It 'in time is given up' {
            Set-Mode slow
            $findings = @(Invoke-PhsDiagnostics -GraphToken $script:Token -TimeoutSec 1 -Step A2 -ErrorVariable problem -ErrorAction SilentlyContinue)
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Be 'Phs.Graph.Timeout'
            ($findings | Where-Object CheckId -EQ 'PHS202').SkipReason | Should -Be 'EvidenceMissing'
        }

        It 'at all is told, and the rest is judged' {
            Set-Root ([uri] 'http://127.0.0.1:1')
            try {
                $findings = @(Test-PhsSignInMethod -Path $script:Healthy -GraphToken $script:Token -ErrorVariable problem -ErrorAction SilentlyContinue)
            } finally {
                Set-Root $script:Tenant.Root
            }
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Be 'Phs.Graph.Unreachable'
            ($findings | Where-Object CheckId -EQ 'PHS202').Outcome | Should -Be 'Skipped'
            ($findings | Where-Object CheckId -EQ 'PHS201').Outcome | Should -Be 'Passed'
        }

        It 'but asks to wait a little is asked again' {
            $result = Test-It -Mode busy-once
            $result.Errors | Should -BeNullOrEmpty
            $result.Domains.Outcome | Should -Be 'Passed'
            @(Get-Asked | Where-Object path -EQ '/v1.0/organization').Count | Should -Be 2
        }
    }

    Context 'that hides something' {
        It 'names the missing permission and takes nothing for off: <Mode>' -ForEach @(
            @{ Mode = 'forbidden' }, @{ Mode = 'application' }, @{ Mode = 'user-read' }
        ) {
            $result = Test-It -Mode $Mode
            $result.Errors | Should -BeNullOrEmpty
            $result.Feature.Outcome | Should -Be 'Skipped'
            $result.Feature.SkipReason | Should -Be 'NotPermitted'
            $result.Feature.Message | Should -BeLike '*OnPremDirectorySynchronization.Read.All*'
        }
    }

    It 'that shows what it was sent is not repeated' {
        Set-Mode mirror
        $text = ConvertTo-Json -InputObject @(Test-PhsSignInMethod -GraphToken $script:Token) -Depth 6
        $text | Should -BeLike '*redacted*'
        $text | Should -Not -BeLike "*$script:Text*"
    }

    It 'whose next page may be hidden in a body that is not read here is not taken for whole' {
        $result = Test-It -Mode twin-keys
        $result.Errors | Should -Contain 'Phs.Graph.Unreadable'
        $result.Feature.Outcome | Should -Be 'Skipped'
    }

    It 'that hides the staged rollout is not said to have none' {
        Set-Mode forbidden/featureRolloutPolicies
        $finding = Test-PhsSignInMethod -GraphToken $script:Token | Where-Object { $_.CheckId -eq 'PHS203' -and $_.Target -like '*.onmicrosoft.com' }
        $finding.Evidence | Where-Object { $_.Object -eq 'featureRolloutPolicies' -and $_.Value -like '*not known*Policy.Read.HybridAuthentication*' } | Should -HaveCount 1
    }

    Context 'and users' {
        It 'are asked for seven at a time, by SID and name, with quotation marks doubled' {
            Set-Mode well
            $answer = InModuleScope PhsDiagnostics -Parameters @{ Token = $script:Token } {
                $graph = Open-PhsGraph -Bound @{ GraphToken = $Token }
                $users = foreach ($number in 1..8) {
                    [pscustomobject]@{ SecurityIdentifier = "S-1-5-21-1-2-3-$number"; UserPrincipalName = "o'$number@fabrikam.com" }
                }
                Get-PhsGraphUserInput -Graph $graph -User $users
                Close-PhsGraph -Graph $graph
            }
            $answer.cloud.answers.Count | Should -Be 2
            $answer.cloud.answers[0].identities.Count | Should -Be 14
            $answer.cloud.answers[1].identities | Should -Be 'S-1-5-21-1-2-3-8', "o'8@fabrikam.com"
            $asked = Get-Asked
            $asked[1].query | Should -BeLike "*onPremisesSecurityIdentifier eq 'S-1-5-21-1-2-3-8' or userPrincipalName eq 'o''8@fabrikam.com'"
            $asked[1].query | Should -BeLike '*select=*onPremisesImmutableId*'
        }

        It 'of a run are asked for in answer to its question' {
            Set-Mode well
            $sent = InModuleScope PhsDiagnostics -Parameters @{ Token = $script:Token } {
                $script:Sent = $null
                Mock Send-PhsInput { $script:Sent = [System.Text.Encoding]::UTF8.GetString($Bytes); $true }
                $graph = Open-PhsGraph -Bound @{ GraphToken = $Token }
                $question = [pscustomobject]@{ Users = @([pscustomobject]@{ SecurityIdentifier = $null; UserPrincipalName = 'kari@fabrikam.com' }) }
                Send-PhsUserAnswer -Open @{ Graph = $graph } -Question $question
                Close-PhsGraph -Graph $graph
                $script:Sent
            }
            $input = ConvertFrom-Json -InputObject $sent
            $input.cloud.answers[0].question | Should -Be 'users'
            $input.cloud.answers[0].status | Should -Be 200
            $input.cloud.answers[0].body | Should -BeLike '*QF5HMK7n80qvdYsUPIHa9Q==*'
        }
    }

    Context 'over the session of Microsoft Graph PowerShell' {
        BeforeAll {
            function global:Get-MgContext { [pscustomobject]@{ Environment = 'Global'; TenantId = '5f0d1c1e-0000-4000-8000-000000007e4a' } }
            function global:Invoke-MgGraphRequest {
                [CmdletBinding()]
                param([string] $Method, [uri] $Uri, [string] $OutputType, [switch] $SkipHttpErrorCheck, [string] $StatusCodeVariable)
                if ($global:PhsFakeSession -eq 'broken') { throw 'Authentication needed.' }
                $answer = Invoke-WebRequest -Uri $Uri -Headers @{ Authorization = 'Bearer session' } -SkipHttpErrorCheck -NoProxy
                $PSCmdlet.SessionState.PSVariable.Set($StatusCodeVariable, [int] $answer.StatusCode)
                [System.Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray())
            }
        }

        AfterAll {
            Remove-Item -LiteralPath Function:Get-MgContext, Function:Invoke-MgGraphRequest -ErrorAction Ignore
            Remove-Variable -Name PhsFakeSession -Scope Global -ErrorAction Ignore
        }

        It 'is asked as with a token' {
            $global:PhsFakeSession = 'well'
            Set-Mode off
            $findings = @(Test-PhsSignInMethod -UseMgContext)
            ($findings | Where-Object CheckId -EQ 'PHS202').Outcome | Should -Be 'Failed'
            Set-Mode forbidden
            $findings = @(Test-PhsSignInMethod -UseMgContext)
            ($findings | Where-Object CheckId -EQ 'PHS202').SkipReason | Should -Be 'NotPermitted'
        }

        It 'says that the session failed' {
            $global:PhsFakeSession = 'broken'
            $null = Test-PhsSignInMethod -UseMgContext -ErrorVariable problem -ErrorAction SilentlyContinue
            @($problem | ForEach-Object { Get-ErrorId $_ }) | Should -Contain 'Phs.Graph.Session'
        }

        It 'refuses another environment' {
            { Test-PhsSignInMethod -UseMgContext -Environment China } | Should -Throw -ErrorId 'Phs.Graph.OtherEnvironment*'
        }
    }

    It 'leaves no token anywhere, whatever fails' {
        Set-Mode expired
        $transcript = [System.IO.Path]::Combine($TestDrive, 'transcript.txt')
        $given = @{ Module = $script:ModulePath; Transcript = $transcript; Token = $script:Text; Root = "$($script:Tenant.Root)" }
        $result = Invoke-Fresh -Parameter $given -Script {
            param($Module, $Transcript, $Token, $Root)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) { $script:GraphRoot = [uri] $args[0] } $Root
            $secure = [securestring]::new()
            foreach ($letter in $Token.ToCharArray()) { $secure.AppendChar($letter) }
            $spoilt = [securestring]::new()
            foreach ($letter in ('Bearer ' + $Token).ToCharArray()) { $spoilt.AppendChar($letter) }
            $null = Start-Transcript -Path $Transcript -IncludeInvocationHeader
            Test-PhsSignInMethod -GraphToken $secure -Verbose -Debug -ErrorAction Continue *>&1 | Out-String -Width 400
            try { Test-PhsSignInMethod -GraphToken $spoilt -Verbose -Debug } catch { $_ | Format-List -Property * -Force | Out-String -Width 400 }
            & (Get-Module -Name PhsDiagnostics) { $script:GraphRoot = [uri] 'http://127.0.0.1:1' }
            Test-PhsSignInMethod -GraphToken $secure -Verbose -Debug -ErrorAction Continue *>&1 | Out-String -Width 400
            $Error | ForEach-Object { $_ | Format-List -Property * -Force | Out-String -Width 400; $_.Exception | Format-List -Property * -Force | Out-String -Width 400 }
            $null = Stop-Transcript
            ConvertTo-Json -Compress @{ Errors = $Error.Count; Length = $secure.Length }
        }
        $result.Value.Errors | Should -BeGreaterThan 1
        # The caller's own secure string is left as it was.
        $result.Value.Length | Should -Be $script:Text.Length
        $text = $result.Text + $result.Problem + [System.IO.File]::ReadAllText($transcript)
        $text | Should -BeLike '*Phs.Graph.Unauthorized*'
        $text | Should -BeLike '*Phs.Graph.NoToken*'
        $text | Should -Not -BeLike "*$script:Text*"
    }
}

Describe 'A token' {
    It 'goes to <Root>: <Safe>' -ForEach @(
        @{ Root = 'https://graph.microsoft.com'; Safe = $true }
        @{ Root = 'http://127.0.0.1:8080'; Safe = $true }
        @{ Root = 'http://[::1]:8080'; Safe = $true }
        @{ Root = 'http://localhost:8080'; Safe = $true }
        @{ Root = 'http://graph.microsoft.com'; Safe = $false }
        @{ Root = 'http://127.0.0.1.example.com'; Safe = $false }
        @{ Root = 'http://192.0.2.1'; Safe = $false }
        @{ Root = 'ftp://127.0.0.1'; Safe = $false }
        @{ Root = 'graph.microsoft.com'; Safe = $false }
    ) {
        InModuleScope PhsDiagnostics -Parameters @{ Root = $Root; Safe = $Safe } {
            if ($Safe) {
                { Assert-PhsGraphRoot -Root ([uri] $Root) } | Should -Not -Throw
            } else {
                { Assert-PhsGraphRoot -Root ([uri]::new($Root, [System.UriKind]::RelativeOrAbsolute)) } | Should -Throw -ErrorId 'Phs.Graph.PlainText'
            }
        }
    }

    It 'of <Environment> goes to <Root>' -ForEach @(
        @{ Environment = 'Global'; Root = 'https://graph.microsoft.com/' }
        @{ Environment = 'USGov'; Root = 'https://graph.microsoft.us/' }
        @{ Environment = 'USGovDoD'; Root = 'https://dod-graph.microsoft.us/' }
        @{ Environment = 'China'; Root = 'https://microsoftgraph.chinacloudapi.cn/' }
    ) {
        InModuleScope PhsDiagnostics -Parameters @{ Environment = $Environment; Root = $Root } {
            (Get-PhsGraphRoot -Environment $Environment).AbsoluteUri | Should -Be $Root
        }
    }

    It 'is for the environments that the parameters name, and those are one list' {
        $interop = InModuleScope PhsDiagnostics { Get-PhsNative }
        $buffer = [System.Activator]::CreateInstance($interop.Buffer)
        $problem = [System.Activator]::CreateInstance($interop.Buffer)
        $null = $interop.Functions::phs_describe([ref] $buffer, [ref] $problem)
        $about = ConvertFrom-Json -InputObject (InModuleScope PhsDiagnostics -Parameters @{ Buffer = $buffer } { Read-PhsBuffer $Buffer })
        $interop.Functions::phs_buffer_free([ref] $buffer)
        foreach ($command in Get-Command -Module PhsDiagnostics | Where-Object { $_.Parameters.ContainsKey('Environment') }) {
            $set = $command.Parameters['Environment'].Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] }
            $set.ValidValues | Should -Be $about.environments.name -Because $command.Name
        }
    }

    It 'and a session at once are refused' {
        { Test-PhsSignInMethod -GraphToken $script:Token -UseMgContext } | Should -Throw -ErrorId 'Phs.Graph.TwoWays*'
    }

    It 'that is none is refused without a word of it: <Name>' -ForEach @(
        @{ Name = 'with Bearer'; Text = 'Bearer abc' }, @{ Name = 'with a line break'; Text = "abc`r`nX-Header: 1" }, @{ Name = 'empty'; Text = '' }
    ) {
        $secure = [securestring]::new()
        foreach ($letter in $Text.ToCharArray()) { $secure.AppendChar($letter) }
        $problem = { Test-PhsSignInMethod -GraphToken $secure } | Should -Throw -PassThru
        Get-ErrorId $problem | Should -Be 'Phs.Graph.NoToken'
        "$problem" | Should -Not -BeLike '*abc*'
    }

    It 'is missing where no session is there' {
        if (Get-Command -Name Get-MgContext -ErrorAction Ignore) {
            Set-ItResult -Skipped -Because 'Microsoft Graph PowerShell is installed here'
            return
        }
        { Test-PhsSignInMethod -UseMgContext } | Should -Throw -ErrorId 'Phs.Graph.NoSession*'
    }
}

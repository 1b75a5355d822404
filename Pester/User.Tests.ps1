# The cmdlets of guide steps B1 to B3 without a directory: what they take, how users reach the library. With a directory
# they are tested in the lab (tests/lab/live/users.sh).

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
}

Describe 'The cmdlets of users' {
    It '<_> wants a directory' -ForEach 'Test-PhsUser', 'Test-PhsObjectSync', 'Test-PhsTemporaryPassword' {
        $command = $_
        $problem = { & $command -Identity kari -Path $script:Fabrikam } | Should -Throw -PassThru
        Get-ErrorId $problem | Should -Be 'Phs.Request.NoDirectory'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It '<_> wants a credential' -ForEach 'Test-PhsUser', 'Test-PhsObjectSync', 'Test-PhsTemporaryPassword' {
        & $_ -Identity kari -Server 'dc1.invalid' -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-ErrorId $problem[0] | Should -Be 'Phs.Directory.NoCredential'
    }

    It '<_> takes nobody for nobody' -ForEach 'Test-PhsUser', 'Test-PhsObjectSync', 'Test-PhsTemporaryPassword' {
        @() | & $_ -Server 'dc1.invalid' -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }
}

Describe 'Users from the pipeline' {
    BeforeAll {
        $script:Guid = [guid]::NewGuid()
        # A run that answers each user with its name, as the library does with a verdict.
        Mock -ModuleName PhsDiagnostics Open-PhsRun {
            $script:Calls.Add("open $($Request['more']) $($Request.identity -join ' ')")
            $Open.Run = [uint64] 0
            $Open.Secret = [uint64] 0
            $Open.Interop = @{ Functions = $null }
            $Open.Answer = @($Request.identity)
        }
        Mock -ModuleName PhsDiagnostics Send-PhsInput {
            $text = [System.Text.Encoding]::UTF8.GetString($Bytes)
            $script:Calls.Add("feed $text")
            $Open.Answer = @(if ($text) { (ConvertFrom-Json -InputObject $text).identity })
            $script:Alive
        }
        Mock -ModuleName PhsDiagnostics Receive-PhsRun {
            $Open.Ready = $Open.Answer.Count -gt 0 -and $Open.Answer -notcontains 'nowhere'
            $Open.Answer
        }
    }

    BeforeEach {
        $script:Calls = [System.Collections.Generic.List[string]]::new()
        $script:Alive = $true
    }

    It 'are each answered before the next is asked for, in one run' -Tag Smoke {
        $order = [System.Collections.Generic.List[string]]::new()
        'kari', 'åse', 'ola' | ForEach-Object { $order.Add("ask $_"); $_ } | Test-PhsUser -Server dc1 | ForEach-Object { $order.Add("answer $_") }
        $order | Should -Be 'ask kari', 'answer kari', 'ask åse', 'answer åse', 'ask ola', 'answer ola'
        $script:Calls | Should -Be 'open True kari', 'feed {"identity":["åse"]}', 'feed {"identity":["ola"]}', 'feed '
    }

    It 'go into a new run where the old one has ended by itself' {
        $script:Alive = $false
        @('kari', 'ola' | Test-PhsUser -Server dc1) | Should -Be 'kari', 'ola'
        $script:Calls | Should -Be 'open True kari', 'feed {"identity":["ola"]}', 'open True ola', 'feed '
    }

    It 'are not asked for again at a directory that could not be asked' {
        @('nowhere', 'kari' | Test-PhsUser -Server dc1) | Should -Be 'nowhere'
        $script:Calls | Should -Be 'open True nowhere'
    }

    It 'are let go at once where nobody wants more' {
        @('kari', 'ola' | Test-PhsUser -Server dc1 | Select-Object -First 1) | Should -Be 'kari'
        $script:Calls | Should -Be 'open True kari'
        Mock -ModuleName PhsDiagnostics Close-PhsRun { }
        $null = 'kari', 'ola' | Test-PhsUser -Server dc1 | Select-Object -First 1
        Should -Invoke -ModuleName PhsDiagnostics Close-PhsRun -ParameterFilter { $Open.Count -gt 0 }
    }

    It 'named by -Identity need no open run' {
        $null = Test-PhsUser -Identity kari, ola -Server dc1 -Credential ([pscredential]::Empty)
        $script:Calls | Should -Be 'open  kari ola'
    }

    It 'reach the library by their names: <Name>' -ForEach @(
        @{ Name = 'texts'; Users = { 'kari', 'ola' }; Expected = 'kari', 'ola' }
        @{ Name = 'rows with userPrincipalName'; Users = { "UserPrincipalName,City`nkari@contoso.com,Oslo`nola@contoso.com,Bergen" | ConvertFrom-Csv }
            Expected = 'kari@contoso.com', 'ola@contoso.com' }
        @{ Name = 'rows with sAMAccountName'; Users = { "sAMAccountName`nkari" | ConvertFrom-Csv }; Expected = 'kari' }
        @{ Name = 'rows with Identity'; Users = { [pscustomobject]@{ Identity = 'kari' } }; Expected = 'kari' }
    ) {
        @(& $Users | Test-PhsUser -Server dc1) | Should -Be $Expected
    }

    It 'an account as Get-ADUser gives it goes by its distinguished name' {
        $account = [pscustomobject]@{
            DistinguishedName = 'CN=Kari,DC=contoso,DC=com'; Enabled = $true; Name = 'Kari'; ObjectClass = 'user'
            ObjectGUID = $script:Guid; SamAccountName = 'kari'; SID = 'S-1-5-21-1-2-3-1104'; UserPrincipalName = 'kari@contoso.com'
        }
        @($account | Test-PhsObjectSync -Server dc1) | Should -Be 'CN=Kari,DC=contoso,DC=com'
    }

    It 'a verdict can be judged again' {
        $verdict = [pscustomobject]@{ Identity = 'kari'; DistinguishedName = 'CN=Kari,DC=contoso,DC=com'; Verdict = 'Blocked' }
        @($verdict | Test-PhsTemporaryPassword -Server dc1) | Should -Be 'kari'
    }
}

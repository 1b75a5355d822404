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
        Mock -ModuleName PhsDiagnostics Start-PhsDiagnostic { $Bound['Identity'] }
        $script:Guid = [guid]::NewGuid()
    }

    It 'reach the library at once: <Name>' -ForEach @(
        @{ Name = 'texts'; Users = { 'kari', 'ola' }; Expected = 'kari', 'ola' }
        @{ Name = 'rows with userPrincipalName'; Users = { "UserPrincipalName,City`nkari@contoso.com,Oslo`nola@contoso.com,Bergen" | ConvertFrom-Csv }
            Expected = 'kari@contoso.com', 'ola@contoso.com' }
        @{ Name = 'rows with sAMAccountName'; Users = { "sAMAccountName`nkari" | ConvertFrom-Csv }; Expected = 'kari' }
        @{ Name = 'rows with Identity'; Users = { [pscustomobject]@{ Identity = 'kari' } }; Expected = 'kari' }
    ) {
        @(& $Users | Test-PhsUser -Server dc1) | Should -Be $Expected
        Should -Invoke -ModuleName PhsDiagnostics Start-PhsDiagnostic -Times 1 -Exactly
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

# Passwords: where they go, and where they never show. And how a call that hangs is stopped.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force
}

Describe 'A password' {
    It 'shows in no error, no stream and no transcript, whatever fails' -Tag Smoke {
        $transcript = [System.IO.Path]::Combine($TestDrive, 'transcript.txt')
        # Made anew each time, so that it stands nowhere else.
        $password = 'Pw-' + [System.Guid]::NewGuid().ToString()
        $result = Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Transcript = $transcript; Password = $password } -Script {
            param($Module, $Transcript, $Password)
            Import-Module -Name $Module
            $secure = [securestring]::new()
            foreach ($letter in $Password.ToCharArray()) { $secure.AppendChar($letter) }
            $credential = [pscredential]::new('CONTOSO\reader', $secure)
            $null = Start-Transcript -Path $Transcript -IncludeInvocationHeader
            # Nobody listens there.
            $all = Test-PhsPermissions -Server '127.0.0.1:1' -Domain contoso.test -Credential $credential -ConnectorAccount MSOL_x -TimeoutSec 5 -Verbose -Debug -ErrorVariable problem -ErrorAction Continue *>&1
            $all | Out-String -Width 400
            $problem | ForEach-Object { $_ | Format-List -Property * -Force | Out-String -Width 400; $_.Exception | Format-List -Property * -Force | Out-String -Width 400 }
            $null = Stop-Transcript
            ConvertTo-Json -Compress @{ Errors = @($problem).Count; Length = $credential.Password.Length }
        }
        $result.Value.Errors | Should -BeGreaterThan 0
        # The caller's own secure string is left as it was.
        $result.Value.Length | Should -Be $password.Length
        $text = $result.Text + $result.Problem + [System.IO.File]::ReadAllText($transcript)
        $text.Length | Should -BeGreaterThan 500
        $text | Should -Not -BeLike "*$password*"
        $text | Should -Not -BeLike "*$([System.Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($password)))*"
    }

    It 'goes to the library by handle: the request holds no word of it' {
        InModuleScope PhsDiagnostics {
            $secure = [securestring]::new()
            foreach ($letter in 'Blåbær-1'.ToCharArray()) { $secure.AppendChar($letter) }
            $made = New-PhsNativeSecret -Interop (Get-PhsNative) -Secret $secure
            $made.Status | Should -Be 0
            $made.Handle | Should -BeGreaterThan 0
            (Get-PhsNative).Functions::phs_secret_free($made.Handle) | Should -Be 0
            (Get-PhsNative).Functions::phs_secret_free($made.Handle) | Should -BeLessThan 0
        }
    }

    It 'handle is freed when the call is over, also when it fails' {
        InModuleScope PhsDiagnostics {
            $functions = (Get-PhsNative).Functions
            $secure = [securestring]::new()
            $secure.AppendChar('x')
            $credential = [pscredential]::new('reader', $secure)
            function Test-It {
                [CmdletBinding()]
                param([System.Collections.IDictionary] $Request)
                Invoke-PhsRun -Cmdlet $PSCmdlet -Function phs_get_check -Request $Request -Credential $credential
            }
            # This diagnostic takes no credential and refuses the request, after the secret was made.
            $request = @{ options = @{} }
            { Test-It -Request $request } | Should -Throw -ErrorId 'Phs.Request.Invalid*'
            $functions::phs_secret_free([uint64] $request.credential.secret) | Should -BeLessThan 0
        }
    }

    It 'that is empty is a secret too' {
        InModuleScope PhsDiagnostics {
            $made = New-PhsNativeSecret -Interop (Get-PhsNative) -Secret ([securestring]::new())
            $made.Status | Should -Be 0
            $null = (Get-PhsNative).Functions::phs_secret_free($made.Handle)
        }
    }
}

Describe 'A call that hangs' {
    It 'is stopped like by Ctrl+C, and lets go of the server' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $shell = [powershell]::Create()
        try {
            $secure = [securestring]::new()
            $secure.AppendChar('x')
            $null = $shell.AddScript({
                    param($Module, $Port, $Credential)
                    Import-Module -Name $Module
                    Test-PhsPermissions -Server "127.0.0.1:$Port" -Domain contoso.test -Credential $Credential -Encryption Ldaps -TimeoutSec 600
                }).AddArgument($script:ModulePath).AddArgument($listener.LocalEndpoint.Port).AddArgument([pscredential]::new('reader', $secure))
            $running = $shell.BeginInvoke()
            # The server takes the connection and says nothing.
            $accepted = $listener.AcceptTcpClientAsync()
            $accepted.Wait(120000) | Should -BeTrue
            $running.IsCompleted | Should -BeFalse
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            # What the client sent is read, then its end is seen: the connection was given up.
            $stream = $accepted.Result.GetStream()
            $stream.ReadTimeout = 120000
            $buffer = [byte[]]::new(65536)
            $ended = $false
            try {
                while ($stream.Read($buffer, 0, $buffer.Length) -gt 0) { }
                $ended = $true
            } catch [System.IO.IOException] {
                $ended = $_.Exception.InnerException.SocketErrorCode -eq 'ConnectionReset'
            }
            $ended | Should -BeTrue
        } finally {
            $shell.Dispose()
            $listener.Stop()
        }
    }
}

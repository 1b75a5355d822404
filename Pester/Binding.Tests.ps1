# How the module finds, loads and calls the native library.

BeforeDiscovery {
    $platforms = @(
        @{ System = 'Windows'; Architecture = 'X64'; Path = 'native/win-x64/phs_native.dll' }
        @{ System = 'Windows'; Architecture = 'Arm64'; Path = 'native/win-arm64/phs_native.dll' }
        @{ System = 'Linux'; Architecture = 'X64'; Path = 'native/linux-x64/libphs_native.so' }
        @{ System = 'Linux'; Architecture = 'Arm64'; Path = 'native/linux-arm64/libphs_native.so' }
        @{ System = 'MacOS'; Architecture = 'Arm64'; Path = 'native/osx-arm64/libphs_native.dylib' }
    )
    $refused = @(
        @{ System = 'Windows'; Architecture = 'X86'; CLibrary = ''; Remedy = '*64-bit PowerShell*' }
        @{ System = 'Linux'; Architecture = 'Arm'; CLibrary = ''; Remedy = '*64-bit PowerShell*' }
        @{ System = 'Linux'; Architecture = 'X64'; CLibrary = 'musl'; Remedy = '*glibc*' }
        @{ System = 'Linux'; Architecture = 'S390x'; CLibrary = ''; Remedy = '*64-bit Windows*' }
        @{ System = 'Unknown'; Architecture = 'X64'; CLibrary = ''; Remedy = '*64-bit Windows*' }
    )
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force

    # A copy of the built module in a folder of its own.
    function Copy-Module {
        param([string] $Name, [switch] $WithoutLibrary)

        $to = [System.IO.Path]::Combine($TestDrive, $Name, 'PhsDiagnostics')
        $null = New-Item -ItemType Directory -Path ([System.IO.Path]::GetDirectoryName($to)) -Force
        Copy-Item -LiteralPath $script:ModulePath -Destination $to -Recurse
        if ($WithoutLibrary) {
            Remove-Item -LiteralPath ([System.IO.Path]::Combine($to, 'native')) -Recurse
        }
        $to
    }

    # The library's place in a copy.
    function Get-LibraryFile {
        param([string] $Module)

        Get-ChildItem -LiteralPath ([System.IO.Path]::Combine($Module, 'native')) -Recurse -File |
            Where-Object { $_.Directory.Name -eq $(if ($IsWindows) { 'win-x64' } else { 'linux-x64' }) }
    }

    # The first error of a first call, in a process of its own.
    function Get-FirstCallError {
        param([string] $Module)

        (Invoke-Fresh -Parameter @{ Module = $Module } -Script {
            param($Module)
            Import-Module -Name $Module
            try {
                $null = Get-PhsCheck -ErrorAction Stop
                $problem = $null
            } catch {
                $problem = $_
            }
            @{
                Id      = "$($problem.FullyQualifiedErrorId)"
                Category = "$($problem.CategoryInfo.Category)"
                Target  = "$($problem.TargetObject)"
                Message = "$problem"
                Action  = "$($problem.ErrorDetails.RecommendedAction)"
            } | ConvertTo-Json -Compress
        }).Value
    }
}

Describe 'The path of the library' {
    It 'is <Path> on <System> <Architecture>' -ForEach $platforms {
        InModuleScope PhsDiagnostics -Parameters @{ System = $System; Architecture = $Architecture } {
            param($System, $Architecture)
            Get-PhsLibraryPath -System $System -Architecture $Architecture
        } | Should -Be $Path
    }

    It 'is refused on <System> <Architecture> <CLibrary>, with a remedy' -ForEach $refused -Tag Smoke {
        $given = @{ System = $System; Architecture = $Architecture; CLibrary = $CLibrary }
        $problem = InModuleScope PhsDiagnostics -Parameters $given {
            param($System, $Architecture, $CLibrary)
            try { Get-PhsLibraryPath -System $System -Architecture $Architecture -CLibrary $CLibrary } catch { $_ }
        }
        Get-ErrorId $problem | Should -Be 'Phs.Native.Unsupported'
        $problem.CategoryInfo.Category | Should -Be 'NotImplemented'
        $problem.TargetObject | Should -BeLike "$System $Architecture*"
        $problem.ErrorDetails.RecommendedAction | Should -BeLike $Remedy
    }

    It 'is there for this platform' {
        $relative = InModuleScope PhsDiagnostics { $platform = Get-PhsPlatform; Get-PhsLibraryPath @platform }
        [System.IO.Path]::Combine($script:ModulePath, $relative) | Should -Exist
    }
}

Describe 'Import' {
    It 'loads nothing native' -Tag Smoke {
        $loaded = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            function Test-Loaded {
                @([System.Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object FileName -Match 'phs_native').Count -gt 0
            }
            Import-Module -Name $Module
            $null = Get-Help -Name Invoke-PhsDiagnostics
            $before = Test-Loaded
            $null = Get-PhsCheck -Id PHS101
            ConvertTo-Json -Compress @($before, (Test-Loaded))
        }).Value
        $loaded[0] | Should -BeFalse
        $loaded[1] | Should -BeTrue
    }

    It 'writes nothing and needs no writable folder for temporary files' {
        $result = Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Environment @{ TMPDIR = '/nowhere'; TEMP = '/nowhere'; TMP = '/nowhere' } -Script {
            param($Module)
            Import-Module -Name $Module
            (Get-PhsCheck).Count | ConvertTo-Json
        }
        $result.Value | Should -BeGreaterThan 40
    }

    It 'works from a path with spaces and letters beyond ASCII' -Tag Smoke {
        $module = Copy-Module "Prøve æøå Ω 1"
        (Invoke-Fresh -Parameter @{ Module = $module } -Script {
            param($Module)
            Import-Module -Name $Module
            (Get-PhsCheck).Count | ConvertTo-Json
        }).Value | Should -BeGreaterThan 40
    }

    It 'can be removed and done again in one session, and uses the same types' -Tag Smoke {
        (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            Import-Module -Name $Module
            $first = Get-PhsCheck -Id PHS101
            Remove-Module -Name PhsDiagnostics
            Import-Module -Name $Module
            $second = Get-PhsCheck -Id PHS101
            Import-Module -Name $Module -Force
            $third = Get-PhsCheck -Id PHS101
            ConvertTo-Json -Compress @(($first.GetType() -eq $second.GetType()), ($first.GetType() -eq $third.GetType()), $third.Id)
        }).Value | Should -Be $true, $true, 'PHS101'
    }

    It 'of two versions in one process keeps them apart' {
        $one = Copy-Module 'one'
        $two = Copy-Module 'two'
        $manifest = [System.IO.Path]::Combine($two, 'PhsDiagnostics.psd1')
        $text = [System.IO.File]::ReadAllText($manifest).Replace("'0.1.0'", "'0.1.1'")
        [System.IO.File]::WriteAllText($manifest, $text)
        $value = (Invoke-Fresh -Parameter @{ One = $one; Two = $two } -Script {
            param($One, $Two)
            $modules = $One, $Two | ForEach-Object { Import-Module -Name $_ -PassThru }
            $checks = $modules | ForEach-Object { & $_ { Get-PhsCheck -Id PHS101 } }
            $paths = $modules | ForEach-Object { & $_ { (Get-PhsNative).LibraryPath } }
            ConvertTo-Json -Compress @{ Versions = "$($modules.Version)"; Same = $checks[0].GetType() -eq $checks[1].GetType(); Ids = "$($checks.Id)"; Paths = $paths }
        }).Value
        $value.Versions | Should -Be '0.1.0 0.1.1'
        $value.Same | Should -BeFalse
        $value.Ids | Should -Be 'PHS101 PHS101'
        $value.Paths[0] | Should -BeLike "$one*"
        $value.Paths[1] | Should -BeLike "$two*"
    }

    It 'works in parallel runspaces at once' {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            $found = 1..12 | ForEach-Object -ThrottleLimit 12 -Parallel {
                Import-Module -Name $using:Module
                foreach ($turn in 1..5) { (Get-PhsCheck).Count }
            }
            ConvertTo-Json -Compress @{ Count = $found.Count; Distinct = @($found | Select-Object -Unique) }
        }).Value
        $value.Count | Should -Be 60
        $value.Distinct.Count | Should -Be 1
        $value.Distinct[0] | Should -BeGreaterThan 40
    }
}

Describe 'A library that does not fit' {
    It 'that is missing is Phs.Native.NotFound' -Tag Smoke {
        $problem = Get-FirstCallError (Copy-Module 'missing' -WithoutLibrary)
        $problem.Id | Should -Be 'Phs.Native.NotFound,Get-PhsCheck'
        $problem.Category | Should -Be 'ObjectNotFound'
        $problem.Target | Should -BeLike '*phs_native*'
        $problem.Action | Should -Not -BeNullOrEmpty
    }

    It 'that is no library is Phs.Native.LoadFailed' {
        $module = Copy-Module 'broken'
        [System.IO.File]::WriteAllText((Get-LibraryFile $module).FullName, 'not a library')
        $problem = Get-FirstCallError $module
        $problem.Id | Should -Be 'Phs.Native.LoadFailed,Get-PhsCheck'
        $problem.Category | Should -Be 'ResourceUnavailable'
        $problem.Action | Should -Not -BeNullOrEmpty
    }

    It 'of another ABI version is Phs.Native.VersionMismatch' -Skip:($IsWindows -or -not (Get-Command -Name cc -CommandType Application -ErrorAction Ignore)) {
        $module = Copy-Module 'other'
        $source = [System.IO.Path]::Combine($TestDrive, 'other.c')
        [System.IO.File]::WriteAllText($source, "unsigned int phs_abi_version(void) { return 4711u; }`n")
        $library = (Get-LibraryFile $module).FullName
        Remove-Item -LiteralPath $library
        & cc -shared -fPIC -o $library $source
        $problem = Get-FirstCallError $module
        $problem.Id | Should -Be 'Phs.Native.VersionMismatch,Get-PhsCheck'
        $problem.Message | Should -BeLike '*4711*'
        $problem.Action | Should -Not -BeNullOrEmpty
    }

    It 'without a function that the module needs is Phs.Native.VersionMismatch' -Skip:($IsWindows -or -not (Get-Command -Name cc -CommandType Application -ErrorAction Ignore)) {
        $module = Copy-Module 'older'
        $source = [System.IO.Path]::Combine($TestDrive, 'older.c')
        $version = InModuleScope PhsDiagnostics { $script:AbiVersion }
        [System.IO.File]::WriteAllText($source, "unsigned int phs_abi_version(void) { return ${version}u; }`nvoid phs_buffer_free(void *b) { (void)b; }`n")
        $library = (Get-LibraryFile $module).FullName
        Remove-Item -LiteralPath $library
        & cc -shared -fPIC -o $library $source
        (Get-FirstCallError $module).Id | Should -Be 'Phs.Native.VersionMismatch,Get-PhsCheck'
    }

    It 'is told apart in constrained language mode: Phs.Native.LanguageMode' {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) {
                function script:Get-PhsLanguageMode { 'ConstrainedLanguage' }
            }
            try { Get-PhsCheck } catch { $_.FullyQualifiedErrorId | ConvertTo-Json }
        }).Value
        $value | Should -Be 'Phs.Native.LanguageMode,Get-PhsCheck'
    }
}

Describe 'Records' {
    It 'have the properties of the library''s JSON, none missing' {
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Export = $script:Fabrikam } -Script {
            param($Module, $Export)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) {
                $script:JsonOptions = [System.Text.Json.JsonSerializerOptions]::new()
                $script:JsonOptions.PropertyNamingPolicy = [System.Text.Json.JsonNamingPolicy]::CamelCase
                $script:JsonOptions.UnmappedMemberHandling = 'Disallow'
            }
            $counts = @(
                @(Get-PhsCheck).Count
                @(Get-PhsCapability).Count
                @(Get-PhsConnectorAccount -Path $Export).Count
                @(Invoke-PhsDiagnostics -Path $Export).Count
            )
            ConvertTo-Json -Compress $counts
        }).Value
        $value.Count | Should -Be 4
        $value | ForEach-Object { $_ | Should -BeGreaterThan 0 }
    }

    It 'read the times of the library with all their digits' {
        InModuleScope PhsDiagnostics {
            $json = '{"kind":"finding","findings":[{"checkId":"PHS401","observedAt":"2026-03-01T12:00:00.123456789Z","remediation":["a"],"evidence":[{"source":"s","object":"o","attribute":"a","value":"v"}],"later":1}]}'
            $message = ConvertFrom-PhsJson -Json $json -Type (Get-PhsNative).Message
            $finding = $message.Findings[0]
            $finding.ObservedAt.Kind | Should -Be 'Utc'
            $finding.ObservedAt.ToString('o') | Should -Be '2026-03-01T12:00:00.1234567Z'
            $finding.Evidence[0].ObservedAt | Should -BeNullOrEmpty
            "$($finding.Evidence[0])" | Should -Be 's o a v'
            , $finding.Remediation | Should -BeOfType ([string[]])
        }
    }
}

Describe 'Calls' {
    It 'leave no memory behind: 100,000 calls grow the process by less than 5 MB' -Tag Memory {
        # Code that is compiled anew once it is hot, and room that the collector keeps in reserve, are no leaks.
        # The long form of the tests sets the number of calls.
        $turns = [int] $(if ($env:PHS_MEMORY_CALLS) { $env:PHS_MEMORY_CALLS } else { 100000 }) / 10
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Turns = $turns } -Environment @{ DOTNET_TieredCompilation = '0' } -Script {
            param($Module, $Turns)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) {
                param($Turns)
                $interop = Get-PhsNative
                $functions = $interop.Functions
                $request = [System.Text.Encoding]::UTF8.GetBytes('{"options":{},"ids":["PHS101"]}')
                $length = [System.UIntPtr]::new([uint64] $request.Length)
                $run = [uint64] 0
                $buffer = [System.Activator]::CreateInstance($interop.Buffer)
                $problem = [System.Activator]::CreateInstance($interop.Buffer)
                # Each turn makes 10 calls: a run with its events, an error, and a description.
                $turn = {
                    $null = $functions::phs_get_check($request, $length, [ref] $run, [ref] $problem)
                    do {
                        $status = $functions::phs_run_next($run, 1000, [ref] $buffer, [ref] $problem)
                        $functions::phs_buffer_free([ref] $buffer)
                    } while ($status -in 0, 1)
                    $null = $functions::phs_run_free($run)
                    $null = $functions::phs_run_free($run)
                    $null = $functions::phs_describe([ref] $buffer, [ref] $problem)
                    $functions::phs_buffer_free([ref] $buffer)
                }
                # The collector gives memory back with some delay, so the smallest of a few looks counts.
                function Get-Size {
                    $sizes = foreach ($look in 1..5) {
                        [System.GC]::Collect()
                        [System.GC]::WaitForPendingFinalizers()
                        Start-Sleep -Milliseconds 100
                        $reserve = [System.GC]::GetGCMemoryInfo().TotalCommittedBytes - [System.GC]::GetTotalMemory($true)
                        [System.Diagnostics.Process]::GetCurrentProcess().WorkingSet64 - $reserve
                    }
                    ($sizes | Measure-Object -Minimum).Minimum
                }
                for ($i = 0; $i -lt 3000; $i++) { . $turn }
                $before = Get-Size
                for ($i = 0; $i -lt $Turns; $i++) { . $turn }
                [math]::Round(((Get-Size) - $before) / 1mb, 2) | ConvertTo-Json
            } $Turns
        }).Value
        $value | Should -Not -BeNullOrEmpty
        [double] $value | Should -BeLessThan 5
    }

    It 'of a run that is abandoned by Select-Object free it' {
        (Invoke-Fresh -Parameter @{ Module = $script:ModulePath } -Script {
            param($Module)
            Import-Module -Name $Module
            & (Get-Module -Name PhsDiagnostics) {
                function Get-First {
                    [CmdletBinding()]
                    param()
                    Invoke-PhsRun -Cmdlet $PSCmdlet -Function phs_get_check -Request @{ options = @{} }
                }
                # More runs than the library keeps alive at the same time.
                $found = foreach ($turn in 1..1100) { Get-First | Select-Object -First 1 }
                @($found).Count | ConvertTo-Json
            }
        }).Value | Should -Be 1100
    }
}

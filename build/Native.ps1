# Building the native library: for this machine, or on Debian for Windows.

# The oldest glibc that a Linux library may ask for: Debian 12 has 2.36, Ubuntu 22.04 has 2.35, RHEL 9 has 2.34.
$script:GlibcBaseline = [version] '2.34'

# What the Windows library may load: parts of Windows itself, no runtime of the compiler that built it.
$script:WindowsLibraries = @(
    'advapi32', 'bcrypt', 'bcryptprimitives', 'combase', 'crypt32', 'dnsapi', 'iphlpapi', 'kernel32', 'ktmw32', 'msvcrt', 'mswsock', 'ncrypt', 'netapi32', 'ntdll'
    'ole32', 'oleaut32', 'powrprof', 'rpcrt4', 'secur32', 'shell32', 'sspicli', 'user32', 'userenv', 'wevtapi', 'winhttp', 'wintrust', 'ws2_32'
)

# The file name of the native library on a platform.
function Get-LibraryFile {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Rid)

    switch -Wildcard ($Rid) {
        'win-*' { 'phs_native.dll' }
        'osx-*' { 'libphs_native.dylib' }
        default { 'libphs_native.so' }
    }
}

# The folder that cargo builds into.
function Get-TargetFolder {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $target = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
    [System.IO.Path]::GetFullPath($target, $PWD.ProviderPath)
}

# Builds the native library for a platform and gives its file's path.
function Build-NativeLibrary {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Rid)

    if ($Rid -eq (Get-HostRid)) {
        # On Windows this is the MSVC tool chain, which rustup installs there.
        Invoke-Cargo 'build', '--release', '-p', 'phs-ffi'
        $library = [System.IO.Path]::Combine((Get-TargetFolder), 'release', (Get-LibraryFile $Rid))
    } elseif ($Rid -eq 'win-x64' -and $IsLinux) {
        $library = Build-WindowsLibrary
    } else {
        throw "This machine builds the native library for $(Get-HostRid)$(if ($IsLinux) { ' and win-x64' }) only, not for $Rid."
    }
    Assert-LibraryBaseline -Path $library -Rid $Rid
    $library
}

# What a cross-build needs and this machine lacks, as names of Debian packages.
function Get-MissingCrossPackage {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $needed = [ordered]@{
        'gcc-mingw-w64-x86-64' = '/usr/bin/x86_64-w64-mingw32-gcc'
        'rustc-web'            = '/usr/bin/rustc'
        'cargo-web'            = '/usr/bin/cargo'
        'rust-web-src'         = '/usr/lib/rustlib/src/rust/library/std/Cargo.toml'
    }
    $needed.Keys | Where-Object { -not (Test-Path -LiteralPath $needed[$_]) }
}

# Cross-builds for Windows with Debian's compilers. Debian ships no standard library for Windows, so it is built from its
# source, which Rust allows a stable compiler only with RUSTC_BOOTSTRAP; the library's own crates use nothing unstable.
function Build-WindowsLibrary {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $missing = @(Get-MissingCrossPackage)
    if ($missing) {
        throw "Building for win-x64 needs Debian's packages; run: apt-get install $($missing -join ' ')"
    }
    # A folder of its own: another compiler, another standard library.
    $target = [System.IO.Path]::Combine((Get-TargetFolder), 'cross')
    $old = @{ RUSTC_BOOTSTRAP = $env:RUSTC_BOOTSTRAP; PATH = $env:PATH }
    try {
        $env:RUSTC_BOOTSTRAP = '1'
        # Debian's rustc before one of rustup.
        $env:PATH = "/usr/bin:$env:PATH"
        $result = Invoke-Tool '/usr/bin/cargo' @(
            'build', '--release', '-Zbuild-std=std,panic_unwind', '--target', 'x86_64-pc-windows-gnu', '--target-dir', $target
            '-p', 'phs-ffi'
        )
    } finally {
        foreach ($name in $old.Keys) {
            [System.Environment]::SetEnvironmentVariable($name, $old[$name])
        }
    }
    if ($result.ExitCode -ne 0) {
        throw "The cross-build for win-x64 failed with exit code $($result.ExitCode)."
    }
    $library = [System.IO.Path]::Combine($target, 'x86_64-pc-windows-gnu', 'release', 'phs_native.dll')
    # The symbol table of GNU's linker is five times the code; a debugger on Windows cannot read it anyway.
    $stripped = [System.IO.Path]::Combine($target, 'phs_native.dll')
    $result = Invoke-Tool '/usr/bin/x86_64-w64-mingw32-strip' '--strip-all', '-o', $stripped, $library
    if ($result.ExitCode -ne 0) {
        throw "x86_64-w64-mingw32-strip failed with exit code $($result.ExitCode)."
    }
    $stripped
}

# The newest glibc that a Linux library asks for, or nothing where it asks for none.
function Get-GlibcVersion {
    [CmdletBinding()]
    [OutputType([version])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $SymbolTable)

    [regex]::Matches($SymbolTable -join "`n", 'GLIBC_(\d+\.\d+(?:\.\d+)?)') |
        ForEach-Object { [version] $_.Groups[1].Value } | Sort-Object -Descending | Select-Object -First 1
}

# The libraries that a Windows library loads and that are no part of Windows.
function Get-ForeignImport {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $PrivateHeader)

    [regex]::Matches($PrivateHeader -join "`n", '(?im)^\s*DLL Name: (\S+?)(\.dll|\.drv)?\s*$') |
        ForEach-Object { $_.Groups[1].Value.ToLowerInvariant() } |
        Where-Object { $_ -notin $script:WindowsLibraries -and $_ -notlike 'api-ms-win-*' } | Select-Object -Unique
}

# Refuses a library that would not load where the module is promised to run. Says so where the tool for it is missing.
function Assert-LibraryBaseline {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Rid
    )

    if (-not $IsLinux) {
        return
    }
    $tool = if ($Rid -like 'win-*') { 'x86_64-w64-mingw32-objdump' } else { 'objdump' }
    $objdump = Find-Tool $tool
    if (-not $objdump) {
        Write-BuildLine "NOT CHECKED: $tool (package binutils) was not found, so what $Path asks of the system is not known."
        return
    }
    if ($Rid -like 'win-*') {
        $foreign = @(Get-ForeignImport (& $objdump -p $Path))
        if ($foreign) {
            throw "$Path loads libraries that Windows does not have: $($foreign -join ', ')."
        }
    } elseif ($Rid -like 'linux-*') {
        $glibc = Get-GlibcVersion (& $objdump -T $Path)
        if ($null -eq $glibc -or $glibc -gt $script:GlibcBaseline) {
            throw "$Path asks for glibc $glibc; the baseline is $script:GlibcBaseline. Build it on an older Linux."
        }
        Write-BuildLine "$([System.IO.Path]::GetFileName($Path)) asks for glibc $glibc (baseline $script:GlibcBaseline)."
    }
}

# Where the native library of a platform lies in the module's folder, by .NET's runtime identifier.
function Get-PhsLibraryPath {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $System,
        [Parameter(Mandatory)] [string] $Architecture,
        [Parameter()] [string] $CLibrary = ''
    )

    $files = @{
        'Windows' = @('win', 'phs_native.dll')
        'Linux'   = @('linux', 'libphs_native.so')
        'MacOS'   = @('osx', 'libphs_native.dylib')
    }
    $remedy = $null
    if ($Architecture -in 'X86', 'Arm', 'Armv6') {
        $remedy = Get-PhsString Unsupported32Bit
    } elseif (-not $files.ContainsKey($System) -or $Architecture -notin 'X64', 'Arm64') {
        $remedy = Get-PhsString UnsupportedPlatform
    } elseif ($System -eq 'Linux' -and $CLibrary -eq 'musl') {
        $remedy = Get-PhsString UnsupportedMusl
    }
    if ($remedy) {
        $platform = ($System, $Architecture, $CLibrary | Where-Object { $_ }) -join ' '
        throw (New-PhsErrorRecord -Id 'Phs.Native.Unsupported' -Category NotImplemented -Target $platform `
                -Message ((Get-PhsString Unsupported) -f $platform) -RecommendedAction $remedy)
    }
    'native/{0}-{1}/{2}' -f $files[$System][0], $Architecture.ToLowerInvariant(), $files[$System][1]
}

# The platform of this process, in the words of Get-PhsLibraryPath. RuntimeInformation is not in .NET Framework 4.6.2.
function Get-PhsPlatform {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    if ($PSVersionTable.PSEdition -ne 'Core') {
        $architecture = 'X86'
        if ([System.Environment]::Is64BitProcess) {
            $architecture = if ($env:PROCESSOR_ARCHITECTURE -eq 'ARM64') { 'Arm64' } else { 'X64' }
        }
        return @{ System = 'Windows'; Architecture = $architecture; CLibrary = '' }
    }
    $system = if ([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::Windows)) {
        'Windows'
    } elseif ([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::Linux)) {
        'Linux'
    } elseif ([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform([System.Runtime.InteropServices.OSPlatform]::OSX)) {
        'MacOS'
    } else {
        'Unknown'
    }
    @{
        System       = $system
        Architecture = [System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture.ToString()
        CLibrary     = if ([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier -like '*musl*') { 'musl' } else { '' }
    }
}

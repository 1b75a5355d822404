# The bound native library: types and functions. The first call of the process emits them; later imports of the same
# module reuse them. An import of another version, or from another folder, gets an assembly of its own.
function Get-PhsNative {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    if ($null -ne $script:Native) {
        return $script:Native
    }
    $mode = Get-PhsLanguageMode
    if ($mode -ne 'FullLanguage') {
        throw (New-PhsErrorRecord -Id 'Phs.Native.LanguageMode' -Category SecurityError -Target $mode `
                -Message ((Get-PhsString LanguageMode) -f $mode) -RecommendedAction (Get-PhsString LanguageModeAction))
    }

    $platform = Get-PhsPlatform
    $relative = Get-PhsLibraryPath @platform
    $path = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, $relative))
    if (-not [System.IO.File]::Exists($path)) {
        throw (New-PhsErrorRecord -Id 'Phs.Native.NotFound' -Category ObjectNotFound -Target $path `
                -Message ((Get-PhsString LibraryNotFound) -f $path) `
                -RecommendedAction (Get-PhsString LibraryNotFoundAction))
    }

    $name = 'PhsDiagnostics.Interop|{0}|{1}' -f (Get-PhsVersion), $path
    # One object for the whole process, whatever the runspace.
    $gate = [string]::Intern('PhsDiagnostics.Interop')
    [System.Threading.Monitor]::Enter($gate)
    try {
        $interop = [System.AppDomain]::CurrentDomain.GetData($name)
        . ([System.IO.Path]::Combine($PSScriptRoot, 'Private/Native/Binding.ps1'))
        if ($null -eq $interop) {
            $interop = New-PhsInterop -LibraryPath $path
            Assert-PhsAbiVersion -Actual $interop.Functions::phs_abi_version() -Path $path
            [System.AppDomain]::CurrentDomain.SetData($name, $interop)
        }
    } catch {
        if ($_.FullyQualifiedErrorId -like 'Phs.*') {
            throw
        }
        # What the loader says: no such function, another machine type, a missing system library.
        throw (New-PhsErrorRecord -Id 'Phs.Native.LoadFailed' -Category ResourceUnavailable -Target $path `
                -Message ((Get-PhsString LoadFailed) -f $path, $_.Exception.GetBaseException().Message) `
                -RecommendedAction (Get-PhsString LoadFailedAction))
    } finally {
        [System.Threading.Monitor]::Exit($gate)
    }
    $script:Native = $interop
    $interop
}

# Refuses a library that speaks another ABI.
function Assert-PhsAbiVersion {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [uint32] $Actual,
        [Parameter(Mandatory)] [string] $Path
    )

    if ($Actual -ne $script:AbiVersion) {
        throw (New-PhsErrorRecord -Id 'Phs.Native.VersionMismatch' -Category InvalidResult -Target $Path `
                -Message ((Get-PhsString VersionMismatch) -f $Path, $Actual, $script:AbiVersion) `
                -RecommendedAction (Get-PhsString VersionMismatchAction))
    }
}

# The language mode that the module's own scripts run in.
function Get-PhsLanguageMode {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $ExecutionContext.SessionState.LanguageMode.ToString()
}

# The module's version, as its manifest says.
function Get-PhsVersion {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $ExecutionContext.SessionState.Module.Version.ToString()
}

# The Windows suite on Linux: the Windows build of PowerShell under Wine.

# The wrapper that starts the Windows build of PowerShell under Wine, or nothing.
function Find-PwshWine {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $beside = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'pwsh-win', 'pwsh-wine'))
    @($env:PWSH_WINE, $beside) | Where-Object { $_ -and [System.IO.File]::Exists($_) } | Select-Object -First 1
}

# The Pester tests on Windows PowerShell 7 under Wine, against the Windows library, inside a directory lab.
function Invoke-WineSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        # Only tests with this tag.
        [Parameter()] [string] $Tag = ''
    )

    $missing = @(if ($IsLinux) { Get-MissingCrossPackage })
    if ($missing) {
        return New-SuiteResult -Missing "needs Debian's packages $($missing -join ', ')."
    }
    $wine = Find-PwshWine
    if (-not $wine) {
        return New-SuiteResult -Missing 'needs a Windows PowerShell under Wine; name its wrapper in PWSH_WINE.'
    }
    Build-Module -Rid win-x64
    $arguments = @($wine) + @(if ($Tag) { $Tag })
    Invoke-ScriptSuite tests/windows/run.sh -Argument $arguments -NeedRoot -Need samba-tool, ip, flock, timeout
}

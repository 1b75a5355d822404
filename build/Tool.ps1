# Finding and calling the tools of the build.

# The runtime identifier of this machine.
function Get-HostRid {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $system = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
    $architecture = [System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
    "$system-$architecture"
}

# The path of a tool, or nothing. Rust's own folder is looked into too, since a fresh rustup is not on PATH yet.
function Find-Tool {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Name)

    $found = Get-Command -Name $Name -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if ($found) {
        return $found.Source
    }
    $suffix = if ($IsWindows) { '.exe' } else { '' }
    $cargo = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('UserProfile'), '.cargo', 'bin', "$Name$suffix")
    if ([System.IO.File]::Exists($cargo)) {
        $cargo
    }
}

# Runs a program, shows its output line by line as plain text, and gives its exit code and lines.
function Invoke-Tool {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter()] [string[]] $Argument = @()
    )

    $lines = [System.Collections.Generic.List[string]]::new()
    & $Path @Argument 2>&1 | ForEach-Object {
        $line = "$_"
        $lines.Add($line)
        [System.Console]::Out.WriteLine($line)
    }
    @{ ExitCode = $LASTEXITCODE; Lines = $lines }
}

# Runs cargo; a failure ends the task.
function Invoke-Cargo {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string[]] $Argument)

    $cargo = Find-Tool cargo
    if (-not $cargo) {
        throw 'cargo was not found. Install Rust 1.90 or later from https://rustup.rs and run this again.'
    }
    $result = Invoke-Tool $cargo $Argument
    if ($result.ExitCode -ne 0) {
        throw "cargo $($Argument -join ' ') failed with exit code $($result.ExitCode)."
    }
}

# Writes a line of the build itself.
function Write-BuildLine {
    [CmdletBinding()]
    param([Parameter()] [AllowEmptyString()] [string] $Text = '')

    [System.Console]::Out.WriteLine($Text)
}

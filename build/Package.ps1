# The package task: a publishable module with its checksums and bill of materials, tried out from a local feed.

$script:PackageOutput = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'out', 'package'))

# Builds every library that this machine can build, or takes those of Prebuilt, so that one module folder serves all.
function Build-EveryPlatform {
    [CmdletBinding()]
    param([Parameter()] [switch] $AllowMissing)

    if ($script:Prebuilt) {
        Join-Module -Destination $script:ModuleOutput
        foreach ($rid in 'linux-x64', 'win-x64') {
            $file = [System.IO.Path]::Combine($script:Prebuilt, $rid, (Get-LibraryFile $rid))
            if (-not [System.IO.File]::Exists($file)) { throw "$file is not there." }
            Assert-LibraryBaseline -Path $file -Rid $rid
            $folder = [System.IO.Path]::Combine($script:ModuleOutput, 'native', $rid)
            $null = New-Item -ItemType Directory -Path $folder -Force
            Copy-Item -LiteralPath $file -Destination $folder
        }
        return
    }
    Build-Module -Rid (Get-HostRid)
    if (-not $IsLinux) { return }
    $missing = @(Get-MissingCrossPackage)
    if (-not $missing) {
        Build-Module -Rid win-x64
    } elseif ($AllowMissing) {
        Write-BuildLine "LEFT OUT: win-x64; it needs Debian's packages $($missing -join ', ')."
    } else {
        throw "A package needs the library for win-x64 too. Run: apt-get install $($missing -join ' ') (or package what is there with -AllowMissing)."
    }
}

# Signs the scripts and the Windows library where a certificate is named in PHS_SIGNING_THUMBPRINT; says so where it is not.
function Set-ModuleSignature {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)

    if (-not $env:PHS_SIGNING_THUMBPRINT) {
        Write-BuildLine 'NOT SIGNED: PHS_SIGNING_THUMBPRINT names no certificate.'
        return
    }
    if (-not $IsWindows) {
        throw 'Authenticode signatures are made on Windows. Unset PHS_SIGNING_THUMBPRINT, or run the package task there.'
    }
    $certificate = Get-ChildItem -Path Cert:\CurrentUser\My, Cert:\LocalMachine\My -CodeSigningCert |
        Where-Object Thumbprint -EQ $env:PHS_SIGNING_THUMBPRINT | Select-Object -First 1
    if (-not $certificate) {
        throw "There is no certificate for code signing with the thumbprint $env:PHS_SIGNING_THUMBPRINT in the stores of this user or machine."
    }
    foreach ($file in Get-ChildItem -LiteralPath $Path -Recurse -File -Include '*.ps1', '*.psm1', '*.psd1', '*.ps1xml', '*.dll') {
        $signature = Set-AuthenticodeSignature -FilePath $file.FullName -Certificate $certificate -HashAlgorithm SHA256 -TimestampServer 'http://timestamp.digicert.com'
        if ("$($signature.Status)" -ne 'Valid') {
            throw "$($file.FullName) could not be signed: $($signature.StatusMessage)"
        }
    }
}

# Writes SHA-256 checksums in the format of sha256sum, sorted, with forward slashes.
function Write-Checksum {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [string] $Destination
    )

    [string[]] $names = Get-ChildItem -LiteralPath $Folder -Recurse -File | ForEach-Object {
        [System.IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/')
    }
    [System.Array]::Sort($names, [System.StringComparer]::Ordinal)
    $lines = foreach ($name in $names) {
        $hash = Get-FileHash -LiteralPath ([System.IO.Path]::Combine($Folder, $name)) -Algorithm SHA256
        '{0}  {1}' -f $hash.Hash.ToLowerInvariant(), $name
    }
    [System.IO.File]::WriteAllText($Destination, ($lines -join "`n") + "`n")
}

# Makes out/package: the nupkg in a feed of its own, SHA256SUMS of the module's files, and the bill of materials.
function Build-Package {
    [CmdletBinding()]
    param([Parameter()] [switch] $AllowMissing)

    # A clean folder: nothing of an earlier build may slip into what is published.
    if (Test-Path -LiteralPath $script:ModuleOutput) { Remove-Item -LiteralPath $script:ModuleOutput -Recurse -Force }
    if (Test-Path -LiteralPath $script:PackageOutput) { Remove-Item -LiteralPath $script:PackageOutput -Recurse -Force }
    Build-EveryPlatform -AllowMissing:$AllowMissing
    Set-ModuleSignature -Path $script:ModuleOutput
    $manifest = Test-ModuleManifest -Path ([System.IO.Path]::Combine($script:ModuleOutput, 'PhsDiagnostics.psd1')) -ErrorAction Stop

    $feed = [System.IO.Path]::Combine($script:PackageOutput, 'feed')
    $null = New-Item -ItemType Directory -Path $feed -Force
    Write-Checksum -Folder $script:ModuleOutput -Destination ([System.IO.Path]::Combine($script:PackageOutput, 'SHA256SUMS'))
    $metadata = & (Find-Tool cargo) metadata --format-version 1 --locked | Out-String | ConvertFrom-Json
    $sbom = New-Sbom -Metadata $metadata -LockText ([System.IO.File]::ReadAllText('Cargo.lock')) -Crate 'phs-ffi'
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($script:PackageOutput, 'sbom.cdx.json'), $sbom + "`n")

    # A name of its own in the user's list of repositories, for as long as it takes.
    $repository = "PhsDiagnostics-$PID"
    Import-Module -Name Microsoft.PowerShell.PSResourceGet
    Register-PSResourceRepository -Name $repository -Uri $feed -Trusted
    try {
        Publish-PSResource -Path $script:ModuleOutput -Repository $repository -ErrorAction Stop
    } finally {
        Unregister-PSResourceRepository -Name $repository
    }
    Write-BuildLine "Packed PhsDiagnostics $($manifest.Version) into $script:PackageOutput."
}

# Installs the package from its feed and uses it, in a PowerShell of its own here and, where there is one, under Wine.
function Invoke-PackageSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $missing = @(if ($IsLinux -and -not $script:Prebuilt) { Get-MissingCrossPackage })
    if ($missing) {
        return New-SuiteResult -Missing "needs Debian's packages $($missing -join ', ')."
    }
    if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PSResourceGet)) {
        return New-SuiteResult -Missing 'needs the module Microsoft.PowerShell.PSResourceGet.'
    }
    Build-Package
    $user = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "phs-install-$PID")
    # .NET gives a user's folder only where it exists.
    $null = New-Item -ItemType Directory -Path ([System.IO.Path]::Combine($user, '.local', 'share')) -Force
    $script = [System.IO.Path]::Combine($PSScriptRoot, 'Test-Installed.ps1')
    $sample = [System.IO.Path]::GetFullPath('samples/fabrikam')
    $feed = [System.IO.Path]::Combine($script:PackageOutput, 'feed')
    $old = @{ HOME = $env:HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME; PSModulePath = $env:PSModulePath }
    try {
        if (-not $IsWindows) {
            $env:HOME = $user
            $env:XDG_DATA_HOME = [System.IO.Path]::Combine($user, '.local', 'share')
            # Made anew from these by the process that starts.
            $env:PSModulePath = $null
        }
        $result = Invoke-Tool ([System.Environment]::ProcessPath) @(
                '-NoProfile', '-NonInteractive', '-File', $script, '-Feed', $feed, '-Sample', $sample)
    } finally {
        foreach ($name in $old.Keys) { [System.Environment]::SetEnvironmentVariable($name, $old[$name]) }
        Remove-Item -LiteralPath $user -Recurse -Force
    }
    $here = ConvertTo-SuiteResult $result
    $wine = Find-PwshWine
    if (-not $wine -or -not $IsLinux -or (id -u) -ne '0') {
        Write-BuildLine 'LEFT OUT: the installed module under Wine.'
        return $here
    }
    $modules = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName((Get-Module -Name Microsoft.PowerShell.PSResourceGet).Path))
    $there = Invoke-ScriptSuite tests/windows/install.sh -Argument $wine, $script, $feed, $sample, $modules
    New-SuiteResult -Passed ($here.Passed + $there.Passed) -Failed ($here.Failed + $there.Failed) -Skipped ($here.Skipped + $there.Skipped)
}

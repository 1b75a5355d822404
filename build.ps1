#Requires -Version 7.2
<#
.SYNOPSIS
Builds, tests and shows PhsDiagnostics: the one entry, at a desk and in CI.

.DESCRIPTION
Demo   builds the module and diagnoses samples/fabrikam, a small export with planted faults.
Build  builds the native library and joins the module: out/PhsDiagnostics.
Test   builds, then runs every suite: format, lints, Rust, C ABI, directory lab, fuzzing, Pester. Each reports its counts;
       the last line says 'N passed, N failed, N skipped' over all of them, and the exit code is not 0 if any failed.
Lint   runs the format check and the lints alone.
Package  builds for every platform that this machine can build for, and packs out/package: the module in a local feed,
       SHA256SUMS of its files, and the bill of materials (CycloneDX) of the native library. Suite 'package' installs and uses it.
Bench  measures import, first call and a whole diagnosis in processes of their own, under Wine too where it is there, then the
       inner loops with criterion, 50 domain controllers that drop everything, and the audit of 200,000 users.
Deep   runs the long forms of the tests (sanitizers, every verdict over LDAP, a million calls, ten minutes a fuzz target).

.PARAMETER Task
What to do, in this order; Build where nothing is said.

.PARAMETER Rid
The platform to build the native library for, by .NET's runtime identifier; this machine's where nothing is said.
Linux builds for win-x64 too (with Debian's cross-compiler), and with Test runs the whole Pester suite on the Windows build
of PowerShell under Wine, live tests against a domain controller included.

.PARAMETER Suite
With Test or Deep: only these suites. What is left out is not counted.

.PARAMETER AllowMissing
With Test: a suite that cannot run on this machine (a tool or a privilege is missing) counts as skipped, not as failed.

.PARAMETER Prebuilt
With Package or the suite 'package': a folder with native libraries that were built before, one folder for each runtime identifier.

.EXAMPLE
./build.ps1 -Task Demo

Shows a first diagnosis.

.EXAMPLE
./build.ps1 -Task Test -Suite pester, rust

Runs two suites.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Demo', 'Build', 'Test', 'Lint', 'Bench', 'Deep', 'Package')]
    [string[]] $Task = 'Build',

    [Parameter()]
    [ValidateSet('linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64', 'win-x64')]
    [string] $Rid,

    [Parameter()]
    [string[]] $Suite,

    [Parameter()]
    [switch] $AllowMissing,

    [Parameter()]
    [string] $Prebuilt
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

foreach ($script in 'Tool', 'Native', 'Help', 'Module', 'Suite', 'Wine', 'Sbom', 'Package', 'Test', 'Deep', 'Bench') {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'build', "$script.ps1"))
}
if (-not $Rid) {
    $Rid = Get-HostRid
}
$script:Prebuilt = if ($Prebuilt) { [System.IO.Path]::GetFullPath($Prebuilt, $PSScriptRoot) } else { '' }

Push-Location -LiteralPath $PSScriptRoot
try {
    $failed = $false
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Build-Module -Rid $Rid }
            'Demo' { Build-Module -Rid $Rid; Show-Demo }
            'Bench' { Build-Module -Rid $Rid; Measure-Module; Measure-WineModule; Measure-InnerLoop; Measure-Audit }
            'Package' { Build-Package -AllowMissing:$AllowMissing }
            'Lint' { $failed = -not (Invoke-SuiteList -Name 'format', 'lint' -Rid $Rid -AllowMissing:$AllowMissing) -or $failed }
            'Deep' {
                $list = Get-DeepSuiteName -Only $Suite
                $failed = -not (Invoke-SuiteList -Name $list -Rid $Rid -AllowMissing:$AllowMissing) -or $failed
            }
            'Test' {
                $wanted = if ($Suite) { $Suite } elseif ($Rid -ne (Get-HostRid)) { 'windows-all' } else { @() }
                $list = Get-SuiteName -Only $wanted
                $failed = -not (Invoke-SuiteList -Name $list -Rid $Rid -AllowMissing:$AllowMissing) -or $failed
            }
        }
    }
} finally {
    Pop-Location
}
if ($failed) {
    exit 1
}

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
Bench  measures import, first call and a whole diagnosis, in processes of their own.

.PARAMETER Task
What to do, in this order; Build where nothing is said.

.PARAMETER Rid
The platform to build the native library for, by .NET's runtime identifier; this machine's where nothing is said.

.PARAMETER Suite
With Test: only these suites. What is left out is not counted.

.PARAMETER AllowMissing
With Test: a suite that cannot run on this machine (a tool or a privilege is missing) counts as skipped, not as failed.

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
    [ValidateSet('Demo', 'Build', 'Test', 'Lint', 'Bench')]
    [string[]] $Task = 'Build',

    [Parameter()]
    [ValidateSet('linux-x64', 'linux-arm64', 'osx-x64', 'osx-arm64', 'win-x64')]
    [string] $Rid,

    [Parameter()]
    [string[]] $Suite,

    [Parameter()]
    [switch] $AllowMissing
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

foreach ($script in 'Tool', 'Module', 'Suite', 'Test', 'Bench') {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'build', "$script.ps1"))
}
if (-not $Rid) {
    $Rid = Get-HostRid
}

Push-Location -LiteralPath $PSScriptRoot
try {
    $failed = $false
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Build-Module -Rid $Rid }
            'Demo' { Build-Module -Rid $Rid; Show-Demo }
            'Bench' { Build-Module -Rid $Rid; Measure-Module }
            'Lint' { $failed = -not (Invoke-SuiteList -Name 'format', 'lint' -Rid $Rid -AllowMissing:$AllowMissing) -or $failed }
            'Test' {
                $list = Get-SuiteName -Only $Suite
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

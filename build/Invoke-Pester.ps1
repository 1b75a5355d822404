#Requires -Version 7.2
<#
.SYNOPSIS
Runs the Pester tests of out/PhsDiagnostics with one version of Pester and writes the counts to a file.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [version] $Version,
    [Parameter(Mandatory)] [string] $Report,
    [Parameter()] [string] $Tag,
    [Parameter()] [string] $ExcludeTag = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# Windows writes redirected output in the console's code page otherwise.
[System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Import-Module -FullyQualifiedName @{ ModuleName = 'Pester'; RequiredVersion = $Version }

$configuration = New-PesterConfiguration
$configuration.Run.Path = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', 'Pester'))
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
if ($Tag) {
    $configuration.Filter.Tag = $Tag -split ','
}
# Tests against a domain controller run where a lab has set its variables.
$excluded = @($ExcludeTag -split ',') + @(if (-not $env:LAB_SERVER) { 'Live' }) | Where-Object { $_ }
if ($excluded) {
    $configuration.Filter.ExcludeTag = @($excluded)
}
$result = Invoke-Pester -Configuration $configuration

# A block or file that broke counts as one failure: its tests never ran.
$broken = @($result.FailedBlocks).Count + @($result.FailedContainers).Count
$counts = @{
    Passed  = $result.PassedCount
    Failed  = $result.FailedCount + $broken
    Skipped = $result.SkippedCount + $result.InconclusiveCount
}
[System.IO.File]::WriteAllText($Report, (ConvertTo-Json $counts -Compress))
# Who starts this under Wine cannot trust the exit code alone.
[System.Console]::Out.WriteLine(('pester: {0} passed, {1} failed, {2} skipped' -f $counts.Passed, $counts.Failed, $counts.Skipped))
if ($counts.Failed -gt 0 -or $counts.Passed -eq 0) {
    exit 1
}

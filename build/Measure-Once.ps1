#Requires -Version 7.2
<#
.SYNOPSIS
One measurement in a fresh process: gives milliseconds as JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Empty,
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $Export
)

$ErrorActionPreference = 'Stop'

function Measure-Step {
    param([scriptblock] $Step)

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $null = . $Step
    $clock.Elapsed.TotalMilliseconds
}

# A first import warms the engine, so that the two after it are fairly compared.
Import-Module -Name $Empty
Remove-Module -Name Empty
[ordered]@{
    EmptyImport    = Measure-Step { Import-Module -Name $Empty }
    Import         = Measure-Step { Import-Module -Name $Module }
    FirstCall      = Measure-Step { Get-PhsCheck -Id PHS101 }
    Diagnosis      = Measure-Step { Invoke-PhsDiagnostics -Path $Export }
    DiagnosisAgain = Measure-Step { Invoke-PhsDiagnostics -Path $Export }
} | ConvertTo-Json -Compress

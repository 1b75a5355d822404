#Requires -Version 7.2
<#
.SYNOPSIS
Installs PhsDiagnostics from a local feed as a user would, imports it from there, runs the demo, and removes it again.

.DESCRIPTION
Ends in a line 'installed: N passed, N failed, N skipped'.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Feed,
    [Parameter(Mandatory)] [string] $Sample,
    # The folder that holds the module Microsoft.PowerShell.PSResourceGet, where PowerShell does not find it by itself.
    [Parameter()] [string] $Modules
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
[System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)

$script:Passed = 0
$script:Failed = 0

# Runs one step; a wrong answer or an error is a failure, and the next step runs all the same.
function Assert-Step {
    param([string] $Name, [scriptblock] $Step)

    try {
        if (-not (. $Step)) { throw 'the answer is not what it should be' }
        $script:Passed++
        [System.Console]::Out.WriteLine("ok      $Name")
    } catch {
        $script:Failed++
        [System.Console]::Out.WriteLine("FAILED  ${Name}: $_")
    }
}

$repository = "PhsDiagnostics-$PID"
Assert-Step 'PSResourceGet is there' {
    if ($Modules) {
        Import-Module -Name ([System.IO.Path]::Combine($Modules, 'Microsoft.PowerShell.PSResourceGet'))
    } else {
        Import-Module -Name Microsoft.PowerShell.PSResourceGet
    }
    $true
}
Assert-Step 'the feed has the module' {
    Register-PSResourceRepository -Name $repository -Uri $Feed -Trusted
    $script:Found = Find-PSResource -Name PhsDiagnostics -Repository $repository
    $script:Found.Name -eq 'PhsDiagnostics'
}
Assert-Step 'the module installs for this user' {
    Install-PSResource -Name PhsDiagnostics -Repository $repository -Scope CurrentUser
    $script:Installed = Get-Module -ListAvailable -Name PhsDiagnostics | Select-Object -First 1
    [System.Console]::Out.WriteLine("        into $($script:Installed.ModuleBase)")
    $script:Installed.Version -eq [version] $script:Found.Version
}
Assert-Step 'its manifest is valid' {
    $null -ne (Test-ModuleManifest -Path $script:Installed.Path)
}
Assert-Step 'it is imported by name from there' {
    $module = Import-Module -Name PhsDiagnostics -PassThru
    $module.ModuleBase -eq $script:Installed.ModuleBase
}
Assert-Step 'it diagnoses the sample export' {
    $findings = @(Invoke-PhsDiagnostics -Path $Sample)
    $failed = @($findings | Where-Object Outcome -EQ 'Failed')
    $findings | Format-Table -Property CheckId, Outcome, Target | Out-String -Width 110 | ForEach-Object { [System.Console]::Out.WriteLine($_.TrimEnd()) }
    $findings.Count -gt 10 -and $failed.Count -gt 0
}
Assert-Step 'it has help' {
    (Get-Help -Name Invoke-PhsDiagnostics).Synopsis.Length -gt 20
}
Assert-Step 'it is removed again' {
    Remove-Module -Name PhsDiagnostics
    # Windows keeps a loaded library's file, so there the folder may outlive this process.
    try {
        Uninstall-PSResource -Name PhsDiagnostics -Scope CurrentUser
    } catch {
        if (-not $IsWindows) { throw }
    }
    Unregister-PSResourceRepository -Name $repository
    $true
}
[System.Console]::Out.WriteLine(('installed: {0} passed, {1} failed, 0 skipped' -f $script:Passed, $script:Failed))
if ($script:Failed -gt 0) {
    exit 1
}

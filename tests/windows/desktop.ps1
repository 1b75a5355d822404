#Requires -Version 5.1
<#
.SYNOPSIS
Drives the built module on Windows PowerShell 5.1 (or any other PowerShell), without Pester.

.DESCRIPTION
Imports out/PhsDiagnostics, calls what needs no network, and closes with 'N passed, N failed'. Written for 5.1: no syntax and no
cmdlet of PowerShell 7.
#>
[CmdletBinding()]
param(
    # The built module's folder.
    [Parameter()] [string] $Module
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..'))
if (-not $Module) {
    $Module = [System.IO.Path]::Combine($root, 'out', 'PhsDiagnostics')
}
$sample = [System.IO.Path]::Combine($root, 'samples', 'fabrikam')
$script:Passed = 0
$script:Failed = 0

# One check; an error is a failure and the next one runs all the same.
function Assert-That {
    param([string] $Name, [scriptblock] $Check)

    try {
        if (-not (. $Check)) { throw 'the answer is not what it should be' }
        $script:Passed++
        [System.Console]::Out.WriteLine("ok      $Name")
    } catch {
        $script:Failed++
        [System.Console]::Out.WriteLine("FAILED  ${Name}: $_")
    }
}

[System.Console]::Out.WriteLine("PowerShell $($PSVersionTable.PSVersion) $($PSVersionTable.PSEdition), 64-bit: $([System.Environment]::Is64BitProcess)")
Assert-That 'the module is imported' { $null -ne (Import-Module -Name $Module -PassThru -Force) }
Assert-That 'every function is exported' {
    $names = (Import-PowerShellDataFile -Path ([System.IO.Path]::Combine($Module, 'PhsDiagnostics.psd1'))).FunctionsToExport
    @($names | Where-Object { -not (Get-Command -Name $_ -Module PhsDiagnostics -ErrorAction SilentlyContinue) }).Count -eq 0
}
Assert-That 'the library answers' { @(Get-PhsCheck).Count -gt 40 }
Assert-That 'capabilities are told' { @(Get-PhsCapability).Count -gt 0 }
Assert-That 'letters beyond ASCII arrive whole' {
    $problem = $null
    $null = Get-PhsCheck -Id ('PHS' + [char] 0xE6 + [char] 0xF8 + [char] 0xE5) -ErrorAction SilentlyContinue -ErrorVariable problem
    "$($problem[0].TargetObject)" -eq ('PHS' + [char] 0xE6 + [char] 0xF8 + [char] 0xE5)
}
Assert-That 'the sample export is diagnosed, with typed findings' {
    $script:Findings = @(Invoke-PhsDiagnostics -Path $sample)
    $script:Findings.Count -gt 10 -and $script:Findings[0].GetType().FullName -eq 'PhsDiagnostics.Finding'
}
Assert-That 'a planted fault is found' { @($script:Findings | Where-Object { $_.CheckId -eq 'PHS402' -and $_.Outcome -eq 'Failed' }).Count -eq 1 }
Assert-That 'times are in UTC' {
    $times = @($script:Findings | Where-Object { $null -ne $_.ObservedAt } | ForEach-Object { $_.ObservedAt })
    $times.Count -gt 0 -and @($times | Where-Object { $_.Kind -ne 'Utc' }).Count -eq 0
}
Assert-That 'findings are shown' { ($script:Findings | Out-String -Width 120).Length -gt 500 }
Assert-That 'findings outlive a trip through remoting' {
    $text = [System.Management.Automation.PSSerializer]::Serialize($script:Findings, 3)
    $back = @([System.Management.Automation.PSSerializer]::Deserialize($text))
    $back.Count -eq $script:Findings.Count -and $back[0].PSObject.TypeNames[0] -eq 'Deserialized.PhsDiagnostics.Finding' -and
    $back[0].CheckId -eq $script:Findings[0].CheckId
}
Assert-That 'a path that is not there is an error with a remedy' {
    $problem = $null
    $null = Invoke-PhsDiagnostics -LiteralPath ([System.IO.Path]::Combine($root, 'no such folder')) -ErrorAction SilentlyContinue -ErrorVariable problem
    $problem[0].FullyQualifiedErrorId -like 'Phs.*' -and "$($problem[0].ErrorDetails.RecommendedAction)".Length -gt 10
}
[System.Console]::Out.WriteLine(('desktop: {0} passed, {1} failed, 0 skipped' -f $script:Passed, $script:Failed))
if ($script:Failed -gt 0) {
    exit 1
}

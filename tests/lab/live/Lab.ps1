# What the scripts of this folder share. Dot-source it.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$script:Passed = 0
$script:Failed = 0

function Assert-Case {
    param([string] $Name, [bool] $Holds, [string] $Detail = '')

    if ($Holds) {
        $script:Passed++
    } else {
        $script:Failed++
        Write-Output "FAILED: $Name $Detail"
    }
}

# The closing line, and the end of the script.
function Complete-Case {
    Write-Output ('{0} passed, {1} failed' -f $script:Passed, $script:Failed)
    exit [int] ($script:Failed -gt 0)
}

# A text as a secure string.
function Get-Secret {
    param([string] $Text)

    $secret = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) { $secret.AppendChar($character) }
    $secret
}

# An account with the password in a file.
function Get-LabCredential {
    param([string] $User, [string] $File)

    [pscredential]::new($User, (Get-Secret ([System.IO.File]::ReadAllText($File).Trim())))
}

# The way to the lab's domain controller, as its administrator.
function Get-LabWay {
    @{
        Server        = $env:LAB_SERVER
        Credential    = Get-LabCredential $env:LAB_ADMIN $env:LAB_ADMIN_PASSWORD_FILE
        CaCertificate = $env:LAB_CA
    }
}

# The lab's users by kind.
function Get-LabPeople {
    param([string] $Lab)

    $people = @{}
    foreach ($line in [System.IO.File]::ReadAllLines((Join-Path $Lab 'people.jsonl'))) {
        $row = ConvertFrom-Json -InputObject $line
        $people[$row.kind] = $row
    }
    $people
}

# Serves the tenant whose answers lie in a folder (tests/cloud/server.py) and has the module ask it.
function Start-Tenant {
    param([string] $Folder)

    $start = [System.Diagnostics.ProcessStartInfo]::new('python3')
    $start.ArgumentList.Add([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'cloud', 'server.py'))
    $start.ArgumentList.Add($Folder)
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $script:Tenant = [System.Diagnostics.Process]::Start($start)
    $ports = ConvertFrom-Json -InputObject $script:Tenant.StandardOutput.ReadLine()
    $script:TenantRoot = [uri] "http://127.0.0.1:$($ports.graph)"
    & (Get-Module -Name PhsDiagnostics) { $script:GraphRoot = $args[0] } $script:TenantRoot
}

function Stop-Tenant {
    $script:Tenant.StandardInput.Close()
    if (-not $script:Tenant.WaitForExit(10000)) { $script:Tenant.Kill() }
}

# What the tenant does from now on, to all questions or to one resource; forgets what was asked.
function Set-TenantMode {
    param([string] $Mode)

    $null = Invoke-RestMethod -Uri "$($script:TenantRoot)mode/$Mode" -NoProxy
}

# The questions since then.
function Get-Asked {
    @(Invoke-RestMethod -Uri "$($script:TenantRoot)asked" -NoProxy | ForEach-Object { $_ })
}

# Measurements of the built module, each in a fresh process; never part of a test.

# Import over an empty module, first call, and a whole diagnosis, as medians. With a wrapper, on Windows PowerShell under Wine.
function Measure-Module {
    [CmdletBinding()]
    param(
        [Parameter()] [int] $Times = 15,
        # What starts Windows PowerShell with this machine's files as drive Z:.
        [Parameter()] [string] $Wine = ''
    )

    $empty = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [System.Guid]::NewGuid(), 'Empty')
    $null = New-Item -ItemType Directory -Path $empty
    try {
        Set-Content -LiteralPath ([System.IO.Path]::Combine($empty, 'Empty.psm1')) -Value ''
        New-ModuleManifest -Path ([System.IO.Path]::Combine($empty, 'Empty.psd1')) -RootModule Empty.psm1
        $export = @('../shared/data/aadconnect-contoso/Contoso/Production', 'samples/fabrikam' | Where-Object { Test-Path $_ })[0]
        $files = [System.IO.Path]::Combine($PSScriptRoot, 'Measure-Once.ps1'), $empty, $script:ModuleOutput, (Resolve-Path $export).ProviderPath
        $program = [System.Environment]::ProcessPath
        if ($Wine) {
            $program = $Wine
            $files = $files | ForEach-Object { 'Z:' + $_.Replace('/', '\') }
        }
        $arguments = @('-NoProfile', '-NonInteractive', '-File') + $files
        # Wine has words of its own on the output; the measurement is the line of JSON.
        $rows = @(1..$Times | ForEach-Object { & $program @arguments } | Where-Object { $_ -like '{*' } | ConvertFrom-Json)
        if ($rows.Count -ne $Times) {
            throw "Only $($rows.Count) of $Times measurements gave figures ($program)."
        }
        $where = if ($Wine) { ' on Windows PowerShell under Wine' }
        Write-BuildLine "Medians of $Times fresh processes$where, in milliseconds ($export):"
        foreach ($name in 'EmptyImport', 'Import', 'FirstCall', 'Diagnosis', 'DiagnosisAgain') {
            $sorted = @($rows.$name | Sort-Object)
            Write-BuildLine ('{0,-15} {1,8:n1}  ({2:n1} to {3:n1})' -f
                $name, $sorted[[int] [System.Math]::Floor($sorted.Count / 2)], $sorted[0], $sorted[-1])
        }
    } finally {
        Remove-Item -LiteralPath ([System.IO.Path]::GetDirectoryName($empty)) -Recurse -Force
    }
}

# The same with the Windows library, where it can be built and run.
function Measure-WineModule {
    [CmdletBinding()]
    param()

    $wine = if ($IsLinux -and (id -u) -eq '0' -and -not (Get-MissingCrossPackage)) { Find-PwshWine }
    if (-not $wine) {
        Write-BuildLine 'LEFT OUT: Windows PowerShell under Wine, which needs root, a cross-compiler and its wrapper (PWSH_WINE).'
        return
    }
    Build-Module -Rid win-x64
    Measure-Module -Times 7 -Wine $wine
}

# The inner loops with criterion, and 50 domain controllers whose ports are all dropped.
function Measure-InnerLoop {
    [CmdletBinding()]
    param()

    foreach ($bench in @('phs-core', 'effective_rights'), @('phs-core', 'rules'), @('phs-collect', 'export'), @('phs-collect', 'events')) {
        Invoke-Cargo 'bench', '-p', $bench[0], '--bench', $bench[1], '--', '--noplot'
    }
    if ($IsLinux -and (id -u) -eq '0') {
        $null = Invoke-Tool '/bin/bash' 'tests/connectivity/run.sh', 'bench'
    } else {
        Write-BuildLine 'LEFT OUT: dropped ports, which need Linux and root for a network namespace.'
    }
}

# The audit of 200,000 users against a dump of the same attributes by ldapsearch, from the same server.
function Measure-Audit {
    [CmdletBinding()]
    param()

    if ($IsLinux -and (Find-Tool slapd) -and (Find-Tool ldapsearch)) {
        $null = Invoke-Tool '/bin/bash' 'tests/audit/bench.sh'
    } else {
        Write-BuildLine 'LEFT OUT: the audit of all users, which needs Linux with slapd and ldap-utils.'
    }
}

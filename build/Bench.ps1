# Measurements of the built module, each in a fresh process; never part of a test.

# Import over an empty module, first call, and a whole diagnosis, as medians.
function Measure-Module {
    [CmdletBinding()]
    param([Parameter()] [int] $Times = 15)

    $empty = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [System.Guid]::NewGuid(), 'Empty')
    $null = New-Item -ItemType Directory -Path $empty
    try {
        Set-Content -LiteralPath ([System.IO.Path]::Combine($empty, 'Empty.psm1')) -Value ''
        New-ModuleManifest -Path ([System.IO.Path]::Combine($empty, 'Empty.psd1')) -RootModule Empty.psm1
        $export = @('../shared/data/aadconnect-contoso/Contoso/Production', 'samples/fabrikam' | Where-Object { Test-Path $_ })[0]
        $script = [System.IO.Path]::Combine($PSScriptRoot, 'Measure-Once.ps1')
        $arguments = '-NoProfile', '-NonInteractive', '-File', $script, $empty, $script:ModuleOutput, (Resolve-Path $export).ProviderPath
        $rows = 1..$Times | ForEach-Object { & ([System.Environment]::ProcessPath) @arguments | ConvertFrom-Json }
        Write-BuildLine "Medians of $Times fresh processes, in milliseconds ($export):"
        foreach ($name in 'EmptyImport', 'Import', 'FirstCall', 'Diagnosis', 'DiagnosisAgain') {
            $sorted = @($rows.$name | Sort-Object)
            Write-BuildLine ('{0,-15} {1,8:n1}  ({2:n1} to {3:n1})' -f
                $name, $sorted[[int] [System.Math]::Floor($sorted.Count / 2)], $sorted[0], $sorted[-1])
        }
    } finally {
        Remove-Item -LiteralPath ([System.IO.Path]::GetDirectoryName($empty)) -Recurse -Force
    }
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

# The test task: its suites in order, their report, and the closing line.

# Every suite, in the order in which a mistake shows soonest.
function Get-SuiteName {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        # Only these; a name may hold several, joined by commas.
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [string[]] $Only
    )

    $all = 'format', 'lint', 'generated', 'rust', 'events', 'abi', 'pester', 'pester6', 'windows', 'package', 'lab', 'fuzz'
    # Run by name alone: 'windows' and 'lab' hold parts of them.
    Select-SuiteName -All $all -Extra 'windows-all', 'connectivity' -Only $Only
}

# The suites that were asked for, in the order in which they stand; all but the extra ones where none was.
function Select-SuiteName {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)] [string[]] $All,
        [Parameter()] [string[]] $Extra = @(),
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [string[]] $Only
    )

    $wanted = @($Only | ForEach-Object { "$_" -split ',' } | ForEach-Object Trim | Where-Object { $_ })
    foreach ($name in $wanted) {
        if ($name -notin $All + $Extra) {
            throw "There is no suite '$name'. Suites: $($All + $Extra -join ', ')."
        }
    }
    $All + $Extra | Where-Object { if ($wanted) { $_ -in $wanted } else { $_ -notin $Extra } }
}

# Runs one suite by name.
function Invoke-Suite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Name)

    switch ($Name) {
        'format' { Invoke-CheckSuite cargo 'fmt', '--all', '--check' }
        'lint' { Invoke-CheckSuite cargo 'clippy', '--workspace', '--all-targets', '--', '-D', 'warnings' }
        'generated' { Invoke-GeneratedSuite }
        'rust' { Invoke-RustSuite }
        # Event logs, read by a parser of another make.
        'events' { Invoke-ScriptSuite tests/events/verify.sh -Need cargo, python3 }
        'abi' { Invoke-ScriptSuite tests/abi/run.sh -Need gcc, g++, valgrind }
        'lab' { Invoke-ScriptSuite tests/lab/run.sh -NeedRoot -Need samba, ip, slapd }
        'connectivity' { Invoke-ScriptSuite tests/connectivity/run.sh -NeedRoot -Need samba, ip, nft, cargo-nextest }
        'fuzz' { Invoke-FuzzSuite -Seconds 10 }
        'pester' { Invoke-PesterSuite -Version 5.7.1 }
        'windows' { Invoke-WineSuite -Tag Smoke }
        'windows-all' { Invoke-WineSuite }
        'package' { Invoke-PackageSuite }
        'pester6' { Invoke-PesterSuite -Version 6.2.0 -Tag Smoke }
        default { Invoke-DeepSuite $Name }
    }
}

# Runs suites, tells what each came to, and closes with the sum. Gives whether all is well.
function Invoke-SuiteList {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string[]] $Name,
        [Parameter(Mandatory)] [string] $Rid,
        [Parameter()] [switch] $AllowMissing
    )

    $total = New-SuiteResult
    $rows = [System.Collections.Generic.List[string]]::new()
    $built = $false
    foreach ($suite in $Name) {
        Write-BuildLine
        Write-BuildLine "== $suite =="
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        try {
            if (-not $built -and $suite -in 'abi', 'pester', 'pester6', 'lab', 'memory') {
                Build-Module -Rid $Rid
                $built = $true
            }
            $result = Invoke-Suite $suite
        } catch {
            Write-BuildLine "$suite broke: $_"
            $result = New-SuiteResult -Failed 1
        }
        if ($result.Missing) {
            Write-BuildLine "LEFT OUT: $suite $($result.Missing)"
            $result[$(if ($AllowMissing) { 'Skipped' } else { 'Failed' })] = 1
        } elseif ($result.Passed + $result.Failed -eq 0) {
            # A suite that ran nothing proves nothing.
            $result.Failed = 1
        }
        foreach ($count in 'Passed', 'Failed', 'Skipped') {
            $total[$count] += $result[$count]
        }
        $rows.Add(('{0,-8} {1,6} passed {2,4} failed {3,4} skipped {4,7:n1} s  {5}' -f
                $suite, $result.Passed, $result.Failed, $result.Skipped, $clock.Elapsed.TotalSeconds, $result.Missing).TrimEnd())
    }
    Write-BuildLine
    $rows | ForEach-Object { Write-BuildLine $_ }
    Write-BuildLine
    Write-BuildLine ('{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped)
    $total.Failed -eq 0
}

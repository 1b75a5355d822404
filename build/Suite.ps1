# The suites of the test task. Each gives the counts of what it ran, or says why it could not run.

# What a suite came to.
function New-SuiteResult {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter()] [int] $Passed = 0,
        [Parameter()] [int] $Failed = 0,
        [Parameter()] [int] $Skipped = 0,
        # Why it could not run at all.
        [Parameter()] [string] $Missing = ''
    )

    @{ Passed = $Passed; Failed = $Failed; Skipped = $Skipped; Missing = $Missing }
}

# A program whose success is one check.
function Invoke-CheckSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Tool,
        [Parameter()] [string[]] $Argument = @()
    )

    $path = Find-Tool $Tool
    if (-not $path) {
        return New-SuiteResult -Missing "$Tool was not found."
    }
    $result = Invoke-Tool $path $Argument
    if ($result.ExitCode -eq 0) { New-SuiteResult -Passed 1 } else { New-SuiteResult -Failed 1 }
}

# Counts in lines of a test runner: cargo-nextest's summary, those of cargo test, or 'N passed, N failed[, N skipped]'.
function Read-Count {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter()] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Line)

    $counts = @{ passed = 0; failed = 0; skipped = 0; found = $false }
    # Summary [ 1.234s] 345 tests run: 344 passed (1 slow), 1 failed, 2 skipped
    $summary = $Line | Where-Object { $_ -match '^\s*Summary \[|^\s*(?:\w+: )?\d+ passed, \d+ failed' } | Select-Object -Last 1
    foreach ($match in [regex]::Matches("$summary", '(\d+) (passed|failed|skipped|timed out)')) {
        $name = if ($match.Groups[2].Value -eq 'timed out') { 'failed' } else { $match.Groups[2].Value }
        $counts[$name] += [int] $match.Groups[1].Value
        $counts.found = $true
    }
    if (-not $counts.found) {
        foreach ($one in $Line) {
            if ($one -match '^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored') {
                $counts.passed += [int] $Matches[1]
                $counts.failed += [int] $Matches[2]
                $counts.skipped += [int] $Matches[3]
                $counts.found = $true
            }
        }
    }
    $counts
}

# What the output of a test runner comes to. Without counts, or with an exit code that they do not explain, it has failed.
function ConvertTo-SuiteResult {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [hashtable] $Result)

    $counts = Read-Count -Line $Result.Lines
    if (-not $counts.found -or ($Result.ExitCode -ne 0 -and $counts.failed -eq 0)) {
        $counts.failed++
    }
    New-SuiteResult -Passed $counts.passed -Failed $counts.failed -Skipped $counts.skipped
}

# The Rust tests: by cargo-nextest where it is there, else by cargo test.
function Invoke-RustSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $cargo = Find-Tool cargo
    if (-not $cargo) {
        return New-SuiteResult -Missing 'cargo was not found.'
    }
    if (Find-Tool cargo-nextest) {
        $arguments = 'nextest', 'run', '--workspace', '--no-fail-fast', '--color', 'never', '--status-level', 'fail'
    } else {
        $arguments = 'test', '--workspace', '--no-fail-fast'
    }
    ConvertTo-SuiteResult (Invoke-Tool $cargo $arguments)
}

# What generators of the project made is what they would make today. A generator whose language is missing is left out.
function Invoke-GeneratedSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $total = New-SuiteResult
    $checks = @(
        , @('cargo', 'run', '--quiet', '-p', 'xtask', '--', 'header', '--check')
        , @('cargo', 'run', '--quiet', '-p', 'xtask', '--', 'fixtures', '--check')
        , @('cargo', 'run', '--quiet', '-p', 'xtask', '--', 'schema', '--check')
        , @('python3', 'native/phs-core/tests/fixtures/rules/generate.py', '--check')
        , @('python3', 'native/fuzz/corpus/make_rules.py', '--check')
        # Needs Samba's Python modules, which belong to the system's own Python.
        , @('/usr/bin/python3', 'tests/fixtures/security/make_descriptors.py', '--check')
    )
    foreach ($check in $checks) {
        $result = Invoke-CheckSuite $check[0] $check[1..($check.Count - 1)]
        foreach ($count in 'Passed', 'Failed', 'Skipped') {
            $total[$count] += $result[$count]
        }
        if ($result.Missing) {
            $total.Missing = $result.Missing
        }
    }
    $total
}

# The fuzz targets: the committed corpus, then some seconds each. Every target is one check.
function Invoke-FuzzSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [int] $Seconds)

    if (-not $IsLinux) {
        return New-SuiteResult -Missing 'runs on Linux only.'
    }
    $passed = 0
    $failed = 0
    $manifest = [System.IO.File]::ReadAllText('native/fuzz/Cargo.toml')
    foreach ($target in [regex]::Matches($manifest, '(?m)^\[\[bin\]\]\s+name = "(\w+)"')) {
        $result = Invoke-Tool '/bin/bash' 'native/fuzz/run.sh', $target.Groups[1].Value, "$Seconds"
        if ($result.ExitCode -eq 0) { $passed++ } else { $failed++ }
    }
    New-SuiteResult -Passed $passed -Failed $failed
}

# A script of the project that tells its counts.
function Invoke-ScriptSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Script,
        [Parameter()] [string[]] $Argument = @(),
        # Tools without which it cannot run.
        [Parameter()] [string[]] $Need = @(),
        [Parameter()] [switch] $NeedRoot
    )

    if (-not $IsLinux) {
        return New-SuiteResult -Missing 'runs on Linux only.'
    }
    if ($NeedRoot -and (id -u) -ne '0') {
        return New-SuiteResult -Missing 'needs root, for a network namespace of its own.'
    }
    foreach ($tool in $Need) {
        if (-not (Find-Tool $tool)) {
            return New-SuiteResult -Missing "$tool was not found."
        }
    }
    ConvertTo-SuiteResult (Invoke-Tool '/bin/bash' (@($Script) + $Argument))
}

# The Pester tests of the built module, in a process of their own.
function Invoke-PesterSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [version] $Version,
        [Parameter()] [string[]] $Tag = @()
    )

    if (-not (Get-Module -ListAvailable -FullyQualifiedName @{ ModuleName = 'Pester'; RequiredVersion = $Version })) {
        return New-SuiteResult -Missing "Pester $Version is not installed."
    }
    $report = [System.IO.Path]::GetTempFileName()
    try {
        $arguments = @(
            '-NoProfile', '-NonInteractive', '-File', [System.IO.Path]::Combine($PSScriptRoot, 'Invoke-Pester.ps1')
            '-Version', "$Version", '-Report', $report
        )
        if ($Tag) {
            $arguments += '-Tag', ($Tag -join ',')
        }
        $result = Invoke-Tool ([System.Environment]::ProcessPath) $arguments
        $text = [System.IO.File]::ReadAllText($report)
        if (-not $text) {
            return New-SuiteResult -Failed 1
        }
        $counts = ConvertFrom-Json $text
        $failed = if ($result.ExitCode -ne 0 -and $counts.Failed -eq 0) { 1 } else { $counts.Failed }
        New-SuiteResult -Passed $counts.Passed -Failed $failed -Skipped $counts.Skipped
    } finally {
        Remove-Item -LiteralPath $report -Force
    }
}

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

# The Rust tests: by cargo-nextest where it is there, else by cargo test.
function Invoke-RustSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $cargo = Find-Tool cargo
    if (-not $cargo) {
        return New-SuiteResult -Missing 'cargo was not found.'
    }
    $counts = @{ passed = 0; failed = 0; skipped = 0 }
    if (Find-Tool cargo-nextest) {
        $result = Invoke-Tool $cargo 'nextest', 'run', '--workspace', '--no-fail-fast', '--color', 'never', '--status-level', 'fail'
        # Summary [ 1.234s] 345 tests run: 344 passed (1 slow), 1 failed, 2 skipped
        $summary = $result.Lines | Where-Object { $_ -match '^\s*Summary \[' } | Select-Object -Last 1
        foreach ($match in [regex]::Matches("$summary", '(\d+) (passed|failed|skipped|timed out)')) {
            $name = if ($match.Groups[2].Value -eq 'timed out') { 'failed' } else { $match.Groups[2].Value }
            $counts[$name] += [int] $match.Groups[1].Value
        }
    } else {
        $result = Invoke-Tool $cargo 'test', '--workspace', '--no-fail-fast'
        foreach ($line in $result.Lines) {
            if ($line -match '^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored') {
                $counts.passed += [int] $Matches[1]
                $counts.failed += [int] $Matches[2]
                $counts.skipped += [int] $Matches[3]
            }
        }
    }
    if ($result.ExitCode -ne 0 -and $counts.failed -eq 0) {
        $counts.failed = 1
    }
    New-SuiteResult -Passed $counts.passed -Failed $counts.failed -Skipped $counts.skipped
}

# A script of the project that ends in a line 'N passed, N failed[, N skipped]'. Without that line it has failed.
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
    $result = Invoke-Tool '/bin/bash' (@($Script) + $Argument)
    $summary = $result.Lines | Where-Object { $_ -match '^\s*(?:\w+: )?\d+ passed, \d+ failed' } | Select-Object -Last 1
    if ("$summary" -notmatch '(\d+) passed, (\d+) failed(?:, (\d+) skipped)?') {
        return New-SuiteResult -Failed 1
    }
    $passed, $failed = [int] $Matches[1], [int] $Matches[2]
    $skipped = if ($Matches.ContainsKey(3)) { [int] $Matches[3] } else { 0 }
    if ($result.ExitCode -ne 0 -and $failed -eq 0) {
        $failed = 1
    }
    New-SuiteResult -Passed $passed -Failed $failed -Skipped $skipped
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

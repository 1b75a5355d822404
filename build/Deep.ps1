# The long forms of the tests. They run for hours; docs/performance.md holds what they last said.

# Every long suite.
function Get-DeepSuiteName {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        # Only these; a name may hold several, joined by commas.
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [string[]] $Only
    )

    Select-SuiteName -All 'sanitizers', 'permissions', 'memory', 'streams', 'longfuzz' -Only $Only
}

# Runs one long suite by name.
function Invoke-DeepSuite {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Name)

    switch ($Name) {
        # The library's own tests under AddressSanitizer and Miri.
        'sanitizers' { Invoke-ScriptSuite tests/abi/deep.sh }
        # Every verdict of step A1, collected over LDAPS and StartTLS, against the domain controller's own answer.
        'permissions' { Invoke-ScriptSuite tests/lab/permissions.sh -NeedRoot -Need samba-tool, ip }
        # A million calls from PowerShell.
        'memory' {
            $before = $env:PHS_MEMORY_CALLS
            $env:PHS_MEMORY_CALLS = '1000000'
            try {
                Invoke-PesterSuite -Version 5.7.1 -Tag Memory
            } finally {
                $env:PHS_MEMORY_CALLS = $before
            }
        }
        # 10 GiB of users in an evidence file, of events in a log and in its XML.
        'streams' {
            $before = $env:PHS_STREAM_MIB
            $env:PHS_STREAM_MIB = '10240'
            try {
                Invoke-CheckSuite cargo @(
                    'nextest', 'run', '--release', '-j', '1', '-p', 'phs-collect', '--test', 'streams')
            } finally {
                $env:PHS_STREAM_MIB = $before
            }
        }
        'longfuzz' { Invoke-FuzzSuite -Seconds 600 }
    }
}

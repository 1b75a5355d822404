# The long forms of the tests. They run for hours; docs/performance.md holds what they last said.

# Every long suite.
function Get-DeepSuiteName {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        # Only these; a name may hold several, joined by commas.
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [string[]] $Only
    )

    Select-SuiteName -All 'sanitizers', 'permissions', 'memory', 'evidence', 'longfuzz' -Only $Only
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
        # 10 GB of users streamed from an evidence file.
        'evidence' {
            $before = $env:PHS_EVIDENCE_MIB
            $env:PHS_EVIDENCE_MIB = '10240'
            try {
                Invoke-CheckSuite cargo @(
                    'test', '--release', '-p', 'phs-collect', '--test', 'evidence_file', '--', '--ignored', 'many_users')
            } finally {
                $env:PHS_EVIDENCE_MIB = $before
            }
        }
        'longfuzz' { Invoke-FuzzSuite -Seconds 600 }
    }
}

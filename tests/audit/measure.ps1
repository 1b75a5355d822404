# One audit through the cmdlet, in a fresh process whose module is loaded and warm: prints the milliseconds.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Module,
    # The folder of a lab (tests/lab/slapd.sh).
    [Parameter(Mandatory)] [string] $Lab,
    [Parameter()] [AllowEmptyString()] [string] $Path = '',
    [Parameter()] [int] $All = 0
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module -Name $Module
$env = @{}
foreach ($line in [System.IO.File]::ReadAllLines((Join-Path $Lab 'env'))) {
    $env[$line.Split('=')[0]] = $line.Substring($line.IndexOf('=') + 1)
}
$secret = [securestring]::new()
foreach ($character in [System.IO.File]::ReadAllText($env.LAB_READER_PASSWORD_FILE).Trim().ToCharArray()) { $secret.AppendChar($character) }
$given = @{
    Server        = "127.0.0.1:$($env.LAB_LDAPS_PORT)"
    Credential    = [pscredential]::new($env.LAB_READER, $secret)
    CaCertificate = $env.LAB_CA
    Encryption    = 'Ldaps'
}
if ($Path) { $given.Path = $Path }
# The first call loads the library and makes the types; one container's users compile the reader.
$null = Invoke-PhsUserAudit @given -LDAPFilter '(sAMAccountName=u1*)' -All
if ($All) { $given.All = $true }
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$found = @(Invoke-PhsUserAudit @given)
$elapsed = $clock.ElapsedMilliseconds
$summary = $found[-1]
$expected = if ($All) { $summary.Users } else { $summary.Blocked }
if ($found.Count -ne $expected + 1) {
    throw "The audit gave $($found.Count) objects where $expected verdicts and a summary were due."
}
$elapsed

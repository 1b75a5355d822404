# What the tests share. Dot-source it in BeforeAll (and in BeforeDiscovery where data for -ForEach is needed).

$script:Root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..'))
$script:ModulePath = [System.IO.Path]::Combine($script:Root, 'out', 'PhsDiagnostics')
$script:ModuleSource = [System.IO.Path]::Combine($script:Root, 'PSModule', 'PhsDiagnostics')
$script:Contoso = [System.IO.Path]::GetFullPath(
    [System.IO.Path]::Combine($script:Root, '..', 'shared', 'data', 'aadconnect-contoso', 'Contoso', 'Production'))
$script:Fabrikam = [System.IO.Path]::Combine($script:Root, 'samples', 'fabrikam')
$script:Healthy = [System.IO.Path]::Combine($script:Root, 'samples', 'healthy')

# Runs a script in a PowerShell of its own; its parameters come by name. Gives the exit code, both outputs, and Value:
# what the script wrote as JSON in its last line.
function Invoke-Fresh {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [scriptblock] $Script,
        [Parameter()] [System.Collections.IDictionary] $Parameter = @{},
        [Parameter()] [System.Collections.IDictionary] $Environment = @{}
    )

    $file = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [System.Guid]::NewGuid().ToString() + '.ps1')
    $head = "Set-StrictMode -Version Latest`n[System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new(`$false)`n"
    $body = '& {' + $Script.ToString() + "} @given`n"
    $given = '$given = ConvertFrom-Json -AsHashtable -InputObject ([System.Environment]::GetEnvironmentVariable("PHS_TEST_GIVEN"))' + "`n"
    [System.IO.File]::WriteAllText($file, $head + $given + $body, [System.Text.UTF8Encoding]::new($true))
    try {
        $start = [System.Diagnostics.ProcessStartInfo]::new([System.Environment]::ProcessPath)
        foreach ($argument in '-NoProfile', '-NonInteractive', '-File', $file) {
            $start.ArgumentList.Add($argument)
        }
        $start.Environment['PHS_TEST_GIVEN'] = ConvertTo-Json -InputObject $Parameter -Compress
        $start.Environment['NO_COLOR'] = '1'
        foreach ($key in $Environment.Keys) {
            $start.Environment[$key] = $Environment[$key]
        }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $start.StandardOutputEncoding = [System.Text.UTF8Encoding]::new($false)
        $process = [System.Diagnostics.Process]::Start($start)
        $problem = $process.StandardError.ReadToEndAsync()
        $text = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
    } finally {
        Remove-Item -LiteralPath $file
    }
    $last = @($text.TrimEnd() -split '\r?\n')[-1]
    $value = $null
    if ($last -match '^(\{.*\}|\[.*\]|"(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false|null)$') {
        $value = ConvertFrom-Json -InputObject $last
    }
    [pscustomobject]@{
        ExitCode = $process.ExitCode
        Text     = $text
        Problem  = $problem.Result
        Value    = $value
    }
}

# The id of an error without the name of the cmdlet. -ErrorVariable also keeps exceptions that the module has caught.
function Get-ErrorId {
    param([Parameter(Mandatory)] $ErrorRecord)

    if ($ErrorRecord -isnot [System.Management.Automation.ErrorRecord]) {
        return ''
    }
    @($ErrorRecord.FullyQualifiedErrorId -split ',')[0]
}

# One row of the matrix of domain controllers and ports: a mark for each port of a finding about required ports. All
# rows have the same ports in the same order, so that the columns stand below each other.
function Format-PhsPortRow {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # The finding's rows: Attribute 'TCP 135 EndpointMapper', Value 'Open (1 ms, 192.0.2.10)'.
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Evidence
    )

    $marks = @{ Open = '+'; Refused = 'x'; Dropped = '.'; Unreachable = '!' }
    $style = Get-PhsStyle
    $ports = [ordered]@{}
    foreach ($row in $Evidence) {
        if ($row -is [string] -or $row.Attribute -notmatch '^(TCP|UDP) (\d+) (\w+)$') {
            continue
        }
        # The port of directory replication differs from one domain controller to the next.
        $name = if ($Matches[3] -eq 'Drs') { 'DRS' } else { $Matches[2] }
        $key = '{0} {1}' -f $Matches[1], $name
        $outcome = ($row.Value -split '[ :]')[0]
        # Of several addresses the best counts.
        if (-not $ports.Contains($key) -or $outcome -eq 'Open') {
            $ports[$key] = $outcome
        }
    }
    if ($ports.Count -eq 0) {
        return ''
    }
    if (-not $ports.Contains('TCP DRS')) {
        $ports['TCP DRS'] = 'NotTried'
    }
    $seen = [ordered]@{}
    $parts = foreach ($transport in 'TCP', 'UDP') {
        $transport
        foreach ($key in @($ports.Keys | Where-Object { $_.StartsWith($transport) } | Sort-Object -Property {
                    $number = 0
                    # Replication comes last: it has no number of its own.
                    if ([int]::TryParse($_.Substring(4), [ref] $number)) { $number } else { [int]::MaxValue }
                })) {
            $mark = $marks[$ports[$key]]
            if (-not $mark) {
                $mark = '?'
            }
            if ($mark -ne '+') {
                $seen[$mark] = $true
            }
            $colour = switch ($mark) {
                '+' { $style.Green }
                '?' { $style.Dim }
                default { $style.Red }
            }
            '{0}{1}{2}{3}' -f $colour, $key.Substring(4), $mark, $style.Reset
        }
    }
    $line = $parts -join ' '
    if ($seen.Count -gt 0) {
        $words = @{
            'x' = Get-PhsString PortMarkRefused
            '.' = Get-PhsString PortMarkDropped
            '!' = Get-PhsString PortMarkUnreachable
            '?' = Get-PhsString PortMarkUnknown
        }
        $legend = foreach ($mark in $seen.Keys) {
            '{0} {1}' -f $mark, $words[$mark]
        }
        $line += '  {0}({1}){2}' -f $style.Dim, ($legend -join ', '), $style.Reset
    }
    $line
}

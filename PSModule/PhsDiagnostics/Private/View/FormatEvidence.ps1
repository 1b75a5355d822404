# Lines for the list view of an evidence file: parts with their length, and what is missing.
function Format-PhsEvidencePart {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $Part)

    $lines = foreach ($row in $Part) {
        # In a copy from a remoting session each row is its text.
        if ($row -is [string]) { $row } else { '{0} ({1:n0} bytes)' -f $row.Name, $row.Bytes }
    }
    $lines -join [System.Environment]::NewLine
}

# Lines for the list view of an evidence file: what it does not hold, and why.
function Format-PhsMissingEvidence {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $Missing)

    $lines = foreach ($row in $Missing) {
        if ($row -is [string]) { $row } else { Format-PhsText $row.Detail }
    }
    $lines -join [System.Environment]::NewLine
}

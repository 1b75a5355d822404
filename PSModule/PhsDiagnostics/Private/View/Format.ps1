# Words and colours of the views. The format file calls these; objects themselves stay raw.

# The heading of a guide step, such as 'A2  Password hash sync switched on, and its rules'.
function Format-PhsStep {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Step)

    $title = Get-PhsString "Step$Step"
    if (-not $title) {
        return $Step
    }
    $style = Get-PhsStyle
    '{0}{1}  {2}{3}' -f $style.Bold, $Step, $title, $style.Reset
}

# The outcome of a finding, with the reason of a skip, in colour where the host shows colours.
function Format-PhsOutcome {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] $Finding)

    $style = Get-PhsStyle
    $colour = switch ($Finding.Outcome) {
        'Passed' { $style.Green }
        'Failed' { $style.Red }
        'Error' { $style.Red }
        'Warning' { $style.Yellow }
        default { $style.Dim }
    }
    if ($Finding.Suppressed) {
        $colour = $style.Dim
    }
    '{0}{1}{2}' -f $colour, $Finding.Outcome, $style.Reset
}

# The severity of a difference, in colour where the host shows colours.
function Format-PhsSeverity {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] $Difference)

    $style = Get-PhsStyle
    $colour = switch ($Difference.Severity) {
        'Critical' { $style.Red }
        'Error' { $style.Red }
        'Warning' { $style.Yellow }
        default { $style.Dim }
    }
    '{0}{1}{2}' -f $colour, $Difference.Severity, $style.Reset
}

# What a reader of the table needs: the message, why a check was skipped, and what to do about a fault.
function Format-PhsMessage {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] $Finding)

    # The columns before this one take 43 characters.
    $width = (Get-PhsWidth) - 43
    $style = Get-PhsStyle
    $note = if ($Finding.Suppressed) { Get-PhsString Suppressed } else { $Finding.SkipReason }
    $message = if ($note) { '({0}) {1}' -f $note, $Finding.Message } else { $Finding.Message }
    $lines = @(Split-PhsText -Text $message -Width $width)
    if ($Finding.CheckId -eq 'PHS302') {
        $ports = Format-PhsPortRow -Evidence $Finding.Evidence
        if ($ports) {
            $lines = @($ports) + $lines
        }
    }
    if (-not $note -and $Finding.Outcome -ne 'Passed' -and $Finding.Remediation.Count -gt 0) {
        $remedy = @(Split-PhsText -Text $Finding.Remediation[0] -Width ($width - 3))
        if ($Finding.Remediation.Count -gt 1) {
            $remedy += (Get-PhsString MoreRemedies) -f ($Finding.Remediation.Count - 1)
        }
        # One colour over all lines: PowerShell repeats at each line of a cell every sequence that stood before it.
        $mark = $style.Cyan + '-> '
        foreach ($line in $remedy) {
            $lines += $mark + $line
            $mark = '   '
        }
        $lines[-1] += $style.Reset
    }
    $lines -join [System.Environment]::NewLine
}

# Texts for a list view, one below the other, numbered where there are several.
function Format-PhsText {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Text)

    # The labels of the list take 14 characters.
    $width = (Get-PhsWidth) - 14
    $number = 0
    $lines = foreach ($item in $Text) {
        $mark = ''
        if ($Text.Count -gt 1) {
            $number++
            $mark = "$number. "
        }
        foreach ($line in Split-PhsText -Text $item -Width ($width - $mark.Length)) {
            $mark + $line
            $mark = ' ' * $mark.Length
        }
    }
    $lines -join [System.Environment]::NewLine
}

# Rows of evidence for a list view.
function Format-PhsEvidence {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $Evidence)

    $width = (Get-PhsWidth) - 14
    $lines = foreach ($row in $Evidence) {
        # In a copy from a remoting session each row is its text.
        $text = if ($row -is [string]) { $row } else { '{0}: {1}, {2} = {3}' -f $row.Source, $row.Object, $row.Attribute, $row.Value }
        $indent = ''
        foreach ($line in Split-PhsText -Text $text -Width ($width - 2)) {
            $indent + $line
            $indent = '  '
        }
    }
    $lines -join [System.Environment]::NewLine
}

# Rows of an audit's reasons for a list view: how many users, verdict, check.
function Format-PhsAuditReason {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $Reason)

    $lines = foreach ($row in $Reason) {
        # In a copy from a remoting session each row is its text.
        if ($row -is [string]) { $row } else { '{0,8:n0} {1,-7} {2} {3}' -f $row.Users, $row.Verdict, $row.CheckId, $row.Name }
    }
    $lines -join [System.Environment]::NewLine
}

# What an audit was judged by.
function Format-PhsAuditRule {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [bool] $WithRules)

    if ($WithRules) { Get-PhsString AuditByRules } else { Get-PhsString AuditByDefault }
}

# Breaks a text into lines at spaces. PowerShell itself does so in a few languages only, and breaks words in all others.
function Split-PhsText {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [Parameter(Mandatory)] [int] $Width
    )

    $Width = [System.Math]::Max($Width, 20)
    foreach ($paragraph in $Text -split '\r?\n') {
        $line = ''
        foreach ($word in $paragraph.TrimEnd() -split '(?<=\S) ') {
            if ($line -and $line.Length + 1 + $word.Length -gt $Width) {
                $line
                $line = $word
            } elseif ($line) {
                $line += ' ' + $word
            } else {
                $line = $word
            }
        }
        $line
    }
}

# Columns that the host shows; 120 where it does not say, as in a job.
function Get-PhsWidth {
    [CmdletBinding()]
    [OutputType([int])]
    param()

    $width = 0
    try {
        $width = $Host.UI.RawUI.BufferSize.Width
    } catch {
        # A host without a screen may refuse the question.
        Write-Debug $_.Exception.Message
    }
    if ($width -gt 40) { $width - 1 } else { 120 }
}

# Escape sequences of the host's style, or empty ones: Windows PowerShell has no $PSStyle and gets plain text.
function Get-PhsStyle {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $style = Get-Variable -Name PSStyle -ValueOnly -ErrorAction Ignore
    if ($null -eq $style) {
        return @{ Reset = ''; Bold = ''; Green = ''; Red = ''; Yellow = ''; Cyan = ''; Dim = '' }
    }
    @{
        Reset  = $style.Reset
        Bold   = $style.Bold
        Green  = $style.Foreground.Green
        Red    = $style.Bold + $style.Foreground.Red
        Yellow = $style.Foreground.Yellow
        Cyan   = $style.Foreground.Cyan
        Dim    = $style.Foreground.BrightBlack
    }
}

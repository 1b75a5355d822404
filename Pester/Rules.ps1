# Rules for script files. Each rule gives one line per violation; a test plants each and sees it found.

# Variables that Windows PowerShell 5.1 does not have.
$script:NewVariables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures'

# Cmdlets that Windows PowerShell 5.1 does not have.
$script:NewCmdlets = 'Test-Json', 'Join-String', 'Get-Error', 'Get-Uptime', 'Remove-Alias', 'Start-ThreadJob', 'ConvertTo-CliXml', 'ConvertFrom-CliXml', 'Set-MarkdownOption', 'Show-Markdown'

# Parameters that Windows PowerShell 5.1 does not have.
$script:NewParameters = @{
    'ForEach-Object'    = 'Parallel', 'ThrottleLimit', 'AsJob', 'TimeoutSeconds'
    'ConvertFrom-Json'  = 'AsHashtable', 'Depth', 'NoEnumerate', 'DateKind'
    'ConvertTo-Json'    = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'Split-Path'        = 'LeafBase', 'Extension'
    'Select-String'     = 'NoEmphasis', 'Raw', 'Culture'
    'Get-Content'       = 'AsByteStream'
    'Set-Content'       = 'AsByteStream'
    'Out-File'          = 'AsByteStream'
    'Export-Csv'        = 'UseQuotes', 'QuoteFields', 'IncludeTypeInformation', 'NoHeader'
    'ConvertTo-Csv'     = 'UseQuotes', 'QuoteFields', 'IncludeTypeInformation', 'NoHeader'
    'Invoke-WebRequest' = 'SkipCertificateCheck', 'Form', 'Authentication', 'Token', 'Resume', 'SkipHttpErrorCheck', 'MaximumRetryCount'
    'Invoke-RestMethod' = 'SkipCertificateCheck', 'Form', 'Authentication', 'Token', 'Resume', 'SkipHttpErrorCheck', 'MaximumRetryCount'
    'Select-Object'     = @(, 'CaseInsensitive')
    'Group-Object'      = @()
    'Sort-Object'       = 'Top', 'Bottom'
    'Get-Date'          = 'AsUTC', 'UnixTimeSeconds'
    'New-TemporaryFile' = @()
}

# Members that .NET Framework 4.6.2 does not have.
$script:NewMembers = 'ToHexString', 'FromHexString', 'PtrToStringUTF8', 'StringToCoTaskMemUTF8', 'GetRelativePath', 'IsPathFullyQualified',
'HashData', 'ProcessPath', 'ArgumentList', 'GetValueOrDefault', 'EndsInDirectorySeparator', 'TrimEndingDirectorySeparator', 'AsSpan'

# Types that .NET Framework 4.6.2 does not have, and where a branch for PowerShell 7 alone may name them.
$script:NewTypes = @{
    'NativeLibrary'            = @(, 'Binding.ps1')
    'RuntimeInformation'       = @(, 'Platform.ps1')
    'OSPlatform'               = @(, 'Platform.ps1')
    'System.Text.Json'         = @(, 'Json.ps1')
    'ImmutableArray'           = @()
    'HashCode'                 = @()
    'Half'                     = @()
    'Rune'                     = @()
    'RandomNumberGenerator.Fill' = @()
}

$script:Banned = 'Write-Host', 'Invoke-Expression', 'Add-Type', 'Get-WmiObject', 'Invoke-WmiMethod', 'Out-Host', 'iex'

# Words that stand in the binding alone.
$script:BindingWords = 'Reflection.Emit', 'DefineDynamicAssembly', 'DefinePInvokeMethod', 'InteropServices.Marshal', 'SecureStringToBSTR', 'NativeLibrary'

# Violations in a script of the module, as 'rule: detail'.
function Find-ModuleScriptProblem {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )

    $tokens = $null
    $mistakes = $null
    $ast = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $mistakes)
    foreach ($mistake in $mistakes) {
        "syntax: $($mistake.Message)"
    }
    Find-NewSyntax -Ast $ast -Token $tokens
    Find-NewApi -Ast $ast -Name $Name
    Find-BannedCommand -Ast $ast
    if ($Name -ne 'Binding.ps1') {
        foreach ($word in $script:BindingWords) {
            if ($Text.Contains($word)) { "binding word: $word" }
        }
    }
}

# Syntax that Windows PowerShell 5.1 cannot parse.
function Find-NewSyntax {
    param($Ast, $Token)

    foreach ($one in $Token) {
        if ("$($one.Kind)" -in 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'QuestionMark', 'AndAnd', 'OrOr') {
            "new syntax: $($one.Text)"
        }
    }
    foreach ($node in $Ast.FindAll({ $true }, $true)) {
        $kind = $node.GetType().Name
        if ($kind -in 'TernaryExpressionAst', 'PipelineChainAst') {
            "new syntax: $kind"
        }
        if ($kind -eq 'ScriptBlockAst' -and $null -ne $node.CleanBlock) {
            'new syntax: clean'
        }
        if ($kind -eq 'PipelineAst' -and $node.Background) {
            'new syntax: &'
        }
    }
}

# Variables, cmdlets, parameters, members and types that 5.1 on .NET Framework 4.6.2 lacks.
function Find-NewApi {
    param($Ast, [string] $Name)

    foreach ($node in $Ast.FindAll({ $true }, $true)) {
        switch ($node.GetType().Name) {
            'VariableExpressionAst' {
                if ($node.VariablePath.UserPath -in $script:NewVariables) { "new variable: $($node.VariablePath.UserPath)" }
            }
            'CommandAst' {
                $command = $node.GetCommandName()
                if ($command -in $script:NewCmdlets) { "new cmdlet: $command" }
                if ($command -and $script:NewParameters.ContainsKey($command)) {
                    foreach ($element in $node.CommandElements) {
                        if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and
                            $element.ParameterName -in $script:NewParameters[$command]) {
                            "new parameter: $command -$($element.ParameterName)"
                        }
                    }
                }
            }
            { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst' } {
                $member = "$($node.Member)".Trim("'", '"')
                if ($member -in $script:NewMembers) { "new member: $member" }
            }
            { $_ -in 'TypeExpressionAst', 'TypeConstraintAst' } {
                foreach ($type in $script:NewTypes.Keys) {
                    if ("$($node.TypeName)" -match "(^|\.)$([regex]::Escape($type))(\.|$)" -and $Name -notin $script:NewTypes[$type]) {
                        "new type: $($node.TypeName)"
                    }
                }
            }
        }
    }
}

# Commands that no script of ours uses, aliases, and exit.
function Find-BannedCommand {
    param($Ast)

    foreach ($node in $Ast.FindAll({ $true }, $true)) {
        if ($node -is [System.Management.Automation.Language.ExitStatementAst]) {
            'banned: exit'
        }
        if ($node -is [System.Management.Automation.Language.CommandAst]) {
            $command = $node.GetCommandName()
            if ($command -in $script:Banned) {
                "banned: $command"
            } elseif ($command -and (Get-Alias -Name ([System.Management.Automation.WildcardPattern]::Escape($command)) -ErrorAction Ignore)) {
                "alias: $command"
            }
        }
    }
}

# Violations of the rules for every text file, by its bytes.
function Find-FileProblem {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [byte[]] $Bytes)

    $bom = $Bytes.Length -ge 3 -and $Bytes[0] -eq 0xEF -and $Bytes[1] -eq 0xBB -and $Bytes[2] -eq 0xBF
    $text = [System.Text.Encoding]::UTF8.GetString($Bytes)
    $plain = $text -notmatch '[^\x00-\x7f\ufeff]'
    if (-not $plain -and -not $bom) { 'encoding: not ASCII and without a byte order mark' }
    if ($plain -and $bom) { 'encoding: a byte order mark on ASCII' }
    if ($text.Contains("`r")) { 'lines: CR' }
    if ($text -match '[ \t](\n|$)') { 'lines: space at the end' }
    if ($text.Contains("`t")) { 'lines: tab' }
    if (-not $text.EndsWith("`n")) { 'lines: no line end at the end' }
    $count = @($text -split "`n").Count
    if ($count -gt 500) { "size: $count lines" }
}

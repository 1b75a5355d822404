# External help (MAML) from the comment help of the public scripts: the built module carries help beside its code, not in
# it, because every import pays for each line of a script.

$script:HelpFile = 'PhsDiagnostics-help.xml'
$script:Maml = @{
    maml    = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev     = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

# A public script without its comment help: one line names the help file instead.
function Get-ScriptWithoutHelp {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)

    $text = [System.IO.File]::ReadAllText($Path)
    $tokens = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $null)
    $help = @($tokens | Where-Object { $_.Kind -eq 'Comment' -and $_.Text -match '^<#\s*\.SYNOPSIS' })
    if ($help.Count -ne 1) {
        throw "$Path holds $($help.Count) blocks of comment help: a public script holds one function and one block."
    }
    $extent = $help[0].Extent
    $text.Remove($extent.StartOffset, $extent.EndOffset - $extent.StartOffset).Insert(
        $extent.StartOffset, "# .EXTERNALHELP $script:HelpFile")
}

# A script without the lines that hold a comment alone, since the time of an import grows with every byte. Where to find the help
# stays.
function Get-ScriptWithoutComment {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Text)

    $tokens = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $null)
    $dropped = [System.Collections.Generic.HashSet[int]]::new()
    $lines = $Text -split '\n'
    foreach ($token in $tokens) {
        if ($token.Kind -eq 'Comment' -and $token.Text -notmatch '\.EXTERNALHELP' -and
            $lines[$token.Extent.StartLineNumber - 1].TrimStart().StartsWith('#')) {
            foreach ($line in $token.Extent.StartLineNumber..$token.Extent.EndLineNumber) {
                $null = $dropped.Add($line - 1)
            }
        }
    }
    $kept = for ($line = 0; $line -lt $lines.Count; $line++) {
        if (-not $dropped.Contains($line)) { $lines[$line] }
    }
    $kept -join "`n"
}

# Writes the help of every public script as one MAML file.
function Export-ModuleHelp {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Destination)

    $settings = [System.Xml.XmlWriterSettings]::new()
    $settings.Indent = $true
    $settings.IndentChars = ' '
    $settings.NewLineChars = "`n"
    $settings.Encoding = [System.Text.UTF8Encoding]::new($false)
    $writer = [System.Xml.XmlWriter]::Create($Destination, $settings)
    try {
        $writer.WriteStartElement('helpItems', 'http://msh')
        $writer.WriteAttributeString('schema', 'maml')
        $public = [System.IO.Path]::Combine($script:ModuleSource, 'Public')
        foreach ($file in Get-ChildItem -LiteralPath $public -Filter '*.ps1' | Sort-Object Name) {
            # Only declared, for its parameters: nothing in it runs.
            . $file.FullName
            Write-CommandHelp -Writer $writer -Command (Get-Command -Name $file.BaseName -CommandType Function)
        }
        $writer.WriteEndElement()
    } finally {
        $writer.Dispose()
    }
}

function Write-CommandHelp {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Xml.XmlWriter] $Writer,
        [Parameter(Mandatory)] [System.Management.Automation.FunctionInfo] $Command
    )

    $help = $Command.ScriptBlock.Ast.GetHelpContent()
    $Writer.WriteStartElement('command', 'command', $script:Maml.command)
    foreach ($prefix in 'maml', 'dev') {
        $Writer.WriteAttributeString('xmlns', $prefix, $null, $script:Maml[$prefix])
    }

    Write-Maml $Writer command details {
        Write-MamlText $Writer command name $Command.Name
        Write-MamlText $Writer command verb $Command.Verb
        Write-MamlText $Writer command noun $Command.Noun
        Write-MamlParagraph $Writer description $help.Synopsis
    }
    Write-MamlParagraph $Writer description $help.Description

    $own = @(Get-OwnParameter -Parameters $Command.Parameters.Values)
    Write-Maml $Writer command syntax {
        foreach ($set in $Command.ParameterSets) {
            Write-Maml $Writer command syntaxItem {
                Write-MamlText $Writer maml name $Command.Name
                foreach ($parameter in Get-OwnParameter -Parameters $set.Parameters) {
                    Write-ParameterHelp -Writer $Writer -Parameter $parameter -Help $help
                }
            }
        }
    }
    Write-Maml $Writer command parameters {
        foreach ($parameter in $own) {
            # A parameter that is mandatory in one of several sets is shown as the default set has it.
            $sets = @($Command.ParameterSets | Sort-Object IsDefault -Descending)
            $inSet = $sets.ForEach({ $_.Parameters | Where-Object Name -EQ $parameter.Name })[0]
            Write-ParameterHelp -Writer $Writer -Parameter $inSet -Help $help
        }
    }
    Write-Maml $Writer command inputTypes {
        foreach ($type in @($help.Inputs)) { Write-MamlType $Writer inputType $type }
    }
    Write-Maml $Writer command returnValues {
        foreach ($type in @($help.Outputs)) { Write-MamlType $Writer returnValue $type }
    }
    if ($help.Notes) {
        Write-Maml $Writer maml alertSet {
            Write-MamlParagraph $Writer alert $help.Notes
        }
    }
    Write-Maml $Writer command examples {
        $number = 0
        foreach ($example in $help.Examples) {
            $number++
            # The first paragraph is the code, what follows explains it.
            $code, $remarks = $example.Trim() -split '\r?\n\s*\r?\n', 2
            Write-Maml $Writer command example {
                Write-MamlText $Writer maml title "-------------------------- EXAMPLE $number --------------------------"
                Write-Maml $Writer maml introduction { Write-MamlText $Writer maml para 'PS > ' }
                Write-MamlText $Writer dev code $code
                Write-Maml $Writer dev remarks {
                    foreach ($paragraph in Split-Paragraph $remarks) { Write-MamlText $Writer maml para $paragraph }
                    # The console leaves no space between examples.
                    Write-MamlText $Writer maml para ''
                }
            }
        }
    }
    Write-Maml $Writer maml relatedLinks {
        foreach ($link in @($help.Links)) {
            Write-Maml $Writer maml navigationLink {
                $isAddress = $link.Trim() -match '^https?://'
                Write-MamlText $Writer maml linkText $(if ($isAddress) { '' } else { $link.Trim() })
                Write-MamlText $Writer maml uri $(if ($isAddress) { $link.Trim() } else { '' })
            }
        }
    }
    $Writer.WriteEndElement()
}

# The parameters that are the command's own, in the order of the script.
function Get-OwnParameter {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object[]] $Parameters)

    $common = [System.Management.Automation.PSCmdlet]::CommonParameters +
        [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $Parameters | Where-Object Name -NotIn $common
}

function Write-ParameterHelp {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Xml.XmlWriter] $Writer,
        [Parameter(Mandatory)] [System.Management.Automation.CommandParameterInfo] $Parameter,
        [Parameter(Mandatory)] $Help
    )

    $pipeline = @(
        if ($Parameter.ValueFromPipeline) { 'ByValue' }
        if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    )
    $attributes = [ordered]@{
        required      = ([string] $Parameter.IsMandatory).ToLowerInvariant()
        globbing      = ([string] [bool] ($Parameter.Attributes | Where-Object {
                        $_ -is [System.Management.Automation.SupportsWildcardsAttribute] })).ToLowerInvariant()
        pipelineInput = if ($pipeline) { "True ($($pipeline -join ', '))" } else { 'False' }
        position      = if ($Parameter.Position -ge 0) { [string] $Parameter.Position } else { 'named' }
        aliases       = if ($Parameter.Aliases) { $Parameter.Aliases -join ', ' } else { 'none' }
    }
    $isSwitch = $Parameter.ParameterType -eq [switch]
    $valid = @($Parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateSetAttribute] })
    Write-Maml $Writer command parameter {
        foreach ($name in $attributes.Keys) { $Writer.WriteAttributeString($name, $attributes[$name]) }
        Write-MamlText $Writer maml name $Parameter.Name
        Write-MamlParagraph $Writer description $Help.Parameters[$Parameter.Name.ToUpperInvariant()]
        if ($valid) {
            Write-Maml $Writer command parameterValueGroup {
                foreach ($value in $valid[0].ValidValues) { Write-MamlText $Writer command parameterValue $value }
            }
        }
        $type = $Parameter.ParameterType
        if (-not $isSwitch) { Write-MamlText $Writer command parameterValue $type.Name }
        Write-Maml $Writer dev type { Write-MamlText $Writer maml name $type.Name }
    }
}

function Write-MamlType {
    [CmdletBinding()]
    param([System.Xml.XmlWriter] $Writer, [string] $Name, [string] $Type)

    Write-Maml $Writer command $Name {
        Write-Maml $Writer dev type { Write-MamlText $Writer maml name $Type.Trim() }
    }
}

# An element with what the block writes in it.
function Write-Maml {
    [CmdletBinding()]
    param([System.Xml.XmlWriter] $Writer, [string] $Prefix, [string] $Name, [scriptblock] $Content)

    $Writer.WriteStartElement($Prefix, $Name, $script:Maml[$Prefix])
    & $Content
    $Writer.WriteEndElement()
}

function Write-MamlText {
    [CmdletBinding()]
    param([System.Xml.XmlWriter] $Writer, [string] $Prefix, [string] $Name, [string] $Text)

    $Writer.WriteElementString($Prefix, $Name, $script:Maml[$Prefix], $Text)
}

# A text in paragraphs. Lines of one paragraph are joined, so that the console wraps them at its own width.
function Write-MamlParagraph {
    [CmdletBinding()]
    param([System.Xml.XmlWriter] $Writer, [string] $Name, [string] $Text)

    Write-Maml $Writer maml $Name {
        foreach ($paragraph in Split-Paragraph $Text) { Write-MamlText $Writer maml para $paragraph }
    }
}

function Split-Paragraph {
    [CmdletBinding()]
    [OutputType([string])]
    param([AllowEmptyString()] [AllowNull()] [string] $Text)

    foreach ($paragraph in $Text.Trim() -split '\r?\n[ \t]*\r?\n') {
        if ($paragraph.Trim()) {
            # Lines that are indented are a table or code: they stay lines.
            if ($paragraph -match '(?m)^\s{2,}\S') { $paragraph } else { $paragraph.Trim() -replace '\s*\r?\n\s*', ' ' }
        }
    }
}

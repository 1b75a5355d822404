# The guard of Windows PowerShell 5.1, which does not run where the tests do: what a script calls is looked up in the metadata
# of .NET Framework 4.6.2 and of PowerShell 5.1's reference assembly, and in the list of cmdlets in Desktop.psd1.

$script:Desktop = Import-PowerShellDataFile -LiteralPath ([System.IO.Path]::Combine($PSScriptRoot, 'Desktop.psd1'))
$script:DesktopFolder = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'shared', 'winps51'))

# Opens the reference assemblies: every type by full name, and every name of a member.
function New-DesktopIndex {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Folder)

    $types = [System.Collections.Generic.Dictionary[string, object]]::new([System.StringComparer]::OrdinalIgnoreCase)
    $names = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
    foreach ($file in [System.IO.Directory]::GetFiles($Folder, '*.dll')) {
        $image = [System.Reflection.PortableExecutable.PEReader]::new([System.IO.MemoryStream]::new([System.IO.File]::ReadAllBytes($file)))
        $reader = [System.Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
        foreach ($handle in $reader.TypeDefinitions) {
            $name = Get-MetadataName $reader $reader.GetTypeDefinition($handle)
            if (-not $types.ContainsKey($name)) {
                $types.Add($name, @{ Reader = $reader; Handle = $handle; Image = $image; Members = $null })
            }
        }
        foreach ($handle in $reader.PropertyDefinitions) { $null = $names.Add($reader.GetString($reader.GetPropertyDefinition($handle).Name)) }
        foreach ($handle in $reader.MethodDefinitions) { $null = $names.Add($reader.GetString($reader.GetMethodDefinition($handle).Name)) }
        foreach ($handle in $reader.FieldDefinitions) { $null = $names.Add($reader.GetString($reader.GetFieldDefinition($handle).Name)) }
    }
    @{ Types = $types; Names = $names }
}

# The full name of a type definition or reference; a nested one as Outer+Inner.
function Get-MetadataName {
    param($Reader, $Type)

    $name = $Reader.GetString($Type.Name)
    $outer = if ($Type -is [System.Reflection.Metadata.TypeDefinition]) { $Type.GetDeclaringType() } else { $null }
    if ($null -ne $outer -and -not $outer.IsNil) {
        return (Get-MetadataName $Reader $Reader.GetTypeDefinition($outer)) + '+' + $name
    }
    $space = $Reader.GetString($Type.Namespace)
    if ($space) { "$space.$name" } else { $name }
}

# The full name behind a handle of any kind, or nothing.
function Get-HandleName {
    param($Reader, $Handle)

    if ($Handle.IsNil) { return }
    switch ("$($Handle.Kind)") {
        'TypeDefinition' { Get-MetadataName $Reader $Reader.GetTypeDefinition([System.Reflection.Metadata.TypeDefinitionHandle] $Handle) }
        'TypeReference' { Get-MetadataName $Reader $Reader.GetTypeReference([System.Reflection.Metadata.TypeReferenceHandle] $Handle) }
        'TypeSpecification' {
            $blob = $Reader.GetBlobReader($Reader.GetTypeSpecification([System.Reflection.Metadata.TypeSpecificationHandle] $Handle).Signature)
            # GENERICINST (CLASS | VALUETYPE) type (ECMA-335 II.23.2.12).
            if ($blob.ReadByte() -eq 0x15) {
                $null = $blob.ReadByte()
                Get-HandleName $Reader ([System.Reflection.Metadata.EntityHandle] $blob.ReadTypeHandle())
            }
        }
    }
}

# The members of a type and of what it is derived from: name -> the numbers of arguments it takes, 'any' for no method.
function Get-DesktopMember {
    param([Parameter(Mandatory)] $Index, [Parameter(Mandatory)] [string] $Name)

    $entry = $Index.Types[$Name]
    if ($null -ne $entry.Members) { return $entry.Members }
    $members = @{}
    $entry.Members = $members
    $reader = $entry.Reader
    $type = $reader.GetTypeDefinition($entry.Handle)
    foreach ($handle in $type.GetMethods()) {
        $method = $reader.GetMethodDefinition($handle)
        $key = $reader.GetString($method.Name)
        if (-not $members.ContainsKey($key)) { $members[$key] = [System.Collections.Generic.List[string]]::new() }
        $blob = $reader.GetBlobReader($method.Signature)
        # Convention, number of generic parameters where there are some, number of parameters (ECMA-335 II.23.2.1).
        if ($blob.ReadByte() -band 0x10) { $null = $blob.ReadCompressedInteger() }
        $count = $blob.ReadCompressedInteger()
        $members[$key].Add("$count")
        foreach ($parameter in $method.GetParameters()) {
            foreach ($attribute in $reader.GetParameter($parameter).GetCustomAttributes()) {
                $constructor = $reader.GetCustomAttribute($attribute).Constructor
                $owner = if ("$($constructor.Kind)" -eq 'MemberReference') {
                    $reader.GetMemberReference([System.Reflection.Metadata.MemberReferenceHandle] $constructor).Parent
                } else {
                    $reader.GetMethodDefinition([System.Reflection.Metadata.MethodDefinitionHandle] $constructor).GetDeclaringType()
                }
                # params: any number from one fewer upwards.
                if ((Get-HandleName $reader ([System.Reflection.Metadata.EntityHandle] $owner)) -eq 'System.ParamArrayAttribute') { $members[$key].Add("$($count - 1)+") }
            }
        }
    }
    foreach ($handle in $type.GetProperties()) { $members[$reader.GetString($reader.GetPropertyDefinition($handle).Name)] = @('any') }
    foreach ($handle in $type.GetFields()) { $members[$reader.GetString($reader.GetFieldDefinition($handle).Name)] = @('any') }
    foreach ($handle in $type.GetEvents()) { $members[$reader.GetString($reader.GetEventDefinition($handle).Name)] = @('any') }
    $parents = @(Get-HandleName $reader $type.BaseType)
    foreach ($handle in $type.GetInterfaceImplementations()) {
        $parents += Get-HandleName $reader $reader.GetInterfaceImplementation($handle).Interface
    }
    foreach ($parent in $parents | Where-Object { $_ -and $Index.Types.ContainsKey($_) }) {
        $inherited = Get-DesktopMember $Index $parent
        foreach ($key in @($inherited.Keys)) {
            if ($key -eq '.ctor') { continue }
            $members[$key] = @($members[$key]) + @($inherited[$key]) | Where-Object { $_ }
        }
    }
    $members
}

# Whether a member of a type can be used so: with that many arguments, or -1 for no call.
function Test-DesktopMember {
    param($Index, [string] $Type, [string] $Member, [int] $Arguments)

    $members = Get-DesktopMember $Index $Type
    if (-not $members.ContainsKey($Member)) { return $false }
    if ($Arguments -lt 0) { return $true }
    foreach ($form in $members[$Member]) {
        if ($form -eq 'any' -or $form -eq "$Arguments") { return $true }
        if ($form.EndsWith('+') -and $Arguments -ge [int] $form.TrimEnd('+')) { return $true }
    }
    $false
}

# Whether a node runs on PowerShell 7 alone: inside `if ($PSVersionTable.PSEdition -eq 'Core')`, or behind a block that leaves
# the function where the edition is not Core or where a variable of PowerShell 7 is not there.
function Test-CoreOnly {
    param([Parameter(Mandatory)] $Node)

    $is = '$PSVersionTable.PSEdition -eq ''Core'''
    $isNot = '$PSVersionTable.PSEdition -ne ''Core'''
    $optional = '\$(\w+) = Get-Variable -Name PSStyle -ValueOnly -ErrorAction Ignore'
    for ($child = $Node; $null -ne $child.Parent; $child = $child.Parent) {
        $parent = $child.Parent
        if ($parent -is [System.Management.Automation.Language.IfStatementAst]) {
            foreach ($clause in $parent.Clauses) {
                if ($clause.Item1.Extent.Text -eq $is -and $clause.Item2 -eq $child) { return $true }
            }
            if ($parent.Clauses.Count -eq 1 -and $parent.Clauses[0].Item1.Extent.Text -eq $isNot -and $parent.ElseClause -eq $child) { return $true }
        }
        if ($parent -is [System.Management.Automation.Language.NamedBlockAst] -or $parent -is [System.Management.Automation.Language.StatementBlockAst]) {
            $leaves = @(, $isNot)
            foreach ($statement in $parent.Statements) {
                if ($statement -eq $child) { break }
                if ($statement.Extent.Text -match "^$optional`$") { $leaves += '$null -eq $' + $Matches[1] }
                if ($statement -is [System.Management.Automation.Language.IfStatementAst] -and $statement.Clauses.Count -eq 1 -and
                    $statement.Clauses[0].Item1.Extent.Text -in $leaves -and
                    $statement.Clauses[0].Item2.Statements[-1] -is [System.Management.Automation.Language.ReturnStatementAst]) {
                    return $true
                }
            }
        }
    }
    $false
}

# The full name of a type that a script names, as metadata spells it, or nothing where the name is none of .NET's.
function Resolve-TypeName {
    param([Parameter(Mandatory)] $TypeName, [Parameter(Mandatory)] $Index)

    if ($TypeName -is [System.Management.Automation.Language.ArrayTypeName]) { return Resolve-TypeName $TypeName.ElementType $Index }
    $type = $TypeName.GetReflectionType()
    if ($null -eq $type) { $type = $TypeName.GetReflectionAttributeType() }
    if ($null -ne $type) {
        if ($type.IsGenericType) { $type = $type.GetGenericTypeDefinition() }
        return $type.FullName
    }
    # Known to the Framework alone.
    $plain = if ($TypeName -is [System.Management.Automation.Language.GenericTypeName]) { $TypeName.TypeName.FullName + '`' + $TypeName.GenericArguments.Count } else { $TypeName.FullName }
    foreach ($name in $plain, "System.$plain") {
        if ($Index.Types.ContainsKey($name)) { return $name }
    }
    $plain
}

# The types that the engine's own inference finds for an expression.
function Get-InferredType {
    param([Parameter(Mandatory)] $Expression)

    if ($null -eq $script:Inference) {
        $class = [psobject].Assembly.GetType('System.Management.Automation.AstTypeInference')
        $script:Inference = $class.GetMethod('InferTypeOf', [System.Reflection.BindingFlags] 'Public, NonPublic, Static', $null, [type[]] @(, [System.Management.Automation.Language.Ast]), $null)
    }
    foreach ($found in $script:Inference.Invoke($null, @(, $Expression))) {
        $type = $found.Type
        if ($null -eq $type -or $type -in [object], [psobject], [hashtable] -or $type.IsArray) { continue }
        if ($type.IsGenericType) { $type = $type.GetGenericTypeDefinition() }
        $type.FullName
    }
}
$script:Inference = $null

# What of a script Windows PowerShell 5.1 on .NET Framework 4.6.2 does not have, as 'rule: detail'. Own are names of
# members that the project itself defines.
function Find-DesktopProblem {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] $Index,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [Parameter()] [string[]] $Own = @()
    )

    $ast = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null)
    foreach ($node in $ast.FindAll({ $true }, $true)) {
        $problem = switch ($node.GetType().Name) {
            'CommandAst' { Find-CommandProblem $node }
            { $_ -in 'TypeExpressionAst', 'TypeConstraintAst', 'AttributeAst' } { Find-TypeProblem $node $node.TypeName $Index }
            { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst' } { Find-MemberProblem $node $Index $Own }
        }
        if ($problem -and -not (Test-CoreOnly $node)) { $problem }
    }
}

function Find-CommandProblem {
    param($Node)

    $name = $Node.GetCommandName()
    if (-not $name -or $name -match '^[A-Z]\w+-(Phs|ADSync|Mg)\w+$') { return }
    $row = $script:Desktop.Cmdlets[$name]
    if (-not $row) { return "cmdlet: $name is not on the list of Desktop.psd1" }
    foreach ($element in $Node.CommandElements) {
        if ($element -is [System.Management.Automation.Language.CommandParameterAst] -and
            $element.ParameterName -notin $row.Parameters -and $element.ParameterName -notin $script:Desktop.Common) {
            "parameter: $name -$($element.ParameterName) is not on the list of Desktop.psd1"
        }
    }
}

function Find-TypeProblem {
    param($Node, $TypeName, $Index)

    $short = "$TypeName" -replace '\[\]$'
    if ($TypeName -is [System.Management.Automation.Language.GenericTypeName]) {
        foreach ($argument in $TypeName.GenericArguments) { Find-TypeProblem $Node $argument $Index }
    } elseif ($short -notmatch '\.') {
        # Without a namespace it is an accelerator, a type of System, or an attribute of PowerShell.
        if ($short -in $script:Desktop.Accelerators) { return }
    }
    if ($short -like 'PhsDiagnostics.*') { return }
    $name = Resolve-TypeName $TypeName $Index
    if (-not $Index.Types.ContainsKey($name)) { "type: $name" }
}

function Find-MemberProblem {
    param($Node, $Index, [string[]] $Own)

    if ($Node.Member -isnot [System.Management.Automation.Language.StringConstantExpressionAst]) { return }
    $member = $Node.Member.Value
    $arguments = -1
    if ($Node -is [System.Management.Automation.Language.InvokeMemberExpressionAst]) { $arguments = @($Node.Arguments | Where-Object { $_ }).Count }

    if ($Node.Static -and $Node.Expression -is [System.Management.Automation.Language.TypeExpressionAst]) {
        $type = Resolve-TypeName $Node.Expression.TypeName $Index
        if (-not $Index.Types.ContainsKey($type)) { return }
        if ($member -eq 'new') {
            if ($arguments -eq 0 -or $Node.Expression.TypeName.IsArray) { return }
            $member = '.ctor'
        }
        if (-not (Test-DesktopMember $Index $type $member $arguments)) { "member: [$type]::$member with $arguments arguments" }
        return
    }
    if ($member -in $script:Desktop.Intrinsic -or ($arguments -lt 0 -and $member -in $Own)) { return }
    $types = @(Get-InferredType $Node.Expression | Where-Object { $Index.Types.ContainsKey($_) })
    foreach ($type in $types) {
        if (Test-DesktopMember $Index $type $member $arguments) { return }
    }
    if ($types.Count -gt 0) {
        "member: [$($types -join '|')].$member with $arguments arguments"
    } elseif (-not $Index.Names.Contains($member) -and $member -notlike 'phs_*') {
        "member: .$member is on no type"
    }
}

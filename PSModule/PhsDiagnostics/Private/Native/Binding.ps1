# Binds the native library without a compiler: types emitted at run time with System.Reflection.Emit.
#
# This is the only file of the module with the words that endpoint protection looks twice at (dynamic assemblies,
# P/Invoke, unmanaged memory; PowerShell logs such a script as event 4104). It is loaded at the first use, never at
# import, and is meant to be signed. docs/security.md tells more. Every function returns plain values; nothing here decides.

# The records that the module hands out and the envelope of an event: the properties whose values ToString() joins, and all
# properties, named as in the JSON, with their types where they are no strings. A record stands below those that it holds.
$script:RecordTypes = [ordered]@{
    'EvidenceRow'       = 'Source Object Attribute Value', 'Source Object Attribute Value ObservedAt:datetime?'
    'Finding'           = 'CheckId Outcome Target', 'CheckId Name Step Outcome SkipReason Severity Target Message Why
        Remediation:string[] Evidence:EvidenceRow[] Links:string[] Fingerprint Suppressed:bool ObservedAt:datetime?'
    'UserVerdict'       = 'Verdict Identity', 'Identity DistinguishedName UserPrincipalName SamAccountName Verdict
        Reasons:string[] Findings:Finding[] PasswordLastSet:datetime? ObservedAt:datetime?'
    'AuditReason'       = 'CheckId Name', 'CheckId Name Verdict Users:long'
    'AuditSummary'      = 'SearchBase', 'Server SearchBase Users:long WillSync:long Blocked:long Unknown:long
        Reasons:AuditReason[] WithRules:bool Restarted:bool ElapsedMilliseconds:long'
    'ConnectorAccount'  = 'Name', 'Name Domain SamAccountName Connector ConnectorId:guid? Forest Source Sid
        DistinguishedName IdentifiedBy:string[]'
    'Check'             = 'Id Name', 'Id Name Step Severity Status Title Explanation Needs:string[] Links:string[]'
    'Capability'        = 'Name', 'Name Available:bool Details Remedy'
    'EvidencePart'      = 'Name', 'Name Bytes:long Sha256'
    'MissingEvidence'   = 'Detail', 'Kind Reason ErrorId Detail'
    'EvidenceFile'      = 'Path', 'Path Bytes:long CollectedAt:datetime? Machine Platform ToolVersion SchemaVersion:int
        Redacted:bool Users:long Parts:EvidencePart[] Missing:MissingEvidence[]'
    'Difference'        = 'Severity Kind Target Property', 'Area Kind Severity CheckId Target Property Before After
        Message Why ReferenceSource DifferenceSource'
    'EventUser'         = 'DistinguishedName Result', 'DistinguishedName Anchor Result MustChange:bool? ChangeDate ExtendedError'
    'Event'             = 'Provider Meaning', 'Id:int Time:datetime Level Provider Computer RecordId:long? Meaning IsActivity:bool
        Connectors:guid[] Domain DomainController Address Code:long? ServiceCode:long? SignInCode Call Exceptions:string[]
        Count:long? Partition Users:EventUser[] Message Source'
    'Interop.Problem'   = '', 'Id Category Message Target RecommendedAction'
    'Interop.Progress'  = '', 'Activity Status Percent:int'
    'Interop.Log'       = '', 'Level Message'
    'Interop.Summary'   = '', 'Passed:int Failed:int Warnings:int Skipped:int Errors:int Suppressed:int
        UnansweredSteps:string[] Cancelled:bool'
    'Interop.AskedUser' = '', 'SecurityIdentifier UserPrincipalName'
    'Interop.Question'  = '', 'Users:AskedUser[]'
    'Interop.Message'   = '', 'Kind Progress:Progress Log:Log Error:Problem Findings:Finding[]
        Verdicts:UserVerdict[] Audit:AuditSummary Checks:Check[] Accounts:ConnectorAccount[] Capabilities:Capability[]
        Differences:Difference[] Evidence:EvidenceFile Question:Question Events:Event[] Summary:Summary'
}

# Emits the records: each a class with public get/set properties, in the order of the table.
function script:New-PhsRecordTypeSet {
    param([System.Reflection.Emit.ModuleBuilder] $Module)

    $types = @{
        'string' = [string]; 'string[]' = [string[]]; 'bool' = [bool]; 'bool?' = [System.Nullable[bool]]; 'int' = [int]
        'long' = [long]; 'long?' = [System.Nullable[long]]; 'guid?' = [System.Nullable[guid]]; 'guid[]' = [guid[]]
        'datetime' = [datetime]; 'datetime?' = [System.Nullable[datetime]]
    }
    $accessor = [System.Reflection.MethodAttributes] 'Public, SpecialName, HideBySig'
    $override = [System.Reflection.MethodAttributes] 'Public, Virtual, HideBySig'
    $class = [System.Reflection.TypeAttributes] 'Public, Class, Sealed'
    $join = [string].GetMethod('Join', [type[]] @([string], [string[]]))
    foreach ($name in $script:RecordTypes.Keys) {
        $described, $properties = $script:RecordTypes[$name]
        $builder = $Module.DefineType("PhsDiagnostics.$name", $class)
        $fields = @{}
        foreach ($property in $properties -split '\s+') {
            $key, $typeName = $property -split ':'
            $type = $types[$(if ($typeName) { $typeName } else { 'string' })]
            $field = $builder.DefineField("_$key", $type, 'Private')
            $fields[$key] = $field

            $getter = $builder.DefineMethod("get_$key", $accessor, $type, [type]::EmptyTypes)
            $il = $getter.GetILGenerator()
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldfld, $field)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ret)

            $setter = $builder.DefineMethod("set_$key", $accessor, [void], [type[]] @($type))
            $il = $setter.GetILGenerator()
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldarg_1)
            $il.Emit([System.Reflection.Emit.OpCodes]::Stfld, $field)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ret)

            $definition = $builder.DefineProperty($key, 'None', $type, $null)
            $definition.SetGetMethod($getter)
            $definition.SetSetMethod($setter)
        }
        if ($described) {
            $described = $described -split ' '
            $method = $builder.DefineMethod('ToString', $override, [string], [type]::EmptyTypes)
            $il = $method.GetILGenerator()
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldstr, ' ')
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4, $described.Count)
            $il.Emit([System.Reflection.Emit.OpCodes]::Newarr, [string])
            for ($index = 0; $index -lt $described.Count; $index++) {
                $il.Emit([System.Reflection.Emit.OpCodes]::Dup)
                $il.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4, $index)
                $il.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
                $il.Emit([System.Reflection.Emit.OpCodes]::Ldfld, $fields[$described[$index]])
                $il.Emit([System.Reflection.Emit.OpCodes]::Stelem_Ref)
            }
            $il.Emit([System.Reflection.Emit.OpCodes]::Call, $join)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ret)
        }
        $made = $builder.CreateType()
        # By its last name: 'Message' for Interop.Message.
        $name = $name.Replace('Interop.', '')
        $types[$name] = $made
        $types["$name[]"] = $made.MakeArrayType()
    }
    $types
}

# Emits the P/Invokes of the C ABI, each with the absolute path of the library.
function script:New-PhsFunctionType {
    param([System.Reflection.Emit.ModuleBuilder] $Module, [string] $LibraryPath, [type] $BufferType)

    $buffer = $BufferType.MakeByRefType()
    $handle = [uint64].MakeByRefType()
    # The type of the result, then those of the parameters.
    $functions = @{
        phs_abi_version = [uint32], @()
        phs_describe    = [int], @($buffer, $buffer)
        phs_run_next    = [int], @([uint64], [uint32], $buffer, $buffer)
        phs_run_feed    = [int], @([uint64], [byte[]], [System.UIntPtr], $buffer)
        phs_run_cancel  = [int], @([uint64])
        phs_run_free    = [int], @([uint64])
        phs_secret_new  = [int], @([System.IntPtr], [System.UIntPtr], $handle, $buffer)
        phs_secret_free = [int], @([uint64])
        phs_buffer_free = [void], @($buffer)
    }
    foreach ($diagnostic in 'invoke_diagnostics', 'test_permissions', 'test_sign_in_method', 'test_connectivity',
        'test_staging_mode', 'test_user', 'test_object_sync', 'test_temporary_password',
        'test_service', 'invoke_user_audit', 'compare_evidence', 'export_evidence', 'import_evidence',
        'get_connector_account', 'get_event', 'get_check', 'get_capability') {
        $functions["phs_$diagnostic"] = [int], @([byte[]], [System.UIntPtr], $handle, $buffer)
    }

    $attributes = [System.Reflection.MethodAttributes] 'Public, Static, PinvokeImpl, HideBySig'
    $builder = $Module.DefineType('PhsDiagnostics.Interop.Functions', 'Public, Class, Sealed, Abstract')
    foreach ($name in $functions.Keys) {
        $result, $parameters = $functions[$name]
        $method = $builder.DefinePInvokeMethod(
            $name, $LibraryPath, $attributes, 'Standard', $result, [type[]] $parameters, 'Cdecl', 'Ansi')
        $method.SetImplementationFlags('PreserveSig')
    }
    $builder.CreateType()
}

# Emits everything for one library into a new dynamic assembly.
function script:New-PhsInterop {
    param([string] $LibraryPath)

    $assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new('PhsDiagnostics.Interop'), 'Run')
    $module = $assembly.DefineDynamicModule('Interop')

    # phs_buffer: data, length, capacity.
    $builder = $module.DefineType(
        'PhsDiagnostics.Interop.Buffer', 'Public, SequentialLayout, Sealed', [System.ValueType])
    $null = $builder.DefineField('Data', [System.IntPtr], 'Public')
    $null = $builder.DefineField('Length', [System.UIntPtr], 'Public')
    $null = $builder.DefineField('Capacity', [System.UIntPtr], 'Public')

    $interop = New-PhsRecordTypeSet $module
    $interop.Buffer = $builder.CreateType()
    $interop.Functions = New-PhsFunctionType $module $LibraryPath $interop.Buffer
    $interop.LibraryPath = $LibraryPath
    if ($PSVersionTable.PSEdition -eq 'Core') {
        # Throws with the loader's own words where the platform cannot load the file.
        $null = [System.Runtime.InteropServices.NativeLibrary]::Load($LibraryPath)
    }
    $interop
}

# The text of a buffer of the library.
function script:Read-PhsBuffer {
    param($Buffer)

    if ($Buffer.Data -eq [System.IntPtr]::Zero) {
        return ''
    }
    $bytes = [byte[]]::new($Buffer.Length.ToUInt64())
    [System.Runtime.InteropServices.Marshal]::Copy($Buffer.Data, $bytes, 0, $bytes.Length)
    [System.Text.Encoding]::UTF8.GetString($bytes)
}

# Hands a secure string to the library without a managed copy; gives a status, the handle and the error's text.
function script:New-PhsNativeSecret {
    param([hashtable] $Interop, [securestring] $Secret)

    $handle = [uint64] 0
    $problem = [System.Activator]::CreateInstance($Interop.Buffer)
    $units = [System.Runtime.InteropServices.Marshal]::SecureStringToBSTR($Secret)
    try {
        $status = $Interop.Functions::phs_secret_new(
            $units, [System.UIntPtr]::new([uint64] $Secret.Length), [ref] $handle, [ref] $problem)
        @{ Status = $status; Handle = $handle; Problem = Read-PhsBuffer $problem }
    } finally {
        [System.Runtime.InteropServices.Marshal]::ZeroFreeBSTR($units)
        $Interop.Functions::phs_buffer_free([ref] $problem)
    }
}

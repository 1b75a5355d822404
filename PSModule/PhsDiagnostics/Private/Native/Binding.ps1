# Binds the native library without a compiler: types emitted at run time with System.Reflection.Emit.
#
# This is the only file of the module with the words that endpoint protection looks twice at (dynamic assemblies,
# P/Invoke, unmanaged memory; PowerShell logs such a script as event 4104). It is loaded at the first use, never at
# import, and is meant to be signed. docs/security.md tells more. Every function returns plain values; nothing here decides.

# Emits a class with public get/set properties, in this order. Describe lists up to four properties whose values
# ToString() joins.
function script:New-PhsRecordType {
    param(
        [System.Reflection.Emit.ModuleBuilder] $Module,
        [string] $Name,
        [System.Collections.Specialized.OrderedDictionary] $Property,
        [string[]] $Describe = @()
    )

    $builder = $Module.DefineType($Name, 'Public, Class, Sealed')
    $getters = @{}
    foreach ($key in $Property.Keys) {
        $type = [type] $Property[$key]
        $field = $builder.DefineField('_' + $key, $type, 'Private')
        $accessor = [System.Reflection.MethodAttributes] 'Public, SpecialName, HideBySig'

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
        $getters[$key] = $getter
    }

    if ($Describe.Count -gt 0) {
        $override = [System.Reflection.MethodAttributes] 'Public, Virtual, HideBySig'
        $method = $builder.DefineMethod('ToString', $override, [string], [type]::EmptyTypes)
        $il = $method.GetILGenerator()
        $il.Emit([System.Reflection.Emit.OpCodes]::Ldstr, ' ')
        $il.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4, $Describe.Count)
        $il.Emit([System.Reflection.Emit.OpCodes]::Newarr, [string])
        for ($index = 0; $index -lt $Describe.Count; $index++) {
            $il.Emit([System.Reflection.Emit.OpCodes]::Dup)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldc_I4, $index)
            $il.Emit([System.Reflection.Emit.OpCodes]::Ldarg_0)
            $il.Emit([System.Reflection.Emit.OpCodes]::Call, $getters[$Describe[$index]])
            $il.Emit([System.Reflection.Emit.OpCodes]::Stelem_Ref)
        }
        $join = [string].GetMethod('Join', [type[]] @([string], [string[]]))
        $il.Emit([System.Reflection.Emit.OpCodes]::Call, $join)
        $il.Emit([System.Reflection.Emit.OpCodes]::Ret)
    }
    $builder.CreateType()
}

# Emits the records that the module hands out and the envelope of an event; property names are those of the JSON.
function script:New-PhsRecordTypeSet {
    param([System.Reflection.Emit.ModuleBuilder] $Module)

    $time = [System.Nullable[datetime]]
    $types = @{}
    $types.EvidenceRow = New-PhsRecordType $Module 'PhsDiagnostics.EvidenceRow' ([ordered]@{
            Source = [string]; Object = [string]; Attribute = [string]; Value = [string]; ObservedAt = $time
        }) 'Source', 'Object', 'Attribute', 'Value'
    $types.Finding = New-PhsRecordType $Module 'PhsDiagnostics.Finding' ([ordered]@{
            CheckId = [string]; Name = [string]; Step = [string]; Outcome = [string]; SkipReason = [string]
            Severity = [string]; Target = [string]; Message = [string]; Why = [string]; Remediation = [string[]]
            Evidence = $types.EvidenceRow.MakeArrayType(); Links = [string[]]; Fingerprint = [string]
            Suppressed = [bool]; ObservedAt = $time
        }) 'CheckId', 'Outcome', 'Target'
    $types.UserVerdict = New-PhsRecordType $Module 'PhsDiagnostics.UserVerdict' ([ordered]@{
            Identity = [string]; DistinguishedName = [string]; UserPrincipalName = [string]; SamAccountName = [string]
            Verdict = [string]; Reasons = [string[]]; Findings = $types.Finding.MakeArrayType()
            PasswordLastSet = $time; ObservedAt = $time
        }) 'Verdict', 'Identity'
    $types.AuditReason = New-PhsRecordType $Module 'PhsDiagnostics.AuditReason' ([ordered]@{
            CheckId = [string]; Name = [string]; Verdict = [string]; Users = [long]
        }) 'CheckId', 'Name'
    $types.AuditSummary = New-PhsRecordType $Module 'PhsDiagnostics.AuditSummary' ([ordered]@{
            Server = [string]; SearchBase = [string]; Users = [long]; WillSync = [long]; Blocked = [long]
            Unknown = [long]; Reasons = $types.AuditReason.MakeArrayType(); WithRules = [bool]; Restarted = [bool]
            ElapsedMilliseconds = [long]
        }) 'SearchBase'
    $types.ConnectorAccount = New-PhsRecordType $Module 'PhsDiagnostics.ConnectorAccount' ([ordered]@{
            Name = [string]; Domain = [string]; SamAccountName = [string]; Connector = [string]
            ConnectorId = [System.Nullable[guid]]; Forest = [string]; Source = [string]; Sid = [string]
            DistinguishedName = [string]; IdentifiedBy = [string[]]
        }) 'Name'
    $types.Check = New-PhsRecordType $Module 'PhsDiagnostics.Check' ([ordered]@{
            Id = [string]; Name = [string]; Step = [string]; Severity = [string]; Status = [string]; Title = [string]
            Explanation = [string]; Needs = [string[]]; Links = [string[]]
        }) 'Id', 'Name'
    $types.Capability = New-PhsRecordType $Module 'PhsDiagnostics.Capability' ([ordered]@{
            Name = [string]; Available = [bool]; Details = [string]; Remedy = [string]
        }) 'Name'
    $types.EvidencePart = New-PhsRecordType $Module 'PhsDiagnostics.EvidencePart' ([ordered]@{
            Name = [string]; Bytes = [long]; Sha256 = [string]
        }) 'Name'
    $types.MissingEvidence = New-PhsRecordType $Module 'PhsDiagnostics.MissingEvidence' ([ordered]@{
            Kind = [string]; Reason = [string]; ErrorId = [string]; Detail = [string]
        }) 'Detail'
    $types.EvidenceFile = New-PhsRecordType $Module 'PhsDiagnostics.EvidenceFile' ([ordered]@{
            Path = [string]; Bytes = [long]; CollectedAt = $time; Machine = [string]; Platform = [string]
            ToolVersion = [string]; SchemaVersion = [int]; Redacted = [bool]; Users = [long]
            Parts = $types.EvidencePart.MakeArrayType(); Missing = $types.MissingEvidence.MakeArrayType()
        }) 'Path'
    $types.Difference = New-PhsRecordType $Module 'PhsDiagnostics.Difference' ([ordered]@{
            Area = [string]; Kind = [string]; Severity = [string]; CheckId = [string]; Target = [string]
            Property = [string]; Before = [string]; After = [string]; Message = [string]; Why = [string]
            ReferenceSource = [string]; DifferenceSource = [string]
        }) 'Severity', 'Kind', 'Target', 'Property'
    $types.EventUser = New-PhsRecordType $Module 'PhsDiagnostics.EventUser' ([ordered]@{
            DistinguishedName = [string]; Anchor = [string]; Result = [string]; MustChange = [System.Nullable[bool]]
            ChangeDate = [string]; ExtendedError = [string]
        }) 'DistinguishedName', 'Result'
    $number = [System.Nullable[long]]
    $types.LogEvent = New-PhsRecordType $Module 'PhsDiagnostics.Event' ([ordered]@{
            Id = [int]; Time = [datetime]; Level = [string]; Provider = [string]; Computer = [string]; RecordId = $number
            Meaning = [string]; IsActivity = [bool]; Connectors = [guid[]]; Domain = [string]; DomainController = [string]
            Address = [string]; Code = $number; ServiceCode = $number; SignInCode = [string]; Call = [string]
            Exceptions = [string[]]; Count = $number; Partition = [string]; Users = $types.EventUser.MakeArrayType()
            Message = [string]; Source = [string]
        }) 'Provider', 'Meaning'

    $part = 'PhsDiagnostics.Interop.'
    $types.Problem = New-PhsRecordType $Module ($part + 'Problem') ([ordered]@{
            Id = [string]; Category = [string]; Message = [string]; Target = [string]; RecommendedAction = [string]
        })
    $types.Progress = New-PhsRecordType $Module ($part + 'Progress') ([ordered]@{
            Activity = [string]; Status = [string]; Percent = [int]
        })
    $types.Log = New-PhsRecordType $Module ($part + 'Log') ([ordered]@{ Level = [string]; Message = [string] })
    $types.Summary = New-PhsRecordType $Module ($part + 'Summary') ([ordered]@{
            Passed = [int]; Failed = [int]; Warnings = [int]; Skipped = [int]; Errors = [int]; Suppressed = [int]
            UnansweredSteps = [string[]]; Cancelled = [bool]
        })
    $types.AskedUser = New-PhsRecordType $Module ($part + 'AskedUser') ([ordered]@{
            SecurityIdentifier = [string]; UserPrincipalName = [string]
        })
    $types.Question = New-PhsRecordType $Module ($part + 'Question') ([ordered]@{ Users = $types.AskedUser.MakeArrayType() })
    $types.Event = New-PhsRecordType $Module ($part + 'Event') ([ordered]@{
            Kind = [string]; Progress = $types.Progress; Log = $types.Log; Error = $types.Problem
            Findings = $types.Finding.MakeArrayType(); Verdicts = $types.UserVerdict.MakeArrayType()
            Audit = $types.AuditSummary; Checks = $types.Check.MakeArrayType()
            Accounts = $types.ConnectorAccount.MakeArrayType(); Capabilities = $types.Capability.MakeArrayType()
            Differences = $types.Difference.MakeArrayType(); Evidence = $types.EvidenceFile
            Question = $types.Question; Events = $types.LogEvent.MakeArrayType(); Summary = $types.Summary
        })
    $types
}

# Emits the P/Invokes of the C ABI, each with the absolute path of the library.
function script:New-PhsFunctionType {
    param([System.Reflection.Emit.ModuleBuilder] $Module, [string] $LibraryPath, [type] $BufferType)

    $buffer = $BufferType.MakeByRefType()
    $handle = [uint64].MakeByRefType()
    $functions = [ordered]@{
        phs_abi_version = @([uint32])
        phs_describe    = @([int], $buffer, $buffer)
        phs_run_next    = @([int], [uint64], [uint32], $buffer, $buffer)
        phs_run_feed    = @([int], [uint64], [byte[]], [System.UIntPtr], $buffer)
        phs_run_cancel  = @([int], [uint64])
        phs_run_free    = @([int], [uint64])
        phs_secret_new  = @([int], [System.IntPtr], [System.UIntPtr], $handle, $buffer)
        phs_secret_free = @([int], [uint64])
        phs_buffer_free = @([void], $buffer)
    }
    foreach ($diagnostic in 'invoke_diagnostics', 'test_permissions', 'test_sign_in_method', 'test_connectivity',
        'test_staging_mode', 'test_user', 'test_object_sync', 'test_temporary_password',
        'test_service', 'invoke_user_audit', 'compare_evidence', 'export_evidence', 'import_evidence',
        'get_connector_account', 'get_event', 'get_check', 'get_capability') {
        $functions["phs_$diagnostic"] = @([int], [byte[]], [System.UIntPtr], $handle, $buffer)
    }

    $builder = $Module.DefineType('PhsDiagnostics.Interop.Functions', 'Public, Class, Sealed, Abstract')
    foreach ($name in $functions.Keys) {
        $signature = [type[]] $functions[$name]
        $parameters = [type[]] @($signature | Select-Object -Skip 1)
        $method = $builder.DefinePInvokeMethod(
            $name, $LibraryPath, 'Public, Static, PinvokeImpl, HideBySig', 'Standard',
            $signature[0], $parameters, 'Cdecl', 'Ansi')
        $method.SetImplementationFlags($method.GetMethodImplementationFlags() -bor 'PreserveSig')
    }
    $builder.CreateType()
}

# Emits everything for one library into a new dynamic assembly.
function script:New-PhsInterop {
    param([string] $LibraryPath, [string] $AssemblyName)

    $assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new($AssemblyName), 'Run')
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

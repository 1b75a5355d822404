# Stands in for the ADSync module: the commands that the collector calls, with the documented property names and types, over
# one made-up server. A test names a fault in PHS_FAKE_FAULT; PHS_FAKE_SERIALIZED sends every object through serialization
# first: to the given depth as Export-Clixml does, or 'cut' as remoting does.

enum Direction { Inbound; Outbound }
enum LinkType { Join; Provision; StickyJoin }
enum MergeType { Update; Replace; Merge }
enum FlowType { Constant; Expression; Direct }
enum CycleStatus { None; InProgress; Successful }

class ConfigurationParameter {
    [string] $Name
    [object] $Value
    [int] $Scope
    ConfigurationParameter([string] $Name, [object] $Value) { $this.Name = $Name; $this.Value = $Value }
}

# As the module's own: a list whose items have keys.
class Bag : System.Collections.Generic.List[object] {
}

$script:Forest = [guid] 'ae4db4cc-0000-4000-8000-000000000001'
$script:Tenant = [guid] 'b891884f-051e-4a83-95af-2544101c9083'
$script:Root = [guid] '11111111-0000-4000-8000-000000000001'
$script:Child = [guid] '11111111-0000-4000-8000-000000000002'
$script:TenantPartition = [guid] '22222222-0000-4000-8000-000000000001'
$script:Metaverse = [guid] '33333333-0000-4000-8000-000000000001'
$script:User = 'CN=Kari Nordmann,OU=Staff,DC=contoso,DC=test'

function Test-Fault([string] $Name) { $env:PHS_FAKE_FAULT -eq $Name }

# What leaves the module: as it is, or as another process would get it.
function Send-Object {
    param([Parameter(ValueFromPipeline)] $InputObject)

    process {
        if ($env:PHS_FAKE_SERIALIZED -eq 'cut') {
            # As remoting does with the module's own types: what lies deeper becomes the name of its type.
            $cut = [ordered]@{}
            foreach ($property in $InputObject.PSObject.Properties) {
                $value = $property.Value
                $cut[$property.Name] = if ($value -is [System.Collections.IList] -and $value -isnot [byte[]]) {
                    @(foreach ($one in $value) { if ($one -is [string]) { $one } else { 'Microsoft.IdentityManagement.PowerShell.ObjectModel' } })
                } elseif ($value -is [System.Management.Automation.PSCustomObject]) {
                    'Microsoft.IdentityManagement.PowerShell.ObjectModel'
                } else {
                    $value
                }
            }
            [pscustomobject] $cut
        } elseif ($env:PHS_FAKE_SERIALIZED) {
            [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($InputObject, [int] $env:PHS_FAKE_SERIALIZED))
        } else {
            $InputObject
        }
    }
}

function Assert-Service {
    switch ($env:PHS_FAKE_FAULT) {
        'not-permitted' { throw [System.UnauthorizedAccessException]::new('Ingen tilgang.') }
        'service-down' { throw [System.InvalidOperationException]::new('The service could not be contacted.') }
    }
}

function New-Bag([hashtable] $Value) {
    $bag = [Bag]::new()
    foreach ($name in $Value.Keys | Sort-Object) { $bag.Add([ConfigurationParameter]::new($name, $Value[$name])) }
    , $bag
}

function New-Partition([guid] $Identifier, [string] $Name, [string] $Netbios) {
    $child = $Identifier -eq $script:Child
    [pscustomobject]@{
        Identifier              = $Identifier
        DN                      = $Name
        Name                    = $Name
        Version                 = 1
        CreationTime            = [datetime]::new(2026, 1, 1)
        Selected                = -not (Test-Fault 'no-partition')
        IsDomain                = -not ($child -and (Test-Fault 'partition-no-domain'))
        PreferredDCs            = [System.Collections.Generic.List[string]] @()
        Parameters              = New-Bag @{
            'guid'           = [guid]::new(7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1).ToString()
            'dc-failover'    = $(if ($child -and (Test-Fault 'preferred-only')) { '0' } else { '1' })
            'last-dc'        = 'dc1.contoso.test'
            'cookie'         = 'PLANTED-SECRET-COOKIE'
            'Domain.FQDN'    = ($Name -replace 'DC=' -replace ',', '.')
            'Domain.Netbios' = $Netbios
        }
        ConnectorPartitionScope = [pscustomobject]@{
            ObjectClasses          = [System.Collections.Generic.List[string]] @('user', 'group', 'contact', 'inetOrgPerson')
            ContainerInclusionList = [System.Collections.Generic.List[string]] @(, $Name)
            ContainerExclusionList = [System.Collections.Generic.List[string]] @(, "OU=Out,$Name")
        }
    }
}

function New-Profile([string] $Name, [guid[]] $Partition) {
    [pscustomobject]@{
        Name       = $Name
        Identifier = [guid]::new(9, 9, 9, [byte[]] (1, 1, 1, 1, 1, 1, 1, [byte] $Name.Length))
        RunSteps   = [System.Collections.Generic.List[object]] @(foreach ($one in $Partition) { [pscustomobject]@{ PartitionIdentifier = $one } })
    }
}

function Get-ADSyncConnector {
    [CmdletBinding()]
    param()

    Assert-Service
    $names = 'Full Import', 'Full Synchronization', 'Delta Import', 'Delta Synchronization', 'Export'
    $attributes = 'accountExpires', 'adminDescription', 'cn', 'displayName', 'isCriticalSystemObject', 'mail', 'mailNickname', 'mS-DS-ConsistencyGuid', 'objectGUID',
    'objectSid', 'pwdLastSet', 'sAMAccountName', 'userAccountControl', 'userPrincipalName', 'msExchRecipientTypeDetails', 'lockoutTime', 'msDS-User-Account-Control-Computed'
    [pscustomobject]@{
        ConnectorTypeName         = 'AD'
        Identifier                = $script:Forest
        Name                      = 'contoso.test'
        Subtype                   = ''
        Version                   = 3
        ConnectivityParameters    = New-Bag @{
            'forest-name' = 'contoso.test'; 'forest-login-domain' = 'CONTOSO'; 'forest-login-user' = 'MSOL_0123456789ab'; 'password' = 'PLANTED-SECRET-PASSWORD'
            'sign-and-seal' = '1'; 'ssl-bind' = '0'; 'encrypted_configuration' = 'PLANTED-SECRET-CONFIGURATION'
        }
        GlobalParameters          = New-Bag @{ 'Connector.GroupFilteringGroupDn' = ''; 'Forest.FQDN' = 'contoso.test'; 'Forest.Netbios' = 'CONTOSO' }
        Partitions                = [System.Collections.Generic.List[object]] @(
            New-Partition $script:Root 'DC=contoso,DC=test' 'CONTOSO'
            New-Partition $script:Child 'DC=eu,DC=contoso,DC=test' 'EU'
        )
        RunProfiles               = [System.Collections.Generic.List[object]] @(foreach ($name in $names) {
                New-Profile $name $(if ($name -eq 'Delta Import' -and (Test-Fault 'run-step-missing')) { $script:Root } else { $script:Root, $script:Child })
            })
        ObjectInclusionList       = [System.Collections.Generic.List[string]] @(, 'user')
        AttributeInclusionList    = [System.Collections.Generic.List[string]] $attributes
        PasswordHashConfiguration = '<PLANTED-SECRET/>'
    } | Send-Object
    if (Test-Fault 'odd-connectors') {
        # One of a database: no parameters, and a partition without a scope. One that says little of itself.
        [pscustomobject]@{
            ConnectorTypeName = 'Extensible2'; Identifier = [guid]::new(8, 8, 8, 1, 1, 1, 1, 1, 1, 1, 1); Name = "it's [a]* `$(1)"; Subtype = 'Fabrikam SQL'
            ConnectivityParameters = $null; GlobalParameters = $null; RunProfiles = $null
            Partitions = [System.Collections.Generic.List[object]] @(, [pscustomobject]@{
                    Identifier = [guid]::new(8, 8, 8, 1, 1, 1, 1, 1, 1, 1, 2); DN = 'default'; Name = 'default'; Selected = $true; IsDomain = $false
                    Parameters = $null; PreferredDCs = $null; ConnectorPartitionScope = $null
                })
        } | Send-Object
        [pscustomobject]@{ ConnectorTypeName = 'FIM'; Identifier = [guid]::new(8, 8, 8, 1, 1, 1, 1, 1, 1, 1, 3); Name = 'Thin' } | Send-Object
    }
    if (Test-Fault 'broken-connector') {
        $broken = [pscustomobject]@{ ConnectorTypeName = 'Extensible2'; Name = 'Broken' }
        $broken | Add-Member -MemberType ScriptProperty -Name Identifier -Value { throw 'No answer.' } -PassThru
    }
    if (-not (Test-Fault 'no-tenant')) {
        [pscustomobject]@{
            ConnectorTypeName      = 'Extensible2'
            Identifier             = $script:Tenant
            Name                   = 'contoso.onmicrosoft.com - AAD'
            Subtype                = 'Windows Azure Active Directory (Microsoft)'
            Version                = 1
            ConnectivityParameters = New-Bag @{ 'UserName' = 'Sync_SYNC01_0123456789ab@contoso.onmicrosoft.com'; 'Password' = 'PLANTED-SECRET-TENANT' }
            GlobalParameters       = New-Bag @{}
            Partitions             = [System.Collections.Generic.List[object]] @(New-Partition $script:TenantPartition 'default' '')
            RunProfiles            = [System.Collections.Generic.List[object]] @(New-Profile 'Export' $script:TenantPartition)
            AttributeInclusionList = [System.Collections.Generic.List[string]] @()
        } | Send-Object
    }
}

function Get-ADSyncAADPasswordSyncConfiguration {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $SourceConnector)

    Assert-Service
    if (Test-Fault 'channel-unknown') { throw [System.InvalidOperationException]::new('The configuration could not be read.') }
    [pscustomobject]@{
        SourceConnector = $SourceConnector
        TargetConnector = $(if (Test-Fault 'channel-lost-target') { 'old.onmicrosoft.com - AAD' } else { 'contoso.onmicrosoft.com - AAD' })
        # As text: 'False' counts as true for whoever casts it.
        Enabled         = $(if ((Test-Fault 'channel-off') -or (Test-Fault 'channel-off-federated')) { 'False' } else { 'True' })
    } | Send-Object
}

function New-Flow([string] $Destination, [FlowType] $Type, [string[]] $Source, [string] $Expression) {
    [pscustomobject]@{
        Destination = $Destination; FlowType = $Type; Source = [System.Collections.Generic.List[string]] @($Source | Where-Object { $_ })
        Expression = $Expression; ValueMergeType = [MergeType]::Update; ExecuteOnce = $false
    }
}

function New-Rule([byte] $Number, [string] $Name, [Direction] $Direction, [LinkType] $Link, [bool] $Password, [object[]] $Clause, [object[]] $Flow) {
    $outbound = $Direction -eq [Direction]::Outbound
    [pscustomobject]@{
        Identifier            = [guid]::new(4, 4, 4, [byte[]] (1, 1, 1, 1, 1, 1, 1, $Number))
        InternalId            = [guid]::new(5, 5, 5, [byte[]] (1, 1, 1, 1, 1, 1, 1, $Number))
        Name                  = $Name
        Description           = ''
        Version               = 1
        ImmutableTag          = "Microsoft.Made.$Number"
        Connector             = $(if ($outbound) { $script:Tenant } else { $script:Forest })
        Direction             = $Direction
        Disabled              = $Name -like '*AccountEnabled' -and (Test-Fault 'inbound-rule-disabled')
        SourceObjectType      = $(if ($outbound) { 'person' } else { 'user' })
        TargetObjectType      = $(if ($outbound) { 'user' } else { 'person' })
        Precedence            = 100 + $Number
        PrecedenceAfter       = [guid]::Empty
        PrecedenceBefore      = [guid]::Empty
        LinkType              = $Link
        EnablePasswordSync    = $Password -and -not ($outbound -and (Test-Fault 'outbound-rule-without-password'))
        JoinFilter            = [System.Collections.Generic.List[object]] @(if (-not $outbound) {
                [pscustomobject]@{ JoinConditionList = [System.Collections.Generic.List[object]] @(
                        [pscustomobject]@{ CSAttribute = 'objectSid'; MVAttribute = 'sourceAnchorBinary'; CaseSensitive = $false })
                } })
        ScopeFilter           = [System.Collections.Generic.List[object]] @(if ($Clause) {
                [pscustomobject]@{ ScopeConditionList = [System.Collections.Generic.List[object]] @(foreach ($one in $Clause) {
                            [pscustomobject]@{ Attribute = $one[0]; ComparisonOperator = $one[1]; ComparisonValue = $one[2] }
                        })
                } })
        AttributeFlowMappings = [System.Collections.Generic.List[object]] @($Flow)
    }
}

function Get-ADSyncRule {
    [CmdletBinding()]
    param()

    Assert-Service
    New-Rule 0 'In from AD - User Join' Inbound Provision $false @(('isCriticalSystemObject', 'NOTEQUAL', 'TRUE'), ('adminDescription', 'NOTSTARTSWITH', 'User_')) @(
        New-Flow 'cloudFiltered' Expression 'sAMAccountName' 'IIF(Left([sAMAccountName], 5) = "MSOL_", True, NULL)'
        New-Flow 'displayName' Direct 'displayName' ''
    ) | Send-Object
    New-Rule 2 'In from AD - User AccountEnabled' Inbound Join $true @(, ('userAccountControl', 'ISBITNOTSET', '2')) @(
        New-Flow 'accountEnabled' Constant 'True' ''
        New-Flow 'sourceAnchor' Expression 'objectGUID' 'ConvertToBase64([objectGUID])'
        New-Flow 'userPrincipalName' Direct 'userPrincipalName' ''
    ) | Send-Object
    New-Rule 23 'Out to AAD - User Join' Outbound Provision $true @(('cloudFiltered', 'NOTEQUAL', 'True'), ('sourceAnchor', 'ISNOTNULL', ''), ('accountEnabled', 'ISNOTNULL', '')) @(
        New-Flow 'sourceAnchor' Direct 'sourceAnchor' ''
        New-Flow 'userPrincipalName' Direct 'userPrincipalName' ''
    ) | Send-Object
}

function Get-ADSyncGlobalSettings {
    [CmdletBinding()]
    param()

    Assert-Service
    [pscustomobject]@{
        Version    = 7
        InstanceId = [guid]::new(6, 6, 6, 1, 1, 1, 1, 1, 1, 1, 1)
        Parameters = New-Bag @{
            'Microsoft.Synchronize.StagingMode'                = 'False'
            'Microsoft.Synchronize.ServerConfigurationVersion' = $(if (Test-Fault 'build-retired') { '2.0.25.1' } else { '2.5.79.0' })
            'Microsoft.Synchronize.SynchronizationSchedule'    = 'True'
            'Microsoft.UserSignIn.SignOnMethod'                = $(if (Test-Fault 'channel-off-federated') { 'Federation' } else { 'PasswordHashSync' })
            'Microsoft.UserSignIn.DesktopSsoEnabled'           = 'False'
            'Microsoft.Made.Up'                                = 'PLANTED-SECRET-SETTING'
            'Microsoft.Synchronize.Password'                   = 'PLANTED-SECRET-SETTING'
            'Microsoft.Synchronize.ApiKey'                     = 'PLANTED-SECRET-SETTING'
            'Microsoft.Synchronize.RefreshToken'               = 'PLANTED-SECRET-SETTING'
        }
    } | Send-Object
}

function Get-ADSyncScheduler {
    [CmdletBinding()]
    param()

    Assert-Service
    $next = if (Test-Fault 'cycle-overdue') { -120 } else { 10 }
    [pscustomobject]@{
        AllowedSyncCycleInterval            = [timespan] '00:30:00'
        CurrentlyEffectiveSyncCycleInterval = [timespan] '00:30:00'
        CustomizedSyncCycleInterval         = $null
        NextSyncCyclePolicyType             = 'Delta'
        NextSyncCycleStartTimeInUTC         = [datetime]::SpecifyKind([datetime]::UtcNow.AddMinutes($next), 'Unspecified')
        SyncCycleEnabled                    = -not (Test-Fault 'scheduler-disabled')
        MaintenanceEnabled                  = -not (Test-Fault 'maintenance-off')
        StagingModeEnabled                  = Test-Fault 'staging'
        SchedulerSuspended                  = Test-Fault 'scheduler-suspended'
        SyncCycleInProgress                 = $false
    } | Send-Object
}

if ($env:PHS_FAKE_FAULT -eq 'old-build') {
    function Get-ADSyncAADCompanyFeature {
        [CmdletBinding()]
        param([Parameter(Mandatory)] [string] $ConnectorName)

        if ($ConnectorName -cne 'contoso.onmicrosoft.com - AAD') { throw [System.ArgumentException]::new("no connector '$ConnectorName'") }
        [pscustomobject]@{ PasswordHashSync = $true; ForcePasswordChangeOnLogOn = $false }
    }
} else {
    function Get-ADSyncAADCompanyFeature {
        [CmdletBinding()]
        param()

        Assert-Service
        if (Test-Fault 'cloud-unreachable') { throw [System.Net.WebException]::new('The remote name could not be resolved.') }
        [pscustomobject]@{ PasswordHashSync = -not (Test-Fault 'tenant-feature-off'); ForcePasswordChangeOnLogOn = $true; UserWriteback = $false } | Send-Object
    }
}

function Get-ADSyncPartitionPasswordSyncState {
    [CmdletBinding()]
    param()

    Assert-Service
    $now = [datetime]::UtcNow
    foreach ($name in 'DC=contoso,DC=test', 'DC=eu,DC=contoso,DC=test', 'default') {
        $never = $name -eq 'default' -or (Test-Fault 'cycles-never') -or ($name -like 'DC=eu*' -and (Test-Fault 'first-cycle-missing'))
        $end = if (Test-Fault 'cycles-stale') { $now.AddHours(-5) } else { $now.AddMinutes(-1) }
        [pscustomobject]@{
            ConnectorId                                   = $(if ($name -eq 'default') { $script:Tenant } else { $script:Forest })
            DN                                            = $name
            PasswordSyncLastSuccessfulCycleStartTimestamp = $(if ($never) { [datetime]::MinValue } else { $end.AddSeconds(-5) })
            PasswordSyncLastSuccessfulCycleEndTimestamp   = $(if ($never) { [datetime]::MinValue } else { $end })
            PasswordSyncLastCycleStartTimestamp           = $(if ($name -eq 'default' -or (Test-Fault 'cycles-never')) { [datetime]::MinValue } else { $end.AddSeconds(-5) })
            PasswordSyncLastCycleEndTimestamp             = $(if ($name -eq 'default' -or (Test-Fault 'cycles-never')) { [datetime]::MinValue } else { $end })
            PasswordSyncLastCycleStatus                   = $(if ($never) { [CycleStatus]::None } else { [CycleStatus]::Successful })
        } | Send-Object
    }
}

function New-Attribute([string] $Name, [string] $Type, [object[]] $Values) {
    [pscustomobject]@{ Name = $Name; Type = $Type; IsMultiValued = $false; Values = [System.Collections.Generic.List[object]] $Values }
}

function New-Lineage([byte] $Number, [string] $Name) {
    [pscustomobject]@{ SyncRuleInternalId = [guid]::new(5, 5, 5, [byte[]] (1, 1, 1, 1, 1, 1, 1, $Number)); SyncRuleName = $Name; Operation = 'Join' }
}

function Get-ADSyncCSObject {
    [CmdletBinding()]
    param([string] $ConnectorName, [string] $DistinguishedName, [guid] $Identifier)

    Assert-Service
    if ($PSBoundParameters.ContainsKey('Identifier')) {
        $duplicate = [pscustomobject]@{ ErrorType = 'AttributeValueMustBeUnique'; ErrorName = 'DuplicateAttribute'; RetryCount = 3 }
        return [pscustomobject]@{
            ObjectId = $Identifier; ConnectorId = $script:Tenant; DistinguishedName = 'CN={41}'; ObjectType = 'user'
            AnchorValue = $(if ((Test-Fault 'not-exported') -or (Test-Fault 'export-error')) { $null } else { [byte[]] (1, 2, 3) })
            IsTransient = $false; IsPlaceHolder = $false; IsConnector = $true; HasSyncError = $false
            HasExportError = Test-Fault 'export-error'; ExportError = $(if (Test-Fault 'export-error') { $duplicate }); SynchronizationError = $null
            ConnectedMVObjectId = $script:Metaverse; Lineage = [System.Collections.Generic.List[object]] @(New-Lineage 23 'Out to AAD - User Join'); Attributes = [Bag]::new()
        } | Send-Object
    }
    if ($ConnectorName -cne 'contoso.test' -or $DistinguishedName -ne $script:User -or (Test-Fault 'not-imported')) { return }
    $guid = [guid] '77777777-0000-4000-8000-000000000001'
    $attributes = [Bag]::new()
    $changed = [datetime]::UtcNow.AddDays(-1).ToFileTimeUtc()
    foreach ($one in @(
            , (New-Attribute 'sAMAccountName' 'String' 'kari'), (New-Attribute 'userPrincipalName' 'String' 'kari@contoso.test'), (New-Attribute 'displayName' 'String' 'Kari Nordmann')
            (New-Attribute 'objectGUID' 'Binary' (, $guid.ToByteArray())), (New-Attribute 'mS-DS-ConsistencyGuid' 'Binary' (, $guid.ToByteArray()))
            (New-Attribute 'objectSid' 'Binary' (, [byte[]] (1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 80, 4, 0, 0)))
            (New-Attribute 'pwdLastSet' 'Number' $changed), (New-Attribute 'userAccountControl' 'Number' $(if (Test-Fault 'user-disabled') { 514 } else { 512 }))
            (New-Attribute 'unicodePwd' 'Binary' 'PLANTED-SECRET-HASH'))) {
        $attributes.Add($one)
    }
    $lineage = [System.Collections.Generic.List[object]] @(New-Lineage 0 'In from AD - User Join')
    if (-not (Test-Fault 'lineage-without-password')) { $lineage.Add((New-Lineage 2 'In from AD - User AccountEnabled')) }
    [pscustomobject]@{
        ObjectId             = [guid] '44444444-0000-4000-8000-000000000001'
        ConnectorId          = $script:Forest
        ConnectorName        = 'contoso.test'
        DistinguishedName    = $script:User
        AnchorValue          = [byte[]] (9, 9)
        ObjectType           = $(if (Test-Fault 'inet-org-person') { 'inetOrgPerson' } else { 'user' })
        IsTransient          = $false
        IsPlaceHolder        = Test-Fault 'placeholder'
        IsConnector          = -not (Test-Fault 'disconnector')
        HasSyncError         = Test-Fault 'sync-error'
        HasExportError       = $false
        ExportError          = $null
        SynchronizationError = $(if (Test-Fault 'sync-error') { [pscustomobject]@{ ErrorType = 'extension-attribute-not-present'; InitialOccurrence = [datetime]::UtcNow } })
        ConnectedMVObjectId  = $(if (Test-Fault 'disconnector') { [guid]::Empty } else { $script:Metaverse })
        Lineage              = $lineage
        Attributes           = $attributes
    } | Send-Object
}

function Get-ADSyncMVObject {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $Identifier)

    Assert-Service
    $lineage = [System.Collections.Generic.List[object]] @([pscustomobject]@{ ConnectorName = 'contoso.test'; ConnectorId = $script:Forest; ConnectedCsObjectId = [guid]::NewGuid() })
    if (-not (Test-Fault 'not-provisioned')) {
        $lineage.Add([pscustomobject]@{ ConnectorName = 'contoso.onmicrosoft.com - AAD'; ConnectorId = $script:Tenant; ConnectedCsObjectId = [guid] '55555555-0000-4000-8000-000000000001' })
    }
    [pscustomobject]@{ ObjectId = $Identifier; Lineage = $lineage; Attributes = [System.Collections.Generic.List[object]] @(New-Attribute 'accountEnabled' 'Boolean' 'True') } | Send-Object
}

function Get-ADSyncCSObjectLog {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $Identifier, [Parameter(Mandatory)] [int] $Count)

    Assert-Service
    if (Test-Fault 'log-empty') { return }
    $status = if (Test-Fault 'attempt-filtered') { 'FilteredByTarget' } else { 'Success' }
    [pscustomobject]@{ TimeStamp = [datetime]::SpecifyKind([datetime]::UtcNow.AddHours(-2), 'Unspecified'); Status = $status } | Send-Object
}

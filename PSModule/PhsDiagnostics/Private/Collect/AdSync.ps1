# What the ADSync module of the Connect server tells, as JSON for the library. These functions name no other function of
# this module: from PowerShell 7 their text runs in Windows PowerShell, where the objects are whole. Only what the checks
# need is taken, by name; secrets stay where they are.

# The whole answer, or that about users alone. -User are distinguished names of users, or names with their distinguished names
# (@{ Identity; DistinguishedName }).
function Get-PhsAdSync {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter()] [AllowNull()] [AllowEmptyCollection()] [object[]] $User,
        [Parameter()] [switch] $UsersOnly
    )

    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'
    $all = [ordered]@{
        server      = [System.Environment]::MachineName
        collectedAt = [System.DateTime]::UtcNow.ToString('o')
    }
    $raw = @{ Connectors = @() }
    $all.connectors = Get-PhsAnswer {
        Import-Module -Name ADSync
        $raw.Connectors = @(Get-ADSyncConnector | Where-Object { $null -ne $_ })
        if ($UsersOnly) { return }
        foreach ($one in $raw.Connectors) {
            try {
                ConvertTo-PhsConnector $one
            } catch {
                # In its place a word, which the library tells of: the other connectors stand.
                "$(Get-PhsItem $one 'Name'): $($_.Exception.GetBaseException().Message)"
            }
        }
    }
    $whole = @($raw.Connectors | Where-Object { $_.PSObject.Properties['ConnectorTypeName'] })
    $users = @(foreach ($one in $User | Where-Object { $_ }) { Get-PhsAdSyncUser -User $one -Connector $whole })
    if ($UsersOnly) {
        $all.users = $users
        return ConvertTo-Json -InputObject $all -Depth 14 -Compress
    }
    $all.rules = Get-PhsAnswer { foreach ($one in Get-ADSyncRule) { ConvertTo-PhsRule $one } }
    $all.settings = Get-PhsAnswer -Single {
        # Names of settings are public; a value under a secret's name is left out all the same.
        ConvertTo-PhsBag (Get-ADSyncGlobalSettings) 'Parameters' `
            -Like 'Microsoft.Synchronize.*', 'Microsoft.UserSignIn.*', 'Microsoft.OptionalFeature.*', 'Microsoft.SynchronizationOption.*'
    }
    $all.scheduler = Get-PhsAnswer -Single {
        Select-PhsMember (Get-ADSyncScheduler) 'SyncCycleEnabled', 'StagingModeEnabled', 'SchedulerSuspended', 'MaintenanceEnabled',
        'SyncCycleInProgress', 'NextSyncCycleStartTimeInUTC', 'CurrentlyEffectiveSyncCycleInterval', 'NextSyncCyclePolicyType'
    }
    $all.companyFeature = Get-PhsAnswer -Single {
        # Old builds want the connector's name, and would ask the console for it.
        $given = @{}
        if ((Get-Command -Name Get-ADSyncAADCompanyFeature).Parameters.ContainsKey('ConnectorName')) {
            $given.ConnectorName = @($raw.Connectors | Where-Object { Test-PhsEntraConnector $_ })[0].Name
        }
        Select-PhsMember (Get-ADSyncAADCompanyFeature @given) 'PasswordHashSync', 'ForcePasswordChangeOnLogOn'
    }
    $all.passwordCycles = Get-PhsAnswer {
        foreach ($one in Get-ADSyncPartitionPasswordSyncState) {
            Select-PhsMember $one 'ConnectorId', 'DN', 'PasswordSyncLastCycleEndTimestamp', 'PasswordSyncLastSuccessfulCycleEndTimestamp', 'PasswordSyncLastCycleStatus'
        }
    }
    $all.users = $users
    ConvertTo-Json -InputObject $all -Depth 14 -Compress
}

# The output of a command, or why there is none.
function Get-PhsAnswer {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory, Position = 0)] [scriptblock] $Command,
        # One object, not a list.
        [Parameter()] [switch] $Single
    )

    try {
        $found = @(& $Command)
        if ($Single) {
            return @{ value = $(if ($found.Count -gt 0) { $found[0] }) }
        }
        @{ value = $found }
    } catch {
        $said = $_.Exception.GetBaseException().Message
        @{ error = @{ reason = Get-PhsRefusal $_; detail = $said.Substring(0, [System.Math]::Min(300, $said.Length)) } }
    }
}

# Why a command gave nothing, by numbers and types: its words may be in any language.
function Get-PhsRefusal {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory, Position = 0)] [System.Management.Automation.ErrorRecord] $Problem)

    $cause = $Problem.Exception.GetBaseException()
    if ($cause -is [System.Management.Automation.CommandNotFoundException]) {
        return 'NotSupported'
    }
    # E_ACCESSDENIED
    if ($cause -is [System.UnauthorizedAccessException] -or $cause -is [System.Security.SecurityException] -or
        $cause.HResult -eq -2147024891 -or "$($Problem.CategoryInfo.Category)" -in 'PermissionDenied', 'SecurityError') {
        return 'NotPermitted'
    }
    # The module refuses with errors of its own whoever is not in its group.
    if (-not (Test-PhsAdSyncMember)) {
        return 'NotPermitted'
    }
    'Unreadable'
}

# Whether this process may ask the service: elevated, or a member of its group. Where that cannot be told, the error itself counts.
function Test-PhsAdSyncMember {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    if ([System.Environment]::OSVersion.Platform -ne 'Win32NT') {
        return $true
    }
    $me = [System.Security.Principal.WindowsPrincipal]::new([System.Security.Principal.WindowsIdentity]::GetCurrent())
    $me.IsInRole([System.Security.Principal.SecurityIdentifier]::new('S-1-5-32-544')) -or $me.IsInRole('ADSyncAdmins')
}

# A value as text that the library reads: times in UTC, octets in base64.
function ConvertTo-PhsText {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Position = 0)] [AllowNull()] $Value)

    if ($null -eq $Value) {
        return
    }
    if ($Value -is [datetime]) {
        # A time without a zone is UTC here; the year 1 must not move over its own edge.
        if ($Value.Kind -eq 'Local' -and $Value.Year -gt 1) {
            $Value = $Value.ToUniversalTime()
        }
        return [System.DateTime]::SpecifyKind($Value, 'Utc').ToString('o')
    }
    if ($Value -is [byte[]]) {
        return [System.Convert]::ToBase64String($Value)
    }
    if ($Value.PSObject.TypeNames -contains 'Deserialized.System.Enum') {
        # Its base is the number, which quotes would show.
        return $Value.ToString()
    }
    "$Value"
}

# Some properties of an object, as text. What serialization has cut down to a word stays that word, so that the library sees it.
function Select-PhsMember {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [AllowNull()] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string[]] $Name
    )

    if ($null -eq $InputObject -or $InputObject -is [string]) {
        return $InputObject
    }
    $found = [ordered]@{}
    foreach ($one in $Name) {
        $property = $InputObject.PSObject.Properties[$one]
        if ($null -ne $property) {
            $found[$one] = ConvertTo-PhsText $property.Value
        }
    }
    $found
}

# The members of a list property. Each stays what it is.
function Get-PhsItem {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string] $Name
    )

    $property = $InputObject.PSObject.Properties[$Name]
    if ($null -ne $property -and $null -ne $property.Value) {
        $list = $property.Value
        $inner = $list.PSObject.Properties['KeyedCollectionAsList']
        if ($null -ne $inner) {
            $list = $inner.Value
        }
        foreach ($one in $list) {
            # Octets are one value, not many.
            if ($one -is [byte[]]) { , $one } elseif ($null -ne $one) { $one }
        }
    }
}

# Whether what has this name may be a secret, whose value stays where it is.
function Test-PhsSecretName {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory, Position = 0)] [AllowEmptyString()] [string] $Name)

    $Name -match 'passw|passphrase|pwd|secret|cookie|encrypted|credential|token|apikey|privatekey|connectionstring'
}

# A property that is a keyed collection of parameters, as a table; only those that are named, and none whose name is a secret's.
function ConvertTo-PhsBag {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] $InputObject,
        [Parameter(Mandatory, Position = 1)] [string] $Property,
        [Parameter(Mandatory)] [string[]] $Like
    )

    $found = [ordered]@{}
    foreach ($one in Get-PhsItem $InputObject $Property) {
        if ($one -is [string]) {
            return $one
        }
        $name = "$($one.Name)"
        $value = ConvertTo-PhsText $one.Value
        $secret = (Test-PhsSecretName $name) -and $value -notin 'True', 'False', '0', '1'
        foreach ($pattern in $Like) {
            if ($name -like $pattern -and -not $secret) { $found[$name] = $value }
        }
    }
    $found
}

# Whether a connector leads to the tenant.
function Test-PhsEntraConnector {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory, Position = 0)] $Connector)

    "$($Connector.Identifier)" -eq 'b891884f-051e-4a83-95af-2544101c9083' -or
    @($Connector.PSObject.Properties | Where-Object { $_.Name -eq 'SubType' -and $_.Value -eq 'Windows Azure Active Directory (Microsoft)' }).Count -gt 0
}

function ConvertTo-PhsConnector {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] $Connector)

    if ($Connector -is [string]) {
        return $Connector
    }
    $found = Select-PhsMember $Connector 'Name', 'Identifier', 'ConnectorTypeName', 'Subtype'
    $found.ConnectivityParameters = ConvertTo-PhsBag $Connector 'ConnectivityParameters' -Like 'forest-name', 'forest-login-domain', 'forest-login-user',
    'sign-and-seal', 'ssl-bind', 'UserName'
    $found.GlobalParameters = ConvertTo-PhsBag $Connector 'GlobalParameters' -Like 'Connector.GroupFilteringGroupDn', 'Forest.*'
    $found.Partitions = @(foreach ($one in Get-PhsItem $Connector 'Partitions') {
            $partition = Select-PhsMember $one 'Identifier', 'DN', 'Name', 'Selected', 'IsDomain'
            if ($partition -isnot [string]) {
                $partition.PreferredDCs = @(Get-PhsItem $one 'PreferredDCs')
                $partition.Parameters = ConvertTo-PhsBag $one 'Parameters' -Like 'guid', 'last-dc', 'dc-failover', 'Domain.*'
                $scope = Get-PhsItem $one 'ConnectorPartitionScope'
                $partition.ConnectorPartitionScope = if ($null -eq $scope -or $scope -is [string]) { $scope } else {
                    @{
                        ObjectClasses          = @(Get-PhsItem $scope 'ObjectClasses')
                        ContainerInclusionList = @(Get-PhsItem $scope 'ContainerInclusionList')
                        ContainerExclusionList = @(Get-PhsItem $scope 'ContainerExclusionList')
                    }
                }
            }
            $partition
        })
    $found.RunProfiles = @(foreach ($one in Get-PhsItem $Connector 'RunProfiles') {
            $runProfile = Select-PhsMember $one 'Name', 'Identifier'
            if ($runProfile -isnot [string]) {
                $runProfile.RunSteps = @(foreach ($step in Get-PhsItem $one 'RunSteps') { Select-PhsMember $step 'StepType', 'StepSubtype', 'PartitionIdentifier' })
            }
            $runProfile
        })
    if ($found['ConnectorTypeName'] -eq 'AD') {
        $name = $found['Name']
        $found.PasswordSync = Get-PhsAnswer -Single {
            Select-PhsMember (Get-ADSyncAADPasswordSyncConfiguration -SourceConnector $name) 'SourceConnector', 'TargetConnector', 'Enabled'
        }
    }
    $found
}

function ConvertTo-PhsRule {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] $Rule)

    $found = Select-PhsMember $Rule 'Identifier', 'InternalId', 'Name', 'Description', 'Version', 'ImmutableTag', 'Connector', 'Direction', 'Disabled',
    'SourceObjectType', 'TargetObjectType', 'Precedence', 'PrecedenceAfter', 'PrecedenceBefore', 'LinkType', 'EnablePasswordSync', 'SoftDeleteExpiryInterval'
    if ($found -is [string]) {
        return $found
    }
    foreach ($filter in @(
            @{ Name = 'ScopeFilter'; List = 'ScopeConditionList'; Member = 'Attribute', 'ComparisonOperator', 'ComparisonValue' }
            @{ Name = 'JoinFilter'; List = 'JoinConditionList'; Member = 'CSAttribute', 'MVAttribute', 'CaseSensitive' }
        )) {
        $found[$filter.Name] = @(foreach ($group in Get-PhsItem $Rule $filter.Name) {
                if ($group -is [string]) { $group } else {
                    @{ $filter.List = @(foreach ($one in Get-PhsItem $group $filter.List) { Select-PhsMember $one $filter.Member }) }
                }
            })
    }
    $found.AttributeFlowMappings = @(foreach ($one in Get-PhsItem $Rule 'AttributeFlowMappings') {
            $flow = Select-PhsMember $one 'Destination', 'FlowType', 'Expression', 'ValueMergeType', 'ExecuteOnce'
            if ($flow -isnot [string]) {
                $flow.Source = @(foreach ($name in Get-PhsItem $one 'Source') { ConvertTo-PhsText $name })
            }
            $flow
        })
    $found
}

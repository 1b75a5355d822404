# One user as the service holds it: connector space, metaverse, Entra connector space, attempts. As in AdSync.ps1, nothing
# here names a function of another kind of file.

function Get-PhsAdSyncUser {
    [CmdletBinding()]
    param(
        # A distinguished name, or an object with Identity and DistinguishedName.
        [Parameter(Mandatory)] $User,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Connector
    )

    $name = "$User"
    $found = [ordered]@{ Identity = $name; DistinguishedName = $name }
    if ($User -isnot [string]) {
        $name = "$($User.DistinguishedName)"
        $found = [ordered]@{ Identity = "$($User.Identity)"; DistinguishedName = $name }
    }
    $raw = @{ Source = $null; Metaverse = $null }
    if (@($Connector | Where-Object ConnectorTypeName -EQ 'AD').Count -eq 0) {
        # Nowhere to look: that is no sign of the user's absence.
        return $found
    }
    $found.ConnectorSpace = Get-PhsAnswer -Single {
        foreach ($one in $Connector | Where-Object ConnectorTypeName -EQ 'AD') {
            $raw.Source = Find-PhsSpaceObject { Get-ADSyncCSObject -ConnectorName $one.Name -DistinguishedName $name }
            if ($null -ne $raw.Source) {
                $space = ConvertTo-PhsSpaceObject $raw.Source
                $space.AttributeInclusionList = @(Get-PhsItem $one 'AttributeInclusionList')
                $space.Attributes = @(foreach ($attribute in Get-PhsItem $raw.Source 'Attributes') { ConvertTo-PhsAttribute $attribute })
                return $space
            }
        }
    }
    if ($null -eq $raw.Source) {
        return $found
    }
    $link = "$(Get-PhsItem $raw.Source 'ConnectedMVObjectId')"
    $found.Metaverse = Get-PhsAnswer -Single {
        if ($link -and $link -ne [System.Guid]::Empty.ToString()) {
            $raw.Metaverse = Get-ADSyncMVObject -Identifier $link
            $metaverse = Select-PhsMember $raw.Metaverse 'ObjectId'
            $metaverse.Attributes = @(Get-PhsItem $raw.Metaverse 'Attributes' | Where-Object { "$(Get-PhsItem $_ 'Name')" -eq 'cloudFiltered' } | ForEach-Object {
                    ConvertTo-PhsAttribute $_
                })
            $metaverse
        }
    }
    if ($null -ne $raw.Metaverse) {
        $found.EntraConnectorSpace = Get-PhsAnswer -Single {
            $tenant = @($Connector | Where-Object { Test-PhsEntraConnector $_ } | ForEach-Object { "$($_.Identifier)" })
            $target = @(Get-PhsItem $raw.Metaverse 'Lineage' | Where-Object { "$(Get-PhsItem $_ 'ConnectorId')" -in $tenant })
            if ($target.Count -gt 0) {
                $identifier = "$(Get-PhsItem $target[0] 'ConnectedCsObjectId')"
                ConvertTo-PhsSpaceObject (Get-ADSyncCSObject -Identifier $identifier)
            }
        }
    }
    $found.Log = Get-PhsAnswer {
        foreach ($one in Get-ADSyncCSObjectLog -Identifier "$($raw.Source.ObjectId)" -Count 50) { Select-PhsMember $one 'TimeStamp', 'Status' }
    }
    $found
}

# An object of a connector space, or nothing where it is not there: some builds give nothing then, some an error of that kind.
function Find-PhsSpaceObject {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Command)

    try {
        & $Command | Select-Object -First 1
    } catch {
        $kind = $_.Exception.GetBaseException().GetType().Name
        if ($kind -ne 'SynchronizationConfigurationValidationException' -and "$($_.CategoryInfo.Category)" -ne 'ObjectNotFound') {
            throw
        }
    }
}

function ConvertTo-PhsSpaceObject {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] $SpaceObject)

    $found = Select-PhsMember $SpaceObject 'ObjectId', 'ConnectorId', 'DistinguishedName', 'AnchorValue', 'ObjectType', 'IsTransient', 'IsPlaceHolder',
    'IsConnector', 'HasSyncError', 'HasExportError', 'ConnectedMVObjectId'
    foreach ($name in 'SynchronizationError', 'ExportError') {
        $found[$name] = Select-PhsMember (Get-PhsItem $SpaceObject $name) 'ErrorType', 'ErrorName', 'ErrorCode', 'ErrorLiteral', 'InitialOccurrence'
    }
    $found.Lineage = @(foreach ($one in Get-PhsItem $SpaceObject 'Lineage') { Select-PhsMember $one 'SyncRuleInternalId', 'SyncRuleName' })
    $found
}

# One attribute with its values. One whose name is a secret's, or that is large, is left out.
function ConvertTo-PhsAttribute {
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] $Attribute)

    $name = "$(Get-PhsItem $Attribute 'Name')"
    if ($name -ne 'pwdLastSet' -and (Test-PhsSecretName $name)) {
        return
    }
    $values = @(foreach ($value in Get-PhsItem $Attribute 'Values') { ConvertTo-PhsText $value })
    if (@($values | Where-Object { $_.Length -gt 16384 }).Count -eq 0) {
        @{ Name = $name; Type = "$(Get-PhsItem $Attribute 'Type')"; Values = $values }
    }
}

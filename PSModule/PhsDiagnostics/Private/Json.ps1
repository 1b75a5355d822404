# One typed object from a text of the library: System.Text.Json on PowerShell 7, JavaScriptSerializer on Windows
# PowerShell. Both find properties whatever the case of their first letter; times come out in UTC on both.
function ConvertFrom-PhsJson {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Json,
        [Parameter(Mandatory)] [type] $Type
    )

    if ($PSVersionTable.PSEdition -eq 'Core') {
        if ($null -eq $script:JsonOptions) {
            $script:JsonOptions = [System.Text.Json.JsonSerializerOptions]::new()
            $script:JsonOptions.PropertyNamingPolicy = [System.Text.Json.JsonNamingPolicy]::CamelCase
        }
        return [System.Text.Json.JsonSerializer]::Deserialize($Json, $Type, $script:JsonOptions)
    }
    if ($null -eq $script:JsonOptions) {
        $null = [System.Reflection.Assembly]::Load(
            'System.Web.Extensions, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35')
        $script:JsonOptions = [System.Web.Script.Serialization.JavaScriptSerializer]::new()
        $script:JsonOptions.MaxJsonLength = [int]::MaxValue
    }
    Read-PhsLocalTimeJson -Json $Json -Type $Type -Serializer $script:JsonOptions
}

# The same by a serializer that reads '2026-03-01T12:00:00Z' as local time, as JavaScriptSerializer does.
function Read-PhsLocalTimeJson {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Json,
        [Parameter(Mandatory)] [type] $Type,
        [Parameter(Mandatory)] $Serializer
    )

    $value = $Serializer.Deserialize($Json, $Type)
    Set-PhsUtcTime $value
    $value
}

# Turns every time of a record to UTC, and those of the records in it.
function Set-PhsUtcTime {
    [CmdletBinding()]
    param([Parameter(Mandatory)] $Record)

    $places = Get-PhsTimePlace $Record.GetType()
    foreach ($name in $places.Times) {
        if ($null -ne $Record.$name) {
            $Record.$name = $Record.$name.ToUniversalTime()
        }
    }
    foreach ($name in $places.Records) {
        foreach ($inner in $Record.$name) {
            if ($null -ne $inner) { Set-PhsUtcTime $inner }
        }
    }
}

# Which properties of a record hold times, and which hold records with times somewhere in them.
function Get-PhsTimePlace {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [type] $Type)

    if ($null -eq $script:TimePlaces) {
        $script:TimePlaces = @{}
    }
    if (-not $script:TimePlaces.ContainsKey($Type.FullName)) {
        $times = @()
        $records = @()
        foreach ($property in $Type.GetProperties()) {
            $inner = $property.PropertyType
            if ($inner.IsArray) {
                $inner = $inner.GetElementType()
            }
            if ($inner -eq [datetime] -or $inner -eq [System.Nullable[datetime]]) {
                $times += $property.Name
            } elseif ("$($inner.Namespace)" -like 'PhsDiagnostics*') {
                $below = Get-PhsTimePlace $inner
                if ($below.Times.Count + $below.Records.Count -gt 0) {
                    $records += $property.Name
                }
            }
        }
        $script:TimePlaces[$Type.FullName] = @{ Times = $times; Records = $records }
    }
    $script:TimePlaces[$Type.FullName]
}

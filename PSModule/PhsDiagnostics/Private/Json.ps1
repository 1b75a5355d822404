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
    $value = $script:JsonOptions.Deserialize($Json, $Type)
    if ($value.PSObject.Properties['Findings']) {
        foreach ($finding in $value.Findings) {
            Set-PhsUtcTime $finding
            foreach ($row in $finding.Evidence) { Set-PhsUtcTime $row }
        }
    }
    if ($value.PSObject.Properties['Evidence'] -and $null -ne $value.Evidence) {
        $value.Evidence.CollectedAt = $value.Evidence.CollectedAt.ToUniversalTime()
    }
    if ($value.PSObject.Properties['Verdicts']) {
        foreach ($verdict in $value.Verdicts) {
            Set-PhsUtcTime $verdict
            if ($null -ne $verdict.PasswordLastSet) {
                $verdict.PasswordLastSet = $verdict.PasswordLastSet.ToUniversalTime()
            }
            foreach ($finding in $verdict.Findings) {
                Set-PhsUtcTime $finding
                foreach ($row in $finding.Evidence) { Set-PhsUtcTime $row }
            }
        }
    }
    if ($value.PSObject.Properties['Events']) {
        foreach ($record in $value.Events) {
            $record.Time = $record.Time.ToUniversalTime()
        }
    }
    $value
}

# JavaScriptSerializer reads '2026-03-01T12:00:00Z' as local time.
function Set-PhsUtcTime {
    [CmdletBinding()]
    param([Parameter(Mandatory)] $Record)

    if ($null -ne $Record.ObservedAt) {
        $Record.ObservedAt = $Record.ObservedAt.ToUniversalTime()
    }
}

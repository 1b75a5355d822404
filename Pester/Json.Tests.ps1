# How Windows PowerShell reads what the library says. Its own serializer cannot run here: a double with the behaviour that matters,
# times read as local ones, stands in for it.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module -Name $script:ModulePath -Force

    # Reads JSON and turns every time into a local one.
    $read = {
        param($Module, $Json)

        & (Get-Module -Name $Module) {
            param($Json)
            function Set-LocalTime($Record) {
                foreach ($property in $Record.PSObject.Properties) {
                    if ($property.Value -is [datetime]) {
                        $property.Value = $property.Value.ToLocalTime()
                    } elseif ("$($property.TypeNameOfValue)" -like 'PhsDiagnostics*') {
                        foreach ($inner in $property.Value) { if ($null -ne $inner) { Set-LocalTime $inner } }
                    }
                }
            }
            $double = [pscustomobject]@{ Options = [System.Text.Json.JsonSerializerOptions]::new() }
            $double.Options.PropertyNamingPolicy = [System.Text.Json.JsonNamingPolicy]::CamelCase
            $double | Add-Member -MemberType ScriptMethod -Name Deserialize -Value {
                param($text, $type)
                $value = [System.Text.Json.JsonSerializer]::Deserialize($text, $type, $this.Options)
                Set-LocalTime $value
                $value
            }
            $type = (Get-PhsNative).Message
            $ours = Read-PhsLocalTimeJson -Json $Json -Type $type -Serializer $double
            $plain = ConvertFrom-PhsJson -Json $Json -Type $type
            $ours, $plain
        } $Json
    }
    $times = @{
        finding = '{"kind":"finding","findings":[{"checkId":"PHS101","observedAt":"2026-03-01T12:00:00Z","evidence":[{"source":"dc1","observedAt":"2026-07-01T23:30:00Z"},{"source":"dc2"}]}]}'
        verdict = '{"kind":"verdict","verdicts":[{"identity":"kari","passwordLastSet":"2026-03-29T01:30:00Z","observedAt":"2026-03-01T12:00:00Z","findings":[{"checkId":"PHS601","evidence":[{"source":"dc1","observedAt":"2026-03-01T12:00:00Z"}]}]}]}'
    }
}

Describe 'A serializer that reads times as local ones' {
    It 'gives the same <_> as System.Text.Json, in UTC' -ForEach 'finding', 'verdict' {
        $ours, $plain = & $read 'PhsDiagnostics' $times[$_]
        ConvertTo-Json -InputObject $ours -Depth 9 | Should -Be (ConvertTo-Json -InputObject $plain -Depth 9)
        $record = if ($_ -eq 'finding') { $ours.Findings[0] } else { $ours.Verdicts[0] }
        $record.ObservedAt.Kind | Should -Be 'Utc'
        $record.ObservedAt | Should -Be ([datetime]::new(2026, 3, 1, 12, 0, 0, [System.DateTimeKind]::Utc))
    }

    It 'does so far from UTC' {
        if (-not $IsLinux) {
            Set-ItResult -Skipped -Because 'a time zone of the process alone is to be had on Linux only'
            return
        }
        $value = (Invoke-Fresh -Parameter @{ Module = $script:ModulePath; Read = $read.ToString(); Json = $times.verdict } -Environment @{ TZ = 'Asia/Kolkata' } -Script {
                param($Module, $Read, $Json)
                Import-Module -Name $Module
                $ours, $plain = & ([scriptblock]::Create($Read)) 'PhsDiagnostics' $Json
                ConvertTo-Json -Compress @{
                    Offset = [System.TimeZoneInfo]::Local.BaseUtcOffset.TotalMinutes
                    Same   = (ConvertTo-Json $ours -Depth 9) -eq (ConvertTo-Json $plain -Depth 9)
                    Kind   = "$($ours.Verdicts[0].PasswordLastSet.Kind)"
                }
            }).Value
        $value.Offset | Should -Be 330
        $value.Same | Should -BeTrue
        $value.Kind | Should -Be 'Utc'
    }

    It 'finds every time of every record that the module hands out' {
        InModuleScope PhsDiagnostics {
            $native = Get-PhsNative
            $places = Get-PhsTimePlace $native.Message
            $places.Records | Should -Contain 'Findings'
            $places.Records | Should -Contain 'Verdicts'
            $places.Records | Should -Not -Contain 'Checks'
            (Get-PhsTimePlace $native.Message.GetProperty('Verdicts').PropertyType.GetElementType()).Times |
                Should -Be 'PasswordLastSet', 'ObservedAt'
        }
    }
}

function Get-PhsCheck {
    <#
    .SYNOPSIS
    Lists the checks: what each asks, why it matters, and which evidence it needs.

    .DESCRIPTION
    The catalogue of all checks, in the order of the troubleshooting guide. A check is 'Stable', or 'Planned': then it
    has its id but reports 'Skipped (NotSupported)' in this version.

    .PARAMETER Id
    Ids or names of checks, such as PHS101 or replication-rights; wildcards are allowed. Findings can be piped in.

    .PARAMETER Step
    Steps of the guide: A1 to A4, B1 to B3, Service, Tool.

    .PARAMETER Online
    Opens the page of the check in the browser instead of listing it.

    .EXAMPLE
    Get-PhsCheck

    Lists every check, grouped by step of the guide.

    .EXAMPLE
    Get-PhsCheck -Id PHS101 | Format-List

    Explains one check.

    .EXAMPLE
    Invoke-PhsDiagnostics -Path ./Production | Where-Object Outcome -EQ 'Failed' | Get-PhsCheck

    Explains the checks that failed.

    .OUTPUTS
    PhsDiagnostics.Check

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.Check')]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)]
        [Alias('CheckId')]
        [SupportsWildcards()]
        [ArgumentCompleter({
                param($CommandName, $ParameterName, $WordToComplete)
                foreach ($check in Get-PhsCheck -Id ($WordToComplete.Trim("'", '"') + '*') -ErrorAction Ignore) {
                    [System.Management.Automation.CompletionResult]::new(
                        $check.Id, ('{0} {1}' -f $check.Id, $check.Name), 'ParameterValue', $check.Title)
                }
            })]
        [string[]] $Id,

        [Parameter()]
        [ValidateSet('A1', 'A2', 'A3', 'A4', 'B1', 'B2', 'B3', 'Service', 'Tool')]
        [string[]] $Step,

        [Parameter()]
        [switch] $Online
    )

    begin {
        $catalogue = $null
        $given = [System.Collections.Generic.HashSet[string]]::new()
    }

    process {
        if ($null -eq $catalogue) {
            $catalogue = @(Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_get_check' -Bound @{})
        }
        foreach ($pattern in $(if ($Id) { $Id } else { '*' })) {
            $matching = @($catalogue | Where-Object { $_.Id -like $pattern -or $_.Name -like $pattern })
            if ($matching.Count -eq 0 -and
                -not [System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($pattern)) {
                $PSCmdlet.WriteError((New-PhsErrorRecord -Id 'Phs.Check.NotFound' -Category ObjectNotFound -Target $pattern `
                            -Message ((Get-PhsString CheckNotFound) -f $pattern) `
                            -RecommendedAction (Get-PhsString CheckNotFoundAction)))
            }
            foreach ($check in $matching) {
                if (($Step -and $check.Step -notin $Step) -or -not $given.Add($check.Id)) {
                    continue
                }
                if ($Online) {
                    Open-PhsLink -Cmdlet $PSCmdlet -Check $check
                } else {
                    $check
                }
            }
        }
    }
}

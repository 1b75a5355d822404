# A sentence of the module's own, in the user's language; all others come from the native library.
function Get-PhsString {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Name)

    if ($null -eq $script:Strings) {
        $strings = $null
        Import-LocalizedData -BindingVariable strings -BaseDirectory $PSScriptRoot -FileName 'Strings.psd1' `
            -ErrorAction Ignore
        if ($null -eq $strings) {
            Import-LocalizedData -BindingVariable strings -BaseDirectory $PSScriptRoot -FileName 'Strings.psd1' `
                -UICulture 'en-US'
        }
        $script:Strings = $strings
    }
    $script:Strings[$Name]
}

# An error as the design wants every error: stable id, category, target and a recommended action.
function New-PhsErrorRecord {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [System.Management.Automation.ErrorCategory] $Category,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Target,
        [Parameter()] [AllowNull()] [AllowEmptyString()] [string] $RecommendedAction
    )

    $exception = [System.InvalidOperationException]::new($Message)
    $record = [System.Management.Automation.ErrorRecord]::new($exception, $Id, $Category, $Target)
    if ($RecommendedAction) {
        $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($Message)
        $record.ErrorDetails.RecommendedAction = $RecommendedAction
    }
    $record
}

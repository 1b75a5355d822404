@{
    RootModule             = 'PhsDiagnostics.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '5b0c2f4e-6a7d-4f0b-9c1e-2d8a4e7f3b61'
    Author                 = 'PhsDiagnostics contributors'
    CompanyName            = 'PhsDiagnostics contributors'
    Copyright              = '(c) PhsDiagnostics contributors. MIT licence.'
    Description            = 'Runs the troubleshooting guide for password hash sync of Microsoft Entra Connect in one command: finds every fault it can, says why it thinks so and what to do. Read-only; works live over LDAP or offline on a server configuration export.'
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.6.2'
    CompatiblePSEditions   = @('Desktop', 'Core')
    FormatsToProcess       = @('PhsDiagnostics.format.ps1xml')
    FunctionsToExport      = @(
        'Compare-PhsEvidence'
        'Export-PhsEvidence'
        'Get-PhsCapability'
        'Get-PhsCheck'
        'Get-PhsConnectorAccount'
        'Get-PhsEvent'
        'Import-PhsEvidence'
        'Invoke-PhsDiagnostics'
        'Invoke-PhsUserAudit'
        'Test-PhsConnectivity'
        'Test-PhsObjectSync'
        'Test-PhsPermissions'
        'Test-PhsService'
        'Test-PhsSignInMethod'
        'Test-PhsStagingMode'
        'Test-PhsTemporaryPassword'
        'Test-PhsUser'
    )
    CmdletsToExport        = @()
    VariablesToExport      = @()
    AliasesToExport        = @('Test-PhsPermission')
    PrivateData            = @{
        PSData = @{
            Tags         = @(
                'EntraConnect', 'AzureADConnect', 'PasswordHashSync', 'ActiveDirectory', 'HybridIdentity', 'Diagnostics'
                'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux'
            )
            LicenseUri   = 'https://github.com/PhsDiagnostics/PhsDiagnostics/blob/main/LICENSE'
            ProjectUri   = 'https://github.com/PhsDiagnostics/PhsDiagnostics'
            ReleaseNotes = 'https://github.com/PhsDiagnostics/PhsDiagnostics/blob/main/CHANGELOG.md'
        }
    }
}

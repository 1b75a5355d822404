@{
    RootModule           = 'ADSync.psm1'
    ModuleVersion        = '1.0.0.0'
    GUID                 = '0f6f1c52-5a3e-4c1d-9b7a-3d2c1e0f4a5b'
    Author               = 'PhsDiagnostics contributors'
    Description          = 'Stands in for the ADSync module of a Connect server: its commands with its property shapes, over made-up data.'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = '*-ADSync*'
}

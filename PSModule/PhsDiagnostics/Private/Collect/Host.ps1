# What is read on the host of the Connect server: its service, FIPS policy, TLS 1.2, build. Registry, service and files are
# read through small functions, which tests replace.

function Get-PhsHost {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $service = 'HKLM\SYSTEM\CurrentControlSet\Services\ADSync'
    $image = Get-PhsRegistryValue -Key $service -Name 'ImagePath'
    # The path may be quoted, and followed by arguments.
    $program = if ("$($image['value'])" -match '^"([^"]+)"|^(.+?\.exe)') { "$($Matches[1])$($Matches[2])" }
    if (-not $program) {
        $program = [System.IO.Path]::Combine("$env:ProgramFiles", 'Microsoft Azure AD Sync', 'Bin', 'miiserver.exe')
    }
    $config = "$program.config"
    $all = [ordered]@{
        machine        = [System.Environment]::MachineName
        collectedAt    = [System.DateTime]::UtcNow.ToString('o')
        serviceState   = Get-PhsServiceState
        serviceStart   = Get-PhsRegistryValue -Key $service -Name 'Start'
        serviceAccount = Get-PhsRegistryValue -Key $service -Name 'ObjectName'
        fipsEnabled    = Get-PhsRegistryValue -Key 'HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy' -Name 'Enabled'
        enforceFips    = Get-PhsFipsExemption -File $config
        configFile     = $config
        build          = Get-PhsFileVersion -File $program
    }
    $all.tls = @(
        foreach ($key in 'HKLM\SOFTWARE\Microsoft\.NETFramework\v4.0.30319', 'HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319') {
            foreach ($name in 'SystemDefaultTlsVersions', 'SchUseStrongCrypto') {
                @{ key = $key; name = $name; value = Get-PhsRegistryValue -Key $key -Name $name }
            }
        }
        foreach ($side in 'Client', 'Server') {
            $key = "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\$side"
            foreach ($name in 'Enabled', 'DisabledByDefault') {
                @{ key = $key; name = $name; value = Get-PhsRegistryValue -Key $key -Name $name }
            }
        }
    )
    ConvertTo-Json -InputObject $all -Depth 6 -Compress
}

# Why something on the host could not be read.
function Get-PhsHostRefusal {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Exception] $Problem)

    $cause = $Problem.GetBaseException()
    if ($cause -is [System.UnauthorizedAccessException] -or $cause -is [System.Security.SecurityException]) { 'NotPermitted' } else { 'Unreadable' }
}

# A registry value of HKLM: @{ value } (null where it is not there) or @{ error }. A number comes without its sign.
function Get-PhsRegistryValue {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $Name
    )

    try {
        $value = $null
        $machine = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
        $opened = $machine.OpenSubKey($Key.Substring('HKLM\'.Length))
        if ($null -ne $opened) {
            $value = $opened.GetValue($Name)
            $opened.Close()
        }
        if ($value -is [int]) {
            $value = [System.BitConverter]::ToUInt32([System.BitConverter]::GetBytes($value), 0)
        }
        @{ value = $value }
    } catch {
        @{ error = Get-PhsHostRefusal -Problem $_.Exception }
    }
}

# The state of the service by its name; null where it is not installed.
function Get-PhsServiceState {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    try {
        @{ value = (Get-Service -Name ADSync -ErrorAction Stop).Status.ToString() }
    } catch {
        if ("$($_.CategoryInfo.Category)" -eq 'ObjectNotFound' -and $_.FullyQualifiedErrorId -like 'NoServiceFoundForGivenName*') {
            @{ value = $null }
        } else {
            @{ error = Get-PhsHostRefusal -Problem $_.Exception }
        }
    }
}

# What the service's configuration file says of enforceFIPSPolicy; null where it says nothing.
function Get-PhsFipsExemption {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $File)

    try {
        $document = [System.Xml.XmlDocument]::new()
        $document.XmlResolver = $null
        $document.LoadXml([System.IO.File]::ReadAllText($File))
        $node = $document.SelectSingleNode('/configuration/runtime/enforceFIPSPolicy/@enabled')
        @{ value = $(if ($null -ne $node) { $node.Value }) }
    } catch {
        @{ error = Get-PhsHostRefusal -Problem $_.Exception }
    }
}

# The version of a program, of four parts.
function Get-PhsFileVersion {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $File)

    try {
        $version = [System.Diagnostics.FileVersionInfo]::GetVersionInfo($File)
        @{ value = '{0}.{1}.{2}.{3}' -f $version.FileMajorPart, $version.FileMinorPart, $version.FileBuildPart, $version.FilePrivatePart }
    } catch {
        @{ error = Get-PhsHostRefusal -Problem $_.Exception }
    }
}

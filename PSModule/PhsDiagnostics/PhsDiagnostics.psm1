# The head of the module. The build appends the scripts of Public and Private, so that the built module is one file and imports
# fast. Folders of Private that an import can do without stay files of their own (see Import-PhsScript). Nothing native is loaded
# here: the first use pays.

Set-StrictMode -Version Latest

# The ABI of the native library that these scripts speak (native/phs-ffi/include/phs.h, PHS_ABI_VERSION).
$script:AbiVersion = 1

# The bound native library, once the first cmdlet has asked for it.
$script:Native = $null

# The scripts that are loaded at their first use (Import-PhsScript) and were.
$script:Imported = @{}

# The module's own words, once asked for.
$script:Strings = $null

# Options of the JSON reader, once made.
$script:JsonOptions = $null
$script:TimePlaces = $null

# The root of Microsoft Graph that tests put in the place of the environment's.
$script:GraphRoot = $null

# The head of the module. The build appends every script of Private and Public, so that the built module is one file
# and imports fast. Nothing native is loaded here: the first use pays.

Set-StrictMode -Version Latest

# The ABI of the native library that these scripts speak (native/phs-ffi/include/phs.h, PHS_ABI_VERSION).
$script:AbiVersion = 1

# The bound native library, once the first cmdlet has asked for it.
$script:Native = $null

# The module's own words, once asked for.
$script:Strings = $null

# Options of the JSON reader, once made.
$script:JsonOptions = $null
$script:TimePlaces = $null

# The root of Microsoft Graph that tests put in the place of the environment's.
$script:GraphRoot = $null

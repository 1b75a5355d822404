# The bill of materials of the native library, as CycloneDX 1.5, from cargo's own metadata and lock file.

# The licence of a crate: an SPDX expression where its manifest gives one. Old manifests join alternatives by a slash.
function ConvertTo-SpdxLicence {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Licence)

    ("$Licence" -replace '\s*/\s*', ' OR ').Trim()
}

# SHA-256 checksums of crates, by name and version, as the lock file has them.
function Read-LockChecksum {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $LockText)

    $checksums = @{}
    foreach ($match in [regex]::Matches($LockText, '(?ms)^\[\[package\]\]\s+name = "(?<name>[^"]+)"\s+version = "(?<version>[^"]+)"(?<rest>.*?)(?=^\[\[package\]\]|\z)')) {
        if ($match.Groups['rest'].Value -match '(?m)^checksum = "([0-9a-f]{64})"') {
            $checksums["$($match.Groups['name'].Value)@$($match.Groups['version'].Value)"] = $Matches[1]
        }
    }
    $checksums
}

# Every package that a package is built into, itself included: what it depends on, without tests and build scripts.
function Get-LinkedPackage {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] $Metadata,
        [Parameter(Mandatory)] [string] $Root
    )

    $nodes = @{}
    foreach ($node in $Metadata.resolve.nodes) { $nodes[$node.id] = $node }
    $seen = [System.Collections.Generic.HashSet[string]]::new()
    $waiting = [System.Collections.Generic.Queue[string]]::new()
    $waiting.Enqueue($Root)
    while ($waiting.Count -gt 0) {
        $id = $waiting.Dequeue()
        if (-not $seen.Add($id)) { continue }
        $id
        foreach ($dependency in $nodes[$id].deps) {
            if (@($dependency.dep_kinds | Where-Object { $null -eq $_.kind }).Count -gt 0) { $waiting.Enqueue($dependency.pkg) }
        }
    }
}

# The bill of materials as JSON, the same for the same sources.
function New-Sbom {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] $Metadata,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $LockText,
        # The crate whose parts are listed.
        [Parameter(Mandatory)] [string] $Crate
    )

    $packages = @{}
    foreach ($package in $Metadata.packages) { $packages[$package.id] = $package }
    $root = $Metadata.packages | Where-Object name -EQ $Crate | Select-Object -First 1
    if ($null -eq $root) { throw "There is no crate '$Crate'." }
    $linked = @(Get-LinkedPackage -Metadata $Metadata -Root $root.id)
    $checksums = Read-LockChecksum $LockText
    $reference = { param($id) 'pkg:cargo/{0}@{1}' -f $packages[$id].name, $packages[$id].version }

    $components = foreach ($id in $linked | Where-Object { $_ -ne $root.id } | Sort-Object { & $reference $_ }) {
        $package = $packages[$id]
        $component = [ordered]@{
            type      = 'library'
            'bom-ref' = & $reference $id
            name      = $package.name
            version   = $package.version
            purl      = & $reference $id
        }
        $checksum = $checksums["$($package.name)@$($package.version)"]
        if ($checksum) { $component.hashes = @([ordered]@{ alg = 'SHA-256'; content = $checksum }) }
        $licence = ConvertTo-SpdxLicence $package.license
        if ($licence) { $component.licenses = @([ordered]@{ expression = $licence }) }
        if ($package.repository) { $component.externalReferences = @([ordered]@{ type = 'vcs'; url = $package.repository }) }
        $component
    }
    $known = [System.Collections.Generic.HashSet[string]]::new([string[]] $linked)
    $dependencies = foreach ($node in $Metadata.resolve.nodes | Where-Object { $known.Contains($_.id) } | Sort-Object { & $reference $_.id }) {
        $on = $node.deps | Where-Object { $known.Contains($_.pkg) -and @($_.dep_kinds | Where-Object { $null -eq $_.kind }).Count -gt 0 }
        [ordered]@{ ref = & $reference $node.id; dependsOn = @($on | ForEach-Object { & $reference $_.pkg } | Sort-Object -Unique) }
    }
    [ordered]@{
        '$schema'    = 'http://cyclonedx.org/schema/bom-1.5.schema.json'
        bomFormat    = 'CycloneDX'
        specVersion  = '1.5'
        version      = 1
        metadata     = [ordered]@{
            component = [ordered]@{
                type      = 'library'
                'bom-ref' = & $reference $root.id
                name      = 'PhsDiagnostics'
                version   = $root.version
                purl      = & $reference $root.id
                licenses  = @([ordered]@{ expression = $root.license })
            }
        }
        components   = @($components)
        dependencies = @($dependencies)
    } | ConvertTo-Json -Depth 8
}

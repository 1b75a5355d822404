# One side of a comparison, as the library takes it: an evidence file, or anything else that a diagnosis takes as its path.
function New-PhsComparedSide {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Evidence
    )

    $resolved = Resolve-PhsEvidence -Cmdlet $Cmdlet -Evidence $Evidence
    $isFile = [System.IO.File]::Exists($resolved) -and [System.IO.Path]::GetExtension($resolved) -ne '.json'
    if ($isFile) {
        return [ordered]@{ evidence = [ordered]@{ file = $resolved } }
    }
    [ordered]@{ path = $resolved }
}

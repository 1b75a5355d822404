function Import-PhsEvidence {
    <#
    .SYNOPSIS
    Opens an evidence file: tells when, where and what was collected, what is missing in it and why.

    .DESCRIPTION
    Reads a file that Export-PhsEvidence wrote, and compares each of its parts with its hash. A part that was changed or
    damaged is an error of its own, which names the part; the others can be used. What comes out goes to -Evidence of every
    other cmdlet, from the pipeline too. Nothing is unpacked to disk.

    .PARAMETER Path
    The evidence file. Wildcards are allowed where they match one file.

    .PARAMETER LiteralPath
    The same, taken as it stands.

    .EXAMPLE
    Import-PhsEvidence ./contoso.phs

    Shows what the file holds, and what could not be collected.

    .EXAMPLE
    Import-PhsEvidence ./contoso.phs | Invoke-PhsDiagnostics

    Runs the whole guide on the file, with no network; the findings are those of the day on which it was collected.

    .EXAMPLE
    Get-ChildItem ./evidence -Filter *.phs | Import-PhsEvidence | Sort-Object CollectedAt | Format-Table Machine, CollectedAt, Path

    Lists several files by their age.

    .OUTPUTS
    PhsDiagnostics.EvidenceFile

    .LINK
    Export-PhsEvidence

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    [OutputType('PhsDiagnostics.EvidenceFile')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [string] $Path,

        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)]
        [Alias('PSPath')]
        [ValidateNotNullOrEmpty()]
        [string] $LiteralPath
    )

    process {
        $file = if ($LiteralPath) {
            Resolve-PhsPath -Cmdlet $PSCmdlet -LiteralPath $LiteralPath
        } else {
            Resolve-PhsPath -Cmdlet $PSCmdlet -Path $Path
        }
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_import_evidence' -Bound @{ File = $file }
    }
}

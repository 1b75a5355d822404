function Compare-PhsEvidence {
    <#
    .SYNOPSIS
    Tells what differs between two servers, or one server on two days, as far as it matters for password hash sync.

    .DESCRIPTION
    Compares two server configuration exports or evidence files in the words of the checks: a connector that is switched off, a partition
    that is no longer selected, a rule that is disabled or lets in other users, a right that is gone. Use it before you
    swap the active and the staging server, and when passwords synchronised yesterday and do not today.

    Connectors, partitions and rules are matched by what they stand for (forest, naming context, tag and name of the rule),
    since two servers have other identifiers for the same things. Order, letter case and what changes by itself from cycle to
    cycle are no differences. What is known on one side only is NotComparable, never the same. What matters most comes first:
    the severity is that of the difference taking the place of the reference.

    Nothing is emitted where nothing differs. -Verbose tells what was compared, and what neither side holds.

    .PARAMETER ReferenceEvidence
    What to compare with: an evidence file (Export-PhsEvidence) by its path or as Import-PhsEvidence gives it, the folder of
    a server configuration export, or anything else that the diagnosis takes as -Path. Wildcards are allowed where they
    match one item.

    .PARAMETER DifferenceEvidence
    What to compare, of the same kinds. From the pipeline each is compared with the reference.

    .EXAMPLE
    Compare-PhsEvidence ./sync1 ./sync2

    Shows what would change for password hash sync if server 2 took the place of server 1.

    .EXAMPLE
    Compare-PhsEvidence -ReferenceEvidence ./monday -DifferenceEvidence ./today | Where-Object Severity -In Critical, Error

    Shows what may have stopped passwords since Monday.

    .EXAMPLE
    Compare-PhsEvidence ./sync1 ./sync2 | Where-Object Area -EQ Rule | Format-List

    Shows the rules that differ, with both values, both files and why it matters.

    .OUTPUTS
    PhsDiagnostics.Difference

    .LINK
    Invoke-PhsDiagnostics
    #>
    [CmdletBinding()]
    [OutputType('PhsDiagnostics.Difference')]
    param(
        [Parameter(Mandatory, Position = 0)]
        [Alias('ReferencePath')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [object] $ReferenceEvidence,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline)]
        [Alias('DifferencePath')]
        [SupportsWildcards()]
        [ValidateNotNullOrEmpty()]
        [object] $DifferenceEvidence
    )

    process {
        Start-PhsDiagnostic -Cmdlet $PSCmdlet -Function 'phs_compare_evidence' -Bound $PSBoundParameters
    }
}

# Puts what -Evidence names into a request: an evidence file by its path or as Import-PhsEvidence gives it. A folder is a
# server configuration export, so that folders may come from the pipeline as well.
function Add-PhsEvidence {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Evidence,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request
    )

    $resolved = Resolve-PhsEvidence -Cmdlet $Cmdlet -Evidence $Evidence
    if ([System.IO.Directory]::Exists($resolved)) {
        $Request.path = $resolved
        return
    }
    if (-not $Request.Contains('evidence')) {
        $Request.evidence = [ordered]@{}
    }
    $Request.evidence.file = $resolved
}

# The path of an evidence file, from a path in any form, a file object, or what Import-PhsEvidence gives.
function Resolve-PhsEvidence {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Evidence
    )

    if ($Evidence -is [array] -and $Evidence.Count -eq 1) {
        $Evidence = $Evidence[0]
    }
    $value = $Evidence
    if ($value -is [array]) {
        $given = $value -join ', '
        throw (New-PhsErrorRecord -Id 'Phs.Path.Ambiguous' -Category InvalidArgument -Target $given `
                -Message ((Get-PhsString PathAmbiguous) -f $given, $value.Count) `
                -RecommendedAction (Get-PhsString PathAmbiguousAction))
    }
    if ($value -is [System.Management.Automation.PSObject]) {
        $value = $value.PSObject.BaseObject
    }
    if ($value -is [System.IO.FileSystemInfo]) {
        return Resolve-PhsPath -Cmdlet $Cmdlet -LiteralPath $value.FullName
    }
    $isRecord = $Evidence.PSObject.TypeNames -like '*PhsDiagnostics.EvidenceFile'
    if ($isRecord) {
        return Resolve-PhsPath -Cmdlet $Cmdlet -LiteralPath $Evidence.Path
    }
    $given = [string] $Evidence
    # A name with brackets in it that nobody escaped: there is no -LiteralPath beside -Evidence.
    if ([System.Management.Automation.WildcardPattern]::ContainsWildcardCharacters($given) -and
        (Test-Path -LiteralPath $given)) {
        return Resolve-PhsPath -Cmdlet $Cmdlet -LiteralPath $given
    }
    Resolve-PhsPath -Cmdlet $Cmdlet -Path $given
}

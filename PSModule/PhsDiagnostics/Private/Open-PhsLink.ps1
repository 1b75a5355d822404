# Opens the first page of a check in the browser.
function Open-PhsLink {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Check
    )

    $link = @($Check.Links | Where-Object { $_ -like 'https://*' })
    if ($link.Count -eq 0) {
        $Cmdlet.WriteError((New-PhsErrorRecord -Id 'Phs.Check.NoLink' -Category ObjectNotFound -Target $Check.Id `
                    -Message ((Get-PhsString NoLink) -f $Check.Id) `
                    -RecommendedAction ((Get-PhsString NoLinkAction) -f $Check.Id)))
        return
    }
    Start-Process -FilePath $link[0]
}

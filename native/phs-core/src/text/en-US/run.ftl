# Texts of runs: progress, and errors of requests.

progress-export = Reading the server configuration export
progress-settings = Global settings
progress-connectors = Connectors ({ $files })
progress-rules = Synchronization rules ({ $files })
progress-judging = Judging
progress-step = Step { $step }
error-request-no-source = The request names nothing to diagnose.
    .action = Give the folder of a server configuration export (-Path), or a domain controller or domain to ask (-Server, -Domain).
error-account-not-found = No connector account is named for { $target }.
    .action = Make sure that the export is complete, or ask the directory: Get-PhsConnectorAccount -Server <domain controller>.

# Errors of Microsoft Graph.

error-graph-unauthorized = Microsoft Graph refused the token ({ $detail }).
    .action = Get a new token for Microsoft Graph and this environment: it may have expired, or be made for another service. A token holds for about an hour.
error-graph-unexpected = Microsoft Graph answered { $resource } with { $detail }.
    .action = Try again later. If it stays so, look at the state of the service, and whether a proxy answers in its place.
error-graph-unreachable = Microsoft Graph cannot be reached at { $source }.
    .action = Make sure that this machine may reach it through its proxy; Test-PhsConnectivity -IncludeCloud tells where the way ends. For a national cloud give -Environment.
error-graph-untrusted = The certificate of { $source } is not trusted.
    .action = Find out who answers: a proxy that inspects TLS shows a certificate of its own. The token was not sent.
error-graph-timeout = Microsoft Graph at { $source } did not answer { $resource } in time.
    .action = Try again, or give a larger -TimeoutSec.
error-graph-throttled = Microsoft Graph asked to wait longer than this call does, at { $resource }.
    .action = Wait some minutes and try again, with fewer users at once.
error-graph-foreign-link = The answer to { $resource } goes on at another host, so the rest was not asked for.
    .action = The token is sent to Microsoft Graph only. Find out who answers in its place, such as a proxy.
error-graph-too-large = The answer to { $resource } is larger than any tenant's, so it was not read to its end.
    .action = Find out who answers in the place of Microsoft Graph, such as a proxy.
error-graph-unreadable = The answer to { $resource } is not what Microsoft Graph documents.
    .action = Find out who answers in its place, such as a proxy with a page for signing in.
error-graph-session = The session of Microsoft Graph PowerShell could not ask { $resource }.
    .action = Sign in again with Connect-MgGraph, and try Invoke-MgGraphRequest by hand.
error-graph-wrong-tenant = Microsoft Graph answered for the tenant { $answered }, but the server sends to { $expected }.
    .action = Use a token of the tenant { $expected }. The answers of the other tenant were left out.

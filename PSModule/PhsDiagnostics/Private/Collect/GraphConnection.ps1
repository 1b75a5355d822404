# The way to Microsoft Graph: with a token of the user's, or over the session that Connect-MgGraph made.
#
# The token goes to the root of the environment and nowhere else: no redirection is followed, a next page on another host is not
# asked for, and plain HTTP is for the loopback interface alone. It is never held in a variable as plain text.

# Makes the way that the parameters name.
function New-PhsGraph {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Bound)

    $token = $Bound['GraphToken']
    $environment = $Bound['Environment']
    if ($null -ne $token) {
        if ($Bound['UseMgContext']) {
            throw (New-PhsErrorRecord -Id 'Phs.Graph.TwoWays' -Category InvalidArgument -Target 'GraphToken' `
                    -Message (Get-PhsString GraphTwoWays) -RecommendedAction (Get-PhsString GraphTwoWaysAction))
        }
        Assert-PhsGraphToken -Token $token
        if (-not $environment) {
            $environment = 'Global'
        }
    } else {
        $context = $null
        if (Get-Command -Name 'Get-MgContext' -ErrorAction Ignore) {
            $context = Get-MgContext
        }
        if ($null -eq $context) {
            throw (New-PhsErrorRecord -Id 'Phs.Graph.NoSession' -Category ObjectNotFound -Target 'UseMgContext' `
                    -Message (Get-PhsString GraphNoSession) -RecommendedAction (Get-PhsString GraphNoSessionAction))
        }
        if ($environment -and $environment -ne $context.Environment) {
            throw (New-PhsErrorRecord -Id 'Phs.Graph.OtherEnvironment' -Category InvalidArgument -Target $environment `
                    -Message ((Get-PhsString GraphOtherEnvironment) -f $context.Environment, $environment) `
                    -RecommendedAction (Get-PhsString GraphOtherEnvironmentAction))
        }
        $environment = [string] $context.Environment
    }
    $root = Get-PhsGraphRoot -Environment $environment
    Assert-PhsGraphRoot -Root $root
    @{
        Root        = $root
        Environment = $environment
        Token       = $token
        Client      = $null
        Protocol    = $null
        TimeoutSec  = $(if ($Bound['TimeoutSec']) { [int] $Bound['TimeoutSec'] } else { 30 })
        # Seconds that this call waits for a service that asks to wait.
        Patience    = 120
        # Set once nothing more can be had: a refused token, no way there.
        Ended       = $false
    }
}

# The root of Microsoft Graph in an environment, from the table of the native library.
function Get-PhsGraphRoot {
    [CmdletBinding()]
    [OutputType([uri])]
    param([Parameter(Mandatory)] [string] $Environment)

    if ($null -ne $script:GraphRoot) {
        return $script:GraphRoot
    }
    $interop = Get-PhsNative
    $buffer = [System.Activator]::CreateInstance($interop.Buffer)
    $problem = [System.Activator]::CreateInstance($interop.Buffer)
    try {
        $status = $interop.Functions::phs_describe([ref] $buffer, [ref] $problem)
        Assert-PhsStatus -Status $status -Problem (Read-PhsBuffer $problem) -Function 'phs_describe' -Interop $interop
        $about = ConvertFrom-Json -InputObject (Read-PhsBuffer $buffer)
    } finally {
        $interop.Functions::phs_buffer_free([ref] $buffer)
        $interop.Functions::phs_buffer_free([ref] $problem)
    }
    foreach ($known in Get-PhsJsonMember -Json $about -Name 'environments') {
        if ($known.name -eq $Environment) {
            return [uri] $known.graph
        }
    }
    # A session may be in an environment that its user added.
    if (Get-Command -Name 'Get-MgEnvironment' -ErrorAction Ignore) {
        foreach ($known in @(Get-MgEnvironment)) {
            if ($known.Name -eq $Environment) {
                return [uri] (Get-PhsJsonMember -Json $known -Name 'GraphEndpoint')
            }
        }
    }
    throw (New-PhsErrorRecord -Id 'Phs.Graph.Environment' -Category InvalidArgument -Target $Environment `
            -Message ((Get-PhsString GraphEnvironment) -f $Environment) -RecommendedAction (Get-PhsString GraphEnvironmentAction))
}

# Throws where a token must not be sent there.
function Assert-PhsGraphRoot {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [uri] $Root)

    $safe = $Root.IsAbsoluteUri -and ($Root.Scheme -eq 'https' -or ($Root.Scheme -eq 'http' -and $Root.IsLoopback))
    if (-not $safe) {
        throw (New-PhsErrorRecord -Id 'Phs.Graph.PlainText' -Category SecurityError -Target $Root.OriginalString `
                -Message ((Get-PhsString GraphPlainText) -f $Root.OriginalString) -RecommendedAction (Get-PhsString GraphPlainTextAction))
    }
}

# Throws where a secure string holds no token (RFC 6750, 2.1), without a word of what it holds: the reader of headers would
# put it into an error.
function Assert-PhsGraphToken {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [securestring] $Token)

    if ([System.Net.NetworkCredential]::new('', $Token).Password -notmatch '\A[A-Za-z0-9._~+/-]+=*\z') {
        throw (New-PhsErrorRecord -Id 'Phs.Graph.NoToken' -Category InvalidArgument -Target 'GraphToken' `
                -Message (Get-PhsString GraphNoToken) -RecommendedAction (Get-PhsString GraphNoTokenAction))
    }
}

# The client of a way to Graph, made at the first use.
function Get-PhsGraphClient {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Graph)

    if ($null -ne $Graph.Client) {
        return $Graph.Client
    }
    if ($PSVersionTable.PSEdition -ne 'Core') {
        $null = [System.Reflection.Assembly]::Load(
            'System.Net.Http, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a')
        # Windows PowerShell may offer nothing later than TLS 1.0; 0 leaves the choice to Windows. Put back when the way is closed.
        $protocol = [System.Net.ServicePointManager]::SecurityProtocol
        $later = [System.Net.SecurityProtocolType]::Tls12
        if ([int] $protocol -ne 0 -and -not ($protocol -band $later)) {
            $Graph.Protocol = $protocol
            [System.Net.ServicePointManager]::SecurityProtocol = $protocol -bor $later
        }
    }
    $handler = [System.Net.Http.HttpClientHandler]::new()
    $handler.AllowAutoRedirect = $false
    $handler.UseCookies = $false
    if ($Graph.Root.IsLoopback) {
        $handler.UseProxy = $false
    } elseif ($PSVersionTable.PSEdition -eq 'Core') {
        $handler.DefaultProxyCredentials = [System.Net.CredentialCache]::DefaultCredentials
    } else {
        $proxy = [System.Net.WebRequest]::GetSystemWebProxy()
        $proxy.Credentials = [System.Net.CredentialCache]::DefaultCredentials
        $handler.Proxy = $proxy
    }
    $client = [System.Net.Http.HttpClient]::new($handler, $true)
    # Waiting is bounded by who waits.
    $client.Timeout = [System.Threading.Timeout]::InfiniteTimeSpan
    $Graph.Client = $client
    $client
}

# Asks once. Gives Status and Body, or Failure; and RetryAfter in seconds where the service asks to wait.
function Send-PhsGraphRequest {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter(Mandatory)] [uri] $Uri
    )

    if ($null -eq $Graph.Token) {
        return Send-PhsMgRequest -Uri $Uri
    }
    $client = Get-PhsGraphClient -Graph $Graph
    $limit = 16MB
    $cancel = [System.Threading.CancellationTokenSource]::new()
    $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::Get, $Uri)
    $response = $null
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        # The token stands in no variable.
        $request.Headers.Authorization = [System.Net.Http.Headers.AuthenticationHeaderValue]::new(
            'Bearer', [System.Net.NetworkCredential]::new('', $Graph.Token).Password)
        $task = $client.SendAsync($request, [System.Net.Http.HttpCompletionOption]::ResponseHeadersRead, $cancel.Token)
        if (-not (Wait-PhsTask -Task $task -Clock $clock -Seconds $Graph.TimeoutSec)) {
            return @{ Failure = 'timeout' }
        }
        if ($task.IsFaulted -or $task.IsCanceled) {
            return @{ Failure = Get-PhsGraphFailure -Problem $task.Exception }
        }
        $response = $task.Result
        $wait = $response.Headers.RetryAfter
        $seconds = if ($null -eq $wait) {
            $null
        } elseif ($null -ne $wait.Delta) {
            ([timespan] $wait.Delta).TotalSeconds
        } elseif ($null -ne $wait.Date) {
            (([System.DateTimeOffset] $wait.Date).UtcDateTime - [datetime]::UtcNow).TotalSeconds
        }
        if ($response.Content.Headers.ContentLength -gt $limit) {
            return @{ Failure = 'tooLarge' }
        }
        $task = $response.Content.LoadIntoBufferAsync($limit)
        if (-not (Wait-PhsTask -Task $task -Clock $clock -Seconds $Graph.TimeoutSec)) {
            return @{ Failure = 'timeout' }
        }
        if ($task.IsFaulted -or $task.IsCanceled) {
            # A body that is cut off is a fault of the connection; one that told no length has no other fault than being too long.
            $cut = $null -ne $response.Content.Headers.ContentLength -or
            $task.Exception.GetBaseException() -isnot [System.Net.Http.HttpRequestException]
            return @{ Failure = $(if ($cut) { 'unreachable' } else { 'tooLarge' }) }
        }
        $bytes = $response.Content.ReadAsByteArrayAsync().Result
        @{
            Status     = [int] $response.StatusCode
            # Who answers in Graph's place may show what it was sent.
            Body       = [System.Text.Encoding]::UTF8.GetString($bytes).Replace([System.Net.NetworkCredential]::new('', $Graph.Token).Password, '[redacted]')
            RetryAfter = $seconds
        }
    } finally {
        $cancel.Cancel()
        if ($null -ne $response) {
            $response.Dispose()
        }
        $request.Dispose()
        $cancel.Dispose()
    }
}

# Waits for a task in short steps, so that Ctrl+C is heard. $false where the time is over.
function Wait-PhsTask {
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Threading.Tasks.Task] $Task,
        [Parameter(Mandatory)] [System.Diagnostics.Stopwatch] $Clock,
        [Parameter(Mandatory)] [int] $Seconds
    )

    $tasks = [System.Threading.Tasks.Task[]] @($Task)
    while ([System.Threading.Tasks.Task]::WaitAny($tasks, 100) -lt 0) {
        if ($Clock.Elapsed.TotalSeconds -ge $Seconds) {
            return $false
        }
    }
    $true
}

# What kind of failure an exception of the client is.
function Get-PhsGraphFailure {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter()] [AllowNull()] [System.Exception] $Problem)

    for ($cause = $Problem; $null -ne $cause; $cause = $cause.InnerException) {
        if ($cause -is [System.Security.Authentication.AuthenticationException]) {
            return 'untrusted'
        }
        # Windows PowerShell says it by a number: TrustFailure, SecureChannelFailure.
        if ($cause -is [System.Net.WebException] -and [int] $cause.Status -in 9, 10) {
            return 'untrusted'
        }
    }
    'unreachable'
}

# Asks over the session of Microsoft Graph PowerShell, which waits by itself where the service asks for it.
function Send-PhsMgRequest {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [uri] $Uri)

    $phsStatus = 0
    $asked = @{
        Method = 'GET'; Uri = $Uri; OutputType = 'Json'; SkipHttpErrorCheck = $true; StatusCodeVariable = 'phsStatus'; ErrorAction = 'Stop'
    }
    try {
        $body = Invoke-MgGraphRequest @asked
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        Write-Debug $_.Exception.GetType().FullName
        return @{ Failure = 'session' }
    }
    @{ Status = [int] $phsStatus; Body = [string] $body; RetryAfter = $null }
}

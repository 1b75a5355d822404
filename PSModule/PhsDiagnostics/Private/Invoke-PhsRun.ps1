# A diagnostic for a cmdlet: its request from the parameters that were given, its run, and every failure as an error of
# that cmdlet, at the user's own line.
function Start-PhsDiagnostic {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        # The function of the C ABI.
        [Parameter(Mandatory)] [string] $Function,
        # The cmdlet's $PSBoundParameters, or those of them that the diagnostic takes.
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Bound,
        # See Invoke-PhsRun.
        [Parameter()] [hashtable] $Tally = @{}
    )

    try {
        $request = New-PhsRequest -Cmdlet $Cmdlet -Bound $Bound
        Add-PhsLocalEvidence -Request $request -Function $Function -Bound $Bound -Cmdlet $Cmdlet
        $graph = Open-PhsGraph -Bound $Bound
        try {
            if ($null -ne $graph) {
                Import-PhsScript -Name Collect
                Add-PhsCloudEvidence -Request $request -Graph $graph -Brief:(Test-PhsUserFunction -Function $Function)
            }
            Invoke-PhsRun -Cmdlet $Cmdlet -Function $Function -Request $request -Credential $Bound['Credential'] -Tally $Tally -Graph $graph
        } finally {
            Close-PhsGraph -Graph $graph
        }
    } catch {
        Assert-PhsForeignError -Cmdlet $Cmdlet -Function $Function -Problem $_
        throw
    }
}

# Writes an error of a cmdlet. What its caller set as $ErrorActionPreference holds, though functions of a module do not see
# the variables of a script that calls them.
function Write-PhsError {
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '',
        Justification = 'WriteError reads the preference.')]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $Record
    )

    $ErrorActionPreference = $Cmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference')
    $Cmdlet.WriteError($Record)
}

# Whether a diagnostic judges users alone.
function Test-PhsUserFunction {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Function)

    $Function -in 'phs_test_user', 'phs_test_object_sync', 'phs_test_temporary_password', 'phs_invoke_user_audit'
}

# Makes an error of ours one of the cmdlet. Any other is an error of a command further down the pipeline, which passes
# through here: the caller throws it on.
function Assert-PhsForeignError {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $Problem
    )

    if ($Problem.FullyQualifiedErrorId -like 'Phs.*') {
        $Cmdlet.ThrowTerminatingError($Problem)
    }
    if ($Problem.Exception.GetBaseException() -is [System.EntryPointNotFoundException]) {
        $Cmdlet.ThrowTerminatingError((New-PhsErrorRecord -Id 'Phs.Native.VersionMismatch' -Category InvalidResult `
                    -Target $Function -Message ((Get-PhsString FunctionMissing) -f $Function) `
                    -RecommendedAction (Get-PhsString VersionMismatchAction)))
    }
}

# Starts a diagnostic and hands its events to the streams of the calling cmdlet while it works. What the run came to
# stands in -Tally afterwards. Ctrl+C and `Select-Object -First` end in the finally block, which cancels and frees the
# run and the secret.
function Invoke-PhsRun {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        # The function of the C ABI.
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter()] [AllowNull()] [pscredential] $Credential,
        # Filled with Summary (of the library) and Errors (how many error events there were).
        [Parameter()] [hashtable] $Tally = @{},
        # The way to Microsoft Graph, for questions of the run about users.
        [Parameter()] [AllowNull()] [hashtable] $Graph
    )

    $Tally.Summary = $null
    $Tally.Errors = 0
    $open = @{}
    try {
        Open-PhsRun -Open $open -Function $Function -Request $Request -Credential $Credential
        $open.Graph = $Graph
        Receive-PhsRun -Open $open -Cmdlet $Cmdlet -Tally $Tally
    } finally {
        Close-PhsRun -Open $open
    }
}

# Starts a run into -Open: Interop, Run, Secret, Clock, Progress. Whatever happens, Close-PhsRun follows.
function Open-PhsRun {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Open,
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter()] [AllowNull()] [pscredential] $Credential
    )

    $interop = Get-PhsNative
    $functions = $interop.Functions
    $Open.Interop = $interop
    $Open.Run = [uint64] 0
    $Open.Secret = [uint64] 0
    $Open.Progress = $null
    $Open.Clock = [System.Diagnostics.Stopwatch]::StartNew()
    if ($null -ne $Credential -and $Credential -ne [pscredential]::Empty) {
        $made = New-PhsNativeSecret -Interop $interop -Secret $Credential.Password
        $Open.Secret = $made.Handle
        Assert-PhsStatus -Status $made.Status -Problem $made.Problem -Function 'phs_secret_new' -Interop $interop
        $Request.credential = [ordered]@{ user = $Credential.UserName; secret = $made.Handle.ToString() }
    }

    $json = ConvertTo-Json -InputObject $Request -Compress -Depth 20
    $bytes = [System.Text.UTF8Encoding]::new($false).GetBytes($json)
    $run = [uint64] 0
    $problem = [System.Activator]::CreateInstance($interop.Buffer)
    try {
        $status = $functions::$Function($bytes, [System.UIntPtr]::new([uint64] $bytes.Length), [ref] $run, [ref] $problem)
        $Open.Run = $run
        Assert-PhsStatus -Status $status -Problem (Read-PhsBuffer $problem) -Function $Function -Interop $interop
    } finally {
        $functions::phs_buffer_free([ref] $problem)
    }
}

# Hands the events of a run on: to its end, or until it waits for more (the value of -Open.Ready tells).
function Receive-PhsRun {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Open,
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter()] [hashtable] $Tally = @{ Errors = 0 }
    )

    $Open.Ready = $false
    while ($null -ne ($message = Receive-PhsEvent -Interop $Open.Interop -Run $Open.Run)) {
        switch ($message.Kind) {
            'finding' { $message.Findings }
            'verdict' { $message.Verdicts }
            'audit' { $message.Audit }
            'check' { $message.Checks }
            'account' { $message.Accounts }
            'evidence' { $message.Evidence }
            'event' { $message.Events }
            'capability' { $message.Capabilities }
            'difference' { $message.Differences }
            'log' { Write-PhsLog -Cmdlet $Cmdlet -Log $message.Log }
            'error' {
                $Tally.Errors++
                Write-PhsError -Cmdlet $Cmdlet -Record (ConvertTo-PhsErrorRecord $message.Error)
            }
            # A bar that flickers past says nothing: short work shows none.
            { $_ -eq 'progress' -and $Open.Clock.ElapsedMilliseconds -ge 500 } {
                $Open.Progress = [System.Management.Automation.ProgressRecord]::new(
                    1, $message.Progress.Activity, $message.Progress.Status)
                $Open.Progress.PercentComplete = $message.Progress.Percent
                $Cmdlet.WriteProgress($Open.Progress)
            }
            'question' { Send-PhsUserAnswer -Open $Open -Question $message.Question }
            'ready' {
                $Open.Ready = $true
                return
            }
            'finished' { $Tally.Summary = $message.Summary }
        }
    }
    if ($null -ne $Open.Progress) {
        $Open.Progress.RecordType = 'Completed'
        $Cmdlet.WriteProgress($Open.Progress)
    }
}

# Answers a run that asks what the tenant knows of users.
function Send-PhsUserAnswer {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Open,
        [Parameter(Mandatory)] $Question
    )

    Import-PhsScript -Name Collect
    $answer = Get-PhsGraphUserInput -Graph $Open.Graph -User $Question.Users
    $json = ConvertTo-Json -InputObject $answer -Compress -Depth 20
    $null = Send-PhsInput -Open $Open -Bytes ([System.Text.UTF8Encoding]::new($false).GetBytes($json))
}

# Frees the run and the secret of -Open, at any time and more than once.
function Close-PhsRun {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Open)

    Close-PhsGraph -Graph $Open['Graph']
    if (-not $Open.ContainsKey('Interop')) {
        return
    }
    $functions = $Open.Interop.Functions
    if ($Open.Run -ne 0) {
        $null = $functions::phs_run_cancel($Open.Run)
        $null = $functions::phs_run_free($Open.Run)
    }
    Close-PhsSecret -Open $Open
    $Open.Clear()
}

# Frees the secret of -Open, which its run has read by then.
function Close-PhsSecret {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Open)

    if ($Open.Secret -ne 0) {
        $functions = $Open.Interop.Functions
        $null = $functions::phs_secret_free($Open.Secret)
        $Open.Secret = [uint64] 0
    }
}

# The next event of a run, or nothing after the last. Waits in short steps, so that Ctrl+C is heard.
function Receive-PhsEvent {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Interop,
        [Parameter(Mandatory)] [uint64] $Run
    )

    $functions = $Interop.Functions
    $buffer = [System.Activator]::CreateInstance($Interop.Buffer)
    $problem = [System.Activator]::CreateInstance($Interop.Buffer)
    try {
        do {
            $status = $functions::phs_run_next($Run, 200, [ref] $buffer, [ref] $problem)
        } while ($status -eq 1)
        if ($status -eq 2) {
            return
        }
        Assert-PhsStatus -Status $status -Problem (Read-PhsBuffer $problem) -Function 'phs_run_next' -Interop $Interop
        ConvertFrom-PhsJson -Json (Read-PhsBuffer $buffer) -Type $Interop.Message
    } finally {
        $functions::phs_buffer_free([ref] $buffer)
        $functions::phs_buffer_free([ref] $problem)
    }
}

# Throws the library's own error where a call failed.
function Assert-PhsStatus {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [int] $Status,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Problem,
        [Parameter(Mandatory)] [string] $Function,
        [Parameter(Mandatory)] [hashtable] $Interop
    )

    if ($Status -ge 0) {
        return
    }
    if ($Problem) {
        throw (ConvertTo-PhsErrorRecord (ConvertFrom-PhsJson -Json $Problem -Type $Interop.Problem))
    }
    throw (New-PhsErrorRecord -Id 'Phs.Native.CallFailed' -Category InvalidResult -Target $Function `
            -Message ((Get-PhsString NativeCallFailed) -f $Status) `
            -RecommendedAction (Get-PhsString NativeCallFailedAction))
}

# A line of the library on its stream.
function Write-PhsLog {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.PSCmdlet] $Cmdlet,
        [Parameter(Mandatory)] $Log
    )

    switch ($Log.Level) {
        'warning' { $Cmdlet.WriteWarning($Log.Message) }
        'verbose' { $Cmdlet.WriteVerbose($Log.Message) }
        default { $Cmdlet.WriteDebug($Log.Message) }
    }
}

# An error of the library as PowerShell shows it.
function ConvertTo-PhsErrorRecord {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param([Parameter(Mandatory)] $Problem)

    $category = [System.Management.Automation.ErrorCategory]::NotSpecified
    $null = [System.Enum]::TryParse($Problem.Category, $true, [ref] $category)
    New-PhsErrorRecord -Id $Problem.Id -Category $category -Message $Problem.Message -Target $Problem.Target `
        -RecommendedAction $Problem.RecommendedAction
}

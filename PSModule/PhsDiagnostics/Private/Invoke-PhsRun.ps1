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
        Invoke-PhsRun -Cmdlet $Cmdlet -Function $Function -Request $request -Credential $Bound['Credential'] -Tally $Tally
    } catch {
        if ($_.FullyQualifiedErrorId -like 'Phs.*') {
            $Cmdlet.ThrowTerminatingError($_)
        }
        if ($_.Exception.GetBaseException() -is [System.EntryPointNotFoundException]) {
            $Cmdlet.ThrowTerminatingError((New-PhsErrorRecord -Id 'Phs.Native.VersionMismatch' -Category InvalidResult `
                        -Target $Function -Message ((Get-PhsString FunctionMissing) -f $Function) `
                        -RecommendedAction (Get-PhsString VersionMismatchAction)))
        }
        # Not ours: an error of a command further down the pipeline, which passes through here.
        throw
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
        [Parameter()] [hashtable] $Tally = @{}
    )

    $interop = Get-PhsNative
    $functions = $interop.Functions
    $problem = [System.Activator]::CreateInstance($interop.Buffer)
    $run = [uint64] 0
    $secret = [uint64] 0
    $progress = $null
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $Tally.Summary = $null
    $Tally.Errors = 0
    try {
        if ($null -ne $Credential -and $Credential -ne [pscredential]::Empty) {
            $made = New-PhsNativeSecret -Interop $interop -Secret $Credential.Password
            $secret = $made.Handle
            Assert-PhsStatus -Status $made.Status -Problem $made.Problem -Function 'phs_secret_new' -Interop $interop
            $Request.credential = [ordered]@{ user = $Credential.UserName; secret = $secret.ToString() }
        }

        $json = ConvertTo-Json -InputObject $Request -Compress -Depth 4
        $bytes = [System.Text.UTF8Encoding]::new($false).GetBytes($json)
        $status = $functions::$Function($bytes, [System.UIntPtr]::new([uint64] $bytes.Length), [ref] $run, [ref] $problem)
        Assert-PhsStatus -Status $status -Problem (Read-PhsBuffer $problem) -Function $Function -Interop $interop

        while ($null -ne ($message = Receive-PhsEvent -Interop $interop -Run $run)) {
            switch ($message.Kind) {
                'finding' { $message.Findings }
                'verdict' { $message.Verdicts }
                'audit' { $message.Audit }
                'check' { $message.Checks }
                'account' { $message.Accounts }
                'capability' { $message.Capabilities }
                'log' { Write-PhsLog -Cmdlet $Cmdlet -Log $message.Log }
                'error' {
                    $Tally.Errors++
                    $Cmdlet.WriteError((ConvertTo-PhsErrorRecord $message.Error))
                }
                # A bar that flickers past says nothing: short work shows none.
                { $_ -eq 'progress' -and $clock.ElapsedMilliseconds -ge 500 } {
                    $progress = [System.Management.Automation.ProgressRecord]::new(
                        1, $message.Progress.Activity, $message.Progress.Status)
                    $progress.PercentComplete = $message.Progress.Percent
                    $Cmdlet.WriteProgress($progress)
                }
                'finished' { $Tally.Summary = $message.Summary }
            }
        }
    } finally {
        if ($run -ne 0) {
            $null = $functions::phs_run_cancel($run)
            $null = $functions::phs_run_free($run)
        }
        if ($secret -ne 0) {
            $null = $functions::phs_secret_free($secret)
        }
        $functions::phs_buffer_free([ref] $problem)
    }
    if ($null -ne $progress) {
        $progress.RecordType = 'Completed'
        $Cmdlet.WriteProgress($progress)
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
        ConvertFrom-PhsJson -Json (Read-PhsBuffer $buffer) -Type $Interop.Event
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

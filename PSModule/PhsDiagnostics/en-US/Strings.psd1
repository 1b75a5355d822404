@{
    # Guide steps, for the headings of views.
    StepA1                = "Permissions of the connector account"
    StepA2                = "Password hash sync switched on, and its rules"
    StepA3                = "Connectivity to domain controllers and the cloud"
    StepA4                = "Staging mode and the scheduler"
    StepB1                = "The user: scope, join and password rule"
    StepB2                = "The user: temporary password and account flags"
    StepB3                = "The user: object set-up"
    StepService           = "The synchronization service"
    StepTool              = "This tool and its inputs"

    # Views.
    Suppressed            = "suppressed"
    MoreRemedies          = "and {0} more: Format-List shows all"
    AuditByRules          = "judged by the rules of the export"
    AuditByDefault        = "none given: only what blocks under the default rules is known"
    PortMarkRefused       = "refused"
    PortMarkDropped       = "dropped"
    PortMarkUnreachable   = "unreachable"
    PortMarkUnknown       = "not known"

    # Loading the native library.
    Unsupported           = "PhsDiagnostics does not run on '{0}'."
    Unsupported32Bit      = "Start a 64-bit PowerShell: on 64-bit Windows the one without '(x86)' in its name."
    UnsupportedMusl       = "Use a Linux with glibc 2.34 or later, such as Debian 12, Ubuntu 22.04 or RHEL 9."
    UnsupportedPlatform   = "Use 64-bit Windows, or a 64-bit Linux with glibc 2.34 or later."
    LibraryNotFound       = "The native library '{0}' is not there."
    LibraryNotFoundAction = "Install the module anew; from a checkout run ./build.sh build on this kind of machine."
    LoadFailed            = "The native library '{0}' could not be loaded: {1}"
    LoadFailedAction      = "Check that the file is complete and not blocked (Unblock-File), and that the system is supported: 64-bit Windows, or Linux with glibc 2.34 or later."
    VersionMismatch       = "The native library '{0}' speaks ABI version {1}; this module needs {2}."
    FunctionMissing       = "The native library has no function '{0}'."
    VersionMismatchAction = "Module and library are of different releases: install the module anew, then start a new PowerShell."
    LanguageMode          = "PhsDiagnostics cannot bind its native library in the language mode '{0}'."
    LanguageModeAction    = "Run it in a session with full language mode, or trust the signed module by policy."
    NativeCallFailed      = "The native library refused the call with status {0}."
    NativeCallFailedAction = "Install the module anew; if that does not help, report it."

    # Parameters.
    PathNotFound          = "Nothing matches the path '{0}'."
    PathNotFoundAction    = "Give the folder that holds 'Connectors', 'GlobalSettings' and 'SynchronizationRules'."
    PathAmbiguous         = "The path '{0}' matches {1} items; one diagnosis takes one."
    PathAmbiguousAction   = "Narrow the wildcard, or call the cmdlet once for each."
    PathNotFileSystem     = "The path '{0}' is not a file system path (provider '{1}')."
    PathNotFileSystemAction = "Give a path on a disk or share."

    NoDirectory           = "There is no directory to read the users from: no server and no domain was named."
    NoDirectoryAction     = "Give -Server (or -Domain) with -Credential."

    # The live event log.
    EventNotSupported     = "This system has no Windows event log to read."
    EventNotSupportedAction = "Save the log on the Connect server (wevtutil epl Application Application.evtx) and give the file: Get-PhsEvent -Path, Test-PhsService -EventPath."
    EventLogNotPermitted  = "The log '{0}' of '{1}' may not be read: {2}"
    EventLogNotPermittedAction = "Run it elevated, or as a member of 'Event Log Readers' on that server."
    EventLogNotFound      = "There is no log '{0}' on '{1}': {2}"
    EventLogNotFoundAction = "Check the name of the server, and that its service 'Windows Event Log' runs."
    EventLogUnreadable    = "The log '{0}' of '{1}' could not be read: {2}"
    EventLogUnreadableAction = "Check that the service 'Windows Event Log' runs and, for another server, that its firewall allows 'Remote Event Log Management'; or save the log there and give the file."
    EventNotARecord       = "An object of type '{0}' is no record of an event log."
    EventNotARecordAction = "Pipe what Get-WinEvent gives, or name a file with -Path."

    # Microsoft Graph.
    GraphTwoWays          = "Both a token and the session of Connect-MgGraph were given."
    GraphTwoWaysAction    = "Give -GraphToken or -UseMgContext, not both."
    GraphNoSession        = "There is no session of Microsoft Graph PowerShell."
    GraphNoSessionAction  = "Sign in with Connect-MgGraph first, or give a token with -GraphToken."
    GraphOtherEnvironment = "The session of Connect-MgGraph is in the environment '{0}', not in '{1}'."
    GraphOtherEnvironmentAction = "Leave -Environment out, or sign in with Connect-MgGraph -Environment again."
    GraphEnvironment      = "The environment '{0}' is not known."
    GraphEnvironmentAction = "Use Global, USGov, USGovDoD or China, or add it with Add-MgEnvironment and sign in there."
    GraphPlainText        = "The token is not sent to '{0}', which is no HTTPS address."
    GraphPlainTextAction  = "Use an environment whose Microsoft Graph answers over HTTPS."
    GraphNoToken          = "The secure string is no access token."
    GraphNoTokenAction    = "Give the token alone, as a secure string: without the word Bearer, quotation marks or line breaks."

    # Results.
    Unanswered            = "Not answered, so their health is unknown: step {0}. A question that was not asked is no sign of health."
    UnansweredRun         = "The diagnosis met an error before it could answer everything; see the error above."
    NoLink                = "The check '{0}' has no page on the web."
    NoLinkAction          = "Read its explanation: Get-PhsCheck -Id {0} | Format-List"
    CheckNotFound         = "There is no check '{0}'."
    CheckNotFoundAction   = "List the checks with Get-PhsCheck."
}

# Errors: the message, and .action: what to do.

error-request-invalid = The request to the native library is not valid: { $detail }.
    .action = Use the cmdlets of the module; if one of them gave this error, module and library are of different versions: install the module anew.
error-tool-panic = The native library hit a fault of its own: { $detail }.
    .action = Report it with the text above. The PowerShell session can go on.
error-secret-unknown = The password that the request names is not known to the native library.
    .action = Give the credential again; a password is kept only while its call runs.

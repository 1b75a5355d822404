# Errors: the message, and .action: what to do.

error-request-invalid = The request to the native library is not valid: { $detail }.
    .action = Use the cmdlets of the module; if one of them gave this error, module and library are of different versions: install the module anew.
error-tool-panic = The native library hit a fault of its own: { $detail }.
    .action = Report it with the text above. The PowerShell session can go on.
error-secret-unknown = The password that the request names is not known to the native library.
    .action = Give the credential again; a password is kept only while its call runs.
error-check-unknown = { $id } is not the id of a check.
    .action = Did you mean { $nearest }? Get-PhsCheck lists every id.
error-step-unknown = { $name } is not a step of the guide.
    .action = Give one of { $steps }.

# Errors of the C ABI: the library was called wrongly.

error-abi-null-argument = The argument { $name } is NULL.
    .action = Pass a pointer to memory of the caller.
error-abi-invalid-handle = { $handle } is not the handle of a live { $kind }: it was never given out, was freed, or belongs to something else.
    .action = Use each handle only between the call that returned it and the call that frees it.
error-abi-invalid-utf8 = The request is not UTF-8: byte { $place } is wrong.
    .action = Encode the request as UTF-8 without a byte order mark.
error-abi-too-large = { $name } is { $length } units long; at most { $limit } are taken.
    .action = Pass the length in units of the pointer's type, and no more than the limit.
error-abi-too-many-handles = { $limit } handles of this kind are alive; no more are given out.
    .action = Free runs and secrets that are no longer needed.
error-abi-runtime-unavailable = The native library could not start its threads: { $detail }.
    .action = Close other programs or raise the limit of threads, then call again.

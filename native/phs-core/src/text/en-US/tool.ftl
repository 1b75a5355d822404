# Texts about the tool itself.

phs901-match = Module and native library are both of version { $version }.
phs901-mismatch = The module is of version { $module }, its native library of version { $library }.
    .why = They talk in a form of their own. If they are of different versions, answers may be wrong or missing.
    .remedy = Install the module anew, and start a new PowerShell session: a loaded library stays until the process ends.
phs901-no-module = The library was not called by the module, so there is no version to compare.
phs901-unused-suppression = The suppression { $entry } covered no finding.
    .why = The fault that it hid is gone, or its text has an error; it may hide another fault later.
    .remedy = Remove it, or correct it: a check id (PHS201), a check id and target (PHS201:contoso.com), or the first 12 or more characters of a fingerprint.
phs901-policy = What was judged comes from the synchronization policy file { $file }, which may be stale.
    .why = Only the Microsoft Entra Connect wizard writes such a file. What PowerShell, the rules editor or the Synchronization Service Manager changed since is not in it, and neither are the password hash sync channel, the server's settings and the content of shipped rules.
    .remedy = Export the configuration as it is now, on the Connect server: Get-ADSyncServerConfiguration -Path <folder>. Diagnose that folder.

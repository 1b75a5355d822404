# Errors of reading a server configuration export: the message, and .action: what to do.

export-place = { $file } at line { $line } (offset { $offset })
export-not-found = { $path } does not exist.
    .action = Give the folder that Get-ADSyncServerConfiguration -Path wrote, with its subfolders Connectors, GlobalSettings and SynchronizationRules; the folder of a support bundle; or a synchronization policy file (JSON).
export-not-permitted = { $path } may not be read.
    .action = Run as an account that may read it, or copy the export to a folder of your own.
export-unreadable = { $path } could not be read: { $detail }.
    .action = Copy the export to a local disk, and try again.
export-empty = { $path } is empty.
    .action = Export the configuration again: Get-ADSyncServerConfiguration -Path <folder> on the Connect server, as an administrator.
export-not-an-export = { $path } is not a server configuration export.
    .action = Give the folder that holds Connectors, GlobalSettings and SynchronizationRules, as Get-ADSyncServerConfiguration -Path wrote it; the folder of a support bundle, which holds CONFIG; or a synchronization policy file (JSON). Unpack it first if it is packed. An evidence file goes with -Evidence, an event log with -EventPath.
export-ambiguous = { $path } holds several exports: { $exports }.
    .action = Give the path of one of them.
export-part-missing = The export has no { $part }.
    .action = Copy the whole export, or export the configuration again: Get-ADSyncServerConfiguration -Path <folder> on the Connect server.
export-too-many-files = { $path } holds { $count } files; only the first { $limit } were read.
    .action = Give an export as Get-ADSyncServerConfiguration wrote it, with no other files in its folders.
export-too-large = { $file } is { $size } MiB long. At most { $limit } MiB are read.
    .action = Look whether this is a file of the export; if it is, export the configuration again.
export-not-xml = { $place } is not XML: { $detail }.
    .action = Export the configuration again, and copy it without changes.
export-truncated = { $place } ends before its content does.
    .action = Copy the file again, or export the configuration again; then compare the sizes.
export-dtd = { $place } has a document type definition, which no export has. It was not read.
    .action = Do not trust this file. Export the configuration again on the Connect server.
export-too-deep = { $place } nests elements more than { $limit } deep, which no export does. It was not read further.
    .action = Do not trust this file. Export the configuration again on the Connect server.
export-text-too-long = { $place } has a text longer than { $limit } bytes, which no export has. It was not read further.
    .action = Export the configuration again, and copy it without changes.
export-encoding = { $place } is not in UTF-8, nor in UTF-16 with a byte order mark.
    .action = Export the configuration again, and copy it without opening and saving it in an editor.
export-invalid = { $place } is not as an export has it: { $detail }.
    .action = Make sure that the file belongs to this export; if it does, export the configuration again.

# Synchronization policy files (Applied-, Exported-SynchronizationPolicy-*.JSON, MigratedPolicy.json).

policy-not-json = { $place } is not JSON: { $detail }.
    .action = Copy the policy file again, without opening and saving it in an editor.
policy-not-a-policy = { $path } is JSON, but no synchronization policy: { $detail }.
    .action = Give a file named Applied-SynchronizationPolicy-*.JSON or Exported-SynchronizationPolicy-*.JSON (in %ProgramData%\AADConnect on the Connect server), or MigratedPolicy.json.
policy-stale = { $file } is a synchronization policy file and may be stale: only the Microsoft Entra Connect wizard writes it, so what PowerShell, the rules editor or the Synchronization Service Manager changed since is not in it. It holds no password hash sync channel, no server settings and no run profiles.

# Errors about evidence files: the message, and .action: what to do.

evidence-file-not-found = There is no evidence file { $file }.
    .action = Give the path of a file that Export-PhsEvidence wrote.
evidence-file-not-permitted = The evidence file { $file } may not be read.
    .action = Have its owner let you read it, or copy it where you may.
evidence-file-unreadable = The evidence file { $file } could not be read: { $detail }.
    .action = See that the disk or share works, then try again.
evidence-file-not-evidence = { $file } is not an evidence file: { $detail }.
    .action = Give a file that Export-PhsEvidence wrote. A server configuration export or a synchronization policy file goes with -Path, an event log with -EventPath.
evidence-file-truncated = { $place } in { $file } is cut off or damaged: { $detail }.
    .action = Copy the file again, and compare the sizes.
evidence-file-unsafe-name = The evidence file { $file } has an entry named { $name }, which points out of the archive. The file was not read.
    .action = Do not trust this file. Collect the evidence again with Export-PhsEvidence.
evidence-file-unknown-entry = The evidence file { $file } has an entry { $name }, which no evidence file has. That entry was not read.
    .action = If the file was written by a newer version of the module, install that version; otherwise do not trust the file.
evidence-file-too-many-entries = The evidence file { $file } has { $count } entries; at most { $limit } are read. The file was not read.
    .action = Do not trust this file. Collect the evidence again with Export-PhsEvidence.
evidence-file-bomb = { $place } in { $file } is packed as no evidence file is: entries that overlap or have the same name, or far more content than its length tells. It was not read further.
    .action = Do not trust this file. Collect the evidence again with Export-PhsEvidence.
evidence-file-too-large = { $place } in { $file } is longer than { $limit } MiB unpacked. It was not read further.
    .action = Collect less at once: a shorter window of events, or one domain at a time.
evidence-file-too-complex = { $place } in { $file } holds more than { $limit } objects and lists, or nests them too deep. It was not read.
    .action = Do not trust this file. Collect the evidence again with Export-PhsEvidence.
evidence-file-part-missing = { $place } is missing in { $file }, though the manifest lists it.
    .action = Do not take entries out of an evidence file. Copy the file again, or collect the evidence again.
evidence-file-wrong-hash = { $place } in { $file } is not what the manifest says (SHA-256): it was changed or damaged, and was not used.
    .action = Copy the file again from where it was collected; if the error stays, collect the evidence again.
evidence-file-unsupported = { $place } in { $file } cannot be read: { $detail }.
    .action = Do not pack or encrypt the entries of an evidence file anew. Take the file as Export-PhsEvidence wrote it.
evidence-file-not-json = { $place } in { $file } is not JSON: { $detail }.
    .action = Take the file as Export-PhsEvidence wrote it, or collect the evidence again.
evidence-file-invalid = { $place } in { $file } is not as evidence has it: { $detail }.
    .action = Take the file as Export-PhsEvidence wrote it, or collect the evidence again.
evidence-file-duplicate-key = { $place } in { $file } has one key twice in one object: { $key }. It was not used, since it may mean either.
    .action = Do not trust this file. Collect the evidence again with Export-PhsEvidence.
evidence-file-unknown-field = { $place } in { $file } has a field that evidence of this version does not have: { $field }. It was not used.
    .action = Take the file as Export-PhsEvidence wrote it. If a newer version of the module wrote it, install that version.
evidence-file-newer-schema = The evidence file { $file } has schema { $found } and was written by version { $tool }; this version reads up to schema { $known }.
    .action = Install a version of the module that is as new as the one that wrote the file.
evidence-file-redacted = The names in the evidence file { $file } were replaced by pseudonyms, so its users cannot be judged: rules test names.
    .action = Take the file that was not redacted. Invoke-PhsDiagnostics tells what was found before the names were replaced.
evidence-file-redacted-tenant = The names in the evidence file were replaced by pseudonyms, so the answers of the tenant were left out: nothing can be judged anew with it.
evidence-file-later-tenant = The evidence file is of { $at }; the tenant was asked today, for what the file does not hold.
evidence-file-not-redacted = The evidence for { $file } could not be redacted (place { $place }). Nothing was written.
    .action = This is a fault of the tool: report it. Do not hand over a file that was not redacted in its place.
evidence-file-nothing-collected = Nothing could be collected, so { $file } was not written.
    .action = Mend what the errors before this one name, and export again. A file of that name is as it was.
evidence-file-no-users = The evidence file { $file } holds no users.
    .action = Collect the evidence again with Export-PhsEvidence -AllUsers.
evidence-file-named-users = The evidence file { $file } holds only { $count ->
    [one] the user who was
   *[other] the { $count } users who were
} named at its export; collect it with -AllUsers to judge everyone.
evidence-file-exists = { $file } is there already.
    .action = Give another name, or -Force to replace it.
evidence-file-not-written = The evidence file { $file } could not be written: { $detail }. Nothing was left under that name.
    .action = See that the folder exists and may be written to, and that the disk has room; then try again.

# Errors of reading an event log: the message, and .action: what to do.

event-not-found = { $path } does not exist.
    .action = Give an event log that Event Viewer or wevtutil wrote: wevtutil epl Application <file>.evtx
event-not-permitted = { $path } may not be read.
    .action = Run as an account that may read it, or copy the file to a folder of your own. The log in %SystemRoot%\System32\winevt\Logs needs an elevated session.
event-unreadable = { $path } could not be read: { $detail }.
    .action = Export the log again (wevtutil epl Application <file>.evtx), copy it to a local disk, and try again.
event-empty = { $path } is empty.
    .action = Export the log again: wevtutil epl Application <file>.evtx
event-too-large = { $path } is { $size } GiB long. At most { $limit } GiB are read.
    .action = Export the part that matters: wevtutil epl Application <file>.evtx "/q:*[System[TimeCreated[timediff(@SystemTime) <= 604800000]]]"
event-not-a-log = { $path } is neither an .evtx file nor XML.
    .action = Give an event log as .evtx or as XML. A log as text or CSV does not hold what is needed; .evt files of older Windows are not read.
event-no-events = { $path } is XML and holds no event.
    .action = Give an export of the Application log: wevtutil qe Application /f:xml /uni:true > <file>.xml, or Save All Events As in Event Viewer.
event-not-xml = { $place } is not the XML of an event log: { $detail }.
    .action = Export the log again, and copy it without changes. The events before this place were read.
event-truncated = { $place } ends before its content does.
    .action = Copy the file again, or export the log again; then compare the sizes. The events before this place were read.
event-dtd = { $place } has a document type definition, which no event log has. It was not read further.
    .action = Do not trust this file. Export the log again on the server.
event-excess = { $place } nests elements more than { $limit } deep, or has a text of more than a mebibyte, which no event log has. It was not read further.
    .action = Do not trust this file. Export the log again on the server.
event-encoding = { $place } is not UTF-8, nor UTF-16 with a byte order mark.
    .action = Export the log again in Unicode: wevtutil qe Application /f:xml /uni:true > <file>.xml, or better as .evtx.
event-damaged = { $path }: { $count ->
    [one] one part
   *[other] { $count } parts
 } could not be read, the first at offset { $offset }: { $detail }. Everything else was read.
    .action = Export the log again (wevtutil epl Application <file>.evtx) rather than copying the file that Windows writes to. Findings that would need the lost part are Skipped.

# What an event tells, by its id.

event-meaning = { $id ->
    [0] Work failed and will be tried again, or credentials are bad
    [115] Access to the cloud was denied
    [601] The password hash sync manager is starting
    [602] The password hash sync manager is stopping
    [603] The password hash sync manager failed unexpectedly
    [604] A task failed
    [605] Objects were put on the retry queue
    [606] Objects were taken off the retry queue
    [607] The agent cannot start
    [609] The agent has stopped
    [610] The agent cannot stop
    [611] Password hash sync failed for a domain
    [612] The synchronization context of a domain could not be initialized
    [613] Paused until the full directory synchronization has finished
    [614] A start was requested while the agent runs
    [615] A worker thread failed
    [616] The preferred domain controller could not be reached
    [617] A full password sync of the forest has started
    [618] A full password sync of a domain has started
    [619] Progress of a full password sync
    [620] Objects that are not tried again
    [621] A full password sync failed
    [622] The full password sync of a domain is done
    [623] The full password sync of the forest is done
    [650] A batch of passwords is on its way to the cloud
    [651] A batch of passwords has reached the cloud
    [652] A batch of passwords failed
    [653] A heartbeat is on its way
    [654] The heartbeat has reached the cloud
    [655] The heartbeat failed
    [656] Users whose password change was sent
    [657] The cloud's answer for each user of a batch
    [658] Credentials for Microsoft Entra Domain Services
    [659] The password policy was synchronized
    [660] Repair of the tenant's feature has started
    [661] Repair of the tenant's feature has ended
    [662] A health task failed during the heartbeat
    [663] The password hash sync manager is alive
    [664] Password sync of a single object failed
    [665] The state of a domain's cycle could not be stored
    [666] A deadlock in the database
    [667] The key to read hashes could not be made: FIPS policy
    [668] Objects of which only pwdLastSet changed
    [904] The scheduler started or finished a cycle
    [6900] A password change notification failed
   *[other] -
 }
event-meaning-engine = { $id ->
    [6100] A run profile ended with warnings
    [6127] A run profile ended with errors
    [6329] The password writeback flag could not be set
    [6803] An export ended with errors
    [6941] An object could not be exported
   *[other] -
 }
event-meaning-tool = Written by a diagnostic tool, not by the agent

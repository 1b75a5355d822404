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

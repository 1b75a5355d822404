"""Compares a log, read by python-evtx, with what was written into it: verify.py LOG.evtx RECORDS.jsonl"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone

from Evtx.Evtx import Evtx

# python-evtx counts hundreds of nanoseconds since 1601 in floating point, whose steps are 1.6 microseconds wide today.
ROUNDED = 2
NAMESPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def microseconds(text):
    """A time as whole microseconds, all that python-evtx keeps."""
    text = text.strip().removesuffix("Z").removesuffix("+00:00").replace("T", " ")
    whole, _, fraction = text.partition(".")
    seconds = int(datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp())
    return seconds * 1_000_000 + int((fraction + "000000")[:6])


def lines(text):
    """Line ends as XML normalises them."""
    return text.replace("\r\n", "\n")


def read(record):
    event = ElementTree.fromstring(record.xml())
    system = event.find(NAMESPACE + "System")

    def value(name):
        return system.find(NAMESPACE + name)

    return {
        "recordId": int(value("EventRecordID").text),
        "id": int(value("EventID").text),
        "provider": value("Provider").get("Name"),
        "time": microseconds(value("TimeCreated").get("SystemTime")),
        "level": int(value("Level").text),
        "computer": value("Computer").text,
        "text": lines(event.find(f"{NAMESPACE}EventData/{NAMESPACE}Data").text),
    }


def main(log, records):
    with open(records, encoding="utf-8") as file:
        expected = [json.loads(line) for line in file]
    passed = failed = 0

    def check(name, is_true, detail=""):
        nonlocal passed, failed
        if is_true:
            passed += 1
        else:
            failed += 1
            print(f"FAILED: {name} {detail}")

    with Evtx(log) as file:
        header = file.get_file_header()
        check("the file header and its checksum", header.verify())
        chunks = list(file.chunks())
        check("several chunks", len(chunks) > 1, len(chunks))
        check("every chunk and its checksums", all(chunk.verify() for chunk in chunks))
        found = [read(record) for record in file.records()]
    check("the number of records", len(found) == len(expected), f"{len(found)} of {len(expected)}")
    for name in ("recordId", "id", "provider", "level", "computer", "time", "text"):
        wrong = [
            (got[name], want)
            for got, record in zip(found, expected)
            for want in [
                lines("\n".join(record["strings"])) if name == "text"
                else microseconds(record["time"]) if name == "time"
                else record[name]
            ]
            if (abs(got[name] - want) > ROUNDED if name == "time" else got[name] != want)
        ]
        check(f"{name} of every record", not wrong, wrong[:2])
    ids = {record["id"] for record in found}
    wanted = set(range(601, 624)) - {608} | set(range(650, 669)) | {0, 115, 904, 6900}
    check("every id of the agent", wanted <= ids, sorted(wanted - ids))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

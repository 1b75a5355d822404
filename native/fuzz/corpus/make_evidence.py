#!/usr/bin/env python3
"""Writes the seeds of the fuzz target evidence_file: small evidence files, sound and broken.

    make_evidence.py            writes into this folder
"""

import hashlib
import io
import json
import zipfile
from pathlib import Path

HERE = Path(__file__).parent / "evidence_file"
SERVER = b'{"source":"export","name":{"known":"SYNC1"}}'
USERS = b'{"identity":"a","distinguishedName":"CN=a,DC=b"}\n{"identity":"b","attributes":{"pwdLastSet":{"text":["0"]}}}\n'


def evidence(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED, **changes: object) -> bytes:
    """An evidence file of these parts; stored, so that a changed byte reaches the JSON."""
    manifest = {
        "schemaVersion": 1,
        "toolVersion": "0.1.0",
        "machine": "SYNC1",
        "platform": "linux x86_64",
        "collectedAt": "2026-10-01T08:00:00Z",
        "parts": [
            {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in parts.items()
        ],
    }
    manifest.update(changes)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in {**parts, "manifest.json": json.dumps(manifest).encode()}.items():
            # A fixed time: the seeds are the same on every day.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def main() -> None:
    """Writes every seed."""
    HERE.mkdir(exist_ok=True)
    both = {"server.json": SERVER, "users.ndjson": USERS}
    sound = evidence(both)
    seeds = {
        "sound": sound,
        "packed": evidence(both, zipfile.ZIP_DEFLATED),
        "truncated": sound[:-30],
        "wrong-hash": sound.replace(b"SYNC1", b"SYNC2", 1),
        "newer": evidence({}, schemaVersion=2),
        "duplicate-key": evidence({"server.json": b'{"source":"a","source":"b"}'}),
        "unknown-field": evidence({"server.json": b'{"nmae":"a"}'}),
        "traversal": evidence({"../server.json": SERVER}),
        "redacted": evidence({"findings.json": b"[]"}, redacted=True),
    }
    for name, data in seeds.items():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()

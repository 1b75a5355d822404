#!/usr/bin/env python3
"""Writes the seed corpus of the fuzz target `descriptor`, packed by hand from MS-DTYP 2.4.

    python3 native/fuzz/corpus/make_descriptor.py [--check]

The output is the same on every run; --check compares instead of writing.
"""

import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parents[2] / "tests" / "fixtures" / "security"
GET_CHANGES = bytes.fromhex("aaf63111079cd111f79f00c04fc2dcd2")
USER_CLASS = bytes.fromhex("ba7a96bfe60dd011a28500aa003049e2")
OBJECT_TYPES = {5, 6, 7, 8, 0x0B, 0x0C, 0x0F, 0x10}


def sid(authority, *subs):
    return struct.pack("<BB6s", 1, len(subs), authority.to_bytes(6, "big")) + struct.pack(f"<{len(subs)}I", *subs)


EVERYONE = sid(1, 0)
ADMINISTRATORS = sid(5, 32, 544)
ACCOUNT = sid(5, 21, 10, 20, 30, 1104)
LONGEST = sid(0xABCDEF012345, *range(15))


def ace(code, body, flags=0):
    return struct.pack("<BBH", code, flags, 4 + len(body)) + body


def typed(code, mask=0x100, who=ACCOUNT, guids=1, data=b"", flags=0):
    body = struct.pack("<I", mask)
    if code in OBJECT_TYPES:
        body += struct.pack("<I", guids)
        body += GET_CHANGES if guids & 1 else b""
        body += USER_CLASS if guids & 2 else b""
    return ace(code, body + who + data, flags)


def acl(*aces, revision=4, slack=b""):
    body = b"".join(aces)
    return struct.pack("<BBHHH", revision, 0, 8 + len(body) + len(slack), len(aces), 0) + body + slack


def descriptor(control=0x8004, owner=b"", group=b"", sacl=b"", dacl=b"", order="ogsd"):
    parts = {"o": owner, "g": group, "s": sacl, "d": dacl}
    offsets, body = {}, b""
    for part in order:
        offsets[part] = 20 + len(body) if parts[part] else 0
        body += parts[part]
    return struct.pack("<BBH4I", 1, 0, control, *(offsets[part] for part in "ogsd")) + body


def corpus():
    yield "dacl-absent", descriptor(control=0x8000, owner=ADMINISTRATORS)
    yield "dacl-null", descriptor()
    yield "dacl-empty", descriptor(dacl=acl())
    every = [typed(code, guids=code % 4, data=b"artx" if 9 <= code <= 16 else b"") for code in range(22) if code != 4]
    yield "every-ace-type", descriptor(dacl=acl(*every))
    yield "unknown-ace-types", descriptor(dacl=acl(ace(4, b"\1\2\3\4"), ace(0x60, b""), ace(0xFF, b"odd"), typed(0)))
    # @USER.x == "a" && Member_of {SID(BA)}
    condition = b"artx\xf9\2\0\0\0x\0\x10\2\0\0\0a\0\x80\x50\x15\0\0\0\x51\x10\0\0\0" + ADMINISTRATORS + b"\x89\xa0\0\0"
    yield "condition", descriptor(dacl=acl(typed(9, data=condition), typed(0x0C, data=condition)))
    for order in ("ogsd", "sdog", "dsgo"):
        yield f"layout-{order}", descriptor(0x8014, EVERYONE, ADMINISTRATORS, acl(typed(7)), acl(typed(5)), order)
    yield "slack", descriptor(dacl=acl(typed(0, data=b"\0" * 8), slack=b"\xee" * 12)) + b"behind"
    yield "longest-sid", descriptor(0x8004, LONGEST, dacl=acl(typed(0, who=LONGEST)))
    shared = bytearray(descriptor(0x8000, owner=ADMINISTRATORS))
    struct.pack_into("<I", shared, 8, 20)
    yield "owner-is-group", bytes(shared)
    order = [typed(6, flags=8), typed(0x0A, data=b"artx"), typed(6, guids=0), typed(0, 0x10000000), typed(1, 0xC0000)]
    yield "order", descriptor(0x9404, ACCOUNT, dacl=acl(*order))
    stand_ins = [typed(0, who=sid(5, 10)), typed(0, 0x60000, who=sid(3, 4))]
    yield "self-and-owner-rights", descriptor(0x8004, ACCOUNT, dacl=acl(*stand_ins))
    whole = descriptor(dacl=acl(typed(5, guids=3)))
    for name, at, value in (("short-ace", 30, 40), ("short-acl", 22, 30), ("long-acl", 22, 255), ("count", 24, 9)):
        broken = bytearray(whole)
        broken[at] = value
        yield f"broken-{name}", bytes(broken)
    yield "truncated", whole[:-1]
    yield "text", b"O:BAG:BAD:PAI(OA;CIIO;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;AU)(XA;;0x100;;;WD;(#61727478))S:NO_ACCESS_CONTROL"
    yield "domain-head", (FIXTURES / "domain-head-denied.bin").read_bytes()


DICTIONARY = [GET_CHANGES, EVERYONE, ADMINISTRATORS, sid(5, 10), sid(3, 4), b"artx", b"D:(", b"NO_ACCESS_CONTROL", b"(OA;;CR;"]


def main():
    files = {HERE / "descriptor" / name: data for name, data in corpus()}
    words = ("".join(f"\\x{byte:02x}" for byte in word) for word in DICTIONARY)
    files[HERE / "descriptor.dict"] = "".join(f'"{word}"\n' for word in words).encode("ascii")
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, data in files.items() if not path.exists() or path.read_bytes() != data]
        if stale:
            sys.exit(f"out of date: {', '.join(stale)}")
        return
    (HERE / "descriptor").mkdir(exist_ok=True)
    for path, data in files.items():
        path.write_bytes(data)


if __name__ == "__main__":
    main()

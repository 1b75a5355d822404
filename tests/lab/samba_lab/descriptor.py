"""Security descriptors as bytes (MS-DTYP 2.4.2 to 2.4.6): taken apart, changed, put together again.

Written for the lab instead of using Samba's own classes, because the lab must also store what those refuse to make:
callback and unknown ACEs, slack, an absent or null DACL, flags that a writer would drop.
"""

import struct
import uuid
from dataclasses import dataclass, field, replace

ALLOW, DENY, ALLOW_OBJECT, DENY_OBJECT = 0x00, 0x01, 0x05, 0x06
CALLBACK_ALLOW, CALLBACK_DENY, CALLBACK_ALLOW_OBJECT, CALLBACK_DENY_OBJECT = 0x09, 0x0A, 0x0B, 0x0C
OBJECT_TYPES = (ALLOW_OBJECT, DENY_OBJECT, CALLBACK_ALLOW_OBJECT, CALLBACK_DENY_OBJECT)

OI, CI, NP, IO, ID = 0x01, 0x02, 0x04, 0x08, 0x10
DACL_PRESENT, SACL_PRESENT, SELF_RELATIVE = 0x0004, 0x0010, 0x8000

CONTROL_ACCESS = 0x0100
FULL_CONTROL = 0x000F01FF
GENERIC_ALL, GENERIC_EXECUTE, GENERIC_WRITE, GENERIC_READ = 0x10000000, 0x20000000, 0x40000000, 0x80000000
# What an administrator needs to read the head over LDAP: READ_CONTROL, LIST_OBJECT, READ_PROPERTY, LIST_CHILDREN.
READING = 0x00020094

GET_CHANGES = uuid.UUID("1131f6aa-9c07-11d1-f79f-00c04fc2dcd2")
GET_CHANGES_ALL = uuid.UUID("1131f6ad-9c07-11d1-f79f-00c04fc2dcd2")
GET_CHANGES_FILTERED = uuid.UUID("89e95b76-444d-4c62-991a-0facbeda640c")
SYNCHRONIZE = uuid.UUID("1131f6ab-9c07-11d1-f79f-00c04fc2dcd2")
MANAGE_TOPOLOGY = uuid.UUID("1131f6ac-9c07-11d1-f79f-00c04fc2dcd2")
SECRET_SYNCHRONIZATION = uuid.UUID("1131f6ae-9c07-11d1-f79f-00c04fc2dcd2")
USER_CLASS = uuid.UUID("bf967aba-0de6-11d0-a285-00aa003049e2")
DOMAIN_CLASS = uuid.UUID("19195a5b-6da0-11d0-afd3-00c04fd930c9")
NIL = uuid.UUID(int=0)


def pack_sid(text: str) -> bytes:
    """The wire form of a SID in string form."""
    parts = text.split("-")
    values = [int(part) for part in parts[3:]]
    return (
        struct.pack("<BB", int(parts[1]), len(values))
        + int(parts[2]).to_bytes(6, "big")
        + struct.pack(f"<{len(values)}I", *values)
    )


def unpack_sid(data: bytes) -> str:
    """The string form of a SID on the wire; bytes after it are ignored."""
    revision, count = data[0], data[1]
    values = struct.unpack_from(f"<{count}I", data, 8)
    return "-".join(["S", str(revision), str(int.from_bytes(data[2:8], "big")), *map(str, values)])


@dataclass(frozen=True)
class Ace:
    """An access control entry whose trustee is still a name or a SID; see `pack`."""

    kind: int
    trustee: str
    mask: int = CONTROL_ACCESS
    right: uuid.UUID | None = None
    flags: int = 0
    inherited_type: uuid.UUID | None = None
    tail: bytes = b""

    def pack(self, sids: dict[str, str]) -> bytes:
        """The wire form; `sids` gives the SID of a trustee that is not one."""
        sid = self.trustee if self.trustee.startswith("S-1-") else sids[self.trustee]
        body = struct.pack("<I", self.mask)
        if self.kind in OBJECT_TYPES:
            present = (1 if self.right is not None else 0) | (2 if self.inherited_type is not None else 0)
            body += struct.pack("<I", present)
            for guid in (self.right, self.inherited_type):
                body += guid.bytes_le if guid is not None else b""
        body += pack_sid(sid) + self.tail
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<BBH", self.kind, self.flags, len(body) + 4) + body


@dataclass(frozen=True)
class Descriptor:
    """A descriptor in parts; `aces` is None for a null DACL, and what DACL_PRESENT says is in `control`."""

    control: int
    owner: bytes
    group: bytes
    sacl: bytes | None
    aces: tuple[bytes, ...] | None
    revision: int = 4
    acl_slack: bytes = b""
    tail: bytes = field(default=b"", repr=False)

    @staticmethod
    def unpack(data: bytes) -> "Descriptor":
        """Takes a self-relative descriptor apart."""
        _, _, control, owner, group, sacl, dacl = struct.unpack_from("<BBHIIII", data)
        aces: tuple[bytes, ...] | None = None
        revision = 4
        if dacl:
            revision, _, _, count, _ = struct.unpack_from("<BBHHH", data, dacl)
            found, at = [], dacl + 8
            for _ in range(count):
                size = struct.unpack_from("<H", data, at + 2)[0]
                found.append(data[at : at + size])
                at += size
            aces = tuple(found)
        return Descriptor(
            control,
            Descriptor._sid_at(data, owner),
            Descriptor._sid_at(data, group),
            data[sacl : sacl + struct.unpack_from("<H", data, sacl + 2)[0]] if sacl else None,
            aces,
            revision,
        )

    @staticmethod
    def _sid_at(data: bytes, at: int) -> bytes:
        return data[at : at + 8 + 4 * data[at + 1]] if at else b""

    def pack(self) -> bytes:
        """The self-relative wire form."""
        dacl = b""
        if self.aces is not None and self.control & DACL_PRESENT:
            body = b"".join(self.aces) + self.acl_slack
            dacl = struct.pack("<BBHHH", self.revision, 0, len(body) + 8, len(self.aces), 0) + body
        parts = (self.owner, self.group, self.sacl or b"", dacl)
        offsets, at = [], 20
        for part in parts:
            offsets.append(at if part else 0)
            at += len(part)
        return struct.pack("<BBHIIII", 1, 0, self.control | SELF_RELATIVE, *offsets) + b"".join(parts) + self.tail

    def insert(self, first: list[bytes], last: list[bytes] | None = None) -> "Descriptor":
        """The same with ACEs before and after its own."""
        return replace(self, aces=(*first, *(self.aces or ()), *(last or ())))

    def without_replication(self) -> "Descriptor":
        """The same without the ACEs that grant replication, explicitly or as part of more, to anyone."""
        return replace(self, aces=tuple(ace for ace in self.aces or () if not grants_replication(ace)))


def grants_replication(ace: bytes) -> bool:
    """Does this ACE decide about one of the two rights, or about all extended rights?"""
    if not struct.unpack_from("<I", ace, 4)[0] & CONTROL_ACCESS:
        return False
    if ace[0] in OBJECT_TYPES and struct.unpack_from("<I", ace, 8)[0] & 1:
        return ace[12:28] in (GET_CHANGES.bytes_le, GET_CHANGES_ALL.bytes_le)
    return True


def swap_rights(data: bytes) -> bytes:
    """The same descriptor with Get-Changes and Get-Changes-All exchanged in its object ACEs.

    The access check treats the two alike, so what the server says about Get-Changes on the exchanged descriptor is
    what it would say about Get-Changes-All alone on the first one, which it can be asked in no other way.
    """
    first, second = GET_CHANGES.bytes_le, GET_CHANGES_ALL.bytes_le
    descriptor = Descriptor.unpack(data)
    swapped = []
    for ace in descriptor.aces or ():
        if ace[0] in OBJECT_TYPES and struct.unpack_from("<I", ace, 8)[0] & 1:
            guid = {first: second, second: first}.get(ace[12:28], ace[12:28])
            ace = ace[:12] + guid + ace[28:]
        swapped.append(ace)
    return replace(descriptor, aces=None if descriptor.aces is None else tuple(swapped)).pack()

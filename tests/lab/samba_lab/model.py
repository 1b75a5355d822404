"""What a round is, and how its descriptor is put together."""

import base64
from dataclasses import dataclass, field

from . import descriptor as sd
from .descriptor import Ace, Descriptor

EVERYONE, NETWORK, INTERACTIVE, ANONYMOUS = "S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7"
ENTERPRISE_DCS, SELF, AUTHENTICATED, THIS_ORGANIZATION = "S-1-5-9", "S-1-5-10", "S-1-5-11", "S-1-5-15"
CREATOR_OWNER, OWNER_RIGHTS, SYSTEM = "S-1-3-0", "S-1-3-4", "S-1-5-18"
ADMINISTRATORS, USERS, PRE_WINDOWS_2000 = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-554"


@dataclass(frozen=True)
class Departure:
    """Where Samba's answer is not that of MS-ADTS, with the accounts whose answers differ and what MS-ADTS says.

    `adts` is (Get-Changes, Get-Changes-All); None in it stands for "depends on what the server cannot tell us".
    """

    section: str
    samba: str
    why: str
    adts: dict[str, tuple[bool | None, bool | None]]


@dataclass(frozen=True)
class Round:
    """A descriptor and who is asked about. `write` says whether it goes through the directory's own checks
    (`directory`, as an administrator's change would) or straight into the database (`raw`)."""

    name: str
    descriptor: bytes
    accounts: tuple[str, ...]
    write: str = "directory"
    expect: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    departure: Departure | None = None

    def as_json(self) -> dict[str, object]:
        """The form in DIR/rounds.jsonl."""
        result: dict[str, object] = {
            "round": self.name,
            "write": self.write,
            "descriptor": base64.b64encode(self.descriptor).decode("ascii"),
            "accounts": list(self.accounts),
            "expect": {name: answer(pair) for name, pair in self.expect.items()},
        }
        if self.departure is not None:
            result["departure"] = {
                "section": self.departure.section,
                "samba": self.departure.samba,
                "why": self.departure.why,
                "adts": {name: answer(pair) for name, pair in self.departure.adts.items()},
            }
        return result


def answer(pair: tuple[bool | None, bool | None]) -> dict[str, bool | None]:
    """Two rights under the names that the oracle uses."""
    return {"getChanges": pair[0], "getChangesAll": pair[1]}


class Maker:
    """Builds the rounds on a given head and with the SIDs of a given domain."""

    def __init__(self, head: bytes, sids: dict[str, str]) -> None:
        self.head = Descriptor.unpack(head)
        self.sids = sids
        self.bare = self.head.without_replication()

    def pack(self, aces: tuple[Ace, ...] | list[Ace]) -> list[bytes]:
        """The wire form of ACEs that name their trustees."""
        return [ace.pack(self.sids) for ace in aces]

    def sid(self, name: str) -> bytes:
        """The wire form of a SID."""
        return sd.pack_sid(self.sids[name])

    def same(self, name: str, data: bytes, pair: tuple[bool, bool], *accounts: str, write: str = "directory") -> Round:
        """A round in which every account has the same answer."""
        return Round(name, data, accounts, write, dict.fromkeys(accounts, pair))

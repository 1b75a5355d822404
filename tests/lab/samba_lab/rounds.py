"""Rounds: one descriptor for the domain head each, and the accounts that are judged under it."""

import base64
import random
import struct
import uuid
from dataclasses import dataclass, field, replace

from . import descriptor as sd
from .accounts import CASES, DOMAIN_LOCAL, GLOBAL, UNIVERSAL, allow, deny
from .descriptor import Ace, Descriptor

EVERYONE, NETWORK, INTERACTIVE, ANONYMOUS = "S-1-1-0", "S-1-5-2", "S-1-5-4", "S-1-5-7"
ENTERPRISE_DCS, SELF, AUTHENTICATED, THIS_ORGANIZATION = "S-1-5-9", "S-1-5-10", "S-1-5-11", "S-1-5-15"
CREATOR_OWNER, OWNER_RIGHTS, SYSTEM = "S-1-3-0", "S-1-3-4", "S-1-5-18"
ADMINISTRATORS, USERS, PRE_WINDOWS_2000 = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-554"

RANDOM_ROUNDS = 200
RANDOM_ACCOUNTS = 24
RANDOM_GROUPS = 12
ACCOUNTS_PER_ROUND = 5
SEED = 20260408

# A condition that Samba 4.17 cannot evaluate and Windows can: `@User.department == 1` (MS-DTYP 2.4.4.17).
CONDITION = b"artx" + b"\xf9" + struct.pack("<I", 20) + "department".encode("utf-16-le")
CONDITION += b"\x04" + struct.pack("<q", 1) + b"\x03\x02" + b"\x80"


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


def random_members() -> list[tuple[str, int, tuple[str, ...]]]:
    """The groups of the random rounds: name, kind, member of which earlier ones."""
    chance = random.Random(SEED)
    found: list[tuple[str, int, tuple[str, ...]]] = []
    for number in range(RANDOM_GROUPS):
        # Domain-local groups first, then universal, then global: each may be in any group made before it.
        kind = (DOMAIN_LOCAL, UNIVERSAL, GLOBAL)[number * 3 // RANDOM_GROUPS]
        earlier = [name for name, _, _ in found]
        parents = tuple(sorted(chance.sample(earlier, min(len(earlier), chance.choice((0, 0, 1, 1, 2))))))
        found.append((f"r-group-{number:02}", kind, parents))
    return found


def random_accounts() -> list[tuple[str, tuple[str, ...]]]:
    """The accounts of the random rounds and the groups they are direct members of."""
    chance = random.Random(SEED + 1)
    groups = [name for name, _, _ in random_members()]
    accounts = []
    for number in range(RANDOM_ACCOUNTS):
        member_of = sorted(chance.sample(groups, chance.choice((0, 1, 1, 2, 3))))
        if number % 8 == 7:
            member_of.append("Administrators")
        accounts.append((f"r-account-{number:02}", tuple(member_of)))
    return accounts


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

    def all_rounds(self) -> list[Round]:
        """Every round, in the order in which they are best run."""
        return [self.base(), *self.trustees(), *self.denials(), *self.owners(), *self.flags(), *self.shapes(),
                *self.departures(), *self.random()]

    def base(self) -> Round:
        """Every case at once: each concerns trustees of its own. The head keeps all it has by default."""
        aces = [ace for case in CASES for ace in case.aces]
        accounts = tuple(case.name for case in CASES)
        expect = {case.name: case.expect for case in CASES}
        return Round("base", self.head.insert(self.pack(aces)).pack(), accounts, expect=expect)

    def same(self, name: str, data: bytes, pair: tuple[bool, bool], *accounts: str, write: str = "directory") -> Round:
        """A round in which every account has the same answer."""
        return Round(name, data, accounts, write, dict.fromkeys(accounts, pair))

    def trustees(self) -> list[Round]:
        """Rights given to principals that are in a token without any membership, or through one of everybody's."""
        both, none = (True, True), (False, False)
        given = {
            "everyone": (EVERYONE, both),
            "authenticated-users": (AUTHENTICATED, both),
            "network": (NETWORK, both),
            "builtin-users": (USERS, both),
            "pre-windows-2000": (PRE_WINDOWS_2000, both),
            "domain-users": ("Domain Users", both),
            "interactive": (INTERACTIVE, none),
            "anonymous": (ANONYMOUS, none),
            "enterprise-dcs": (ENTERPRISE_DCS, none),
            "system": (SYSTEM, none),
            "principal-self": (SELF, none),
            "own-sid": (self.sids["Domain"], none),
            "domain-computers": ("Domain Computers", none),
        }
        rounds = [
            self.same(f"to-{name}", self.bare.insert(self.pack(allow(trustee))).pack(), pair, "by-one", "nested-three")
            for name, (trustee, pair) in given.items()
        ]
        halves = [allow(EVERYONE)[0], allow(AUTHENTICATED)[1]]
        rounds.append(self.same("to-two-well-known", self.bare.insert(self.pack(halves)).pack(), both, "by-one"))
        return rounds

    def denials(self) -> list[Round]:
        """Denials of wide principals, before and after what the account has."""
        rounds = []
        for name, trustee in (("everyone", EVERYONE), ("authenticated", AUTHENTICATED), ("users", USERS)):
            for place, aces in (
                ("first", deny(trustee) + allow("by-one")),
                ("last", allow("by-one") + deny(trustee)),
            ):
                expect = {"by-one": (place == "last",) * 2, "by-two": (False, False)}
                expect["admin-direct"] = (False, False)
                data = self.head.insert(self.pack(aces)).pack()
                rounds.append(Round(f"deny-{name}-{place}", data, tuple(expect), expect=expect))
        one = self.head.insert(self.pack((*deny(EVERYONE)[1:], *allow("by-one")))).pack()
        rounds.append(self.same("deny-everyone-one", one, (True, False), "by-one", "admin-direct"))
        admins = self.head.insert(self.pack(deny(ADMINISTRATORS) + allow("by-one"))).pack()
        expect = {"by-one": (True, True), "admin-direct": (False, False), "admin-nested": (False, False)}
        rounds.append(Round("deny-administrators", admins, tuple(expect), expect=expect))
        end = self.head.insert([], self.pack(allow("by-one") + deny("by-one"))).pack()
        rounds.append(self.same("allow-at-end", end, (True, True), "by-one"))
        end = self.head.insert(self.pack(deny("by-one")), self.pack(allow("by-one"))).pack()
        rounds.append(self.same("deny-before-all", end, (False, False), "by-one"))
        return rounds

    def owners(self) -> list[Round]:
        """Owning the head gives READ_CONTROL and WRITE_DAC, never a control access right (MS-ADTS 5.1.3.3.2)."""
        none = (False, False)
        direct = replace(self.bare, owner=self.sid("owner"))
        group = replace(self.bare, owner=self.sid("g-owner"))
        primary = replace(self.bare, group=self.sid("owner"))
        granted = direct.insert(self.pack(allow("owner")))
        return [
            self.same("owner", direct.pack(), none, "owner", write="raw"),
            self.same("owner-by-group", group.pack(), none, "owner-by-group", write="raw"),
            self.same("owner-primary-group", primary.pack(), none, "owner", write="raw"),
            self.same("owner-granted", granted.pack(), (True, True), "owner", write="raw"),
        ]

    def flags(self) -> list[Round]:
        """Flags that a writer would drop on a domain head, and the evaluation must not."""
        inherited = allow("inherited-allow", sd.ID) + deny("inherited-deny", sd.ID) + allow("inherited-deny")
        late = (*allow("by-one", sd.ID | sd.CI), *deny("by-one"))
        both, none = (True, True), (False, False)
        expect = {"inherited-allow": both, "inherited-deny": none, "by-one": both}
        data = self.head.insert(self.pack((*inherited, *late))).pack()
        only = self.head.insert(self.pack(allow("by-two", sd.IO) + allow("by-one", sd.ID | sd.IO | sd.CI))).pack()
        return [
            Round("inherited", data, tuple(expect), "raw", expect),
            self.same("inherit-only-alone", only, none, "by-one", "by-two", write="raw"),
        ]

    def shapes(self) -> list[Round]:
        """Descriptors that are odd as a whole."""
        both, none = (True, True), (False, False)
        many = self.head.insert(self.pack([Ace(sd.ALLOW, f"S-1-5-21-1-2-3-{rid}") for rid in range(2000, 2600)]))
        many = many.insert([], self.pack(allow("by-one")))
        unknown = Ace(0x20, "by-one", sd.CONTROL_ACCESS)
        audit = Ace(0x02, "by-one", sd.CONTROL_ACCESS)
        creator = self.pack(allow(CREATOR_OWNER))
        slack = [ace[:2] + struct.pack("<H", len(ace) + 8) + ace[4:] + b"\xcc" * 8 for ace in self.pack(allow("by-one"))]
        without_sacl = replace(self.head, sacl=None, control=self.head.control & ~sd.SACL_PRESENT)
        return [
            self.same("null-dacl", replace(self.head, aces=None).pack(), both, "by-one", "admin-direct", write="raw"),
            self.same("empty-dacl", replace(self.head, aces=()).pack(), none, "by-one", "admin-direct", write="raw"),
            self.same("many-aces", many.pack(), both, "by-one", write="raw"),
            self.same("unknown-ace", self.bare.insert(self.pack([unknown])).pack(), none, "by-one", write="raw"),
            self.same("audit-in-dacl", self.bare.insert(self.pack([audit])).pack(), none, "by-one", write="raw"),
            self.same("creator-owner", self.bare.insert(creator).pack(), none, "by-one", write="raw"),
            self.same("ace-slack", self.head.insert(slack).pack(), both, "by-one", write="raw"),
            self.same(
                "acl-slack",
                replace(self.head.insert(self.pack(allow("by-one"))), acl_slack=b"\0" * 16).pack(),
                both,
                "by-one",
                write="raw",
            ),
            self.same(
                "trailing-slack",
                replace(self.head.insert(self.pack(allow("by-one"))), tail=b"\xcc" * 7).pack(),
                both,
                "by-one",
                write="raw",
            ),
            self.same("no-sacl", without_sacl.insert(self.pack(allow("by-one"))).pack(), both, "by-one", write="raw"),
        ]

    def departures(self) -> list[Round]:
        """Where Samba departs from MS-ADTS; tests/lab/README.md explains each."""
        both, none, open_ = (True, True), (False, False), (None, None)

        def departs(name: str, data: bytes, departure: Departure, samba: tuple[bool, bool], *accounts: str) -> Round:
            return Round(name, data, accounts, "raw", dict.fromkeys(accounts, samba), departure)

        absent = replace(self.head, control=self.head.control & ~sd.DACL_PRESENT, aces=None)
        generic = self.bare.insert(self.pack([Ace(sd.ALLOW, "by-one", sd.GENERIC_ALL)]))
        organization = self.bare.insert(self.pack(allow(THIS_ORGANIZATION)))
        local = self.bare.insert(self.pack(allow("g-local-everyone")))
        history = self.bare.insert(self.pack(allow("g-history")))
        rights = replace(self.bare, owner=self.sid("owner")).insert(self.pack([Ace(sd.ALLOW, OWNER_RIGHTS)]))
        allowing = (
            Ace(sd.CALLBACK_ALLOW, "by-one", tail=CONDITION),
            *(Ace(sd.CALLBACK_ALLOW_OBJECT, "by-two", right=right, tail=CONDITION)
              for right in (sd.GET_CHANGES, sd.GET_CHANGES_ALL)),
        )
        denying = (
            Ace(sd.CALLBACK_DENY, "by-one", tail=CONDITION),
            *(Ace(sd.CALLBACK_DENY_OBJECT, "by-two", right=right, tail=CONDITION)
              for right in (sd.GET_CHANGES, sd.GET_CHANGES_ALL)),
        )
        return [
            departs(
                "absent-dacl",
                absent.pack(),
                Departure(
                    "MS-DTYP 2.5.3.2",
                    "libcli/security/access_check.c:553 (sec_access_check_ds)",
                    "a descriptor without a DACL grants all access; Samba denies unless SE_DACL_PRESENT is set with"
                    " a null DACL",
                    {"by-one": both, "admin-direct": both},
                ),
                none,
                "by-one",
                "admin-direct",
            ),
            departs(
                "generic-bits-stored",
                generic.pack(),
                Departure(
                    "MS-ADTS 5.1.3.2.1",
                    "libcli/security/access_check.c:584 (sec_access_check_ds); create_descriptor.c:54",
                    "generic bits stand for specific ones; Samba maps them when a descriptor is written, not when it"
                    " is evaluated, so bits that are stored unmapped mean nothing",
                    {"by-one": both},
                ),
                none,
                "by-one",
            ),
            departs(
                "callback-allow",
                self.bare.insert(self.pack(allowing)).pack(),
                Departure(
                    "MS-DTYP 2.5.3.1.5, 2.4.4.17",
                    "libcli/security/access_check.c:604 (sec_access_check_ds, default branch)",
                    "a conditional ACE applies when its condition is true; Samba 4.17 skips callback ACEs",
                    {"by-one": open_, "by-two": open_},
                ),
                none,
                "by-one",
                "by-two",
            ),
            departs(
                "callback-deny",
                self.bare.insert(self.pack((*denying, *allow("by-one"), *allow("by-two")))).pack(),
                Departure(
                    "MS-DTYP 2.5.3.1.5, 2.4.4.17",
                    "libcli/security/access_check.c:604 (sec_access_check_ds, default branch)",
                    "a conditional denial applies unless its condition is false; Samba 4.17 skips callback ACEs",
                    {"by-one": open_, "by-two": open_},
                ),
                both,
                "by-one",
                "by-two",
            ),
            departs(
                "to-this-organization",
                organization.pack(),
                Departure(
                    "MS-DTYP 2.4.2.4",
                    "source4/auth/session.c:138 (auth_generate_session_info)",
                    "Windows puts S-1-5-15 into the token of every logon from the same forest; Samba never does",
                    {"by-one": both},
                ),
                none,
                "by-one",
            ),
            departs(
                "to-local-group-of-everyone",
                local.pack(),
                Departure(
                    "MS-ADTS 5.1.3 (takes the token as given)",
                    "source4/auth/session.c:177 (auth_generate_session_info: built-in groups only)",
                    "a domain-local group whose member is Everyone or Authenticated Users is in the token that"
                    " Windows builds on a domain controller; Samba looks through built-in groups only",
                    {"by-one": open_},
                ),
                none,
                "by-one",
            ),
            departs(
                "to-sid-history",
                history.pack(),
                Departure(
                    "MS-ADA3 (sIDHistory), MS-PAC 2.5 (ExtraSids)",
                    "source4/auth/sam.c (authsam_make_user_info_dc reads no sIDHistory)",
                    "the SIDs of sIDHistory are in the token that Windows builds; Samba 4.17 ignores them",
                    {"history": both},
                ),
                none,
                "history",
            ),
            departs(
                "owner-rights",
                rights.pack(),
                Departure(
                    "MS-DTYP 2.5.3.2, 2.4.2.4",
                    "libcli/security/access_check.c:567 (sec_access_check_ds knows no OWNER RIGHTS)",
                    "an ACE for OWNER RIGHTS (S-1-3-4) applies to the owner; Samba's directory check never matches it",
                    {"owner": open_},
                ),
                none,
                "owner",
            ),
        ]

    def random(self) -> list[Round]:
        """Random DACLs: the head's own ACEs with others strewn in, in stored order that nobody sorted."""
        names = [name for name, _ in random_accounts()]
        groups = [name for name, _, _ in random_members()]
        rounds = []
        for number in range(RANDOM_ROUNDS):
            chance = random.Random(f"{SEED}/{number}")
            accounts = tuple(sorted(chance.sample(names, ACCOUNTS_PER_ROUND)))
            through_directory = number % 4 == 3
            aces = list((self.bare if number % 3 else self.head).aces or ())
            for _ in range(chance.randint(3, 14)):
                ace = random_ace(chance, [*accounts, *accounts, *groups], generic=through_directory)
                aces.insert(chance.randint(0, len(aces)), ace.pack(self.sids))
            result = replace(self.head, aces=tuple(aces))
            if chance.random() < 0.1:
                result = replace(result, owner=self.sid(chance.choice(accounts)))
            write = "directory" if through_directory else "raw"
            rounds.append(Round(f"random-{number:03}", result.pack(), accounts, write))
        return rounds


WELL_KNOWN = (EVERYONE, AUTHENTICATED, NETWORK, USERS, PRE_WINDOWS_2000, ADMINISTRATORS, SELF, ENTERPRISE_DCS,
              INTERACTIVE, "Domain Users")
RIGHTS = (sd.GET_CHANGES, sd.GET_CHANGES, sd.GET_CHANGES, sd.GET_CHANGES_ALL, sd.GET_CHANGES_ALL, sd.GET_CHANGES_ALL,
          sd.GET_CHANGES_FILTERED, sd.SYNCHRONIZE, sd.NIL)
MASKS = (0x100, 0x100, 0x100, 0x100, 0x130, 0x10, 0x30, 0x94, 0, sd.FULL_CONTROL, 0xF00FF, 0x20094)
GENERIC_MASKS = (sd.GENERIC_ALL, sd.GENERIC_READ, sd.GENERIC_WRITE, sd.GENERIC_EXECUTE | 0x100)
FLAGS = (0, 0, 0, 0, sd.CI, sd.OI | sd.CI, sd.CI | sd.IO, sd.CI | sd.NP, sd.ID, sd.ID | sd.CI, sd.ID | sd.CI | sd.IO)
KINDS = (sd.ALLOW, sd.ALLOW_OBJECT, sd.ALLOW_OBJECT, sd.ALLOW_OBJECT, sd.DENY, sd.DENY_OBJECT, sd.DENY_OBJECT)
INHERITED = (None, None, None, sd.USER_CLASS, sd.DOMAIN_CLASS)


def random_ace(chance: random.Random, trustees: list[str], generic: bool) -> Ace:
    """One ACE. Denials of wide principals leave an administrator able to read the head."""
    kind = chance.choice(KINDS)
    wide = chance.random() < 0.2
    trustee = chance.choice(WELL_KNOWN) if wide else chance.choice(trustees)
    mask = chance.choice(MASKS)
    if generic and chance.random() < 0.2:
        mask = chance.choice(GENERIC_MASKS)
    elif chance.random() < 0.1:
        mask = chance.getrandbits(20)
    if wide and kind in (sd.DENY, sd.DENY_OBJECT):
        mask &= ~(sd.READING | 0xF0000000)
    right = inherited = None
    if kind in sd.OBJECT_TYPES:
        if chance.random() < 0.85:
            right = uuid.UUID(int=chance.getrandbits(128)) if chance.random() < 0.05 else chance.choice(RIGHTS)
        inherited = chance.choice(INHERITED)
    return Ace(kind, trustee, mask, right, chance.choice(FLAGS), inherited)

"""The rounds with a name: one descriptor for the domain head each, and the accounts that are judged under it."""

import struct
from dataclasses import replace

from . import departures, randomness
from . import descriptor as sd
from .accounts import CASES, allow, deny
from .descriptor import Ace
from .model import (
    ADMINISTRATORS,
    ANONYMOUS,
    AUTHENTICATED,
    CREATOR_OWNER,
    ENTERPRISE_DCS,
    EVERYONE,
    INTERACTIVE,
    NETWORK,
    PRE_WINDOWS_2000,
    SELF,
    SYSTEM,
    USERS,
    Maker,
    Round,
)


def all_rounds(maker: Maker) -> list[Round]:
    """Every round, in the order in which they are best run."""
    return [
        base(maker),
        *trustees(maker),
        *denials(maker),
        *owners(maker),
        *flags(maker),
        *shapes(maker),
        *departures.rounds(maker),
        *randomness.rounds(maker),
    ]


def base(maker: Maker) -> Round:
    """Every case at once: each concerns trustees of its own. The head keeps all it has by default."""
    aces = [ace for case in CASES for ace in case.aces]
    accounts = tuple(case.name for case in CASES)
    expect = {case.name: case.expect for case in CASES}
    return Round("base", maker.head.insert(maker.pack(aces)).pack(), accounts, expect=expect)


def trustees(maker: Maker) -> list[Round]:
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
        "own-sid": (maker.sids["Domain"], none),
        "domain-computers": ("Domain Computers", none),
    }
    rounds = [
        maker.same(f"to-{name}", maker.bare.insert(maker.pack(allow(trustee))).pack(), pair, "by-one", "nested-three")
        for name, (trustee, pair) in given.items()
    ]
    halves = [allow(EVERYONE)[0], allow(AUTHENTICATED)[1]]
    rounds.append(maker.same("to-two-well-known", maker.bare.insert(maker.pack(halves)).pack(), both, "by-one"))
    return rounds


def denials(maker: Maker) -> list[Round]:
    """Denials of wide principals, before and after what the account has."""
    rounds = []
    for name, trustee in (("everyone", EVERYONE), ("authenticated", AUTHENTICATED), ("users", USERS)):
        for place, aces in (
            ("first", deny(trustee) + allow("by-one")),
            ("last", allow("by-one") + deny(trustee)),
        ):
            expect = {"by-one": (place == "last",) * 2, "by-two": (False, False)}
            expect["admin-direct"] = (False, False)
            data = maker.head.insert(maker.pack(aces)).pack()
            rounds.append(Round(f"deny-{name}-{place}", data, tuple(expect), expect=expect))
    one = maker.head.insert(maker.pack((*deny(EVERYONE)[1:], *allow("by-one")))).pack()
    rounds.append(maker.same("deny-everyone-one", one, (True, False), "by-one", "admin-direct"))
    admins = maker.head.insert(maker.pack(deny(ADMINISTRATORS) + allow("by-one"))).pack()
    expect = {"by-one": (True, True), "admin-direct": (False, False), "admin-nested": (False, False)}
    rounds.append(Round("deny-administrators", admins, tuple(expect), expect=expect))
    end = maker.head.insert([], maker.pack(allow("by-one") + deny("by-one"))).pack()
    rounds.append(maker.same("allow-at-end", end, (True, True), "by-one"))
    end = maker.head.insert(maker.pack(deny("by-one")), maker.pack(allow("by-one"))).pack()
    rounds.append(maker.same("deny-before-all", end, (False, False), "by-one"))
    return rounds


def owners(maker: Maker) -> list[Round]:
    """Owning the head gives READ_CONTROL and WRITE_DAC, never a control access right (MS-ADTS 5.1.3.3.2)."""
    none = (False, False)
    direct = replace(maker.bare, owner=maker.sid("owner"))
    group = replace(maker.bare, owner=maker.sid("g-owner"))
    primary = replace(maker.bare, group=maker.sid("owner"))
    granted = direct.insert(maker.pack(allow("owner")))
    return [
        maker.same("owner", direct.pack(), none, "owner", write="raw"),
        maker.same("owner-by-group", group.pack(), none, "owner-by-group", write="raw"),
        maker.same("owner-primary-group", primary.pack(), none, "owner", write="raw"),
        maker.same("owner-granted", granted.pack(), (True, True), "owner", write="raw"),
    ]


def flags(maker: Maker) -> list[Round]:
    """Flags that a writer would drop on a domain head, and the evaluation must not."""
    inherited = allow("inherited-allow", sd.ID) + deny("inherited-deny", sd.ID) + allow("inherited-deny")
    late = (*allow("by-one", sd.ID | sd.CI), *deny("by-one"))
    both, none = (True, True), (False, False)
    expect = {"inherited-allow": both, "inherited-deny": none, "by-one": both}
    data = maker.head.insert(maker.pack((*inherited, *late))).pack()
    only = maker.head.insert(maker.pack(allow("by-two", sd.IO) + allow("by-one", sd.ID | sd.IO | sd.CI))).pack()
    return [
        Round("inherited", data, tuple(expect), "raw", expect),
        maker.same("inherit-only-alone", only, none, "by-one", "by-two", write="raw"),
    ]


def shapes(maker: Maker) -> list[Round]:
    """Descriptors that are odd as a whole."""
    both, none = (True, True), (False, False)
    many = maker.head.insert(maker.pack([Ace(sd.ALLOW, f"S-1-5-21-1-2-3-{rid}") for rid in range(2000, 2600)]))
    many = many.insert([], maker.pack(allow("by-one")))
    unknown = Ace(0x20, "by-one", sd.CONTROL_ACCESS)
    audit = Ace(0x02, "by-one", sd.CONTROL_ACCESS)
    creator = maker.pack(allow(CREATOR_OWNER))
    slack = [ace[:2] + struct.pack("<H", len(ace) + 8) + ace[4:] + b"\xcc" * 8 for ace in maker.pack(allow("by-one"))]
    without_sacl = replace(maker.head, sacl=None, control=maker.head.control & ~sd.SACL_PRESENT)
    return [
        maker.same("null-dacl", replace(maker.head, aces=None).pack(), both, "by-one", "admin-direct", write="raw"),
        maker.same("empty-dacl", replace(maker.head, aces=()).pack(), none, "by-one", "admin-direct", write="raw"),
        maker.same("many-aces", many.pack(), both, "by-one", write="raw"),
        maker.same("unknown-ace", maker.bare.insert(maker.pack([unknown])).pack(), none, "by-one", write="raw"),
        maker.same("audit-in-dacl", maker.bare.insert(maker.pack([audit])).pack(), none, "by-one", write="raw"),
        maker.same("creator-owner", maker.bare.insert(creator).pack(), none, "by-one", write="raw"),
        maker.same("ace-slack", maker.head.insert(slack).pack(), both, "by-one", write="raw"),
        maker.same(
            "acl-slack",
            replace(maker.head.insert(maker.pack(allow("by-one"))), acl_slack=b"\0" * 16).pack(),
            both,
            "by-one",
            write="raw",
        ),
        maker.same(
            "trailing-slack",
            replace(maker.head.insert(maker.pack(allow("by-one"))), tail=b"\xcc" * 7).pack(),
            both,
            "by-one",
            write="raw",
        ),
        maker.same("no-sacl", without_sacl.insert(maker.pack(allow("by-one"))).pack(), both, "by-one", write="raw"),
    ]

#!/usr/bin/python3
"""Makes users for a load test: LDIF for slapadd, and a file that tells how many of which fault are in it.

    make_users.py N SEED [--summary FILE] [--base DN] >users.ldif

The same N and SEED give the same bytes. Each user has exactly one category; the counts are exact, not expected. The
data set's present is 2026-01-01; names are made of syllables and belong to no one.

The summary is JSON: `users`, `seed`, `base`, `planted` (category: count), `blocked` (those of them that the default
rules of Entra Connect keep from password hash sync), `attributes` (counts of what a filter can find), `units` (users
in each organizational unit) and `samples` (up to three distinguished names of each category).
"""

import argparse
import base64
import json
import random
import struct
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TICKS = 10_000_000
EPOCH = 11_644_473_600
NOW = 1_767_225_600  # 2026-01-01T00:00:00Z
NEVER = 0x7FFFFFFFFFFFFFFF
MAX_PASSWORD_AGE = 90 * 86_400
DOMAIN_SUBAUTHORITIES = (21, 271_828_182, 845_904_523, 536_028_747)

Entry = dict[str, str | bytes]
UNITS = ("Oslo", "Bergen", "Trondheim", "Tromsø", "Sales", "Presales", "R\\, D", "Service Accounts")
FIRST = ("Kari", "Ola", "Ingrid", "Lars", "Solveig", "Håkon", "Åse", "Bjørn", "Marit", "Erik")
SYLLABLES = ("ber", "dal", "eng", "fjo", "hau", "lun", "mo", "nes", "ros", "sand", "tor", "vik", "øst", "ås")


@dataclass(frozen=True)
class Category:
    """One kind of user: its share of all, whether default rules block it, and what makes it so."""

    share: float
    blocked: bool
    change: Callable[[Entry, int], None]


def filetime(seconds: int) -> str:
    """A time as Active Directory stores it: 100 ns since 1601 (MS-DTYP 2.3.3)."""
    return str((seconds + EPOCH) * TICKS)


def put(**values: str) -> Callable[[Entry, int], None]:
    """A change that sets attributes; `{}` in a value stands for the user's number."""

    def change(entry: Entry, number: int) -> None:
        for name, value in values.items():
            entry[name] = value.replace("{}", str(number))

    return change


def rename(pattern: str) -> Callable[[Entry, int], None]:
    """A change of the sAMAccountName."""

    def change(entry: Entry, number: int) -> None:
        entry["sAMAccountName"] = pattern.replace("{}", str(number))

    return change


def conflict(entry: Entry, number: int) -> None:
    """The loser of a replication conflict: its RDN holds a line feed, `CNF:` and its GUID."""
    guid = f"{number:08x}-0000-4000-8000-000000000000"
    entry["cn"] = f"{entry['cn']!s}\nCNF:{guid}"
    entry["sAMAccountName"] = f"$DUPLICATE-{number:x}"


def locked(entry: Entry, _: int) -> None:
    """Locked out ten minutes ago."""
    entry["lockoutTime"] = filetime(NOW - 600)
    entry["msDS-User-Account-Control-Computed"] = str(0x10)


def password_expired(entry: Entry, _: int) -> None:
    """A password older than the policy's maximum."""
    entry["pwdLastSet"] = filetime(NOW - MAX_PASSWORD_AGE - 86_400)
    entry["msDS-User-Account-Control-Computed"] = str(0x800000)
    entry["msDS-UserPasswordExpiryTimeComputed"] = filetime(NOW - 86_400)


def must_change(entry: Entry, _: int) -> None:
    """User must change password at next logon."""
    entry["pwdLastSet"] = "0"
    entry["msDS-User-Account-Control-Computed"] = str(0x800000)
    entry["msDS-UserPasswordExpiryTimeComputed"] = "0"


def no_name(entry: Entry, _: int) -> None:
    """No userPrincipalName."""
    del entry["userPrincipalName"]


def both(*changes: Callable[[Entry, int], None]) -> Callable[[Entry, int], None]:
    """Several changes, one after the other."""

    def change(entry: Entry, number: int) -> None:
        for one in changes:
            one(entry, number)

    return change


CATEGORIES: dict[str, Category] = {
    "disabled": Category(0.12, True, put(userAccountControl=str(0x202))),
    "must-change": Category(0.04, True, must_change),
    "disabled-and-must-change": Category(0.006, True, both(put(userAccountControl=str(0x202)), must_change)),
    "inetOrgPerson": Category(0.01, True, put(objectClass="inetOrgPerson")),
    "conflict": Category(0.003, True, conflict),
    "critical-system-object": Category(0.002, True, put(isCriticalSystemObject="TRUE")),
    "critical-system-object-false": Category(0.001, True, put(isCriticalSystemObject="FALSE")),
    "named-MSOL": Category(0.002, True, rename("MSOL_{}")),
    "named-AAD": Category(0.002, True, rename("AAD_{}")),
    "named-CAS": Category(0.001, True, rename("CAS_{{}}")),
    "nickname-CAS": Category(0.001, True, put(mailNickname="CAS_{{}}")),
    "nickname-SystemMailbox": Category(0.002, True, put(mailNickname="SystemMailbox{{}}")),
    "admin-description-User": Category(0.01, True, put(adminDescription="User_{}")),
    "exchange-filtered": Category(0.02, True, put(msExchRecipientTypeDetails=str(0x1000))),
    # No source anchor: that belongs to the account in the account forest, which nobody synchronises here.
    "linked-mailbox": Category(0.005, True, put(msExchRecipientTypeDetails="2")),
    "selective-filtered": Category(0.01, False, put(adminDescription="PHSFiltered")),
    "expired": Category(0.02, False, put(accountExpires=filetime(NOW - 30 * 86_400))),
    "locked": Category(0.01, False, locked),
    "password-expired": Category(0.03, False, password_expired),
    "password-old": Category(0.01, False, put(pwdLastSet=filetime(NOW - 12 * 365 * 86_400))),
    "smart-card": Category(0.01, False, put(userAccountControl=str(0x40200))),
    "password-not-required": Category(0.01, False, put(userAccountControl=str(0x220))),
    "unverified-suffix": Category(0.02, False, put(userPrincipalName="user{}@fabrikam.local")),
    "no-user-principal-name": Category(0.005, False, no_name),
}


def sid(rid: int) -> bytes:
    """The SID of an account of the domain."""
    values = (*DOMAIN_SUBAUTHORITIES, rid)
    return struct.pack(f"<BB6s{len(values)}I", 1, len(values), b"\0\0\0\0\0\5", *values)


def escape(text: str) -> str:
    """An RDN's value (RFC 4514)."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace("\n", "\\0A")


def line(name: str, value: str | bytes) -> str:
    """A line of LDIF (RFC 2849), in base64 where the value needs it."""
    if isinstance(value, str):
        if value.isascii() and "\n" not in value and value[:1] not in " :<":
            return f"{name}: {value}\n"
        value = value.encode("utf-8")
    return f"{name}:: {base64.b64encode(value).decode('ascii')}\n"


CLASSES = {
    "user": ("top", "person", "organizationalPerson", "user"),
    "inetOrgPerson": ("top", "person", "organizationalPerson", "user", "inetOrgPerson"),
}


def assign(count: int, chance: random.Random) -> list[str]:
    """The category of each user: every category's share, rounded, at least one from 1,000 users on."""
    chosen: list[str] = []
    for name, category in CATEGORIES.items():
        chosen += [name] * max(round(count * category.share), 1 if count >= 1000 else 0)
    chosen += ["ok"] * (count - len(chosen))
    chance.shuffle(chosen)
    return chosen


def make(number: int, category: str, base: str, chance: random.Random) -> tuple[str, str, Entry]:
    """One user: distinguished name, unit, attributes."""
    first = FIRST[number % len(FIRST)]
    last = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    unit = UNITS[chance.getrandbits(3)]
    guid = chance.getrandbits(128).to_bytes(16, "big")
    changed = NOW - chance.randrange(80 * 86_400)
    entry: Entry = {
        "objectClass": "user",
        "cn": f"{last}, {first} {number}" if number % 50 == 0 else f"{first} {last} {number}",
        "sn": last,
        "givenName": first,
        "displayName": f"{first} {last}",
        "sAMAccountName": f"u{number}",
        "userPrincipalName": f"u{number}@fabrikam.test",
        "mail": f"u{number}@fabrikam.test",
        "mailNickname": f"u{number}",
        "department": unit.replace("\\", ""),
        "objectGUID": guid,
        "objectSid": sid(10_000 + number),
        "userAccountControl": str(0x200),
        "msDS-User-Account-Control-Computed": "0",
        "msDS-UserPasswordExpiryTimeComputed": filetime(changed + MAX_PASSWORD_AGE),
        "pwdLastSet": filetime(changed),
        "accountExpires": "0" if number % 2 else str(NEVER),
        "primaryGroupID": "513",
        "sAMAccountType": "805306368",
        "instanceType": "4",
        "uSNChanged": str(20_000 + number),
        "whenCreated": "20150601080000.0Z",
        "whenChanged": "20251201080000.0Z",
    }
    if number % 2:
        entry["mS-DS-ConsistencyGuid"] = guid
    if category != "ok":
        CATEGORIES[category].change(entry, number)
    return f"CN={escape(str(entry['cn']))},OU={unit},OU=People,{base}", unit, entry


def skeleton(base: str) -> str:
    """The containers above the users."""
    top = "".join(
        line(*pair)
        for pair in (
            ("dn", base),
            ("objectClass", "domainDNS"),
            ("dc", base.split(",", maxsplit=1)[0].split("=")[1]),
            ("objectSid", sid(0)[:1] + b"\4" + sid(0)[2:24]),
            ("objectGUID", bytes(range(16))),
            ("instanceType", "5"),
            ("maxPwdAge", str(-MAX_PASSWORD_AGE * TICKS)),
            ("lockoutDuration", str(-1800 * TICKS)),
        )
    )
    text = f"{top}\n" + "".join(
        f"{line('dn', f'OU={unit}{base}')}objectClass: organizationalUnit\n\n"
        for unit in ("People,", *(f"{unit},OU=People," for unit in UNITS))
    )
    return text


def write(count: int, seed: int, base: str) -> dict[str, object]:
    """Writes the LDIF to standard output and returns the summary."""
    chance = random.Random(seed)
    out = sys.stdout
    out.write(skeleton(base))
    planted: Counter[str] = Counter()
    units: Counter[str] = Counter()
    attributes: Counter[str] = Counter()
    samples: dict[str, list[str]] = {}
    person = f"CN=Person,CN=Schema,CN=Configuration,{base}"
    common = f"objectCategory: person\nobjectCategory: {person}\n"
    for number, category in enumerate(assign(count, chance), start=1):
        dn, unit, entry = make(number, category, base, chance)
        kind = str(entry.pop("objectClass"))
        classes = "".join(f"objectClass: {name}\n" for name in CLASSES[kind])
        body = "".join(line(name, value) for name, value in entry.items())
        out.write(f"{line('dn', dn)}{classes}{common}{body}\n")
        planted[category] += 1
        units[unit] += 1
        control = int(str(entry["userAccountControl"]))
        attributes["disabled"] += bool(control & 0x2)
        attributes["smartCardRequired"] += bool(control & 0x40000)
        attributes["passwordNotRequired"] += bool(control & 0x20)
        attributes["mustChange"] += entry["pwdLastSet"] == "0"
        attributes["locked"] += entry["msDS-User-Account-Control-Computed"] == "16"
        attributes["isCriticalSystemObject"] += "isCriticalSystemObject" in entry
        attributes["adminDescription"] += "adminDescription" in entry
        attributes["consistencyGuid"] += "mS-DS-ConsistencyGuid" in entry
        attributes["inetOrgPerson"] += kind == "inetOrgPerson"
        if len(samples.setdefault(category, [])) < 3:
            samples[category].append(dn)
    return {
        "users": count,
        "seed": seed,
        "base": base,
        "now": NOW,
        "planted": dict(sorted(planted.items())),
        "blocked": sum(planted[name] for name, category in CATEGORIES.items() if category.blocked),
        "blockedCategories": sorted(name for name, category in CATEGORIES.items() if category.blocked),
        "attributes": dict(sorted(attributes.items())),
        "units": dict(sorted(units.items())),
        "samples": dict(sorted(samples.items())),
    }


def main() -> None:
    """Makes what the command line asks for."""
    parser = argparse.ArgumentParser(description="users for a load test, as LDIF")
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--summary", type=Path)
    parser.add_argument("--base", default="DC=fabrikam,DC=test")
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    summary = write(options.count, options.seed, options.base)
    if options.summary:
        text = json.dumps(summary, indent=1, ensure_ascii=False)
        options.summary.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

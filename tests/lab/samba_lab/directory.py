"""Filling the domain, and changing the descriptor of its head."""

import functools
import json
import time
from pathlib import Path

import ldb
from samba.samdb import SamDB

from . import randomness, rounds
from .accounts import CASES, GROUPS, LATE_MEMBERSHIPS, Case
from .descriptor import pack_sid, unpack_sid
from .logon import wrong_logon
from .model import AUTHENTICATED, EVERYONE, Maker, answer
from .place import Lab, LabError

TICKS = 10_000_000
DAY = 86_400 * TICKS
NORMAL_ACCOUNT, DISABLED = 0x200, 0x2
TARGET = "oracle-target"
WRONG_LOGONS = 3


def quoted(password: str) -> bytes:
    """A password as unicodePwd wants it (MS-ADTS 3.1.1.3.1.5.1)."""
    return f'"{password}"'.encode("utf-16-le")


def escape(name: str) -> str:
    """A name as the value of an RDN (RFC 4514)."""
    return "".join(f"\\{char}" if char in ',+"\\<>;=#' else char for char in name)


def find(database: SamDB, lab: Lab, name: str) -> ldb.Message:
    """The one object with this sAMAccountName."""
    found = database.search(
        lab.base,
        expression=f"(sAMAccountName={ldb.binary_encode(name)})",
        attrs=["objectSid", "objectGUID", "sIDHistory"],
    )
    if len(found) != 1:
        raise LabError(f"{name}: {len(found)} objects have this sAMAccountName; run 'lab.py setup' on a new lab")
    return found[0]


def sid_of(database: SamDB, lab: Lab, name: str) -> str:
    """The SID of an account or group."""
    return unpack_sid(bytes(find(database, lab, name)["objectSid"][0]))


def add_group(database: SamDB, lab: Lab, name: str, kind: int) -> None:
    """One group; a negative kind is a security group's 32-bit value, signed as the directory stores it."""
    database.add(
        {
            "dn": f"CN={escape(name)},CN=Users,{lab.base}",
            "objectClass": "group",
            "sAMAccountName": name,
            "groupType": str(kind),
        }
    )


def add_account(database: SamDB, lab: Lab, case: Case, password: str) -> None:
    """One enabled account with the run's password."""
    message = {
        "dn": f"CN={escape(case.cn or case.name)},{case.container},{lab.base}",
        "objectClass": "user",
        "sAMAccountName": case.name,
        "userAccountControl": str(NORMAL_ACCOUNT),
        "unicodePwd": quoted(password),
    }
    if case.name.isascii() and " " not in case.name:
        message["userPrincipalName"] = f"{case.name}@contoso.test"
    if case.description:
        message["description"] = case.description
    database.add(message)


def add_members(database: SamDB, lab: Lab, group: str, members: list[str]) -> None:
    """Members by distinguished name."""
    message = ldb.Message(find(database, lab, group).dn)
    values = [member_value(database, lab, name) for name in members]
    message["member"] = ldb.MessageElement(values, ldb.FLAG_MOD_ADD, "member")
    database.modify(message)


def member_value(database: SamDB, lab: Lab, name: str) -> str:
    """What stands in `member` for an account, a group, or (for a SID) a foreign security principal, made if need be."""
    if not name.startswith("S-1-"):
        return str(find(database, lab, name).dn)
    known = database.search(f"CN=ForeignSecurityPrincipals,{lab.base}", expression=f"(objectSid={name})", attrs=["cn"])
    return str(known[0].dn) if known else f"<SID={name}>"


def replace_value(
    database: ldb.Ldb, dn: ldb.Dn, name: str, value: str | bytes, controls: list[str] | None = None
) -> None:
    """Sets one attribute to one value."""
    message = ldb.Message(dn)
    message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
    database.modify(message, controls or [])


def setup(lab: Lab) -> dict[str, int]:
    """Makes every account and group of the lab, and writes DIR/rounds.jsonl and DIR/accounts.jsonl."""
    database = lab.directory()
    password = lab.account_password()
    if database.search(lab.base, expression=f"(sAMAccountName={TARGET})"):
        raise LabError("the accounts are there already: 'setup' is for a new lab")
    began = time.monotonic()
    random_groups = randomness.random_members()
    random_cases = [Case(name, (False, False), (), groups) for name, groups in randomness.random_accounts()]
    cases = [*CASES, *random_cases, Case(TARGET, (False, False))]
    database.transaction_start()
    try:
        database.add({"dn": f"OU=Svc\\, Sync,{lab.base}", "objectClass": "organizationalUnit"})
        for group in GROUPS:
            add_group(database, lab, group.name, group.kind)
        for name, kind, _ in random_groups:
            add_group(database, lab, name, kind)
        for case in cases:
            add_account(database, lab, case, password)
        members: dict[str, list[str]] = {}
        for name, parents in [
            *((group.name, group.member_of) for group in GROUPS),
            *((name, parents) for name, _, parents in random_groups),
            *((case.name, case.member_of) for case in cases),
        ]:
            for parent in parents:
                members.setdefault(parent, []).append(name)
        for name, parent in LATE_MEMBERSHIPS:
            members.setdefault(parent, []).append(name)
        members.setdefault("g-local-everyone", []).extend((EVERYONE, AUTHENTICATED))
        for group_name, names in members.items():
            add_members(database, lab, group_name, names)
        for case in cases:
            if case.primary_group is not None:
                set_primary_group(database, lab, case.name, case.primary_group)
    except BaseException:
        database.transaction_cancel()
        raise
    database.transaction_commit()
    give_history(lab, "history", sid_of(database, lab, "g-history"))
    head = read_head(database, lab)
    (lab.folder / "head.default").write_bytes(head)
    sids = all_sids(database, lab)
    made = rounds.all_rounds(Maker(head, sids))
    write_lines(lab.folder / "rounds.jsonl", [one.as_json() for one in made])
    write_lines(lab.folder / "accounts.jsonl", [describe(database, lab, case) for case in cases])
    return {
        "accounts": len(cases),
        "groups": len(GROUPS) + len(random_groups),
        "rounds": len(made),
        "milliseconds": round((time.monotonic() - began) * 1000),
    }


def set_primary_group(database: SamDB, lab: Lab, account: str, group: str) -> None:
    """Makes a group the account's primary one, which takes it out of the group's `member` (MS-SAMR 3.1.1.8.2)."""
    add_members(database, lab, group, [account])
    rid = sid_of(database, lab, group).rsplit("-", 1)[1]
    replace_value(database, find(database, lab, account).dn, "primaryGroupID", rid)


def raw(lab: Lab) -> ldb.Ldb:
    """The domain's partition file without Samba's modules: what is written there is stored as it is."""
    private = Path(lab.parameters().private_path("sam.ldb.d"))
    return open_raw(str(private / f"{lab.base.upper()}.ldb"))


@functools.cache
def open_raw(path: str) -> ldb.Ldb:
    """A database file, opened once."""
    return ldb.Ldb(path)


def give_history(lab: Lab, account: str, sid: str) -> None:
    """Puts a SID into an account's sIDHistory, which only the system may write."""
    store = raw(lab)
    found = store.search(lab.base, expression=f"(sAMAccountName={account})", attrs=["objectGUID"])
    replace_value(store, found[0].dn, "sIDHistory", pack_sid(sid))


def read_head(database: SamDB, lab: Lab) -> bytes:
    """The head's descriptor, all four parts, as the given session is shown it."""
    found = database.search(lab.base, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=["sd_flags:1:15"])
    return bytes(found[0]["nTSecurityDescriptor"][0])


def read_raw_head(lab: Lab) -> bytes:
    """The head's descriptor as it is stored."""
    found = raw(lab).search(lab.base, scope=ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"])
    return bytes(found[0]["nTSecurityDescriptor"][0])


def write_raw_head(lab: Lab, data: bytes) -> None:
    """Stores the head's descriptor byte for byte."""
    store = raw(lab)
    replace_value(store, ldb.Dn(store, lab.base), "nTSecurityDescriptor", data)


def write_head(lab: Lab, data: bytes, administrator: SamDB) -> None:
    """Sets the head's descriptor as an administrator does, over LDAP; the one before it goes first, as it may not let
    him."""
    restore(lab)
    replace_value(administrator, ldb.Dn(administrator, lab.base), "nTSecurityDescriptor", data, ["sd_flags:1:15"])


def restore(lab: Lab) -> None:
    """Puts back the head's descriptor as it was provisioned."""
    write_raw_head(lab, (lab.folder / "head.default").read_bytes())


def all_sids(database: SamDB, lab: Lab) -> dict[str, str]:
    """The SIDs of everyone in the domain by sAMAccountName, and that of the domain as `Domain`."""
    found = database.search(
        lab.base, expression="(&(sAMAccountName=*)(objectSid=*))", attrs=["sAMAccountName", "objectSid"]
    )
    sids = {str(one["sAMAccountName"]): unpack_sid(bytes(one["objectSid"][0])) for one in found}
    sids["Domain"] = lab.domain_sid
    return sids


def describe(database: SamDB, lab: Lab, case: Case) -> dict[str, object]:
    """One line of DIR/accounts.jsonl."""
    found = find(database, lab, case.name)
    return {
        "account": case.name,
        "dn": str(found.dn),
        "sid": unpack_sid(bytes(found["objectSid"][0])),
        "memberOf": list(case.member_of),
        "primaryGroup": case.primary_group,
        "tokenGroups": token_groups(database, found.dn),
        "sidHistory": [unpack_sid(bytes(value)) for value in found.get("sIDHistory", [])],
        "state": case.state,
        "expect": answer(case.expect),
    }


def token_groups(database: SamDB, dn: ldb.Dn) -> list[str]:
    """The SIDs of `tokenGroups`, which only a base search gives."""
    found = database.search(dn, scope=ldb.SCOPE_BASE, attrs=["tokenGroups"])[0]
    return sorted(unpack_sid(bytes(value)) for value in found.get("tokenGroups", []))


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    """JSON lines, keys in a fixed order."""
    text = "".join(json.dumps(row, sort_keys=True, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def read_lines(path: Path) -> list[dict[str, object]]:
    """The rows of a file of JSON lines."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError as error:
        raise LabError(f"{path} is missing: run 'lab.py setup {path.parent}' first") from error


def set_states(lab: Lab) -> None:
    """Disables, expires, locks and so on the accounts whose case says so; see accounts.STATES."""
    database = lab.directory()
    for case in CASES:
        dn = find(database, lab, case.name).dn if case.state else None
        if case.state == "disabled":
            replace_value(database, dn, "userAccountControl", str(NORMAL_ACCOUNT | DISABLED))
        elif case.state == "expired":
            replace_value(database, dn, "accountExpires", str(now() - DAY))
        elif case.state == "must-change":
            replace_value(database, dn, "pwdLastSet", "0")
        elif case.state == "password-expired":
            set_password_age(lab, case.name, 100)
        elif case.state == "locked":
            lock_out(lab, database, case.name)


def now() -> int:
    """The present as a FILETIME (MS-DTYP 2.3.3)."""
    return int((time.time() + 11_644_473_600) * TICKS)


def set_password_age(lab: Lab, account: str, days: int) -> None:
    """Makes the last password change look `days` old, which only the system may, and only behind its own back."""
    store = raw(lab)
    found = store.search(lab.base, expression=f"(sAMAccountName={account})", attrs=["objectGUID"])
    replace_value(store, found[0].dn, "pwdLastSet", str(now() - days * DAY))


def lock_out(lab: Lab, database: SamDB, account: str) -> None:
    """Locks an account out with wrong passwords. The threshold is in force no longer than that, so that no test of
    wrong passwords locks anyone else; a locked account stays locked for the policy's 30 minutes."""
    head = ldb.Dn(database, lab.base)
    replace_value(database, head, "lockoutThreshold", str(WRONG_LOGONS))
    try:
        for _ in range(WRONG_LOGONS):
            wrong_logon(lab, account)
    finally:
        replace_value(database, head, "lockoutThreshold", "0")


def set_replication(lab: Lab, direction: str, enabled: bool) -> None:
    """Sets or clears an option of the domain controller's settings object (MS-ADTS 6.1.1.2.2.1.2.1.1): with outbound
    replication disabled, every DsGetNCChanges is refused with 8456."""
    bit = {"inbound": 0x2, "outbound": 0x4}[direction]
    database = lab.directory()
    dn = ldb.Dn(database, database.get_dsServiceName())
    found = database.search(dn, scope=ldb.SCOPE_BASE, attrs=["options"])[0]
    options = int(str(found["options"])) if "options" in found else 0
    replace_value(database, dn, "options", str(options & ~bit if enabled else options | bit))

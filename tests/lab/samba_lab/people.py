"""Users of the kinds that guide steps B1 to B3 tell apart, with their attributes set for real.

Samba's schema is that of Windows Server 2012 R2 without Exchange: what needs mailNickname or msExch attributes is in
the OpenLDAP lab only.
"""

import uuid

import ldb
from samba.samdb import SamDB

from .descriptor import unpack_sid
from .directory import (
    DAY,
    DISABLED,
    NORMAL_ACCOUNT,
    escape,
    lock_out,
    now,
    quoted,
    replace_value,
    set_password_age,
    write_lines,
)
from .place import Lab, LabError

Values = dict[str, str | bytes]
SMART_CARD, NO_PASSWORD_NEEDED, NEVER_EXPIRES, WORKSTATION = 0x40000, 0x20, 0x10000, 0x1000
CONFLICT_GUID = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9"
CONSISTENCY_GUID = uuid.UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")

# Kind: what differs from a plain user. `cn`, `unit` and `class` are not attributes; the rest are.
KINDS: dict[str, Values] = {
    "plain": {},
    "consistency-guid": {"mS-DS-ConsistencyGuid": CONSISTENCY_GUID.bytes_le},
    "comma": {"cn": "Nordmann, Kari"},
    "quote": {"cn": "O'Hara #1+2"},
    "non-ascii": {"cn": "Åse Bjørnstjerne Ærlig 𝄞"},
    "disabled": {"userAccountControl": str(NORMAL_ACCOUNT | DISABLED)},
    "expired": {},
    "locked": {},
    "must-change": {"pwdLastSet": "0"},
    "disabled-must-change": {"userAccountControl": str(NORMAL_ACCOUNT | DISABLED), "pwdLastSet": "0"},
    "password-expired": {},
    "password-old": {"userAccountControl": str(NORMAL_ACCOUNT | NEVER_EXPIRES)},
    "password-never-set": {"userAccountControl": str(NORMAL_ACCOUNT | NO_PASSWORD_NEEDED), "unicodePwd": b""},
    "password-not-required": {"userAccountControl": str(NORMAL_ACCOUNT | NO_PASSWORD_NEEDED)},
    "password-never-expires": {"userAccountControl": str(NORMAL_ACCOUNT | NEVER_EXPIRES)},
    "smart-card": {"userAccountControl": str(NORMAL_ACCOUNT | SMART_CARD)},
    "inetOrgPerson": {"class": "inetOrgPerson"},
    "critical": {"isCriticalSystemObject": "TRUE"},
    "critical-false": {"isCriticalSystemObject": "FALSE"},
    "named-MSOL": {"sAMAccountName": "MSOL_0123456789ab"},
    "named-AAD": {"sAMAccountName": "AAD_0123456789ab"},
    "named-CAS": {"sAMAccountName": "CAS_{0123456789ab}"},
    "named-SUPPORT": {"sAMAccountName": "SUPPORT_388945a0"},
    "admin-description-user": {"adminDescription": "User_0123"},
    "selective-filtered": {"adminDescription": "PHSFiltered"},
    "selective-included": {"adminDescription": "PHSIncluded"},
    "no-user-principal-name": {"userPrincipalName": b""},
    "unverified-suffix": {"userPrincipalName": "unverified@contoso.local"},
    "in-excluded-unit": {"unit": "OU=Excluded,OU=People"},
    "in-similar-unit": {"unit": "OU=Excluded2,OU=People"},
    "in-inner-unit": {"unit": "OU=Inner,OU=Excluded,OU=People"},
    "computer": {
        "class": "computer",
        "sAMAccountName": "P-COMPUTER$",
        "userAccountControl": str(WORKSTATION),
        "userPrincipalName": b"",
    },
    "managed-service-account": {
        "class": "msDS-GroupManagedServiceAccount",
        "sAMAccountName": "p-gmsa$",
        "userAccountControl": str(WORKSTATION),
        "msDS-ManagedPasswordInterval": "30",
        "userPrincipalName": b"",
        "unicodePwd": b"",
    },
    "conflict": {"cn": f"Conflict\nCNF:{CONFLICT_GUID}", "sAMAccountName": "$DUPLICATE-1f4"},
}
UNITS = ("OU=People", "OU=Excluded,OU=People", "OU=Excluded2,OU=People", "OU=Inner,OU=Excluded,OU=People")


def rdn(text: str) -> str:
    """The value of an RDN with what must be escaped, escaped (RFC 4514)."""
    return escape(text).replace("\n", "\\0A")


def add(database: SamDB, lab: Lab, kind: str, values: Values) -> ldb.Dn:
    """Makes one user; an attribute that is empty bytes is left out."""
    cn = str(values.get("cn", f"p {kind}"))
    unit = str(values.get("unit", "OU=People"))
    dn = ldb.Dn(database, f"CN={rdn(cn)},{unit},{lab.base}")
    account = str(values.get("sAMAccountName", f"p-{kind}"[:20]))
    entry: Values = {
        "objectClass": values.get("class", "user"),
        "sAMAccountName": account,
        "userPrincipalName": f"p-{kind}@contoso.test",
        "userAccountControl": str(NORMAL_ACCOUNT),
        "unicodePwd": quoted(lab.account_password()),
        "displayName": cn.partition("\n")[0],
        "sn": "Person",
    }
    entry |= {name: value for name, value in values.items() if name not in ("cn", "unit", "class")}
    later = {name: entry.pop(name) for name in ("pwdLastSet", "isCriticalSystemObject") if name in entry}
    message = ldb.Message(dn)
    for name, value in entry.items():
        if value != b"":
            message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_ADD, name)
    database.add(message, ["relax:0"])
    for name, value in later.items():
        replace_value(database, dn, name, value, ["relax:0"])
    return dn


def set_up(lab: Lab) -> list[dict[str, object]]:
    """Makes the users in OU=People, and writes DIR/people.jsonl: kind, dn, names, sid, guid."""
    database = lab.directory()
    if database.search(lab.base, expression="(&(objectClass=organizationalUnit)(ou=People))"):
        raise LabError("the users are there already: 'people' is for a lab that has none")
    made: dict[str, ldb.Dn] = {}
    database.transaction_start()
    try:
        for unit in UNITS:
            database.add({"dn": f"{unit},{lab.base}", "objectClass": "organizationalUnit"})
        for kind, values in KINDS.items():
            made[kind] = add(database, lab, kind, values)
    except BaseException:
        database.transaction_cancel()
        raise
    database.transaction_commit()
    replace_value(database, made["expired"], "accountExpires", str(now() - DAY))
    set_password_age(lab, "p-password-expired", 100)
    set_password_age(lab, "p-password-old", 12 * 365)
    lock_out(lab, database, "p-locked")
    rows = [describe(database, kind, dn) for kind, dn in made.items()]
    write_lines(lab.folder / "people.jsonl", rows)
    return rows


def describe(database: SamDB, kind: str, dn: ldb.Dn) -> dict[str, object]:
    """One line of DIR/people.jsonl."""
    attributes = ["sAMAccountName", "userPrincipalName", "objectSid", "objectGUID"]
    found = database.search(dn, scope=ldb.SCOPE_BASE, attrs=attributes)[0]
    return {
        "kind": kind,
        "dn": str(found.dn),
        "sAMAccountName": str(found["sAMAccountName"]),
        "userPrincipalName": str(found["userPrincipalName"]) if "userPrincipalName" in found else None,
        "sid": unpack_sid(bytes(found["objectSid"][0])),
        "guid": str(uuid.UUID(bytes_le=bytes(found["objectGUID"][0]))),
    }

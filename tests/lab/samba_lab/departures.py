"""The rounds in which Samba departs from MS-ADTS; tests/lab/README.md explains each."""

import struct
from dataclasses import replace

from . import descriptor as sd
from .accounts import allow
from .descriptor import Ace
from .model import OWNER_RIGHTS, THIS_ORGANIZATION, Departure, Maker, Round

# A condition that Samba 4.17 cannot evaluate and Windows can: `@User.department == 1` (MS-DTYP 2.4.4.17).
CONDITION = b"artx" + b"\xf9" + struct.pack("<I", 20) + "department".encode("utf-16-le")
CONDITION += b"\x04" + struct.pack("<q", 1) + b"\x03\x02" + b"\x80"


def rounds(maker: Maker) -> list[Round]:
    """One round for each departure."""
    both, none, open_ = (True, True), (False, False), (None, None)

    def departs(name: str, data: bytes, departure: Departure, samba: tuple[bool, bool], *accounts: str) -> Round:
        return Round(name, data, accounts, "raw", dict.fromkeys(accounts, samba), departure)

    absent = replace(maker.head, control=maker.head.control & ~sd.DACL_PRESENT, aces=None)
    generic = maker.bare.insert(maker.pack([Ace(sd.ALLOW, "by-one", sd.GENERIC_ALL)]))
    organization = maker.bare.insert(maker.pack(allow(THIS_ORGANIZATION)))
    local = maker.bare.insert(maker.pack(allow("g-local-everyone")))
    history = maker.bare.insert(maker.pack(allow("g-history")))
    rights = replace(maker.bare, owner=maker.sid("owner")).insert(maker.pack([Ace(sd.ALLOW, OWNER_RIGHTS)]))
    allowing = (
        Ace(sd.CALLBACK_ALLOW, "by-one", tail=CONDITION),
        *(
            Ace(sd.CALLBACK_ALLOW_OBJECT, "by-two", right=right, tail=CONDITION)
            for right in (sd.GET_CHANGES, sd.GET_CHANGES_ALL)
        ),
    )
    denying = (
        Ace(sd.CALLBACK_DENY, "by-one", tail=CONDITION),
        *(
            Ace(sd.CALLBACK_DENY_OBJECT, "by-two", right=right, tail=CONDITION)
            for right in (sd.GET_CHANGES, sd.GET_CHANGES_ALL)
        ),
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
            maker.bare.insert(maker.pack(allowing)).pack(),
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
            maker.bare.insert(maker.pack((*denying, *allow("by-one"), *allow("by-two")))).pack(),
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
                "libcli/security/access_check.c:568 (sec_access_check_ds knows no OWNER RIGHTS)",
                "an ACE for OWNER RIGHTS (S-1-3-4) applies to the owner; Samba's directory check never matches it",
                {"owner": open_},
            ),
            none,
            "owner",
        ),
    ]

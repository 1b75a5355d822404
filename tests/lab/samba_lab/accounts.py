"""The named accounts and groups of the lab, each with what MS-ADTS 5.1.3.3.4 makes of it.

A case is one account, the groups that it is in, and the ACEs that concern it on the domain head. The expected answer
is by construction; the domain controller's own answer is compared with it whenever the rounds are run.
"""

import uuid
from dataclasses import dataclass

from .descriptor import (
    ALLOW,
    ALLOW_OBJECT,
    CI,
    CONTROL_ACCESS,
    DENY,
    DENY_OBJECT,
    DOMAIN_CLASS,
    FULL_CONTROL,
    GENERIC_ALL,
    GENERIC_EXECUTE,
    GENERIC_READ,
    GENERIC_WRITE,
    GET_CHANGES,
    GET_CHANGES_ALL,
    GET_CHANGES_FILTERED,
    IO,
    MANAGE_TOPOLOGY,
    NIL,
    NP,
    OI,
    SECRET_SYNCHRONIZATION,
    SYNCHRONIZE,
    USER_CLASS,
    Ace,
)

GLOBAL, DOMAIN_LOCAL, UNIVERSAL, DISTRIBUTION = -0x7FFFFFFE, -0x7FFFFFFC, -0x7FFFFFF8, 0x00000002

BOTH, CHANGES, ALL, NONE = (True, True), (True, False), (False, True), (False, False)

STATES = ("disabled", "expired", "locked", "password-expired", "must-change")


@dataclass(frozen=True)
class Group:
    """A group; `member_of` names groups of this list or built-in ones."""

    name: str
    kind: int = GLOBAL
    member_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One account. `expect` is (Get-Changes, Get-Changes-All), each right on its own, in the round `base`."""

    name: str
    expect: tuple[bool, bool]
    aces: tuple[Ace, ...] = ()
    member_of: tuple[str, ...] = ()
    primary_group: str | None = None
    state: str | None = None
    description: str = ""
    container: str = "CN=Users"
    cn: str | None = None


def allow(trustee: str, flags: int = 0, mask: int = CONTROL_ACCESS) -> tuple[Ace, Ace]:
    """Both rights by two object ACEs, as the setup of Entra Connect grants them."""
    return (
        Ace(ALLOW_OBJECT, trustee, mask, GET_CHANGES, flags),
        Ace(ALLOW_OBJECT, trustee, mask, GET_CHANGES_ALL, flags),
    )


def deny(trustee: str, flags: int = 0, mask: int = CONTROL_ACCESS) -> tuple[Ace, Ace]:
    """Both rights denied by two object ACEs."""
    return (
        Ace(DENY_OBJECT, trustee, mask, GET_CHANGES, flags),
        Ace(DENY_OBJECT, trustee, mask, GET_CHANGES_ALL, flags),
    )


GROUPS = (
    Group("g-global"),
    Group("g-universal", UNIVERSAL),
    Group("g-local", DOMAIN_LOCAL),
    Group("g-local-outer", DOMAIN_LOCAL),
    Group("g-in-local", GLOBAL, ("g-local-outer",)),
    Group("g-two-outer"),
    Group("g-two-inner", GLOBAL, ("g-two-outer",)),
    Group("g-three-outer"),
    Group("g-three-middle", GLOBAL, ("g-three-outer",)),
    Group("g-three-inner", GLOBAL, ("g-three-middle",)),
    Group("g-one-right"),
    Group("g-first-right"),
    Group("g-second-right"),
    Group("g-primary"),
    Group("g-primary-outer"),
    Group("g-primary-inner", GLOBAL, ("g-primary-outer",)),
    Group("g-distribution", DISTRIBUTION),
    Group("g-behind", GLOBAL),
    Group("g-mail", DISTRIBUTION, ("g-behind",)),
    Group("g-denied"),
    Group("g-denied-late"),
    Group("g-allowed"),
    Group("g-denied-nested-outer"),
    Group("g-denied-nested", GLOBAL, ("g-denied-nested-outer",)),
    Group("g-circle-a"),
    Group("g-circle-b", GLOBAL, ("g-circle-a",)),
    Group("g-in-administrators", GLOBAL, ("Administrators",)),
    Group("g-owner"),
    Group("g-local-everyone", DOMAIN_LOCAL),
    Group("g-history"),
)

# Memberships that would be a circle if they were made with the group.
LATE_MEMBERSHIPS = (("g-circle-a", "g-circle-b"),)

ENTRA = (
    "Account created by Microsoft Entra Connect with installation identifier 0123456789abcdef0123456789abcdef"
    " running on computer {} configured to synchronize to tenant contoso.onmicrosoft.com. This account must have"
    " directory replication permissions in the local Active Directory."
)


def _direct() -> list[Case]:
    changes, everything = allow("direct-changes")[0], allow("direct-all")[1]
    swapped = (GET_CHANGES.bytes, GET_CHANGES_ALL.bytes)
    wrong_order = tuple(
        Ace(ALLOW_OBJECT, "direct-byte-order", CONTROL_ACCESS, uuid.UUID(bytes_le=octets)) for octets in swapped
    )
    return [
        Case("direct-both", BOTH, allow("direct-both")),
        Case("direct-changes", CHANGES, (changes,)),
        Case("direct-all", ALL, (everything,)),
        Case("direct-none", NONE),
        Case("direct-twice", BOTH, allow("direct-twice") * 2),
        Case("direct-byte-order", NONE, wrong_order),
        Case("MSOL_good", BOTH, allow("MSOL_good"), description=ENTRA.format("SYNC01")),
        Case("MSOL_old", CHANGES, allow("MSOL_old")[:1], description=ENTRA.format("SYNC00")),
        Case("o'brien svc", BOTH, allow("o'brien svc"), cn="O'Brien, Svc"),
        Case("synk-æøå", BOTH, allow("synk-æøå")),
        Case("in-ou", BOTH, allow("in-ou"), container="OU=Svc\\, Sync"),
    ]


def _groups() -> list[Case]:
    return [
        Case("nested-one", BOTH, allow("g-global"), ("g-global",)),
        Case("nested-two", BOTH, allow("g-two-outer"), ("g-two-inner",)),
        Case("nested-three", BOTH, allow("g-three-outer"), ("g-three-inner",)),
        Case("nested-universal", BOTH, allow("g-universal"), ("g-universal",)),
        Case("nested-local", BOTH, allow("g-local"), ("g-local",)),
        Case("nested-local-outer", BOTH, allow("g-local-outer"), ("g-in-local",)),
        Case("nested-one-right", CHANGES, allow("g-one-right")[:1], ("g-one-right",)),
        Case(
            "nested-two-halves",
            BOTH,
            (allow("g-first-right")[0], allow("g-second-right")[1]),
            ("g-first-right", "g-second-right"),
        ),
        Case("nested-and-direct", BOTH, allow("nested-and-direct")[1:], ("g-one-right",)),
        Case("nested-circle", BOTH, allow("g-circle-b"), ("g-circle-a",)),
        Case("primary-group", BOTH, allow("g-primary"), primary_group="g-primary"),
        Case("primary-nested", BOTH, allow("g-primary-outer"), primary_group="g-primary-inner"),
        Case("distribution", NONE, allow("g-distribution"), ("g-distribution",)),
        Case("behind-distribution", NONE, allow("g-behind"), ("g-mail",)),
        Case("admin-direct", BOTH, (), ("Administrators",)),
        Case("admin-nested", BOTH, (), ("g-in-administrators",)),
        Case("domain-admins", BOTH, (), ("Domain Admins",)),
        Case("enterprise-admins", BOTH, (), ("Enterprise Admins",)),
        Case("account-operators", NONE, (), ("Account Operators",)),
        Case("backup-operators", NONE, (), ("Backup Operators",)),
        Case("domain-controllers", ALL, (), ("Domain Controllers",)),
        Case("read-only-dcs", CHANGES, (), ("Enterprise Read-only Domain Controllers",)),
    ]


def _order() -> list[Case]:
    name = "deny-in-between"
    between = (*allow(name)[:1], *deny(name), *allow(name)[1:])
    return [
        Case("deny-first", NONE, deny("deny-first") + allow("deny-first")),
        Case("allow-first", BOTH, allow("allow-first") + deny("allow-first")),
        Case("deny-in-between", CHANGES, between),
        Case("deny-one", CHANGES, deny("deny-one")[1:] + allow("deny-one")),
        Case("deny-plain", NONE, (Ace(DENY, "deny-plain"), *allow("deny-plain"))),
        Case("deny-plain-late", BOTH, (*allow("deny-plain-late"), Ace(DENY, "deny-plain-late"))),
        Case("deny-no-control", BOTH, (Ace(DENY, "deny-no-control", 0x10030), *allow("deny-no-control"))),
        Case("deny-full", NONE, (Ace(DENY, "deny-full", FULL_CONTROL), *allow("deny-full"))),
        Case(
            "deny-other-right",
            BOTH,
            (Ace(DENY_OBJECT, "deny-other-right", right=SYNCHRONIZE), *allow("deny-other-right")),
        ),
        Case("deny-wrong-mask", BOTH, deny("deny-wrong-mask", mask=0x10) + allow("deny-wrong-mask")),
        Case("deny-no-guid", NONE, (Ace(DENY_OBJECT, "deny-no-guid"), *allow("deny-no-guid"))),
        Case("deny-inherit-only", BOTH, deny("deny-inherit-only", CI | IO) + allow("deny-inherit-only")),
        Case("deny-group", NONE, deny("g-denied") + allow("deny-group"), ("g-denied",)),
        Case("deny-group-late", BOTH, allow("deny-group-late") + deny("g-denied-late"), ("g-denied-late",)),
        Case("deny-nested", NONE, deny("g-denied-nested-outer") + allow("deny-nested"), ("g-denied-nested",)),
        Case("deny-user-group", NONE, deny("deny-user-group") + allow("g-allowed"), ("g-allowed",)),
        Case("deny-admin", NONE, deny("deny-admin"), ("Administrators",)),
        Case("deny-group-before", NONE, allow("deny-group-before"), ("g-denied-late",)),
    ]


def _shape() -> list[Case]:
    def one(name: str, expect: tuple[bool, bool], kind: int = ALLOW, mask: int = CONTROL_ACCESS) -> Case:
        return Case(name, expect, (Ace(kind, name, mask),))

    def guids(name: str, expect: tuple[bool, bool], *rights: uuid.UUID) -> Case:
        return Case(name, expect, tuple(Ace(ALLOW_OBJECT, name, right=right) for right in rights))

    def typed(name: str, expect: tuple[bool, bool], flags: int, kind: uuid.UUID) -> Case:
        rights = (GET_CHANGES, GET_CHANGES_ALL)
        return Case(
            name,
            expect,
            tuple(Ace(ALLOW_OBJECT, name, CONTROL_ACCESS, right, flags, kind) for right in rights),
        )

    return [
        one("no-guid-plain", BOTH),
        one("no-guid-object", BOTH, ALLOW_OBJECT),
        one("no-guid-no-bit", NONE, ALLOW, 0xF00FF),
        one("no-guid-object-bit", NONE, ALLOW_OBJECT, 0x30),
        one("full-control", BOTH, ALLOW, FULL_CONTROL),
        one("full-object", BOTH, ALLOW_OBJECT, FULL_CONTROL),
        one("generic-all", BOTH, ALLOW, GENERIC_ALL),
        one("generic-read", NONE, ALLOW, GENERIC_READ),
        one("generic-write", NONE, ALLOW, GENERIC_WRITE),
        one("generic-execute", NONE, ALLOW, GENERIC_EXECUTE),
        one("write-dacl", NONE, ALLOW, 0x000C0000),
        guids("guid-synchronize", NONE, SYNCHRONIZE),
        guids("guid-topology", NONE, MANAGE_TOPOLOGY, SECRET_SYNCHRONIZATION),
        guids("guid-filtered", NONE, GET_CHANGES_FILTERED),
        guids("guid-with-filtered", CHANGES, GET_CHANGES, GET_CHANGES_FILTERED),
        guids("guid-nil", NONE, NIL),
        Case("guid-wrong-mask", NONE, allow("guid-wrong-mask", mask=0x10)),
        Case("guid-no-mask", NONE, allow("guid-no-mask", mask=0)),
        Case("guid-wide-mask", BOTH, allow("guid-wide-mask", mask=0x130)),
        Case("inherit-only", NONE, allow("inherit-only", CI | IO)),
        Case("inherit-only-all", NONE, allow("inherit-only-all", OI | CI | NP | IO)),
        Case("inherit-and-this", BOTH, allow("inherit-and-this", CI)),
        Case("inherit-objects", BOTH, allow("inherit-objects", OI)),
        Case("inherit-no-further", BOTH, allow("inherit-no-further", CI | NP)),
        typed("typed-user", BOTH, 0, USER_CLASS),
        typed("typed-user-inherit", BOTH, CI, USER_CLASS),
        typed("typed-user-only", NONE, CI | IO, USER_CLASS),
        typed("typed-domain", BOTH, 0, DOMAIN_CLASS),
    ]


def _bystanders() -> list[Case]:
    # Judged in rounds of their own, where the descriptor concerns someone else than the account by name.
    names = ("by-one", "by-two", "owner", "owner-by-group", "history", "inherited-allow", "inherited-deny")
    groups = {"owner-by-group": ("g-owner",)}
    return [Case(name, NONE, (), groups.get(name, ())) for name in names]


def _states() -> list[Case]:
    cases = []
    for state in STATES:
        short = state.replace("password", "pwd")
        cases.append(Case(f"{short}-granted", BOTH, allow(f"{short}-granted"), state=state))
        cases.append(Case(f"{short}-plain", NONE, state=state))
    return cases


CASES: tuple[Case, ...] = (*_direct(), *_groups(), *_order(), *_shape(), *_bystanders(), *_states())
BY_NAME = {case.name: case for case in CASES}

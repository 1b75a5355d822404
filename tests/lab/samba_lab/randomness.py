"""The random rounds: seeded, the same in every run."""

import random
import uuid
from dataclasses import replace

from . import descriptor as sd
from .accounts import DOMAIN_LOCAL, GLOBAL, UNIVERSAL
from .descriptor import Ace
from .model import (
    ADMINISTRATORS,
    AUTHENTICATED,
    ENTERPRISE_DCS,
    EVERYONE,
    INTERACTIVE,
    NETWORK,
    PRE_WINDOWS_2000,
    SELF,
    USERS,
    Maker,
    Round,
)

RANDOM_ROUNDS = 200
RANDOM_ACCOUNTS = 24
RANDOM_GROUPS = 12
ACCOUNTS_PER_ROUND = 5
SEED = 20260408

WELL_KNOWN = (
    EVERYONE,
    AUTHENTICATED,
    NETWORK,
    USERS,
    PRE_WINDOWS_2000,
    ADMINISTRATORS,
    SELF,
    ENTERPRISE_DCS,
    INTERACTIVE,
    "Domain Users",
)
RIGHTS = (
    sd.GET_CHANGES,
    sd.GET_CHANGES,
    sd.GET_CHANGES,
    sd.GET_CHANGES_ALL,
    sd.GET_CHANGES_ALL,
    sd.GET_CHANGES_ALL,
    sd.GET_CHANGES_FILTERED,
    sd.SYNCHRONIZE,
    sd.NIL,
)
MASKS = (0x100, 0x100, 0x100, 0x100, 0x130, 0x10, 0x30, 0x94, 0, sd.FULL_CONTROL, 0xF00FF, 0x20094)
GENERIC_MASKS = (sd.GENERIC_ALL, sd.GENERIC_READ, sd.GENERIC_WRITE, sd.GENERIC_EXECUTE | 0x100)
FLAGS = (0, 0, 0, 0, sd.CI, sd.OI | sd.CI, sd.CI | sd.IO, sd.CI | sd.NP, sd.ID, sd.ID | sd.CI, sd.ID | sd.CI | sd.IO)
KINDS = (sd.ALLOW, sd.ALLOW, *(sd.ALLOW_OBJECT,) * 4, sd.DENY, *(sd.DENY_OBJECT,) * 2)
INHERITED = (None, None, None, sd.USER_CLASS, sd.DOMAIN_CLASS)


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


def rounds(maker: Maker) -> list[Round]:
    """Random DACLs: the head's own ACEs with others strewn in, in stored order that nobody sorted."""
    names = [name for name, _ in random_accounts()]
    groups = [name for name, _, _ in random_members()]
    made = []
    for number in range(RANDOM_ROUNDS):
        chance = random.Random(f"{SEED}/{number}")
        accounts = tuple(sorted(chance.sample(names, ACCOUNTS_PER_ROUND)))
        through_directory = number % 4 == 3
        aces = list((maker.bare if number % 3 else maker.head).aces or ())
        for _ in range(chance.randint(3, 14)):
            ace = random_ace(chance, [*accounts, *accounts, *groups], generic=through_directory)
            aces.insert(chance.randint(0, len(aces)), ace.pack(maker.sids))
        result = replace(maker.head, aces=tuple(aces))
        if chance.random() < 0.1:
            result = replace(result, owner=maker.sid(chance.choice(accounts)))
        write = "directory" if through_directory else "raw"
        made.append(Round(f"random-{number:03}", result.pack(), accounts, write))
    return made


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

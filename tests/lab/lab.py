#!/usr/bin/python3
"""The Samba lab's accounts, rounds and oracle. Start the domain with samba.sh; run as root.

    lab.py wait DIR                 waits until the domain controller answers on every endpoint
    lab.py setup DIR                makes the accounts and groups; writes DIR/accounts.jsonl and DIR/rounds.jsonl
    lab.py rounds DIR               lists the rounds
    lab.py apply DIR ROUND          gives the domain head the descriptor of a round
    lab.py oracle DIR ACCOUNT...    asks the domain controller about the head as it is; one JSON line per account
    lab.py campaign DIR [ROUND...]  for every round: apply, read the head as an administrator, ask; JSON lines
    lab.py states DIR               disables, expires, locks ... the accounts made for that, and asks again
    lab.py restore DIR              puts back the head as it was provisioned
    lab.py people DIR               makes one user of each kind that steps B1 to B3 tell apart; DIR/people.jsonl
    lab.py tenant DIR FOLDER        writes what Microsoft Graph would say of them, for tests/cloud/server.py
    lab.py replication DIR inbound|outbound on|off      the domain controller's replication (off: error 8456)

`campaign` ends with 1 if an answer is not the one that the round expects. Run it before `states`.
"""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from samba import WERRORError
from samba.samdb import SamDB

from samba_lab import directory, people, place, tenant
from samba_lab.accounts import CASES
from samba_lab.oracle import Oracle
from samba_lab.place import Lab, LabError


def emit(row: dict[str, object]) -> None:
    """One JSON line on standard output."""
    print(json.dumps(row, sort_keys=True, ensure_ascii=False), flush=True)


def find_rounds(lab: Lab, names: list[str]) -> list[dict[str, object]]:
    """The rounds with these names, or all."""
    found = directory.read_lines(lab.folder / "rounds.jsonl")
    unknown = set(names) - {str(row["round"]) for row in found}
    if unknown:
        raise LabError(f"no round is called {', '.join(sorted(unknown))}: 'lab.py rounds {lab.folder}' lists them")
    return [row for row in found if not names or row["round"] in names]


def administrator(lab: Lab) -> SamDB:
    """The directory over LDAP as its administrator."""
    lab.enter()
    return lab.ldap(lab.admin())


def apply(lab: Lab, row: dict[str, object], connection: SamDB) -> None:
    """Gives the head a round's descriptor."""
    data = base64.b64decode(str(row["descriptor"]))
    if row["write"] == "raw":
        directory.write_raw_head(lab, data)
    else:
        directory.write_head(lab, data, connection)


def setup(lab: Lab, _: list[str]) -> int:
    """Makes the accounts."""
    emit(cast(dict[str, object], directory.setup(lab)))
    return 0


def list_rounds(lab: Lab, names: list[str]) -> int:
    """Lists the rounds."""
    for row in find_rounds(lab, names):
        emit({key: value for key, value in row.items() if key != "descriptor"})
    return 0


def apply_round(lab: Lab, names: list[str]) -> int:
    """Applies one round."""
    if len(names) != 1:
        raise LabError("'apply' takes the name of one round")
    apply(lab, find_rounds(lab, names)[0], administrator(lab))
    return 0


def oracle(lab: Lab, names: list[str]) -> int:
    """Asks about accounts."""
    if not names:
        raise LabError("'oracle' takes the names of accounts")
    for row in Oracle(lab).ask(names):
        emit(row)
    return 0


def shown_head(lab: Lab, connection: SamDB) -> dict[str, object]:
    """The head as an administrator reads it over LDAP, or null if it is not shown."""
    found = connection.search(lab.base, scope=0, attrs=["nTSecurityDescriptor"], controls=["sd_flags:1:7"])
    if len(found) == 1 and "nTSecurityDescriptor" in found[0]:
        return {"descriptor": base64.b64encode(bytes(found[0]["nTSecurityDescriptor"][0])).decode("ascii")}
    return {"descriptor": None}


def campaign(lab: Lab, names: list[str]) -> int:
    """Runs rounds and compares the answers with what the rounds expect."""
    asker, wrong = Oracle(lab), 0
    connection = administrator(lab)
    try:
        for row in find_rounds(lab, names):
            apply(lab, row, connection)
            answers = asker.ask(cast(list[str], row["accounts"]))
            stored = base64.b64encode(directory.read_raw_head(lab)).decode("ascii")
            result = {"round": row["round"], "stored": stored, **shown_head(lab, connection), "answers": answers}
            if "departure" in row:
                result["departure"] = row["departure"]
            emit(result)
            expect = cast(dict[str, dict[str, bool]], row["expect"])
            for one in answers:
                want = expect.get(str(one["account"]))
                if want is not None and any(one[right] != value for right, value in want.items()):
                    wrong += 1
                    print(f"{row['round']}: {one} is not the expected {want}", file=sys.stderr)
    finally:
        directory.restore(lab)
    return 1 if wrong else 0


def states(lab: Lab, _: list[str]) -> int:
    """Sets account states and asks who may still log on."""
    directory.set_states(lab)
    for row in Oracle(lab).ask([case.name for case in CASES if case.state is not None]):
        emit({**row, "state": next(case.state for case in CASES if case.name == row["account"])})
    return 0


def make_people(lab: Lab, _: list[str]) -> int:
    """Makes the users."""
    for row in people.set_up(lab):
        emit(row)
    return 0


def make_tenant(lab: Lab, names: list[str]) -> int:
    """Writes the answers of the tenant."""
    if len(names) != 1:
        raise LabError("'tenant' takes the folder to write to")
    emit({"users": tenant.write(lab, Path(names[0]))})
    return 0


def replication(lab: Lab, names: list[str]) -> int:
    """Switches replication."""
    if len(names) != 2 or names[0] not in ("inbound", "outbound") or names[1] not in ("on", "off"):
        raise LabError("'replication' takes inbound or outbound, and on or off")
    directory.set_replication(lab, names[0], names[1] == "on")
    return 0


def wait(lab: Lab, _: list[str]) -> int:
    """Waits for the server."""
    place.wait(lab)
    return 0


def restore(lab: Lab, _: list[str]) -> int:
    """Puts the head back."""
    directory.restore(lab)
    return 0


COMMANDS: dict[str, Callable[[Lab, list[str]], int]] = {
    "wait": wait,
    "setup": setup,
    "rounds": list_rounds,
    "apply": apply_round,
    "oracle": oracle,
    "campaign": campaign,
    "states": states,
    "restore": restore,
    "people": make_people,
    "tenant": make_tenant,
    "replication": replication,
}


def main(arguments: list[str]) -> int:
    """Runs one command."""
    if len(arguments) < 2 or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]](Lab.load(arguments[1]), arguments[2:])
    except LabError as error:
        print(f"lab.py {arguments[0]}: {error}", file=sys.stderr)
    except WERRORError as error:
        print(f"lab.py {arguments[0]}: the server answered {error.args[0]} ({error.args[1]})", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

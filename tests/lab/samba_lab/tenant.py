"""What Microsoft Graph would say of the lab's users: the answers of tests/cloud, with users made from what the directory holds."""

import base64
import json
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

import ldb

from .directory import DAY, read_lines
from .place import Lab, LabError

ANSWERS = Path(__file__).parents[2] / "cloud"
FOREIGN_ANCHOR = base64.b64encode(bytes(range(16))).decode("ascii")
# Days between the directory's password and the cloud's, where they are not one.
NEWER, OLDER = 300, -50
# Kinds that the tenant does not have.
MISSING = ("non-ascii", "named-MSOL")
EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)


def moment(ticks: int) -> str:
    """A FILETIME as Graph writes times."""
    return (EPOCH + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%dT%H:%M:%SZ")


def cloud_user(number: int, row: dict[str, object], entry: ldb.Message) -> dict[str, object]:
    """One user of the tenant; what is not in order follows from the kind."""
    kind = str(row["kind"])
    # As the rules of the lab's export have it.
    anchor = base64.b64encode(bytes(entry.get("objectGUID", idx=0))).decode("ascii")
    set_at = int(entry.get("pwdLastSet", default=b"0", idx=0))
    # A password arrives within minutes.
    changed = set_at + 2 * 10_000_000 if set_at else 0
    changed += {"password-old": NEWER, "password-expired": OLDER}.get(kind, 0) * DAY
    synchronized = kind != "quote"
    name = row["userPrincipalName"] or f"{str(row['sAMAccountName']).rstrip('$')}@fabrikam.onmicrosoft.com"

    def of_the_directory(value: object) -> object:
        return value if synchronized else None

    errors: list[dict[str, str]] = []
    if kind == "password-never-expires":
        errors.append({
            "category": "PropertyConflict",
            "occurredDateTime": "2026-09-30T10:00:00Z",
            "propertyCausingError": "ProxyAddresses",
            "value": f"SMTP:{name}",
        })
    return {
        "id": f"c0a1b2c3-0000-4000-8000-{number:012x}",
        "userPrincipalName": name,
        "accountEnabled": True,
        "onPremisesSyncEnabled": of_the_directory(True),
        "onPremisesUserPrincipalName": of_the_directory(row["userPrincipalName"]),
        "onPremisesSamAccountName": of_the_directory(row["sAMAccountName"]),
        "onPremisesSecurityIdentifier": of_the_directory(row["sid"]),
        "onPremisesImmutableId": of_the_directory(FOREIGN_ANCHOR if kind == "comma" else anchor),
        "lastPasswordChangeDateTime": moment(changed) if changed > 0 else None,
        "onPremisesProvisioningErrors": errors,
    }


def write(lab: Lab, folder: Path) -> int:
    """Writes the answers into a folder, for tests/cloud/server.py; gives how many users the tenant has."""
    rows = read_lines(lab.folder / "people.jsonl")
    if not rows:
        raise LabError("there are no users yet: 'lab.py people' makes them")
    database = lab.directory()
    folder.mkdir(parents=True, exist_ok=True)
    for answer in ANSWERS.glob("*.json"):
        shutil.copy(answer, folder / answer.name)
    users = []
    for number, row in enumerate(rows):
        if row["kind"] not in MISSING:
            attributes = ["objectGUID", "pwdLastSet"]
            entry = database.search(str(row["dn"]), scope=ldb.SCOPE_BASE, attrs=attributes)[0]
            users.append(cloud_user(number, row, entry))
    body = json.loads((ANSWERS / "users.json").read_text(encoding="utf-8")) | {"value": users}
    (folder / "users.json").write_text(json.dumps(body), encoding="utf-8")
    body = json.loads((ANSWERS / "organization.json").read_text(encoding="utf-8"))
    body["value"][0]["verifiedDomains"].append(
        {"capabilities": "Email", "isDefault": False, "isInitial": False, "name": "contoso.test", "type": "Managed"}
    )
    (folder / "organization.json").write_text(json.dumps(body), encoding="utf-8")
    return len(users)

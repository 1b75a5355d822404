"""Logons that are refused, and what the server says about it."""

import subprocess

from samba import NTSTATUSError, ntstatus
from samba.samba3 import libsmb_samba_internal
from samba.samba3 import param as s3param

from .place import Lab, LabError, quiet


def smb_refusal(lab: Lab, account: str) -> str | None:
    """The name of the status that the same logon over SMB is refused with, or None if it is not refused."""
    parameters = s3param.get_context()
    parameters.load(lab.values["LAB_CONFIG"])
    try:
        libsmb_samba_internal.Conn(
            lab.address, "IPC$", lp=parameters, creds=lab.credentials(account, lab.account_password())
        )
    except NTSTATUSError as error:
        return status_name(error.args[0])
    return None


def status_name(code: int) -> str:
    """The name of an NTSTATUS code, as Samba knows it."""
    for name in dir(ntstatus):
        if name.startswith("NT_STATUS_") and getattr(ntstatus, name) == code:
            return name
    return f"0x{code:08x}"


def wrong_logon(lab: Lab, account: str) -> None:
    """One logon with a wrong password."""
    lab.enter()
    try:
        with quiet():
            lab.drs(lab.credentials(account, lab.account_password() + "x"))
    except NTSTATUSError:
        return
    raise LabError(f"{account}: a wrong password was accepted")


def ldap_data(lab: Lab, account: str) -> str | None:
    """The sub-code that an LDAPS simple bind is refused with (`data 533`), or None if there is none."""
    sub = subprocess.run(
        [
            "ldapwhoami",
            "-x",
            "-H",
            f"ldaps://{lab.address}",
            "-D",
            f"{lab.values['LAB_NETBIOS']}\\{account}",
            "-y",
            lab.values["LAB_ACCOUNT_PASSWORD_FILE"],
        ],
        env={"LDAPTLS_CACERT": lab.values["LAB_CA"], "PATH": "/usr/bin:/bin", "LDAPTLS_REQCERT": "demand"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    _, found, rest = sub.stderr.partition("data ")
    return rest.split(",")[0].strip() if found else None

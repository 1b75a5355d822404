"""Where a running lab is, and how a process gets into it."""

import contextlib
import ctypes
import os
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from samba.auth import system_session
from samba.credentials import DONT_USE_KERBEROS, Credentials
from samba.dcerpc import drsuapi
from samba.param import LoadParm
from samba.samdb import SamDB

CLONE_NEWNET = 0x40000000
WAIT_SECONDS = 90.0


class LabError(Exception):
    """Something about the lab that the caller can put right; the text says how."""


@dataclass(frozen=True)
class Lab:
    """A running lab, as its file `env` describes it."""

    folder: Path
    values: dict[str, str]

    @staticmethod
    def load(folder: str) -> "Lab":
        """Reads DIR/env."""
        path = Path(folder).resolve()
        try:
            lines = (path / "env").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError as error:
            raise LabError(f"{path} holds no lab: start one with samba.sh up {path}") from error
        return Lab(path, dict(line.split("=", 1) for line in lines if "=" in line))

    @property
    def base(self) -> str:
        """The distinguished name of the domain head."""
        return self.values["LAB_BASE_DN"]

    @property
    def address(self) -> str:
        """The address that the domain controller listens on."""
        return self.values["LAB_ADDRESS"]

    @property
    def domain_sid(self) -> str:
        """The SID of the domain."""
        return self.values["LAB_DOMAIN_SID"]

    def admin_password(self) -> str:
        """The administrator's password of this run."""
        return (self.folder / "admin.password").read_text(encoding="ascii")

    def account_password(self) -> str:
        """The password that every test account of this run has."""
        return (self.folder / "accounts.password").read_text(encoding="ascii")

    def parameters(self) -> LoadParm:
        """Samba's own configuration, from the lab and not from the machine."""
        return load_parameters(self.values["LAB_CONFIG"])

    def enter(self) -> None:
        """Moves this process into the lab's network namespace; harmless when it is there already."""
        libc = ctypes.CDLL(None, use_errno=True)
        handle = os.open(f"/run/netns/{self.values['LAB_NETNS']}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            if libc.setns(handle, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "cannot enter the network namespace")
        finally:
            os.close(handle)

    def directory(self) -> SamDB:
        """The domain's database through Samba's own module stack, as SYSTEM, without the network."""
        parameters = self.parameters()
        session = system_session(parameters)
        database = SamDB(url=parameters.private_path("sam.ldb"), session_info=session, lp=parameters)
        # The library keeps bare pointers to these: they must live as long as the database.
        database.kept_alive = (parameters, session)
        return database

    def credentials(self, account: str, password: str) -> Credentials:
        """Credentials of the domain, for NTLM: a logon without a ticket says at once what is wrong with it."""
        credentials = Credentials()
        credentials.guess(self.parameters())
        credentials.set_username(account)
        credentials.set_password(password)
        credentials.set_domain(self.values["LAB_NETBIOS"])
        credentials.set_kerberos_state(DONT_USE_KERBEROS)
        return credentials

    def admin(self) -> Credentials:
        """The administrator's credentials."""
        return self.credentials(self.values["LAB_ADMIN"], self.admin_password())

    def ldap(self, credentials: Credentials) -> SamDB:
        """The directory over LDAP, signed and sealed, as the given account."""
        return SamDB(url=f"ldap://{self.address}", credentials=credentials, lp=self.parameters())

    def drs(self, credentials: Credentials) -> drsuapi.drsuapi:
        """The replication endpoint, found through the endpoint mapper, as the given account."""
        return drsuapi.drsuapi(
            f"ncacn_ip_tcp:{self.address}[seal,target_hostname={self.values['LAB_SERVER']}]",
            self.parameters(),
            credentials,
        )


def load_parameters(config: str) -> LoadParm:
    """Samba's own configuration from one file."""
    parameters = LoadParm()
    parameters.load(config)
    return parameters


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keeps Samba's libraries from writing to standard error: a refused logon is an answer here, not news."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def answers(lab: Lab) -> None:
    """Asks LDAP, LDAPS and the replication endpoint once; raises what went wrong."""
    context = ssl.create_default_context(cafile=lab.values["LAB_CA"])
    with (
        socket.create_connection((lab.address, 636), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=lab.values["LAB_SERVER"]),
    ):
        pass
    database = lab.ldap(lab.admin())
    if str(database.search("", scope=0, attrs=["isSynchronized"])[0]["isSynchronized"]) != "TRUE":
        raise LabError("the domain controller is not synchronised yet")
    lab.drs(lab.admin())
    for port in (53, 88, 135, 445, 464, 3268, 3269):
        socket.create_connection((lab.address, port), timeout=5).close()


def wait(lab: Lab) -> None:
    """Waits until every endpoint answers; gives up after 90 s or when the server has ended."""
    lab.enter()
    process = Path("/proc") / (lab.folder / "samba.pid").read_text(encoding="ascii").split()[0]
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with quiet():
                answers(lab)
            return
        except Exception as error:
            # ldb's errors share no base with the others: whatever it is, the server is not ready.
            reason = error
        if not process.exists():
            raise LabError("the server process has ended")
        if time.monotonic() > deadline:
            raise LabError(f"no answer within {WAIT_SECONDS:.0f} s: {reason}")
        time.sleep(0.1)

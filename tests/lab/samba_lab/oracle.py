"""The oracle: what the domain controller itself says, asked over DRSUAPI with the account's own credentials.

DsGetNCChanges (MS-DRSR 4.1.10) with EXOP_REPL_OBJ of one user. Every request needs Get-Changes on the domain head;
one that asks for a secret attribute needs Get-Changes-All as well (MS-DRSR 4.1.10.5; Samba 4.17.12
source4/rpc_server/drsuapi/getncchanges.c:2857 and :2930). The secret attribute asked for here is `currentValue`,
which no user has: the right is tested and no secret ever leaves the server.
"""

from dataclasses import dataclass

from samba import NTSTATUSError, WERRORError
from samba.dcerpc import drsuapi, misc
from samba.ndr import ndr_unpack
from samba.samdb import SamDB

from . import directory
from .descriptor import swap_rights
from .logon import ldap_data, smb_refusal, status_name
from .place import Lab, LabError, quiet

ACCESS_DENIED = 8453  # ERROR_DS_DRA_ACCESS_DENIED
PLAIN = (drsuapi.DRSUAPI_ATTID_objectClass, drsuapi.DRSUAPI_ATTID_userAccountControl)
SECRET = (drsuapi.DRSUAPI_ATTID_objectClass, drsuapi.DRSUAPI_ATTID_currentValue)
EXTENSIONS = ("BASE", "GETCHGREQ_V8", "GETCHGREPLY_V6", "GETCHGREPLY_V7", "STRONG_ENCRYPTION")
# A client that is no domain controller: any GUID that names none.
NOBODY = "5e5f1b0c-4d6a-4d0b-8f1e-0a9a35c0e6d1"


@dataclass
class Session:
    """An account's connection to the replication endpoint; its token is that of the logon."""

    pipe: drsuapi.drsuapi
    handle: misc.policy_handle


class Oracle:
    """Asks the domain controller; keeps one connection for each account."""

    def __init__(self, lab: Lab) -> None:
        lab.enter()
        self.lab = lab
        self.database: SamDB = lab.directory()
        self.sessions: dict[str, Session | str] = {}
        target = directory.find(self.database, lab, directory.TARGET)
        self.target = ndr_unpack(misc.GUID, target["objectGUID"][0])

    def session(self, account: str) -> Session | str:
        """A connection, or why the logon was refused (name of the NTSTATUS code)."""
        if account not in self.sessions:
            self.sessions[account] = self._connect(account)
        return self.sessions[account]

    def _connect(self, account: str) -> Session | str:
        directory.find(self.database, self.lab, account)
        try:
            with quiet():
                pipe = self.lab.drs(self.lab.credentials(account, self.lab.account_password()))
        except NTSTATUSError as error:
            # RPC says no more than "logon failure": SMB gives the same server's reason.
            return smb_refusal(self.lab, account) or status_name(error.args[0])
        info = drsuapi.DsBindInfoCtr()
        info.length = 28
        info.info = drsuapi.DsBindInfo28()
        for name in EXTENSIONS:
            info.info.supported_extensions |= getattr(drsuapi, f"DRSUAPI_SUPPORTED_EXTENSION_{name}")
        _, handle = pipe.DsBind(misc.GUID(drsuapi.DRSUAPI_DS_BIND_GUID), info)
        return Session(pipe, handle)

    def asks(self, session: Session, attributes: tuple[int, ...]) -> bool:
        """Does the server hand out these attributes of the target? False is ERROR_DS_DRA_ACCESS_DENIED, no other."""
        request = drsuapi.DsGetNCChangesRequest8()
        request.destination_dsa_guid = misc.GUID(NOBODY)
        request.source_dsa_invocation_id = misc.GUID()
        request.naming_context = drsuapi.DsReplicaObjectIdentifier()
        request.naming_context.guid = self.target
        request.naming_context.dn = ""
        request.highwatermark = drsuapi.DsReplicaHighWaterMark()
        request.max_object_count = 1
        request.max_ndr_size = 1 << 20
        request.extended_op = drsuapi.DRSUAPI_EXOP_REPL_OBJ
        request.partial_attribute_set = drsuapi.DsPartialAttributeSet()
        request.partial_attribute_set.version = 1
        request.partial_attribute_set.attids = list(attributes)
        request.partial_attribute_set.num_attids = len(attributes)
        try:
            _, reply = session.pipe.DsGetNCChanges(session.handle, 8, request)
        except WERRORError as error:
            if error.args[0] == ACCESS_DENIED:
                return False
            raise
        if reply.extended_ret != drsuapi.DRSUAPI_EXOP_ERR_SUCCESS or reply.object_count != 1:
            raise LabError(f"the server answered neither with the object nor with a refusal: {reply.extended_ret}")
        return True

    def ask(self, accounts: list[str]) -> list[dict[str, object]]:
        """One row for each account about the head as it is now.

        `getChanges` and `replicatesSecrets` are the server's answers to the two requests; `getChangesAll` is the
        second right on its own, asked with the two rights exchanged on the head for a moment (see swap_rights).
        """
        rows: dict[str, dict[str, object]] = {}
        asked: list[tuple[str, Session]] = []
        for account in accounts:
            session = self.session(account)
            if isinstance(session, str):
                unknown = {"getChanges": None, "getChangesAll": None, "replicatesSecrets": None}
                rows[account] = {"account": account, **unknown, "logon": f"refused:{session}"}
                rows[account]["ldapData"] = ldap_data(self.lab, account)
                continue
            asked.append((account, session))
            rows[account] = {
                "account": account,
                "getChanges": self.asks(session, PLAIN),
                "replicatesSecrets": self.asks(session, SECRET),
                "logon": "ok",
            }
        if asked:
            stored = directory.read_raw_head(self.lab)
            try:
                directory.write_raw_head(self.lab, swap_rights(stored))
                for account, session in asked:
                    rows[account]["getChangesAll"] = self.asks(session, PLAIN)
            finally:
                directory.write_raw_head(self.lab, stored)
        for row in rows.values():
            if row["logon"] == "ok" and row["replicatesSecrets"] != (row["getChanges"] and row["getChangesAll"]):
                raise LabError(f"{row['account']}: the server's three answers contradict each other: {row}")
        return list(rows.values())

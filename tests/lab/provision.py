#!/usr/bin/python3
"""Fills an empty lab folder with the databases of a new Active Directory domain.

    provision.py DIR REALM NETBIOS HOST DOMAIN_SID ADDRESS [ADDRESS6]

DIR holds smb.conf and admin.password. `samba-tool domain provision` would do the same, but takes the password on
its command line, and sets ACLs on sysvol that not every file system keeps.
"""

import logging
import sys
from pathlib import Path

from samba.auth import system_session
from samba.dcerpc import security
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import get_default_backend_store


def main(arguments: list[str]) -> None:
    """Provisions the domain that the command line describes."""
    folder, realm, netbios, host, domain_sid, address, *address6 = arguments
    config = str(Path(folder) / "smb.conf")
    parameters = LoadParm()
    parameters.load(config)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    provision(
        logging.getLogger("provision"),
        system_session(),
        smbconf=config,
        lp=parameters,
        realm=realm,
        domain=netbios,
        hostname=host,
        hostip=address,
        hostip6=address6[0] if address6 else None,
        domainsid=security.dom_sid(domain_sid),
        adminpass=(Path(folder) / "admin.password").read_text(encoding="ascii"),
        serverrole="active directory domain controller",
        dns_backend="SAMBA_INTERNAL",
        backend_store=get_default_backend_store(),
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
        use_rfc2307=True,
        skip_sysvolacl=True,
    )


if __name__ == "__main__":
    main(sys.argv[1:])

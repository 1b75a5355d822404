#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets rpc, cldap, kerberos, certificate and search: one well-formed answer of each kind.

    make_wire.py            writes into this folder
"""

import struct
import uuid
from pathlib import Path

HERE = Path(__file__).parent
DRSUAPI = uuid.UUID("e3514235-4b06-11d1-ab04-00c04fc2dcd2")
NDR = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860")


def seed(target: str, name: str, data: bytes) -> None:
    """Writes one seed."""
    folder = HERE / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def pdu(kind: int, body: bytes) -> bytes:
    """A DCE/RPC fragment of call 1."""
    return struct.pack("<BBBB4sHHI", 5, 0, kind, 3, b"\x10\0\0\0", 16 + len(body), 0, 1) + body


def tower(port: int) -> bytes:
    """A protocol tower that ends at a TCP port."""
    out = struct.pack("<H", 5)
    for syntax, major in ((DRSUAPI, 4), (NDR, 2)):
        out += struct.pack("<HB16sHHH", 19, 0x0D, syntax.bytes_le, major, 2, 0)
    out += struct.pack("<HBHH", 1, 0x0B, 2, 0)
    out += struct.pack("<HBH", 1, 0x07, 2) + struct.pack(">H", port)
    return out + struct.pack("<HBHI", 1, 0x09, 4, 0)


def padded(data: bytes) -> bytes:
    """Up to the next multiple of four."""
    return data + bytes(-len(data) % 4)


def mapping() -> bytes:
    """The answer to ept_map with two towers."""
    towers = [tower(49155), tower(49160)]
    out = bytes(20) + struct.pack("<IIIIII", 2, 64, 0, 2, 3, 4)
    for one in towers:
        out = padded(out) + struct.pack("<II", len(one), len(one)) + one
    return padded(out) + struct.pack("<I", 0)


def lookup() -> bytes:
    """The answer to ept_lookup with one entry."""
    note = b"MS NT Directory DRS Interface\0"
    one = tower(49155)
    out = b"\7" * 20 + struct.pack("<IIII", 1, 500, 0, 1)
    out += bytes(16) + struct.pack("<III", 3, 0, len(note)) + note
    out = padded(out) + struct.pack("<II", len(one), len(one)) + one
    return padded(out) + struct.pack("<I", 0)


def tlv(tag: int, *parts: bytes) -> bytes:
    """A BER element."""
    body = b"".join(parts)
    size = len(body)
    length = bytes((size,)) if size < 128 else b"\x82" + struct.pack(">H", size)
    return bytes((tag,)) + length + body


def netlogon() -> bytes:
    """NETLOGON_SAM_LOGON_RESPONSE_EX."""
    out = struct.pack("<HHI", 23, 0, 0xF1FD) + b"\x11" * 16
    out += b"\7contoso\4test\0" + b"\xc0\x18" + b"\3dc1\xc0\x18" + b"\7CONTOSO\0" + b"\3DC1\0" + b"\0"
    return out + b"\4Oslo\0" + b"\6Bergen\0" + struct.pack("<IHH", 5, 0xFFFF, 0xFFFF)


def ping() -> bytes:
    """A search entry with the response, and the end of the search."""
    attribute = tlv(0x30, tlv(4, b"Netlogon"), tlv(0x31, tlv(4, netlogon())))
    entry = tlv(0x30, tlv(2, b"\1"), tlv(0x64, tlv(4), tlv(0x30, attribute)))
    return entry + tlv(0x30, tlv(2, b"\1"), tlv(0x65, tlv(10, b"\0"), tlv(4), tlv(4)))


def krb_error() -> bytes:
    """KRB-ERROR 25, pre-authentication required."""
    fields = [(0, tlv(2, b"\5")), (1, tlv(2, b"\x1e")), (4, tlv(0x18, b"20260301120000Z")), (5, tlv(2, b"\1"))]
    fields += [(6, tlv(2, b"\x19")), (9, tlv(0x1B, b"CONTOSO.TEST"))]
    return tlv(0x7E, tlv(0x30, *(tlv(0xA0 + number, value) for number, value in fields)))


def dns() -> bytes:
    """A name error for the domain's SOA."""
    return struct.pack(">HHHHHH", 1, 0x8183, 1, 0, 0, 0) + b"\7contoso\4test\0" + struct.pack(">HH", 6, 1)


def user(*attributes: tuple[bytes, tuple[bytes, ...]]) -> bytes:
    """A search entry."""
    rows = [tlv(0x30, tlv(4, name), tlv(0x31, *(tlv(4, value) for value in values))) for name, values in attributes]
    return tlv(0x30, tlv(2, b"\2"), tlv(0x64, tlv(4, b"CN=Kari,OU=R\\, D,DC=contoso,DC=test"), tlv(0x30, *rows)))


def page() -> bytes:
    """Three users, and the end of a page with the cookie of the next."""
    common = (
        (b"objectClass", (b"top", b"person", b"organizationalPerson", b"user")),
        (b"objectGUID", (bytes(range(16)),)),
        (b"sAMAccountName", (b"kari",)),
        (b"userPrincipalName", (b"kari@contoso.test",)),
    )
    plain = user(*common, (b"userAccountControl", (b"512",)), (b"pwdLastSet", (b"133800000000000000",)))
    blocked = user(*common, (b"userAccountControl", (b"514",)), (b"pwdLastSet", (b"0",)), (b"isCriticalSystemObject", (b"TRUE",)))
    partial = user(*common, (b"memberOf", ()), (b"memberOf;range=0-1", (b"CN=a,DC=b",)), (b"mail", ()))
    control = tlv(0x30, tlv(4, b"1.2.840.113556.1.4.319"), tlv(4, tlv(0x30, tlv(2, b"\0"), tlv(4, b"next"))))
    done = tlv(0x30, tlv(2, b"\2"), tlv(0x65, tlv(10, b"\0"), tlv(4), tlv(4)), tlv(0xA0, control))
    return plain + blocked + partial + done


def main() -> None:
    """Writes all seeds."""
    # The first byte says where the stream is cut.
    seed("search", "page", b"\x80" + page())
    limit = tlv(0x65, tlv(10, b"\4"), tlv(4), tlv(4, b"size limit"), tlv(0xA3, tlv(4, b"ldap://dc2/")))
    seed("search", "limit", b"\0" + tlv(0x30, tlv(2, b"\2"), limit))
    seed("search", "reference", b"\xff" + tlv(0x30, tlv(2, b"\2"), tlv(0x73, tlv(4, b"ldap://dc2/DC=b"))))
    notice = tlv(0x78, tlv(10, b"\x34"), tlv(4), tlv(4, b"closing"), tlv(0x8A, b"1.3.6.1.4.1.1466.20036"))
    seed("search", "notice", b"\x10" + tlv(0x30, tlv(2, b"\0"), notice))
    ack = struct.pack("<HHIH", 5840, 5840, 1, 4) + b"135\0\0\0" + struct.pack("<B3xHH16sHH", 1, 0, 0, NDR.bytes_le, 2, 0)
    seed("rpc", "bind_ack", pdu(12, ack))
    seed("rpc", "bind_nak", pdu(13, struct.pack("<HB", 4, 0)))
    seed("rpc", "fault", pdu(3, struct.pack("<IHBBII", 0, 0, 0, 0, 5, 0)))
    seed("rpc", "response_map", pdu(2, struct.pack("<IHBB", 0, 0, 0, 0) + mapping()))
    seed("rpc", "response_lookup", pdu(2, struct.pack("<IHBB", 0, 0, 0, 0) + lookup()))
    seed("rpc", "map", mapping())
    seed("rpc", "lookup", lookup())
    seed("rpc", "tower", tower(49155))
    seed("cldap", "ping", ping())
    seed("cldap", "netlogon", netlogon())
    refused = b"80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580\0"
    bind = tlv(0x61, tlv(10, b"\x31"), tlv(4), tlv(4, refused))
    seed("cldap", "bind_refused", tlv(0x30, tlv(2, b"\1"), bind))
    seed("kerberos", "krb_error", krb_error())
    seed("kerberos", "as_rep", tlv(0x6B, tlv(0x30)))
    seed("kerberos", "dns", dns())
    seed("certificate", "proxy_status", b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    config = b'<configuration><system.net><defaultProxy><proxy proxyaddress="http://u:p@proxy:8080/"/></defaultProxy></system.net></configuration>'
    seed("certificate", "machine_config", config)
    hello = b"\x03\x01" + bytes(32) + b"\0\0\x2f\0"
    seed("certificate", "hello", struct.pack(">BHHI", 22, 0x0301, 4 + len(hello), 0x02000000 | len(hello)) + hello)
    seed("certificate", "pem", b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")


if __name__ == "__main__":
    main()

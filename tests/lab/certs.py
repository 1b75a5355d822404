#!/usr/bin/python3
"""Makes a certificate authority for one test run and a server certificate signed by it.

    certs.py DIR --name NAME [--address IP]... [--prefix tls] [--variants]

Writes DIR/ca.pem, DIR/ca.key, DIR/tls/PREFIX.pem and DIR/tls/PREFIX.key (keys: mode 0600). With --variants also
DIR/tls/variants/{expired,not-yet-valid,wrong-name,self-signed,untrusted,sha1,weak-key}.{pem,key}, for tests of how
a certificate is judged. An authority that is already in DIR is used again.
"""

import argparse
import datetime
import ipaddress
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A certificate authority: what signs."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def now() -> datetime.datetime:
    """The present, in UTC without a zone, as this version of the library wants it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def new_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key pair."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def common_name(text: str) -> x509.Name:
    """A distinguished name of one common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    """Writes a private key that only its owner may read."""
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def write_certificate(path: Path, certificate: x509.Certificate) -> None:
    """Writes a certificate as PEM."""
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def new_authority(title: str) -> Authority:
    """A self-signed authority, valid from yesterday for ten years."""
    key = new_key()
    name = common_name(title)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - DAY)
        .not_valid_after(now() + 3650 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def load_authority(folder: Path) -> Authority:
    """The authority of the folder; makes one if there is none."""
    certificate, key = folder / "ca.pem", folder / "ca.key"
    if not certificate.exists():
        authority = new_authority("Lab test authority")
        write_key(key, authority.key)
        write_certificate(certificate, authority.certificate)
        return authority
    private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return Authority(x509.load_pem_x509_certificate(certificate.read_bytes()), private)


@dataclass(frozen=True)
class Request:
    """What a server certificate shall say."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    begins: datetime.timedelta = -DAY
    ends: datetime.timedelta = 825 * DAY
    bits: int = 2048
    digest: Callable[[], hashes.HashAlgorithm] = hashes.SHA256


def issue(request: Request, authority: Authority | None, path: Path) -> None:
    """Writes PATH.pem and PATH.key; without an authority the certificate signs itself."""
    key = new_key(request.bits)
    subject = common_name(request.names[0])
    signer = authority or Authority(new_authority("unused").certificate, key)
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in request.names]
    alternatives += [x509.IPAddress(ipaddress.ip_address(address)) for address in request.addresses]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.certificate.subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() + request.begins)
        .not_valid_after(now() + request.ends)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False)
        .sign(signer.key, request.digest())
    )
    write_key(path.with_suffix(".key"), key)
    write_certificate(path.with_suffix(".pem"), certificate)


def write_variants(folder: Path, names: tuple[str, ...], addresses: tuple[str, ...], authority: Authority) -> None:
    """The certificates with one fault each."""
    folder.mkdir(parents=True, exist_ok=True)
    issue(Request(names, addresses, begins=-30 * DAY, ends=-DAY), authority, folder / "expired")
    issue(Request(names, addresses, begins=2 * DAY), authority, folder / "not-yet-valid")
    issue(Request(("other.contoso.test",), ()), authority, folder / "wrong-name")
    issue(Request(names, addresses), None, folder / "self-signed")
    issue(Request(names, addresses), new_authority("Stranger"), folder / "untrusted")
    with warnings.catch_warnings():
        # That SHA-1 is on its way out is what this certificate is for.
        warnings.simplefilter("ignore")
        issue(Request(names, addresses, digest=hashes.SHA1), authority, folder / "sha1")
    issue(Request(names, addresses, bits=1024), authority, folder / "weak-key")


def main() -> None:
    """Makes what the command line asks for."""
    parser = argparse.ArgumentParser(description="certificates for one test run")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", action="append", required=True)
    parser.add_argument("--address", action="append", default=[])
    parser.add_argument("--prefix", default="tls")
    parser.add_argument("--variants", action="store_true")
    options = parser.parse_args()
    names, addresses = tuple(options.name), tuple(dict.fromkeys(options.address))
    authority = load_authority(options.folder)
    (options.folder / "tls").mkdir(exist_ok=True)
    issue(Request(names, addresses), authority, options.folder / "tls" / options.prefix)
    if options.variants:
        write_variants(options.folder / "tls" / "variants", names, addresses, authority)


if __name__ == "__main__":
    main()

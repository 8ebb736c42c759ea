"""For phones in the network at home: the address of this computer, a certificate, a QR code."""

from __future__ import annotations

import datetime as dt
import io
import ipaddress
import os
import secrets
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import segno
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbook.serve.terminal import print_error

CERTIFICATE_FILE = "lan.pem"
"""File with key and certificate, in the folder of the vault."""

CERTIFICATE_LIFETIME = dt.timedelta(days=365)
RENEWAL_MARGIN = dt.timedelta(days=30)
"""A certificate that ends sooner than this is replaced."""

_COMMON_NAME = "Evening notes"
"""Name in the certificate; it shows no more than the title of the page."""

ADDRESS_CHECK_S = 10
"""How often a book for phones looks whether this computer still has its address."""

_ADDRESS_LOST = (
    "This computer no longer has the address {address}: it is in another network, or in none. "
    "No page can reach the book there; nothing that was saved is lost. Go back into the network, "
    "or close the book with Ctrl-C and start it again for the network you are in."
)
_ADDRESS_BACK = "This computer has the address {address} again; the pages can reach the book."

_VIRTUAL_INTERFACES = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "vEthernet")
"""Names of virtual network interfaces begin with these; no phone can reach them."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate for the address of this computer."""

    context: ssl.SSLContext
    """TLS 1.2 or newer."""

    fingerprint: str
    """SHA-256 in the form browsers show: 32 pairs of hexadecimal digits, joined by colons."""


def find_home_address() -> str | None:
    """Return the IPv4 address of this computer in the network at home, or None without one.

    Only private addresses of interfaces that are up count, tunnels and virtual
    interfaces excluded. Of several, the address of the default route is preferred,
    since the phones probably use the same router.
    """
    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    found = [
        each.address
        for name, addresses in psutil.net_if_addrs().items()
        if name in up and not name.startswith(_VIRTUAL_INTERFACES)
        for each in addresses
        if each.family == socket.AF_INET and each.ptp is None and _is_home_network(each.address)
    ]
    default = _default_route_address()
    return default if default in found else next(iter(found), None)


def has_address(address: str) -> bool:
    """Return whether this computer has ``address`` at present, on an interface that is up."""
    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    return any(
        each.address == address
        for name, addresses in psutil.net_if_addrs().items()
        if name in up
        for each in addresses
    )


class AddressWatch:
    """Says in the terminal when this computer has lost the address it listens on.

    The certificate, the codes and the phones' addresses are for that one alone, so that the
    book does not follow into another network by itself.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._lost = False

    def check(self) -> None:
        """Print a sentence on stderr if the address was lost, or is back, since the last time."""
        lost = not has_address(self._address)
        if lost is not self._lost:
            self._lost = lost
            print_error((_ADDRESS_LOST if lost else _ADDRESS_BACK).format(address=self._address))


def _is_home_network(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return ip.is_private and not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _default_route_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(
                ("198.51.100.1", 9)
            )  # an address for documentation; connecting UDP sends nothing
        except OSError:
            return None
        return str(asking.getsockname()[0])


def ensure_certificate(folder: Path, address: str) -> Certificate:
    """Return the certificate for ``address`` from ``folder``; make a new one if necessary.

    A new one is made if the stored one is for another address, ends within
    ``RENEWAL_MARGIN``, cannot be read, or is readable by other users of this computer.

    Raises:
        OSError: if the folder cannot be written.

    """
    path = folder / CERTIFICATE_FILE
    if not _is_usable(path, address):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_certificate(path, address)
    made = x509.load_pem_x509_certificate(path.read_bytes())
    return Certificate(_make_tls_context(path), made.fingerprint(SHA256()).hex(":").upper())


def _is_usable(path: Path, address: str) -> bool:
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            return False
        _make_tls_context(path)
        kept = x509.load_pem_x509_certificate(path.read_bytes())
        names = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):  # an ssl.SSLError is an OSError
        return False
    for_us = ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)
    return for_us and kept.not_valid_after_utc - _now() > RENEWAL_MARGIN


def _make_tls_context(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(path)
    return context


def _make_certificate(path: Path, address: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
    ours = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    only_to_serve = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - dt.timedelta(days=1))  # the clock of a phone may be slow
        .not_valid_after(_now() + CERTIFICATE_LIFETIME)
        .add_extension(ours, critical=False)
        .add_extension(only_to_serve, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_private(path, text + made.public_bytes(Encoding.PEM))


def _write_private(path: Path, text: bytes) -> None:
    """Write a file that only this user can read, atomically."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    unfinished.replace(path)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def delete_certificate(folder: Path) -> None:
    """Delete the certificate and its key, if they exist."""
    (folder / CERTIFICATE_FILE).unlink(missing_ok=True)


def draw_qr(address: str) -> str:
    """Return ``address`` as a QR code of block characters, for a dark terminal."""
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()

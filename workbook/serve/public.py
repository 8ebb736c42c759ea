"""The address at which people open the book behind a proxy: scheme, host and prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidPublicAddress(ValueError):
    """An address under which no book can be served; the text says what to change."""


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where a browser finds the book, if a proxy stands in front of it."""

    scheme: str
    host: str
    """Name, with the port where it is not the scheme's own; as browsers send it in ``Host``."""
    prefix: str
    """Path of the book, with a slash at both ends; ``"/"`` without a prefix."""

    @property
    def origin(self) -> str:
        """What browsers send as ``Origin``."""
        return f"{self.scheme}://{self.host}"

    @property
    def url(self) -> str:
        """Address of the book."""
        return f"{self.origin}{self.prefix}"


def read_public_address(url: str) -> PublicAddress:
    """Return the address that ``url`` names.

    Raises:
        InvalidPublicAddress: if it is no address of a page, or would carry answers over a
            network without encryption.

    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidPublicAddress(f"{url} is no address: {error}.") from error
    name = parts.hostname or ""
    if parts.scheme not in DEFAULT_PORTS or not name:
        raise InvalidPublicAddress(f"{url} is no address; write it as https://HOST/PATH/.")
    if parts.username or parts.query or parts.fragment:
        raise InvalidPublicAddress(f"{url} has more than host and path; leave the rest out.")
    if not re.fullmatch(r"(/[\w.~@%+-]+)*/?", parts.path, re.ASCII):
        raise InvalidPublicAddress(f"{parts.path} is no path; use letters, digits, - and _.")
    if parts.scheme == "http" and not _is_loopback(name):
        raise InvalidPublicAddress("Answers go over a network there: the address needs https.")
    host = f"[{name}]" if ":" in name else name
    if port not in (None, DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    return PublicAddress(parts.scheme, host, f"{parts.path.rstrip('/')}/")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"

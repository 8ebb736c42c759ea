"""Where the server listens: address, port and certificate."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tornado.netutil import bind_sockets

if TYPE_CHECKING:
    from workbook.serve.lan import Certificate

LOOPBACK_ADDRESS = "127.0.0.1"

DEFAULT_PORT = 8787
"""Port without ``--port``, if it is free."""


class PortTaken(Exception):
    """Another program listens there; ``args[0]`` is the port."""


class PlainBeyondLoopback(Exception):
    """``args[0]``, an address, is reachable from other computers and TLS is off."""


def require_tls_beyond_loopback(address: str, *, tls: bool) -> None:
    """Return if ``address`` may be listened on.

    Raises:
        PlainBeyondLoopback: if other computers can reach it and ``tls`` is off.

    """
    if not tls and not ipaddress.ip_address(address).is_loopback:
        raise PlainBeyondLoopback(address)


def bind_port(port: int | None, address: str) -> list[socket.socket]:
    """Return sockets that listen on ``address`` alone.

    Args:
        port: 0 for any free one; None for ``DEFAULT_PORT`` or, if taken, any free one.
        address: an IPv4 address of this computer.

    Raises:
        PortTaken: if ``port`` was given and is not free.

    """
    try:
        return bind_sockets(DEFAULT_PORT if port is None else port, address)
    except OSError:
        if port is None:
            return bind_sockets(0, address)
        raise PortTaken(port) from None


def load_certificate(data: Path, address: str) -> Certificate:
    """Return the certificate for ``address``, kept in ``data``.

    Raises:
        OSError: if ``data`` cannot be written.

    """
    from workbook.serve import lan  # noqa: PLC0415 - without phones no cryptography is imported

    return lan.ensure_certificate(data, address)

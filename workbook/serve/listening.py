"""Where the server listens: address, port and certificate."""

from __future__ import annotations

import errno
import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from tornado.netutil import bind_sockets

if TYPE_CHECKING:
    from workbook.serve.lan import Certificate

LOOPBACK_ADDRESS = "127.0.0.1"

_MAX_TRIES = 20
"""How many free ports are tried until one is free on both loopback addresses."""

DEFAULT_PORT = 8787
"""Port without ``--port``, if it is free."""


class PortTaken(Exception):
    """Another program listens there; ``args[0]`` is the port."""


class PortForbidden(Exception):
    """The user may not listen on a port that low; ``args[0]`` is the port."""


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
    """Return sockets that listen on ``address`` alone; the first one is of that address.

    For 127.0.0.1 the same port of ::1 is held as well, where this computer has it: another
    program that listened there would be what a browser finds under ``localhost``.

    Args:
        port: 0 for any free one; None for ``DEFAULT_PORT`` or, if taken, any free one.
        address: an IPv4 address of this computer.

    Raises:
        PortTaken: if ``port`` was given and is not free.
        PortForbidden: if ``port`` was given and takes rights that this user has not.
        OSError: if no port can be listened on at all.

    """
    wanted = DEFAULT_PORT if port is None else port
    retries = _MAX_TRIES if port in {None, 0} else 0
    for number in (wanted, *[0] * retries):
        try:
            return _bind_both(number, address)
        except PermissionError:
            if port:
                raise PortForbidden(port) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise PortTaken(port)


def _bind_both(port: int, address: str) -> list[socket.socket]:
    """Return sockets of one port on ``address`` and, for 127.0.0.1, on ::1.

    Raises:
        OSError: if the port is taken on either.

    """
    sockets = bind_sockets(port, address)
    if address != LOOPBACK_ADDRESS or not socket.has_ipv6:
        return sockets
    try:
        return [*sockets, *bind_sockets(sockets[0].getsockname()[1], "::1")]
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return sockets  # this computer has no such address
        for each in sockets:
            each.close()
        raise


def load_certificate(data: Path, address: str) -> Certificate:
    """Return the certificate for ``address``, kept in ``data``.

    Raises:
        OSError: if ``data`` cannot be written.

    """
    from workbook.serve import lan  # noqa: PLC0415 - without phones no cryptography is imported

    return lan.ensure_certificate(data, address)

"""Attacks the server over its own socket before it opens; a successful attack keeps it closed."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import re
import socket
import ssl
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.netutil import Resolver
from tornado.web import Application
from tornado.websocket import (
    WebSocketClosedError,
    websocket_connect,
)

from workbook.serve import frames
from workbook.serve.frames import ALLOWED_MESSAGE_TYPES, POLICY_VIOLATION, WEBSOCKET_PROTOCOL
from workbook.serve.public import DEFAULT_PORTS, PublicAddress

PROBES_TIMEOUT_S = 30.0
"""Seconds for all attacks; each takes a few milliseconds unless the computer is busy."""

REACH_TIMEOUT_S = 5.0
"""Seconds in which the public address has to answer."""

FOREIGN_HOST = "attune.example"

_TRIED_HERE = "the guard was tried on this computer alone and not through it."

_NO_KERNEL_ID = str(uuid.UUID(int=0))
_OTHERS_MODE = 0o077
_FORBIDDEN_STATUS = 403
_GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"CURVE".ljust(20, b"\0") + bytes(32)
_MECHANISM = slice(12, 32)


class AttackSucceeded(Exception):
    """An attack was not refused; ``args[0]`` names what got through, as the end of a sentence.

    Raised for what was seen to get through, and for nothing else: an attack that could not
    be carried out says nothing about the guard.
    """


@dataclass(slots=True)
class ReachProbe:
    """Tells whether a request that was sent to another address has come to this server."""

    value: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_seen: bool = False

    def note(self, query: str) -> None:
        """Note the query of a request."""
        self.is_seen |= query == self.value


class _SocketResolver(Resolver):
    """Finds every name at one Unix socket."""

    def initialize(self, path: str) -> None:  # type: ignore[override]
        self._path = path

    async def resolve(self, *_where: Any, **_how: Any) -> list[tuple[int, Any]]:
        return [(socket.AF_UNIX, self._path)]


@dataclass(frozen=True)
class ServerClient:
    """A client that sends requests to the server over the network."""

    ip: str
    port: int
    cookie: str
    """A ``Cookie`` header; empty for an unpaired browser."""

    tls: bool = False
    socket_path: str = ""
    """Unix socket of the server, in place of its address and port."""
    public_host: str = ""
    """``Host`` of a request where it is not address and port."""
    prefix: str = ""
    """What stands before every path, without a slash at its end."""

    @property
    def host(self) -> str:
        return self.public_host or f"{self.ip}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}"

    def is_refusal(self, status: int) -> bool:
        """Whether a status refuses a request; what stands in front may have its own way to."""
        return status == _FORBIDDEN_STATUS or bool(self.public_host and status >= 400)

    async def get_status(self, path: str, **headers: str) -> int:
        """Return the status of one GET; underscores in header names become hyphens."""
        asked = {"Host": self.host, "Connection": "close", "Cookie": self.cookie}
        asked |= {name.replace("_", "-"): value for name, value in headers.items()}
        first = f"GET {self.prefix}{path} HTTP/1.1"
        lines = [first, *(f"{name}: {value}" for name, value in asked.items())]
        if self.socket_path:
            reader, writer = await asyncio.open_unix_connection(self.socket_path)
        else:
            trust = ssl._create_unverified_context() if self.tls else None  # noqa: S323 - it is us
            reader, writer = await asyncio.open_connection(self.ip, self.port, ssl=trust)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode())
            return int((await reader.readline()).split()[1])
        finally:
            writer.close()

    async def get_upgrade_status(self, path: str, **headers: str) -> int:
        """Return the status of one attempt to open a websocket."""
        asked = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec_WebSocket_Version": "13",
            "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec_WebSocket_Protocol": WEBSOCKET_PROTOCOL,
            "Origin": self.origin,
        }
        return await self.get_status(path, **(asked | headers))


async def attack_server(
    app: Application,
    *,
    ip: str,
    port: int,
    tls: bool,
    kernel_id: str,
    folder: Path,
    socket_path: str = "",
) -> None:
    """Return if every attack is refused.

    A temporary device is paired and owns ``kernel_id`` meanwhile; nothing reaches the
    kernel unless the guard is broken.

    Args:
        app: the application that is listening.
        ip: IPv4 address it listens on.
        port: port it listens on.
        tls: whether it uses https.
        kernel_id: a pooled kernel without owner.
        folder: the folder of this run.
        socket_path: Unix socket that it listens on, in place of ``ip`` and ``port``; the Host
            of a request is then checked by the server in front.

    Raises:
        AttackSucceeded: if an attack is not refused.
        TimeoutError: if the answers took longer than ``PROBES_TIMEOUT_S``.
        OSError: if this computer could not carry an attack out.

    """
    kernels = app.settings["kernel_manager"]
    if os.name == "posix" and folder.stat().st_mode & _OTHERS_MODE:
        raise AttackSucceeded("other users of this computer")
    if set(kernels.allowed_message_types) != set(ALLOWED_MESSAGE_TYPES):
        raise AttackSucceeded("messages of any type")
    client = ServerClient(ip, port, "", tls, socket_path)
    async with _lend_kernel(app, client, kernel_id) as client:
        await asyncio.gather(
            *([] if socket_path else [_try_foreign_host(client, app)]),
            _try_unpaired_browser(replace(client, cookie=""), kernels, kernel_id),
            _try_foreign_origin(client, kernel_id),
            _try_plain_kernel_socket(kernels.get_kernel(kernel_id)),
        )
        await _try_code_execution(client, kernel_id)


async def attack_through_proxy(app: Application, public: PublicAddress, kernel_id: str) -> str:
    """Return why nothing was tried through the public address; "" if it refused every attack.

    Nothing is sent there that lets anybody in before that address has led to this server. A
    proxy may undo the guard, for instance by an ``Origin`` of its own.

    Args:
        app: the application that is listening.
        public: where browsers find the book.
        kernel_id: as in ``attack_server``.

    Raises:
        AttackSucceeded: if an attack is not refused.

    """
    parts = urlsplit(public.url)
    port = parts.port or DEFAULT_PORTS[public.scheme]
    client = ServerClient(
        ip=parts.hostname or "",
        port=port,
        cookie="",
        tls=public.scheme == "https",
        public_host=public.host,
        prefix=public.prefix.rstrip("/"),
    )
    probe: ReachProbe = app.settings["attune_probe"]
    try:
        async with asyncio.timeout(REACH_TIMEOUT_S):
            await client.get_status(f"/healthz?{probe.value}")
    except (OSError, TimeoutError, ValueError, IndexError):  # what answers may speak no HTTP
        return f"{public.url} cannot be reached from this computer yet, so {_TRIED_HERE}"
    if not probe.is_seen:
        return (
            f"{public.url} does not lead to this book, or asks for a login of its own first, "
            f"so {_TRIED_HERE}"
        )
    try:
        async with _lend_kernel(app, client, kernel_id) as client:
            stranger = replace(client, cookie="")
            await _try_unpaired_browser(stranger, app.settings["kernel_manager"], kernel_id)
            await _try_foreign_origin(client, kernel_id)
            await _try_code_execution(client, kernel_id)
    except HTTPClientError:
        return (
            f"What stands in front of {public.url} passes no websocket on, so no page will open "
            "there. Have it pass on Upgrade and Connection."
        )
    except (OSError, TimeoutError, ValueError, IndexError):
        return f"{public.url} stopped answering, so {_TRIED_HERE}"
    return ""


@asynccontextmanager
async def _lend_kernel(
    app: Application, client: ServerClient, kernel_id: str
) -> AsyncIterator[ServerClient]:
    """Pair a temporary device that owns a kernel; yield ``client`` with its cookie.

    Raises:
        TimeoutError: if what is done with it takes longer than ``PROBES_TIMEOUT_S``.

    """
    kernels, devices = app.settings["kernel_manager"], app.settings["attune_devices"]
    session = devices.add_device()
    device = devices.list_devices()[-1]
    kernels.hand_out(kernel_id, device)
    filtering = logging.getLogger(frames.__name__)
    filtering.disabled = True  # refused frames are expected here
    try:
        async with asyncio.timeout(PROBES_TIMEOUT_S):
            yield replace(client, cookie=f"{devices.cookie}={session}")
    finally:
        filtering.disabled = False
        kernels.release_kernel(kernel_id)
        devices.remove_device(device)


def list_addresses(app: Application) -> Iterator[str]:
    """Yield a path for each route of ``app``."""
    for host in app.default_router.rules:
        for route in getattr(host.target, "rules", ()):
            yield example_address(route.matcher.regex.pattern)


def example_address(pattern: str) -> str:
    """Return a path that matches the pattern of a route, without a proxy's prefix."""
    bare = re.sub(r"^\(\?:[^)]*\)\?", "", pattern.removesuffix("$"))
    named = re.sub(r"\(\?P<kernel_id>.*\)", _NO_KERNEL_ID, bare)
    return named.replace("(.*)", "x").replace(".*", "x")


async def _try_foreign_host(client: ServerClient, app: Application) -> None:
    asked = (client.get_status(address, Host=FOREIGN_HOST) for address in list_addresses(app))
    if set(await asyncio.gather(*asked)) != {_FORBIDDEN_STATUS}:
        raise AttackSucceeded("a page that another name led here")


async def _try_unpaired_browser(stranger: ServerClient, kernels: Any, kernel_id: str) -> None:
    out = kernels.owned_count
    page, rest, massage, socket = await asyncio.gather(
        stranger.get_status("/"),
        stranger.get_status(f"/api/kernels/{kernel_id}"),
        stranger.get_status(f"/massage/{kernel_id}"),
        stranger.get_upgrade_status(f"/api/kernels/{kernel_id}/channels"),
    )
    if (
        page < 300
        or not all(map(stranger.is_refusal, (rest, massage, socket)))
        or kernels.owned_count != out
    ):
        raise AttackSucceeded("a browser that was never let in")


async def _try_foreign_origin(client: ServerClient, kernel_id: str) -> None:
    path = f"/api/kernels/{kernel_id}/channels"
    status = await client.get_upgrade_status(path, Origin=f"http://{FOREIGN_HOST}")
    if not client.is_refusal(status):
        raise AttackSucceeded("a page that came from elsewhere")


async def _try_plain_kernel_socket(kernel: Any) -> None:
    """Read the greeting of a kernel socket, which names its security mechanism."""
    if kernel.transport == "ipc":
        file = f"{kernel.ip}-{kernel.iopub_port}"
        reader, writer = await asyncio.open_unix_connection(file)
    else:
        reader, writer = await asyncio.open_connection(kernel.ip, kernel.iopub_port)
    try:
        writer.write(_GREETING)
        greeting = await reader.readexactly(len(_GREETING))
    except asyncio.IncompleteReadError as cut:
        greeting = cut.partial
    finally:
        writer.close()
    if greeting[_MECHANISM].rstrip(b"\0") != b"CURVE":
        raise AttackSucceeded("somebody who listens in on a kernel")


async def _try_code_execution(client: ServerClient, kernel_id: str) -> None:
    """Send a message that would run code; the server must close the connection.

    A ping follows it. The server reads both in order, so its answer to the ping is the sign
    that the message was let through; a computer that is slow gives no sign at all.

    Raises:
        AttackSucceeded: if the ping is answered, or the server closes for another reason.

    """
    book = f"{client.origin.replace('http', 'ws', 1)}{client.prefix}"
    line: Any = await websocket_connect(
        HTTPRequest(
            f"{book}/api/kernels/{kernel_id}/channels",
            headers={"Cookie": client.cookie, "Origin": client.origin},
            validate_cert=False,
        ),
        subprotocols=[WEBSOCKET_PROTOCOL],
        resolver=_SocketResolver(client.socket_path) if client.socket_path else None,
    )
    header = {"msg_id": "self-check", "msg_type": "execute_request", "version": "5.4"}
    content = {"code": "", "silent": True, "store_history": False}
    parts = [b"shell", *(json.dumps(part).encode() for part in (header, {}, {}, content))]
    ends = [8 * (len(parts) + 2)]
    for part in parts:
        ends.append(ends[-1] + len(part))
    words = b"".join(number.to_bytes(8, "little") for number in (len(ends), *ends))
    await line.write_message(words + b"".join(parts), binary=True)
    answered = asyncio.get_running_loop().create_future()

    def note_pong(_data: bytes) -> None:
        if not answered.done():
            answered.set_result(None)

    line.on_pong = note_pong
    with suppress(WebSocketClosedError):  # it was closed before the ping
        line.ping(b"")
    closed = asyncio.ensure_future(_wait_for_close(line))
    await asyncio.wait({answered, closed}, return_when=asyncio.FIRST_COMPLETED)
    if not closed.done():
        closed.cancel()
        line.close()
        raise AttackSucceeded("a message that runs code")
    if line.close_code is None:  # the connection was lost
        raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
    if line.close_code != POLICY_VIOLATION:
        raise AttackSucceeded("a message that runs code")


async def _wait_for_close(line: Any) -> None:
    while await line.read_message() is not None:
        pass

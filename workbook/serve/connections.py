"""The web server with limits: how many connections an address may hold, and for how long."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, RequestStartLine, ResponseStartLine
from tornado.ioloop import IOLoop

IDLE_TIMEOUT_S = 20.0
"""Seconds within which a request must be sent whole, and a connection used again."""

MAX_PER_ADDRESS = 32
"""Connections of one address without a websocket; a browser opens at most six."""

MAX_CONNECTIONS = 64
"""Connections of all addresses without a websocket. Pages keep about 15 files each."""

MAX_HEADER_BYTES = 1 << 20
"""More than all cookies of one host that a browser keeps: they are sent to every port of it."""

PAUSE_S = 1.0
"""Seconds without accepting anybody, after the computer refused a connection."""

_ACCEPTS_AT_A_TIME = 64

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Client:
    """One connection that is no websocket."""

    address: str
    since: float = field(default_factory=time.monotonic)
    """When it was opened, or its last request began."""
    is_served: bool = False
    """Whether its request has arrived and is being answered."""


class LimitedServer(HTTPServer):
    """Drops who holds a connection and sends nothing, so that others find one.

    When an address, or the server, has as many connections as it may, the one that has
    waited longest makes room for the next; one that is being answered comes last. Sockets
    are read only while there are files for their connections.
    """

    def initialize(self, *args: Any, idle_timeout: float = IDLE_TIMEOUT_S, **how: Any) -> None:  # type: ignore[override]
        """Take what ``HTTPServer`` takes, and ``idle_timeout`` in seconds."""
        limits = {
            "idle_connection_timeout": idle_timeout,
            "body_timeout": idle_timeout,
            "max_header_size": MAX_HEADER_BYTES,
        }
        super().initialize(*args, **(limits | how))
        self._clients: dict[Any, _Client] = {}

    def add_sockets(self, sockets: Any) -> None:
        """Accept connections on sockets that are bound."""
        for bound in sockets:
            self._sockets[bound.fileno()] = bound
            self._handlers[bound.fileno()] = partial(IOLoop.current().remove_handler, bound)
            self._resume(bound)

    def handle_stream(self, stream: Any, address: Any) -> None:
        """Serve a new connection, once there is room for it."""
        name = str(address[0]) if address else ""
        self._make_room(name)
        super().handle_stream(stream, address)
        for connection in self._connections - self._clients.keys():
            self._clients[connection] = _Client(name)

    def start_request(self, server_conn: Any, request_conn: Any) -> HTTPMessageDelegate:
        """Return what takes the next request of a connection."""
        inner = super().start_request(server_conn, request_conn)
        client = self._clients.get(server_conn)
        if client is None:
            return inner
        client.is_served, client.since = False, time.monotonic()
        return _NotingDelegate(inner, client)

    def on_close(self, server_conn: Any) -> None:
        """Forget a connection that was closed or became a websocket."""
        self._clients.pop(server_conn, None)
        super().on_close(server_conn)

    def _make_room(self, address: str) -> None:
        """Close the connections that have waited longest where one more would be too many."""
        if sum(each.address == address for each in self._clients.values()) >= MAX_PER_ADDRESS:
            self._drop(address)
        if len(self._clients) >= MAX_CONNECTIONS:
            counts = Counter(each.address for each in self._clients.values())
            self._drop(counts.most_common(1)[0][0])

    def _drop(self, address: str) -> None:
        of_it = {conn: each for conn, each in self._clients.items() if each.address == address}
        if of_it:
            oldest = min(of_it, key=lambda conn: (of_it[conn].is_served, of_it[conn].since))
            self._clients.pop(oldest)
            oldest.stream.close()

    def _resume(self, bound: socket.socket) -> None:
        if bound.fileno() not in self._sockets:
            return  # the server was stopped during a pause
        IOLoop.current().add_handler(bound, self._accept, IOLoop.READ)

    def _accept(self, bound: socket.socket, _events: int) -> None:
        """Accept those who wait; if the computer refuses, pause instead of trying in a loop."""
        for _ in range(_ACCEPTS_AT_A_TIME):
            try:
                connection, address = bound.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                loop = IOLoop.current()
                loop.remove_handler(bound)
                loop.call_later(PAUSE_S, self._resume, bound)
                name = errno.errorcode.get(error.errno or 0, "no number")
                _log.error("No connection can be accepted (%s); a pause of a second.", name)
                return
            self._handle_connection(connection, address)


class _NotingDelegate(HTTPMessageDelegate):
    """Passes a request on, and notes when its head has arrived."""

    def __init__(self, inner: HTTPMessageDelegate, client: _Client) -> None:
        self._inner, self._client = inner, client

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        self._client.is_served = True
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        self._inner.finish()

    def on_connection_close(self) -> None:
        self._inner.on_connection_close()

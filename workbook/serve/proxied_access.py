"""Lets in whoever the Jupyter server in front has let in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Mapping

from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_unix_socket

from workbook.content.editions import Edition
from workbook.serve.access import Access, Routes
from workbook.serve.entry_page import EntryPageHandler
from workbook.serve.guard import redirect_beside


class _HostsOfFront(Mapping[str, frozenset[str]]):
    """Every Host, with the origins that are the same: the server in front checks its Host."""

    def __getitem__(self, host: str) -> frozenset[str]:
        return frozenset({f"http://{host}", f"https://{host}"})

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, host: object) -> bool:
        return bool(host)


class ProxiedAccess(Access):
    """Lets in browsers that the Jupyter server in front has let in, after one page of words.

    The book listens on a Unix socket that no other user of the computer can reach.

    Args:
        socket_path: the socket.
        prefix: path of the book below the Jupyter server, with a slash at both ends.

    """

    edition = Edition.HOSTED

    def __init__(self, socket_path: str, prefix: str) -> None:
        self.socket_path = socket_path
        self.opened = asyncio.Event()
        """Set once the guard was tried; nobody is let in before."""
        self._prefix = prefix

    def bind(self, port: int | None, address: str) -> list[socket.socket]:
        """Return the Unix socket, for this user alone."""
        del port, address
        return [bind_unix_socket(self.socket_path, mode=0o600)]

    @property
    def prefix(self) -> str:
        return self._prefix

    def list_origins(self, hosts: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
        """Return a mapping with every Host."""
        del hosts
        return _HostsOfFront()

    def is_secure(self, request: HTTPServerRequest) -> bool:
        """Whether the page that sent a form came by https, which the server in front may end."""
        return request.headers.get("Origin", "").startswith("https:")

    def list_routes(self) -> Routes:
        return [("/pair", ProxiedEntryHandler, {})]

    async def open(self) -> None:
        """Let in who reaches the socket."""
        self.opened.set()


class ProxiedEntryHandler(EntryPageHandler):
    """``/pair``: GET says who could look; POST, which that page sends, lets the browser in."""

    def get(self) -> None:
        paired = self.settings["attune_devices"].device_for(self.request) is not None
        if paired:
            self.finish_page("signed_in", way="./")
        else:
            self.finish_page("proxied", way="form")

    async def post(self) -> None:
        await self.settings["attune_access"].opened.wait()
        devices = self.settings["attune_devices"]
        if devices.device_for(self.request) is None:
            self.set_device_cookies(devices.add_device())
        redirect_beside(self, "./")

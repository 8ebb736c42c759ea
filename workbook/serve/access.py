"""Who may reach the book, and how a browser gets in; at home by codes."""

from __future__ import annotations

import asyncio
import socket
import webbrowser
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tornado.httputil import HTTPServerRequest

from workbook.content.editions import Edition
from workbook.domain.seats import Seat
from workbook.serve import pairing_handlers, selfcheck
from workbook.serve.listening import bind_port, require_tls_beyond_loopback
from workbook.serve.pairing import CODE_LIFETIME_S
from workbook.serve.public import PublicAddress
from workbook.serve.server_config import file_addresses
from workbook.serve.terminal import (
    has_browser,
    print_error,
    print_pairing_url,
    print_phone_instructions,
    print_ready,
    write_way_in,
)

if TYPE_CHECKING:
    from workbook.serve.launcher import Launcher

Routes = list[tuple[str, type, dict[str, Any]]]
"""Path, handler, and what the handler is initialized with."""


class Access(ABC):
    """One way of letting browsers in.

    Whatever it is, a browser that is in is a device of ``Launcher.devices``, and owns the
    kernels of its pages.
    """

    edition = Edition.HOME
    public: PublicAddress | None = None
    """Where browsers find the book, if not at the address that it listens on."""
    sign_out_url = ""
    """Where the page leads to sign out; blank where nobody has signed in."""
    socket_path = ""
    """Unix socket that it listens on, in place of a port."""
    book: Launcher
    """Set by the launcher before anything else is asked of it."""

    def check_address(self, address: str, *, tls: bool) -> None:
        """Return if the book may be served at ``address``.

        Raises:
            PlainBeyondLoopback: as in ``listening``.

        """
        require_tls_beyond_loopback(address, tls=tls)

    def bind(self, port: int | None, address: str) -> list[socket.socket]:
        """Return the sockets to listen on.

        Raises:
            PortTaken, PortForbidden, OSError: as in ``listening``.

        """
        return bind_port(port, address)

    @property
    def prefix(self) -> str:
        """Path of the book as browsers see it, with a slash at both ends."""
        return self.public.prefix if self.public else "/"

    def list_origins(self, hosts: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
        """Return the origins of our own pages by the Host under which they ask.

        Some proxies put the address of this server into Host, others leave what the browser
        said.

        Args:
            hosts: own origin by own Host.

        """
        public = {self.public.origin} if self.public else set()
        own = {host: frozenset({origin} | public) for host, origin in hosts.items()}
        return {**own, self.public.host: frozenset(public)} if self.public else own

    def is_secure(self, request: HTTPServerRequest) -> bool:
        """Whether the cookies that are set with the response to a request are for https alone."""
        return (self.public.scheme if self.public else request.protocol) == "https"

    @abstractmethod
    def list_routes(self) -> Routes:
        """Return the routes that a browser reaches which is not in yet; one is ``/pair``."""

    async def try_proxy(self, kernel_id: str) -> None:
        """Attack the book through what stands in front of it, if that can be done from here.

        Args:
            kernel_id: a pooled kernel without owner.

        Raises:
            AttackSucceeded: if an attack is not refused.

        """
        del kernel_id

    @abstractmethod
    async def open(self) -> None:
        """Let browsers in from now on: the first page is ready, and the guard was tried."""


class CodeAccess(Access):
    """Lets a browser in for a code, which is shown where the book was started.

    Args:
        browser: whether to open one.
        public: where browsers find the book behind a proxy; None without one.

    """

    def __init__(self, *, browser: bool, public: PublicAddress | None = None) -> None:
        self.public = public
        self._browser = browser

    def list_routes(self) -> Routes:
        return [
            ("/pair", pairing_handlers.PairingHandler, {"files": file_addresses()}),
            ("/pair/new", pairing_handlers.NewCodeHandler, {"show": self._show_code}),
        ]

    async def try_proxy(self, kernel_id: str) -> None:
        if self.public:
            untried = await selfcheck.attack_through_proxy(self.book.app, self.public, kernel_id)
            if untried:
                print_error(untried)

    async def open(self) -> None:
        """Show the address with a code, a code for each of two phones, and open a browser."""
        book = self.book
        url = self._pairing_url(book.devices.make_code())
        print_ready(url)
        if book.certificate:
            print_phone_instructions(book.certificate.fingerprint)
            for _ in Seat:  # the code on stdout is for this computer's browser
                self._show_code(book.devices.make_code())
        if self._browser and has_browser():
            way_in = write_way_in(book.folder, url)
            book.ioloop.call_later(CODE_LIFETIME_S, partial(way_in.unlink, missing_ok=True))
            await asyncio.to_thread(webbrowser.open, way_in.as_uri())

    def _pairing_url(self, code: str) -> str:
        """Return the pairing address; the code is in the fragment, which browsers never send."""
        base = self.public.url if self.public else f"{self.book.origin}/"
        return f"{base}pair#{code}"

    def _show_code(self, code: str) -> None:
        """Print the pairing address with ``code`` on stderr, on this computer's terminal alone."""
        print_pairing_url(self._pairing_url(code), as_qr=self.book.certificate is not None)

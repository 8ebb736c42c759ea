"""Lets in whoever has signed in to JupyterHub with the account whose server this is."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from tornado.ioloop import PeriodicCallback

from workbook.content.editions import Edition
from workbook.serve.access import Access, Routes
from workbook.serve.entry_page import EntryPageHandler
from workbook.serve.hub import HubClient, HubSettings, HubUnavailable

CHECK_INTERVAL_S = 30.0
"""Seconds between two looks at who is still signed in, and between two reports of activity."""

SIGN_IN_TIMEOUT_S = 600.0
"""Seconds that somebody may take to sign in at the hub."""

MAX_PENDING = 200
"""Sign-ins at a time; whoever can reach the hub can begin one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _SignIn:
    """One that was begun."""

    browser: str
    """Value of the cookie of the browser that began it."""
    verifier: str
    began_at: float


class HubAccess(Access):
    """Lets in browsers that have signed in as the owner, and nobody else.

    The token of a sign-in stays in the memory of this server: a browser gets cookies of
    ``Devices``, as with a code. Every ``CHECK_INTERVAL_S`` the hub is asked whether each token
    still holds; where it does not, the device and its pages are ended.

    Args:
        hub: what the hub has told this server.
        client: what asks the hub; None for a new one.
        clock: returns monotonic seconds.

    """

    edition = Edition.HOSTED

    def __init__(
        self,
        hub: HubSettings,
        client: HubClient | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.public, self.sign_out_url = hub.public, hub.sign_out_url
        self.opened = asyncio.Event()
        """Set once the guard was tried; nobody signs in before."""
        self.client = client or HubClient(hub)
        self._clock = clock
        self._pending: dict[str, _SignIn] = {}
        self._tokens: dict[str, str] = {}
        """Token of each device that is in."""

    def check_address(self, address: str, *, tls: bool) -> None:
        """Return: the hub has chosen the address, on whatever network it is.

        Requests come from the hub's proxy, which ends TLS; each one needs a sign-in.
        """

    def list_routes(self) -> Routes:
        return [("/pair", SignInHandler, {}), ("/oauth_callback", SignedInHandler, {})]

    async def open(self) -> None:
        """Let people sign in, and begin to look after those who have."""
        self.opened.set()
        # Kept by the loop, and ended with it.
        PeriodicCallback(self.check_devices, CHECK_INTERVAL_S * 1000).start()
        PeriodicCallback(self.report_pages, CHECK_INTERVAL_S * 1000).start()

    def begin_sign_in(self, browser: str) -> str:
        """Return where to send a browser that wants in.

        Args:
            browser: value of its cookie, which it has to send again with the code.

        """
        now = self._clock()
        kept = {s: each for s, each in self._pending.items() if self._is_fresh(each, now)}
        while len(kept) >= MAX_PENDING:
            kept.pop(next(iter(kept)))
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self._pending = kept | {state: _SignIn(browser, verifier, now)}
        return self.client.sign_in_url(state, verifier)

    async def finish_sign_in(self, state: str, browser: str, code: str) -> str | None:
        """Return the session of a new device, or None if it is another account's.

        Args:
            state: as it came back from the hub; it holds once.
            browser: value of the cookie of the browser that brings it.
            code: from the hub.

        Raises:
            NotBegun: if this browser has begun no such sign-in, or too long ago.
            HubUnavailable: if the hub does not answer, or takes the code from nobody.

        """
        begun = self._pending.pop(state, None)
        if not begun or not self._is_fresh(begun, self._clock()):
            raise NotBegun
        if not (browser and secrets.compare_digest(begun.browser.encode(), browser.encode())):
            raise NotBegun
        token = await self.client.exchange_code(code, begun.verifier)
        if not await self.client.is_owner(token):
            return None
        session = self.book.devices.add_device()
        self._tokens[self.book.devices.list_devices()[-1]] = token
        return session

    async def check_devices(self) -> None:
        """End devices whose sign-in holds no longer; while the hub is away, all go on."""
        for device, token in [*self._tokens.items()]:
            try:
                holds = await self.client.is_owner(token)
            except HubUnavailable:
                continue
            if not holds:
                self._tokens.pop(device, None)
                self.book.devices.remove_device(device)
                await self.book.kernel_manager.end_kernels_of(device)

    async def report_pages(self) -> None:
        """Tell the hub that the server is in use while a page is open."""
        if not self.book.kernel_manager.owned_count:
            return
        try:
            await self.client.report_activity()
        except HubUnavailable:
            _log.error("The hub did not take the report that a page is open.")

    def _is_fresh(self, sign_in: _SignIn, now: float) -> bool:
        return now - sign_in.began_at < SIGN_IN_TIMEOUT_S


class NotBegun(Exception):
    """A browser brings the end of a sign-in that it has not begun."""


class SignInHandler(EntryPageHandler):
    """``/pair``: leads a browser to the hub's page for signing in, or back to the book."""

    async def get(self) -> None:
        access: HubAccess = self.settings["attune_access"]
        await access.opened.wait()
        if self.settings["attune_devices"].device_for(self.request) is not None:
            self.finish_page("signed_in", way="./")
            return
        # One for all tabs that begin at once. Lax: the hub may lead on to another site.
        browser = self.get_cookie(_cookie_name(self), "") or secrets.token_urlsafe(32)
        self.set_session_cookie(_cookie_name(self), browser, httponly=True, samesite="Lax")
        self.redirect(access.begin_sign_in(browser))


class SignedInHandler(EntryPageHandler):
    """``/oauth_callback``: where the hub sends a browser back, with a code.

    It answers with a page and no redirect: after a login on another site the browser would
    send no cookie with what follows a redirect, and the book would ask it to sign in again.
    """

    async def get(self) -> None:
        access: HubAccess = self.settings["attune_access"]
        browser = self.get_cookie(_cookie_name(self), "")
        try:
            session = await access.finish_sign_in(
                self.get_argument("state", ""), browser, self.get_argument("code", "")
            )
        except NotBegun:
            self.finish_page("not_begun", status=403)
        except HubUnavailable:
            self.finish_page("unavailable", status=502)
        else:
            if session is None:
                self.finish_page("not_yours", status=403)
                return
            self.set_device_cookies(session)
            self.finish_page("signed_in", way="./")


def _cookie_name(handler: EntryPageHandler) -> str:
    return f"{handler.settings['attune_devices'].cookie}-sign-in"

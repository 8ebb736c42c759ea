"""The page that pairs a browser, and the two requests it sends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tornado.template import Template
from tornado.web import HTTPError, RequestHandler

from workbook.content.words import load_words
from workbook.serve.guard import is_same_origin, redirect_beside
from workbook.serve.pairing import TooManyChecks, TooManyCodes

_PAGE = Path(__file__).parent / "template" / "attune" / "pair.html"


class OwnPageHandler(RequestHandler):
    """A request that only our own page sends; before the first cookie there is no XSRF token."""

    def check_xsrf_cookie(self) -> None:
        """Do nothing: there is no token yet. ``prepare`` checks the Origin instead."""

    def prepare(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if self.request.method not in {"GET", "HEAD"} and not is_same_origin(self):
            raise HTTPError(403)

    def set_session_cookie(
        self, name: str, value: str, *, httponly: bool = False, samesite: str = "Strict"
    ) -> None:
        """Set a cookie for this book alone, which the browser drops when it closes."""
        access = self.settings["attune_access"]
        secure = access.is_secure(self.request)
        self.set_cookie(
            name, value, path=access.prefix, httponly=httponly, samesite=samesite, secure=secure
        )

    def set_device_cookies(self, session: str) -> None:
        """Set the cookies of a device that is let in; the launcher forgets it when it ends."""
        devices = self.settings["attune_devices"]
        self.set_session_cookie(devices.cookie, session, httponly=True)
        self.set_session_cookie(devices.xsrf_cookie, devices.xsrf_token(session))

    def finish_with(self, status: int, key: str) -> None:
        """Finish with a status and the words of ``pair.key``."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(load_words()(f"pair.{key}"))


class PairingHandler(OwnPageHandler):
    """``/pair``: GET returns the page; POST exchanges a code for the cookies of a new device.

    No code is looked at unless the browser has kept the cookie that came with the page: it
    would be spent, and the browser would be led back here for ever. A form that is sent
    without the page's script has the field ``page`` and gets a page in return.

    Args:
        files: addresses of style sheets and scripts by file name.

    """

    def initialize(self, files: dict[str, str]) -> None:
        self._files = files

    def get(self) -> None:
        self._finish_with_page("")

    def _finish_with_page(self, message: str) -> None:
        devices = self.settings["attune_devices"]
        paired = devices.device_for(self.request) is not None
        if not paired:
            self.set_session_cookie(devices.probe_cookie, "1", httponly=True)
        page = Template(_PAGE.read_text("utf-8"), whitespace="all")
        said = load_words().table("pair")
        self.finish(page.generate(say=said, files=self._files, paired=paired, message=message))

    def _refuse(self, status: int, key: str) -> None:
        if not self.get_body_argument("page", ""):
            self.finish_with(status, key)
            return
        self.set_status(status)
        self._finish_with_page(load_words()(f"pair.{key}"))

    def _let_in(self) -> None:
        if self.get_body_argument("page", ""):
            redirect_beside(self, "./")
        else:
            self.set_status(204)

    def post(self) -> None:
        devices = self.settings["attune_devices"]
        if devices.device_for(self.request) is not None:
            self._let_in()
            return
        if devices.probe_cookie not in self.request.cookies:
            self._refuse(403, "no_cookies")
            return
        try:
            session = devices.pair_device(
                self.get_body_argument("code", ""), self.request.remote_ip
            )
        except TooManyChecks:
            self._refuse(429, "too_many_checks")
            return
        if session is None:
            self._refuse(403, "wrong")
            return
        self.set_device_cookies(session)
        self._let_in()


class NewCodeHandler(OwnPageHandler):
    """``/pair/new``: prints a code where the book was started; the response does not contain it.

    Args:
        show: prints a code there.

    """

    def initialize(self, show: Callable[[str], None]) -> None:
        self._show = show

    def post(self) -> None:
        try:
            code = self.settings["attune_devices"].make_code_for_page(self.request.remote_ip)
        except TooManyCodes:
            self.finish_with(429, "too_many_codes")
            return
        self._show(code)
        self.finish_with(200, "shown")

"""The page that pairs a browser, and the two requests it sends."""

from __future__ import annotations

from pathlib import Path

from tornado.template import Template
from tornado.web import HTTPError, RequestHandler

from workbook.content.words import load_words
from workbook.serve.guard import is_same_origin
from workbook.serve.pairing import TooManyChecks, TooManyCodes

_PAGE = Path(__file__).parent / "template" / "attune" / "pair.html"


class _OwnPageHandler(RequestHandler):
    """A request that only our own page sends; before the first cookie there is no XSRF token."""

    def check_xsrf_cookie(self) -> None:
        """Do nothing: there is no token yet. ``prepare`` checks the Origin instead."""

    def prepare(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if self.request.method not in {"GET", "HEAD"} and not is_same_origin(self):
            raise HTTPError(403)

    def finish_with(self, status: int, key: str) -> None:
        """Finish with a status and the words of ``pair.key``."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(load_words()(f"pair.{key}"))


class PairingHandler(_OwnPageHandler):
    """``/pair``: GET returns the page; POST exchanges a code for the cookies of a new device.

    Args:
        files: addresses of style sheets and scripts by file name.

    """

    def initialize(self, files: dict[str, str]) -> None:
        self._files = files

    def get(self) -> None:
        paired = self.settings["attune_devices"].device_for(self.request) is not None
        page = Template(_PAGE.read_text("utf-8"), whitespace="all")
        said = load_words().table("pair")
        self.finish(page.generate(say=said, files=self._files, paired=paired))

    def post(self) -> None:
        devices = self.settings["attune_devices"]
        if devices.device_for(self.request) is not None:
            self.set_status(204)
            return
        try:
            session = devices.pair_device(self.get_body_argument("code", ""))
        except TooManyChecks:
            self.finish_with(429, "too_many_checks")
            return
        if session is None:
            self.finish_with(403, "wrong")
            return
        # Session cookies: the browser drops them when it closes, the launcher when it ends.
        secure = self.request.protocol == "https"
        self.set_cookie(devices.cookie, session, httponly=True, samesite="Strict", secure=secure)
        xsrf = devices.xsrf_token(session)
        self.set_cookie(devices.xsrf_cookie, xsrf, samesite="Strict", secure=secure)
        self.set_status(204)


class NewCodeHandler(_OwnPageHandler):
    """``/pair/new``: prints a code where the book was started; the response does not contain it."""

    def post(self) -> None:
        try:
            code = self.settings["attune_devices"].make_code_for_page()
        except TooManyCodes:
            self.finish_with(429, "too_many_codes")
            return
        self.settings["attune_show_code"](code)
        self.finish_with(200, "shown")

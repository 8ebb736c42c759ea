"""What a request must show before any handler sees it, and what each answer carries."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any, cast

from jupyter_server.auth import User
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, RequestHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.voila_identity_provider import VoilaIdentityProvider

from workbook.content.words import error_sentence
from workbook.domain.errors import TooManyPages

_log = logging.getLogger(__name__)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # widgets lay themselves out with style attributes
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)


def policy(script: str) -> str:
    """Return the content policy of the page.

    Args:
        script: the one that stands in the page itself; by its hash it may run, to the letter.

    """
    same = b64encode(sha256(script.encode()).digest()).decode()
    return POLICY.replace("script-src 'self'", f"script-src 'self' 'sha256-{same}'")


HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@cache
def guarded(handler: type[RequestHandler], *, unpaired: bool) -> type[RequestHandler]:
    """Return ``handler`` with our checks before it and our headers on every answer.

    Tornado's own file handlers know none of it, so each class on the list of
    routes is wrapped, whatever it comes from. The exact hosts are read from the
    application's ``attune_hosts`` setting, the devices from ``attune_devices``, the
    content policy from ``attune_policy``.

    Args:
        handler: any class of a route.
        unpaired: whether a browser that was not let in reaches it as well.

    """

    class Guarded(handler):  # type: ignore[valid-type,misc]
        def prepare(self) -> Any:
            if self.request.host not in self.settings["attune_hosts"]:
                raise HTTPError(403)
            if not unpaired and self.settings["attune_devices"].of(self.request) is None:
                raise HTTPError(403)
            return super().prepare()

        def set_default_headers(self) -> None:
            super().set_default_headers()
            self.clear_header("Server")
            self.set_header("Content-Security-Policy", self.settings["attune_policy"])
            for name, value in HEADERS.items():
                self.set_header(name, value)

        def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
            # The stock line quotes the address; type and place are enough.
            if not isinstance(value, HTTPError):
                at = traceback.extract_tb(tb)[-1]
                _log.error("%s in %s, line %s", typ.__name__, at.name, at.lineno)

        def write_error(self, status_code: int, **_reason: Any) -> None:
            # The stock page quotes the address and, with it, whatever was in it.
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{status_code}\n")

    Guarded.__name__ = handler.__name__
    return cast("type[RequestHandler]", Guarded)


def same_origin(handler: RequestHandler) -> bool:
    """Whether a page of ours sent the request.

    A missing Origin is refused as well: every browser sends one where we ask.
    """
    request = handler.request
    return request.headers.get("Origin") == f"{request.protocol}://{request.host}"


def _only_its_owner(handler: RequestHandler) -> None:
    """A kernel of somebody else, of nobody and of no existence look alike.

    Raises:
        HTTPError: 404 if the kernel does not belong to the browser that asks.

    """
    device = handler.settings["attune_devices"].of(handler.request)
    owner = handler.settings["kernel_manager"].owner(handler.path_kwargs["kernel_id"])
    if owner is None or owner != device:
        raise HTTPError(404)


class Anybody(VoilaIdentityProvider):
    """Everyone who reaches this server is the same reader; the passphrase tells people apart.

    The stock provider invents a name for each browser and leaves it there as a
    cookie for a month.
    """

    def get_user(self, _handler: RequestHandler) -> User:
        return User("reader")


class Page(TornadoVoilaHandler):
    """The book. Each answer takes a kernel, so nobody gets one in advance."""

    def prepare(self) -> Any:
        if self.request.headers.get("Sec-Purpose", "").startswith("prefetch"):
            raise HTTPError(503)
        if self.settings["attune_devices"].of(self.request) is None:
            self.set_header("Cache-Control", "no-store")
            self.redirect("/pair", status=303)
            return None
        return super().prepare()

    async def get(self, path: str | None = None) -> None:
        device = self.settings["attune_devices"].of(self.request)
        self.request.query = ""  # the stock handler hands it on to the kernel
        self.request.arguments.clear()
        self.request.query_arguments.clear()
        await self.settings["attune_before_page"]()
        try:
            async with self.settings["kernel_manager"].room_for(device) as self._kernels:
                await super().get(path)
            self.settings["kernel_manager"].await_page(self._kernels.taken)
        except TooManyPages as full:
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{error_sentence(full)}\n")

    @property
    def kernel_manager(self) -> Any:
        return self._kernels


class ReadKernel(KernelHandler):
    """Whether a kernel is there; the page's own connection asks. Nothing can be changed."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    async def prepare(self) -> None:  # type: ignore[override]
        _only_its_owner(self)
        await self.settings["kernel_manager"].end_if_dead(self.path_kwargs["kernel_id"])
        _only_its_owner(self)
        await super().prepare()


class Channels(VoilaKernelWebsocketHandler):
    """The page's line to its kernel, for a page that came from here."""

    async def get(self, kernel_id: str) -> None:
        if not same_origin(self):
            raise HTTPError(403)
        _only_its_owner(self)
        await super().get(kernel_id)

    async def open(self, kernel_id: str) -> None:  # type: ignore[override]
        # An answer is several small messages; held back until the first is acknowledged,
        # the others would come 40 ms later.
        self.set_nodelay(True)
        await super().open(kernel_id)

    def on_message(self, ws_message: bytes | str) -> None:
        if self.connection:
            self.connection.heard()
            super().on_message(ws_message)

    def on_pong(self, data: bytes) -> None:
        super().on_pong(data)
        if self.connection:
            self.connection.heard()


class Close(RequestHandler):
    """Ends the kernel of a page that is going away; its last word is a beacon.

    A beacon cannot carry an XSRF value in a header, so it comes in the body, as
    the field ``_xsrf`` of a form; the page reads it from its own cookie.
    """

    def check_xsrf_cookie(self) -> None:
        """Tornado would compare with a cookie of its own; ``post`` knows the device's."""

    async def post(self, kernel_id: str) -> None:
        said = self.get_body_argument("_xsrf", "")
        if not (same_origin(self) and self.settings["attune_devices"].meant(self.request, said)):
            raise HTTPError(403)
        _only_its_owner(self)
        await self.settings["kernel_manager"].end(kernel_id)
        self.set_status(204)


class Alive(RequestHandler):
    """Whether the book runs at all; the page asks before it reloads itself."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_status(204)


class Nowhere(RequestHandler):
    """Every other address. Stock Voilà would send it on to the notebook's folder."""

    def prepare(self) -> None:
        raise HTTPError(404)

"""Checks before every handler, headers on every response, and the handlers of pages and kernels."""

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
from workbook.serve.massage import MassageFlag

_log = logging.getLogger(__name__)

BASE_CONTENT_POLICY = "; ".join(
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


def content_policy(script: str) -> str:
    """Return the content policy of the page.

    Args:
        script: the inline script of the page; its hash allows exactly this text to run.

    """
    same = b64encode(sha256(script.encode()).digest()).decode()
    return BASE_CONTENT_POLICY.replace("script-src 'self'", f"script-src 'self' 'sha256-{same}'")


SECURITY_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@cache
def secured(handler: type[RequestHandler], *, unpaired: bool) -> type[RequestHandler]:
    """Return a subclass of ``handler`` with our checks before it and our headers on each response.

    Every class on the list of routes is wrapped, including those of tornado and
    jupyter_server. The exact hosts are the keys of the application's ``attune_origins``
    setting, the devices from ``attune_devices``, the content policy from
    ``attune_policy``.

    Args:
        handler: the class of a route.
        unpaired: whether a browser that is not paired may reach it.

    """

    class SecuredHandler(handler):  # type: ignore[valid-type,misc]
        def prepare(self) -> Any:
            if self.request.host not in self.settings["attune_origins"]:
                raise HTTPError(403)
            if not unpaired and self.settings["attune_devices"].device_for(self.request) is None:
                raise HTTPError(403)
            return super().prepare()

        def set_default_headers(self) -> None:
            super().set_default_headers()
            self.clear_header("Server")
            self.set_header("Content-Security-Policy", self.settings["attune_policy"])
            for name, value in SECURITY_HEADERS.items():
                self.set_header(name, value)

        def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
            # The stock log line contains the URL; type and place are enough.
            if not isinstance(value, HTTPError):
                at = traceback.extract_tb(tb)[-1]
                _log.error("%s in %s, line %s", typ.__name__, at.name, at.lineno)

        def write_error(self, status_code: int, **_reason: Any) -> None:
            # The stock error page contains the URL, and with it whatever was typed into it.
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{status_code}\n")

    SecuredHandler.__name__ = handler.__name__
    return cast("type[RequestHandler]", SecuredHandler)


def is_same_origin(handler: RequestHandler) -> bool:
    """Whether the Origin header names this server, as it is called under the Host of the request.

    Without the header the answer is no: every browser sends it with the requests that
    are checked here.
    """
    request = handler.request
    origins = handler.settings["attune_origins"].get(request.host, frozenset())
    return request.headers.get("Origin") in origins


def redirect_beside(handler: RequestHandler, path: str) -> None:
    """Redirect to a path beside the present one, whatever prefix a proxy puts before both.

    Tornado would make it absolute, by a path that may lack the prefix.
    """
    handler.set_status(303)
    handler.set_header("Location", path)
    handler.finish()


def _require_own_page(handler: RequestHandler) -> None:
    """Return if a page of this server sent the request, with its device's XSRF token.

    A beacon cannot carry a token in a header, so the token comes in the body, as the form
    field ``_xsrf``; the page reads it from its own cookie.

    Raises:
        HTTPError: 403 if not.

    """
    said = handler.get_body_argument("_xsrf", "")
    devices = handler.settings["attune_devices"]
    if not (is_same_origin(handler) and devices.check_xsrf(handler.request, said)):
        raise HTTPError(403)


def _require_owner(handler: RequestHandler) -> None:
    """Return if the requesting device owns the kernel.

    Raises:
        HTTPError: 404 alike if the kernel is missing, unowned or owned by another device.

    """
    device = handler.settings["attune_devices"].device_for(handler.request)
    owner = handler.settings["kernel_manager"].owner_of(handler.path_kwargs["kernel_id"])
    if owner is None or owner != device:
        raise HTTPError(404)


class AnonymousIdentityProvider(VoilaIdentityProvider):
    """Gives every request the same user; passphrases tell the two people apart.

    The stock provider makes up a name for each browser and keeps it in a cookie for a
    month.
    """

    def get_user(self, _handler: RequestHandler) -> User:
        return User("reader")


class PageHandler(TornadoVoilaHandler):
    """``/``: the page of the book. Each response takes a kernel.

    So prefetches are refused, and what is no document: cookies go to every port of this
    computer, and an image on a page of another one would take a kernel each time it is shown.
    A link from elsewhere leads to the pairing page, which leads on by itself.
    """

    def prepare(self) -> Any:
        said = self.request.headers
        if said.get("Sec-Purpose", "").startswith("prefetch"):
            raise HTTPError(503)
        if said.get("Sec-Fetch-Dest", "document") != "document":
            raise HTTPError(403)
        is_ours = said.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
        if not is_ours or self.settings["attune_devices"].device_for(self.request) is None:
            self.set_header("Cache-Control", "no-store")
            redirect_beside(self, "pair")
            return None
        return super().prepare()

    async def get(self, path: str | None = None) -> None:
        device = self.settings["attune_devices"].device_for(self.request)
        self.request.query = ""  # the stock handler passes it on to the kernel
        self.request.arguments.clear()
        self.request.query_arguments.clear()
        await self.settings["attune_before_page"]()
        try:
            kernels, paired = self.settings["kernel_manager"], self.settings["attune_devices"]
            others = frozenset(paired.list_devices()) - {device}
            async with kernels.reserve_kernel(device, others) as self._kernels:
                await super().get(path)
            self.settings["kernel_manager"].expect_page(self._kernels.taken)
        except TooManyPages as full:
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{error_sentence(full)}\n")

    @property
    def kernel_manager(self) -> Any:
        return self._kernels


class KernelStatusHandler(KernelHandler):
    """``/api/kernels/ID``: whether a kernel runs; read only. A page asks before it reconnects."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    async def prepare(self) -> None:  # type: ignore[override]
        _require_owner(self)
        await self.settings["kernel_manager"].end_kernel_if_dead(self.path_kwargs["kernel_id"])
        _require_owner(self)
        await super().prepare()


class ChannelsHandler(VoilaKernelWebsocketHandler):
    """``/api/kernels/ID/channels``: the websocket between a page of this server and its kernel."""

    async def get(self, kernel_id: str) -> None:
        if not is_same_origin(self):
            raise HTTPError(403)
        _require_owner(self)
        await super().get(kernel_id)

    def check_origin(self, origin: str | None = None) -> bool:
        """Whether the page is ours; a proxy may have put another name into Host."""
        return is_same_origin(self)

    async def open(self, kernel_id: str) -> None:  # type: ignore[override]
        # A response is several small messages. With Nagle's algorithm the later ones would wait
        # for the acknowledgement of the first, 40 ms.
        self.set_nodelay(True)
        await super().open(kernel_id)

    def on_message(self, ws_message: bytes | str) -> None:
        if self.connection:
            self.connection.note_activity()
            super().on_message(ws_message)

    def on_pong(self, data: bytes) -> None:
        super().on_pong(data)
        if self.connection:
            self.connection.note_activity()


class CloseKernelHandler(RequestHandler):
    """``/close/ID``: ends the kernel of a page that is closing; the page sends a beacon."""

    def check_xsrf_cookie(self) -> None:
        """Do nothing: tornado compares with a cookie of its own; ``post`` checks the device's."""

    async def post(self, kernel_id: str) -> None:
        _require_own_page(self)
        _require_owner(self)
        self.settings["attune_massage"].release(kernel_id)
        await self.settings["kernel_manager"].end_kernel(kernel_id)
        self.set_status(204)


class MassageHandler(RequestHandler):
    """``/massage/ID``: whether a massage is under way; GET asks, POST reports, both are told.

    A report says in the form field ``is`` what happened on the page of this kernel:
    ``begun``, ``on``, ``stopped`` or ``over``. A stop is taken from any paired device,
    also where the kernel of its page has ended: nothing may stand in its way.
    """

    def check_xsrf_cookie(self) -> None:
        """Do nothing, as in ``CloseKernelHandler``."""

    def get(self, kernel_id: str) -> None:
        del kernel_id
        self._finish_with_state()

    def post(self, kernel_id: str) -> None:
        _require_own_page(self)
        flag: MassageFlag = self.settings["attune_massage"]
        match self.get_body_argument("is", ""):
            case "stopped":
                flag.stop()
            case "begun" | "on" | "over" as reported:
                _require_owner(self)
                if reported == "begun":
                    flag.begin(kernel_id)
                elif reported == "on":
                    flag.keep_on(kernel_id)
                else:
                    flag.end()
            case _:
                raise HTTPError(400)
        self._finish_with_state()

    def _finish_with_state(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(self.settings["attune_massage"].state.value)


class HealthHandler(RequestHandler):
    """``/healthz``: 204 while the server runs; the page requests it before it reloads itself."""

    def get(self) -> None:
        self.settings["attune_probe"].note(self.request.query)
        self.set_header("Cache-Control", "no-store")
        self.set_status(204)


class NotFoundHandler(RequestHandler):
    """Every other address: 404. Stock Voilà would serve the folder of the notebook."""

    def prepare(self) -> None:
        raise HTTPError(404)

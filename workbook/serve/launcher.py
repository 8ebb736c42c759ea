"""Runs the book: a thin subclass of standalone Voilà, on this computer alone unless told else."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
import sys
import tempfile
import traceback
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import ensure_async
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_template_paths
from voila.request_info_handler import RequestInfoSocketHandler

from workbook.domain.seats import Seat
from workbook.serve import guard, pair, selfcheck, static
from workbook.serve.compose import alone, compose, read_chapters, write
from workbook.serve.frames import MESSAGES, SIZE
from workbook.serve.kernels import MOST, BlankKernels, PageConnection
from workbook.serve.pairing import Devices
from workbook.serve.provisioner import ZYGOTE
from workbook.serve.runtime import forks, run_folder, settle, transport_in

if TYPE_CHECKING:
    from workbook.serve.lan import Certificate

ADDRESS = "127.0.0.1"
PORT = 8787
"""Where the book is when nobody says otherwise and it is free."""

READY = 60.0
"""Seconds that the first kernel may take to run the whole book."""

_TEMPLATE = Path(__file__).parent / "template" / "attune"

_KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

_PHONES = """
Your phones, in the same network, get in with the codes below: one each, once and within
five minutes. Their browsers will say that they do not know this computer. Let them go on
only if they show this SHA-256 fingerprint for the certificate:
{fingerprint}
"""

READY_PAGES = 1
"""Pages kept ready, unless somebody asks for more."""

_log = logging.getLogger(__name__)


class PortTaken(Exception):
    """Somebody else listens there; ``args[0]`` is the port."""


class PlainBeyondLoopback(Exception):
    """Other computers could listen in: ``args[0]``, an address, is not this computer alone."""


class Launcher(Voila):
    """Stock Voilà with our template, our few routes and sockets that are already bound.

    Args:
        sockets: where to listen; the port is certain before the first kernel starts.
        browser: whether to show the page once it is ready.
        certificate: what to listen with beyond this computer; None for plain http.

    """

    def __init__(
        self,
        sockets: list[socket.socket],
        *,
        browser: bool,
        certificate: Certificate | None = None,
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._sockets = sockets
        self._browser = browser
        self._certificate = certificate
        self.devices = Devices(self.port)
        self.failed = False
        """True once the book could not be opened; the reason is in the log."""

    def setup_template_dirs(self) -> None:
        # Stock Voilà finds templates by name in Jupyter's folders; ours lies in the package.
        self.template_paths = [
            str(_TEMPLATE),
            *collect_template_paths(["voila", "nbconvert"], "base", prune=True),
        ]

    def init_settings(self) -> dict[str, Any]:
        # The stock page handler fills a cache for a route that we do not have.
        RequestInfoSocketHandler.send_updates = classmethod(lambda _cls, _msg: None)
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(MESSAGES)
        names = {self.ip} if self._certificate else {self.ip, "localhost"}
        return settings | {
            "attune_policy": guard.policy(_text("shell.js")),
            "attune_hosts": frozenset(f"{name}:{self.port}" for name in names),
            "attune_devices": self.devices,
            "attune_show_code": self._show_code,
            # jupyter_server's own check knows loopback only; ours stands before it, and is exact.
            "allow_remote_access": self._certificate is not None,
            "local_hostnames": ["localhost"],
            "attune_before_page": self.drop_the_dead,
            "compress_response": True,
            # No pings: jupyter_server reads milliseconds where tornado reads seconds, and a pair
            # that suits both hangs up on every page after half a minute. The page has a heartbeat.
            "ws_ping_interval": 0,
            "websocket_max_message_size": SIZE,
            "kernel_websocket_connection_class": PageConnection,
            "log_function": lambda _handler: None,  # addresses are nobody's business
        }

    def init_handlers(self) -> list[Any]:
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        # Written out rather than taken from the stock list: what is not here is not served.
        paired: list[tuple[str, type, dict[str, Any]]] = [
            (f"/api/kernels/{_KERNEL}", guard.ReadKernel, {}),
            (f"/api/kernels/{_KERNEL}/channels", guard.Channels, {}),
            (f"/close/{_KERNEL}", guard.Close, {}),
        ]
        unpaired: list[tuple[str, type, dict[str, Any]]] = [
            ("/", guard.Page, page),  # shows the way to the next one
            ("/pair", pair.Pair, {"files": _addresses()}),
            ("/pair/new", pair.NewCode, {}),
            ("/healthz", guard.Alive, {}),
            ("/static/(.*)", static.Static, {"files": _files()}),
            ("/.*", guard.Nowhere, {}),
        ]
        return [
            (path, guard.guarded(handler, unpaired=routes is unpaired), how)
            for routes in (paired, unpaired)
            for path, handler, how in routes
        ]

    def listen(self) -> None:
        # Voilà passes no ssl_options on, whatever its help says.
        tls = self._certificate.context if self._certificate else None
        HTTPServer(self.app, max_body_size=64 * 1024, ssl_options=tls).add_sockets(self._sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self._say_when_ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel, the one that is still starting as well."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        for bound in self._sockets:
            self.ioloop.remove_handler(bound)
        # At once, as when a page is closed: what was acknowledged is on the disk, and a kernel
        # that takes its leave may close a socket that another of its threads waits on.
        self.ioloop.run_sync(partial(self.kernel_manager.shutdown_all, now=True))

    async def _say_when_ready(self) -> None:
        """Print the address once a whole page lies ready behind it."""
        try:
            kernel_id = await asyncio.wait_for(self._first_page(), READY)
            await selfcheck.check(
                self.app,
                ip=self.ip,
                port=self.port,
                tls=self._certificate is not None,
                kernel_id=kernel_id,
                folder=Path(self.connection_dir_root).parent,
            )
        except selfcheck.GotThrough as got:
            print(f"The book stays closed: its guard let through {got}.", file=sys.stderr)
            self.failed = True
            self.ioloop.stop()
            return
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody can read the book
            at = traceback.extract_tb(error.__traceback__)[-1]
            where = (type(error).__name__, at.name, at.lineno)
            _log.error("The book did not open: %s in %s, line %s", *where)
            self.failed = True
            self.ioloop.stop()
            return
        url = self._way_in(self.devices.code())
        print(f"Open {url}", flush=True)
        if self._certificate:
            self._show_phones(self._certificate)
        if self._browser and _has_browser():
            await asyncio.to_thread(webbrowser.open, url)

    def _way_in(self, code: str) -> str:
        """The code stands in the fragment, which no browser sends, logs or passes on."""
        scheme = "https" if self._certificate else "http"
        return f"{scheme}://{self.ip}:{self.port}/pair#{code}"

    def _show_code(self, code: str) -> None:
        """Show the way in to whoever sits where the book was started, and to nobody else."""
        url = self._way_in(code)
        drawn = _drawn(url) if self._certificate else ""
        print(f"Open {url}\n{drawn}", end="", file=sys.stderr, flush=True)

    def _show_phones(self, certificate: Certificate) -> None:
        print(_PHONES.format(fingerprint=certificate.fingerprint), file=sys.stderr)
        for _ in Seat:  # the code on stdout is for this computer's browser
            self._show_code(self.devices.code())

    async def drop_the_dead(self) -> None:
        """Take pages out of the pool whose kernel has ended since it was made.

        Stock Voilà would hand such a page out, and it would never come alive.
        """
        kernels = self.kernel_manager
        for name, pool in kernels._pools.items():
            for pooled in [task for task in pool if task.done()]:
                if pooled.exception() or not await _runs(kernels, pooled.result()["kernel_id"]):
                    pool.remove(pooled)
            kernels.fill_if_needed(delay=None, notebook_name=name)

    async def _first_page(self) -> str:
        """Return a blank kernel once its page is ready."""
        pools: dict[str, list[asyncio.Task[Any]]] = self.kernel_manager._pools
        for pooled in [task for pool in pools.values() for task in pool]:
            page = await asyncio.shield(pooled)
            await asyncio.shield(page["task"])
        return str(page["kernel_id"])


async def _runs(kernels: Any, kernel_id: str) -> bool:
    return kernel_id in kernels and bool(await ensure_async(kernels.is_alive(kernel_id)))


def serve(
    *,
    data: Path,
    notebooks: Path,
    port: int | None,
    browser: bool,
    demo: bool = False,
    address: str = ADDRESS,
    tls: bool = False,
    most: int = MOST,
    ready: int = READY_PAGES,
) -> int:
    """Serve the book until SIGINT or SIGTERM and return the exit code.

    Prints exactly one line on stdout, ``Open http://127.0.0.1:PORT/pair#CODE``,
    when the page behind it is ready; the code lets one browser in. Everything
    else goes to stderr: with TLS a code for each of two phones, as QR codes, and
    every code that the pairing page asks for.

    Args:
        data: folder of the vault; the kernel learns it as ``WORKBOOK_DATA``.
        notebooks: folder of the chapters, or one notebook to serve by itself.
        port: 0 for any free one; None for 8787 or, if that is taken, any free one.
        browser: whether to show the page, if this computer has something to show it with.
        demo: whether the kernel is told to begin with an invented couple.
        address: IPv4 address of this computer to listen on, and the only one.
        tls: whether to speak https, with a certificate that lies in ``data``.
        most: pages at a time, those kept ready included; at least ``ready + 1``.
        ready: pages kept ready for whoever comes next; each is a kernel that waits.

    Returns:
        0 after a clean end; 1 if the book did not open; 2 if ``port`` is taken or
        the certificate could not be written.

    Raises:
        InvalidChapter: if a chapter cannot be shown.
        PlainBeyondLoopback: if ``address`` is more than this computer and ``tls`` is off.

    """
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    if not tls and not ipaddress.ip_address(address).is_loopback:
        raise PlainBeyondLoopback(address)
    notebook = alone(notebooks) if notebooks.is_file() else compose(read_chapters(notebooks))
    try:
        sockets = _bind(port, address)
    except PortTaken as taken:
        print(f"Port {taken.args[0]} is in use; choose another one.", file=sys.stderr)
        return 2
    try:
        certificate = _certificate(data, address) if tls else None
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        print(f"The certificate could not be kept in {data}: {why}.", file=sys.stderr)
        return 2
    book = {
        "WORKBOOK_APP": "1",
        "WORKBOOK_DATA": str(data.absolute()),
        "WORKBOOK_SERVER": str(os.getpid()),  # what waits for the other person ends with us
    }
    if demo:
        book["WORKBOOK_DEMO"] = "1"
    # Ctrl-C and a polite kill end the same way, at whatever point they come; also where a
    # script started the book in the background, which leaves a process deaf to Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with run_folder() as folder, _environment(settle(folder, os.environ, **book)):
        if forks():
            ZYGOTE.warm()  # it imports while we set the server up
        pages = folder / "pages"
        connections = folder / "connections"
        for place in (pages, connections):
            place.mkdir(mode=0o700)
        launcher = Launcher(
            sockets,
            browser=browser,
            certificate=certificate,
            config=_config(notebook.metadata.workbook, most, ready, transport_in(connections)),
            config_file_paths=[],
            root_dir=str(pages),
            notebook_path=str(write(notebook, pages)),
            connection_dir_root=str(connections),
            ip=address,
            port=sockets[0].getsockname()[1],
            port_retries=0,
            open_browser=False,
            log_level=logging.ERROR,
        )
        with suppress(KeyboardInterrupt):
            launcher.initialize([])
            launcher.start()
    return int(launcher.failed)


def _config(book: Mapping[str, Any], most: int, ready: int, transport: str) -> Config:
    """Everything we ask of Voilà, jupyter_server and jupyter_client."""
    return Config(
        {
            "VoilaConfiguration": {
                "template": "base",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "preheat_kernel": True,
                "default_pool_size": ready,
                "multi_kernel_manager_class": BlankKernels,
                "file_allowlist": ["^$"],
                "show_tracebacks": False,
                # The heartbeat is an inline script, which our policy forbids.
                "http_keep_alive_timeout": 3600,
                "resources": {
                    "book": dict(book),
                    "files": _addresses(),
                    "style": _text("page.css"),
                    "shell": _text("shell.js"),
                },
            },
            "BlankKernels": {"most": most},
            "VoilaExporter": {"markdown_renderer_class": "workbook.serve.prose.Prose"},
            "MappingKernelManager": {
                # No culling either: each word of a widget would count as life. BlankKernels
                # end when their page has gone.
                "buffer_offline_messages": False,
            },
            "Voila": {"identity_provider_class": guard.Anybody},
            "KernelManager": {
                "autorestart": False,  # it would come back empty, and look alive
                "transport": transport,
                # Another user of this computer could listen on a plain kernel socket.
                "transport_encryption": "required",
            },
            "VoilaExecutor": {"timeout": int(READY)},
        }
    )


@cache
def _files() -> dict[str, static.File]:
    """Our own files, by name."""
    return static.read(_TEMPLATE / "static")


def _text(name: str) -> str:
    """What stands in one of our own files; some go into the page itself."""
    return _files()[name].plain.decode()


def _addresses() -> dict[str, str]:
    """Address of each of our own files, with its version: kept for good by the browser."""
    return {name: f"/static/{name}?v={file.version}" for name, file in _files().items()}


def _certificate(data: Path, address: str) -> Certificate:
    from workbook.serve import lan  # noqa: PLC0415 - a book for one screen needs no cryptography

    return lan.certificate(data, address)


def _drawn(url: str) -> str:
    """``url`` as a QR code, where the terminal has the characters for it."""
    from workbook.serve import lan  # noqa: PLC0415 - as above

    code = lan.qr(url)
    try:
        code.encode(sys.stderr.encoding)
    except UnicodeEncodeError:
        return ""
    return code


def _bind(port: int | None, address: str) -> list[socket.socket]:
    """Listen on ``address`` alone.

    Raises:
        PortTaken: if ``port`` is not free; not for the port nobody asked for.

    """
    try:
        return bind_sockets(PORT if port is None else port, address)
    except OSError:
        if port is None:
            return bind_sockets(0, address)
        raise PortTaken(port) from None


def _has_browser() -> bool:
    """Whether a window can open; a text browser would take over the terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Let server and kernels see ``wanted``, and put the old environment back."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    tempfile.tempdir = None  # it remembers where, and asks the environment again
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        tempfile.tempdir = None

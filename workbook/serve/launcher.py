"""Runs the book: a thin subclass of standalone Voilà, reachable from this computer by default."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import ensure_async
from tornado.ioloop import IOLoop, PeriodicCallback
from voila.app import Voila
from voila.paths import collect_template_paths
from voila.request_info_handler import RequestInfoSocketHandler

from workbook.content import editions
from workbook.content.words import load_words
from workbook.serve import guard, selfcheck, static
from workbook.serve.access import Access, CodeAccess
from workbook.serve.compose import (
    compose_notebook,
    compose_single,
    read_chapters,
    replace_cells,
    write_notebook,
)
from workbook.serve.connections import LimitedServer
from workbook.serve.failures import (
    MIN_OPEN_FILES,
    describe_failure,
    describe_file_limit,
    raise_file_limit,
)
from workbook.serve.frames import ALLOWED_MESSAGE_TYPES, MAX_FRAME_BYTES
from workbook.serve.kernels import MAX_KERNELS, PageConnection
from workbook.serve.listening import (
    LOOPBACK_ADDRESS,
    PortForbidden,
    PortTaken,
    load_certificate,
)
from workbook.serve.logs import LOGGING, configure_logging
from workbook.serve.massage import MassageFlag
from workbook.serve.pairing import Devices
from workbook.serve.provisioner import ZYGOTE
from workbook.serve.public import PublicAddress
from workbook.serve.reports import CellReports
from workbook.serve.runtime import (
    can_fork_kernels,
    choose_transport,
    prepare_environment,
    release_free_memory,
    replace_environment,
    run_folder,
)
from workbook.serve.server_config import (
    PAGE_TIMEOUT_S,
    READY_PAGES,
    TEMPLATE,
    build_config,
    page_files,
    read_page_text,
)
from workbook.serve.signals import end_on_signals, ignore_signals
from workbook.serve.terminal import print_error
from workbook.store.memory import forbid_core_dumps

if TYPE_CHECKING:
    from workbook.serve.lan import Certificate

_KERNEL = r"(?P<kernel_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"


class Launcher(Voila):
    """Stock Voilà with our template, our few routes and sockets that are already bound.

    Args:
        sockets: bound sockets, so that the port is known before the first kernel starts.
        access: how browsers get in.
        certificate: for https; None for plain http on this computer.
        reports: which cell of the notebook is running.

    """

    def __init__(
        self,
        sockets: list[socket.socket],
        *,
        access: Access,
        certificate: Certificate | None = None,
        reports: CellReports,
        **traits: Any,
    ) -> None:
        super().__init__(**traits)
        self._sockets = sockets
        self.access, self.certificate = access, certificate
        access.book = self
        self._reports = reports
        self.devices = Devices(self.port)
        self.failed = False
        """True if the book did not open; the reason is on stderr."""
        self.lacks = False
        """True if it did not open because of something that this computer lacks."""

    @property
    def origin(self) -> str:
        """Scheme, address and port that it listens on."""
        return f"{'https' if self.certificate else 'http'}://{self.ip}:{self.port}"

    @property
    def folder(self) -> Path:
        """The folder of this run; only this user can enter it."""
        return Path(self.connection_dir_root).parent

    def setup_template_dirs(self) -> None:
        # Stock Voilà finds templates by name in Jupyter's folders; ours is in the package.
        self.template_paths = [
            str(TEMPLATE),
            *collect_template_paths(["voila", "nbconvert"], "base", prune=True),
        ]

    def init_settings(self) -> dict[str, Any]:
        # The stock page handler fills a cache for a route that we do not have.
        RequestInfoSocketHandler.send_updates = classmethod(lambda _cls, _msg: None)
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(ALLOWED_MESSAGE_TYPES)
        return settings | {
            "attune_policy": guard.content_policy(read_page_text("shell.js")),
            "attune_access": self.access,
            "attune_origins": self._list_origins(),
            "attune_devices": self.devices,
            "attune_massage": MassageFlag(),
            "attune_probe": selfcheck.ReachProbe(),
            # jupyter_server's own check accepts loopback names only; guard.py checks exactly.
            "allow_remote_access": bool(
                self.certificate or self.access.public or self.access.socket_path
            ),
            "local_hostnames": ["localhost"],
            "attune_before_page": self.evict_dead_kernels,
            "compress_response": True,
            # No pings: jupyter_server reads milliseconds where tornado reads seconds; values that
            # suit both close every connection after half a minute. kernels.py pings instead.
            "ws_ping_interval": 0,
            "websocket_max_message_size": MAX_FRAME_BYTES,
            "kernel_websocket_connection_class": PageConnection,
            "log_function": lambda _handler: None,  # URLs are not logged
            # For targets that are no path, such as "*"; stock tornado would answer them.
            "default_handler_class": guard.secured(guard.NotFoundHandler, unpaired=True),
        }

    def _list_origins(self) -> Mapping[str, frozenset[str]]:
        """Return the origins of our own pages by the Host under which they ask."""
        scheme = "https" if self.certificate else "http"
        names = {self.ip} if self.certificate else {self.ip, "localhost"}
        hosts = [f"{name}:{self.port}" for name in names]
        return self.access.list_origins({host: f"{scheme}://{host}" for host in hosts})

    def init_handlers(self) -> list[Any]:
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        # A list of our own instead of the stock one: no other route is served.
        paired: list[tuple[str, type, dict[str, Any]]] = [
            (f"/api/kernels/{_KERNEL}", guard.KernelStatusHandler, {}),
            (f"/api/kernels/{_KERNEL}/channels", guard.ChannelsHandler, {}),
            (f"/close/{_KERNEL}", guard.CloseKernelHandler, {}),
            (f"/massage/{_KERNEL}", guard.MassageHandler, {}),
        ]
        unpaired: list[tuple[str, type, dict[str, Any]]] = [
            ("/", guard.PageHandler, page),  # redirects unpaired browsers to /pair
            *self.access.list_routes(),
            ("/healthz", guard.HealthHandler, {}),
            ("/static/(.*)", static.PageFileHandler, {"files": page_files()}),
            ("/.*", guard.NotFoundHandler, {}),
        ]
        # A proxy may leave the prefix in the path or take it off.
        prefix = self.access.prefix.rstrip("/")
        maybe = f"(?:{re.escape(prefix)})?" if prefix else ""
        return [
            (f"{maybe}{path}", guard.secured(handler, unpaired=routes is unpaired), how)
            for routes in (paired, unpaired)
            for path, handler, how in routes
        ]

    def listen(self) -> None:
        # Voilà ignores ssl_options, contrary to its help.
        tls = self.certificate.context if self.certificate else None
        server = LimitedServer(self.app, max_body_size=64 * 1024, ssl_options=tls)
        server.add_sockets(self._sockets)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self._open_when_ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def stop(self) -> None:
        """End every kernel, including one that is still starting."""
        ignore_signals()
        for bound in self._sockets:
            self.ioloop.remove_handler(bound)
        # At once, as when a page closes: acknowledged answers are on disk, and a kernel that
        # shuts down slowly may close a socket that another of its threads waits on.
        self.ioloop.run_sync(partial(self.kernel_manager.shutdown_all, now=True))

    async def _open_when_ready(self) -> None:
        """Wait for the first page, run the self check, then print the address; stop on failure."""
        try:
            kernel_id = await asyncio.wait_for(self._wait_for_first_page(), PAGE_TIMEOUT_S)
            await selfcheck.attack_server(
                self.app,
                ip=self.ip,
                port=self.port,
                tls=self.certificate is not None,
                kernel_id=kernel_id,
                folder=self.folder,
                socket_path=self.access.socket_path,
            )
            await self.access.try_proxy(kernel_id)
        except selfcheck.AttackSucceeded as got:
            print_error(f"The book stays closed: its guard let through {got}.")
            self.failed = True
            self.ioloop.stop()
            return
        except Exception as error:  # noqa: BLE001 - after any error the server stops
            is_slow = isinstance(error, TimeoutError) and self._reports.running
            slow = f" What takes so long is {self._reports.running}." if is_slow else ""
            print_error(f"The book did not open. {describe_failure(error)}{slow}")
            self.failed = self.lacks = True
            self.ioloop.stop()
            return
        release_free_memory()
        await self.access.open()
        if self.certificate:
            self._watch_address()

    def _watch_address(self) -> None:
        from workbook.serve import lan  # noqa: PLC0415 - without phones no cryptography is imported

        watch = lan.AddressWatch(self.ip)
        PeriodicCallback(watch.check, lan.ADDRESS_CHECK_S * 1000).start()

    async def evict_dead_kernels(self) -> None:
        """Remove pooled pages whose kernel has ended.

        Stock Voilà would serve such a page, and it would never connect.
        """
        kernels = self.kernel_manager
        for name, pool in kernels._pools.items():
            for pooled in [task for task in pool if task.done()]:
                failed = pooled.exception() is not None
                if failed or not await _is_running(kernels, pooled.result()["kernel_id"]):
                    pool.remove(pooled)
            kernels.fill_if_needed(delay=None, notebook_name=name)

    async def _wait_for_first_page(self) -> str:
        """Return the id of a pooled kernel once its page is rendered."""
        pools: dict[str, list[asyncio.Task[Any]]] = self.kernel_manager._pools
        for pooled in [task for pool in pools.values() for task in pool]:
            page = await asyncio.shield(pooled)
            await asyncio.shield(page["task"])
        return str(page["kernel_id"])


async def _is_running(kernels: Any, kernel_id: str) -> bool:
    return kernel_id in kernels and bool(await ensure_async(kernels.is_alive(kernel_id)))


def serve(
    *,
    data: Path,
    notebooks: Path,
    port: int | None,
    browser: bool,
    demo: bool = False,
    address: str = LOOPBACK_ADDRESS,
    tls: bool = False,
    public: PublicAddress | None = None,
    access: Access | None = None,
    max_pages: int = MAX_KERNELS,
    ready_pages: int = READY_PAGES,
) -> int:
    """Serve the book until SIGINT or SIGTERM and return the exit code.

    Prints exactly one line on stdout, ``Open http://127.0.0.1:PORT/pair#CODE``,
    when the page behind it is ready; the code lets one browser in. Everything
    else goes to stderr: with TLS a code for each of two phones, as QR codes, and
    every code that the pairing page asks for.

    Args:
        data: folder of the vault; kernels get it as ``WORKBOOK_DATA``.
        notebooks: folder of the chapters, or one notebook to serve by itself.
        port: 0 for any free one; None for 8787 or, if that is taken, any free one.
        browser: whether to open a browser, if this computer has one.
        demo: whether kernels start with an invented couple.
        address: IPv4 address of this computer; no other one is listened on.
        tls: whether to use https, with a certificate stored in ``data``.
        public: where browsers find the book behind a proxy of this computer; its pages are
            then open to whoever the proxy lets in, and each browser needs a code as ever.
        access: how browsers get in; None: by codes, with ``browser`` and ``public``.
        max_pages: pages at a time, those kept ready included; at least ``ready_pages + 1``.
        ready_pages: pages kept ready for the next browser; each is a kernel that waits.

    Returns:
        0 after a clean end; 1 if the guard has a hole and the book stays closed; 2 if this
        computer lacks something: ``port`` is taken, the disk is full, and the like.

    Raises:
        InvalidChapter: if a chapter cannot be shown.
        OSError: if there is no room for temporary files.
        PlainBeyondLoopback: if other computers can reach ``address`` and ``tls`` is off.

    """
    configure_logging()
    forbid_core_dumps()
    if (files := raise_file_limit()) < MIN_OPEN_FILES:
        print_error(describe_file_limit(files))
        return 2
    access = access or CodeAccess(browser=browser, public=public)
    access.check_address(address, tls=tls)
    is_single_notebook = notebooks.is_file()
    if is_single_notebook:
        notebook = compose_single(notebooks)
    else:
        said = load_words().list_cells(access.edition)
        notebook = compose_notebook(replace_cells(read_chapters(notebooks), said))
    for cell in notebook.cells:
        if names := cell.metadata.workbook.get("missing"):
            print_error(f"{cell.metadata.workbook.place}: a picture cannot be shown: {names}.")
    try:
        sockets = access.bind(port, address)
    except PortTaken as taken:
        print_error(f"Port {taken.args[0]} is in use; choose another one.")
        return 2
    except PortForbidden as forbidden:
        print_error(
            f"Port {forbidden.args[0]} may be taken by administrators alone; choose one above 1023."
        )
        return 2
    try:
        certificate = load_certificate(data, address) if tls else None
    except OSError as error:
        why = (error.strerror or "it cannot be written").lower()
        print_error(f"The certificate could not be kept in {data}: {why}.")
        return 2
    book = {
        # A notebook by itself opens the book as in JupyterLab: its own cell asks for a passphrase.
        "WORKBOOK_APP": "0" if notebooks.is_file() else "1",
        "WORKBOOK_DATA": str(data.absolute()),
        "WORKBOOK_SERVER": str(os.getpid()),  # helper processes end with the server
        editions.VARIABLE: access.edition,
    }
    if demo:
        book["WORKBOOK_DEMO"] = "1"
    end_on_signals()
    with (
        run_folder() as folder,
        replace_environment(prepare_environment(folder, os.environ, **book)),
    ):
        if can_fork_kernels():
            ZYGOTE.warm_up()  # it imports while we set the server up
        pages = folder / "pages"
        connections = folder / "ipc"  # short: the path of a socket has a limit
        for place in (pages, connections):
            place.mkdir(mode=0o700)
        reports = CellReports(print_error)
        launcher = Launcher(
            sockets,
            access=access,
            certificate=certificate,
            reports=reports,
            config=build_config(
                notebook.metadata.workbook,
                is_single_notebook=is_single_notebook,
                said=load_words(edition=access.edition).table("page"),
                sign_out=access.sign_out_url,
                max_pages=max_pages,
                ready_pages=ready_pages,
                transport=choose_transport(connections),
                own_certificate=tls,
                hooks=reports.hooks(),
            ),
            config_file_paths=[],
            root_dir=str(pages),
            notebook_path=str(write_notebook(notebook, pages)),
            connection_dir_root=str(connections),
            ip=address,
            port=0 if access.socket_path else sockets[0].getsockname()[1],
            port_retries=0,
            open_browser=False,
            log_level=logging.ERROR,
            logging_config=LOGGING,
        )
        with suppress(KeyboardInterrupt):
            launcher.initialize([])
            launcher.start()
    return 2 if launcher.lacks else int(launcher.failed)

"""Which device owns which kernel, when a kernel ends, and the websocket to its page."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import zmq
from jupyter_server._tz import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ensure_async
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError
from traitlets import Float, Integer

from workbook.domain.errors import TooManyPages
from workbook.serve.frames import FilteredConnection

PING_INTERVAL_S = 10.0
"""Seconds between two websocket pings to a browser."""

MAX_UNANSWERED_PINGS = 2
"""A connection counts as lost after this many pings in a row without an answer."""

SUBSCRIBE_TIMEOUT_S = 10.0
"""Seconds within which a kernel must confirm a subscription; it takes a few milliseconds."""

MAX_KERNELS = 8
"""Kernels at a time without ``--most``, pooled ones included; each takes about 30 MB."""

_CHANNELS = ("iopub", "shell", "control", "stdin")


@dataclass
class _PageState:
    """State of a kernel that was handed out to a device."""

    device: str
    connection: PageConnection | None = None
    ending: asyncio.TimerHandle | None = None
    left: bool = False
    """Its page was connected and is not any more."""


class OwnedKernelManager(AsyncMappingKernelManager):
    """Starts kernels, gives each to one paired device, and ends it after its page has gone.

    Pooled kernels have no owner and reject connections. ``hand_out`` assigns the paired
    device when a page is served, because Voilà refills the pool during the previous
    request. A kernel is shut down ``disconnect_grace_s`` seconds after its websocket
    closes; kernel output does not extend that. Kernels get the environment of the
    launcher and nothing of any request.
    """

    max_kernels = Integer(
        MAX_KERNELS, min=1, config=True, help="Kernels at a time, pooled ones included."
    )
    disconnect_grace_s = Float(
        45.0, config=True, help="Seconds that a kernel outlives its page's connection."
    )
    connect_timeout_s = Float(50.0, config=True, help="Seconds that a page has to connect at all.")

    def __init__(self, **traits: Any) -> None:
        self._pages: dict[str, _PageState] = {}
        self._sockets: dict[str, KernelSockets] = {}
        self._opening: dict[object, str] = {}  # device of each page that is being opened
        super().__init__(**traits)

    async def start_kernel(self, *args: Any, **how: Any) -> str:  # type: ignore[override]
        # Stock Voilà writes the URL of one request into the environment of the kernel that
        # serves the next one. Pooled and plain kernels both start here.
        how["env"] = dict(os.environ)
        kernel_id = str(await super().start_kernel(*args, **how))
        # Connecting takes 20 ms of this process; no request waits for a pooled kernel.
        self._sockets[kernel_id] = KernelSockets(self.get_kernel(kernel_id))
        return kernel_id

    def start_watching_activity(self, kernel_id: str) -> None:
        """Set the time of last activity, and do not watch it: it decides nothing here.

        The stock method reads every iopub message of every kernel a second time.
        """
        kernel: Any = self.get_kernel(kernel_id)
        kernel.last_activity = utcnow()

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **how: Any) -> None:  # type: ignore[override]
        self._drop_kernel(kernel_id)
        await ensure_async(super().shutdown_kernel(kernel_id, *args, **how))

    def remove_kernel(self, kernel_id: str) -> Any:
        self._drop_kernel(kernel_id)
        return super().remove_kernel(kernel_id)

    def owner_of(self, kernel_id: str) -> str | None:
        """Return the id of the device that owns a kernel; None without owner or kernel."""
        page = self._pages.get(kernel_id)
        return page.device if page else None

    @property
    def owned_count(self) -> int:
        """Number of kernels that have an owner."""
        return len(self._pages)

    @asynccontextmanager
    async def reserve_kernel(
        self, device: str, others: frozenset[str] = frozenset()
    ) -> AsyncIterator[DeviceKernelView]:
        """Reserve room for one kernel; yield the kernels as one request of ``device`` may use them.

        If there is no room, kernels are ended whose pages the same device has left: a
        phone that opens the page again and again closes none of them.

        A device that has a page already leaves one for each other device that has none, up
        to half of all pages.

        Args:
            device: id of the device that asks for a page.
            others: ids of all other devices that are paired.

        Raises:
            TooManyPages: if there is still no room.

        """
        left = [id_ for id_, page in self._pages.items() if page.device == device and page.left]
        while self._is_full(device, others) and left:
            await self.end_kernel(left.pop(0))
        if self._is_full(device, others):
            raise TooManyPages
        opening = DeviceKernelView(self, device, on_taken=lambda: self._opening.pop(opening, None))
        self._opening[opening] = device
        try:
            yield opening
        finally:
            self._opening.pop(opening, None)

    def hand_out(self, kernel_id: str, device: str) -> None:
        """Make ``device`` the owner of a kernel whose page is being served."""
        self._pages[kernel_id] = page = _PageState(device)
        self._schedule_end(kernel_id, page, self.connect_timeout_s)

    def expect_page(self, kernel_id: str) -> None:
        """Subscribe to a kernel whose page was served; end it unless the page connects in time."""
        page = self._pages.get(kernel_id)
        if page and not page.connection:
            if sockets := self._sockets.get(
                kernel_id
            ):  # none if the page has connected and left already
                sockets.subscribe()
            self._schedule_end(kernel_id, page, self.connect_timeout_s)

    def release_kernel(self, kernel_id: str) -> None:
        """Remove the owner of a kernel. Only for a kernel that has received no message yet."""
        self._drop_page(kernel_id)
        if kernel_id not in self._sockets:
            self._sockets[kernel_id] = KernelSockets(self.get_kernel(kernel_id))

    def attach_connection(self, connection: PageConnection) -> KernelSockets:
        """Replace the connection of a page with a new one; return the sockets to its kernel.

        Raises:
            HTTPError: 404 if the kernel has ended.

        """
        kernel = self.get_kernel(connection.kernel_id)
        page = self._pages[connection.kernel_id]
        if page.ending:
            page.ending.cancel()
        page.ending, page.left = None, False
        before, page.connection = page.connection, connection
        if before:
            before.websocket_handler.close()
        sockets = self._sockets.pop(connection.kernel_id, None) or KernelSockets(kernel)
        sockets.subscribe()
        return sockets

    def detach_connection(self, connection: PageConnection, *, silence: float = 0.0) -> None:
        """Schedule the end of a kernel whose page lost its connection.

        Args:
            connection: the one that was lost; nothing happens if another has replaced it.
            silence: seconds since the last frame from the browser.

        """
        page = self._pages.get(connection.kernel_id)
        if page is None or page.connection is not connection:
            return
        page.connection, page.left = None, True
        self._schedule_end(connection.kernel_id, page, max(self.disconnect_grace_s - silence, 0.0))

    async def end_kernel(self, kernel_id: str) -> None:
        """End a kernel at once, if it is there."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    async def end_kernels_of(self, device: str) -> None:
        """End every kernel of a device that is not let in any more."""
        for kernel_id in [id_ for id_, page in self._pages.items() if page.device == device]:
            await self.end_kernel(kernel_id)

    async def end_kernel_if_dead(self, kernel_id: str) -> None:
        """Remove a kernel whose process has ended, and close the connection of its page.

        Kernels are not restarted; the page would wait for ever.
        """
        if kernel_id in self and not await ensure_async(self.is_alive(kernel_id)):
            await self.end_kernel(kernel_id)

    @property
    def _room(self) -> int:
        """How many pages there may be, beside those that wait for the next to open the book."""
        launcher: Any = self.parent
        blank: int = launcher.voila_configuration.default_pool_size
        return int(self.max_kernels) - blank

    def _is_full(self, device: str, others: frozenset[str]) -> bool:
        """Return whether there is no room for one more page of ``device``.

        Pages that it has left do not count as its own; they are ended to make room.
        """
        having = {*self._opening.values(), *(page.device for page in self._pages.values())}
        has_one = device in self._opening.values() or any(
            page.device == device and not page.left for page in self._pages.values()
        )
        kept = min(len(others - having), self._room // 2) if has_one else 0
        return len(self._pages) + len(self._opening) + kept >= self._room

    def _schedule_end(self, kernel_id: str, page: _PageState, seconds: float) -> None:
        if page.ending:
            page.ending.cancel()
        loop = asyncio.get_running_loop()
        page.ending = loop.call_later(
            seconds, lambda: IOLoop.current().add_callback(self.end_kernel, kernel_id)
        )

    def _drop_kernel(self, kernel_id: str) -> None:
        self._drop_page(kernel_id)
        if sockets := self._sockets.pop(kernel_id, None):
            sockets.close()

    def _drop_page(self, kernel_id: str) -> None:
        page = self._pages.pop(kernel_id, None)
        if page and page.ending:
            page.ending.cancel()
        if page and page.connection:
            page.connection.websocket_handler.close()


class DeviceKernelView:
    """The kernel manager as the stock page handler sees it; kernels it takes get one owner.

    Args:
        kernels: the kernel manager.
        device: id of the device that will own the kernels.
        on_taken: called after a kernel was taken.

    """

    def __init__(self, kernels: Any, device: str, on_taken: Callable[[], object]) -> None:
        self._kernels, self._device, self._on_taken = kernels, device, on_taken
        self.taken: str | None = None
        """Id of the kernel of the page, once there is one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    async def get_rendered_notebook(self, notebook_name: str, **_request: Any) -> Any:
        """Take a kernel from the pool; nothing of the request is passed on to it."""
        page = await self._kernels.get_rendered_notebook(notebook_name=notebook_name)
        self._take_kernel(page[2])
        return page

    async def start_kernel(self, **how: Any) -> str:
        """Start a kernel, since the pool is empty."""
        kernel_id: str = await self._kernels.start_kernel(**how)
        self._take_kernel(kernel_id)
        return kernel_id

    def _take_kernel(self, kernel_id: str) -> None:
        self._kernels.hand_out(kernel_id, self._device)
        self._on_taken()
        self.taken = kernel_id


class KernelSockets:
    """Sockets to one kernel. Messages sent after ``subscribed`` wait in them.

    Args:
        kernel: the stock manager of one running kernel.

    """

    def __init__(self, kernel: Any) -> None:
        self._name = uuid.uuid4().hex.encode()
        self.channels = {
            name: getattr(kernel, f"connect_{name}")(identity=self._name) for name in _CHANNELS
        }
        for name, stream in self.channels.items():
            stream.channel = name
        # Output of a kernel while its page is rendered is already in the page.
        self.channels["iopub"].socket.setsockopt(zmq.UNSUBSCRIBE, b"")
        self.early_messages: list[list[bytes]] = []
        """iopub messages that arrived before the subscription was confirmed."""
        self.subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_subscribed = False

    def subscribe(self) -> None:
        """Subscribe to every iopub message of the kernel; a second call does nothing."""
        if self._is_subscribed:
            return
        self._is_subscribed = True
        # The stock connection requests kernel-info until a message arrives, and drops that one.
        # ipykernel confirms each new topic, even when busy; a topic of our own comes after the
        # topic for all messages, so its confirmation means that both are subscribed.
        iopub = self.channels["iopub"]
        iopub.on_recv(self._on_iopub)
        for topic in (b"", self._name):
            iopub.socket.setsockopt(zmq.SUBSCRIBE, topic)

    def _on_iopub(self, message: list[bytes]) -> None:
        if message[0] != self._name:
            self.early_messages.append(message)
            return
        self.channels["iopub"].stop_on_recv()
        if not self.subscribed.done():
            self.subscribed.set_result(None)

    def close(self) -> None:
        self.subscribed.cancel()
        for stream in self.channels.values():
            if not stream.closed():
                stream.close()


class PageConnection(FilteredConnection):
    """The websocket connection between a page and its kernel."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._sockets: KernelSockets | None = None
        self._unanswered = 0
        self._ping_timer = PeriodicCallback(self._check_alive, PING_INTERVAL_S * 1000)

    async def prepare(self) -> None:
        """Check that the kernel runs; the stock method also requests its version."""
        await self._register_session()
        if not await ensure_async(self.kernel_manager.is_alive()):
            raise HTTPError(404)
        self.session.key = self.kernel_manager.session.key

    async def connect(self) -> None:  # type: ignore[override]
        self._open_sockets.add(self)
        self.multi_kernel_manager.notify_connect(self.kernel_id)
        self._sockets = self.multi_kernel_manager.attach_connection(self)
        self.channels = self._sockets.channels
        self._ping_timer.start()
        await asyncio.wait_for(self._sockets.subscribed, SUBSCRIBE_TIMEOUT_S)
        for message in self._sockets.early_messages:
            self.handle_outgoing_message("iopub", message)
        for stream in self.channels.values():
            stream.on_recv_stream(self.handle_outgoing_message)

    def disconnect(self) -> None:  # type: ignore[override]
        self._ping_timer.stop()
        self.multi_kernel_manager.detach_connection(self)
        super().disconnect()
        if self._sockets:
            self._sockets.close()

    def note_activity(self) -> None:
        """Reset the count of unanswered pings."""
        self._unanswered = 0

    async def _check_alive(self) -> None:
        """Ping the browser; detach it after too many unanswered pings or the end of its kernel."""
        await self.multi_kernel_manager.end_kernel_if_dead(self.kernel_id)
        if self._unanswered >= MAX_UNANSWERED_PINGS:
            self._ping_timer.stop()
            self.multi_kernel_manager.detach_connection(
                self, silence=PING_INTERVAL_S * (MAX_UNANSWERED_PINGS + 1)
            )
            self.websocket_handler.close()
            return
        self._unanswered += 1
        with suppress(WebSocketClosedError):
            self.websocket_handler.ping(b"")

"""The kernels behind the pages: whose each one is, and when it ends."""

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

PING = 10.0
"""Seconds between two questions to a browser whether it is still there."""

UNANSWERED = 2
"""So many questions in a row without an answer, and the connection counts as gone."""

SUBSCRIBED = 10.0
"""Seconds within which a kernel must welcome a new connection; it takes a few milliseconds."""

MAX_KERNELS = 8
"""Pages at a time, unless somebody asks for more; each takes about 30 MB."""

_CHANNELS = ("iopub", "shell", "control", "stdin")


@dataclass
class _Page:
    """What is known about a kernel that was handed out."""

    device: str
    connection: PageConnection | None = None
    ending: asyncio.TimerHandle | None = None
    left: bool = False
    """Its page was here and is not any more."""


class BlankKernels(AsyncMappingKernelManager):
    """Kernels that know the launcher's environment and nothing of any request.

    A kernel from the pool is nobody's and accepts nobody. It gets its owner, the
    device that opened the page, when the page is handed out: whoever asks when a
    kernel starts is the visitor before. It ends a while after its page has gone;
    what the kernel has to say keeps it no longer.
    """

    most = Integer(MAX_KERNELS, min=1, config=True, help="Kernels at a time, pooled ones included.")
    gone = Float(45.0, config=True, help="Seconds that a kernel outlives its page's connection.")
    never_came = Float(50.0, config=True, help="Seconds that a page has to connect at all.")

    def __init__(self, **traits: Any) -> None:
        self._pages: dict[str, _Page] = {}
        self._streams: dict[str, Streams] = {}
        self._opening: set[object] = set()
        super().__init__(**traits)

    async def start_kernel(self, *args: Any, **how: Any) -> str:  # type: ignore[override]
        # Stock Voilà writes the address that one visitor asked for into the environment
        # of the next visitor's kernel. Both ways to a kernel, pooled and plain, pass here.
        how["env"] = dict(os.environ)
        kernel_id = str(await super().start_kernel(*args, **how))
        # Now, since it takes 20 ms of this process, and nobody waits for a kernel in the pool.
        self._streams[kernel_id] = Streams(self.get_kernel(kernel_id))
        return kernel_id

    def start_watching_activity(self, kernel_id: str) -> None:
        """Listen to no kernel for its own sake: when one ends, activity has no say.

        The stock method reads each word of each kernel a second time.
        """
        kernel: Any = self.get_kernel(kernel_id)
        kernel.last_activity = utcnow()

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **how: Any) -> None:  # type: ignore[override]
        self._ended(kernel_id)
        await ensure_async(super().shutdown_kernel(kernel_id, *args, **how))

    def remove_kernel(self, kernel_id: str) -> Any:
        self._ended(kernel_id)
        return super().remove_kernel(kernel_id)

    def owner(self, kernel_id: str) -> str | None:
        """Return the device that a kernel belongs to; None if it is nobody's, or is not there."""
        page = self._pages.get(kernel_id)
        return page.device if page else None

    @property
    def handed_out(self) -> int:
        """How many kernels belong to somebody."""
        return len(self._pages)

    @asynccontextmanager
    async def room_for(self, device: str) -> AsyncIterator[ForOneDevice]:
        """Give the kernels as one request of ``device`` may use them: it takes one.

        If there is no room, a kernel that the same device has left makes some: on a
        phone, opening the page again and again says goodbye to none of them.

        Raises:
            TooManyPages: if there still is none.

        """
        left = [id_ for id_, page in self._pages.items() if page.device == device and page.left]
        while self._full() and left:
            await self.end(left.pop(0))
        if self._full():
            raise TooManyPages
        opening = ForOneDevice(self, device, on_taken=lambda: self._opening.discard(opening))
        self._opening.add(opening)
        try:
            yield opening
        finally:
            self._opening.discard(opening)

    def hand_out(self, kernel_id: str, device: str) -> None:
        """Make ``device`` the owner of a kernel; its page is on the way there."""
        self._pages[kernel_id] = page = _Page(device)
        self._end_later(kernel_id, page, self.never_came)

    def await_page(self, kernel_id: str) -> None:
        """Hear a kernel whose whole page is on its way, and expect that page from now on."""
        page = self._pages.get(kernel_id)
        if page and not page.connection:
            if streams := self._streams.get(kernel_id):  # not if it was there, and left
                streams.listen()
            self._end_later(kernel_id, page, self.never_came)

    def take_back(self, kernel_id: str) -> None:
        """Make a kernel nobody's again. Only for one that has heard nothing yet."""
        self._forget(kernel_id)
        if kernel_id not in self._streams:
            self._streams[kernel_id] = Streams(self.get_kernel(kernel_id))

    def connected(self, connection: PageConnection) -> Streams:
        """Let a page's new connection take the place of the one before; return its sockets.

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
        streams = self._streams.pop(connection.kernel_id, None) or Streams(kernel)
        streams.listen()
        return streams

    def disconnected(self, connection: PageConnection, *, silence: float = 0.0) -> None:
        """Begin to wait for a page to come back.

        Args:
            connection: the one that has gone; nothing happens if another took its place.
            silence: seconds since it was last heard.

        """
        page = self._pages.get(connection.kernel_id)
        if page is None or page.connection is not connection:
            return
        page.connection, page.left = None, True
        self._end_later(connection.kernel_id, page, max(self.gone - silence, 0.0))

    async def end(self, kernel_id: str) -> None:
        """End a kernel at once, if it is there."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    async def end_if_dead(self, kernel_id: str) -> None:
        """Clear away a kernel whose process has ended, and its page's line with it.

        Nothing restarts one, and the page would wait for it.
        """
        if kernel_id in self and not await ensure_async(self.is_alive(kernel_id)):
            await self.end(kernel_id)

    def _full(self) -> bool:
        launcher: Any = self.parent
        blank: int = launcher.voila_configuration.default_pool_size
        return len(self._pages) + len(self._opening) + blank >= int(self.most)

    def _end_later(self, kernel_id: str, page: _Page, seconds: float) -> None:
        if page.ending:
            page.ending.cancel()
        loop = asyncio.get_running_loop()
        page.ending = loop.call_later(
            seconds, lambda: IOLoop.current().add_callback(self.end, kernel_id)
        )

    def _ended(self, kernel_id: str) -> None:
        self._forget(kernel_id)
        if streams := self._streams.pop(kernel_id, None):
            streams.close()

    def _forget(self, kernel_id: str) -> None:
        page = self._pages.pop(kernel_id, None)
        if page and page.ending:
            page.ending.cancel()
        if page and page.connection:
            page.connection.websocket_handler.close()


class ForOneDevice:
    """The kernels as the stock page handler sees them: what it takes belongs to one device.

    Args:
        kernels: where they come from.
        device: who will own them.
        on_taken: called when one was.

    """

    def __init__(self, kernels: Any, device: str, on_taken: Callable[[], None]) -> None:
        self._kernels, self._device, self._on_taken = kernels, device, on_taken
        self.taken: str | None = None
        """The kernel of the page, once there is one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernels, name)

    async def get_rendered_notebook(self, notebook_name: str, **_request: Any) -> Any:
        """Take a kernel from the pool; nothing of the request goes along."""
        page = await self._kernels.get_rendered_notebook(notebook_name=notebook_name)
        self._take(page[2])
        return page

    async def start_kernel(self, **how: Any) -> str:
        """Start one, since the pool is empty."""
        kernel_id: str = await self._kernels.start_kernel(**how)
        self._take(kernel_id)
        return kernel_id

    def _take(self, kernel_id: str) -> None:
        self._kernels.hand_out(kernel_id, self._device)
        self._on_taken()
        self.taken = kernel_id


class Streams:
    """Sockets to one kernel. What it says from ``subscribed`` on is waiting in them.

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
        # What a kernel says while its page is being made is in the page.
        self.channels["iopub"].socket.setsockopt(zmq.UNSUBSCRIBE, b"")
        self.early: list[list[bytes]] = []
        """What came on iopub before the welcome."""
        self.subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listening = False

    def listen(self) -> None:
        """Subscribe to all that the kernel says; a second time does nothing."""
        if self._listening:
            return
        self._listening = True
        # The stock connection asks for kernel-info until it hears anything, and drops that.
        # ipykernel welcomes each new topic, busy or not: one of our own follows "everything".
        iopub = self.channels["iopub"]
        iopub.on_recv(self._hear)
        for topic in (b"", self._name):
            iopub.socket.setsockopt(zmq.SUBSCRIBE, topic)

    def _hear(self, said: list[bytes]) -> None:
        if said[0] != self._name:
            self.early.append(said)
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
    """The line between a page and its kernel."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._streams: Streams | None = None
        self._unanswered = 0
        self._asking = PeriodicCallback(self._ask, PING * 1000)

    async def prepare(self) -> None:
        """Check that the kernel is there; the stock method asks it for its version as well."""
        await self._register_session()
        if not await ensure_async(self.kernel_manager.is_alive()):
            raise HTTPError(404)
        self.session.key = self.kernel_manager.session.key

    async def connect(self) -> None:  # type: ignore[override]
        self._open_sockets.add(self)
        self.multi_kernel_manager.notify_connect(self.kernel_id)
        self._streams = self.multi_kernel_manager.connected(self)
        self.channels = self._streams.channels
        self._asking.start()
        await asyncio.wait_for(self._streams.subscribed, SUBSCRIBED)
        for said in self._streams.early:
            self.handle_outgoing_message("iopub", said)
        for stream in self.channels.values():
            stream.on_recv_stream(self.handle_outgoing_message)

    def disconnect(self) -> None:  # type: ignore[override]
        self._asking.stop()
        self.multi_kernel_manager.disconnected(self)
        super().disconnect()
        if self._streams:
            self._streams.close()

    def heard(self) -> None:
        """Note that the browser is there."""
        self._unanswered = 0

    async def _ask(self) -> None:
        """Find out about a browser, or a kernel, that went without a word."""
        await self.multi_kernel_manager.end_if_dead(self.kernel_id)
        if self._unanswered >= UNANSWERED:
            self._asking.stop()
            self.multi_kernel_manager.disconnected(self, silence=PING * (UNANSWERED + 1))
            self.websocket_handler.close()
            return
        self._unanswered += 1
        with suppress(WebSocketClosedError):
            self.websocket_handler.ping(b"")

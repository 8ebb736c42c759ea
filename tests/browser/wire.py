"""A wire between browser and book that a test can cut, as a bad network does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HERE = "127.0.0.2"
"""Where the wire listens; the browser is told that ``localhost`` is here."""


class Wire:
    """Passes bytes between ``HERE`` and 127.0.0.1, on the same port, until it is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._up = True
        self._heard = True
        self._answered = True

    def swallow(self) -> None:
        """Take what the browser says and pass none of it on, until the wire is mended."""
        self._heard = False

    def swallow_answers(self) -> None:
        """Pass on what the browser says and none of what it is told, until mended."""
        self._answered = False

    def cut(self) -> None:
        """End every connection and take no new one."""
        self._call(self._cut)

    def mend(self) -> None:
        """Let new connections through again."""
        self._up = self._heard = self._answered = True

    def _call(self, what: Callable[[], None]) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (what(), done.set()))
        done.wait(5)

    def _cut(self) -> None:
        self._up = False
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._up:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, back}
        await asyncio.gather(
            _pass(reader, back, passes=lambda: self._heard),
            _pass(there, writer, passes=lambda: self._answered),
        )
        self._writers -= {writer, back}

    async def _run(self, ready: threading.Event) -> None:
        async with await asyncio.start_server(self._join, HERE, self._port):
            ready.set()
            await asyncio.Event().wait()

    def start(self) -> None:
        """Listen, in a thread of its own."""
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._task = self._loop.create_task(self._run(ready))
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._task)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(5), f"Nothing can listen on {HERE}."

    def stop(self) -> None:
        """End everything."""
        self._call(self._cut)
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(5)


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, passes: Callable[[], bool]
) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            if passes():
                writer.write(data)
                await writer.drain()
    writer.close()


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A wire to the book on ``port``."""
    made = Wire(port)
    made.start()
    try:
        yield made
    finally:
        made.stop()

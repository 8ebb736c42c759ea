"""A proxy that stands in front of a book, and may change what passes through it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Mapping


class Front:
    """Listens on a free port of this computer and passes bytes on to ``target``, another one.

    Args:
        rewrite: what stands in the head of a request, and what is put in its place; ``PORT``
            there is the port that it listens on.

    """

    def __init__(self, rewrite: Mapping[str, str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._rewrite = rewrite
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        listening = asyncio.start_server(self._join, "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(10)
        self.port = int(server.sockets[0].getsockname()[1])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.target = int(free.getsockname()[1])

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        for before, after in self._rewrite.items():
            head = head.replace(before, after.replace("PORT", str(self.port)))
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        back.write(head.encode())
        await asyncio.gather(_pass(reader, back), _pass(there, writer), return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
    finally:
        writer.close()

"""A page without a browser: it opens the book over the websocket, unlocks it, types and saves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from tests.serve.running import PATIENCE_S, Server, message, packed, states_request, unpacked
from workbook.serve.compose import PAGE, compose_notebook, read_chapters


class PageLost(Exception):
    """The connection ended, or no answer came."""


def list_forms(notebooks: Path) -> list[str]:
    """Return the names of the forms of a book, in the order in which a kernel makes their places.

    Args:
        notebooks: folder of its chapters.

    """
    cells = compose_notebook(read_chapters(notebooks)).cells
    asked = [cell.source for cell in cells if cell.source.startswith("book.form(")]
    names = [source.removeprefix('book.form("').removesuffix('")') for source in asked]
    return [name for name in dict.fromkeys(names) if name != PAGE]


@dataclass
class PageClient:
    """One page of a server, for one person at a time.

    Args:
        server: the server.
        forms: ``list_forms`` of its book.
        device: which of its paired devices opens the page.

    """

    server: Server
    forms: list[str]
    device: int = 0
    kernel: str = ""
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    """State of each widget by model id, as far as the kernel has sent it."""
    _line: WebSocketClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _saves: int = 0
    _pings: int = 0
    _is_lost: bool = False

    async def open(self) -> None:
        """Ask for a page, and connect to its kernel."""
        self.kernel = await asyncio.to_thread(self.server.open_page, self.device)
        self._pings = 0
        await self.connect()

    async def connect(self) -> None:
        """Connect to the kernel of this page, and read the state of every widget."""
        self.models, self._is_lost = {}, False
        self._line = await self.server.connect(self.kernel, device=self.device)
        self._reader = asyncio.create_task(self._read(self._line))
        for frame in states_request():
            await self._line.write_message(frame, binary=True)
        await self._until(lambda: bool(self.models))
        await self.ping()

    async def unlock(self, secret: str) -> None:
        """Say which places there are, and unlock; the form of the first step is built."""
        places = [
            key for key, state in self.models.items() if "at-place" in state.get("_dom_classes", ())
        ]
        if len(places) != len(self.forms):
            raise PageLost(f"{len(places)} places for {len(self.forms)} forms")
        self._places = dict(zip(self.forms, places, strict=True))
        where = {"chapters": {"all": places}, "chapter": "", "step": ""}
        await self._send(self._page, {"kind": "places", **where})
        field_for_secret = self._find(lambda state: "brief" in state and "offer" in state)
        await self._send(field_for_secret, {"kind": "secret", "value": secret})
        await self._until(lambda: self.models[self._page].get("seat") is not None)

    async def build(self, form: str) -> None:
        """Ask for a form; returns once it is there."""
        place = self._places[form]
        if not self.models[place]["children"]:
            said = {"kind": "build", "forms": [place], "chapter": "", "step": ""}
            await self._send(self._page, said)
            await self._until(lambda: bool(self.models[place]["children"]))

    def read_text(self, key: str) -> str:
        """Return what a text field holds, named by the key of its label."""
        return str(self.models[self._find_text(key)]["value"])

    async def type_text(self, key: str, text: str) -> None:
        """Type into a text field as a page does; returns once the kernel was sent it."""
        model = self._find_text(key)
        self.models[model]["value"] = text
        update = {"method": "update", "state": {"value": text}, "buffer_paths": []}
        await self._send_data(model, update)

    async def save_text(self, key: str, text: str) -> None:
        """Type into a text field; returns once the page says that it is saved."""
        before = self._saves
        await self.type_text(key, text)
        await self._until(lambda: self._saves > before)

    async def ping(self) -> None:
        """Say that the page is seen and was touched just now."""
        self._pings += 1
        await self._send(self._page, {"kind": "ping", "n": self._pings, "idle": 0})

    def drop(self) -> None:
        """Lose the connection; the kernel waits for the page a while."""
        if self._reader is not None:
            self._reader.cancel()
        if self._line is not None:
            with suppress(Exception):
                self._line.close()
        self._line = self._reader = None

    async def close(self) -> None:
        """Leave the page as a browser does: its kernel ends."""
        self.drop()
        await asyncio.to_thread(self.server.close_page, self.kernel, self.device)

    # ---- The messages ----

    @property
    def _page(self) -> str:
        return self._find(lambda state: "under_way" in state)

    def _find_text(self, key: str) -> str:
        return self._find(lambda state: f"at-text-{key}" in state.get("_dom_classes", ()))

    def _find(self, fits: Callable[[Mapping[str, Any]], bool]) -> str:
        found = (key for key, state in reversed(self.models.items()) if fits(state))
        model = next(found, None)
        if model is None:
            raise PageLost("no such widget")
        return model

    async def _send(self, model: str, content: Mapping[str, object]) -> None:
        await self._send_data(model, {"method": "custom", "content": content})

    async def _send_data(self, model: str, data: Mapping[str, object]) -> None:
        frame = packed("shell", *message("comm_msg", {"comm_id": model, "data": data}))
        try:
            await self._line.write_message(frame, binary=True)
        except (WebSocketClosedError, AttributeError):
            raise PageLost from None

    async def _read(self, line: WebSocketClientConnection) -> None:
        while (frame := await line.read_message()) is not None:
            _, (header, _, _, content) = unpacked(frame)
            self._take(header["msg_type"], content)
            async with self._changed:
                self._changed.notify_all()
        self._is_lost = True
        async with self._changed:
            self._changed.notify_all()

    def _take(self, kind: str, content: dict[str, Any]) -> None:
        data = content.get("data", {})
        match kind, data:
            case "comm_open", {"state": dict(state)}:
                self.models[content["comm_id"]] = state
            case "comm_close", _:
                self.models.pop(content["comm_id"], None)
            case "comm_msg", {"method": "update_states", "states": dict(states)}:
                self.models |= {key: each["state"] for key, each in states.items()}
            case "comm_msg", {"method": "update", "state": dict(state)}:
                self.models.setdefault(content["comm_id"], {}).update(state)
            case "comm_msg", {"method": "custom", "content": {"kind": "saved"}}:
                self._saves += 1

    async def _until(self, is_true: Callable[[], bool]) -> None:
        async def wait() -> None:
            async with self._changed:
                await self._changed.wait_for(lambda: self._is_lost or is_true())

        try:
            await asyncio.wait_for(wait(), PATIENCE_S)
        except TimeoutError:
            raise PageLost("no answer") from None
        if self._is_lost and not is_true():
            raise PageLost

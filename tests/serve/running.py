"""A real server on a real socket, with devices that are already paired, and a page's own words."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.serve.served import Reply, kernel_of, short_book
from workbook.serve.frames import WEBSOCKET_PROTOCOL
from workbook.serve.zygote import KERNEL_PROCESS_NAME

PATIENCE_S = 120.0
"""Seconds that a busy computer may take for an answer."""

CANARY = "quince-and-cedar"
"""Stands in the state of a widget that the page never shows."""

_START = """
import json, sys
from pathlib import Path
from nbformat.v4 import new_code_cell
from workbook.serve import launcher

data, notebooks, changed, CANARY = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]

class Paired(launcher.Launcher):
    def init_handlers(self):
        routes = super().init_handlers()
        sessions = [self.devices.pair_device(self.devices.make_code()) for _ in range(3)]
        told = {
            "port": self.port,
            "routes": [route[0] for route in routes],
            "cookie": self.devices.cookie,
            "sessions": sessions,
            "xsrf": [self.devices.xsrf_token(session) for session in sessions],
            "folder": self.connection_dir_root,
        }
        (data / "server.json").write_text(json.dumps(told))
        return routes

compose = launcher.compose_notebook

def with_a_hidden_widget(chapters):
    notebook = compose(chapters)
    hidden = f"import ipywidgets; hidden = ipywidgets.Text({CANARY!r}, disabled=True)"
    notebook.cells.append(new_code_cell(hidden, metadata={"workbook": {"kind": "hidden"}}))
    return notebook

launcher.compose_notebook = with_a_hidden_widget
launcher.Launcher = Paired
exec(changed)
sys.exit(launcher.serve(data=data, notebooks=notebooks, port=0, browser=False))
"""


@dataclass
class Server:
    process: psutil.Popen
    port: int
    routes: list[str]
    cookie: str
    sessions: list[str]
    xsrf: list[str]
    folder: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self, device: int | None) -> dict[str, str]:
        return {} if device is None else {"Cookie": f"{self.cookie}={self.sessions[device]}"}

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        device: int | None = 0,
        body: Mapping[str, str] | None = None,
        **headers: str | None,
    ) -> Reply:
        """One request; underscores in a header's name stand for hyphens, and None leaves it out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in named)
        for name, value in (self.headers(device) | named).items():
            if value is not None:
                connection.putheader(name, value)
        form = urlencode(body).encode() if body else b""
        if body:
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        if method == "POST":
            connection.putheader("Content-Length", str(len(form)))
        connection.endheaders(form or None)
        answer = cast(Reply, connection.getresponse())
        answer.text = answer.read().decode(errors="replace")
        connection.close()
        return answer

    def open_page(self, device: int = 0) -> str:
        """Return the kernel behind a new page."""
        page = self.ask("/", device=device)
        assert page.status == 200, page.text
        return kernel_of(page.text)

    def close_page(self, kernel: str, device: int = 0) -> int:
        said = {"_xsrf": self.xsrf[device]}
        return self.ask(
            f"/close/{kernel}", "POST", device=device, body=said, Origin=self.origin
        ).status

    def kernels(self) -> list[psutil.Process]:
        """Every kernel, blank ones as well."""
        found = []
        for child in self.process.children(recursive=True):
            try:
                if (
                    child.name() == KERNEL_PROCESS_NAME
                    or "workbook.serve.kernel_main" in child.cmdline()
                ):
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found

    def kernel_ids(self) -> set[str]:
        files = self.folder.rglob("kernel-*.json")
        return {file.stem.removeprefix("kernel-") for file in files}

    async def connect(
        self,
        kernel: str,
        *,
        device: int | None = 0,
        protocol: str | None = WEBSOCKET_PROTOCOL,
        **headers: str | None,
    ) -> WebSocketClientConnection:
        sent = {"Origin": self.origin} | self.headers(device) | headers
        request = HTTPRequest(
            f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}",
            headers={name: value for name, value in sent.items() if value is not None},
            request_timeout=PATIENCE_S,
        )
        return await websocket_connect(request, subprotocols=[protocol] if protocol else None)


@contextmanager
def running(folder: Path, changed: str = "", notebooks: Path | None = None) -> Iterator[Server]:
    """Run a server with a short book or ``notebooks``; ``changed`` is run before it starts."""
    process = start(folder, changed, notebooks)
    try:
        line = process.stdout.readline()
        assert re.fullmatch(r"Open https?://\S+\n", line), line + process.stderr.read()
        told = json.loads((folder / "server.json").read_text())
        told["folder"] = Path(told["folder"])
        yield Server(process, **told)
    finally:
        if process.is_running():
            process.terminate()
            process.wait(20)


def start(folder: Path, changed: str = "", notebooks: Path | None = None) -> psutil.Popen:
    read = notebooks or short_book(folder)
    command = [sys.executable, "-c", _START, str(folder), str(read), changed, CANARY]
    return psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def message(kind: str, content: object = None, **header: object) -> tuple[bytes, ...]:
    """The four parts of a message, as JSON."""
    head = {
        "msg_id": uuid.uuid4().hex,
        "session": "page",
        "username": "",
        "date": "2026-11-26T08:00:00Z",
        "version": "5.4",
        "msg_type": kind,
    }
    told = {"version": "2.1.0" if kind != "comm_open" else "1.0.0"}
    return tuple(json.dumps(part).encode() for part in (head | header, {}, told, content or {}))


def packed(channel: str | bytes, *parts: bytes) -> bytes:
    """A frame of the v1 protocol."""
    pieces = [channel.encode() if isinstance(channel, str) else channel, *parts]
    ends = [8 * (len(pieces) + 2)]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    words = [len(ends), *ends]
    return b"".join([*(word.to_bytes(8, "little") for word in words), *pieces])


def unpacked(frame: bytes) -> tuple[str, list[Any]]:
    """Channel and the parts of a frame that came from the server."""
    count = int.from_bytes(frame[:8], "little")
    at = [int.from_bytes(frame[8 * n : 8 * n + 8], "little") for n in range(1, count + 1)]
    channel, *parts = [frame[a:b] for a, b in pairwise(at)]
    return channel.decode(), [json.loads(part) for part in parts[:4]]


def states_request() -> tuple[bytes, bytes]:
    """What a page sends to learn the state of every widget: it opens a comm and asks there."""
    comm = uuid.uuid4().hex
    opened = {"comm_id": comm, "target_name": "jupyter.widget.control", "data": {}}
    asked = {"comm_id": comm, "data": {"method": "request_states"}}
    return packed("shell", *message("comm_open", opened)), packed(
        "shell", *message("comm_msg", asked)
    )

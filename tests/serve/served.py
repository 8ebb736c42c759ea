"""A real book of one chapter on a real socket, and a client that says exactly what it is told."""

from __future__ import annotations

import http.client
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlencode, urlsplit

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.serve import lan
from workbook.serve.compose import OPENING

KERNEL = "00000000-0000-0000-0000-000000000000"
"""An id that no kernel has."""

START = """
import sys
from pathlib import Path
from typing import cast
from workbook.serve.launcher import serve
data, notebooks, port, address, tls = sys.argv[1:]
sys.exit(serve(data=Path(data), notebooks=Path(notebooks), port=int(port), browser=False,
               address=address, tls=tls == "tls"))
"""
OPEN = re.compile(r"Open (https?://\d+\.\d+\.\d+\.\d+:\d+/pair#[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6})\n")


class Reply(http.client.HTTPResponse):
    """An answer that was read whole."""

    text: str


@dataclass(frozen=True, slots=True)
class Book:
    """A running book; ``ask`` is nobody in particular unless a cookie comes along."""

    server: psutil.Popen
    way_in: SplitResult
    data: Path

    @property
    def port(self) -> int:
        return self.way_in.port

    @property
    def code(self) -> str:
        """The one it showed when it was ready."""
        return self.way_in.fragment

    @property
    def origin(self) -> str:
        return f"{self.way_in.scheme}://{self.way_in.netloc}"

    def ask(
        self, path: str, method: str = "GET", *, form: dict[str, str] | None = None, **headers: str
    ) -> Reply:
        """One request; underscores in a header's name stand for hyphens."""
        if self.way_in.scheme == "https":
            trust = ssl.create_default_context(cafile=self.data / lan.CERTIFICATE_FILE)
            at = http.client.HTTPSConnection(self.way_in.netloc, timeout=15, context=trust)
        else:
            at = http.client.HTTPConnection(self.way_in.netloc, timeout=15)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            named["Content-Type"] = "application/x-www-form-urlencoded"
        at.request(method, path, body=form and urlencode(form), headers=named)
        answer = cast(Reply, at.getresponse())
        answer.text = answer.read().decode(errors="replace")
        at.close()
        return answer

    def try_code(self, code: str, **headers: str) -> Reply:
        """Try ``code`` as the pairing page does."""
        said = {"Origin": self.origin, "Cookie": f"attune-try-{self.port}=1"} | headers
        return self.ask("/pair", "POST", form={"code": code}, **said)

    def pair(self) -> str:
        """Become a device with the code it showed; returns what a browser sends as Cookie."""
        set_cookies = self.try_code(self.code).headers.get_all("Set-Cookie")
        kept = [each.split(";")[0] for each in set_cookies if "attune-try" not in each]
        return "; ".join(kept)


def short_book(folder: Path) -> Path:
    """Write a book of one chapter; returns the folder of its notebooks."""
    notebooks = folder / "notebooks"
    notebooks.mkdir(exist_ok=True)
    cells = [new_markdown_cell("# Help\n\nSomebody to talk to."), new_code_cell(OPENING)]
    nbformat.write(new_notebook(cells=cells), notebooks / "01-help.ipynb")
    return notebooks


def command(folder: Path, port: int = 0, address: str = "127.0.0.1", how: str = "") -> list[str]:
    """A book of one chapter with its data in ``folder``; ``how`` is "tls" or nothing."""
    where = (folder, short_book(folder), port, address, how)
    return [sys.executable, "-c", START, *map(str, where)]


@contextmanager
def running(folder: Path, address: str = "127.0.0.1", how: str = "") -> Iterator[Book]:
    server = psutil.Popen(
        command(folder, address=address, how=how),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()
        found = OPEN.fullmatch(line)
        assert found, line + server.stderr.read()
        yield Book(server, urlsplit(found[1]), folder)
    finally:
        if server.is_running():
            server.terminate()
            server.wait(20)


def upgrade(book: Book, **headers: str) -> dict[str, str]:
    """What a page of ours sends to open a websocket, but for its cookie."""
    return {
        "Origin": book.origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    } | headers


def kernel_of(page: str) -> str:
    """The id of the kernel that a page got."""
    return re.search(r'"kernelId": "([^"]+)"', page)[1]


def xsrf_of(cookie: str) -> str:
    """What the page with this cookie says as ``_xsrf``."""
    return re.search(r"attune-xsrf-\d+=(\w+)", cookie)[1]

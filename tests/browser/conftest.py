"""The real command, a real browser, and a record of what the page asked for."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.chromium import MISSING, find

_OPEN = re.compile(r"Open (http://127\.0\.0\.1:\d+/)\n")


@dataclass(frozen=True, slots=True)
class App:
    """One running book."""

    url: str
    pid: int
    data: Path
    """Its data folder; it stays when the app ends, for the next one to open."""

    def kernels(self) -> list[psutil.Process]:
        """The kernels that run now, the one in waiting included."""
        return [
            child
            for child in psutil.Process(self.pid).children(recursive=True)
            if "workbook.serve.kernel" in child.cmdline()
        ]


@dataclass(slots=True)
class Watch:
    """What pages of one browser context did that nobody meant them to do."""

    outside: list[str] = field(default_factory=list)
    """Addresses on another host that a page asked for."""
    errors: list[str] = field(default_factory=list)
    """Errors and refusals by the content policy that reached the console."""

    def over(self, context: BrowserContext) -> None:
        """Watch every page of ``context`` from now on; before it goes anywhere."""
        context.on("request", lambda request: self._asked(request.url))
        context.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
            self.outside.append(url)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    path = find()
    if path is None:
        pytest.skip(MISSING)
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if hasattr(os, "getuid") and os.getuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start as root with it
    return {**browser_type_launch_args, "executable_path": str(path), "args": arguments}


ANOTHER_DAY = Path(__file__).parent / "another_day"


@contextmanager
def _started(data: Path, *options: str, days_later: int = 0) -> Iterator[App]:
    command = [sys.executable, "-m", "workbook.cli", "start", "--no-browser", "--port", "0"]
    server = psutil.Popen(
        [*command, "--data", str(data), *options],
        stdout=PIPE,
        stderr=DEVNULL,
        text=True,
        env={**os.environ, "TEST_DAYS_LATER": str(days_later), "PYTHONPATH": str(ANOTHER_DAY)},
    )
    try:
        line = server.stdout.readline()
        said = _OPEN.fullmatch(line)
        assert said, f"The app said {line!r} and not where to open it."
        yield App(said[1], server.pid, data)
    finally:
        if server.is_running():  # a test may have ended it
            server.terminate()
            server.wait(20)


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Start a book; ``start_app(data, "--demo")`` takes another folder and more options."""
    with ExitStack() as running:

        def start(data: Path | None = None, *options: str, days_later: int = 0) -> App:
            folder = data or tmp_path / "data"
            return running.enter_context(_started(folder, *options, days_later=days_later))

        yield start


@pytest.fixture
def app(start_app: Callable[..., App]) -> App:
    """A book with an empty data folder."""
    return start_app()


@pytest.fixture
def watch(context: BrowserContext) -> Watch:
    """The watch over this test's own context; others: ``Watch().over(context)``."""
    watching = Watch()
    watching.over(context)
    return watching


@pytest.fixture
def requests_outside(watch: Watch) -> Iterator[list[str]]:
    """Addresses on other hosts; the test fails at its end if there is one."""
    yield watch.outside
    assert watch.outside == []

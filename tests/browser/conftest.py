"""The real command, a real browser, and a record of what the page asked for."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import copytree
from subprocess import PIPE
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app.evening import LOW, PEOPLE, SECRETS, Couple, agree, answer, clear, ready, signals
from tests.browser.chromium import MISSING, find
from tests.browser.screen import Screen
from workbook.app.demo import DEMO_NAMES, DEMO_PASSPHRASES, fill_vault
from workbook.domain.seats import Seat
from workbook.serve.zygote import KERNEL_PROCESS_NAME
from workbook.store import vault
from workbook.store.unlocked import local_time

# A machine that is shared is slow now and then; what has to be quick says how quick.
expect.set_options(timeout=30_000)

_OPEN = re.compile(r"Open ((https?://127\.0\.0\.1:\d+/(?:[\w-]+/)*)pair#[0-9A-Z-]{34})\n")


@dataclass(frozen=True, slots=True)
class App:
    """One running book."""

    url: str
    """The book itself, for a browser context that was let in."""
    pid: int
    data: Path
    """Its data folder; it stays when the app ends, for the next one to open."""
    ways_in: SimpleQueue[str]
    """Addresses with a code, as the app showed them in its terminal, not yet used here."""
    terminal: list[str] = field(default_factory=list)
    """What it has said there since."""

    def open(self, page: Page) -> None:
        """Open the book in ``page``; its context is let in first, if it was not yet."""
        page.goto(self.url)
        if urlsplit(page.url).path.endswith("/pair"):
            page.goto(self._way_in(page))
            page.wait_for_url(lambda url: urlsplit(url).path.endswith("/"))

    def end(self) -> None:
        """End the app with its kernels, as closing its terminal does."""
        server = psutil.Process(self.pid)
        server.terminate()
        server.wait(20)

    def _way_in(self, page: Page) -> str:
        with suppress(Empty):
            return self.ways_in.get_nowait()
        return self.new_way_in(page)

    def new_way_in(self, page: Page) -> str:
        """Press the button on the pairing page until a code is shown: at most one a minute is."""
        for _ in range(20):
            page.get_by_role("button", name="Show a new code").click()
            with suppress(Empty):
                return self.ways_in.get(timeout=5)
        raise AssertionError("The app showed no new code.")

    def kernels(self) -> list[psutil.Process]:
        """The kernels that run now, the one in waiting included."""
        return [
            child
            for child in psutil.Process(self.pid).children(recursive=True)
            if child.name() == KERNEL_PROCESS_NAME
            or "workbook.serve.kernel_main" in child.cmdline()
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


HERE = (sys.executable, "-m", "workbook.cli")
"""The command of this environment."""


@contextmanager
def _started(
    data: Path,
    *options: str,
    days_later: int = 0,
    command: Sequence[str | Path] = HERE,
    environ: Mapping[str, str] | None = None,
) -> Iterator[App]:
    another_day = {"TEST_DAYS_LATER": str(days_later), "PYTHONPATH": str(ANOTHER_DAY)}
    server = psutil.Popen(
        [*command, "start", "--no-browser", "--port", "0", "--data", str(data), *options],
        stdout=PIPE,
        stderr=PIPE,
        text=True,
        env={**os.environ, **another_day} if environ is None else dict(environ),
    )
    try:
        line = server.stdout.readline()
        said = _OPEN.fullmatch(line)
        if not said:
            server.terminate()
            complained = server.communicate(timeout=20)[1]
            pytest.fail(f"The app said {line!r} and not where to open it.\n{complained}")
        ways_in: SimpleQueue[str] = SimpleQueue()
        ways_in.put(said[1])
        app = App(said[2], server.pid, data, ways_in)
        Thread(target=_listen, args=(server.stderr, app), daemon=True).start()
        yield app
    finally:
        if server.is_running():  # a test may have ended it
            server.terminate()
            server.wait(20)


def _listen(terminal: Iterable[str], app: App) -> None:
    for line in terminal:
        app.terminal.append(line)
        if shown := _OPEN.fullmatch(line):
            app.ways_in.put(shown[1])


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Start a book; ``start_app(data, "--demo")`` takes another folder and more options.

    Another ``command`` than this environment's, and the whole ``environ`` of it, as keywords.
    """
    with ExitStack() as running:

        def start(data: Path | None = None, *options: str, **how: Any) -> App:
            return running.enter_context(_started(data or tmp_path / "data", *options, **how))

        yield start


@pytest.fixture
def app(start_app: Callable[..., App]) -> App:
    """A book with an empty data folder."""
    return start_app()


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "data"
    fill_vault(folder, date.today())
    return folder


@pytest.fixture
def filled(_filled: Path, tmp_path: Path) -> Path:
    """The data folder that ``start_app`` takes, with the made-up couple and their evenings."""
    return Path(copytree(_filled, tmp_path / "data"))


@pytest.fixture
def filled_app(filled: Path, start_app: Callable[..., App]) -> App:
    """A book with that couple, locked."""
    return start_app(filled)


@pytest.fixture
def screen(page: Page, filled_app: App) -> Screen:
    """That book, open for Kim."""
    screen = Screen(page, filled_app)
    screen.open()
    screen.unlock(DEMO_NAMES[Seat.A], DEMO_PASSPHRASES[Seat.A])
    return screen


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


# Two phones and a massage under way ---------------------------------------------------------

PHONE = {"width": 390, "height": 844}
KIM, ROBIN = (PEOPLE.at(seat).name for seat in Seat)


@pytest.fixture(scope="session")
def _agreed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evening on which both have said yes."""
    folder = tmp_path_factory.mktemp("agreed") / "data"
    vault.create(folder, PEOPLE, SECRETS, cost=LOW)
    couple = Couple(folder, SECRETS, local_time)
    for seat in Seat:
        book = couple.open(seat, forms=())
        answer(book, gives=seat is Seat.A)
        signals(book)
        ready(book)
        if seat is Seat.B:
            agree(book)
        book.pass_screen()
        clear()
    return folder


@pytest.fixture
def agreed_app(_agreed: Path, tmp_path: Path, start_app: Callable[..., App]) -> App:
    """A book with that evening, locked."""
    return start_app(Path(copytree(_agreed, tmp_path / "data")))


@contextmanager
def _phone(browser: Browser, app: App, seat: Seat) -> Iterator[Screen]:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    screen = Screen(context.new_page(), app)
    screen.open()
    screen.unlock(PEOPLE.at(seat).name, SECRETS[seat])
    yield screen
    context.close()


@pytest.fixture
def kim(browser: Browser, agreed_app: App) -> Iterator[Screen]:
    """Kim's phone, which guides; a massage is under way."""
    with _phone(browser, agreed_app, Seat.A) as kim:
        kim.turn_to("tonight")
        kim.press("Begin")
        expect(kim.page.get_by_role("dialog")).to_contain_text("Step 1 of")
        yield kim


@pytest.fixture
def robin(browser: Browser, agreed_app: App, kim: Screen) -> Iterator[Screen]:
    """Robin's phone beside it, open at what is under way."""
    del kim  # it has begun
    with _phone(browser, agreed_app, Seat.B) as robin:
        yield robin


@pytest.fixture
def pad(kim: Screen, robin: Screen) -> Screen:
    """Robin's phone as the pad."""
    robin.press("Be the pad")
    expect(kim.page.get_by_role("dialog")).to_contain_text("The pad is there")
    return robin

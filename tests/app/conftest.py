"""A vault for each test, copied from one that was set up once at low cost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from comm.base_comm import BaseComm
from ipywidgets import Widget

from tests.app.evening import (
    LOW,
    NIGHT,
    PEOPLE,
    SECRETS,
    SEED,
    Clock,
    Couple,
    agree,
    answer,
    clear,
    finish,
    happen,
    planned,
    ready,
    signals,
    tell,
)
from workbook.app import Workbook, workbook
from workbook.app.demo import DEMO_PASSPHRASES, fill_vault
from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
from workbook.domain.session import Event
from workbook.store import rounds, vault
from workbook.ui.widgets.page import Page


@pytest.fixture(autouse=True)
def _no_widgets() -> Iterator[None]:
    clear()
    yield
    clear()


class _NoComm(BaseComm):
    """A comm without a kernel: ipywidgets sends nothing over it."""

    kernel = None

    def publish_msg(self, *_sent: object, **_more: object) -> None:
        """Send nothing."""


@pytest.fixture(autouse=True)
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open widgets without serializing their state, since no page receives it.

    That took a sixth of the time of these tests. What is sent is tested in ``test_needed.py``
    and in browsers.
    """

    def open_without_state(widget: Widget) -> None:
        if widget.comm is None:
            widget.comm = _NoComm(target_name="jupyter.widget", comm_id=widget._model_id)

    monkeypatch.setattr(Widget, "open", open_without_state)


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the page was told, in order."""
    heard: list[tuple[str, str]] = []
    methods = ("show_saved", "show_notice", "go_to_chapter", "go_to_step", "end")
    for what in methods:
        monkeypatch.setattr(
            Page,
            what,
            lambda _page, text, *_more, what=what, **_named: heard.append((what, text)),
        )
    return heard


@contextmanager
def _asking_the_same() -> Iterator[None]:
    """Every round asks the same, those of ``evening.answer`` among them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "new_seed", lambda: SEED)
        yield


@pytest.fixture(autouse=True)
def _same_wishes() -> Iterator[None]:
    with _asking_the_same():
        yield


@pytest.fixture(scope="session")
def _new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "vault"
    with _asking_the_same():
        vault.create(folder, PEOPLE, SECRETS, cost=LOW, clock=Clock())
    return folder


@pytest.fixture(scope="session")
def _lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived") / "vault"
    with _asking_the_same():
        fill_vault(folder, NIGHT.date())
    return folder


@pytest.fixture
def another(_new: Path, tmp_path: Path) -> Couple:
    """The same two people in another world, to compare."""
    shutil.copytree(_new, tmp_path / "another")
    return Couple(tmp_path / "another", SECRETS, Clock())


@pytest.fixture
def couple(_new: Path, tmp_path: Path) -> Couple:
    """Kim and Robin, before their first evening."""
    shutil.copytree(_new, tmp_path / "vault")
    return Couple(tmp_path / "vault", SECRETS, Clock())


@pytest.fixture
def lived(_lived: Path, tmp_path: Path) -> Couple:
    """Kim and Robin after five evenings, the last one six days ago."""
    shutil.copytree(_lived, tmp_path / "vault")
    return Couple(tmp_path / "vault", dict(DEMO_PASSPHRASES), Clock())


def _world(tmp_path_factory: pytest.TempPathFactory, name: str, before: Path) -> Couple:
    """A copy of a world, to live on in."""
    folder = tmp_path_factory.mktemp(name) / "vault"
    shutil.copytree(before, folder)
    return Couple(folder, SECRETS, Clock())


@pytest.fixture(scope="session")
def _handed_in(_new: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = _world(tmp_path_factory, "handed-in", _new)
    for seat in Seat:
        book = here.open(seat, forms=())
        answer(book, gives=seat is Seat.A)
        signals(book)
        ready(book)
        here.leave(book)
    return here.folder


@pytest.fixture(scope="session")
def _agreed(_handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = _world(tmp_path_factory, "agreed", _handed_in)
    robin = here.open(Seat.B, forms=())
    agree(robin)
    here.leave(robin)
    return here.folder


def _at_the_screen(couple: Couple, folder: Path) -> Workbook:
    shutil.rmtree(couple.folder)
    shutil.copytree(folder, couple.folder)
    return couple.open(Seat.B)


@pytest.fixture
def both_ready(couple: Couple, _handed_in: Path) -> Workbook:
    """Kim has handed in and left; Robin has handed in and is at the screen."""
    return _at_the_screen(couple, _handed_in)


@pytest.fixture
def agreed(couple: Couple, _agreed: Path) -> Workbook:
    """Both have said yes; Robin is at the screen."""
    return _at_the_screen(couple, _agreed)


@pytest.fixture
def live(_agreed: Path) -> Callable[..., Plan]:
    """Let a couple play a first evening, a week ago; ``less`` was a bit much for Robin."""

    def live(
        couple: Couple,
        *,
        less: Iterable[str] = (),
        events: Callable[[Plan], Iterable[Event]] | None = None,
    ) -> Plan:
        shutil.rmtree(couple.folder)
        shutil.copytree(_agreed, couple.folder)
        robin = couple.open(Seat.B, forms=())
        plan = planned(robin)
        if events is None:
            finish(robin)
        else:
            happen(robin, *events(plan))
        tell(robin, "debrief", less=list(less), body=7)
        couple.leave(robin)
        couple.clock.on(days=7)
        return plan

    return live


class Loop:
    """An event loop that only takes note."""

    def __init__(self) -> None:
        self.later: list[tuple[object, ...]] = []

    def call_later(self, *what: object) -> None:
        """Take note of what is to happen when."""
        self.later.append(what)


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    """What this page's kernel has put off: its own end above all."""
    made = Loop()
    monkeypatch.setattr(workbook.asyncio, "get_event_loop", lambda: made)
    return made

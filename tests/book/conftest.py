"""A vault for each test, copied from one that was set up once at low cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.book.evening import (
    LOW,
    NIGHT,
    PEOPLE,
    SECRETS,
    Clock,
    Couple,
    agree,
    answer,
    clear,
    ready,
    signals,
)
from workbook.book import Workbook
from workbook.book.demo import PASSPHRASES, fill
from workbook.domain.seats import Seat
from workbook.store import vault
from workbook.ui.widgets.page import Page


@pytest.fixture(autouse=True)
def _no_widgets() -> Iterator[None]:
    clear()
    yield
    clear()


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the page was told, in order."""
    heard: list[tuple[str, str]] = []
    for what in ("saved", "notice", "go", "leave"):
        monkeypatch.setattr(
            Page, what, lambda _page, text, *_more, what=what: heard.append((what, text))
        )
    return heard


@pytest.fixture(scope="session")
def _new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "vault"
    vault.create(folder, PEOPLE, SECRETS, cost=LOW, clock=Clock())
    return folder


@pytest.fixture(scope="session")
def _lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived") / "vault"
    fill(folder, NIGHT.date())
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
    return Couple(tmp_path / "vault", dict(PASSPHRASES), Clock())


@pytest.fixture
def both_ready(couple: Couple) -> Workbook:
    """Kim has handed in and left; Robin has handed in and is at the screen."""
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    signals(kim)
    ready(kim)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    ready(robin)
    return robin


@pytest.fixture
def agreed(both_ready: Workbook) -> Workbook:
    agree(both_ready)
    return both_ready

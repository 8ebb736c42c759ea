"""Row 37 of the fault list: words planted everywhere, and looked for where nobody may find them.

What the real app and a browser leave behind is looked at in ``tests/browser/test_canaries.py``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ipywidgets import Text, Textarea

from tests.app.evening import (
    CHAPTERS,
    LOW,
    NIGHT,
    PEOPLE,
    SECRETS,
    Clock,
    Couple,
    agree,
    answer,
    clear,
    finish,
    inside,
    press,
    ready,
    signals,
    states,
)
from tests.faults.plain import plain
from tests.faults.planted import Planter, hits
from workbook.app import Workbook
from workbook.app.demo import DEMO_PASSPHRASES, fill_vault
from workbook.domain.consent import Signals
from workbook.domain.evening import RoomCard
from workbook.domain.seats import Seat
from workbook.store import answers, cards, evenings, thanks, vault
from workbook.store.thanks import Thanks
from workbook.ui.widgets.page import Page

FOR_BOTH = {("signals", 0), ("room", 0), ("room", 1), ("thanks", 0)}
"""Text fields by form and place whose words are for both; all others are private."""

Typed = dict[tuple[str, int], list[str]]


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for what in ("show_saved", "show_notice", "go_to_chapter", "go_to_step", "end"):
        monkeypatch.setattr(Page, what, lambda *_, **__: None)
    clear()
    yield
    clear()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def said(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Callable[[], bytes]:
    """What was printed and logged so far."""
    return lambda: "".join([*capfd.readouterr(), caplog.text]).encode()


def raw(*folders: Path) -> bytes:
    return b"".join(p.read_bytes() for f in folders for p in f.rglob("*") if p.is_file())


@pytest.mark.parametrize("whose", [*Seat])
def test_what_one_said_is_not_to_be_found_from_the_other_ones_page(
    tmp_path, temporary, toll, said, whose
):
    """37 canaries in every field, from the partner's kernel"""
    folder = tmp_path / "vault"
    fill_vault(folder, NIGHT.date())
    private, common = Planter("private"), Planter("common")
    clock = Clock()
    with vault.unlock(folder, DEMO_PASSPHRASES[whose], clock=clock) as lane:
        evening = evenings.begin_evening(lane, NIGHT.date(), NIGHT)
        for value in private.private():
            for when in (None, evening):
                before = answers.read_answer(lane, type(value), when)
                answers.write_answer(
                    lane, value, when, expected_version=before.version if before else 0
                )
        for card in (Signals, RoomCard):
            known = cards.read_card(lane, card)
            cards.write_card(
                lane, common.value(card), expected_version=known.version if known else 0
            )
        thanks.hand_in_thanks(lane, evening, Thanks(common.word()), expected_version=0)
        key = lane.keys.database
        database = plain(folder, key)  # the WAL as well
    theirs = [value for value in private.canaries if hits([value], database)]
    toll.unseen += len(theirs)
    assert len(private.canaries) > 20
    assert hits(common.canaries, database)  # so the search finds what is there

    couple = Couple(folder, dict(DEMO_PASSPHRASES), clock)
    book = couple.open(whose.other)
    seen = states(book)
    toll.unseen += len(hits(private.canaries, seen.encode()))
    toll.unseen += len(hits(private.canaries, plain(folder, key)))
    assert hits(common.canaries, seen.encode())
    couple.leave(book)

    everything = [*private.canaries, *common.canaries, *DEMO_PASSPHRASES.values()]
    toll.unseen += len(hits(everything, raw(folder, temporary), said()))
    toll.runs += 1

    assert toll.nothing


def plant(book: Workbook, planter: Planter, typed: Typed) -> None:
    """Type a canary into every text field that can be seen, and take note of where."""
    for name in CHAPTERS:
        seen = (each for each in inside(book.form(name)) if isinstance(each, (Text, Textarea)))
        for place, field in enumerate(seen):
            if not field.disabled and name != "people":
                field.value = planter.word()
                typed.setdefault((name, place), []).append(field.value)


def test_after_an_evening_no_word_is_on_the_disk_or_in_the_partners_page(
    tmp_path, temporary, toll, said
):
    """37 canaries typed on a full evening, both people"""
    folder = tmp_path / "vault"
    couple = Couple(folder, SECRETS, Clock())
    vault.create(folder, PEOPLE, SECRETS, cost=LOW, clock=couple.clock)
    planters = {seat: Planter(seat.value.lower()) for seat in Seat}
    typed: dict[Seat, Typed] = {seat: {} for seat in Seat}

    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        signals(book)
        plant(book, planters[seat], typed[seat])
        if seat is Seat.B:  # each has planted another word for stop
            press(book, "signals", "signal_fine")
        ready(book)
        if seat is Seat.A:
            couple.leave(book)
    agree(book)
    finish(book)
    couple.leave(book)
    couple.clock.on(hours=1)
    for seat in Seat:
        book = couple.open(seat)
        plant(book, planters[seat], typed[seat])
        press(book, "thanks", "thanks_give")
        couple.leave(book)

    places = {place for each in typed.values() for place in each}
    assert places > FOR_BOTH
    with vault.unlock(folder, SECRETS[Seat.B], clock=couple.clock) as robin:
        database = plain(folder, robin.keys.database)
    private = {
        seat: [word for at, words in typed[seat].items() if at not in FOR_BOTH for word in words]
        for seat in Seat
    }
    everything = [word for planter in planters.values() for word in planter.canaries]
    assert hits(everything, database)  # so the search finds what is there
    for seat in Seat:
        toll.unseen += len(hits(private[seat], database))
        book = couple.open(seat)
        toll.unseen += len(hits(private[seat.other], states(book).encode()))
        assert hits(private[seat], states(book).encode())
        couple.leave(book)
    known = [*everything, *SECRETS.values(), *(PEOPLE.at(seat).name for seat in Seat)]
    toll.unseen += len(hits(known, raw(folder, temporary), said()))
    toll.runs += 1

    assert toll.nothing

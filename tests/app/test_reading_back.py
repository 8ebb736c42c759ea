"""Nothing is saved that cannot be read back, and one row that cannot costs that row alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances
from sqlalchemy import select

from tests.app.evening import SAY, SECRETS, Couple, answer, inside, keep, shown, type_secret
from tests.marks import long_after
from workbook.app import Workbook, workbook
from workbook.app.workbook import COVER
from workbook.content.vocabulary import find_unknown
from workbook.domain.areas import AreaAnswers
from workbook.domain.errors import DamagedVault
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, backups, cards, evenings, reading_back, schema, vault
from workbook.store.unlocked import UnlockedVault
from workbook.ui.widgets.questions import Questions
from workbook.ui.widgets.secret import Secret


def _send(widget: Widget, state: dict[str, Any]) -> None:
    """What a page sends, or whoever writes messages in its place."""
    data = {"method": "update", "state": state, "buffer_paths": []}
    widget._handle_msg({"content": {"data": data}, "buffers": []})


def _free_yes(book: Workbook) -> Questions:
    asked = (each for each in inside(book.form("consent")) if isinstance(each, Questions))
    return next(each for each in asked if "free" in [q["key"] for q in each.questions])


@pytest.mark.parametrize("adult", long_after(3, [{}, ["adult"], "somebody", "", 0, [], False]))
def test_an_odd_answer_to_the_first_question_leaves_the_book_open(
    couple: Couple, adult: object
) -> None:
    kim = couple.open(Seat.A)
    _send(_free_yes(kim), {"answers": {"adult": adult, "free": None}})
    couple.leave(kim)

    again = couple.open(Seat.A)

    assert again.controller is not None
    assert again.controller.vault.unreadable == set()


ODD: tuple[Any, ...] = (
    *(None, "", "x", "nope", "adult", 0, 1, -1, 3.5, 1e308, True, False, [], {}, [[]], {"": {}}),
    *(["feet"], {"feet": "open"}, {"feet": 3}, {"feet.left": "open"}, "feet", ["x"], {"x": "y"}),
    *("2026-11-30", "9999-12-31", "0000-00-00", ["V", 1, None], "\u202e", "a\0b", "a" * 3000),
    *(float("nan"), float("inf"), 10**20, -(10**20)),
)
"""Values of every type that JSON has, some near to what is asked."""


def _alter(value: Any, dice: random.Random) -> Any:
    """Another value, or this one with something of it exchanged."""
    if isinstance(value, dict) and value and dice.random() < 0.7:
        key = dice.choice(sorted(value, key=str))
        return {**value, key: _alter(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.5:
        return [*value, dice.choice(ODD)]
    return dice.choice(ODD)


def _answers(widget: Questions, dice: random.Random) -> dict[str, Any]:
    """Answers by their keys: options that are offered, and values that are not."""
    found = dict(widget.answers)
    for question in dice.choices(widget.questions, k=dice.randint(1, 3)):
        if not isinstance(question, dict):
            continue  # written over before
        given = question.get("options")
        options = given if isinstance(given, list) else []
        offered = [option["key"] for option in options if isinstance(option, dict)]
        found[str(question.get("key"))] = dice.choice([*ODD, *offered, offered, offered[:1]])
    return found


def _write_odd_values(book: Workbook, times: int, dice: random.Random) -> int:
    """Send ``times`` values to synced traits of any widget; return how many were taken over."""
    taken = 0
    for _ in range(times):
        widgets = [each for each in _instances.values() if not isinstance(each, Secret)]
        widget = dice.choice(sorted(widgets, key=lambda each: str(each.model_id)))
        traits = [key for key in widget.keys if not key.startswith("_")]
        if not traits:
            continue
        trait = dice.choice(sorted(traits))
        if trait == "questions" and dice.random() < 0.9:
            continue  # without its questions a widget asks no more
        if isinstance(widget, Questions) and widget.questions and dice.random() < 0.7:
            state = {"answers": _answers(widget, dice)}
        else:
            state = {trait: _alter(getattr(widget, trait), dice)}
        before = json.dumps(widget.get_state(list(state)), default=str)
        with suppress(Exception):  # as the kernel does: it logs, and goes on
            _send(widget, state)
        with suppress(Exception):
            taken += json.dumps(widget.get_state(list(state)), default=str) != before
        if book.controller is None:
            raise AssertionError("the page was locked")
    return taken


def _list_saved(lane: UnlockedVault) -> Iterator[object]:
    """Every value that one person's key opens, and every card."""
    for kind in answers.PRIVATE_TYPES.values():
        standing = answers.read_answer(lane, kind)
        for saved in (standing, *answers.read_all_answers(lane, kind).values()):
            if saved is not None:
                yield saved.value
    for kind in cards.CARD_TYPES:
        for evening in (None, *evenings.list_evening_ids(lane)):
            if (card := cards.read_card(lane, kind, evening)) is not None:
                yield card.value


@pytest.mark.parametrize(
    ("seed", "times"), long_after(1, [(1, 120), *((n, 1000) for n in range(2, 22))])
)
def test_whatever_a_page_sends_the_book_opens_again(couple: Couple, seed: int, times: int) -> None:
    dice = random.Random(seed)
    kim = couple.open(Seat.A)
    answer(kim, gives=True)

    taken = _write_odd_values(kim, times, dice)

    assert taken > times / 10
    couple.leave(kim)
    for seat in Seat:
        book = couple.open(seat)
        assert book.controller is not None
        assert book.controller.vault.unreadable == set()
        assert reading_back.find_unreadable(book.controller.vault) == frozenset()
        assert [each for each in _list_saved(book.controller.vault) if find_unknown(each)] == []
        couple.leave(book)


# One row that cannot be read ----------------------------------------------------------------------


def _spoil_answer(couple: Couple, kind: type) -> None:
    """A row as an older version could write it: sealed by its owner, and no such value."""
    with vault.unlock(couple.folder, couple.secrets[Seat.A], clock=couple.clock) as lane:
        content = answers._SealedAnswer(3, couple.clock(), answers.msgspec.Raw(b"[5]"))
        data = answers._associated_data(lane.seat, kind.__name__, None)
        box = answers._seal_content(lane.keys.own, content, data)
        key = answers._row_key(lane.keys.own, kind.__name__, None)
        with lane.writing() as db:
            row = answers.insert(answers.schema.answers).values(seat="A", row=key, box=box)
            db.execute(row.on_conflict_do_update(set_={"box": box}))


def test_one_answer_that_cannot_be_read_is_asked_again_and_said(
    couple: Couple, said: list[tuple[str, str]]
) -> None:
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    couple.leave(kim)
    _spoil_answer(couple, answers.PRIVATE_TYPES["PressureAnswers"])

    kim = couple.open(Seat.A)

    assert ("show_notice", SAY("forms.unreadable")) in said
    lane = kim.controller.vault
    assert lane.unreadable == {"PressureAnswers"}
    assert answers.read_answer(lane, AreaAnswers) is not None
    assert kim.controller.snapshot.own.saved.keys() >= {"limits", "techniques"}
    said.clear()
    keep(kim, "pressure", PressureAnswers(Level.LOTION))
    couple.leave(kim)
    assert couple.open(Seat.A).controller.vault.unreadable == set()


TABLES = {
    "cards": "UPDATE cards SET body = x'6a756e6b'",
    "card times": "UPDATE cards SET at = 'noon'",
    "shares": "UPDATE shares SET body = x'5b5d'",
    "plans": "UPDATE plans SET body = x'7b7d'",
    "sessions": "UPDATE sessions SET body = x'7b7d'",
    "matches": "UPDATE matches SET body = x'7b7d'",
    "match days": "UPDATE matches SET \"on\" = 'soon'",
    "thanks": "UPDATE thanks SET body = x'7b7d'",
    "sealed thanks": 'UPDATE thanks SET body = \'{"for_a":"AAAA","for_b":"AAAA"}\'',
    "agreements": "UPDATE agreements SET kind = 'agreed for ever'",
    "people": "UPDATE people SET body = x'7b7d' WHERE seat = 'B'",
    "evenings": "UPDATE evenings SET began = 'noon', \"on\" = 'today'",
}


@pytest.mark.parametrize("table", long_after(4, TABLES))
def test_one_common_row_that_cannot_be_read_keeps_nobody_out(
    lived: Couple, said: list[tuple[str, str]], table: str
) -> None:
    lane = vault.unlock(lived.folder, lived.secrets[Seat.A], clock=lived.clock)
    with lane, lane.writing() as db:
        db.exec_driver_sql(TABLES[table])

    for seat in Seat:
        book = lived.open(seat)
        assert book.controller is not None
        lived.leave(book)


def test_a_card_of_a_newer_program_is_left_alone_and_spoils_no_backup(lived: Couple) -> None:
    with vault.unlock(lived.folder, lived.secrets[Seat.A], clock=lived.clock) as lane:
        with lane.writing() as db:
            db.exec_driver_sql(
                "INSERT INTO cards SELECT 'Later', evening, version, at, body FROM cards LIMIT 1"
            )

        assert "Later" in [row.topic for row in _select_cards(lane)]
        assert reading_back.find_unreadable(lane) == frozenset()


def _select_cards(lane: UnlockedVault) -> list[Any]:
    with lane.reading() as db:
        return list(db.execute(select(schema.cards)))


def test_the_cover_stays_until_the_book_is_open(
    couple: Couple, said: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = couple.locked()
    with monkeypatch.context() as broken:
        broken.setattr(
            workbook, "Controller", lambda *_, **__: (_ for _ in ()).throw(DamagedVault())
        )
        type_secret(book, SECRETS[Seat.A])

    assert book.controller is None
    assert shown(book, COVER)
    assert [each for each in inside(book.form(COVER)) if isinstance(each, Secret)]
    type_secret(book, SECRETS[Seat.A])
    assert book.controller is not None


# Backups ----------------------------------------------------------------------------------------


def _back_up(couple: Couple, seat: Seat) -> list[backups.Backup]:
    with vault.unlock(couple.folder, couple.secrets[seat], clock=couple.clock) as lane:
        backups.daily_backup(lane)()
    return list(backups.list_backups(couple.folder))


@pytest.mark.long
def test_what_one_persons_page_could_not_read_counts_for_the_others_backups(
    couple: Couple,
) -> None:
    good = _back_up(couple, Seat.B)
    _spoil_answer(couple, AreaAnswers)
    couple.clock.on(days=1)
    _back_up(couple, Seat.A)

    for _ in range(60):  # A stays away; B's page cannot open A's rows
        couple.clock.on(days=1)
        found = _back_up(couple, Seat.B)

    assert found[0] == good[0]
    assert [each.is_whole for each in found] == [True, False]
    with vault.unlock(couple.folder, couple.secrets[Seat.A], clock=couple.clock) as lane:
        answers.write_answer(lane, AreaAnswers())
        assert reading_back.check_rows(lane)
    couple.clock.on(days=1)
    assert [each.is_whole for each in _back_up(couple, Seat.B)] == [True, True]


@pytest.mark.long
def test_no_backup_expires_by_one_in_which_a_row_cannot_be_read(couple: Couple) -> None:
    def back_up() -> list[backups.Backup]:
        return _back_up(couple, Seat.A)

    good = back_up()
    assert [each.is_whole for each in good] == [True]
    _spoil_answer(couple, AreaAnswers)
    for _ in range(60):
        couple.clock.on(days=1)
        found = back_up()

    assert [each.is_whole for each in found] == [True, False]
    assert found[0] == good[0]
    with vault.unlock(couple.folder, couple.secrets[Seat.A], clock=couple.clock) as lane:
        answers.write_answer(lane, AreaAnswers())
    couple.clock.on(days=1)
    assert [each.is_whole for each in back_up()] == [True, True]
    assert not list((couple.folder / "backups").glob("*.partial"))

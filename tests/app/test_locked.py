"""A locked book knows nobody, and the page that is handed over knows nobody any more."""

from __future__ import annotations

import gc
import os
import re
import weakref

import pytest
from ipywidgets.widgets.widget import _instances

from tests.app.evening import (
    CHAPTERS,
    LOW,
    PEOPLE,
    SAY,
    SECRETS,
    answer,
    buttons,
    clear,
    happen,
    inside,
    press,
    ready,
    shown,
    signals,
    states,
    tell,
    type_secret,
    write,
)
from workbook.app import Workbook, workbook
from workbook.app.readings import FORMS as READING
from workbook.app.readings import build_reading
from workbook.app.workbook import COVER, KERNEL_END_DELAY_S
from workbook.content.tables import load_tables
from workbook.domain.errors import NotFound, VaultLocked, WrongPassphrase
from workbook.domain.seats import Seat
from workbook.domain.session import Event
from workbook.store import keyring, vault
from workbook.ui.widgets.secret import Secret

CANARIES = [f"heron{n}lilac" for n in range(8)]


def speak(book: Workbook) -> None:
    """One planted word in every field that takes words."""
    answer(book, gives=True)
    write(book, "intentions", CANARIES[0])
    tell(book, "oils", tests=["O-01"], **{"tests.O-01.on": "2026-11-01"})
    write(book, "room", CANARIES[1], CANARIES[2])


# Locked ------------------------------------------------------------------------------------


def test_nothing_of_a_page_that_was_left_stays_in_memory(agreed, couple):
    couple.leave(agreed)
    kim = couple.open(Seat.A, CHAPTERS)
    happen(kim, Event.START)
    kept = [kim, kim.controller, kim.controller.vault, *_instances.values()]
    names = {type(each).__name__ for each in kept}
    assert {"Prose", "Questions", "BodyMap", "PlanCard", "Player", "Pad", "Page"} <= names
    seen = [weakref.ref(each) for each in kept]
    couple.leave(kim)
    del kim, kept

    gc.collect()

    assert [each() for each in seen if each() is not None] == []


def test_a_locked_book_shows_nobodys_name_or_words(couple):
    kim = couple.open(Seat.A, CHAPTERS)
    speak(kim)
    couple.leave(kim)

    couple.locked(CHAPTERS)

    held = states()
    assert held
    assert not [word for word in (*CANARIES, "Kim", "Robin") if word in held]


def test_every_form_has_its_place_before_anybody_is_there(couple):
    book = couple.locked(CHAPTERS, app=True)

    assert {repr(book.form(name)) for name in CHAPTERS} == {"Place()"}
    assert all(book.form(name).children == () for name in CHAPTERS)


@pytest.mark.parametrize("name", sorted(READING))
def test_what_is_there_to_read_needs_no_passphrase_and_leaves_no_trace(couple, name):
    book = couple.locked(CHAPTERS, app=True)
    before = bytes_of(couple.folder)

    assert len(book.form(name).children) == 1
    assert bytes_of(couple.folder) == before

    type_secret(book, SECRETS[Seat.A])
    before = bytes_of(couple.folder)
    shown_again = build_reading(name, SAY, load_tables(), book.show)

    assert [type(each) for each in book.form(name).children] == [type(shown_again)]
    assert bytes_of(couple.folder) == before


def bytes_of(folder):
    """Every byte in the vault's folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_outside_the_app_a_locked_place_says_where_to_open_the_book(couple):
    book = couple.locked(CHAPTERS)

    assert SAY("cover.above") in shown(book, "limits")


def test_a_form_that_does_not_exist_is_not_found(couple):
    with pytest.raises(NotFound):
        couple.locked(CHAPTERS).form("horoscope")


@pytest.mark.parametrize("seat", Seat)
def test_a_passphrase_opens_the_book_for_its_owner(couple, seat):
    book = couple.locked(CHAPTERS)

    type_secret(book, SECRETS[seat])

    assert book.page.seat["name"] == PEOPLE.at(seat).name
    assert book.form(COVER).children == ()
    assert all(book.form(name).children for name in CHAPTERS)


def test_a_wrong_passphrase_opens_nothing_and_says_so(couple):
    book = couple.locked(CHAPTERS)

    field = type_secret(book, "something else entirely")

    assert field.said["text"] == SAY.error(WrongPassphrase())
    assert book.page.seat is None
    assert repr(book) == "Workbook(locked)"


def test_a_passphrase_is_in_no_widget(couple):
    book = couple.locked(CHAPTERS)

    type_secret(book, "something else entirely")
    type_secret(book, SECRETS[Seat.A])

    held = states()
    assert not [s for s in ("something else entirely", *SECRETS.values()) if s in held]


def test_the_sixth_wrong_try_has_to_wait(couple):
    book = couple.locked(CHAPTERS)
    for _ in range(5):
        type_secret(book, "something else entirely")

    field = type_secret(book, SECRETS[Seat.A])

    assert re.fullmatch(r"Too many tries. Wait \d+ seconds?, then try again.", field.said["text"])
    assert book.page.seat is None


def test_an_error_nobody_foresaw_is_said_beside_the_passphrase(couple, monkeypatch):
    book = couple.locked(CHAPTERS)
    monkeypatch.setattr(workbook.vault, "unlock", lambda *_, **__: 1 // 0)

    field = type_secret(book, SECRETS[Seat.A])

    assert field.said["text"] == SAY("errors.Unexpected")


# Handed over -------------------------------------------------------------------------------


def test_no_widget_knows_an_answer_after_the_screen_is_handed_over(couple, loop):
    kim = couple.open(Seat.A, CHAPTERS, app=True)
    speak(kim)
    signals(kim)
    ready(kim)

    kim.pass_screen()

    held = states()
    assert not [w for w in (*CANARIES, "Kim", "Robin", "unwind", "lantern") if w in held]


def test_a_plan_is_in_no_widget_after_the_screen_is_handed_over(both_ready):
    told = (SAY("positions.short.prone"), SAY("forms.minutes", minutes=10), "Kim")
    before = states(both_ready)
    assert all(each in before for each in told)
    press(both_ready, "ready", "ready_back")  # hidden, but not gone

    both_ready.pass_screen()

    held = states()
    assert not [each for each in told if each in held]


def test_the_chapters_forget_how_far_somebody_was(couple):
    kim = couple.open(Seat.A, CHAPTERS)
    answer(kim, gives=True)
    assert "done" in kim.page.chapters.values()

    kim.pass_screen()

    assert kim.page.chapters == {}
    assert kim.page.seat is None


def test_the_keys_are_gone_after_the_screen_is_handed_over(couple):
    kim = couple.open(Seat.A, CHAPTERS)
    lane = kim.controller.vault

    kim.pass_screen()

    with pytest.raises(VaultLocked):
        lane.keys  # noqa: B018
    assert repr(kim) == "Workbook(locked)"


def test_in_the_app_a_page_that_is_handed_over_ends_its_kernel(couple, loop, said):
    kim = couple.open(Seat.A, CHAPTERS, app=True)

    kim.pass_screen()

    assert ("end", SAY("forms.leave_title", name="Robin")) in said
    assert loop.later == [(KERNEL_END_DELAY_S, os._exit, 0)]


def test_in_a_notebook_the_next_person_can_unlock_the_same_page(couple):
    book = couple.open(Seat.A, CHAPTERS)
    book.pass_screen()

    type_secret(book, SECRETS[Seat.B])

    assert book.page.seat["name"] == "Robin"
    assert all(book.form(name).children for name in CHAPTERS)


def test_a_second_passphrase_on_an_open_page_locks_the_first_person_out(couple):
    book = couple.open(Seat.A, CHAPTERS)
    speak(book)
    lane = book.controller.vault

    book.unlock(SECRETS[Seat.B])

    assert not lane.open
    assert not [word for word in CANARIES[:1] if word in states()]


# Passphrase and code, later ----------------------------------------------------------------


def say(book, secret):
    """Type into the field for a secret under *Welcome*."""
    field = next(each for each in inside(book.form("people")) if isinstance(each, Secret))
    field._on_message(field, {"kind": "secret", "value": secret}, [])
    return field


def test_a_book_that_was_set_up_elsewhere_is_seen_when_a_page_comes(couple, tmp_path):
    book = Workbook(tmp_path / "later", cost=LOW)
    book.form(COVER)
    couple.folder.rename(tmp_path / "later")

    book.page._on_message(book.page, {"kind": "ping", "n": 1}, [])

    assert SAY("cover.locked") in shown(book, COVER)


def test_clearing_leaves_no_widget():
    clear()

    assert states() == ""


def test_a_new_recovery_code_takes_the_place_of_the_old_one(couple):
    kim = couple.open(Seat.A, CHAPTERS)
    press(kim, "people", "code_new")
    say(kim, SECRETS[Seat.A])
    new = re.search(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{4}", shown(kim, "people"))[0]

    typed = next(e for e in inside(kim.form("people")) if "at-text-code_group" in e._dom_classes)
    typed.value = new.split("-")[3].lower()
    buttons(kim, "people")[SAY("cover.code_kept")].click()

    assert SAY("forms.code_changed") in shown(kim, "people")
    assert new not in states()
    assert not vault.has_unconfirmed_code(kim.controller.vault)
    couple.leave(kim)
    again = couple.locked(CHAPTERS)
    type_secret(again, new)
    assert again.page.seat["name"] == "Kim"


@pytest.mark.parametrize("what", ["code_new", "passphrase_change"])
def test_nobody_changes_what_opens_the_book_without_opening_it(couple, what):
    kim = couple.open(Seat.A, CHAPTERS)
    press(kim, "people", what)
    wrong = SECRETS[Seat.B]  # which opens the partner's lane, and not this one
    field = say(kim, wrong)
    if what == "passphrase_change":
        field = say(kim, "a new passphrase of one's own")

    assert field.said["text"] == SAY.error(WrongPassphrase())
    for _ in range(4):
        field = say(kim, wrong)
    field = say(kim, wrong)
    assert "Too many tries. Wait" in field.said["text"]


def test_a_wrong_secret_costs_the_same_whoevers_it_is_nearly(couple, monkeypatch):
    counted = []
    key = keyring.Kdf.key
    monkeypatch.setattr(
        keyring.Kdf, "key", lambda kdf, secret: (counted.append(kdf), key(kdf, secret))[1]
    )
    said, costs = set(), []
    for wrong in (SECRETS[Seat.A] + "x", SECRETS[Seat.B] + "x", "something else entirely"):
        counted.clear()
        said.add(type_secret(couple.locked(CHAPTERS), wrong).said["text"])
        costs.append(len(counted))

    assert said == {SAY.error(WrongPassphrase())}
    assert costs == [2, 2, 2]

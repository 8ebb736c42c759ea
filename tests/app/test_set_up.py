"""The set-up: one person after the other in one kernel, and codes that wait to be written down."""

from __future__ import annotations

import os
import re

import pytest

from tests.app.evening import (
    LOW,
    SAY,
    SECRETS,
    Clock,
    buttons,
    clear,
    happen,
    inside,
    shown,
    states,
    type_secret,
    write,
)
from workbook.app import Workbook
from workbook.app.workbook import COVER, KERNEL_END_DELAY_S
from workbook.domain.errors import NotSaved, WrongPassphrase
from workbook.domain.seats import Colour, Seat, Shape
from workbook.domain.session import Event
from workbook.store import durable, vault
from workbook.ui.widgets.questions import Questions
from workbook.ui.widgets.secret import Secret

CODE = re.compile(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{4}")


@pytest.fixture
def book(tmp_path, loop):
    book = Workbook(tmp_path / "vault", app=True, cost=LOW, clock=Clock())
    book.form(COVER)
    press(book, "begin")
    return book


def press(book, key):
    buttons(book, COVER)[SAY(f"cover.{key}")].click()


def introduce(book, name, age="adult", **mark):
    """One person's first screen."""
    write(book, COVER, name)
    for asked in (each for each in inside(book.form(COVER)) if isinstance(each, Questions)):
        keys = {question["key"] for question in asked.questions}
        given = {"adult": age, **mark}
        asked.answers = {**asked.answers, **{k: v for k, v in given.items() if k in keys}}
    press(book, "next")


def choose(book, secret):
    """One person's second screen."""
    field = next(each for each in inside(book.form(COVER)) if isinstance(each, Secret))
    field._on_message(field, {"kind": "secret", "value": secret}, [])
    return field


def code(book):
    """The recovery code on the screen."""
    return CODE.search(shown(book, COVER))[0]


def keep(book):
    """Type the group that is asked for; return the code."""
    there = code(book)
    write(book, COVER, there.split("-")[3])
    press(book, "code_kept")
    return there


def set_up_kim(book):
    introduce(book, "Kim")
    choose(book, SECRETS[Seat.A])


def set_up_robin(book):
    set_up_kim(book)
    keep(book)
    press(book, "pass_done")
    introduce(book, "Robin")
    choose(book, SECRETS[Seat.B])


def open_again(book, secret):
    """Another page, after this one has ended as a reload ends it."""
    folder = book._folder
    if book._covered is not None:
        book._covered.close()
    clear()
    again = Workbook(folder, app=True, cost=LOW, clock=Clock())
    again.form(COVER)
    type_secret(again, secret)
    return again


def test_after_the_second_code_the_same_page_is_open_for_the_second_person(book, loop):
    set_up_robin(book)

    keep(book)

    assert book.page.seat["name"] == "Robin"
    assert loop.later == []
    book.pass_screen()
    assert loop.later == [(KERNEL_END_DELAY_S, os._exit, 0)]


def test_nothing_the_first_person_typed_is_there_for_the_second(book):
    set_up_kim(book)
    mine = keep(book)

    held = states()

    assert not [each for each in ("Kim", SECRETS[Seat.A], mine) if each in held]
    press(book, "pass_done")
    assert not [each for each in ("Kim", SECRETS[Seat.A], mine) if each in states()]


def test_each_sees_their_own_code_and_each_opens_their_own_answers(book):
    set_up_kim(book)
    kims = keep(book)
    press(book, "pass_done")
    introduce(book, "Robin")
    choose(book, SECRETS[Seat.B])
    robins = keep(book)
    assert kims != robins
    assert robins not in states()

    for secret, name in ((kims, "Kim"), (robins, "Robin")):
        assert open_again(book, secret).page.seat["name"] == name


def test_who_was_asked_their_age_is_not_asked_again_on_the_evening(book):
    set_up_robin(book)
    keep(book)
    assert book.controller.snapshot.own.past.adult is True

    kim = open_again(book, SECRETS[Seat.A])

    assert kim.controller.snapshot.own.past.adult is True


@pytest.mark.parametrize(
    ("name", "age", "said"),
    [("", "adult", "name_missing"), ("Kim", None, "age_missing"), ("Kim", "minor", "minor")],
)
def test_a_name_and_an_age_are_needed(book, name, age, said):
    introduce(book, name, age)

    assert SAY(f"cover.{said}") in shown(book, COVER)


@pytest.mark.parametrize("name", ["Kim", " kIM ", "K i m"])
def test_the_same_name_twice_is_refused_with_what_to_change(book, name):
    set_up_kim(book)
    keep(book)
    press(book, "pass_done")

    introduce(book, name)

    assert SAY("errors.SameName") in shown(book, COVER)
    introduce(book, "Robin")
    assert SAY("cover.passphrase") in shown(book, COVER)


def test_a_mark_that_the_first_person_has_is_not_offered_to_the_second(book):
    introduce(book, "Kim", colour="sage", shape="diamond")
    choose(book, SECRETS[Seat.A])
    keep(book)
    press(book, "pass_done")
    offered = {
        option["key"]
        for asked in inside(book.form(COVER))
        if isinstance(asked, Questions)
        for question in asked.questions
        for option in question["options"]
    }
    introduce(book, "Robin")
    choose(book, SECRETS[Seat.B])
    keep(book)

    people = book.controller.vault.people
    assert not {"sage", "diamond"} & offered
    assert (people.a.colour, people.a.shape) == (Colour.SAGE, Shape.DIAMOND)
    assert (people.b.colour, people.b.shape) == (Colour.CLAY, Shape.CIRCLE)


def test_the_same_passphrase_twice_is_asked_for_anew(book):
    set_up_kim(book)
    keep(book)
    press(book, "pass_done")
    introduce(book, "Robin")

    field = choose(book, SECRETS[Seat.A])

    assert field.said["text"] == SAY("cover.same")
    choose(book, SECRETS[Seat.B])
    assert CODE.search(shown(book, COVER))


def test_a_full_disk_lets_the_second_person_try_again(book, monkeypatch):
    set_up_kim(book)
    keep(book)
    press(book, "pass_done")
    introduce(book, "Robin")

    def refuse(*_):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_file", refuse)
        field = choose(book, SECRETS[Seat.B])
    assert field.said["text"] == SAY.error(NotSaved())

    choose(book, "another one of mine")
    keep(book)

    assert open_again(book, "another one of mine").page.seat["name"] == "Robin"


def test_what_is_printed_is_the_code_and_no_name(book, monkeypatch):
    set_up_kim(book)
    sent = []
    monkeypatch.setattr(book.page, "send", sent.append)

    press(book, "code_print")

    assert sent == [{"kind": "paper", "title": SAY("cover.code"), "text": code(book)}]


def test_a_code_that_was_not_written_down_leads_nowhere(book):
    set_up_kim(book)
    mine = code(book)

    write(book, COVER, mine.split("-")[0])
    press(book, "code_kept")

    assert SAY("cover.code_wrong", number=4) in shown(book, COVER)
    assert code(book) == mine


# A code that was not confirmed -------------------------------------------------------------


@pytest.fixture
def unconfirmed(book):
    """A book in which Kim has put their code off, and Robin's page was lost at theirs."""
    set_up_kim(book)
    press(book, "code_later")
    press(book, "pass_done")
    introduce(book, "Robin")
    choose(book, SECRETS[Seat.B])
    return book


@pytest.mark.parametrize("seat", Seat)
def test_a_code_that_was_not_confirmed_comes_back_before_anything_else(unconfirmed, seat):
    lost = code(unconfirmed)
    again = open_again(unconfirmed, SECRETS[seat])

    new = code(again)

    assert new != lost
    assert again.page.seat is None
    assert again.controller is None
    keep(again)
    assert again.page.seat["name"] == ("Kim" if seat is Seat.A else "Robin")
    once_more = open_again(unconfirmed, SECRETS[seat])
    assert once_more.page.seat is not None
    if seat is Seat.B:
        with pytest.raises(WrongPassphrase):
            vault.unlock(unconfirmed._folder, lost)
    vault.unlock(unconfirmed._folder, new).close()


def test_later_opens_the_book_and_a_new_code_comes_next_time(unconfirmed):
    first = open_again(unconfirmed, SECRETS[Seat.B])
    put_off = code(first)

    press(first, "code_later")

    assert first.page.seat["name"] == "Robin"
    assert code(open_again(unconfirmed, SECRETS[Seat.B])) != put_off


def test_who_opens_the_book_with_the_code_is_not_shown_another(unconfirmed):
    lost = code(unconfirmed)

    assert open_again(unconfirmed, lost).page.seat["name"] == "Robin"


def test_a_code_that_another_page_has_replaced_is_not_taken_as_kept(unconfirmed):
    first = open_again(unconfirmed, SECRETS[Seat.B])
    vault.renew_unconfirmed_code(first._covered, LOW)

    keep(first)

    assert SAY("cover.code_newer") in shown(first, COVER)
    assert first.page.seat is None


def test_a_full_disk_keeps_nobody_out(unconfirmed, monkeypatch):
    def full(*_):
        raise NotSaved

    monkeypatch.setattr(vault, "renew_unconfirmed_code", full)

    assert open_again(unconfirmed, SECRETS[Seat.B]).page.seat["name"] == "Robin"


def test_a_page_that_shows_a_code_rests_like_any_other(unconfirmed, loop, said):
    again = open_again(unconfirmed, SECRETS[Seat.B])
    lane = again._covered

    assert again._lock_screen()

    assert not lane.open
    assert ("end", SAY("cover.rest_title")) in said
    assert not CODE.search(states())


def test_the_guide_of_a_massage_comes_before_a_code(couple, agreed):
    happen(agreed, Event.START)
    lane = agreed.controller.vault
    vault.change_recovery_code(lane, SECRETS[lane.seat], cost=LOW)

    other = couple.locked()
    type_secret(other, SECRETS[lane.seat])

    assert other.page.under_way is True


def test_from_the_passphrase_a_person_goes_back_to_their_name(book):
    introduce(book, "Kim", colour="plum", shape="diamond")

    press(book, "back")

    assert '"Kim"' in shown(book, COVER)
    asked = [each.answers for each in inside(book.form(COVER)) if isinstance(each, Questions)]
    assert asked == [{"colour": "plum", "shape": "diamond"}, {"adult": "adult"}]
    introduce(book, "Kimmy")
    choose(book, SECRETS[Seat.A])
    assert "Kimmy" in shown(book, COVER)

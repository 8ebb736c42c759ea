"""A name, and a passphrase, count by what people can see and tell apart."""

from __future__ import annotations

import pytest

from tests.store.conftest import LOW, PEOPLE, WORDS
from workbook.content.words import load_words
from workbook.domain.errors import InvalidAnswer, SameName, WeakPassphrase
from workbook.domain.seats import Colour, Person, Seat, Shape, check_name, check_names
from workbook.store.new_vault import NewVault
from workbook.store.passphrase import Pin, validate_new

UNSEEN = ["\u200b", "\u2800", "\u3164", "\u00ad", "\u200e\u200f", "\u0301", "\u115f\uffa0", " \t"]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_nobody_sees_is_refused(name):
    with pytest.raises(InvalidAnswer):
        check_name(name)


def test_a_set_up_refuses_such_a_name():
    unseen = Person(Seat.A, "\u200b", Colour.CLAY, Shape.CIRCLE)

    with pytest.raises(InvalidAnswer):
        NewVault(LOW).add_person(unseen, WORDS[Seat.A])


@pytest.mark.parametrize("name", ["Kim", "דנה (2)", "さくら", "Zoë", "é", "🦔", "க்ஷா", "Nguyễn"])
def test_a_name_of_any_script_is_taken_as_it_is(name):
    check_name(name)


def test_a_stack_of_marks_that_covers_the_lines_around_is_refused():
    with pytest.raises(InvalidAnswer):
        check_name("Kim" + "\u0301" * 12)


@pytest.mark.parametrize("other", ["Kim\u200b", "\u2066Kim\u2069", "Ki\u00adm", "KIM\ufe0f"])
def test_two_names_that_look_the_same_are_the_same(other):
    with pytest.raises(SameName):
        check_names(other, "Kim")


@pytest.mark.parametrize("secret", ["\u200b" * 12, "\u2800 " * 8, "ab" + "\u00ad" * 12])
def test_a_passphrase_counts_what_can_be_told_apart(secret):
    with pytest.raises(WeakPassphrase):
        validate_new(secret)


def test_a_short_code_nobody_sees_is_refused():
    with pytest.raises(WeakPassphrase):
        Pin("\u200b" * 6)


def test_a_name_that_an_older_version_took_is_still_a_name():
    assert Person(Seat.A, "\u200b", Colour.CLAY, Shape.CIRCLE).name == "\u200b"


# Names that turn the words round --------------------------------------------------------------


@pytest.mark.parametrize("name", ["דנה (2)", "\u202eRobin", "سارة 5", "\u2067Kim"])
def test_a_name_stays_within_its_place_in_a_sentence(name):
    said = load_words()("forms.leave_title", name=name)

    before, _, rest = said.partition("\u2068")
    inside, _, after = rest.partition("\u2069")
    assert before + after == load_words()("forms.leave_title", name="")
    assert not any(sign in inside for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067")


def test_a_name_that_turns_nothing_is_put_in_as_it_is():
    assert "\u2068" not in load_words()("forms.leave_title", name=PEOPLE.a.name)

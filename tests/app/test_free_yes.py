"""A no: a page for its owner alone, and questions that may be gone through without being kept."""

from __future__ import annotations

import pytest

from tests.app.evening import SAY, answer, press, ready, shown, tell, value_of
from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import FreeYes
from workbook.domain.evening import TimeAnswers
from workbook.domain.seats import Seat
from workbook.domain.shares import NOT_TONIGHT


@pytest.fixture
def no(couple):
    """Kim has said no, and goes through the questions."""
    book = couple.open(Seat.A)
    tell(book, "consent", adult="adult", free="no")
    press(book, "consent", "no_go_through")
    return book


def test_nothing_is_kept_of_questions_that_are_gone_through_after_a_no(no, said):
    del said[:]

    tell(no, "role", role="both")
    tell(no, "limits", receiving={"feet": "open"})
    tell(no, "body", unwell=["fever"])

    assert value_of(no, "time") == TimeAnswers()
    assert value_of(no, "limits") == AreaAnswers()
    assert "health" not in no.controller.snapshot.own.saved
    assert "show_saved" not in [what for what, _ in said]


def test_ready_hands_in_not_tonight_after_a_no(no):
    tell(no, "role", role="both")

    ready(no)

    assert no.controller.snapshot.shares[Seat.A] == NOT_TONIGHT


def test_who_says_yes_after_all_finds_the_forms_as_they_were_saved_and_answers_are_kept(no):
    tell(no, "role", role="both")

    tell(no, "consent", free="yes", easy="yes")

    assert value_of(no, "consent").is_free_yes
    assert no.form("role").children[0].value == TimeAnswers()
    tell(no, "role", role="give")
    assert value_of(no, "time").willing == {"give"}


def test_a_return_evening_keeps_nothing_after_a_no_either(lived):
    book = lived.open(Seat.A)
    tell(book, "again", free="no")
    press(book, "again", "no_go_through")

    tell(book, "again", role="give")
    press(book, "again", "none_in_group")
    press(book, "again", "still_true")

    assert value_of(book, "time") == TimeAnswers()
    assert not book.controller.view.is_confirmed
    tell(book, "again", free="yes")
    assert book.form("again").children[0].value.time == TimeAnswers()
    tell(book, "again", role="give")
    assert value_of(book, "time").willing == {"give"}


def test_a_no_that_would_not_be_easy_waits_for_one_answer_more(couple):
    book = couple.open(Seat.A)
    answer(book, gives=True)
    assert book.controller.view.share.tonight

    tell(book, "consent", easy="not_sure")

    assert "consent" in book.controller.view.ready.missing
    assert book.controller.view.share == NOT_TONIGHT
    tell(book, "consent", not_tonight="tonight")
    assert "consent" not in book.controller.view.ready.missing
    assert book.controller.view.share.tonight
    tell(book, "consent", not_tonight="not_tonight")
    assert book.controller.view.share == NOT_TONIGHT
    assert SAY("forms.no_reply", name="Robin") in shown(book, "consent")
    assert value_of(book, "consent").free is FreeYes.YES


def test_a_no_opens_numbers_to_call_for_its_owner_and_a_yes_closes_them(couple):
    book = couple.open(Seat.A)
    line = "0808 2000 247"
    before = shown(book, "consent")

    tell(book, "consent", adult="adult", free="no")

    assert line not in before
    assert line in shown(book, "consent")
    tell(book, "consent", free="yes")
    assert line not in shown(book, "consent")

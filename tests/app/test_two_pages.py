"""Two pages of one person, and both people at the cards they share."""

from __future__ import annotations

import asyncio

import pytest

from tests.app.evening import (
    CHAPTERS,
    SAY,
    answer,
    finish,
    happen,
    inside,
    press,
    proposal,
    ready,
    shown,
    signals,
    tell,
    try_signals,
    write,
)
from workbook.app.polling import ChangePoller
from workbook.domain.areas import AreaMark
from workbook.domain.consent import FreeYes, Signals
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.domain.techniques import Coverage
from workbook.rules.three_way import SEPARATOR_LINE
from workbook.store import answers, vault
from workbook.ui import form as forms
from workbook.ui.forms.player import PlayerForm
from workbook.ui.forms.thanks import ThanksForm

JOINED = ("show_notice", SAY("forms.joined"))


@pytest.fixture
def pages(couple):
    """Two pages of Kim, both open."""
    return couple.open(Seat.A, CHAPTERS), couple.open(Seat.A, CHAPTERS)


def asked(book, topic):
    return book.form(topic).children[0]


def seen(book):
    """The page is seen: it hears of what others saved."""
    book.page._on_message(book.page, {"kind": "ping", "n": 2}, [])


def focus(book, field):
    book.page._on_message(book.page, {"kind": "editing", "field": field}, [])


@pytest.fixture
def at_once(monkeypatch):
    """Nothing is under way between page and kernel."""
    monkeypatch.setattr(forms, "CROSSING_TIME_S", 0.0)


# One person, two pages ----------------------------------------------------------------------


def test_an_answer_of_one_page_is_on_the_other_without_a_reload(pages):
    first, second = pages
    tell(first, "coverage", coverage="towel")
    write(first, "intentions", "a heron")

    seen(second)

    assert asked(second, "coverage").value is Coverage.TOWEL
    assert "a heron" in shown(second, "intentions")


def test_two_pages_that_answer_different_questions_keep_both(pages, said):
    first, second = pages
    tell(first, "limits", receiving={"feet": "open"})

    tell(second, "limits", receiving={"hands": "open"})

    merged = asked(second, "limits").value.receiving
    assert {part.split(".")[0] for part in merged} == {"feet", "hands"}
    assert JOINED in said
    seen(first)
    assert asked(first, "limits").value.receiving == merged


def test_of_two_answers_to_one_question_the_stricter_holds_and_is_shown(pages, said):
    first, second = pages
    tell(first, "consent", adult="adult", free="no")

    tell(second, "consent", adult="adult", free="yes")

    assert asked(second, "consent").value.free is FreeYes.NO
    assert asked(second, "consent").children[0].answers["free"] == "no"
    assert JOINED in said


def test_a_stale_page_does_not_open_what_the_other_page_closed(pages):
    first, second = pages
    tell(first, "limits", receiving={"feet": "open"})
    seen(second)
    tell(first, "limits", receiving={"feet": "not_tonight"})

    # The page had not heard of it yet: it sends the whole set as it shows it.
    tell(second, "limits", receiving={"feet": "open", "hands": "open"})

    merged = asked(second, "limits").value.receiving
    assert {merged[part] for part in merged if part.startswith("feet")} == {AreaMark.NOT_TONIGHT}
    assert {merged[part] for part in merged if part.startswith("hands")} == {AreaMark.OPEN}


def test_an_answer_that_was_under_way_when_news_came_is_read_as_it_was_meant(pages):
    first, second = pages
    tell(first, "limits", receiving={"feet": "open"})
    seen(second)
    tell(first, "limits", receiving={"feet": "not_tonight"})
    seen(second)  # the kernel knows; the page may not show it yet

    tell(second, "limits", receiving={"feet": "open", "hands": "open"})

    merged = asked(second, "limits").value.receiving
    assert {merged[part] for part in merged if part.startswith("feet")} == {AreaMark.NOT_TONIGHT}


def test_what_was_shown_for_a_while_may_be_opened_again(pages, at_once):
    first, second = pages
    tell(first, "limits", receiving={"feet": "not_tonight"})
    seen(second)

    tell(second, "limits", receiving={"feet": "open"})

    merged = asked(second, "limits").value.receiving
    assert {merged[part] for part in merged if part.startswith("feet")} == {AreaMark.OPEN}


def test_text_written_on_both_pages_is_kept_from_both(pages, said):
    first, second = pages
    write(first, "intentions", "a heron")

    write(second, "intentions", "a lilac")

    assert asked(second, "intentions").value.expects == f"a lilac\n{SEPARATOR_LINE}\na heron"
    assert f"a lilac\\n{SEPARATOR_LINE}\\na heron" in shown(second, "intentions")
    assert JOINED in said


def test_a_field_that_somebody_writes_in_is_left_alone_until_they_leave_it(pages, at_once):
    first, second = pages
    focus(second, "expects")
    write(second, "intentions", "a lil")
    write(first, "intentions", "a heron")

    seen(second)
    write(second, "intentions", "a lila")
    write(second, "intentions", "a lilac")

    assert shown(second, "intentions").count("heron") == 0
    focus(second, "")
    held = asked(second, "intentions").value.expects
    assert "a lilac" in held
    assert "a heron" in held
    with vault.unlock(second._folder, "hazel lantern mitten") as lane:
        kind = type(asked(second, "intentions").value)
        kept = answers.read_answer(lane, kind, second.controller._evening)
    assert kept.value.expects == held


def test_a_page_whose_person_erased_everything_elsewhere_locks(pages, said, monkeypatch):
    first, second = pages
    tell(first, "coverage", coverage="towel")
    seen(second)
    first.erase()

    seen(second)

    assert second.controller is None
    assert asked_nothing(second)


def asked_nothing(book):
    return SAY("cover.above") in shown(book, "coverage")


def test_an_answer_after_everything_was_erased_elsewhere_brings_nothing_back(couple, pages):
    first, second = pages
    tell(first, "coverage", coverage="towel")
    seen(second)
    first.erase()

    tell(second, "coverage", coverage="partly")

    assert second.controller is None
    with vault.unlock(couple.folder, couple.secrets[Seat.A]) as lane:
        assert answers.read_answer(lane, Coverage) is None


def test_a_page_that_hands_in_counts_what_the_other_page_closed(couple):
    first, second = couple.open(Seat.A), None
    answer(first, gives=True)
    second = couple.open(Seat.A)
    tell(first, "consent", free="no")

    press(second, "ready", "ready")

    assert not second.controller.snapshot.shares[Seat.A].tonight


def test_a_name_changed_on_one_page_is_on_the_other(pages, couple):
    first, second = pages
    robin = couple.open(Seat.B)

    write(first, "people", "Sascha")
    for book in (second, robin):
        seen(book)

    assert second.page.seat["name"] == "Sascha"
    assert robin.controller.context.partner.name == "Sascha"


# Both people --------------------------------------------------------------------------------


@pytest.fixture
def both(couple):
    """Kim and Robin, each at a page of their own."""
    return couple.open(Seat.A), couple.open(Seat.B)


def test_both_people_tick_one_room(both):
    kim, robin = both
    first, second = kim._tables.room[:2]
    tell(kim, "room", done=[first])

    tell(robin, "room", done=[second])

    assert asked(robin, "room").value.done >= {first, second}
    seen(kim)
    assert asked(kim, "room").value == asked(robin, "room").value


def test_what_both_write_about_the_room_stands_beside_each_other(both):
    kim, robin = both
    write(kim, "room", "a cello", "low")

    write(robin, "room", "rain", "low")

    kept = asked(robin, "room").value
    assert (kept.music, kept.light) == ("rain / a cello", "low")
    seen(kim)
    assert asked(kim, "room").value == kept


def test_the_plan_appears_when_the_other_person_hands_in(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    signals(kim)
    ready(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    ready(robin)
    assert SAY("forms.ready_both") not in shown(kim, "ready")

    seen(kim)

    assert SAY("forms.ready_both") in shown(kim, "ready")
    assert proposal(kim).plan is not None


def test_a_session_that_ended_elsewhere_ends_here(agreed, couple, monkeypatch):
    kim = couple.open(Seat.A)
    followed = []
    monkeypatch.setattr(
        PlayerForm, "apply_remote_session", lambda _form, now, **_more: followed.append(now.phase)
    )
    kim.form("player")
    happen(agreed, Event.START)
    seen(kim)
    assert followed[-1] is Phase.RUNNING

    happen(agreed, Event.STOP)
    seen(kim)

    assert followed[-1] is Phase.STOPPED
    assert SAY("forms.debrief_none") not in shown(kim, "debrief")


def test_a_thank_you_written_on_two_pages_keeps_both(agreed, couple, at_once):
    finish(agreed)
    other = couple.open(Seat.B)
    write(agreed, "thanks", "for your hands")

    write(other, "thanks", "for your time")

    words = {line for line in asked_text(other).split("\n") if line != SEPARATOR_LINE}
    assert words == {"for your hands", "for your time"}


def asked_text(book):
    form = next(each for each in inside(book.form("thanks")) if isinstance(each, ThanksForm))
    return form.value.thanks


# How it is done -----------------------------------------------------------------------------


class Loop:
    """Takes note of what is to be called, and when."""

    def __init__(self):
        self.calls = []

    def call_later(self, wait, call):
        self.calls.append((wait, call))


def test_a_page_looks_often_while_something_happens_and_not_when_hidden(monkeypatch):
    loop, now, news = Loop(), [0.0], [False]
    looks = []

    def look():
        looks.append(now[0])
        return news[0]

    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    poller = ChangePoller(look, lambda: now[0])

    poller.note_ping()
    poller.note_ping()
    assert [wait for wait, _ in loop.calls] == [ChangePoller.CALM_INTERVAL_S]  # one at a time
    news[0] = True
    loop.calls.pop()[1]()
    news[0] = False
    assert [wait for wait, _ in loop.calls] == [ChangePoller.BUSY_INTERVAL_S]
    now[0] = 4.0
    loop.calls.pop()[1]()
    assert [wait for wait, _ in loop.calls] == [ChangePoller.BUSY_INTERVAL_S]
    now[0] = 6.0  # nobody asked for too long: the page is hidden
    loop.calls.pop()[1]()
    assert not loop.calls
    now[0] = 20.0
    poller.note_ping()
    assert [wait for wait, _ in loop.calls] == [ChangePoller.BUSY_INTERVAL_S]
    now[0] = 31.0
    poller.note_ping()
    loop.calls.pop()[1]()
    assert [wait for wait, _ in loop.calls] == [ChangePoller.CALM_INTERVAL_S]
    assert looks == [0.0, 0.0, 0.0, 4.0, 6.0, 20.0, 31.0, 31.0]


def test_without_a_loop_a_page_looks_when_it_is_asked(pages):
    first, second = pages
    tell(first, "coverage", coverage="towel")

    for _ in range(3):
        seen(second)

    assert asked(second, "coverage").value is Coverage.TOWEL


def test_signals_that_were_tried_elsewhere_are_tried(both_ready, couple):
    kim = couple.open(Seat.A)

    try_signals(both_ready)
    seen(kim)

    assert proposal(kim).tried
    assert isinstance(asked(kim, "signals").value, Signals)


def test_what_a_page_saved_itself_is_no_news_to_it(pages):
    first, second = pages
    write(first, "intentions", "a heron")
    first.controller.catch_up()

    write(first, "intentions", "a heron at noon")

    assert not first.controller.catch_up()
    assert second.controller.catch_up()

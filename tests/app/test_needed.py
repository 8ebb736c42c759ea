"""The app's page says which forms it needs, and only those are built."""

from __future__ import annotations

import json
from pathlib import Path

import comm
import pytest
from ipywidgets import Widget

from tests.app.evening import SAY, Couple, finish, inside, press, shown, states, tell, write
from workbook.app import Workbook
from workbook.app.forms import _CARD_FORMS, FormSet
from workbook.app.workbook import ALWAYS, COVER
from workbook.domain.seats import Seat
from workbook.serve.compose import read_chapters
from workbook.ui import opening
from workbook.ui.forms.private import PrivateForm
from workbook.ui.widgets.secret import Secret

FORMS = {each.slug: each.forms for each in read_chapters(Path(__file__).parents[2] / "notebooks")}
PIN = "4711"
OPEN = Widget.open
"""The method of ipywidgets, before ``no_page`` replaces it."""


@pytest.fixture(autouse=True)
def _comms(monkeypatch):
    """What a page of the app changes for its whole kernel is undone."""
    monkeypatch.setattr(opening, "_plain", None)
    monkeypatch.setattr(comm, "create_comm", comm.create_comm)


def open_page(here: Couple, seat: Seat, chapter: str = "") -> Workbook:
    """Open the app's page for one person, at the chapter that its address names."""
    book = here.locked(app=True)
    ids = {slug: [book.form(n).model_id for n in names] for slug, names in FORMS.items()}
    send(book, kind="places", chapters=ids, chapter=chapter, step="")
    book.unlock(here.secrets[seat])
    return book


def send(book: Workbook, **message: object) -> None:
    book.page._on_message(book.page, message, [])


def turn(book: Workbook, chapter: str) -> None:
    """Show a chapter, as the page does: it asks for all that is missing there."""
    ids = [book.form(name).model_id for name in FORMS[chapter] if not book.form(name).children]
    send(book, kind="build", forms=ids, chapter=chapter, step="")


def built(book: Workbook) -> set[str]:
    """The forms that exist, those to read left out: they are there before anybody is."""
    return {name for name in FormSet.NAMES if book.form(name).children}


def test_after_unlocking_there_is_the_guide_wherever_the_page_opens(couple):
    book = open_page(couple, Seat.A)

    assert built(book) == {"player"}
    assert book.form(COVER).children == ()
    assert all(book.form(name).children for name in ALWAYS)


@pytest.mark.parametrize("chapter", ["limits", "touch"])
def test_a_page_that_was_opened_at_a_chapter_has_its_forms(couple, chapter):
    book = open_page(couple, Seat.A, chapter)

    assert built(book) == {*FORMS[chapter], "player"} & FormSet.NAMES


def test_a_page_opens_with_the_forms_of_the_step_where_the_evening_is(lived):
    book = open_page(lived, Seat.A)

    assert built(book) == {"again", "player"}


def test_a_chapter_gets_its_forms_when_it_is_turned_to_and_the_next_one_form_by_form(couple):
    book = open_page(couple, Seat.A)

    turn(book, "intentions")
    assert built(book) == {"player", *FORMS["intentions"]} & FormSet.NAMES
    before = book.form("intentions").children

    send(book, kind="build", forms=[book.form("coverage").model_id], chapter="intentions", step="")

    assert built(book) == {"player", "coverage", *FORMS["intentions"]} & FormSet.NAMES
    turn(book, "intentions")
    assert book.form("intentions").children == before


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "build", "forms": ["nobody's", 3, None], "chapter": "", "step": ""},
        {"kind": "build", "forms": "limits", "chapter": "", "step": ""},
        {"kind": "build", "forms": ["limits"], "chapter": 3, "step": ""},
        {"kind": "build"},
        {"kind": "places", "chapters": [], "chapter": "", "step": ""},
    ],
)
def test_what_no_place_is_called_builds_nothing(couple, message):
    book = open_page(couple, Seat.A)
    before = built(book)

    send(book, **message)

    assert built(book) == before


def test_nothing_private_is_built_for_a_page_that_nobody_has_unlocked(couple):
    book = couple.locked(app=True)

    send(book, kind="build", forms=[book.form("limits").model_id], chapter="limits", step="")

    assert book.form("limits").children == ()


def test_a_page_that_says_nothing_of_places_gets_every_form(couple):
    book = couple.open(Seat.A, app=True)

    assert built(book) == {name for name in FormSet.NAMES if name in book._places.by_name}


def test_one_form_that_fails_takes_no_other_with_it(couple, said, monkeypatch):
    book = open_page(couple, Seat.A)
    monkeypatch.setitem(_CARD_FORMS, "signals", lambda *_: 1 // 0)

    turn(book, "limits")

    assert "limits" in built(book)
    assert "signals" not in built(book)
    assert ("show_notice", SAY("errors.Unexpected")) in said


def test_a_late_form_shows_what_was_saved_before_it_was_there(couple):
    early, late = open_page(couple, Seat.A), open_page(couple, Seat.A)
    turn(early, "touch")
    tell(early, "time", minutes="20")
    turn(early, "limits")
    tell(early, "signals", silent="many_taps")
    write(early, "signals", "lantern")

    late.controller.catch_up()
    turn(late, "touch")
    turn(late, "limits")

    assert '"minutes": "20"' in shown(late, "time")
    assert "lantern" in shown(late, "signals")


def test_a_share_is_kept_up_to_date_also_where_its_form_is_not_built(couple, both_ready):
    """Robin's page was opened again, at another chapter than *Tonight*."""
    evening = both_ready.controller._evening
    book = open_page(couple, Seat.B, "intentions")
    assert Seat.B in book.controller.snapshot.shares
    assert "ready" not in built(book)

    press(book, "role", "private_open")
    give(book, "role", couple.secrets[Seat.B])
    tell(book, "role", role=None)

    assert book.controller._evening == evening
    share = book.controller.snapshot.shares.get(Seat.B)
    assert share is None or not share.tonight


def test_what_both_wished_for_afterwards_is_there_for_a_form_that_comes_later(couple, agreed):
    book = open_page(couple, Seat.B, "tonight")
    finish(book)
    turn(book, "intentions")
    tell(book, "consent", free="no")  # the proposal is gone; what was agreed on is not

    turn(book, "afterwards")

    assert "A few minutes lying still, covered" in shown(book, "soft_landing")


def test_how_far_a_chapter_is_needs_none_of_its_forms(couple):
    marks = open_page(couple, Seat.A).page.chapters
    couple.leave(couple.open(Seat.A))

    assert marks == couple.open(Seat.A).page.chapters


def test_locking_empties_every_place_but_help(couple):
    book = open_page(couple, Seat.A)
    for chapter in FORMS:
        turn(book, chapter)

    book._empty()

    full = {name for name, place in book._places.by_name.items() if place.children}
    assert full == {"resources", "learn"}
    assert "Kim" not in states()


def test_a_covered_page_has_its_chapter_again_when_its_code_is_typed(couple):
    book = open_page(couple, Seat.A, "welcome")
    press(book, "people", "pin_new")
    secret(book, "people")._on_message(None, {"kind": "secret", "value": PIN}, [])
    turn(book, "touch")

    assert book._lock_screen()
    assert not built(book)
    assert book.form("resources").children
    secret(book, COVER)._on_message(None, {"kind": "secret", "value": PIN}, [])

    assert built(book) == {*FORMS["touch"], "player"} & FormSet.NAMES


def secret(book, name):
    return next(each for each in inside(book.form(name)) if isinstance(each, Secret))


# While both look at the page ------------------------------------------------------------------


@pytest.fixture
def together(couple, both_ready):
    """Kim's page at *Limits*, once both are ready."""
    return open_page(couple, Seat.A, "limits")


def is_away(book, name):
    return any(isinstance(each, PrivateForm) for each in book.form(name).children)


def give(book, name, value):
    inside(book.form(name))[-1]._on_message(None, {"kind": "secret", "value": value}, [])


def test_private_answers_are_put_away_once_both_are_ready_and_come_back_with_ready(together):
    book = together
    assert is_away(book, "limits")
    assert '"open"' not in shown(book, "limits").lower()
    assert not is_away(book, "signals")

    book.controller.take_back()

    assert not is_away(book, "limits")
    turn(book, "tonight")
    press(book, "ready", "ready")
    assert is_away(book, "limits")
    assert is_away(book, "ready")


def test_only_their_owners_passphrase_or_short_code_shows_them_again(together, couple):
    book = together
    turn(book, "intentions")
    press(book, "limits", "private_open")

    give(book, "limits", couple.secrets[Seat.B])
    assert is_away(book, "limits")
    assert SAY("errors.WrongPassphrase") in shown(book, "limits")
    give(book, "limits", couple.secrets[Seat.A])

    assert not is_away(book, "limits")
    assert built(book) >= {"intentions", "consent"}
    send(book, kind="build", forms=[], chapter="", step="sit")
    assert is_away(book, "intentions")
    book._set_pin(PIN)
    turn(book, "intentions")
    press(book, "intentions", "private_open")
    give(book, "intentions", PIN)
    assert not is_away(book, "intentions")


# What is sent ------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch, no_page):
    """The states that were sent for new widgets, in order; a page is there to send them to."""
    monkeypatch.setattr(Widget, "open", OPEN)
    sent = []
    plain = comm.create_comm

    def create(*args, **how):
        if "state" in (how.get("data") or {}):
            sent.append(how["data"]["state"])
        return plain(*args, **how)

    monkeypatch.setattr(comm, "create_comm", create)
    return sent


def test_no_widget_brings_the_code_that_the_page_has(opened, couple):
    book = open_page(couple, Seat.A)
    turn(book, "intentions")
    ours = opened[-20:]

    assert ours
    assert not [state for state in ours if {"_esm", "_css"} & set(state)]
    layouts = [state for state in ours if state["_model_name"] == "LayoutModel"]
    assert layouts
    assert not [value for state in layouts for value in state.values() if value is None]


def test_in_a_notebook_every_widget_brings_its_code(opened, couple):
    couple.open(Seat.A)

    assert [state for state in opened if state.get("_esm")]


def test_all_forms_that_a_later_evening_opens_with_are_small(opened, lived):
    """What goes over the line is about half as much again: each message says whose it is."""
    book = open_page(lived, Seat.A)
    turn(book, "afterwards")

    after = [state for state in opened if "_esm" not in state]
    assert sum(len(json.dumps(state, default=str)) for state in after) < 200_000

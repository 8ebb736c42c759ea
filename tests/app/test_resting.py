"""A page that nobody touches: it rests behind a short code, or closes."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tests.app.evening import (
    CHAPTERS,
    SAY,
    SECRETS,
    answer,
    buttons,
    happen,
    inside,
    shown,
    signals,
    states,
    tell,
    type_secret,
    write,
)
from workbook.app import polling
from workbook.app.polling import IDLE_LIMIT_MINUTES, IdleTimer
from workbook.app.workbook import COVER
from workbook.domain.errors import VaultLocked, WeakPassphrase
from workbook.domain.seats import Seat
from workbook.domain.session import Event
from workbook.domain.techniques import Coverage
from workbook.store.passphrase import Pin
from workbook.ui.widgets.secret import Secret

PIN = "4711"
LONG = IDLE_LIMIT_MINUTES * 60


@pytest.fixture
def wall(monkeypatch):
    """Seconds of the clock on the wall, to be set."""
    now = [1000.0]
    monkeypatch.setattr(polling, "wall_clock", lambda: now[0])
    return now


@pytest.fixture
def kim(couple, wall):
    """Kim at the screen; the page is asked whether somebody is there."""
    book = couple.open(Seat.A, CHAPTERS)
    book._idle._clock = lambda: wall[0]
    book._idle.start()
    return book


def seen(book, idle=0.0):
    book.page._on_message(book.page, {"kind": "ping", "n": 2, "idle": idle}, [])


def secret(book, name):
    return next(each for each in inside(book.form(name)) if isinstance(each, Secret))


def say(book, name, value):
    field = secret(book, name)
    field._on_message(field, {"kind": "secret", "value": value}, [])
    return field


def choose(book, code=PIN):
    buttons(book, "people")[SAY("forms.pin_new")].click()
    return say(book, "people", code)


def leave_alone(book, wall):
    wall[0] += LONG
    seen(book, idle=LONG)


def test_a_page_that_nobody_touches_closes(kim, wall, said):
    lane = kim.controller.vault
    seen(kim)
    wall[0] += LONG - 1
    seen(kim, idle=LONG - 1)
    assert kim.controller is not None

    wall[0] += 1
    seen(kim, idle=LONG)

    assert kim.controller is None
    with pytest.raises(VaultLocked):
        lane.keys  # noqa: B018
    assert SAY("cover.locked") in shown(kim, COVER)


def test_in_the_app_the_kernel_of_such_a_page_ends(couple, wall, monkeypatch, said):
    ended = []
    book = couple.open(Seat.A, CHAPTERS, app=True)
    book._idle._clock = lambda: wall[0]
    book._idle.start()
    monkeypatch.setattr(
        asyncio,
        "get_event_loop",
        lambda: SimpleNamespace(call_later=lambda *what: ended.append(what)),
    )

    leave_alone(book, wall)

    assert ("end", SAY("cover.rest_title")) in said
    assert len(ended) == 1


def test_a_touch_begins_the_wait_anew(kim, wall):
    wall[0] += LONG - 1
    seen(kim, idle=3.0)

    wall[0] += LONG - 4
    seen(kim, idle=LONG - 1)

    assert kim.controller is not None


def test_a_page_that_was_away_for_long_rests_although_it_was_just_touched(kim, wall):
    wall[0] += LONG + 60

    seen(kim, idle=0.0)

    assert kim.controller is None


def test_never_while_hands_are_on_somebody(agreed, wall):
    agreed._idle._clock = lambda: wall[0]
    agreed._idle.start()
    happen(agreed, Event.START)
    leave_alone(agreed, wall)
    assert agreed.controller is not None

    happen(agreed, Event.STOP)
    seen(agreed, idle=LONG)

    assert agreed.controller is None


def test_with_a_short_code_the_page_is_covered_and_holds_no_answer(kim, wall):
    answer(kim, gives=True)
    write(kim, "intentions", "heronlilac")
    signals(kim)
    choose(kim)

    leave_alone(kim, wall)

    held = states()
    assert not [w for w in ("heronlilac", "Kim", "Robin", "lantern", PIN) if w in held]
    assert SAY("cover.resting") in shown(kim, COVER)
    assert kim.page.seat is None
    assert kim.page.chapters == {}


def test_the_short_code_brings_the_page_back_as_it_was(kim, wall):
    tell(kim, "coverage", coverage="towel")
    choose(kim)
    leave_alone(kim, wall)

    say(kim, COVER, PIN)

    assert kim.page.seat["name"] == "Kim"
    assert kim.form("coverage").children[0].value is Coverage.TOWEL
    assert all(kim.form(name).children for name in CHAPTERS)
    leave_alone(kim, wall)  # and it holds for the next time
    assert SAY("cover.resting") in shown(kim, COVER)


def test_nothing_is_saved_while_the_page_rests(kim, wall, couple):
    choose(kim)
    old = kim.form("coverage").children[0]
    leave_alone(kim, wall)

    old._question_group.answers = {"coverage": "towel"}

    other = couple.open(Seat.A, CHAPTERS)
    assert other.form("coverage").children[0].value is None


def test_five_wrong_codes_and_only_the_passphrase_opens(kim, wall, said):
    choose(kim)
    lane = kim.controller.vault
    leave_alone(kim, wall)

    for left in (4, 3, 2):
        assert say(kim, COVER, "0000").said["text"] == SAY("cover.pin_wrong", left=left)
    assert say(kim, COVER, "0000").said["text"] == SAY("cover.pin_wrong", left=1)
    say(kim, COVER, "0000")

    assert not lane.open
    assert SAY("cover.locked") in shown(kim, COVER)
    say(kim, COVER, PIN)
    assert kim.controller is None
    type_secret(kim, SECRETS[Seat.A])
    assert kim.page.seat["name"] == "Kim"


def test_a_resting_page_can_be_closed_for_the_passphrase(kim, wall):
    choose(kim)
    lane = kim.controller.vault
    leave_alone(kim, wall)

    buttons(kim, COVER)[SAY("cover.pin_instead")].click()

    assert not lane.open
    type_secret(kim, SECRETS[Seat.B])
    assert kim.page.seat["name"] == "Robin"
    leave_alone(kim, wall)
    assert SAY("cover.locked") in shown(kim, COVER)  # Kim's code is not Robin's


def test_the_code_is_in_no_widget_and_in_no_file(kim, couple):
    field = choose(kim, "heron4711")

    assert "heron4711" not in states() + repr(kim._pin) + str(vars(kim._pin))
    assert not [f for f in couple.folder.iterdir() if b"heron4711" in f.read_bytes()]
    assert field.brief
    assert SAY("forms.pin_set") in shown(kim, "people")


def test_a_code_that_is_too_short_is_not_taken(kim):
    field = choose(kim, " 12 ")

    assert field.said["text"] == SAY("forms.pin_short", least=4)
    assert kim._pin is None


def test_a_short_code_is_typed_on_any_keyboard_and_counts_its_tries():
    with pytest.raises(WeakPassphrase):
        Pin("123")
    pin = Pin("Bräu")

    assert pin.matches(" Bra\u0308u ")
    for _ in range(4):
        assert not pin.matches("else")
    assert pin.left == 1
    assert pin.matches("Bräu")
    assert pin.left == Pin.TRIES
    for _ in range(7):
        pin.matches("else")
    assert pin.left == 0
    assert not pin.matches("Bräu")


class Loop:
    def __init__(self):
        self.calls = []

    def call_later(self, wait, call):
        self.calls.append((wait, call))


def test_a_hidden_page_rests_as_well(monkeypatch):
    loop, now, rested = Loop(), [0.0], []
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    idle = IdleTimer(lambda: rested.append(now[0]) is None, lambda: now[0])
    idle.start()
    idle.note_ping(0.0)
    idle.note_ping(0.0)
    assert [wait for wait, _ in loop.calls] == [IdleTimer.RETRY_INTERVAL_S]

    while loop.calls:  # the page asks no more
        now[0] += IdleTimer.RETRY_INTERVAL_S
        loop.calls.pop()[1]()

    assert rested == [LONG]
    idle.note_ping(0.0)
    assert not loop.calls  # there is nothing to guard


def test_what_cannot_rest_yet_is_asked_again(monkeypatch):
    loop, now, may = Loop(), [0.0], [False]
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    idle = IdleTimer(lambda: may[0], lambda: now[0])
    idle.start()
    idle.note_ping(0.0)
    now[0] = LONG + 1.0
    loop.calls.pop()[1]()
    assert loop.calls

    may[0] = True
    loop.calls.pop()[1]()

    assert not loop.calls

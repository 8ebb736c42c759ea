"""News reaches hands: whatever shrinks a share on one page is heard by the guide of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.evening import PEOPLE, SAY, TABLES, happen, keep, press, shown, tell, value_of
from tests.app.test_pad import (  # noqa: F401 - fixtures
    both,
    clock,
    guide,
    is_pad,
    kim,
    lead,
    robin,
    run,
    seen,
    told,
)
from tests.marks import long_after
from workbook.domain.areas import AreaMark
from workbook.domain.health import ReportedCondition
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, SessionEnd
from workbook.domain.techniques import Coverage, GentlerChoice, Position
from workbook.store import plans, sessions
from workbook.ui.forms.player import describe_tightening


def change(topic, **more):
    """Answer one topic anew, on the own page."""

    def act(book):
        keep(book, topic, replace(value_of(book, topic), **more))

    return act


def close(area, side):
    """Close an area for receiving or giving."""

    def act(book):
        said = value_of(book, "limits")
        marks = dict(getattr(said, side))
        marks |= dict.fromkeys(TABLES.areas[area].parts, AreaMark.NOT_TONIGHT)
        keep(book, "limits", replace(said, **{side: marks}))

    return act


def report(book, **ticked):
    said = value_of(book, "health")
    keep(book, "health", replace(said, ticked={**said.ticked, **ticked}))


def withdraw(book):
    press(book, "agreement", "withdraw", name=PEOPLE.at(book.controller.vault.seat).name)


ENDS = {
    "yes taken back": (withdraw, SessionEnd.LAPSED),
    "no free yes": (lambda book: tell(book, "consent", free="no"), SessionEnd.LAPSED),
    "not sure": (lambda book: tell(book, "consent", free="not_sure"), SessionEnd.LAPSED),
    "urgent": (lambda book: report(book, acute_alarm=ReportedCondition()), SessionEnd.LAPSED),
    "ready back": (lambda book: press(book, "ready", "ready_back"), SessionEnd.LAPSED),
    "coverage": (lambda book: keep(book, "coverage", Coverage.CLOTHED), SessionEnd.CHANGED),
    "position": (
        change(
            "techniques",
            gentler=frozenset({GentlerChoice.SEATED}),
            positions_out=frozenset(Position),
        ),
        SessionEnd.CHANGED,
    ),
    "no one to give or receive": (change("time", willing=frozenset()), SessionEnd.LAPSED),
}
TIGHTENED = {
    Seat.A: {
        "hands that are sore": lambda book: tell(book, "hands", giver=["hands_sore"]),
        "comfort of the giver": change("pressure", giving=Level.LOTION),
        "place not given": close("shoulder_tops", "giving"),
        "minutes of giving": change("time", minutes_giving=5),
        "touch": change("techniques", giving=frozenset({"HOLD"}), asked_apart=True),
    },
    Seat.B: {
        "ceiling": change("pressure", overall=Level.LOTION),
        "place": close("shoulder_tops", "receiving"),
        "bruise": lambda book: report(
            book, bruise=ReportedCondition(where=frozenset({"shoulder_tops.left"}))
        ),
        "minutes of receiving": change("time", minutes_receiving=5),
        "touch": change("techniques", techniques=frozenset({"HOLD"})),
    },
}
MORE = {
    Seat.A: change("time", minutes_giving=30),
    Seat.B: change("time", minutes_receiving=30),
}


def last_signal(heard):
    return [each for each in heard if each["kind"] == "signal"][-1]


def record(book):
    page = book.controller
    return sessions.latest_session(page.vault, page._evening).saved.value


IN_TURN = [(what, list(Seat)[place % 2]) for place, what in enumerate(ENDS)]


@pytest.mark.parametrize(
    ("what", "seat"),
    long_after(len(ENDS), [*IN_TURN, *((what, seat.other) for what, seat in IN_TURN)]),
)
def test_what_ends_a_yes_stills_the_hands_and_both_pages_say_the_same(kim, robin, said, seat, what):  # noqa: F811
    act, ended = ENDS[what]
    heard = lead(kim)
    both(kim, robin)
    assert is_pad(robin)
    del said[:]

    act(kim if seat is Seat.A else robin)
    seen(kim, robin)
    seen(kim, robin)

    assert run(kim).phase is Phase.STOPPED
    assert record(kim).ended is ended
    assert last_signal(heard) == {"kind": "signal", "signal": "stop", "ended": ended.value}
    assert guide(robin)._pad.phase == "stopped"
    assert guide(robin)._pad.ended == ended.value
    line = f"{SAY(f'player.{ended}_title')} {SAY(f'player.{ended}_text')}"
    assert said.count(("show_notice", line)) == 2  # once on each page, word for word the same
    assert not any(PEOPLE.at(each).name in line for each in Seat)


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_guide_that_begins_as_the_yes_is_taken_back_stops_and_stays_on_the_screen(
    kim,  # noqa: F811
    robin,  # noqa: F811
    monkeypatch,
    is_heard,
):
    """Between Begin in the browser and its being written there is time for the partner."""
    heard = []
    guide(kim)._player.send = lambda content, *_: heard.append(content)
    if is_heard:  # it is written first, and taken back before the page reads it again
        refresh = kim.controller.refresh

        def take_back_first():
            monkeypatch.undo()
            press(robin, "ready", "ready_back")
            return refresh()

        monkeypatch.setattr(kim.controller, "refresh", take_back_first)
    else:
        press(robin, "ready", "ready_back")

    told(kim, "event", event="start")
    told(kim, "at", phase="running", elapsed=0.0)
    seen(kim, robin)

    assert last_signal(heard) == {"kind": "signal", "signal": "stop", "ended": "lapsed"}
    assert guide(kim)._player in guide(kim).children  # its end stays until somebody looks up
    assert not kim.controller.is_under_way()


def test_a_guide_whose_evening_was_stopped_unheard_stops_with_its_next_report(kim, robin):  # noqa: F811
    heard = lead(kim)
    happen(robin, Event.STOP)

    told(kim, "at", phase="running", elapsed=10.0)

    assert last_signal(heard)["signal"] == "stop"


OFTEN = [
    *(("place", Seat.B), ("ceiling", Seat.B), ("touch", Seat.A)),
    *(("hands that are sore", Seat.A), ("minutes of receiving", Seat.B)),
]
LESS = [(what, seat) for seat, acts in TIGHTENED.items() for what in acts]


@pytest.mark.parametrize(
    ("what", "seat"),
    long_after(len(OFTEN), [*OFTEN, *(each for each in LESS if each not in OFTEN)]),
)
def test_less_is_taken_over_while_hands_are_still(kim, robin, seat, what):  # noqa: F811
    heard = lead(kim)
    told(kim, "at", phase="running", elapsed=100.0)
    both(kim, robin)
    before = kim.controller.view.guide
    count = len(heard)

    TIGHTENED[seat][what](kim if seat is Seat.A else robin)
    seen(kim, robin)
    seen(kim, robin)

    now = kim.controller.view.guide
    assert run(kim).phase is Phase.PAUSED
    assert record(kim).plan == now.plan_hash != before.plan_hash
    assert now.plan.tightened_from == before.plan_hash
    news = [each for each in heard[count:] if each["kind"] == "tighten"]
    assert news
    assert news[-1]["plan"]["id"] == now.plan_hash
    assert news[-1]["line"] == describe_tightening(kim.controller.context, before.plan, now.plan)
    ahead = now.plan.steps[run(kim).step :]
    was = {part for step in before.plan.steps for part in step.parts}
    assert {part for step in ahead for part in step.parts} <= was
    assert max(step.level for step in ahead) <= max(step.level for step in before.plan.steps)
    assert now.plan.seconds <= before.plan.seconds
    kept = plans.read_plan(
        kim.controller.vault, kim.controller._evening, kim.controller.view.guide.plan_hash
    )
    assert kept == now.plan  # what a reload shows, and the journal tells

    told(kim, "event", event="go_on")
    assert run(kim).phase is Phase.RUNNING


@pytest.mark.parametrize("seat", Seat)
def test_what_is_allowed_more_changes_nothing_until_the_turn_is_over(kim, robin, seat):  # noqa: F811
    heard = lead(kim)
    both(kim, robin)
    before, count = record(kim), len(heard)

    MORE[seat](kim if seat is Seat.A else robin)
    both(kim, robin)

    assert record(kim).plan == before.plan
    assert run(kim).phase is Phase.RUNNING
    assert not [each for each in heard[count:] if each["kind"] in ("signal", "tighten", "cap")]
    happen(kim, Event.STOP)
    both(kim, robin)
    mover = kim if seat is Seat.A else robin
    assert not mover.controller.view.ready.has_handed_in  # it waits for its owner's *Ready*


def test_a_word_of_a_page_that_still_plays_the_old_plan_lets_nothing_go_on(kim, robin):  # noqa: F811
    lead(kim)
    both(kim, robin)
    TIGHTENED[Seat.B]["place"](robin)  # and before the guide has heard of it:

    told(kim, "event", event="go_on")
    told(kim, "at", phase="running", elapsed=500.0)

    assert run(kim).phase is Phase.PAUSED
    cap = run(kim).cap
    told(kim, "event", event="softer")  # what lowers counts all the same
    assert run(kim).cap < cap
    told(kim, "event", event="stop")
    assert run(kim).phase is Phase.STOPPED


def test_after_a_stop_both_may_say_yes_to_the_same_plan_and_begin_again(kim, robin):  # noqa: F811
    lead(kim)
    both(kim, robin)
    first = record(kim).plan
    happen(kim, Event.STOP)
    both(kim, robin)
    guide(kim)._guide_left()
    assert not kim.controller.view.guide.is_agreed

    for book, seat in ((kim, Seat.A), (robin, Seat.B)):
        press(book, "agreement", "affirm", name=PEOPLE.at(seat).name)
        both(kim, robin)

    assert kim.controller.view.guide.is_agreed
    assert guide(kim)._player.plan["run"] == 1
    lead(kim)
    assert run(kim).phase is Phase.RUNNING
    assert record(kim).plan == first


def test_each_yes_is_pressed_on_its_owners_page_where_that_is_open(kim, robin, clock):  # noqa: F811
    press(kim, "agreement", "withdraw", name="Kim")
    for _ in range(4):
        clock.now += 3
        seen(kim, robin)

    assert kim.controller.view.proposal.partner_is_open
    text = shown(kim, "agreement")
    assert SAY("forms.affirm_there", name="Robin") in text
    kim.controller.affirm(Seat.B)
    assert not kim.controller.view.proposal.affirmed

    clock.now += 60  # Robin's page was closed
    seen(kim)
    assert not kim.controller.view.proposal.partner_is_open
    kim.controller.affirm(Seat.B)
    assert kim.controller.view.proposal.affirmed == {Seat.B}

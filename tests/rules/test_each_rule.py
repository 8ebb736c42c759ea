"""Consent, in-session and gate rules, one by one: each is shown to hold, by its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sessions import current_level
from tests.strategies import NOW, TABLES, TODAY, open_answers
from workbook.content.guidance import load_guidance
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import AgreementEvent, AgreementKind, ConsentAnswers, FreeYes, Standing
from workbook.domain.evening import EveningQuestion
from workbook.domain.health import HealthAnswers, ReportedCondition
from workbook.domain.plan import ForWhom, Turn
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.domain.tables import GuideAction
from workbook.domain.techniques import TechniqueAnswers
from workbook.rules.consent import standing
from workbook.rules.evening import evaluate_evening
from workbook.rules.plan import plan_hash
from workbook.rules.session import (
    advance,
    begin_session,
    make_script,
    pass_time,
)

OPEN = open_answers()
TURN = Turn(Seat.A, 20)


def plan_of(giver=OPEN, receiver=OPEN, turn=TURN):
    return (
        evaluate_evening(EveningQuestion(NOW, {Seat.A: giver, Seat.B: receiver}, (turn,)), TABLES)
        .turns[0]
        .plan
    )


def parts(plan):
    return {part for step in plan.steps for part in step.parts}


PLAN = plan_of()
NAME = plan_hash(PLAN)
BOTH = tuple(AgreementEvent(AgreementKind.AFFIRMED, seat, NAME, TODAY) for seat in Seat)


def without_a_free_yes():
    for free in (FreeYes.NO, FreeYes.NOT_SURE, None):
        not_free = open_answers(consent=ConsentAnswers(free, adult=True))
        assert not plan_of(receiver=not_free).steps
        assert not plan_of(giver=not_free).steps


def a_yes_is_taken_back():
    for seat in Seat:
        taken = (*BOTH, AgreementEvent(AgreementKind.WITHDRAWN, seat, NAME, TODAY))
        assert standing(BOTH, NAME, NOW) is Standing.STANDS
        assert standing(taken, NAME, NOW) is not Standing.STANDS
    assert standing(BOTH, NAME, NOW + timedelta(days=1)) is not Standing.STANDS


def a_yes_is_about_one_exact_plan():
    shorter = plan_of(turn=Turn(Seat.A, 10))
    assert standing(BOTH, plan_hash(shorter), NOW) is not Standing.STANDS


def maybe_is_not_tonight():
    for mark in (AreaMark.NOT_TONIGHT, AreaMark.ANOTHER_EVENING):
        marks = {**OPEN.limits.receiving, "mid_back.left": mark}
        maybe = open_answers(limits=AreaAnswers(marks, OPEN.limits.giving))
        assert "mid_back.left" in parts(PLAN)
        assert "mid_back.left" not in parts(plan_of(receiver=maybe))


def a_yes_to_one_touch_is_that_touch():
    gliding = replace(OPEN.techniques, techniques=frozenset({"HOLD", "EFF"}))
    plan = plan_of(receiver=open_answers(techniques=gliding))
    assert {step.technique for step in PLAN.steps} > {"HOLD", "EFF"}
    assert {step.technique for step in plan.steps} == {"HOLD", "EFF"}


def hands_go_where_both_said_yes():
    closed = {p: m for p, m in OPEN.limits.giving.items() if not p.startswith("low_back")}
    giver = open_answers(limits=AreaAnswers(OPEN.limits.receiving, closed))
    receiver = open_answers(limits=AreaAnswers(closed, OPEN.limits.giving))
    assert "low_back.left" in parts(PLAN)
    assert plan_of(giver=giver) == plan_of(receiver=receiver)
    assert not any(part.startswith("low_back") for part in parts(plan_of(giver=giver)))


def nothing_begins_without_an_agreement():
    assert begin_session(PLAN).phase is Phase.READY
    assert standing(BOTH[:1], NAME, NOW) is Standing.ONE


def impaired_is_not_tonight():
    tipsy = open_answers(
        health=replace(OPEN.health, ticked={"intoxicated": ReportedCondition()}),
    )
    assert not plan_of(receiver=tipsy).steps
    assert not plan_of(giver=tipsy).steps


def an_earlier_yes_is_none():
    before = tuple(replace(event, on=TODAY - timedelta(days=7)) for event in BOTH)
    assert standing(before, NAME, NOW) is not Standing.STANDS


def whom_it_is_for_never_widens():
    mine = plan_of(turn=replace(TURN, for_whom=ForWhom.FOR_ME))
    assert [replace(step) for step in mine.steps] == list(PLAN.steps)


def questions_offer_choices():
    during = ("Q-06", "Q-07", "Q-11", "Q-13", "Q-14", "Q-15", "Q-19", "Q-23")
    assert all(len(TABLES.prompts[each].answers) >= 2 for each in during)
    assert TABLES.prompts["Q-06"].answers[0] == "lighter"


CONSENT = {
    "K-01": without_a_free_yes,
    "K-02": a_yes_is_taken_back,
    "K-03": a_yes_is_about_one_exact_plan,
    "K-04": maybe_is_not_tonight,
    "K-05": a_yes_to_one_touch_is_that_touch,
    "K-06": hands_go_where_both_said_yes,
    "K-07": nothing_begins_without_an_agreement,
    "K-09": impaired_is_not_tonight,
    "K-10": an_earlier_yes_is_none,
    "K-12": whom_it_is_for_never_widens,
    "K-13": questions_offer_choices,
}
TOLD = {"K-08", "K-11"}
"""Rules that nothing can decide: the colours people may use, and that all touch counts."""


@pytest.mark.parametrize("rule", CONSENT)
def test_a_rule_of_consent_holds(rule):
    CONSENT[rule]()


def test_every_rule_of_consent_is_shown_to_hold_or_told():
    assert CONSENT.keys() | TOLD == {row.id for row in load_guidance().consent}


# In-session


REACTIONS = {
    "T-01": GuideAction.STOP,
    "T-02": GuideAction.PAUSE,
    "T-03": GuideAction.SOFTER,
    "T-04": GuideAction.PAUSE,
    "T-05": GuideAction.LEAVE,
    "T-06": GuideAction.SOFTER,
    "T-07": GuideAction.LEAVE,
    "T-08": GuideAction.STOP,
    "T-09": GuideAction.STOP,
    "T-10": GuideAction.PAUSE,
    "T-11": GuideAction.STOP,
    "T-12": GuideAction.STOP,
    "T-13": GuideAction.PAUSE,
    "T-14": GuideAction.PAUSE,
}
EVENTS = {
    GuideAction.STOP: Event.STOP,
    GuideAction.PAUSE: Event.PAUSE,
    GuideAction.SOFTER: Event.SOFTER,
    GuideAction.LEAVE: Event.LEAVE,
}


def test_every_reaction_does_what_the_facts_ask_for():
    assert {row.id: row.does for row in TABLES.reactions} == REACTIONS


@pytest.mark.parametrize("row", TABLES.reactions, ids=lambda row: row.id)
def test_a_reaction_leaves_hands_still_lighter_or_elsewhere(row):
    script = make_script(PLAN, TABLES)
    running = advance(begin_session(script), Event.START, script)
    while current_level(running, script) < 2:
        running, _ = pass_time(running, 1, script)
        running = advance(running, Event.YES, script)
    here = script.steps[running.step].parts

    after, _ = pass_time(advance(running, EVENTS[row.does], script), 0, script)

    assert after.cap <= running.cap
    match row.does:
        case GuideAction.SOFTER:
            assert after.cap < current_level(running, script)
        case GuideAction.LEAVE:
            assert after.step > running.step
            assert set(here) <= set(after.left_alone)
        case _:
            assert current_level(after, script) == 0
            assert after.phase is (Phase.STOPPED if row.does is GuideAction.STOP else Phase.PAUSED)


def test_what_is_dangerous_and_sleep_end_it_and_nothing_else_does():
    stops = {row.id for row in TABLES.reactions if row.does is GuideAction.STOP}

    assert stops == {"T-01", "T-08", "T-09", "T-11", "T-12"}


# Gates


def test_a_plan_needs_what_is_settled_before_it():
    blank = {
        "P1": {"limits": AreaAnswers()},
        "P2": {"health": HealthAnswers()},
        "P7": {"techniques": TechniqueAnswers()},
    }
    for gate, change in blank.items():
        assert not plan_of(receiver=open_answers(**change)).steps, gate

    untested = replace(OPEN.oils, tests={})
    assert plan_of(turn=replace(TURN, product="O-01")).product == "O-01"
    asked = plan_of(receiver=open_answers(oils=untested), turn=replace(TURN, product="O-01"))
    assert asked.product == "O-18", "P3"

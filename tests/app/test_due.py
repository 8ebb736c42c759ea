"""What an evening still has before it, by what is saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.test_view import TODAY, playing, saved, snapshot
from tests.strategies import TABLES
from workbook.app.due import find_other_turn, is_debrief_due, is_next_day_due
from workbook.domain.learning import Debrief, NextDay, Skin, Soreness
from workbook.domain.levels import Level
from workbook.domain.products import NO_PRODUCT
from workbook.domain.seats import Seat
from workbook.domain.session import Phase
from workbook.domain.techniques import Position

BOTH = tuple(Seat)
YESTERDAY = NextDay(TODAY - timedelta(days=1), touched={"feet": Level.LOTION})


@pytest.mark.parametrize(
    ("phase", "debrief", "is_due"),
    [
        (None, None, False),
        (Phase.RUNNING, None, False),
        (Phase.STOPPED, None, True),
        (Phase.STOPPED, Debrief(TODAY, thanks="Thank you."), True),
        (Phase.STOPPED, Debrief(TODAY, body=8), False),
        (Phase.STOPPED, Debrief(TODAY, note="slow"), False),
    ],
)
def test_a_debrief_is_due_after_a_session_until_something_but_thanks_is_said(
    phase, debrief, is_due
):
    played = playing(phase) if phase else ()
    now = snapshot(played=played, debrief=debrief and saved(debrief))

    assert is_debrief_due(now) is is_due


@pytest.mark.parametrize(
    ("day", "is_due"),
    [
        (None, False),
        (YESTERDAY, True),
        (replace(YESTERDAY, product="O-01"), True),
        (replace(YESTERDAY, skin=Skin.FINE), False),
        (replace(YESTERDAY, soreness=Soreness.NONE), False),
        (replace(YESTERDAY, glad=True), False),
        (replace(YESTERDAY, mood="light"), False),
        (replace(YESTERDAY, on=TODAY - timedelta(days=7)), True),
        (replace(YESTERDAY, on=TODAY - timedelta(days=8)), False),
    ],
)
def test_the_day_after_is_due_for_a_week_until_one_question_is_answered(day, is_due):
    assert is_next_day_due(snapshot(next_day=day), TABLES, TODAY) is is_due


def test_the_other_turn_is_the_same_the_other_way_round():
    (first,) = playing(Phase.FINISHED)
    now = snapshot(played=(first,))

    turn = find_other_turn(now, BOTH)

    assert turn is not None
    assert turn.giver is first.plan.turn.receiver
    assert turn.minutes == first.plan.turn.minutes
    assert turn.position is None  # another body lies there
    assert turn.product == first.plan.turn.product


def test_a_position_of_the_first_turn_is_not_the_others():
    (first,) = playing(Phase.FINISHED)
    lying = replace(first.plan.turn, position=Position.PRONE, product=NO_PRODUCT)
    now = snapshot(played=(replace(first, plan=replace(first.plan, turn=lying)),))

    assert find_other_turn(now, BOTH).position is None


@pytest.mark.parametrize("case", ["nothing played", "under way", "unwilling", "both have given"])
def test_the_other_turn_is_not_offered(case):
    (first,) = playing(Phase.FINISHED)
    turn = first.plan.turn
    back = replace(first, plan=replace(first.plan, turn=replace(turn, giver=turn.receiver)))
    plays = {
        "nothing played": (),
        "under way": playing(Phase.RUNNING),
        "both have given": (first, back),
    }
    givers = (turn.giver,) if case == "unwilling" else BOTH

    assert find_other_turn(snapshot(played=plays.get(case, (first,))), givers) is None

"""Another position in mid-massage: it only takes away."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_choreography import felt, limits_of_a_turn
from tests.rules.test_plan import OPEN, only, outcome_of, starts
from tests.rules.test_session import after
from tests.strategies import TABLES, games, said_events, turns
from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.plan import CueKind
from workbook.domain.session import Event, Phase
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of, is_reachable
from workbook.rules.plan import agreed_hash, make, plan_hash
from workbook.rules.positions import change_position, list_other_positions
from workbook.rules.session import make_script, pass_time

OUTCOME = outcome_of(OPEN, OPEN, 20, product="O-01", position=Position.PRONE)
PLAN, LIMITS = OUTCOME.plan, OUTCOME.limits


def begun(plan, *moves):
    return after(make_script(plan, TABLES), Event.START, *moves)


def moved(position, seconds=300, plan=PLAN, limits=LIMITS):
    return change_position(plan, begun(plan, seconds), position, limits, TABLES)


def rest_of(plan, seconds):
    return [step for at, step in starts(plan) if at >= seconds]


def test_in_a_chair_it_goes_on_where_it_was():
    found = moved(Position.CHAIR)

    assert found.plan.position is Position.CHAIR
    assert found.session.elapsed == 300
    assert found.session.phase is Phase.RUNNING
    assert {step.giver for step in rest_of(found.plan, 300)} == {"behind"}
    assert "sacrum_rest" not in {step.key for step in rest_of(found.plan, 300)}
    assert not [c for c in found.plan.cues if c.kind is CueKind.HEAD and c.at > 300]
    assert agreed_hash(found.plan) == plan_hash(PLAN)
    played = [step for at, step in starts(PLAN) if at + step.seconds <= 300]
    assert found.plan.steps[: len(played)] == tuple(played)


def test_on_the_side_the_rest_is_two_halves_with_one_turn():
    rest = rest_of(moved(Position.SIDE, 100).plan, 100)

    assert [step.key for step in rest].count("change_sides") == 1
    sides = [step.side for step in rest if step.side is not Side.MIDDLE]
    assert (sides[0], sides[-1]) == (Side.RIGHT, Side.LEFT)
    assert Side.BOTH not in sides


def test_on_the_side_the_rest_takes_no_longer_and_each_half_has_its_time():
    found = moved(Position.SIDE, 100).plan
    rest = rest_of(found, 100)
    at = [step.key for step in rest].index("change_sides")
    first, second = (sum(s.seconds for s in half) for half in (rest[:at], rest[at + 1 : -1]))

    assert found.seconds <= PLAN.seconds
    assert abs(first - second) <= 90
    assert found.seconds >= PLAN.seconds - 90


def test_what_cannot_be_reached_is_left_out_and_where_nothing_can_it_is_not_offered():
    outcome = outcome_of(
        OPEN, only("hands", "thigh_back"), 20, product="O-01", position=Position.PRONE
    )
    session = begun(outcome.plan, 61)

    found = change_position(outcome.plan, session, Position.BACK, outcome.limits, TABLES)

    assert {area_of(p) for step in rest_of(found.plan, 61) for p in step.parts} == {"hands"}
    assert moved(Position.BACK) is None
    offered = list_other_positions(outcome.plan, session, outcome.limits, TABLES)
    assert offered == (Position.CHAIR, Position.SIDE, Position.BACK)
    assert list_other_positions(PLAN, begun(PLAN, 300), LIMITS, TABLES) == offered[:2]


def test_the_present_position_and_one_that_is_not_possible_are_none():
    assert moved(Position.PRONE) is None
    assert moved(Position.CHAIR, limits=replace(LIMITS, positions=(Position.PRONE,))) is None


def test_a_plan_that_was_kept_before_says_no_place():
    old = replace(
        PLAN,
        steps=tuple(replace(step, stroke="", passes=0, giver="") for step in PLAN.steps),
    )

    for position in (Position.CHAIR, Position.SIDE):
        found = moved(position, plan=old)
        assert {(s.stroke, s.passes, s.giver) for s in found.plan.steps} == {("", 0, "")}


@pytest.mark.parametrize("position", [Position.CHAIR, Position.SIDE])
def test_it_runs_to_its_end(position):
    found = moved(position)
    script = make_script(found.plan, TABLES)

    last, _ = pass_time(found.session, found.plan.seconds, script)

    assert (last.phase, last.elapsed) == (Phase.FINISHED, found.plan.seconds)


@given(st.data(), limits_of_a_turn, turns, st.sampled_from(Position))
def test_another_position_only_takes_away(data, limits, turn, position):
    plan = make(limits, turn, TABLES)
    if not plan.steps:
        return
    quiet = tuple(event for event in said_events if event is not Event.STOP)
    script = make_script(plan, TABLES)
    session = after(script, Event.START, *data.draw(games(script, quiet)))
    if not session.is_live:
        return

    found = change_position(plan, session, position, limits, TABLES)

    if found is None:
        return
    played = round(session.elapsed)
    was, rest = felt(plan), rest_of(found.plan, played)
    assert sum(step.seconds for step in rest) == found.plan.seconds - played
    assert all(level <= was[part] for part, level in felt(found.plan).items())
    assert found.plan.seconds <= plan.seconds
    assert (found.plan.turn, found.plan.product, found.plan.coverage, found.plan.pace) == (
        plan.turn, plan.product, plan.coverage, plan.pace,
    )  # fmt: skip
    agreed = {step.technique for step in plan.steps}
    for step in rest:
        assert step.technique in agreed
        assert 0 < step.seconds <= 90
        assert all(step.level <= limits.levels[part] for part in step.parts)
        assert all(is_reachable(TABLES.areas[area_of(p)], position) for p in step.parts)
    assert (rest[-1].technique, rest[-1].level) == ("HOLD", Level.STILL)
    assert found.session.cap <= session.cap
    assert found.session.phase is session.phase
    if position is Position.SIDE:
        sides = [step.side for step in rest if step.side is not Side.MIDDLE]
        assert Side.BOTH not in sides
        assert sum(now is not later for now, later in pairwise(sides)) <= 1
        turned = sum(step.key == "change_sides" for step in rest)
        assert turned == (len(set(sides)) == 2)

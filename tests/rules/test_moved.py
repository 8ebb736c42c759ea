"""A running plan in another position, second by second: what exactly is left of it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest

from tests.rules.test_plan import OPEN, only, outcome_of, starts
from tests.rules.test_session import after
from tests.strategies import TABLES
from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.session import Event
from workbook.domain.techniques import Coverage, Position
from workbook.rules.areas import area_of
from workbook.rules.asking import plan_questions
from workbook.rules.plan import plan_cues
from workbook.rules.positions import change_position
from workbook.rules.session import make_script
from workbook.rules.strokes import choose_giver_place, count_passes
from workbook.rules.tightening import soften_step
from workbook.rules.touch import make_surface

OUTCOME = outcome_of(OPEN, OPEN, 20, product="O-01", position=Position.PRONE)
PLAN, LIMITS = OUTCOME.plan, OUTCOME.limits
ENDS = [at for at, _ in starts(PLAN)][1:]
TURN_S = int(TABLES.settings["turn_seconds"].default)


def move(position, seconds, plan=PLAN, limits=LIMITS):
    session = after(make_script(plan, TABLES), Event.START, seconds)
    return change_position(plan, session, position, limits, TABLES)


def coming(plan, seconds):
    return [step for at, step in starts(plan) if at >= seconds]


def fields(step):
    return (step.key, step.parts, step.side, step.technique, step.level, step.region)


@pytest.mark.parametrize("seconds", [0, 1, 61, ENDS[0], ENDS[3], ENDS[7] - 5, ENDS[12]])
def test_in_a_chair_each_step_that_needs_no_lying_stays_as_long_as_it_was(seconds):
    found = move(Position.CHAIR, seconds).plan
    left = {s.key for s in TABLES.steps if s.where == "lying"}
    expected, at = [], 0
    for step in PLAN.steps:
        ends = at + step.seconds
        if ends > seconds and step.key not in left and step.key != "change_sides":
            expected.append(replace(step, seconds=ends - max(at, seconds)))
        at = ends

    rest = coming(found, seconds)
    assert [(fields(s), s.seconds) for s in rest] == [(fields(s), s.seconds) for s in expected]
    assert {s.giver for s in rest} == {"behind"}
    assert [s.passes for s in rest] == [count_passes(s.stroke, s.seconds, TABLES) for s in rest]
    assert found.minutes == ceil(found.seconds / 60)


@pytest.mark.parametrize("seconds", [0, 61, ENDS[2], ENDS[5] + 3])
def test_on_the_side_what_is_on_both_sides_has_half_its_time_on_each(seconds):
    rest = coming(move(Position.SIDE, seconds).plan, seconds)
    keys = [step.key for step in rest]
    turn = keys.index("change_sides")
    first, second, close = rest[:turn], rest[turn + 1 : -1], rest[-1]
    was, at = [], 0
    for step in PLAN.steps:
        ends = at + step.seconds
        if ends > seconds:
            was.append(replace(step, seconds=ends - max(at, seconds)))
        at = ends

    def half(side):
        for step in was[:-1]:
            is_middle = step.side is Side.MIDDLE and side is Side.RIGHT
            if step.key == "change_sides" or not (step.side in (side, Side.BOTH) or is_middle):
                continue
            time = step.seconds // 2 if step.side is Side.BOTH else step.seconds
            if time >= 10:
                down = f".{Side.LEFT if side is Side.RIGHT else Side.RIGHT}"
                yield step.key, tuple(p for p in step.parts if not p.endswith(down)), time

    def listed(steps):
        return [(s.key, s.parts, s.seconds) for s in steps]

    assert listed(first) == list(half(Side.RIGHT))
    expected = list(half(Side.LEFT))
    longest = max(range(len(expected)), key=lambda n: expected[n][2])
    key, parts, time = expected[longest]
    expected[longest] = (key, parts, time - TURN_S)
    assert listed(second) == expected
    assert fields(rest[turn])[3:5] == ("HOLD", Level.STILL)
    assert (rest[turn].seconds, rest[turn].stroke) == (TURN_S, "still")
    assert rest[turn].parts[0] in {part for step in second for part in step.parts}
    assert (close.key, close.seconds) == ("close", PLAN.steps[-1].seconds)
    assert not [part for part in close.parts if part.endswith(".right")]
    assert {step.giver for step in rest} == {"behind_side"}


@pytest.mark.parametrize("position", [Position.CHAIR, Position.SIDE])
@pytest.mark.parametrize("seconds", [61, ENDS[4], ENDS[9] + 20])
def test_its_questions_and_rests_are_those_of_the_new_order(position, seconds):
    limits = replace(LIMITS, pauses=True)
    found = move(position, seconds, limits=limits).plan
    asked = after(make_script(PLAN, TABLES), Event.START, seconds).asked
    come = PLAN.check_ins[: asked + 1]
    planned = plan_questions(found.steps, limits, TABLES)
    cues = plan_cues(found.steps, position, TABLES, still=True)

    played = sum(s.seconds for at, s in starts(found) if at < seconds)
    assert found.check_ins == come + tuple(
        each
        for each in planned
        if each.at >= played and each.at not in {before.at for before in come}
    )
    assert found.cues == (
        *(cue for cue in PLAN.cues if cue.at <= played),
        *(cue for cue in cues if cue.at > played),
    )


def test_the_session_goes_on_at_its_second_with_nothing_asked():
    found = move(Position.CHAIR, ENDS[4] + 7)

    assert found.session.elapsed == ENDS[4] + 7
    assert (found.session.open, found.session.repeat) == (None, None)
    assert found.session.step == len([at for at, _ in starts(found.plan) if at < ENDS[4] + 7])
    assert found.session.cap is max(s.level for s in found.plan.steps[found.session.step :])


@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_where_one_side_is_open_there_is_no_turn(side):
    outcome = outcome_of(
        OPEN, only("shoulder_tops", "mid_back", side=(side,)), 20,
        product="O-01", position=Position.PRONE,
    )  # fmt: skip
    found = move(Position.SIDE, 61, outcome.plan, outcome.limits).plan
    rest = coming(found, 61)

    assert "change_sides" not in {step.key for step in rest}
    assert {part.partition(".")[2] for step in rest for part in step.parts} == {str(side)}
    kept = [step for step in outcome.plan.steps if step.key != "change_sides"]
    assert sum(s.seconds for s in rest) >= sum(s.seconds for s in kept) - 61 - TURN_S


def test_what_is_closed_meanwhile_is_left_out_there_too():
    closed = {part: level for part, level in LIMITS.levels.items() if area_of(part) != "low_back"}
    rest = coming(move(Position.CHAIR, 200, limits=replace(LIMITS, levels=closed)).plan, 200)

    assert rest
    assert "low_back" not in {area_of(part) for step in rest for part in step.parts}
    soft = dict.fromkeys(LIMITS.levels, Level.LOTION)
    gentle = coming(move(Position.SIDE, 200, limits=replace(LIMITS, levels=soft)).plan, 200)
    assert {step.level for step in gentle} <= {Level.STILL, Level.LOTION}


@pytest.mark.parametrize("spares", [True, False])
@pytest.mark.parametrize("coverage", [Coverage.CLOTHED, Coverage.TOWEL])
def test_hands_touch_as_they_did_before(spares, coverage):
    mine = replace(OPEN, coverage=coverage)
    outcome = outcome_of(OPEN, mine, 20, product="O-01", position=Position.PRONE)
    limits = replace(outcome.limits, spares_hands=spares)
    found = move(Position.CHAIR, 61, outcome.plan, limits).plan

    known = {(step.key, step.technique, step.stroke) for step in outcome.plan.steps}
    assert {(s.key, s.technique, s.stroke) for s in coming(found, 61)} <= known


@pytest.mark.parametrize("spares", [True, False])
@pytest.mark.parametrize(
    ("coverage", "product"),
    [(Coverage.CLOTHED, "O-18"), (Coverage.TOWEL, "O-18"), (Coverage.TOWEL, "O-01")],
)
def test_what_is_not_wanted_any_more_becomes_a_stroke_that_this_skin_and_these_hands_allow(
    spares, coverage, product
):
    outcome = outcome_of(
        OPEN, replace(OPEN, coverage=coverage), 20, product=product, position=Position.PRONE
    )
    techniques = frozenset(outcome.limits.techniques) - {"PET", "FRI", "COM"}
    limits = replace(outcome.limits, spares_hands=spares, techniques=techniques)
    found = move(Position.CHAIR, 61, outcome.plan, limits).plan

    surface = make_surface(coverage, product, sore=spares, tables=TABLES)
    agreed = frozenset(step.technique for step in outcome.plan.steps)
    assert {s.technique for s in coming(found, 61)} <= techniques
    for step in coming(found, 61)[:-1]:
        before = next(s for s in outcome.plan.steps if (s.key, s.region) == (step.key, step.region))
        softened = soften_step(replace(before, parts=step.parts), limits, agreed, surface)
        assert (step.technique, step.stroke) == (softened.technique, softened.stroke)


def test_in_the_last_step_it_is_too_late_for_another_position():
    last = ENDS[-1]

    assert move(Position.CHAIR, last + 5) is None
    assert move(Position.CHAIR, last - 5) is not None


@pytest.mark.parametrize("has_changed", [True, False])
def test_a_giver_who_changed_to_the_left_is_there_again_face_down(has_changed):
    turned = [step.key for step in PLAN.steps].index("change_sides")
    seconds = ENDS[turned + 1] if has_changed else ENDS[2]
    sat = move(Position.CHAIR, seconds)

    found = change_position(sat.plan, sat.session, Position.PRONE, LIMITS, TABLES)
    rest = coming(found.plan, seconds)

    assert [step.giver for step in rest] == [
        choose_giver_place(step, Position.PRONE, TABLES, left=has_changed) for step in rest
    ]
    assert any(step.giver.endswith("left") for step in rest) is has_changed

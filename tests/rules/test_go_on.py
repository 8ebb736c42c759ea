"""A session goes on in a plan that became tighter: at its second, past what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.test_plan import OPEN, outcome_of, starts
from tests.rules.test_session import after
from tests.strategies import TABLES
from workbook.domain.levels import Level
from workbook.domain.plan import CheckIn, Cue, CueKind
from workbook.domain.session import Event
from workbook.domain.techniques import Position
from workbook.rules.session import make_script
from workbook.rules.tightening import go_on_with

PLAN = outcome_of(OPEN, OPEN, 20, product="O-01", position=Position.PRONE).plan
BEGINS = [at for at, _ in starts(PLAN)]
LAST = len(PLAN.steps) - 1
PLAYED = PLAN.steps[:3]
NOW_S = BEGINS[3]


def session(**changes):
    return replace(after(make_script(PLAN, TABLES), Event.START, NOW_S), **changes)


def parts_of(*numbers):
    return tuple(part for number in numbers for part in PLAN.steps[number].parts)


def goes_on(tighter=PLAN, **changes):
    return go_on_with(PLAN, session(**changes), tighter, PLAYED)


def test_it_goes_on_at_the_end_of_what_was_played():
    found = goes_on().session

    assert (found.step, found.elapsed) == (3, NOW_S)


def test_steps_that_are_left_alone_as_a_whole_are_passed_over():
    here, later = PLAN.steps[3], PLAN.steps[LAST]
    plan = replace(PLAN, steps=(*PLAYED, here, here, later))
    alone = go_on_with(PLAN, session(left_alone=here.parts), plan, PLAYED).session
    some = go_on_with(PLAN, session(left_alone=here.parts[1:]), plan, PLAYED).session

    assert (alone.step, alone.elapsed) == (5, NOW_S + 2 * here.seconds)
    assert (some.step, some.elapsed) == (3, NOW_S)


def test_the_last_step_is_never_passed_over():
    found = goes_on(left_alone=parts_of(*range(len(PLAN.steps)))).session

    assert (found.step, found.elapsed) == (LAST, BEGINS[LAST])


@pytest.mark.parametrize(
    ("top", "cap", "expected"),
    [
        (Level.STILL, Level.MEDIUM, Level.LOTION),
        (Level.LOTION, Level.MEDIUM, Level.LOTION),
        (Level.SUNSCREEN, Level.MEDIUM, Level.SUNSCREEN),
        (Level.MEDIUM, Level.LOTION, Level.LOTION),
    ],
)
def test_its_cap_is_no_higher_than_what_is_left(top, cap, expected):
    rest = tuple(replace(step, level=min(step.level, top)) for step in PLAN.steps[3:])
    rest = (replace(rest[0], level=top), *rest[1:])

    found = goes_on(replace(PLAN, steps=(*PLAYED, *rest)), cap=cap).session

    assert found.cap is expected


def test_an_open_question_and_one_that_would_come_back_are_gone():
    asked = PLAN.check_ins[0]
    script = make_script(replace(PLAN, guarded=True), TABLES)
    waiting = after(script, Event.START, asked.at + 1)
    silent = after(script, Event.START, asked.at + 30)
    assert waiting.open is not None
    assert silent.repeat is not None

    for each in (waiting, silent):
        found = go_on_with(PLAN, each, PLAN, PLAN.steps[:1]).session
        assert (found.open, found.repeat) == (None, None)


def test_what_was_asked_stays_and_of_what_comes_each_second_asks_once():
    was = (CheckIn(1, "start"), CheckIn(NOW_S, "between"), CheckIn(NOW_S + 50, "between"))
    new = (CheckIn(5, "between"), CheckIn(NOW_S, "region"), CheckIn(NOW_S + 60, "region"))
    plan, tighter = replace(PLAN, check_ins=was), replace(PLAN, check_ins=new)

    one = go_on_with(plan, session(asked=0), tighter, PLAYED).plan.check_ins
    two = go_on_with(plan, session(asked=1), tighter, PLAYED).plan.check_ins

    assert one == (was[0], new[1], new[2])
    assert two == (was[0], was[1], new[2])


def test_rests_that_were_stay_and_later_ones_are_the_new_ones():
    def rest(at):
        return Cue(at, CueKind.REST)

    was = tuple(map(rest, (1, NOW_S, NOW_S + 1)))
    new = tuple(map(rest, (2, NOW_S, NOW_S + 2)))
    found = go_on_with(replace(PLAN, cues=was), session(), replace(PLAN, cues=new), PLAYED)

    assert found.plan.cues == (was[0], was[1], new[2])

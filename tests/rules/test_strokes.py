"""How a step is done: its stroke, the giver's place, and rounds that can be counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests.rules.test_plan import OPEN, only, plan_of, random_limits
from tests.strategies import TABLES, open_answers, turns
from workbook.content.words import giver_place, load_words
from workbook.domain.evening import Hands
from workbook.domain.plan import Step
from workbook.domain.techniques import Position
from workbook.rules.plan import make, plan_hash
from workbook.rules.strokes import GIVER_PLACES, count_passes

SAY = load_words()
KEYS = {
    *("still", "feather", "glide", "passing", "outward", "waves", "forearm_glide", "light_glide"),
    *("along", "knead", "circles", "press", "rock"),
}
"""Keys of strokes that never change."""


@given(random_limits, turns)
def test_every_step_says_its_stroke_and_where_the_giver_is(limits, turn):
    for step in make(limits, turn, TABLES).steps:
        assert step.stroke in KEYS
        assert TABLES.strokes[step.stroke].technique == step.technique
        assert step.giver in GIVER_PLACES
        assert step.passes == count_passes(step.stroke, step.seconds, TABLES)


def test_sore_hands_glide_with_the_forearm():
    sore = open_answers(time=replace(OPEN.time, hands=Hands.SORE))

    strokes = {step.stroke for step in plan_of(sore, OPEN, product="O-01").steps}

    assert strokes == {"still", "forearm_glide"}


def test_bare_and_dry_skin_is_glided_over_lightly():
    strokes = {s.stroke for s in plan_of(OPEN, OPEN, 20).steps if s.technique == "EFF"}

    assert strokes == {"light_glide"}


def test_a_limb_is_glided_along():
    plan = plan_of(OPEN, only("calves", "upper_arm"), product="O-01", position=Position.PRONE)

    assert "along" in {step.stroke for step in plan.steps}


@pytest.mark.parametrize("position", Position)
def test_where_the_giver_is_has_words_of_at_most_eight(position):
    for step in plan_of(OPEN, OPEN, 30, position=position).steps:
        assert 1 <= len(giver_place(SAY, step).split()) <= 8


def test_a_step_of_a_plan_that_was_kept_before_says_neither():
    step = plan_of(OPEN, OPEN).steps[1]
    old = Step(
        step.key, step.parts, step.side, step.technique, step.level, step.seconds, step.region
    )

    assert (old.stroke, old.passes, old.giver) == ("", 0, "")
    assert giver_place(SAY, old) == ""


def test_rounds_that_are_too_quick_to_count_are_not_counted():
    assert count_passes("knead", 60, TABLES) == count_passes("circles", 60, TABLES) == 0
    assert count_passes("glide", 60, TABLES) == 6
    assert count_passes("glide", 3, TABLES) == 1
    assert count_passes("", 60, TABLES) == 0


def test_what_a_plan_does_not_say_is_no_part_of_its_hash():
    plan = plan_of(OPEN, OPEN)
    changed = [
        replace(plan, steps=(replace(plan.steps[0], **change), *plan.steps[1:]))
        for change in ({"stroke": "rock"}, {"passes": 9}, {"giver": "feet"})
    ]

    assert len({plan_hash(each) for each in (plan, *changed)}) == 4

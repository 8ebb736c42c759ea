"""When a plan asks: at the start, before anything firmer, and never too often or too seldom."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given

from tests.rules.test_plan import OPEN, only, outcome_of, random_limits
from tests.strategies import TABLES, open_answers, questions, turns
from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.plan import Step
from workbook.domain.shares import Limits
from workbook.domain.techniques import Position, TechniqueAnswers
from workbook.rules.asking import ASK_EACH_AREA, plan_questions
from workbook.rules.evening import evaluate_evening
from workbook.rules.plan import make

STILL, LIGHT, FIRM, MEDIUM, STRONG = Level
MOST = {5: 3, 10: 4, 15: 6, 20: 7, 25: 9, 30: 10}
USUAL = Limits({}, 30, (Position.CHAIR,), frozenset(), ("O-18",))
NAMING = replace(USUAL, adaptations=frozenset({ASK_EACH_AREA}))


def step(seconds, level, region="back", key="open_area", parts=None):
    return Step(key, parts or (region,), Side.MIDDLE, "EFF", level, seconds, region)


def ask(*steps, limits=USUAL):
    """The questions of these steps, each as its second and its prompt."""
    made = [step(*each) for each in steps]
    return [(each.at, each.prompt) for each in plan_questions(made, limits, TABLES)]


def starts_of(steps):
    return list(accumulate((each.seconds for each in steps), initial=0))[:-1]


# What is asked


def test_where_nothing_changes_only_the_start_is_asked_about():
    assert ask((60, STILL), (200, LIGHT), (40, STILL)) == [(0, "Q-05")]


def test_the_gap_is_five_minutes_at_most_and_parted_evenly():
    assert ask((300, LIGHT)) == [(0, "Q-05")]
    assert ask((301, LIGHT)) == [(0, "Q-05"), (150, "Q-29")]
    assert ask((901, LIGHT)) == [(0, "Q-05"), (225, "Q-29"), (450, "Q-29"), (675, "Q-29")]


def test_before_each_new_highest_level_the_question_about_a_firmer_one_is_asked():
    steps = ((60, STILL), (40, LIGHT), (100, FIRM), (30, MEDIUM), (30, STRONG), (40, STILL))

    assert ask(*steps) == [(0, "Q-05"), (100, "Q-06"), (200, "Q-06"), (230, "Q-06")]


def test_a_level_that_was_there_before_is_no_new_one():
    steps = ((60, STILL), (100, MEDIUM), (100, LIGHT), (100, FIRM), (60, STILL))

    assert ask(*steps) == [(0, "Q-05"), (60, "Q-06"), (260, "Q-29")]


def test_a_light_touch_is_no_firmer_level():
    assert ask((100, STILL), (100, LIGHT), (90, STILL)) == [(0, "Q-05")]


def test_a_new_region_is_named_and_hands_that_rest_there_are_not():
    steps = ((60, STILL), (100, FIRM), (100, FIRM, "feet"), (100, LIGHT, "head"))

    assert ask(*steps) == [(0, "Q-05"), (60, "Q-06"), (160, "Q-13"), (260, "Q-13")]
    assert ask(*steps, (100, STILL, "legs")) == ask(*steps)


def test_a_step_asks_what_its_row_says_and_the_start_is_asked_once():
    steps = (
        (100, STILL, "back", "arrive"),
        (100, LIGHT, "back", "neck_base"),
        (60, STILL, "back", "close"),
    )

    assert ask(*steps) == [(0, "Q-05"), (100, "Q-10"), (200, "Q-27")]


# Merging


@pytest.mark.parametrize(("apart", "later"), [(89, [349]), (90, [260, 350])])
def test_of_two_within_ninety_seconds_the_later_one_stays(apart, later):
    found = ask((60, STILL), (200, FIRM), (apart, FIRM, "feet"), (120, FIRM, "head"))

    assert found == [(0, "Q-05"), (60, "Q-06"), *((at, "Q-13") for at in later)]


def test_the_start_and_the_question_about_a_firmer_level_are_not_merged_away():
    found = ask((30, STILL), (30, FIRM), (30, MEDIUM), (90, MEDIUM, "feet"), (10, STRONG))

    assert found == [(0, "Q-05"), (30, "Q-06"), (60, "Q-06"), (180, "Q-06")]


def test_what_is_due_soon_after_one_of_these_is_merged_into_it():
    assert ask((60, STILL), (40, FIRM), (260, FIRM, "feet")) == [(0, "Q-05"), (60, "Q-06")]


def test_within_how_many_seconds_stands_in_the_settings():
    merge = replace(TABLES.settings["merge_seconds"], default=30)
    tables = replace(TABLES, settings={**TABLES.settings, "merge_seconds": merge})
    steps = [step(60, STILL), step(40, FIRM), step(200, FIRM, "feet")]

    assert [each.at for each in plan_questions(steps, USUAL, tables)] == [0, 60, 100]


# How many


@pytest.mark.parametrize(("minutes", "most"), MOST.items())
def test_there_are_never_more_than_fit_into_the_time(minutes, most):
    places = [(95, LIGHT, f"place {n}") for n in range(minutes * 60 // 95)]

    found = ask((minutes * 60 % 95, STILL), *places)

    assert len(found) == most


def test_the_numbers_are_those_of_the_design_and_hold_up_to_their_minute():
    assert {row.minutes: row.most for row in TABLES.most_questions} == MOST
    places = [(100, LIGHT, f"place {n}") for n in range(20)]

    assert len(ask(*places[:6])) == 4
    assert len(ask(*places[:6], (1, LIGHT, "one more"))) == 6


def test_where_there_are_too_many_a_region_touched_lightly_goes_first():
    light = [(100, LIGHT, f"light {n}") for n in range(2)]
    firm = [(100, FIRM, f"firm {n}") for n in range(3)]

    assert ask((100, STILL), *light, *firm) == [
        (0, "Q-05"), (300, "Q-06"), (400, "Q-13"), (500, "Q-13"),
    ]  # fmt: skip


def test_whoever_is_asked_less_is_asked_at_the_start_before_a_firmer_level_and_in_long_gaps():
    steps = ((60, STILL), (100, LIGHT, "feet"), (100, FIRM, "feet"), (500, FIRM, "head"))

    found = ask(*steps, limits=replace(USUAL, asks_less=True))

    assert found == [(0, "Q-05"), (160, "Q-06"), (460, "Q-29")]
    assert (260, "Q-13") in ask(*steps)


def test_a_shorter_time_between_two_questions_asks_more_often_than_the_number_allows():
    found = ask((600, LIGHT), limits=replace(USUAL, check_every=2))

    assert [at for at, _ in found] == [0, 120, 240, 360, 480]


def test_where_each_place_is_to_be_named_every_one_of_them_is():
    steps = [(20, LIGHT, "back", "open_area", (f"place {n}",)) for n in range(12)]

    found = ask((20, STILL), *steps, limits=NAMING)

    assert found == [(0, "Q-05"), *((20 + 20 * n, "Q-13") for n in range(12))]
    assert len(ask((20, STILL), *steps)) < 3


def test_a_place_that_is_named_and_firmer_is_asked_about_with_the_question_about_firmer():
    found = ask((20, STILL), (20, FIRM, "feet"), (20, FIRM, "feet"), limits=NAMING)

    assert found == [(0, "Q-05"), (20, "Q-06")]


# Laws


def assert_asked(plan, limits):
    """Everything the questions of a plan promise."""
    if not plan.steps:
        assert plan.check_ins == ()
        return
    total, begins = plan.seconds, starts_of(plan.steps)
    asked = [(each.at, each.prompt) for each in plan.check_ins]
    times = [at for at, _ in asked]

    assert asked[0] == (0, "Q-05")
    assert times == sorted(set(times))
    assert all(prompt in TABLES.prompts for _, prompt in asked)
    every = limits.check_every * 60
    assert all(later - now <= every for now, later in pairwise((*times, total)))

    firmest, firmer = LIGHT, []
    for at, each in zip(begins, plan.steps, strict=True):
        if each.level > firmest:
            firmer.append(at)
        firmest = max(firmest, each.level)
    assert [at for at, prompt in asked if prompt == "Q-06"] == firmer

    named = set()
    if ASK_EACH_AREA in limits.adaptations:
        pairs = zip(begins[1:], pairwise(plan.steps), strict=True)
        named = {at for at, (before, now) in pairs if now.parts != before.parts}
        assert named <= set(times)
    fixed = {0, *firmer, *named}
    if limits.check_every >= 3:  # what fills a gap of more than three minutes is not close
        assert all(later - now >= 90 or {now, later} <= fixed for now, later in pairwise(times))
    if limits.check_every == 5 and not named:
        assert len(asked) <= next(most for minutes, most in MOST.items() if total <= minutes * 60)
    if limits.asks_less:
        assert all(prompt == "Q-29" for at, prompt in asked if at not in fixed)


@given(questions())
def test_every_evening_asks_as_it_promises(question):
    for turn in evaluate_evening(question, TABLES).turns:
        assert_asked(turn.plan, turn.limits)


@given(random_limits, turns)
def test_whatever_the_limits_it_asks_as_it_promises(limits, turn):
    assert_asked(make(limits, turn, TABLES), limits)


@pytest.mark.parametrize("minutes", range(5, 31))
@pytest.mark.parametrize("position", Position)
@pytest.mark.parametrize("places", ["everywhere", "off the back"])
def test_every_length_asks_as_it_promises(minutes, position, places):
    mine = OPEN if places == "everywhere" else only("scalp", "feet", "hands", "calves", "forearm")
    outcome = outcome_of(OPEN, mine, minutes, position=position)

    assert outcome.plan.steps
    assert_asked(outcome.plan, outcome.limits)


def test_being_asked_less_is_the_receivers_own_choice():
    less = open_answers(techniques=replace(OPEN.techniques, asks_less=True))
    people = {"giver": (less, OPEN), "receiver": (OPEN, less)}

    found = {who: outcome_of(*both, 20).limits.asks_less for who, both in people.items()}

    assert found == {"giver": False, "receiver": True}


def test_questions_are_guarded_where_either_of_the_two_chose_so():
    guarded = open_answers(techniques=replace(OPEN.techniques, guarded=True))

    for both in ((guarded, OPEN), (OPEN, guarded)):
        assert outcome_of(*both).limits.guarded
        assert outcome_of(*both).plan.guarded
    blank = open_answers(techniques=TechniqueAnswers(OPEN.techniques.techniques))
    assert not outcome_of(blank, blank).plan.guarded


@pytest.mark.parametrize("key", [row.key for row in TABLES.steps if row.prompt == "Q-06"])
def test_a_step_that_is_no_firmer_than_before_is_not_asked_about_as_if_it_were(key):
    found = ask((100, STILL), (200, LIGHT), (100, LIGHT, "back", key))

    assert "Q-06" not in {prompt for _, prompt in found}

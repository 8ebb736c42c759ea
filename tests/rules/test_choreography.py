"""What a plan makes of what is welcome, and that tightening only ever takes away from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_plan import OPEN, keys, only, outcome_of, parts, plan_of, random_limits
from tests.strategies import CODES, NOW, TABLES, answers, open_answers, tightenings, turns
from workbook.content.words import load_words, step_sentence
from workbook.domain.areas import AreaAnswers, AreaMark, Side
from workbook.domain.evening import EveningQuestion, Hands
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage, Position, TechniqueAnswers
from workbook.rules.areas import area_of
from workbook.rules.evening import evaluate_evening
from workbook.rules.frame import Frame
from workbook.rules.plan import make
from workbook.rules.sequence import LEAST_STEP_S
from workbook.rules.touch import make_surface, possible_level

SAY = load_words()
OIL, NOTHING = "O-01", "O-18"
WORKED = ("low_back", "mid_back", "shoulder_blades", "shoulder_tops")
ON_THE_BACK = (*WORKED, "nape", "sacrum")
ON_BACK_LYING = tuple(position for position in Position if position is not Position.BACK)
DRESSED = open_answers(coverage=Coverage.CLOTHED)

limits_of_a_turn = st.builds(replace, random_limits, coverage=st.sampled_from(Coverage))


def seconds_of(plan, *techniques):
    return sum(step.seconds for step in plan.steps if step.technique in techniques)


def felt(plan):
    """The firmest level of each part."""
    found = {}
    for step in plan.steps:
        for part in step.parts:
            found[part] = max(step.level, found.get(part, Level.STILL))
    return found


# What is welcome is used


@pytest.mark.parametrize("minutes", range(10, 31))
@pytest.mark.parametrize("position", ON_BACK_LYING)
def test_gliding_kneading_and_circles_are_in_every_plan_from_ten_minutes_on(minutes, position):
    for product in (OIL, NOTHING):
        plan = plan_of(OPEN, OPEN, minutes, product=product, position=position)

        assert {"EFF", "PET", "FRI"} <= {step.technique for step in plan.steps}
        assert seconds_of(plan, "PET", "FRI") >= 0.15 * plan.seconds
        assert seconds_of(plan, "EFF") > 0


@given(
    st.lists(st.sampled_from(WORKED), min_size=1, unique=True),
    st.sampled_from([("left", "right", ""), ("left",), ("right",)]),
    st.integers(10, 30),
    st.sampled_from(ON_BACK_LYING),
)
def test_so_they_are_wherever_a_part_of_the_back_allows_them(open_areas, side, minutes, position):
    mine = only(*open_areas, side=side)

    plan = plan_of(OPEN, mine, minutes, product=OIL, position=position)

    allowed = {code for key in open_areas for code in TABLES.areas[key].techniques}
    wanted = {"EFF", "PET", "FRI"} & allowed
    assert wanted <= {step.technique for step in plan.steps}
    if "PET" in wanted:
        assert seconds_of(plan, "PET", "FRI") >= 0.15 * plan.seconds


@pytest.mark.parametrize("minutes", range(10, 31))
@pytest.mark.parametrize("position", ON_BACK_LYING)
def test_through_clothes_kneading_alone_makes_the_fifteen_percent(minutes, position):
    plan = plan_of(OPEN, DRESSED, minutes, product=OIL, position=position)

    assert {step.technique for step in plan.steps} == {"HOLD", "PET", "COM", "VIB"}
    assert seconds_of(plan, "PET") >= 0.15 * plan.seconds


@given(limits_of_a_turn, turns)
def test_through_clothes_nothing_glides_and_nothing_is_on_the_hands(limits, turn):
    plan = make(limits, turn, TABLES)

    if plan.coverage is Coverage.CLOTHED:
        assert plan.product == NOTHING
        assert not {"EFF", "FEA", "FRI"} & {step.technique for step in plan.steps}
    for step in plan.steps:
        strokes = TABLES.strokes[step.stroke]
        for part in step.parts:
            area = TABLES.areas[area_of(part)]
            assert area.key not in strokes.not_on
            assert strokes.clothed or plan.coverage not in area.covered
            if strokes.oil == "needed":
                assert plan.product != NOTHING
                assert not area.dry


@given(limits_of_a_turn, turns)
def test_over_dry_skin_hands_glide_lightly(limits, turn):
    plan = make(limits, turn, TABLES)

    for step in plan.steps:
        dry = plan.product == NOTHING or any(TABLES.areas[area_of(p)].dry for p in step.parts)
        if step.technique == "EFF" and dry:
            assert (step.level, step.stroke) == (Level.LOTION, "light_glide")


def test_what_a_towel_covers_is_pressed_and_never_oiled():
    plan = plan_of(OPEN, only("buttocks", "calves"), 15, product=OIL, position=Position.PRONE)

    strokes = {}
    for step in plan.steps:
        for part in step.parts:
            strokes.setdefault(area_of(part), set()).add(step.technique)
    assert strokes["buttocks"] == {"HOLD", "COM"}
    assert "EFF" in strokes["calves"]


@given(limits_of_a_turn, turns)
def test_feathering_is_for_the_end_and_for_a_minute_at_most(limits, turn):
    plan = make(limits, turn, TABLES)

    feathered = [at for at, step in enumerate(plan.steps) if step.technique == "FEA"]
    assert feathered in ([], [len(plan.steps) - 2])
    assert all(plan.steps[at].seconds <= 60 for at in feathered)
    assert seconds_of(plan, "FEA") <= 0.2 * plan.seconds


def test_whoever_likes_only_feathering_is_held_until_the_end():
    light = open_answers(techniques=TechniqueAnswers(frozenset({"HOLD", "FEA"})))

    plan = plan_of(OPEN, light, 20, position=Position.PRONE)

    assert seconds_of(plan, "FEA") <= 60
    assert {step.technique for step in plan.steps} == {"HOLD", "FEA"}


@pytest.mark.parametrize("coverage", Coverage)
@pytest.mark.parametrize("position", ON_BACK_LYING)
def test_five_minutes_begin_and_end_still_and_are_not_hurried(coverage, position):
    mine = open_answers(coverage=coverage)
    plan = plan_of(OPEN, mine, 5, product=OIL, position=position)

    assert plan.seconds == 300
    assert len(plan.steps) <= 9
    assert all(step.seconds >= 10 for step in plan.steps)
    moving = seconds_of(plan, *(CODES - {"HOLD"}))
    assert moving >= 200
    if coverage is Coverage.CLOTHED:
        assert "PET" in {step.technique for step in plan.steps}


def test_five_minutes_are_no_firmer_than_lotion_firm_whatever_is_allowed():
    firmest = set()
    for coverage in Coverage:
        for position in ON_BACK_LYING:
            plan = plan_of(OPEN, open_answers(coverage=coverage), 5, product=OIL, position=position)
            firmest.add(max(step.level for step in plan.steps))

    assert max(firmest) is Level.SUNSCREEN


@given(limits_of_a_turn, turns)
def test_of_the_touches_of_a_row_the_firmest_is_taken(limits, turn):
    surface = make_surface(limits.coverage, turn.product, sore=limits.spares_hands, tables=TABLES)
    frame = Frame(limits, Position.PRONE, turn.minutes, surface, TABLES)

    for row in TABLES.steps:
        for part in limits.levels:
            found = [
                min(level, Level.LOTION) if code == "VIB" else level
                for code in limits.techniques & set(row.techniques)
                if (level := possible_level(code, part, limits.levels, surface, frame.span_of(row)))
                is not None
            ]
            touch = frame.choose_touch(row, part)
            assert (touch[1] if touch else None) == max(found, default=None)


# On the side


@given(limits_of_a_turn, turns)
def test_on_the_side_the_upper_side_is_worked_and_there_is_one_turn(limits, turn):
    plan = make(replace(limits, positions=(Position.SIDE,)), turn, TABLES)

    sides = [step.side for step in plan.steps if step.side is not Side.MIDDLE]
    assert Side.BOTH not in sides
    turned = [at for at, step in enumerate(plan.steps) if step.key == "change_sides"]
    assert len(turned) == (len(set(sides)) == 2)
    assert sum(now is not later for now, later in pairwise(sides)) == len(turned)
    if turned:
        assert sides[0] is Side.RIGHT


def test_the_halves_on_the_side_are_equally_long_and_the_first_side_is_said():
    for minutes in (5, 10, 20, 30):
        plan = plan_of(OPEN, OPEN, minutes, product=OIL, position=Position.SIDE)
        at = keys(plan).index("change_sides")
        first = sum(step.seconds for step in plan.steps[1:at])
        second = sum(step.seconds for step in plan.steps[at + 1 : -1])

        assert abs(first - second) <= 60
        said = [step_sentence(SAY, TABLES, plan, step) for step in plan.steps]
        assert said[0].startswith("Lie on your left side. Right ")
        assert said[at].endswith("turns onto the right side.")


def test_where_one_side_is_open_nobody_turns():
    for side, down in (("left", "right"), ("right", "left")):
        plan = plan_of(OPEN, only(*WORKED, side=(side,)), 20, product=OIL, position=Position.SIDE)

        assert "change_sides" not in keys(plan)
        said = step_sentence(SAY, TABLES, plan, plan.steps[0])
        assert said.startswith(f"Lie on your {down} side.")


# On the back


def test_on_the_back_only_what_lies_up_is_touched():
    plan = plan_of(OPEN, OPEN, 20, product=OIL, position=Position.BACK)

    touched = {area_of(part) for part in parts(plan)}
    assert touched == {key for key, area in TABLES.areas.items() if area.on_back}
    assert {step.giver for step in plan.steps} == {
        *("head_back", "beside_arm", "beside_leg", "feet"),
    }


# Sore hands


def test_sore_hands_use_forearms_or_are_still_in_the_sentences_too():
    sore = open_answers(time=replace(OPEN.time, hands=Hands.SORE))

    for position in Position:
        for product in (OIL, NOTHING):
            plan = plan_of(sore, OPEN, 20, product=product, position=position)
            assert {step.stroke for step in plan.steps} <= {"still", "forearm_glide"}
            for step in plan.steps:
                said = step_sentence(SAY, TABLES, plan, step)
                assert ("forearm stroke" in said or "soft forearm" in said) is (
                    step.technique == "EFF"
                )
    assert "forearm_glide" in {
        step.stroke for step in plan_of(sore, OPEN, product=OIL, position=Position.PRONE).steps
    }


# Wishes


def test_a_place_that_both_wished_for_is_part_of_a_back_massage():
    outcome = outcome_of(OPEN, OPEN, 20, product=OIL, position=Position.PRONE)
    usual = make(outcome.limits, outcome.turn, TABLES)

    for wish, area in (("hands_longer", "hands"), ("feet_longer", "feet"), ("scalp", "scalp")):
        wished = make(outcome.limits, outcome.turn, TABLES, [wish])
        added = {area_of(part) for part in parts(wished) - parts(usual)}
        assert added == {area}


def test_a_place_of_the_back_that_both_wished_for_has_more_time():
    outcome = outcome_of(OPEN, OPEN, 20, product=OIL, position=Position.PRONE)

    def knead(*wishes):
        plan = make(outcome.limits, outcome.turn, TABLES, wishes)
        return seconds_of(plan, "PET")

    assert knead("shoulders_longer") > knead() == knead("warm_drink", "no such wish")


def test_a_place_off_the_back_that_both_wished_for_has_half_as_much_again_and_no_more():
    places = only("hands", "feet")
    outcome = outcome_of(places, places, 20, product=OIL, position=Position.BACK)
    plan = make(outcome.limits, outcome.turn, TABLES, ["hands_longer"])

    moving = [step for step in plan.steps if step.technique not in ("HOLD", "FEA")]
    hands, feet = (
        sum(step.seconds for step in moving if area in map(area_of, step.parts))
        for area in ("hands", "feet")
    )
    assert hands == pytest.approx(1.5 * feet, rel=0.05)


@given(limits_of_a_turn, turns, st.frozensets(st.sampled_from(TABLES.wishes)))
def test_no_wish_leads_out_of_the_limits(limits, turn, wishes):
    plan = make(limits, turn, TABLES, wishes)

    assert plan.seconds == plan.minutes * 60
    for step in plan.steps:
        assert all(step.level <= limits.levels[part] for part in step.parts)


def test_wishes_that_both_say_in_one_file_are_matched():
    wished = replace(OPEN.wishes, wished=frozenset({"hands_longer", "scalp"}))
    one = open_answers(wishes=wished)
    other = open_answers(wishes=replace(wished, wished=frozenset({"hands_longer"})))

    both = parts(plan_of(one, other, 20, position=Position.PRONE))
    assert {"hands.left", "hands.right"} <= both
    assert "scalp" not in both
    assert not {"hands.left", "scalp"} & parts(plan_of(one, OPEN, 20, position=Position.PRONE))


# Levels


def test_a_lower_ceiling_of_one_place_makes_no_other_firmer():
    mine = only("mid_back", "shoulder_tops")

    def levels_at(areas):
        said = PressureAnswers(Level.LOTION, areas, Level.MEDIUM)
        return felt(plan_of(OPEN, replace(mine, pressure=said), 5))

    soft, softer = (levels_at({"shoulder_tops": Level.MEDIUM, "mid_back": n}) for n in (1, 0))
    assert softer["shoulder_tops.left"] <= soft["shoulder_tops.left"]
    assert softer["mid_back.left"] is Level.STILL


def test_a_declined_touch_is_replaced_by_none_that_is_firmer():
    mine = only("forearm", side=("left",))
    before = felt(plan_of(OPEN, mine, 10))

    for code in CODES - {"HOLD"}:
        fewer = replace(mine, techniques=replace(OPEN.techniques, techniques=CODES - {code}))
        after = felt(plan_of(OPEN, fewer, 10))
        assert all(level <= before[part] for part, level in after.items())


def test_hands_that_give_no_pressure_stay_on_the_back():
    still = open_answers(pressure=PressureAnswers(Level.MEDIUM, {}, Level.STILL))

    plan = plan_of(still, OPEN, 20, position=Position.PRONE)

    assert {area_of(part) for part in parts(plan)} == set(ON_THE_BACK)
    assert {step.technique for step in plan.steps} == {"HOLD"}


def is_worked(plan):
    return any(area_of(part) in WORKED for part in parts(plan))


def assert_only_less(before, after):
    """No part is touched more firmly, and no other one while any of the back is left."""
    was, now = felt(before), felt(after)
    assert all(level <= was[part] for part, level in now.items() if part in was)
    if not is_worked(before) or is_worked(after):
        assert now.keys() <= was.keys() or not was.keys() & now.keys()


@given(st.data(), answers(), answers(), turns)
def test_tightening_any_answer_takes_away_and_adds_nothing(data, one, other, turn):
    people = {Seat.A: one, Seat.B: other}
    if data.draw(st.booleans()):
        people = {seat: replace(mine, health=OPEN.health) for seat, mine in people.items()}
    before = evaluate_evening(EveningQuestion(NOW, people, (turn,)), TABLES).turns[0].plan
    if not before.steps:
        return
    for seat in Seat:
        tighter = {**people, seat: data.draw(tightenings(people[seat]))}
        after = evaluate_evening(EveningQuestion(NOW, tighter, (turn,)), TABLES).turns[0].plan
        assert_only_less(before, after)


def tightened(limits):
    """Limits with one thing less in them."""

    def lower(part, level):
        return {**limits.levels, part: min(level, limits.levels[part])}

    open_parts = sorted(limits.levels) or ["hands.left"]
    closed = st.sampled_from(open_parts).map(
        lambda part: {each: level for each, level in limits.levels.items() if each != part}
    )
    lowered = (
        st.builds(lower, st.sampled_from(open_parts), st.sampled_from(Level))
        if limits.levels
        else closed
    )
    capped = st.sampled_from(Level).map(
        lambda cap: {part: min(cap, level) for part, level in limits.levels.items()}
    )
    covers = st.sampled_from(
        [c for c in Coverage if list(Coverage).index(c) <= list(Coverage).index(limits.coverage)]
    )
    return st.one_of(
        st.one_of(closed, lowered, capped).map(lambda levels: replace(limits, levels=levels)),
        st.sampled_from(sorted(CODES)).map(
            lambda code: replace(limits, techniques=limits.techniques - {code})
        ),
        st.integers(5, limits.minutes).map(lambda least: replace(limits, minutes=least)),
        covers.map(lambda coverage: replace(limits, coverage=coverage)),
        st.just(replace(limits, products=(NOTHING,), new_products=frozenset())),
        st.just(replace(limits, gentle=True)),
        st.just(
            replace(
                limits,
                techniques=limits.techniques & {"HOLD", "EFF"},
                spares_hands=True,
            )
        ),
        st.just(replace(limits, positions=limits.positions[1:], missed=limits.positions[:1])),
    )


@given(st.data(), limits_of_a_turn, turns)
def test_less_of_any_limit_takes_away_and_adds_nothing(data, limits, turn):
    before = make(limits, turn, TABLES)
    after = make(data.draw(tightened(limits)), turn, TABLES)

    if before.steps:
        assert_only_less(before, after)


def test_a_position_that_goes_out_brings_no_place_in_that_was_out_of_reach():
    mine = only("face", "hands", "feet")
    no_prone = replace(
        mine, techniques=replace(OPEN.techniques, positions_out=frozenset({Position.PRONE}))
    )

    for wished in (None, Position.PRONE):
        assert "face" not in parts(plan_of(OPEN, no_prone, position=wished))
    assert "face" in parts(plan_of(OPEN, no_prone, position=Position.CHAIR))
    only_face = replace(no_prone, limits=only("face").limits)
    assert "face" in parts(plan_of(OPEN, only_face))


# Side of a place


def test_a_place_is_worked_on_the_side_it_is_open():
    mine = only(*WORKED, side=("left",))

    plan = plan_of(OPEN, mine, 20, product=OIL, position=Position.PRONE)

    assert all(part.endswith(".left") for part in parts(plan))
    assert {step.side for step in plan.steps} == {Side.LEFT}
    assert "change_sides" not in keys(plan)


def test_one_part_that_is_closed_leaves_its_other_side_open():
    marks = {**OPEN.limits.receiving, "shoulder_tops.left": AreaMark.NOT_TONIGHT}
    mine = open_answers(limits=AreaAnswers(marks, OPEN.limits.giving))

    plan = plan_of(OPEN, mine, 20, product=OIL, position=Position.PRONE)

    assert "shoulder_tops.left" not in parts(plan)
    for step in plan.steps:
        said = step_sentence(SAY, TABLES, plan, step)
        if "shoulder_tops.right" in step.parts:
            assert "ight s" in said  # right side, or right shoulder
            assert step.side is Side.RIGHT


# Sentences


@given(limits_of_a_turn, turns)
def test_every_sentence_is_short_and_true_of_its_hands(limits, turn):
    plan = make(limits, turn, TABLES)

    for step in plan.steps:
        said = step_sentence(SAY, TABLES, plan, step)
        assert len(said.split()) <= 14, said
        assert "{" not in said
        if plan.coverage is Coverage.CLOTHED:
            assert "glid" not in said.lower()
            assert "oil" not in said.lower()
        if plan.product == NOTHING:
            assert "oil" not in said.lower()


def test_rounds_are_counted_in_words():
    plan = plan_of(OPEN, OPEN, 10, product=OIL, position=Position.PRONE)
    said = {step.key: step_sentence(SAY, TABLES, plan, step) for step in plan.steps}

    assert said["long_glides"] == "Shoulders to low back: seven glides up, each slower and lighter."
    assert said["arrive"] == "Mid back, base of the back: rest your palms for four breaths."


@pytest.mark.parametrize("minutes", range(10, 31))
@pytest.mark.parametrize("position", ON_BACK_LYING)
@pytest.mark.parametrize("mine", [OPEN, DRESSED], ids=["oil", "clothed"])
def test_a_step_is_long_enough_to_be_followed(minutes, position, mine):
    plan = plan_of(OPEN, mine, minutes, product=OIL, position=position)

    # Only the turn from side to side and the feathering at the end are shorter.
    short = {step.key for step in plan.steps if step.seconds < LEAST_STEP_S}
    assert short <= {"change_sides", "feather"}
    assert LEAST_STEP_S >= 25

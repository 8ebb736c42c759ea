"""Plans: within the limits, exact to the second, and still at both ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.evenings import evening
from tests.profiles import scaled
from tests.strategies import (
    CODES,
    NOW,
    QUESTIONS,
    TABLES,
    TODAY,
    levels,
    open_answers,
    questions,
    tightenings,
    turns,
)
from workbook.domain.areas import AreaAnswers, AreaMark, Side
from workbook.domain.evening import Answers, EveningQuestion, Hands
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.plan import CueKind, ForWhom, Plan, Turn
from workbook.domain.products import PatchTest
from workbook.domain.seats import Seat
from workbook.domain.shares import Limits
from workbook.domain.tables import AreaState
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers
from workbook.rules.evening import evaluate_evening
from workbook.rules.plan import make, plan_hash
from workbook.rules.screening import screen
from workbook.rules.sequence import LEAST_STEP_S

OPEN = open_answers()
SHORT = replace(OPEN.time, minutes_receiving=9)


HIGHEST = {row.key: row.highest for row in TABLES.steps}


def outcome_of(giver, receiver, minutes=20, **turn):
    people = {Seat.A: giver, Seat.B: receiver}
    return evaluate_evening(
        EveningQuestion(NOW, people, (Turn(Seat.A, minutes, **turn),)), TABLES
    ).turns[0]


def plan_of(giver, receiver, minutes=20, **turn):
    return outcome_of(giver, receiver, minutes, **turn).plan


def only(*keys, side=("left", "right", "")):
    parts = [part for key in keys for part in TABLES.areas[key].parts]
    marks = {p: AreaMark.OPEN for p in parts if p.partition(".")[2] in (*side, "")}
    return open_answers(limits=AreaAnswers(marks, OPEN.limits.giving))


def keys(plan):
    return [step.key for step in plan.steps]


def parts(plan):
    return {part for step in plan.steps for part in step.parts}


def asked(plan):
    return [(each.at, each.prompt) for each in plan.check_ins]


def cued(plan, kind=CueKind.REST):
    return [cue.at for cue in plan.cues if cue.kind is kind]


def starts(plan):
    at = 0
    for step in plan.steps:
        yield at, step
        at += step.seconds


def assert_lawful(plan, limits, turn):
    """Everything a plan promises, whatever it was made from."""
    total = plan.minutes * 60
    assert plan.seconds == total
    assert plan.minutes <= min(limits.minutes, turn.minutes)
    if plan.product in limits.new_products:
        assert plan.minutes <= 10
    assert plan.product in limits.products
    assert (plan.turn, plan.adaptations) == (turn, limits.adaptations)
    assert plan.guarded is limits.guarded
    if not plan.steps:
        assert (total, plan.check_ins, plan.cues) == (0, (), ())
        return
    possible = turn.position in limits.positions
    assert plan.position is (turn.position if possible else limits.positions[0])
    assert (plan.pace, plan.coverage) == (limits.pace, limits.coverage)
    for step in plan.steps:
        assert 0 < step.seconds <= 90
        assert step.parts
        assert step.technique in limits.techniques
        assert (step.level is Level.STILL) is (step.technique == "HOLD")
        technique = TABLES.techniques[step.technique]
        assert technique.lowest <= step.level <= technique.highest
        assert step.level <= HIGHEST.get(step.key, Level.STRONG)
        for part in step.parts:
            area = TABLES.areas[part.partition(".")[0]]
            assert area.state not in (AreaState.KEEPOFF, AreaState.LOCKED)
            assert step.level <= limits.levels[part]
            assert step.technique in area.techniques
    assert_still_ends(plan)
    assert_asked_and_rested(plan, limits.check_every)


def assert_within_answers(outcome, asked):
    """The plan against what people said, without the rules between them."""
    plan, turn = outcome.plan, outcome.turn
    giver, receiver = asked.people[turn.giver], asked.people[turn.receiver]
    got, gave = (screen(who.health, TABLES, NOW) for who in (receiver, giver))
    for step in plan.steps:
        assert step.technique in giver.techniques.for_giving & receiver.techniques.techniques
        for part in step.parts:
            area = TABLES.areas[part.partition(".")[0]]
            assert receiver.limits.receiving[part] is AreaMark.OPEN
            assert giver.limits.giving[part] is AreaMark.OPEN
            assert part not in got.receiving.closed
            wished = receiver.pressure.areas.get(area.key, receiver.pressure.overall)
            assert step.level <= (wished or Level.STILL)
            assert step.level <= (giver.pressure.giving or Level.STILL)
            assert step.level <= min(got.receiving.cap, gave.giving.cap)
            assert step.level <= got.receiving.caps.get(part, Level.STRONG)
            assert step.level <= area.max
    if plan.steps:
        assert plan.minutes <= (receiver.time.minutes_receiving or 5)
        assert plan.minutes <= (giver.time.minutes_giving or 5)
        assert plan.position not in receiver.techniques.positions_out
        if GentlerChoice.SEATED in giver.techniques.gentler | receiver.techniques.gentler:
            assert plan.position is Position.CHAIR
        assert plan.position not in got.receiving.positions_out


def assert_still_ends(plan):
    for step in (plan.steps[0], plan.steps[-1]):
        assert (step.technique, step.level) == ("HOLD", Level.STILL)
    assert len(plan.steps) >= 2


def assert_asked_and_rested(plan, check_every):
    total = plan.seconds
    asked = [each.at for each in plan.check_ins]
    assert asked[0] == 0
    assert asked == sorted(set(asked))
    assert all(later - now <= check_every * 60 for now, later in pairwise((*asked, total)))
    assert all(each.prompt in TABLES.prompts for each in plan.check_ins)
    rests = [cue.at for cue in plan.cues if cue.kind is CueKind.REST]
    heads = [cue.at for cue in plan.cues if cue.kind is CueKind.HEAD]
    assert rests
    assert all(cue.seconds == 20 for cue in plan.cues if cue.kind is not CueKind.STILL)
    assert all(later - now <= 300 for now, later in pairwise((0, *rests, total)))
    if plan.position is Position.PRONE:
        assert heads
        assert all(later - now <= 300 for now, later in pairwise((0, *heads, total)))
    else:
        assert not heads


# Versions


@pytest.mark.parametrize("minutes", range(5, 31))
@pytest.mark.parametrize("position", Position)
def test_every_length_is_lawful_and_has_no_lopsided_steps(minutes, position):
    outcome = outcome_of(OPEN, OPEN, minutes, position=position)

    assert outcome.plan.minutes == minutes
    assert_lawful(outcome.plan, outcome.limits, outcome.turn)
    for what in ("hands", "knead", "circles"):
        right, left = f"right_{what}", f"left_{what}"
        assert (right in keys(outcome.plan)) is (left in keys(outcome.plan))


def shares_of(plan):
    """Seconds by the key of the step."""
    found = {}
    for step in plan.steps:
        found[step.key] = found.get(step.key, 0) + step.seconds
    return found


def rows_of(version):
    return [row for row in TABLES.steps if row.areas and getattr(row, version)]


@pytest.mark.parametrize(("minutes", "version"), [(5, "short"), (10, "middle"), (30, "share")])
def test_with_oil_and_everything_open_each_step_has_its_share(minutes, version):
    plan = plan_of(OPEN, OPEN, minutes, product="O-01", position=Position.PRONE)

    assert list(dict.fromkeys(keys(plan))) == [row.key for row in rows_of(version)]
    for row in rows_of(version):
        share = minutes * 60 * getattr(row, version) / 100
        assert abs(shares_of(plan)[row.key] - share) <= max(4, LEAST_STEP_S - share)


@pytest.mark.parametrize(
    ("minutes", "version"), [(7, "short"), (8, "middle"), (14, "middle"), (15, "share")]
)
def test_the_minutes_alone_choose_the_version(minutes, version):
    everywhere = plan_of(OPEN, OPEN, minutes, product="O-01", position=Position.PRONE)
    tops = plan_of(OPEN, only("shoulder_tops"), minutes, product="O-01", position=Position.PRONE)

    assert set(keys(everywhere)) == {row.key for row in rows_of(version)}
    assert set(keys(tops)) <= set(keys(everywhere))


def test_what_is_longer_than_ninety_seconds_is_done_right_and_left_in_turn():
    plan = plan_of(OPEN, OPEN, 30, product="O-01", position=Position.PRONE)
    warm = [step for step in plan.steps if step.key == "warm_oil"]

    assert [step.side for step in warm] == [Side.RIGHT, Side.LEFT, Side.BOTH]
    assert [step.seconds for step in warm] == [72, 72, 72]
    assert [step.passes for step in warm] == [7, 7, 7]


def test_a_still_hand_is_not_done_in_turn():
    held = open_answers(techniques=TechniqueAnswers(frozenset({"HOLD"})))

    plan = plan_of(OPEN, held, 30, position=Position.PRONE)

    assert {step.technique for step in plan.steps} == {"HOLD"}
    assert {step.side for step in plan.steps} == {Side.BOTH, Side.MIDDLE}


def test_a_step_covers_its_areas_on_its_side():
    plan = plan_of(OPEN, OPEN, 30, product="O-01", position=Position.PRONE)

    for row in rows_of("share"):
        covered = {part for step in plan.steps if step.key == row.key for part in step.parts}
        areas = row.areas[:1] if row.key == "change_sides" else row.areas
        if row.key == "feather":
            areas = ("mid_back", "low_back")
        assert covered == {
            part
            for key in areas
            for part in TABLES.areas[key].parts
            if row.side is Side.BOTH or part.partition(".")[2] in ("", row.side)
        }


def test_a_step_is_never_firmer_than_its_row_says():
    firm = replace(only("mid_back", "shoulder_tops"), pressure=OPEN.pressure)

    levels = {step.key: step.level for step in plan_of(OPEN, firm, 20, product="O-01").steps}

    assert levels["right_hands"] is Level.MEDIUM
    assert levels["warm_oil"] is levels["long_glides"] is Level.SUNSCREEN


def test_a_chair_leaves_the_rest_on_the_sacrum_out():
    assert "sacrum_rest" in keys(plan_of(OPEN, OPEN, 30, position=Position.SIDE))
    chair = keys(plan_of(OPEN, OPEN, 30, product="O-01", position=Position.CHAIR))
    assert list(dict.fromkeys(chair)) == [
        row.key for row in rows_of("share") if row.key != "sacrum_rest"
    ]


GENTLE = ["arrive", "warm_oil", "neck_base", "low_back_out", "long_glides", "feather", "close"]


def test_a_ceiling_of_one_wished_or_from_health_takes_the_gentle_steps():
    wished = open_answers(pressure=PressureAnswers(Level.LOTION, {}, Level.MEDIUM))
    ill = open_answers(
        health=HealthAnswers(QUESTIONS, {"pain_numbing": ReportedCondition()}, on=TODAY)
    )

    for plan in (plan_of(OPEN, wished, 20), plan_of(OPEN, ill, 20)):
        assert list(dict.fromkeys(keys(plan))) == GENTLE
        assert max(step.level for step in plan.steps) is Level.LOTION
        assert plan.seconds == 1200


def test_at_a_ceiling_of_two_kneading_and_circles_stay_at_two():
    soft = open_answers(pressure=PressureAnswers(Level.SUNSCREEN, {}, Level.MEDIUM))

    plan = plan_of(OPEN, soft, 20, product="O-01")

    work = [step for step in plan.steps if step.technique in ("PET", "FRI")]
    assert {step.technique for step in work} == {"PET", "FRI"}
    assert {step.level for step in work} == {Level.SUNSCREEN}


def test_in_pregnancy_only_the_gentle_steps_are_taken():
    ticked = {"pregnant": ReportedCondition(week=20, told=TODAY)}
    words = (Clearance("H-19", TODAY),)
    asked = QUESTIONS | {"pregnancy_signs"}
    mine = open_answers(health=HealthAnswers(asked, ticked, words, on=TODAY))

    outcome = outcome_of(OPEN, mine, 20, product="O-01")

    assert outcome.limits.gentle
    assert outcome.plan.steps
    assert set(keys(outcome.plan)) <= {*GENTLE, "change_sides", "place_still"}
    assert max(step.level for step in outcome.plan.steps) is Level.SUNSCREEN
    assert {Position.PRONE, Position.BACK}.isdisjoint(outcome.limits.positions)


def test_a_closed_area_gives_its_time_to_the_other_steps():
    tops = only("mid_back", "low_back", "sacrum", "shoulder_blades")
    before = shares_of(plan_of(OPEN, OPEN, 30, product="O-01", position=Position.PRONE))
    after = shares_of(plan_of(OPEN, tops, 30, product="O-01", position=Position.PRONE))

    assert "neck_base" not in after
    fixed = {"arrive", "close", "feather"}
    assert all((after[key] == before[key]) is (key in fixed) for key in after)
    assert all(after[key] >= before[key] for key in after)


def test_a_part_with_a_lower_ceiling_is_a_step_of_its_own_and_lowers_no_other():
    mine = open_answers(
        pressure=PressureAnswers(Level.MEDIUM, {"low_back": Level.LOTION}, Level.MEDIUM)
    )
    plan = plan_of(OPEN, mine, 20, product="O-01")

    assert {step.level for step in plan.steps if "low_back.left" in step.parts} == {Level.LOTION}
    warm = [(step.level, "low_back.left" in step.parts) for step in plan.steps[1:5]]
    assert (Level.LOTION, True) in warm
    assert (Level.SUNSCREEN, False) in warm
    assert (Level.LOTION, False) not in warm


def test_hands_rest_at_even_times_and_the_head_turns_meanwhile():
    plan = plan_of(OPEN, OPEN, 30, position=Position.PRONE)

    assert cued(plan) == cued(plan, CueKind.HEAD) == [257, 514, 771, 1028, 1285, 1542]


# What is open


def test_off_the_back_each_place_is_glided_over_kneaded_and_circled():
    plan = plan_of(OPEN, only("hands", "feet", "scalp"), 20, product="O-01")

    by_region = {}
    for step in plan.steps[1:-2]:
        by_region.setdefault(step.region, []).append(step.technique)
    assert list(by_region) == ["head", "feet", "arms_hands"]
    assert list(dict.fromkeys(by_region["feet"])) == ["EFF", "PET", "FRI"]
    assert list(dict.fromkeys(by_region["head"])) == ["EFF", "FRI"]
    assert plan.steps[-2].key == "feather"
    assert (keys(plan)[0], keys(plan)[-1]) == ("arrive", "close")


def test_where_there_are_many_places_each_has_its_firmest_touch_and_no_circles_after_it():
    plan = plan_of(
        OPEN, only("hands", "feet", "scalp", "calves", "thigh_back", "buttocks"), 10,
        product="O-01", position=Position.PRONE,
    )  # fmt: skip

    assert "place_knead" in keys(plan)
    assert "place_circles" not in keys(plan)


def test_five_minutes_off_the_back_have_one_touch_a_place():
    plan = plan_of(OPEN, only("scalp", "feet", "hands"), 5, product="O-01")

    assert set(keys(plan)) == {"arrive", "place_short", "close"}
    assert max(step.level for step in plan.steps) is Level.SUNSCREEN


def test_one_hand_alone_makes_a_plan():
    plan = plan_of(OPEN, only("hands", side=("left",)), 10)

    assert parts(plan) == {"hands.left"}
    assert {step.side for step in plan.steps} == {Side.LEFT}
    assert_still_ends(plan)


def test_off_the_back_every_open_place_is_in_the_plan():
    off_the_back = [
        key
        for key, area in TABLES.areas.items()
        if area.choosable and area.region not in ("upper_back", "lower_back", "neck_shoulders")
    ]
    plan = plan_of(OPEN, only(*off_the_back), 10, position=Position.PRONE)

    touched = {part.partition(".")[0] for part in parts(plan)}
    assert touched == {
        *("scalp", "buttocks", "thigh_back", "calves", "feet", "upper_arm", "forearm", "hands"),
    }


def test_a_still_hand_is_all_that_blank_pressure_allows():
    plan = plan_of(OPEN, open_answers(pressure=PressureAnswers()), 20)

    assert {step.technique for step in plan.steps} == {"HOLD"}
    assert {step.level for step in plan.steps} == {Level.STILL}
    assert {part.partition(".")[0] for part in parts(plan)} == {
        *("nape", "shoulder_tops", "shoulder_blades", "mid_back", "low_back", "sacrum"),
    }


def test_fragile_skin_is_only_held():
    ill = open_answers(
        health=HealthAnswers(QUESTIONS, {"fragile_skin": ReportedCondition()}, on=TODAY)
    )

    assert {step.technique for step in plan_of(OPEN, ill, 20).steps} == {"HOLD"}


def test_what_one_lies_or_sits_on_is_left_out():
    front = only("belly", "hands")
    seat = only("buttocks", "thigh_back", "hands")

    assert "belly" not in parts(plan_of(OPEN, front, 20, position=Position.PRONE))
    assert "belly" in parts(plan_of(OPEN, front, 20, position=Position.CHAIR))
    in_a_chair = parts(plan_of(OPEN, seat, 20, position=Position.CHAIR))
    assert in_a_chair == {"hands.left", "hands.right"}
    assert "buttocks.left" in parts(plan_of(OPEN, seat, 20, position=Position.PRONE))


def test_a_hand_rests_only_where_the_area_allows_it():
    thighs = plan_of(OPEN, only("thigh_back"), 20, position=Position.PRONE)
    with_feet = plan_of(OPEN, only("thigh_back", "feet"), 20, position=Position.PRONE)

    assert thighs.steps == ()
    assert "thigh_back.left" in parts(with_feet)
    for step in (with_feet.steps[0], with_feet.steps[-1]):
        assert step.parts[0].startswith("feet")


# No plan


@pytest.mark.parametrize(
    "receiver",
    [
        Answers(),
        only(),
        open_answers(techniques=TechniqueAnswers(CODES - {"HOLD"})),
        open_answers(techniques=TechniqueAnswers()),
        open_answers(techniques=TechniqueAnswers(CODES, positions_out=frozenset(Position))),
    ],
)
def test_where_nothing_is_possible_nothing_is_planned(receiver):
    plan = plan_of(OPEN, receiver)

    assert plan.steps == ()
    assert plan.seconds == plan.minutes == 0


def test_blank_answers_lead_to_no_touch():
    blank = outcome_of(Answers(), Answers())

    assert blank.plan.steps == ()
    assert blank.limits.levels == {}


def test_a_position_that_is_not_possible_becomes_the_first_possible_one():
    no_prone = open_answers(
        techniques=replace(OPEN.techniques, positions_out=frozenset({Position.PRONE}))
    )

    fallen_back = plan_of(OPEN, no_prone, position=Position.PRONE)
    assert fallen_back.position is Position.CHAIR
    assert fallen_back.steps
    assert plan_of(OPEN, no_prone, position=Position.SIDE).position is Position.SIDE
    assert plan_of(OPEN, no_prone).position is Position.CHAIR


# Minutes and product


@pytest.mark.parametrize("minutes", [-3, 0, 4])
def test_less_than_five_minutes_are_no_plan(minutes):
    assert plan_of(OPEN, OPEN, minutes).steps == ()


def test_the_shortest_wish_counts():
    short = open_answers(time=SHORT)

    assert plan_of(OPEN, short, 30).minutes == 9
    assert plan_of(short, OPEN, 30).minutes == 30
    assert plan_of(OPEN, OPEN, 12).minutes == 12


def test_a_product_used_for_the_first_time_has_ten_minutes():
    test = OPEN.oils.tests["O-01"]
    fresh = replace(
        OPEN.oils,
        tests={**OPEN.oils.tests, "O-01": PatchTest(test.started, test.result, scented=False)},
    )
    new = open_answers(oils=fresh)

    assert plan_of(OPEN, new, 30, product="O-01").minutes == 10
    assert plan_of(new, OPEN, 30, product="O-01").minutes == 10
    assert plan_of(OPEN, new, 30, product="O-02").minutes == 30
    assert plan_of(OPEN, replace(new, time=SHORT), 30, product="O-01").minutes == 9
    assert plan_of(OPEN, OPEN, 30, product="O-01").minutes == 30


def test_a_product_that_is_not_offered_becomes_nothing():
    assert plan_of(OPEN, OPEN, product="O-10").product == "O-18"
    assert plan_of(OPEN, OPEN, product="O-99").product == "O-18"


def test_sore_hands_only_glide_and_hold():
    sore = open_answers(time=replace(OPEN.time, hands=Hands.SORE))

    assert {step.technique for step in plan_of(sore, OPEN, 30).steps} <= {"HOLD", "EFF"}


def test_whom_a_turn_is_for_changes_nothing_about_its_limits():
    for_you, for_me = (outcome_of(OPEN, OPEN, for_whom=whom) for whom in ForWhom)

    assert for_you.limits == for_me.limits
    assert for_you.plan.steps == for_me.plan.steps


def test_more_check_ins_come_every_two_minutes_and_in_each_area():
    ill = open_answers(health=HealthAnswers(QUESTIONS, {"trauma": ReportedCondition()}, on=TODAY))
    outcome = outcome_of(OPEN, ill, 30)

    assert_lawful(outcome.plan, outcome.limits, outcome.turn)
    asked = {each.at for each in outcome.plan.check_ins}
    assert {at for at, _ in starts(outcome.plan)} <= asked


# The hash


def many_adaptations():
    """A plan with several adaptations, which no two processes need hold in one order."""
    ticked = {
        key: ReportedCondition() for key in ("trauma", "dizzy_low_bp", "ticklish", "diabetes")
    }
    ill = open_answers(health=HealthAnswers(QUESTIONS, ticked, on=TODAY))
    return replace(plan_of(OPEN, ill, 20), adaptations=frozenset(TABLES.adaptations))


@pytest.mark.parametrize("seed", ["0", "7", "8"])
def test_the_hash_is_the_same_in_another_process(seed):
    code = (
        "from tests.rules.test_plan import many_adaptations, plan_hash;"
        "print(plan_hash(many_adaptations()))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )

    assert len(many_adaptations().adaptations) > 5
    assert other.stdout.strip() == plan_hash(many_adaptations())
    assert len(other.stdout.strip()) == 64


def test_a_plan_is_hashed_as_one_text_so_that_an_agreement_outlives_an_update():
    plan = Plan(
        Turn(Seat.B, 10),
        Position.CHAIR,
        Coverage.CLOTHED,
        Pace.SLOW,
        "O-01",
        minutes=0,
        adaptations=frozenset({"shorter", "pillows"}),
    )

    text = (
        '{"adaptations":["pillows","shorter"],"check_ins":[],"coverage":"clothed","cues":[],'
        '"guarded":false,"minutes":0,"pace":"slow","position":"chair","product":"O-01","steps":[],'
        '"tightened_from":null,"turn":{"for_whom":"for_you","giver":"B","minutes":10,'
        '"position":null,"product":"O-18"}}'
    )
    assert plan_hash(plan) == sha256(text.encode()).hexdigest()


def test_anything_that_changes_in_a_plan_changes_its_hash():
    plan = plan_of(OPEN, OPEN, 20)
    changed = [
        replace(plan, minutes=19),
        replace(plan, product="O-01"),
        replace(plan, steps=plan.steps[:-1]),
        replace(plan, steps=(replace(plan.steps[0], seconds=1), *plan.steps[1:])),
        replace(plan, check_ins=()),
        replace(plan, cues=()),
        replace(plan, guarded=True),
        replace(plan, adaptations=frozenset({"pillows"})),
        replace(plan, turn=replace(plan.turn, giver=Seat.B)),
        replace(plan, turn=replace(plan.turn, intention="unwind")),
    ]

    assert len({plan_hash(each) for each in (plan, *changed)}) == len(changed) + 1
    assert plan_hash(replace(plan, tightened_from="x")) == plan_hash(plan)


# Laws


@given(questions())
def test_no_plan_leaves_its_limits(question):
    for turn in evaluate_evening(question, TABLES).turns:
        assert_lawful(turn.plan, turn.limits, turn.turn)


@pytest.mark.parametrize("who", ["giver", "receiver"])
def test_whoever_likes_pauses_has_one_before_each_new_region(who):
    likes = open_answers(techniques=replace(OPEN.techniques, pauses=True))
    plan = plan_of(likes, OPEN, 30) if who == "giver" else plan_of(OPEN, likes, 30)

    stills = [cue for cue in plan.cues if cue.kind is CueKind.STILL]

    regions = [(at, step.region) for at, step in starts(plan)]
    assert [cue.at for cue in stills] == [
        at for (_, before), (at, now) in pairwise(regions) if now != before
    ]
    assert stills
    assert {cue.seconds for cue in stills} == {10}
    assert [cue.at for cue in plan.cues] == sorted(cue.at for cue in plan.cues)
    assert not [cue for cue in plan_of(OPEN, OPEN, 30).cues if cue.kind is CueKind.STILL]


def test_random_evenings_stay_within_their_limits():
    chance, planned, count = Random(26), 0, scaled(2000)
    for _ in range(count):
        asked = evening(chance)
        for turn in evaluate_evening(asked, TABLES).turns:
            assert_lawful(turn.plan, turn.limits, turn.turn)
            assert_within_answers(turn, asked)
            planned += bool(turn.plan.steps)

    assert planned > (count / 5 if count >= 2000 else count / 10), (
        "too few of them lead to a plan at all"
    )


all_levels = st.dictionaries(
    st.sampled_from([part for area in TABLES.areas.values() for part in area.parts]),
    levels,
    max_size=40,
)
random_limits = st.builds(
    Limits,
    all_levels,
    st.integers(5, 30),
    st.permutations(list(Position)).map(tuple),
    st.one_of(st.just(CODES), st.frozensets(st.sampled_from(sorted(CODES)))),
    st.just(tuple(TABLES.oils)),
    st.frozensets(st.sampled_from(tuple(TABLES.oils)), max_size=2),
    check_every=st.integers(2, 5),
    pauses=st.booleans(),
    guarded=st.booleans(),
    asks_less=st.booleans(),
    adaptations=st.sampled_from([frozenset(), frozenset({"ask_each_area"})]),
)


@given(random_limits, turns)
def test_no_limits_at_all_lead_out_of_them(limits, turn):
    assert_lawful(make(limits, turn, TABLES), limits, turn)


@given(random_limits, turns)
def test_the_same_limits_make_the_same_plan(limits, turn):
    turned = replace(limits, levels=dict(reversed(limits.levels.items())))

    assert make(turned, turn, TABLES) == make(limits, turn, TABLES)
    assert plan_hash(make(turned, turn, TABLES)) == plan_hash(make(limits, turn, TABLES))


@given(st.data(), turns)
def test_tightening_an_answer_never_loosens_a_plan(data, turn):
    tighter = data.draw(tightenings(OPEN))
    seats = dict.fromkeys(Seat, OPEN)
    before = evaluate_evening(EveningQuestion(NOW, seats, (turn,)), TABLES).turns[0]
    for seat in Seat:
        after = evaluate_evening(
            EveningQuestion(NOW, {**seats, seat: tighter}, (turn,)), TABLES
        ).turns[0]
        assume(after.plan.product == before.plan.product)
        assert after.plan.minutes <= before.plan.minutes
        for step in after.plan.steps:
            assert all(step.level <= before.limits.levels[part] for part in step.parts)

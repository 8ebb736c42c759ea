"""Health: each row of the table fires for whom and while it should, with all that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given

from tests.strategies import NOW, QUESTIONS, TABLES, TODAY, answers, health_answers
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.evening import Answers, Energy, Hands, TimeAnswers
from workbook.domain.health import (
    Action,
    Clearance,
    Effect,
    HealthAnswers,
    ReportedCondition,
    Screening,
)
from workbook.domain.levels import Level
from workbook.domain.seats import Role
from workbook.domain.techniques import Position
from workbook.rules.screening import merge_other_topics, screen

R, G, B = (Role.RECEIVER,), (Role.GIVER,), (Role.RECEIVER, Role.GIVER)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One case of a row, said once more by hand: a changed table has to change this too."""

    key: str
    who: tuple[Role, ...]
    action: Action
    cap: int = 4
    caps: Mapping[str, int] = field(default_factory=dict)
    closes: str = ""
    local: str = ""
    local_cap: int = 1
    positions_out: str = ""
    techniques_out: str = ""
    adaptations: str = ""
    days: int | None = None
    weeks: tuple[int, int] | None = None
    clearance_days: int = 92
    gentle: bool = False
    gentle_if_steady: bool = False


CASES = {
    "H-01": [
        Case("fever", B, Action.POSTPONE),
        Case("temperature", B, Action.POSTPONE),
    ],
    "H-02": [
        Case("contagious_illness", B, Action.POSTPONE),
    ],
    "H-03": [
        Case("contagious_skin", B, Action.POSTPONE),
        Case("skin_small", B, Action.AVOID_AREA, local="close", adaptations="covers_stay"),
    ],
    "H-04": [
        Case("wound_open", B, Action.POSTPONE),
        Case("wound_small", B, Action.AVOID_AREA, local="close", adaptations="covers_stay"),
        Case("wound_small_hand", R, Action.AVOID_AREA, caps={"forearm": 1}, closes="hands"),
        Case(
            "wound_small_hand",
            G,
            Action.ADAPT,
            techniques_out="FEA PET FRI COM VIB TAP",
            adaptations="forearms_or_still",
        ),
    ],
    "H-05": [
        Case("clot_signs", B, Action.URGENT),
    ],
    "H-06": [
        Case("clot_limb", R, Action.ASK_FIRST, cap=2, local="close", techniques_out="TAP"),
        Case("clot_other", R, Action.ASK_FIRST, cap=2, techniques_out="TAP"),
    ],
    "H-07": [
        Case("acute_alarm", B, Action.URGENT),
    ],
    "H-08": [
        Case("intoxicated", B, Action.POSTPONE),
    ],
    "H-09": [
        Case("acute_injury", R, Action.AVOID_AREA, local="close"),
    ],
    "H-10": [
        Case("fracture", R, Action.ASK_FIRST, local="close"),
    ],
    "H-11": [
        Case("surgery", R, Action.ASK_FIRST, days=92),
        Case(
            "surgery_front",
            R,
            Action.ASK_FIRST,
            closes="belly upper_chest",
            positions_out="prone",
            days=92,
        ),
        Case("surgery_wound", R, Action.ASK_FIRST, local="close"),
    ],
    "H-12": [
        Case("new_scar", R, Action.AVOID_AREA, local="close"),
    ],
    "H-13": [
        Case("burn_small", R, Action.AVOID_AREA, local="close"),
        Case("burn_large", R, Action.POSTPONE),
    ],
    "H-14": [
        Case("bruise", R, Action.AVOID_AREA, local="close"),
    ],
    "H-15": [
        Case("bleeding_disorder", R, Action.ASK_FIRST, cap=1),
    ],
    "H-16": [
        Case("blood_thinners", R, Action.ASK_FIRST, cap=2, techniques_out="TAP"),
        Case("aspirin_daily", R, Action.LIGHT_ONLY, cap=2, techniques_out="TAP"),
    ],
    "H-17": [
        Case("varicose", R, Action.AVOID_AREA, local="close"),
    ],
    "H-18": [
        Case("vein_inflamed", R, Action.AVOID_AREA, local="close"),
    ],
    "H-19": [
        Case("pregnant", G, Action.ADAPT, adaptations="scent_free"),
        Case(
            "pregnant",
            R,
            Action.ASK_FIRST,
            cap=2,
            closes="belly",
            positions_out="prone",
            techniques_out="VIB TAP",
            adaptations="scent_free",
            clearance_days=28,
            gentle=True,
        ),
    ],
    "H-20": [
        Case("pregnant", R, Action.ASK_FIRST, cap=2, weeks=(1, 13), clearance_days=28),
    ],
    "H-21": [
        Case(
            "pregnant",
            R,
            Action.ADAPT,
            positions_out="prone back",
            adaptations="pillows",
            weeks=(16, 42),
        ),
    ],
    "H-22": [
        Case("pregnant_alarm", R, Action.URGENT),
    ],
    "H-23": [
        Case(
            "pregnant",
            R,
            Action.LIGHT_ONLY,
            caps={"thigh_back": 1, "thigh_front": 1, "knee_back": 1, "calves": 1, "knee_shin": 1},
        ),
    ],
    "H-24": [
        Case(
            "pregnant",
            R,
            Action.LIGHT_ONLY,
            caps={"feet": 2, "hands": 2, "shoulder_tops": 2},
            techniques_out="COM",
        ),
    ],
    "H-25": [
        Case(
            "postpartum",
            R,
            Action.ASK_FIRST,
            caps={"thigh_back": 1, "thigh_front": 1, "knee_back": 1, "calves": 1, "knee_shin": 1},
            days=42,
        ),
    ],
    "H-26": [
        Case("cancer", R, Action.ASK_FIRST, cap=2),
        Case("cancer_past", R, Action.ASK_FIRST, cap=2, gentle_if_steady=True),
        Case("cancer_places", R, Action.ASK_FIRST, cap=2, local="close"),
    ],
    "H-27": [
        Case(
            "osteoporosis",
            R,
            Action.ASK_FIRST,
            cap=1,
            caps={
                "spine": 0,
                "flanks": 0,
                "upper_chest": 0,
                "sacrum": 0,
                "buttocks": 0,
                "forearm": 0,
            },
            adaptations="no_pulling",
            gentle_if_steady=True,
        ),
        Case(
            "fragile_bone",
            R,
            Action.ASK_FIRST,
            cap=1,
            caps={
                "spine": 0,
                "flanks": 0,
                "upper_chest": 0,
                "sacrum": 0,
                "buttocks": 0,
                "forearm": 0,
            },
            adaptations="no_pulling",
        ),
    ],
    "H-28": [
        Case(
            "lymph_arm",
            R,
            Action.ASK_FIRST,
            closes="shoulder_tops shoulder_blades mid_back flanks armpit collarbone upper_chest"
            " upper_arm elbow_inner forearm hands",
            local="close",
            gentle_if_steady=True,
        ),
        Case(
            "lymph_leg",
            R,
            Action.ASK_FIRST,
            closes="low_back flanks sacrum buttocks belly"
            " thigh_back thigh_front knee_back calves knee_shin feet",
            local="close",
            gentle_if_steady=True,
        ),
    ],
    "H-29": [
        Case("diabetes", R, Action.ADAPT, adaptations="look_first snack_near"),
        Case("insulin_site", R, Action.AVOID_AREA, local="close"),
    ],
    "H-30": [
        Case("numb_known", R, Action.LIGHT_ONLY, local="cap"),
        Case("numb_new", R, Action.AVOID_AREA, local="close"),
    ],
    "H-31": [
        Case("heart", R, Action.ASK_FIRST, cap=2),
        Case("heart_steady", R, Action.ASK_FIRST, cap=2, gentle_if_steady=True),
        Case("bp_controlled", R, Action.OK, cap=3, adaptations="rise_slowly"),
    ],
    "H-32": [
        Case("dizzy_low_bp", R, Action.ADAPT, techniques_out="VIB", adaptations="rise_slowly"),
    ],
    "H-33": [
        Case("aneurysm", R, Action.ASK_FIRST, closes="belly"),
    ],
    "H-34": [
        Case(
            "hernia",
            R,
            Action.AVOID_AREA,
            caps={"flanks": 1, "upper_chest": 1, "thigh_front": 1},
            closes="belly",
        ),
    ],
    "H-35": [
        Case("kidney", R, Action.POSTPONE),
    ],
    "H-36": [
        Case(
            "epilepsy",
            R,
            Action.ASK_FIRST,
            adaptations="steady_light scent_free",
            gentle_if_steady=True,
        ),
    ],
    "H-37": [
        Case("scent_sensitive", B, Action.ADAPT, adaptations="scent_free"),
    ],
    "H-38": [
        Case(
            "eczema_sore", B, Action.AVOID_AREA, local="close", adaptations="scent_free week_test"
        ),
        Case(
            "eczema_calm",
            B,
            Action.LIGHT_ONLY,
            local="cap",
            local_cap=2,
            adaptations="scent_free week_test",
        ),
    ],
    "H-39": [
        Case("allergies", B, Action.ADAPT, adaptations="read_label"),
    ],
    "H-40": [
        Case("devices", R, Action.AVOID_AREA, local="close", adaptations="no_heat"),
        Case(
            "device_front",
            R,
            Action.AVOID_AREA,
            caps={"flanks": 1, "thigh_front": 1},
            closes="belly upper_chest",
            positions_out="prone",
            adaptations="no_heat",
        ),
    ],
    "H-41": [
        Case(
            "spine_joint",
            R,
            Action.ASK_FIRST,
            local="close",
            adaptations="no_pulling",
            gentle_if_steady=True,
        ),
    ],
    "H-42": [
        Case("unexplained", R, Action.AVOID_AREA, local="close"),
    ],
    "H-43": [
        Case("arthritis_flare", R, Action.AVOID_AREA, local="close"),
    ],
    "H-44": [
        Case("back_redflags", R, Action.URGENT),
    ],
    "H-45": [
        Case("back_pain_new", R, Action.ASK_FIRST, techniques_out="VIB"),
    ],
    "H-46": [
        Case(
            "fragile_skin",
            R,
            Action.LIGHT_ONLY,
            cap=1,
            techniques_out="FEA EFF PET FRI COM VIB TAP",
            adaptations="scent_free",
        ),
    ],
    "H-47": [
        Case("skin_procedures", R, Action.AVOID_AREA, local="close"),
    ],
    "H-48": [
        Case("full_stomach", R, Action.ADAPT, closes="belly", positions_out="side prone back"),
    ],
    "H-49": [
        Case("period", R, Action.ADAPT, adaptations="ask_each_area"),
    ],
    "H-50": [
        Case("ticklish", R, Action.ADAPT, techniques_out="FEA", adaptations="broad_hand"),
    ],
    "H-51": [
        Case(
            "trauma",
            B,
            Action.ADAPT,
            positions_out="side prone back",
            adaptations="shorter stay_clothed ask_each_area more_check_ins",
        ),
        Case("trauma_now", B, Action.POSTPONE),
    ],
    "H-52": [
        Case("hands_open", G, Action.POSTPONE),
        Case(
            "hands_sore",
            G,
            Action.ADAPT,
            techniques_out="FEA PET FRI COM VIB TAP",
            adaptations="forearms_or_still",
        ),
    ],
    "H-53": [
        Case("giver_none", G, Action.POSTPONE),
    ],
    "H-54": [
        Case("pain_numbing", R, Action.LIGHT_ONLY, cap=1),
        Case("numbing_cream", R, Action.LIGHT_ONLY, local="cap"),
    ],
    "H-55": [
        Case("infection_risk", R, Action.ASK_FIRST, cap=1, adaptations="fully_well"),
    ],
    "H-56": [
        Case("not_free", B, Action.BLOCK),
    ],
    "H-57": [
        Case("under_age", B, Action.BLOCK),
    ],
    "H-58": [
        Case("pain_known", R, Action.LIGHT_ONLY, local="cap", local_cap=2, techniques_out="VIB"),
    ],
    "H-59": [
        Case("pain_wide", R, Action.LIGHT_ONLY, cap=1, techniques_out="PET FRI TAP"),
        Case("pain_flare", R, Action.POSTPONE),
    ],
    "H-60": [
        Case("touch_hurts", R, Action.AVOID_AREA, local="close"),
    ],
    "H-61": [
        Case("light_touch", R, Action.ADAPT, techniques_out="FEA EFF", adaptations="broad_hand"),
    ],
    "H-62": [
        Case("glaucoma", R, Action.ADAPT, positions_out="prone"),
        Case("eye_operation", R, Action.ASK_FIRST, positions_out="prone", days=92),
    ],
    "H-63": [
        Case("sickle_cell", R, Action.ASK_FIRST, cap=1),
    ],
    "H-64": [
        Case("radiotherapy", R, Action.AVOID_AREA, local="close", adaptations="no_heat"),
        Case("radioactive", B, Action.ASK_FIRST),
    ],
    "H-65": [
        Case("heat_worse", R, Action.ADAPT, adaptations="no_heat"),
    ],
    "H-66": [
        Case("cannot_follow", B, Action.POSTPONE),
    ],
}

EACH = [(row, case) for row, cases in CASES.items() for case in cases]
IDS = [f"{row}-{case.key}-{'-'.join(case.who)}" for row, case in EACH]
FEET_AROUND = {"calves.left", "knee_shin.left"}
"""Neighbours of the left foot, the place that is named in these tests."""


def parts(keys):
    return {part for key in keys for part in TABLES.areas[key].parts}


def ticked(key, **tick):
    return HealthAnswers(asked=QUESTIONS, ticked={key: ReportedCondition(**tick)}, on=TODAY)


def at(case):
    """A tick for which the case speaks."""
    if case.weeks is not None:
        return ReportedCondition(week=case.weeks[0], told=TODAY)
    return ReportedCondition(where=frozenset({"feet.left"}))


def expected(row, case, part=Role.RECEIVER):
    """What the case leads to, if the left foot is the place; a giver does not touch with it."""
    caps = {part: Level(cap) for key, cap in case.caps.items() for part in parts([key])}
    closed = parts(case.closes.split())
    if case.local:  # the left foot was named, so the row speaks of the left side
        closed = {part for part in closed if not part.endswith(".right")}
    local = case.local if part is Role.RECEIVER else ""
    if local == "close":
        closed |= {"feet.left"}
        caps |= {part: min(Level.LOTION, caps.get(part, Level.STRONG)) for part in FEET_AROUND}
    if local == "cap":
        caps |= dict.fromkeys(parts(["feet"]), Level(case.local_cap))  # on both sides
    return Effect(
        action=case.action,
        cap=Level(case.cap),
        caps=caps,
        closed=frozenset(closed),
        positions_out=frozenset(Position(each) for each in case.positions_out.split()),
        techniques_out=frozenset(case.techniques_out.split()),
        adaptations=frozenset(case.adaptations.split()),
        gentle=case.gentle,
        rows=(row,),
        ask_first=(row,) if case.action is Action.ASK_FIRST else (),
    )


def alone(row):
    """The tables with one row of health."""
    return replace(TABLES, health=tuple(each for each in TABLES.health if each.id == row))


def side(screening, part):
    return screening.receiving if part is Role.RECEIVER else screening.giving


def test_every_row_has_its_cases():
    cases = {row.id: [(case.key, tuple(case.who)) for case in row.cases] for row in TABLES.health}

    assert {row: [(c.key, c.who) for c in cases] for row, cases in CASES.items()} == cases
    assert len(CASES) == 66


@pytest.mark.parametrize("part", Role)
@pytest.mark.parametrize(("row", "case"), EACH, ids=IDS)
def test_a_case_leads_to_all_that_its_row_says(row, case, part):
    mine = {each.key: at(each) for each in CASES[row] if each.key == case.key}

    effect = side(screen(HealthAnswers(ticked=mine), alone(row), NOW), part)

    if part in case.who:
        assert effect == expected(row, case, part)
    elif not any(part in each.who for each in CASES[row] if each.key == case.key):
        assert effect == Effect()


@pytest.mark.parametrize(("row", "case"), EACH, ids=IDS)
def test_every_row_fires_among_all_the_others(row, case):
    screening = screen(HealthAnswers(ticked={case.key: at(case)}), TABLES, NOW)

    for part in case.who:
        assert row in side(screening, part).rows
        assert side(screening, part).action <= case.action


@pytest.mark.parametrize(
    ("row", "case"), [each for each in EACH if each[1].days is not None], ids=str
)
def test_a_case_speaks_until_its_last_day(row, case):
    last_day = ticked(case.key, last=TODAY - case.days * DAY)
    day_after = ticked(case.key, last=TODAY - (case.days + 1) * DAY)
    undated = ticked(case.key)

    assert screen(last_day, alone(row), NOW).receiving.rows == (row,)
    assert screen(undated, alone(row), NOW).receiving.rows == (row,)
    assert screen(day_after, alone(row), NOW).receiving == Effect()


@pytest.mark.parametrize(
    ("row", "case"), [each for each in EACH if each[1].weeks is not None], ids=str
)
def test_a_case_speaks_in_its_weeks_and_the_week_goes_on(row, case):
    first, last = case.weeks

    def fires(week, days_ago=0):
        told = TODAY - days_ago * DAY
        return bool(screen(ticked(case.key, week=week, told=told), alone(row), NOW).receiving.rows)

    assert fires(first)
    assert fires(last)
    assert not fires(first - 1) or first == 1
    assert not fires(last + 1) or last == 42
    assert fires(last, days_ago=6)
    assert fires(1, days_ago=7 * (last - 1))
    assert fires(last, days_ago=7) is (last == 42)


@pytest.mark.parametrize(
    ("celsius", "fires"), [(36.6, False), (37.9, False), (38.0, True), (39.5, True), (None, True)]
)
def test_a_measured_temperature_speaks_from_thirty_eight_degrees(celsius, fires):
    measured = HealthAnswers(ticked={"temperature": ReportedCondition(celsius=celsius)})

    screening = screen(measured, TABLES, NOW)

    for part in Role:
        assert ("H-01" in side(screening, part).rows) is fires
        assert (side(screening, part).action is Action.POSTPONE) is fires


@pytest.mark.parametrize(
    ("week", "rows"),
    [
        (12, {"H-20"}),
        (13, {"H-20"}),
        (14, set()),
        (15, set()),
        (16, {"H-21"}),
        (42, {"H-21"}),
    ],
)
def test_the_weeks_of_a_pregnancy_change_on_their_day(week, rows):
    pregnant = HealthAnswers(ticked={"pregnant": ReportedCondition(week=week, told=TODAY)})

    fired = set(screen(pregnant, TABLES, NOW).receiving.rows)

    assert fired & {"H-20", "H-21"} == rows
    assert {"H-19", "H-23", "H-24"} <= fired


@pytest.mark.parametrize("week", [1, 13, 14, 42])
def test_one_word_opens_an_evening_in_every_week_of_a_pregnancy(week):
    pregnant = HealthAnswers(ticked={"pregnant": ReportedCondition(week=week, told=TODAY)})
    with_word = replace(pregnant, clearances=(Clearance("H-19", TODAY),))

    asked = screen(pregnant, TABLES, NOW).receiving
    agreed = screen(with_word, TABLES, NOW).receiving

    assert (asked.action, asked.ask_first) == (Action.ASK_FIRST, ("H-19",))
    assert (agreed.action, agreed.ask_first) == (Action.AVOID_AREA, ())
    assert agreed.rows == asked.rows


def test_the_limits_of_a_word_for_the_first_weeks_hold_beside_the_one_that_is_asked_for():
    pregnant = HealthAnswers(ticked={"pregnant": ReportedCondition(week=8, told=TODAY)})
    early = Clearance("H-20", TODAY, Level.LOTION, frozenset({"feet.left"}))

    alone = screen(replace(pregnant, clearances=(early,)), TABLES, NOW).receiving
    both = replace(pregnant, clearances=(Clearance("H-19", TODAY), early))
    effect = screen(both, TABLES, NOW).receiving

    assert (alone.action, alone.ask_first) == (Action.ASK_FIRST, ("H-19",))
    assert effect.action > Action.ASK_FIRST
    assert effect.cap is Level.LOTION
    assert "feet.left" in effect.closed


@pytest.mark.parametrize(("days", "fires"), [(41, True), (42, True), (43, False)])
def test_six_weeks_after_a_birth_end_on_their_last_day(days, fires):
    since = HealthAnswers(
        ticked={"postpartum": ReportedCondition(last=TODAY - timedelta(days=days))}
    )

    assert ("H-25" in screen(since, TABLES, NOW).receiving.rows) is fires


@pytest.mark.parametrize(
    "tick",
    [ReportedCondition(), ReportedCondition(week=30), ReportedCondition(told=TODAY)],
    ids=str,
)
def test_an_unknown_week_may_be_any_week(tick):
    answers = HealthAnswers(ticked={"pregnant": tick})

    rows = screen(answers, TABLES, NOW).receiving.rows

    assert {"H-19", "H-20", "H-21", "H-23", "H-24"} <= set(rows)


def test_prone_is_out_in_any_week_of_pregnancy():
    for week in range(1, 43):
        effect = screen(ticked("pregnant", week=week, told=TODAY), TABLES, NOW).receiving
        assert Position.PRONE in effect.positions_out


def test_a_place_that_was_not_said_may_be_anywhere():
    effect = screen(ticked("bruise"), TABLES, NOW).receiving

    assert effect.closed == parts(key for key, area in TABLES.areas.items() if area.choosable)


def test_an_unknown_place_may_be_anywhere():
    effect = screen(ticked("bruise", where=frozenset({"elsewhere"})), TABLES, NOW).receiving

    assert effect.closed == parts(key for key, area in TABLES.areas.items() if area.choosable)


@pytest.mark.parametrize(
    ("where", "closed", "left_open"),
    [
        ({"upper_arm.right"}, {"mid_back.right", "hands.right"}, {"mid_back.left", "hands.left"}),
        ({"upper_arm.right", "forearm.left"}, {"mid_back.right", "mid_back.left"}, set()),
        ({"belly"}, {"mid_back.right", "mid_back.left"}, set()),
        (set(), {"mid_back.right", "mid_back.left"}, set()),
    ],
    ids=["one side", "both sides", "in the middle", "not said"],
)
def test_a_row_closes_its_areas_on_the_side_that_was_named(where, closed, left_open):
    mine = HealthAnswers(ticked={"lymph_arm": ReportedCondition(where=frozenset(where))})

    effect = screen(mine, TABLES, NOW).receiving

    assert closed <= effect.closed
    assert not left_open & effect.closed


def test_lying_on_the_back_is_closed_from_week_sixteen_of_a_pregnancy():
    for week in range(1, 43):
        effect = screen(ticked("pregnant", week=week, told=TODAY), TABLES, NOW).receiving
        assert (Position.BACK in effect.positions_out) is (week >= 16)
        assert effect.gentle


def test_a_place_in_the_middle_has_neighbours_on_both_sides():
    effect = screen(ticked("bruise", where=frozenset({"sacrum"})), TABLES, NOW).receiving

    assert effect.closed == {"sacrum"}
    assert set(effect.caps) == parts(["spine", "low_back", "buttocks"])


@pytest.mark.parametrize(
    "where", [{"hands.left"}, {"forearm.right", "feet.left"}, set()], ids=["one", "two", "none"]
)
def test_somebody_with_a_closed_place_on_the_hands_does_not_give(where):
    closed = screen(ticked("eczema_sore", where=frozenset(where)), TABLES, NOW)
    capped = screen(ticked("eczema_calm", where=frozenset(where)), TABLES, NOW)

    assert closed.giving.action is Action.POSTPONE
    assert closed.receiving.action is Action.AVOID_AREA
    assert capped.giving.cap is Level.SUNSCREEN
    assert capped.receiving.cap is Level.STRONG


def test_several_rows_add_up_and_the_strictest_decides():
    both = HealthAnswers(
        ticked={
            "fragile_skin": ReportedCondition(),
            "aneurysm": ReportedCondition(),
            "ticklish": ReportedCondition(),
            "fever": ReportedCondition(),
        }
    )

    effect = screen(both, TABLES, NOW).receiving

    assert effect.action is Action.POSTPONE
    assert effect.cap is Level.LOTION
    assert effect.closed == {"belly"}
    assert effect.rows == ("H-01", "H-33", "H-46", "H-50")


def test_of_several_caps_on_one_place_the_lowest_holds():
    foot = ReportedCondition(where=frozenset({"feet.left"}))
    both = HealthAnswers(ticked={"numb_known": foot, "eczema_calm": foot})

    effect = screen(both, TABLES, NOW).receiving

    assert effect.rows == ("H-30", "H-38")
    assert effect.caps == dict.fromkeys(parts(["feet"]), Level.LOTION)


def test_what_a_row_caps_and_closes_holds_for_whoever_gives_as_well():
    row = next(row for row in TABLES.health if row.id == "H-39")
    case = replace(row.cases[0], caps={"feet": Level.LOTION}, closes=("hands",))
    tables = replace(TABLES, health=(replace(row, cases=(case,)),))

    screening = screen(ticked(case.key), tables, NOW)

    for effect in (screening.receiving, screening.giving):
        assert effect.caps == dict.fromkeys(parts(["feet"]), Level.LOTION)
        assert effect.closed == parts(["hands"])


def test_health_is_complete_when_everything_was_asked_for_today():
    asked = HealthAnswers(asked=QUESTIONS, on=TODAY)

    assert screen(asked, TABLES, NOW).complete
    assert not screen(replace(asked, on=TODAY - DAY), TABLES, NOW).complete
    assert not screen(replace(asked, on=None), TABLES, NOW).complete
    assert not screen(asked, TABLES, NOW + DAY).complete


@pytest.mark.parametrize(
    "question", [q for q in TABLES.questions if not q.opens], ids=lambda q: q.key
)
def test_one_unanswered_question_leaves_health_incomplete(question):
    asked = HealthAnswers(asked=QUESTIONS - {question.key}, on=TODAY)

    assert not screen(asked, TABLES, NOW).complete


def test_a_follow_up_is_asked_only_where_its_statement_is_ticked():
    opened = [question for question in TABLES.questions if question.opens]
    asked = HealthAnswers(asked=QUESTIONS - {question.key for question in opened}, on=TODAY)

    assert opened
    assert screen(asked, TABLES, NOW).complete
    for question in opened:
        more = replace(asked, ticked={question.opens: ReportedCondition()})
        assert not screen(more, TABLES, NOW).complete
        answered = replace(more, asked=QUESTIONS)
        assert screen(answered, TABLES, NOW).complete


# A professional's word

ASKING = [each for each in EACH if each[1].action is Action.ASK_FIRST]
ASKING_IDS = [f"{row}-{case.key}" for row, case in ASKING]


def cleared(row, case, days_ago, **limits):
    word = Clearance(row, TODAY - days_ago * DAY, **limits)
    tick = {case.key: at(case)}
    return screen(HealthAnswers(ticked=tick, clearances=(word,)), alone(row), NOW).receiving


@pytest.mark.parametrize(("row", "case"), ASKING, ids=ASKING_IDS)
def test_a_word_opens_the_evening_and_lifts_nothing(row, case):
    asked = expected(row, case)

    for days_ago in (0, case.clearance_days):
        effect = cleared(row, case, days_ago)
        assert effect.action > Action.ASK_FIRST
        assert effect == replace(asked, action=effect.action, ask_first=())


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("aneurysm", Action.AVOID_AREA),
        ("pregnant", Action.AVOID_AREA),
        ("postpartum", Action.LIGHT_ONLY),
        ("heart", Action.LIGHT_ONLY),
        ("back_pain_new", Action.ADAPT),
        ("epilepsy", Action.ADAPT),
        ("surgery", Action.OK),
    ],
)
def test_a_word_leaves_the_action_that_fits_what_is_left(key, action):
    row, case = next(each for each in ASKING if each[1].key == key)

    assert cleared(row, case, 1).action is action


@pytest.mark.parametrize(("row", "case"), ASKING, ids=ASKING_IDS)
def test_a_word_that_is_too_old_or_of_tomorrow_does_not_count(row, case):
    assert cleared(row, case, case.clearance_days + 1) == expected(row, case)
    assert cleared(row, case, -1) == expected(row, case)


@pytest.mark.parametrize(("row", "case"), ASKING, ids=ASKING_IDS)
def test_the_limits_of_a_word_are_added(row, case):
    effect = cleared(row, case, 1, cap=Level.LOTION, closed=frozenset({"hands.left"}))

    assert effect.cap == min(Level.LOTION, case.cap)
    assert effect.closed == expected(row, case).closed | {"hands.left"}


def test_a_word_opens_giving_as_it_opens_receiving():
    row = next(row for row in TABLES.health if row.id == "H-39")
    case = replace(row.cases[0], action=Action.ASK_FIRST)
    tables = replace(TABLES, health=(replace(row, cases=(case,)),))
    word = Clearance("H-39", TODAY, Level.LOTION, frozenset({"hands.left"}))

    asking = screen(ticked(case.key), tables, NOW)
    heard = screen(replace(ticked(case.key), clearances=(word,)), tables, NOW)

    assert asking.giving == asking.receiving
    assert asking.giving.ask_first == ("H-39",)
    assert heard.giving == heard.receiving
    assert (heard.giving.action, heard.giving.cap) == (Action.AVOID_AREA, Level.LOTION)
    assert heard.giving.closed == {"hands.left"}


# The gentle evening

STEADY = [each for each in EACH if each[1].gentle_if_steady]
STEADY_IDS = [f"{row}-{case.key}" for row, case in STEADY]
YEAR = int(TABLES.settings["steady_word_days"].default)


def test_what_may_be_steady_is_a_column_of_the_table():
    gentle = {(row.id, c.key) for row in TABLES.health for c in row.cases if c.gentle_if_steady}

    assert gentle == {(row, case.key) for row, case in STEADY}
    assert {s.key for q in TABLES.questions for s in q.statements if s.steady} == {
        case.key for _, case in STEADY
    }


@pytest.mark.parametrize("row", ["H-06", "H-15", "H-16", "H-19", "H-20", "H-25", "H-33", "H-45"])
def test_clots_thinners_pregnancy_and_what_is_new_wait_for_a_word(row):
    assert row not in {each for each, _ in STEADY}


def steady(case, value, words=()):
    tick = {case.key: replace(at(case), steady=value)}
    return HealthAnswers(ticked=tick, clearances=words)


@pytest.mark.parametrize(("row", "case"), STEADY, ids=STEADY_IDS)
def test_what_has_been_steady_leaves_a_gentle_evening_open_within_its_own_limits(row, case):
    asked = expected(row, case)

    effect = screen(steady(case, True), alone(row), NOW).receiving

    assert effect.action in (Action.AVOID_AREA, Action.LIGHT_ONLY)
    assert effect == replace(asked, action=effect.action, in_gentle_evening=True)


@pytest.mark.parametrize(("row", "case"), STEADY, ids=STEADY_IDS)
@pytest.mark.parametrize("said", [None, False])
def test_what_is_new_or_not_said_waits_for_a_word(row, case, said):
    assert screen(steady(case, said), alone(row), NOW).receiving == expected(row, case)


@pytest.mark.parametrize(("row", "case"), STEADY, ids=STEADY_IDS)
def test_a_word_about_something_steady_holds_for_a_year_and_opens_the_evening(row, case):
    def with_word(days_ago, said):
        words = (Clearance(row, TODAY - days_ago * DAY),)
        return screen(steady(case, said, words), alone(row), NOW).receiving

    for days_ago in (0, case.clearance_days + 1, YEAR):
        assert not with_word(days_ago, True).in_gentle_evening
        assert with_word(days_ago, True).ask_first == ()
    assert with_word(YEAR + 1, True).in_gentle_evening
    assert with_word(case.clearance_days + 1, None) == expected(row, case)


@pytest.mark.parametrize("key", ["blood_thinners", "clot_other", "aneurysm", "sickle_cell"])
def test_what_waits_for_a_word_closes_the_evening_whatever_else_is_steady(key):
    both = HealthAnswers(
        ticked={"epilepsy": ReportedCondition(steady=True), key: ReportedCondition()}
    )

    assert screen(both, TABLES, NOW).receiving.action is Action.ASK_FIRST


def test_only_a_row_with_the_column_opens_a_gentle_evening():
    said = HealthAnswers(ticked={"blood_thinners": ReportedCondition(steady=True)})

    effect = screen(said, TABLES, NOW).receiving

    assert effect.action is Action.ASK_FIRST
    assert not effect.in_gentle_evening


def test_a_word_about_another_row_does_not_count():
    word = Clearance("H-15", TODAY)

    effect = screen(
        HealthAnswers(ticked={"aneurysm": ReportedCondition()}, clearances=(word,)), TABLES, NOW
    ).receiving

    assert effect.action is Action.ASK_FIRST
    assert effect.ask_first == ("H-33",)


def test_a_word_says_nothing_about_what_happened_after_it():
    tick = ReportedCondition(last=TODAY - 5 * DAY)

    def action(days_ago):
        word = Clearance("H-11", TODAY - days_ago * DAY)
        health = HealthAnswers(ticked={"surgery": tick}, clearances=(word,))
        return screen(health, TABLES, NOW).receiving.action

    assert action(5) is Action.OK
    assert action(6) is Action.ASK_FIRST


# What other forms tick


@pytest.mark.parametrize(
    ("answers", "row", "who"),
    [
        (Answers(consent=ConsentAnswers(free=FreeYes.NO)), "H-56", B),
        (Answers(consent=ConsentAnswers(free=FreeYes.NOT_SURE)), "H-56", B),
        (Answers(consent=ConsentAnswers(adult=False)), "H-57", B),
        (Answers(time=TimeAnswers(energy=Energy.NONE)), "H-53", G),
        (Answers(time=TimeAnswers(hands=Hands.OPEN)), "H-52", G),
        (Answers(time=TimeAnswers(hands=Hands.SORE)), "H-52", G),
    ],
)
def test_other_forms_tick_their_statements(answers, row, who):
    screening = screen(merge_other_topics(answers), TABLES, NOW)

    assert [part for part in Role if row in side(screening, part).rows] == list(who)


def test_blank_forms_tick_nothing():
    assert merge_other_topics(Answers()) == HealthAnswers()
    assert screen(HealthAnswers(), TABLES, NOW) == Screening()


# Laws


@given(health_answers())
def test_one_more_tick_never_loosens(health):
    for key in list(health.ticked):
        fewer = {k: tick for k, tick in health.ticked.items() if k != key}

        more_said = screen(health, TABLES, NOW)
        less_said = screen(replace(health, ticked=fewer), TABLES, NOW)

        for part in Role:
            now, before = side(more_said, part), side(less_said, part)
            assert now.action <= before.action
            assert now.cap <= before.cap
            assert now.closed >= before.closed
            assert all(now.caps[place] <= cap for place, cap in before.caps.items())
            assert now.techniques_out >= before.techniques_out
            assert now.positions_out >= before.positions_out


@given(health_answers())
def test_a_word_never_lifts_a_cap_or_a_closure(health):
    with_words = screen(health, TABLES, NOW)
    without = screen(replace(health, clearances=()), TABLES, NOW)

    for part in Role:
        assert side(with_words, part).cap <= side(without, part).cap
        assert side(with_words, part).closed >= side(without, part).closed
        assert side(with_words, part).caps == side(without, part).caps


@given(answers())
def test_the_same_answers_lead_to_the_same_screening(mine):
    assert screen(mine.health, TABLES, NOW) == screen(mine.health, TABLES, NOW)

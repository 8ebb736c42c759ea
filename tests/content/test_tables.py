"""The tables hold what they promise, and a broken one names its file and row."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import FrozenInstanceError
from datetime import date
from typing import Any, cast

import pytest

from workbook.content.guidance import load_guidance
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import CHOICE_LISTS, REGIONS, STATEMENTS_OF_OTHER_TOPICS, load_tables
from workbook.domain.errors import InvalidTable
from workbook.domain.health import Action
from workbook.domain.levels import Level
from workbook.domain.seats import Role
from workbook.domain.tables import AreaState, Evidence, HealthCase, LocalEffect, StatementDetail
from workbook.domain.techniques import Coverage, Position

TABLES = load_tables()
GUIDANCE = load_guidance()
BIRTHS: dict[str, Any] = GUIDANCE.provenance
HEALTH = {row.id: row for row in TABLES.health}
STATEMENTS = {s.key: s for question in TABLES.questions for s in question.statements}
BOTH = (Role.RECEIVER, Role.GIVER)
LEGS = {"thigh_back", "thigh_front", "knee_back", "calves", "knee_shin"}


def case(row: str, key: str, part: Role = Role.RECEIVER) -> HealthCase:
    return next(c for c in HEALTH[row].cases if c.key == key and part in c.who)


# Counts, keys and provenance


def test_there_are_eight_kinds_of_touch():
    assert list(TABLES.techniques) == ["HOLD", "FEA", "EFF", "PET", "FRI", "COM", "VIB", "TAP"]


def test_there_are_about_twenty_five_health_questions():
    assert 20 <= len(TABLES.questions) <= 30


def test_every_row_says_where_it_comes_from():
    for rows in BIRTHS.values():
        for row in rows:
            assert row.source
            assert date(2026, 11, 23) <= row.reviewed <= date.today()
            assert isinstance(row.mark, Evidence)


def test_a_row_without_any_source_is_marked_as_known_or_ours():
    rows = [row for rows in BIRTHS.values() for row in rows]

    assert all(row.mark is Evidence.KNOWN for row in rows if row.source == ("GK",))
    assert all(row.mark is Evidence.DESIGN for row in rows if row.source == ("design",))


def test_areas_start_out_as_the_facts_count_them():
    states = Counter(area.state for area in TABLES.areas.values())

    assert states == {
        AreaState.OPEN: 8,
        AreaState.LIGHT: 7,
        AreaState.OPTIN: 5,
        AreaState.KEEPOFF: 6,
        AreaState.LOCKED: 4,
    }


def test_no_area_is_pressed_more_firmly_than_at_home():
    assert max(area.max for area in TABLES.areas.values()) is Level.MEDIUM


def test_every_region_has_areas():
    assert {area.region for area in TABLES.areas.values()} == set(REGIONS)


def test_neighbours_are_mutual():
    for key, area in TABLES.areas.items():
        assert area.neighbours
        assert all(key in TABLES.areas[near].neighbours for near in area.neighbours)


@pytest.mark.parametrize("share", ["share", "middle", "short"])
def test_shares_add_up_on_the_back_and_at_a_place(share):
    for on_the_back in (True, False):
        rows = [step for step in TABLES.steps if bool(step.areas) is on_the_back]
        assert sum(getattr(step, share) for step in rows) == 100


def test_five_minutes_are_the_steps_of_the_facts():
    assert {step.id: step.short for step in TABLES.steps if step.short and step.areas} == {
        "STEP-01": 10,
        "STEP-02": 40,
        "STEP-14": 40,
        "STEP-15": 10,
    }


def test_the_gentle_steps_are_those_of_the_facts_and_feathering():
    gentle = [int(step.id[-2:]) for step in TABLES.steps if step.gentle]

    assert gentle == [1, 2, 3, 7, 11, 14, 18, 15]


def test_only_cloth_that_is_there_covers_a_place():
    covered = {
        coverage: {key for key, area in TABLES.areas.items() if coverage in area.covered}
        for coverage in Coverage
    }

    assert covered[Coverage.CLOTHED] == set(TABLES.areas)
    assert covered[Coverage.TOWEL] == {"buttocks"}
    assert covered[Coverage.PARTLY] == {
        *("buttocks", "thigh_back", "thigh_front", "calves", "knee_shin"),
    }


def test_what_is_reached_of_who_lies_on_the_back_is_what_the_design_names():
    assert {key for key, area in TABLES.areas.items() if area.on_back} == {
        *("scalp", "face", "jaw", "hands", "forearm", "upper_arm", "calves", "knee_shin", "feet"),
    }
    assert {key for key, area in TABLES.areas.items() if area.dry} == {"scalp", "face", "jaw"}


@pytest.mark.parametrize(
    ("allergen", "products"),
    [
        ("tree_nut", {"O-05", "O-06", "O-13", "O-14", "O-15", "O-17"}),
        ("peanut", {"O-10", "O-17"}),
        ("sesame", {"O-09"}),
        ("wheat", {"O-11"}),
        ("latex_fruit", {"O-12"}),
        ("coconut", {"O-03", "O-07"}),
        ("olive_pollen", {"O-08"}),
        ("sunflower_seed", {"O-01"}),
        ("lanolin", {"O-17"}),
        ("fragrance", {"O-17"}),
        ("preservative", {"O-17"}),
    ],
)
def test_an_allergen_is_on_every_product_that_holds_it(allergen, products):
    assert {oil.id for oil in TABLES.oils.values() if allergen in oil.allergens} == products


def test_the_picker_starts_as_the_facts_say():
    oils = TABLES.oils

    assert {o.id for o in oils.values() if o.suggested} == {"O-01", "O-02", "O-03", "O-17"}
    assert {o.id for o in oils.values() if not o.offered} == {"O-10", "O-15"}
    assert {o.id for o in oils.values() if not o.sensitive_ok} == {"O-08"}
    assert {o.id for o in oils.values() if not o.spot_prone_ok} == {"O-07", "O-11"}
    assert {o.id for o in oils.values() if o.latex_safe} == {"O-18"}
    assert {o.id for o in oils.values() if not o.on_skin} == {"O-18"}


def test_a_cuddle_needs_both():
    assert {a.id for a in TABLES.aftercare.values() if a.both} == {"AC-06"}


def test_every_adaptation_is_asked_for_by_a_row():
    used = {name for row in TABLES.health for c in row.cases for name in c.adaptations}

    assert used == set(TABLES.adaptations)


def test_candle_lines_carry_the_fire_rules():
    flames = [row for row in BIRTHS["materials"] if row.flame]

    assert [row.id for row in flames] == ["F-01", "F-02", "F-03", "F-04", "F-05"]
    assert TABLES.candle == tuple(row.key for row in flames)


# Health: every row can be reached, and leads where the facts say


def test_every_row_is_reached_from_a_statement():
    reached = {row.id for row in TABLES.health for c in row.cases if c.key in STATEMENTS}
    fed = {
        row.id for row in TABLES.health for c in row.cases if c.key in STATEMENTS_OF_OTHER_TOPICS
    }

    assert reached | fed == set(HEALTH)
    assert fed == {"H-52", "H-53", "H-56", "H-57"}


def test_every_statement_leads_to_a_row():
    used = {c.key for row in TABLES.health for c in row.cases}

    assert used == set(STATEMENTS) | set(STATEMENTS_OF_OTHER_TOPICS)


def test_a_question_that_another_opens_comes_after_it():
    seen: set[str] = set()
    for question in TABLES.questions:
        assert question.opens is None or question.opens in seen
        seen |= {statement.key for statement in question.statements}


ACTIONS = {
    Action.URGENT: {"H-05", "H-07", "H-22", "H-44"},
    Action.BLOCK: {"H-56", "H-57"},
    Action.POSTPONE: {
        *("H-01", "H-02", "H-03", "H-04", "H-08", "H-13", "H-35", "H-51", "H-52", "H-53"),
        *("H-59", "H-66"),
    },
    Action.ASK_FIRST: {
        *("H-06", "H-10", "H-11", "H-15", "H-16", "H-19", "H-20", "H-25", "H-26", "H-27"),
        *("H-28", "H-31", "H-33", "H-36", "H-41", "H-45", "H-55"),
        *("H-62", "H-63", "H-64"),
    },
    Action.AVOID_AREA: {
        *("H-09", "H-12", "H-14", "H-17", "H-18", "H-29", "H-30", "H-34", "H-38", "H-40"),
        *("H-42", "H-43", "H-47", "H-60"),
    },
    Action.LIGHT_ONLY: {"H-23", "H-24", "H-46", "H-54", "H-58"},
    Action.ADAPT: {"H-21", "H-32", "H-37", "H-39", "H-48", "H-49", "H-50", "H-61", "H-65"},
}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_strictest_case_of_a_row_asks_for_what_the_facts_say(action):
    strictest = {row.id for row in TABLES.health if min(c.action for c in row.cases) is action}

    assert strictest == ACTIONS[action]


BOTH_ROWS = {
    *("H-01", "H-02", "H-03", "H-04", "H-05", "H-07", "H-08", "H-37", "H-38", "H-39"),
    *("H-19", "H-51", "H-56", "H-57", "H-64", "H-66"),
}
"""H-19 too: with a pregnant giver, scent stays out of the room as well (R-14)."""


def test_a_row_is_about_whom_the_facts_say():
    who = {row.id: {part for c in row.cases for part in c.who} for row in TABLES.health}

    assert {row for row, parts in who.items() if parts == set(BOTH)} == BOTH_ROWS
    assert {row for row, parts in who.items() if parts == {Role.GIVER}} == {"H-52", "H-53"}


@pytest.mark.parametrize(
    ("row", "key", "cap"),
    [
        ("H-06", "clot_limb", 2),
        ("H-06", "clot_other", 2),
        ("H-15", "bleeding_disorder", 1),
        ("H-16", "blood_thinners", 2),
        ("H-20", "pregnant", 2),
        ("H-26", "cancer", 2),
        ("H-26", "cancer_places", 2),
        ("H-27", "fragile_bone", 1),
        ("H-31", "heart", 2),
        ("H-31", "bp_controlled", 3),
        ("H-46", "fragile_skin", 1),
        ("H-54", "pain_numbing", 1),
        ("H-55", "infection_risk", 1),
        ("H-16", "aspirin_daily", 2),
        ("H-26", "cancer_past", 2),
        ("H-27", "osteoporosis", 1),
        ("H-31", "heart_steady", 2),
        ("H-59", "pain_wide", 1),
        ("H-63", "sickle_cell", 1),
    ],
)
def test_a_general_cap_is_as_low_as_the_facts_say(row, key, cap):
    assert case(row, key).cap == cap


def test_no_other_case_has_a_general_cap():
    capped = {row.id for row in TABLES.health for c in row.cases if c.cap < Level.STRONG}

    assert capped == {
        *("H-06", "H-15", "H-16", "H-19", "H-20", "H-26", "H-27", "H-31", "H-46", "H-54", "H-55"),
        *("H-59", "H-63"),
    }


CLOSING_PLACES = {
    *("skin_small", "wound_small", "clot_limb", "acute_injury", "fracture", "surgery_wound"),
    *("new_scar", "burn_small", "bruise", "varicose", "vein_inflamed", "cancer_places"),
    *("lymph_arm", "lymph_leg", "insulin_site", "numb_new", "eczema_sore", "devices"),
    *("spine_joint", "unexplained", "arthritis_flare", "skin_procedures"),
    *("touch_hurts", "radiotherapy"),
}


def test_named_places_close_or_are_capped():
    cases = [c for row in TABLES.health for c in row.cases]

    assert {c.key for c in cases if c.local is LocalEffect.CLOSE} == CLOSING_PLACES
    assert {c.key: c.local_cap for c in cases if c.local is LocalEffect.CAP} == {
        "numb_known": Level.LOTION,
        "eczema_calm": Level.SUNSCREEN,
        "numbing_cream": Level.LOTION,
        "pain_known": Level.SUNSCREEN,
    }


def test_whoever_is_asked_where_has_a_rule_about_places():
    where = {key for key, s in STATEMENTS.items() if s.detail is StatementDetail.WHERE}
    local = {
        c.key for row in TABLES.health for c in row.cases if c.local is not LocalEffect.NOTHING
    }

    assert where == local


def test_pregnancy_is_never_face_down_in_any_week():
    anywhere = case("H-19", "pregnant")

    assert anywhere.weeks is None
    assert Position.PRONE in anywhere.positions_out
    assert "belly" in anywhere.closes
    assert {"VIB", "TAP"} <= set(anywhere.techniques_out)
    assert "scent_free" in anywhere.adaptations


def test_pregnancy_weeks_are_those_of_the_design():
    assert case("H-20", "pregnant").weeks == (1, 13)
    assert case("H-21", "pregnant").weeks == (16, 42)
    assert case("H-21", "pregnant").positions_out == (Position.PRONE, Position.BACK)
    assert case("H-19", "pregnant").clearance_days == 28
    assert case("H-20", "pregnant").clearance_days == 28


def test_other_clearances_hold_for_three_months():
    cases = [c for row in TABLES.health for c in row.cases if row.id not in ("H-19", "H-20")]

    assert {c.clearance_days for c in cases} == {92}


@pytest.mark.parametrize(("row", "key"), [("H-23", "pregnant"), ("H-25", "postpartum")])
def test_legs_stay_light_while_clots_come_easily(row, key):
    assert case(row, key).caps == dict.fromkeys(LEGS, Level.LOTION)


def test_pregnancy_points_are_never_pressed():
    points = case("H-24", "pregnant")

    assert points.caps == dict.fromkeys(("feet", "hands", "shoulder_tops"), Level.SUNSCREEN)
    assert points.techniques_out == ("COM",)


@pytest.mark.parametrize(
    ("key", "days"),
    [("surgery", 92), ("surgery_front", 92), ("eye_operation", 92), ("postpartum", 42)],
)
def test_what_is_long_ago_falls_silent(key, days):
    cases = [c for row in TABLES.health for c in row.cases if c.key == key]

    assert [c.days for c in cases] == [days]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("H-11", "surgery_front"),
        ("H-19", "pregnant"),
        ("H-28", "lymph_leg"),
        ("H-33", "aneurysm"),
        ("H-34", "hernia"),
        ("H-40", "device_front"),
        ("H-48", "full_stomach"),
    ],
)
def test_the_belly_closes(row, key):
    assert "belly" in case(row, key).closes


@pytest.mark.parametrize(
    ("row", "key", "positions"),
    [
        ("H-11", "surgery_front", {Position.PRONE}),
        ("H-40", "device_front", {Position.PRONE}),
        ("H-62", "glaucoma", {Position.PRONE}),
        ("H-62", "eye_operation", {Position.PRONE}),
        ("H-48", "full_stomach", {Position.SIDE, Position.BACK, Position.PRONE}),
        ("H-51", "trauma", {Position.SIDE, Position.BACK, Position.PRONE}),
    ],
)
def test_a_position_is_taken_out(row, key, positions):
    assert set(case(row, key).positions_out) == positions


@pytest.mark.parametrize(
    ("row", "key", "part", "techniques"),
    [
        ("H-06", "clot_limb", Role.RECEIVER, {"TAP"}),
        ("H-16", "blood_thinners", Role.RECEIVER, {"TAP"}),
        ("H-32", "dizzy_low_bp", Role.RECEIVER, {"VIB"}),
        ("H-45", "back_pain_new", Role.RECEIVER, {"VIB"}),
        ("H-50", "ticklish", Role.RECEIVER, {"FEA"}),
        ("H-59", "pain_wide", Role.RECEIVER, {"PET", "FRI", "TAP"}),
        ("H-61", "light_touch", Role.RECEIVER, {"FEA", "EFF"}),
        ("H-46", "fragile_skin", Role.RECEIVER, set(TABLES.techniques) - {"HOLD"}),
        ("H-04", "wound_small_hand", Role.GIVER, set(TABLES.techniques) - {"HOLD", "EFF"}),
        ("H-52", "hands_sore", Role.GIVER, set(TABLES.techniques) - {"HOLD", "EFF"}),
    ],
)
def test_a_technique_is_taken_out(row, key, part, techniques):
    assert set(case(row, key, part).techniques_out) == techniques


@pytest.mark.parametrize(
    ("row", "key", "adaptations"),
    [
        ("H-19", "pregnant", {"scent_free"}),
        ("H-21", "pregnant", {"pillows"}),
        ("H-27", "fragile_bone", {"no_pulling"}),
        ("H-29", "diabetes", {"look_first", "snack_near"}),
        ("H-31", "bp_controlled", {"rise_slowly"}),
        ("H-32", "dizzy_low_bp", {"rise_slowly"}),
        ("H-36", "epilepsy", {"steady_light", "scent_free"}),
        ("H-37", "scent_sensitive", {"scent_free"}),
        ("H-38", "eczema_sore", {"scent_free", "week_test"}),
        ("H-38", "eczema_calm", {"scent_free", "week_test"}),
        ("H-39", "allergies", {"read_label"}),
        ("H-40", "devices", {"no_heat"}),
        ("H-41", "spine_joint", {"no_pulling"}),
        ("H-46", "fragile_skin", {"scent_free"}),
        ("H-49", "period", {"ask_each_area"}),
        ("H-50", "ticklish", {"broad_hand"}),
        ("H-51", "trauma", {"shorter", "stay_clothed", "ask_each_area", "more_check_ins"}),
        ("H-55", "infection_risk", {"fully_well"}),
        ("H-61", "light_touch", {"broad_hand"}),
        ("H-65", "heat_worse", {"no_heat"}),
    ],
)
def test_an_adaptation_is_asked_for(row, key, adaptations):
    assert set(case(row, key).adaptations) == adaptations


def test_fragile_bones_get_no_pressure_where_they_break():
    zero = {"spine", "flanks", "upper_chest", "sacrum", "buttocks", "forearm"}

    assert case("H-27", "fragile_bone").caps == dict.fromkeys(zero, Level.STILL)


@pytest.mark.parametrize(
    ("key", "quarter"),
    [
        ("lymph_arm", {"shoulder_tops", "shoulder_blades", "mid_back", "flanks", "upper_chest"}),
        ("lymph_leg", {"low_back", "flanks", "sacrum", "buttocks", "belly"}),
    ],
)
def test_lymphoedema_closes_the_quarter_of_the_trunk(key, quarter):
    assert quarter <= set(case("H-28", key).closes)


# Unchangeable, and read once


def test_tables_are_read_once():
    assert load_tables() is load_tables()


def test_tables_cannot_be_changed():
    areas = cast("dict[str, Any]", TABLES.areas)
    caps = cast("dict[str, Any]", case("H-23", "pregnant").caps)

    with pytest.raises(TypeError):
        areas["calves"] = None
    with pytest.raises(TypeError):
        caps["calves"] = Level.MEDIUM
    with pytest.raises(FrozenInstanceError):
        TABLES.areas["calves"].max = Level.MEDIUM  # type: ignore[misc]


# Broken tables


def broken(tmp_path, file, old, new):
    """A copy of the tables in which ``old`` became ``new`` once."""
    for path in CONTENT_FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidTable) as caught:
        load_tables(tmp_path)
    assert caught.value.facts["file"] == file
    return caught.value.facts


@pytest.mark.parametrize(
    ("file", "row", "old", "new"),
    [
        ("areas.toml", "M-01", 'region = "head"', 'regoin = "head"'),
        ("areas.toml", "M-01", 'region = "head"', 'region = "hed"'),
        ("areas.toml", "M-01", 'region = "head"\n', ""),
        ("areas.toml", "M-01", "max = 2", "max = 5"),
        ("areas.toml", "M-01", "max = 2", 'max = "2"'),
        ("areas.toml", "M-01", '"face"', '"fase"'),
        ("areas.toml", "M-02", 'neighbours = ["nape", "face"]', 'neighbours = ["face"]'),
        ("areas.toml", "M-01", '"nape", "face"', '"nape", "face", "feet"'),
        ("areas.toml", "M-01", '["front", "back"]', '["front", "top"]'),
        ("areas.toml", "M-01", '["HOLD", "EFF", "FRI"]', '["HOLD", "EFF", "FRY"]'),
        ("areas.toml", "M-01", 'techniques = ["HOLD", "EFF", "FRI"]', "techniques = []"),
        ("areas.toml", "M-01", "reviewed = 2026-11-30", 'reviewed = "soon"'),
        ("areas.toml", "M-01", 'mark = "known"', 'mark = "sure"'),
        ("areas.toml", "M-01", 'source = ["GK"]', "source = []"),
        ("areas.toml", "M-01", 'id = "M-02"', 'id = "M-01"'),
        ("areas.toml", "M-03", "max = 3", "max = 4"),
        ("areas.toml", "rows", "[[row]]", "[[rows]]"),
        ("areas.toml", "", "[[row]]", "[[row"),
        ("techniques.toml", "HOLD", "lowest = 0", "lowest = 2"),
        ("techniques.toml", "HOLD", "on = true", "on = 1"),
        ("strokes.toml", "ST-01", 'technique = "HOLD"', 'technique = "HELD"'),
        ("strokes.toml", "ST-01", "spots = [[0, 0.5]]", "spots = [[0, 1.5]]"),
        ("strokes.toml", "ST-01", "spots = [[0, 0.5]]\n", ""),
        ("strokes.toml", "ST-01", "[0.4, 0.3]", "[0, 0.3]"),
        ("strokes.toml", "ST-01", "[0.4, 0.3]", "[0.4, 1.3]"),
        ("strokes.toml", "ST-01", "[1, 0.18]]", "[0.9, 0.18]]"),
        ("strokes.toml", "ST-01", "in = 4, out = 6", "in = 4, out = 5"),
        ("strokes.toml", "ST-01", "breath = [4, 6]", "breath = [4, 7]"),
        ("strokes.toml", "ST-01", "moments = [0.1, 2.2", "moments = [2.4, 2.2"),
        ("strokes.toml", "ST-01", "period = 10", "period = 0"),
        ("strokes.toml", "ST-01", 'hand = "flat"', 'hand = "fist"'),
        ("strokes.toml", "ST-02", 'sore = "still"', 'sore = "stil"'),
        ("strokes.toml", "ST-03", 'alone = "along"', 'alone = "passing"'),
        ("strokes.toml", "ST-10", '["spine", "low_back"', '["spin", "low_back"'),
        ("strokes.toml", "ST-11", "move = 1", "move = 15"),
        ("steps.toml", "share", "share = 12", "share = 13"),
        ("steps.toml", "short", "short = 40", "short = 41"),
        ("steps.toml", "STEP-01", "share = 5", "share = -5"),
        ("steps.toml", "middle", "middle = 22", "middle = 23"),
        ("steps.toml", "STEP-01", '"mid_back", "sacrum"', '"mid_back", "spine"'),
        ("steps.toml", "STEP-01", '"mid_back", "sacrum"', '"mid_back", "sacrun"'),
        ("steps.toml", "STEP-01", '"Q-05"', '"Q-50"'),
        ("steps.toml", "STEP-03", 'giver = "head"', 'giver = "feet"'),
        ("steps.toml", "STEP-04", 'stroke = "passing"', 'stroke = "past"'),
        ("steps.toml", "STEP-01", '["HOLD"]', '["HELD"]'),
        ("steps.toml", "STEP-01", "lowest = 0", "lowest = 1"),
        ("steps.toml", "STEP-01", 'side = "both"', 'side = "bth"'),
        ("oils.toml", "sunflower", 'key = "jojoba"', 'key = "sunflower"'),
        ("oils.toml", "O-01", "suggested = true\n", ""),
        ("aftercare.toml", "AC-01", '["receiver"]', '["reciever"]'),
        ("prompts.toml", "Q-01", "answers =", "anwsers ="),
        ("health.toml", "H-01", 'action = "postpone"', 'action = "posptone"'),
        ("health.toml", "H-01", 'action = "postpone"', "action = 3"),
        ("health.toml", "H-01", 'action = "postpone"', 'acton = "postpone"'),
        ("health.toml", "H-01", '{ key = "fever",', '{ key = "fevre",'),
        ("health.toml", "H-03", 'adaptations = ["covers_stay"]', 'adaptations = ["cover_stay"]'),
        ("health.toml", "H-03", 'local = "close"', 'local = "clos"'),
        ("health.toml", "H-11", "days = 92", "days = 0"),
        ("health.toml", "H-15", "cap = 1", "cap = 7"),
        ("health.toml", "H-15", "cap = 1", 'cap = 1, local = "close"'),
        ("health.toml", "H-15", "cap = 1", "cap = 1, days = 3"),
        ("health.toml", "H-15", "cap = 1", "cap = 1, weeks = [1, 2]"),
        ("health.toml", "H-15", "cap = 1", "cap = 1, clearance_days = 0"),
        ("health.toml", "H-20", "weeks = [1, 13]", "weeks = [13, 1]"),
        ("health.toml", "H-19", 'closes = ["belly"]', 'closes = ["bely"]'),
        ("health.toml", "H-19", 'techniques_out = ["VIB", "TAP"]', 'techniques_out = ["TIP"]'),
        ("health.toml", "H-11", 'positions_out = ["prone"]', 'positions_out = ["belly"]'),
        ("health.toml", "H-24", "hands = 2", "hand = 2"),
        ("health.toml", "H-24", "hands = 2", "hands = 9"),
        ("health.toml", "alarm", '{ key = "clot_signs" }', '{ key = "clot_signs", detial = "x" }'),
        ("health.toml", "fever", '{ key = "fever" }', '{ key = "fever" }, { key = "fever" }'),
        ("health.toml", "new", '{ key = "fever" }', '{ key = "fever" }, { key = "new" }'),
        ("health.toml", "pregnancy_signs", 'opens = "pregnant"', 'opens = "pregnat"'),
        ("choices.toml", "IN-01", 'key = "unwind"', 'kee = "unwind"'),
        ("choices.toml", "unwind", 'key = "calm_together"', 'key = "unwind"'),
        ("choices.toml", "IN-01", 'id = "IN-02"', 'id = "IN-01"'),
        ("choices.toml", "wish", "[[wishes]]", "[[wish]]"),
    ],
)
def test_a_broken_table_names_its_file_and_row(tmp_path, file, row, old, new):
    facts = broken(tmp_path, file, old, new)

    assert facts["row"] == row
    assert facts["why"]


def test_a_case_for_the_same_statement_and_part_stands_once(tmp_path):
    line = '  { key = "fever", who = ["receiver", "giver"], action = "postpone" },\n'

    facts = broken(tmp_path, "health.toml", line, line + line.replace("postpone", "adapt"))

    assert facts["row"] == "H-01"


def test_a_missing_table_is_named(tmp_path):
    for path in CONTENT_FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "oils.toml").unlink()

    with pytest.raises(InvalidTable) as caught:
        load_tables(tmp_path)

    assert caught.value.facts["file"] == "oils.toml"


def test_every_list_has_something_to_choose():
    for name in CHOICE_LISTS:
        assert getattr(TABLES, name)

"""A body map and a list that always say the same, whoever of them was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profiles import scaled
from tests.strategies import TABLES
from tests.ui.forms.shelf import FELT, FORMS, SAY, form_context
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.learning import Debrief
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.seats import Role
from workbook.ui.areas import AreaLayer, AreaMarks, make_map_places
from workbook.ui.forms.debrief import DebriefForm
from workbook.ui.forms.limits import LimitsForm
from workbook.ui.widgets.body_map import BodyMap

AREAS = TABLES.areas.values()
OPEN_TO_ANSWERS = [area for area in AREAS if area.choosable]
BRUSHES = [
    {"key": "open", "label": "Open", "look": "solid"},
    {"key": "no", "label": "No", "look": "hatch"},
]


def shown(*layers: str, sided: bool = True) -> AreaMarks:
    layers = layers or ("areas",)
    return AreaMarks(
        SAY,
        print,
        AREAS,
        BRUSHES,
        [AreaLayer(key=key, title="Where?", listed="A list") for key in layers],
        sided=sided,
    )


def rows(asked: AreaMarks) -> dict[str, str]:
    return {row["key"]: row["label"] for row in asked._lists["areas"].questions[0]["rows"]}


def test_the_list_answers_for_both_sides():
    asked = shown()

    asked._lists["areas"].answers = {"areas": {"calves": "open", "nape": "no"}}

    assert asked.marks == {"areas": {"calves.left": "open", "calves.right": "open", "nape": "no"}}
    assert asked._map.marks == asked.marks


def test_sides_told_apart_on_the_map_have_rows_of_their_own_from_then_on():
    asked = shown()

    asked._map.marks = {"areas": {"calves.left": "open"}}

    assert "calves" not in rows(asked)
    assert rows(asked)["calves.left"] == "Left calf"
    assert asked._lists["areas"].answers == {"areas": {"calves.left": "open"}}
    asked._map.marks = {"areas": {"calves.left": "open", "calves.right": "open"}}
    assert "calves.right" in rows(asked)  # a list that jumps back and forth would be worse
    asked._lists["areas"].answers = {"areas": {"calves.left": "open", "calves.right": "no"}}
    assert asked.marks == {"areas": {"calves.left": "open", "calves.right": "no"}}


@settings(max_examples=scaled(60), deadline=None)
@given(
    marks=st.dictionaries(
        st.sampled_from([part for area in OPEN_TO_ANSWERS for part in area.parts]),
        st.sampled_from(["open", "no"]),
    )
)
def test_whatever_the_map_says_the_list_says_too(marks):
    asked = shown()

    asked._map.marks = {"areas": marks}

    assert asked.marks == {"areas": marks}
    apart = asked._lists["areas"].answers.get("areas", {})
    for area in OPEN_TO_ANSWERS:
        said = {part: apart.get(part, apart.get(area.key)) for part in area.parts}
        assert said == {part: marks.get(part) for part in area.parts}


@pytest.mark.parametrize("part", ["spine", "breast.left", "nobody", "calves.middle"])
def test_a_mark_where_none_may_be_is_not_taken(part):
    asked = shown()

    asked._map.marks = {"areas": {part: "open", "nape": "open"}, "nobody": {"nape": "open"}}

    assert asked.marks == {"areas": {"nape": "open"}}


def test_a_mark_that_there_is_not_is_not_taken():
    asked = shown()

    asked._map.marks = {"areas": {"nape": "deep"}}

    assert asked.marks == {"areas": {}}


def test_every_area_has_a_place_with_what_to_know_about_it():
    found = {place["key"]: place for place in make_map_places(AREAS, SAY)}

    assert list(found) == list(TABLES.areas)
    assert all(place["note"] for place in found.values())
    assert {key for key, place in found.items() if "shut" in place} == {
        area.key for area in AREAS if not area.choosable
    }


def test_marks_that_are_none_at_all_leave_what_there_was():
    asked = shown("receiving", "giving")
    asked._map.marks = {"receiving": {"nape": "open"}, "giving": {"feet.left": "no"}}

    asked._map.marks = {"receiving": {"nape": "no"}, "giving": "open"}
    assert asked.marks == {"receiving": {"nape": "no"}, "giving": {"feet.left": "no"}}
    asked._map.marks = {"giving": {}}
    assert asked.marks == {"receiving": {"nape": "no"}, "giving": {}}


def test_the_list_is_shown_once_the_switch_asks_for_it_and_for_the_layer_on_the_map():
    asked = shown("receiving", "giving")
    assert asked.children == (asked._map,)

    asked._map.listed = True
    assert [each.layout.display for each in asked.children[1:]] == [None, "none"]
    asked._map.layer = "giving"
    assert [each.layout.display for each in asked.children[1:]] == ["none", None]
    asked._map.listed = False
    assert [each.layout.display for each in asked.children[1:]] == ["none", "none"]


# The forms ---------------------------------------------------------------------------------


def test_limits_painted_on_one_side_are_the_value():
    form = FORMS["limits"]()

    form._marks._map.marks = {
        "receiving": {"calves.left": "open", "calves.right": "not_tonight"},
        "giving": {},
    }
    form._marks._lists["giving"].answers = {"giving": {"nape": "another_evening"}}

    assert form.value == AreaAnswers(
        receiving={"calves.left": AreaMark.OPEN, "calves.right": AreaMark.NOT_TONIGHT},
        giving={"nape": AreaMark.ANOTHER_EVENING},
    )


def test_another_answer_in_the_list_does_not_even_out_two_sides():
    form = FORMS["limits"]()
    form.set_value(
        AreaAnswers({"calves.left": AreaMark.OPEN, "calves.right": AreaMark.NOT_TONIGHT})
    )
    listed = form._marks._lists["receiving"]

    listed.answers = {"receiving": {**listed.answers["receiving"], "nape": "open"}}

    assert form.value.receiving == {
        "calves.left": AreaMark.OPEN,
        "calves.right": AreaMark.NOT_TONIGHT,
        "nape": AreaMark.OPEN,
    }


@pytest.mark.parametrize(
    ("roles", "layers"),
    [
        (set(), ["receiving", "giving"]),
        (set(Role), ["receiving", "giving"]),
        ({Role.RECEIVER}, ["receiving"]),
        ({Role.GIVER}, ["giving"]),
    ],
)
def test_only_the_roles_of_tonight_are_asked_about_and_the_other_answers_stay(roles, layers):
    value = AreaAnswers({"nape": AreaMark.OPEN}, {"scalp": AreaMark.NOT_TONIGHT})
    form = FORMS["limits"](value=value)

    form.ask_roles(frozenset(roles))

    assert [each["key"] for each in form._marks._map.layers] == layers
    assert form._marks._map.layer == layers[0]
    form._marks._map.marks = {**form._marks._map.marks, layers[0]: {}}
    assert form.value == replace(value, **{layers[0]: {}})


def test_what_a_button_would_mark_is_marked_by_nothing_else():
    form = FORMS["limits"]()
    suggested, same = form._marks._map.offers

    assert form.value == AreaAnswers()
    known = {part for area in OPEN_TO_ANSWERS for part in area.parts}
    assert suggested["marks"]
    assert suggested["marks"].keys() <= known
    assert set(suggested["marks"].values()) == {AreaMark.OPEN}
    assert (same["layer"], same["into"]) == ("receiving", "giving")


def test_a_softer_place_painted_counts_for_the_whole_area():
    form = FORMS["pressure"](value=PressureAnswers(overall=Level.MEDIUM))

    form._areas._map.marks = {"areas": {"calves": "LOTION"}}

    assert form.value == PressureAnswers(overall=Level.MEDIUM, areas={"calves": Level.LOTION})
    assert form._areas._lists["areas"].answers == {"areas": {"calves": "LOTION"}}


def test_what_was_good_and_what_was_less_so_is_painted_or_ticked():
    form = DebriefForm(form_context(), Debrief(date(2026, 11, 20)), FELT)
    one, two = list(FELT)[:2]

    form._map.marks = {one: "less"}
    assert set(form.value.less) == {one}
    form._question_group.answers = {**form._question_group.answers, "more": [one, two]}
    assert form._map.marks == {one: "less", two: "more"}
    form._map.marks = {one: "less"}

    assert (set(form.value.more), set(form.value.less)) == ({one}, {one})


def test_where_nobody_was_touched_there_is_no_map():
    form = DebriefForm(form_context(), Debrief(date(2026, 11, 20)), {})

    assert form._map not in form.children


def test_every_mark_but_open_closes_a_place():
    [marks] = LimitsForm(form_context(), AreaAnswers()).children
    [body_map] = [each for each in marks.children if isinstance(each, BodyMap)]

    closes = {each["key"]: each["closes"] for each in body_map.brushes}

    assert closes == {mark.value: mark is not AreaMark.OPEN for mark in AreaMark}

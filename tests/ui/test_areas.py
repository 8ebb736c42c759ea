"""A body map and a list that always say the same, whoever of them was answered."""

from __future__ import annotations

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
from workbook.ui.areas import AreaMarks, make_map_places
from workbook.ui.forms.debrief import DebriefForm

AREAS = TABLES.areas.values()
OPEN_TO_ANSWERS = [area for area in AREAS if area.choosable]
BRUSHES = [
    {"key": "open", "label": "Open", "look": "solid"},
    {"key": "no", "label": "No", "look": "hatch"},
]


def shown(*, sided: bool = True) -> AreaMarks:
    return AreaMarks(
        SAY,
        print,
        AREAS,
        BRUSHES,
        key="areas",
        title="Where?",
        help="",
        listed="A list",
        sided=sided,
    )


def rows(asked: AreaMarks) -> dict[str, str]:
    return {row["key"]: row["label"] for row in asked._list.questions[0]["rows"]}


def test_the_list_answers_for_both_sides():
    asked = shown()

    asked._list.answers = {"areas": {"calves": "open", "nape": "no"}}

    assert asked.marks == {"calves.left": "open", "calves.right": "open", "nape": "no"}
    assert asked._map.marks == asked.marks


def test_sides_told_apart_on_the_map_have_rows_of_their_own_from_then_on():
    asked = shown()

    asked._map.marks = {"calves.left": "open"}

    assert "calves" not in rows(asked)
    assert rows(asked)["calves.left"] == "Left calf"
    assert asked._list.answers == {"areas": {"calves.left": "open"}}
    asked._map.marks = {"calves.left": "open", "calves.right": "open"}
    assert "calves.right" in rows(asked)  # a list that jumps back and forth would be worse
    asked._list.answers = {"areas": {"calves.left": "open", "calves.right": "no"}}
    assert asked.marks == {"calves.left": "open", "calves.right": "no"}


@settings(max_examples=scaled(60), deadline=None)
@given(
    marks=st.dictionaries(
        st.sampled_from([part for area in OPEN_TO_ANSWERS for part in area.parts]),
        st.sampled_from(["open", "no"]),
    )
)
def test_whatever_the_map_says_the_list_says_too(marks):
    asked = shown()

    asked._map.marks = marks

    assert asked.marks == marks
    apart = asked._list.answers.get("areas", {})
    for area in OPEN_TO_ANSWERS:
        said = {part: apart.get(part, apart.get(area.key)) for part in area.parts}
        assert said == {part: marks.get(part) for part in area.parts}


@pytest.mark.parametrize("part", ["spine", "breast.left", "nobody", "calves.middle"])
def test_a_mark_where_none_may_be_is_not_taken(part):
    asked = shown()

    asked._map.marks = {part: "open", "nape": "open"}

    assert asked.marks == {"nape": "open"}


def test_a_mark_that_there_is_not_is_not_taken():
    asked = shown()

    asked._map.marks = {"nape": "deep"}

    assert asked.marks == {}


def test_every_area_has_a_place_with_what_to_know_about_it():
    found = {place["key"]: place for place in make_map_places(AREAS, SAY)}

    assert list(found) == list(TABLES.areas)
    assert all(place["note"] for place in found.values())
    assert {key for key, place in found.items() if "shut" in place} == {
        area.key for area in AREAS if not area.choosable
    }


# The forms ---------------------------------------------------------------------------------


def test_limits_painted_on_one_side_are_the_value():
    form = FORMS["limits"]()

    form._question_group["receiving"]._map.marks = {
        "calves.left": "open",
        "calves.right": "not_tonight",
    }
    form._question_group["giving"]._list.answers = {"giving": {"nape": "another_evening"}}

    assert form.value == AreaAnswers(
        receiving={"calves.left": AreaMark.OPEN, "calves.right": AreaMark.NOT_TONIGHT},
        giving={"nape": AreaMark.ANOTHER_EVENING},
    )


def test_another_answer_in_the_list_does_not_even_out_two_sides():
    form = FORMS["limits"]()
    form.set_value(
        AreaAnswers({"calves.left": AreaMark.OPEN, "calves.right": AreaMark.NOT_TONIGHT})
    )
    listed = form._question_group["receiving"]._list

    listed.answers = {"receiving": {**listed.answers["receiving"], "nape": "open"}}

    assert form.value.receiving == {
        "calves.left": AreaMark.OPEN,
        "calves.right": AreaMark.NOT_TONIGHT,
        "nape": AreaMark.OPEN,
    }


def test_a_softer_place_painted_counts_for_the_whole_area():
    form = FORMS["pressure"](value=PressureAnswers(overall=Level.MEDIUM))

    form._areas._map.marks = {"calves": "LOTION"}

    assert form.value == PressureAnswers(overall=Level.MEDIUM, areas={"calves": Level.LOTION})
    assert form._areas._list.answers == {"areas": {"calves": "LOTION"}}


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

"""How a plan's drafts get their seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.strategies import TABLES
from workbook.domain.levels import Level
from workbook.rules.sequence import Draft
from workbook.rules.timing import time_drafts

STILL = Draft("arrive", ("mid_back.left",), "HOLD", Level.STILL, seconds=60)
GLIDE = Draft("warm_oil", ("mid_back.left",), "EFF", Level.LOTION, weight=95)
KNEAD = Draft("right_knead", ("shoulder_tops.right",), "PET", Level.SUNSCREEN, weight=5)


def seconds_of(drafts, technique):
    return sum(draft.seconds for draft in drafts if draft.technique == technique)


@pytest.mark.parametrize("total", [300, 600, 1800])
def test_kneading_has_its_share_of_the_whole_time_however_little_its_rows_give_it(total):
    least = TABLES.settings["work_percent"].default / 100

    timed = time_drafts((STILL, GLIDE, KNEAD, STILL), total, frozenset(), TABLES)

    assert seconds_of(timed, "PET") == pytest.approx(least * total, abs=1)
    assert sum(draft.seconds for draft in timed) == total


def test_where_rows_give_it_more_kneading_keeps_that():
    timed = time_drafts((GLIDE, replace(KNEAD, weight=95)), 600, frozenset(), TABLES)

    assert seconds_of(timed, "PET") == 300


def test_a_place_that_both_wished_for_has_half_as_much_again():
    more = replace(GLIDE, parts=("low_back.left",))

    timed = time_drafts((GLIDE, more), 500, frozenset({"low_back"}), TABLES)

    assert sum(draft.seconds for draft in timed if draft.parts == more.parts) == 300


def test_no_draft_is_too_short_to_be_followed():
    timed = time_drafts(
        (replace(GLIDE, weight=1000), replace(GLIDE, key="b", weight=1)), 100, frozenset(), TABLES
    )

    assert min(draft.seconds for draft in timed) == 25
    assert sum(draft.seconds for draft in timed) == 100


def test_where_every_time_is_fixed_the_last_one_has_what_is_left():
    close = replace(STILL, key="close", parts=("mid_back.right",), seconds=30)

    turn = replace(STILL, key="change_sides", seconds=20)

    timed = time_drafts((STILL, turn, close), 160, frozenset(), TABLES)

    assert [(draft.key, draft.seconds) for draft in timed] == [
        ("arrive", 60),
        ("change_sides", 20),
        ("close", 80),
    ]

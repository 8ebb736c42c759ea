"""Which wishes a round asks about, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TABLES
from workbook.rules.wishes import draw_wishes, is_round_due

SEEDS = st.binary(min_size=16, max_size=16)
TODAY = date(2026, 5, 3)


@given(SEEDS)
def test_a_round_leaves_three_out_and_keeps_the_order(seed):
    found = draw_wishes(TABLES.wishes, seed)

    assert len(found) == len(TABLES.wishes) - 3
    assert list(found) == [key for key in TABLES.wishes if key in found]
    assert found == draw_wishes(TABLES.wishes, seed)


def test_each_wish_is_asked_in_some_rounds_and_left_out_in_others():
    rounds = [draw_wishes(TABLES.wishes, number.to_bytes(16, "big")) for number in range(300)]

    for key in TABLES.wishes:
        times = sum(key in each for each in rounds)
        assert 170 < times < 270  # 218 of 300 on average


@pytest.mark.parametrize(
    ("days", "may"), [(0, False), (1, False), (6, False), (7, True), (8, True), (400, True),
                      (-1, False), (-6, False), (-7, True), (-400, True)]
)  # fmt: skip
def test_rounds_are_a_week_apart(days, may):
    assert is_round_due(TODAY, TODAY + timedelta(days=days), TABLES) is may
    assert is_round_due(None, TODAY, TABLES)

"""Drops of essential oil: rounded down, added up, and none where the rules say none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TABLES
from workbook.rules.essential_oils import MixVerdict, calculate_blend

RULES = {rule.id: rule for rule in TABLES.essential}
OILS = tuple(dict.fromkeys(oil for rule in TABLES.essential for oil in rule.oils))
OUT = {oil for rule in TABLES.essential if rule.out for oil in rule.oils}
LIMITS = {oil: limit for rule in TABLES.essential for oil, limit in rule.limits.items()}
CIRCUMSTANCES = tuple(c for rule in TABLES.essential for c in rule.circumstances)


@pytest.mark.parametrize(
    ("ml", "drops", "most"), [(15, 3, 6), (30, 6, 12), (10, 2, 4), (4, 0, 1), (2, 0, 0)]
)
def test_one_part_in_a_hundred_and_two_at_the_most(ml, drops, most):
    mixed = calculate_blend(["sweet_orange"], ml, [], TABLES)

    assert (mixed.most, mixed.mix) == (most, MixVerdict.FITS if most else MixVerdict.TOO_LITTLE)
    assert mixed.drops == drops


@pytest.mark.parametrize("rule", ["E-06", "E-10"])
def test_oils_that_are_out_are_out_in_any_bottle_and_any_mix(rule):
    for oil in RULES[rule].oils:
        for oils in ([oil], ["sweet_orange", oil]):
            mixed = calculate_blend(oils, 100, [], TABLES)

            assert (mixed.mix, mixed.drops, mixed.most) == (MixVerdict.OUT, 0, 0)
            assert rule in mixed.rules


@pytest.mark.parametrize("rule", ["E-04", "E-05", "E-11"])
def test_what_is_true_of_somebody_leaves_none(rule):
    for circumstance in RULES[rule].circumstances:
        mixed = calculate_blend(["sweet_orange"], 100, [circumstance], TABLES)

        assert (mixed.mix, mixed.most, mixed.rules) == (MixVerdict.NONE_TONIGHT, 0, (rule,))


@pytest.mark.parametrize(
    ("oil", "ml", "most"),
    [
        ("bergamot", 15, 1),
        ("bergamot", 12, 0),
        ("lime_pressed", 15, 2),
        ("angelica_root", 15, 2),
        ("bitter_orange", 15, 3),
        ("lemon_pressed", 15, 6),
        ("grapefruit", 15, 6),
        ("cumin", 50, 4),
        ("tagetes", 100, 0),
    ],
)
def test_an_oil_that_burns_in_the_sun_stays_below_its_limit(oil, ml, most):
    mixed = calculate_blend([oil], ml, [], TABLES)

    assert mixed.most == most
    assert mixed.mix is (MixVerdict.FITS if most else MixVerdict.TOO_LITTLE)
    assert mixed.sun


def test_what_burns_in_the_sun_adds_up_in_a_mix():
    mixed = calculate_blend(["bergamot", "lime_pressed"], 100, [], TABLES)

    # x / 0.4 + x / 0.7 = 1 percent of each at x = 0.254; 100 ml are 2,000 drops
    assert mixed.most == 5
    assert mixed.rules == ("E-07",)


def test_a_drop_is_not_lost_to_the_rounding_of_fractions_and_none_is_rounded_up():
    # 2 drops of each make exactly what skin bears; 0.99 of a drop is none.
    whole = calculate_blend(["bitter_orange", "lemon_pressed"], 13, [], TABLES)
    almost = calculate_blend(["cumin", "lemon_pressed", "lime_pressed"], 22, [], TABLES)

    assert (whole.most, almost.most) == (2, 0)


def test_several_oils_share_what_one_could_have():
    one = calculate_blend(["lavender"], 30, [], TABLES)
    three = calculate_blend(["lavender", "rose", "mandarin"], 30, [], TABLES)

    assert (one.drops, one.most) == (6, 12)
    assert (three.drops, three.most) == (2, 4)


@pytest.mark.parametrize("oil", RULES["E-08"].oils)
def test_oils_without_a_rule_about_the_sun_need_none(oil):
    assert not calculate_blend([oil], 15, [], TABLES).sun


@pytest.mark.parametrize("oil", RULES["E-09"].oils)
def test_gentle_names_are_tested_for_a_week_like_every_mix(oil):
    mixed = calculate_blend([oil], 15, [], TABLES)

    assert mixed.days == 7
    assert "E-09" in mixed.rules


@pytest.mark.parametrize(("oils", "ml"), [([], 15), (["rose"], 0), (["rose"], 101)])
def test_a_bottle_of_nothing_is_no_question(oils, ml):
    with pytest.raises(ValueError, match="oils or ml"):
        calculate_blend(oils, ml, [], TABLES)


# Rows that another review might bring


def with_row(rule, **changes):
    """The tables with one rule of essential oils changed."""
    rows = (replace(row, **changes) if row.id == rule else row for row in TABLES.essential)
    return replace(TABLES, essential=tuple(rows))


@pytest.mark.parametrize(("percent", "drops", "most"), [(0.5, 3, 3), (1.5, 6, 9), (4.0, 6, 12)])
def test_what_is_true_of_somebody_is_a_ceiling_for_the_usual_and_the_highest_share(
    percent, drops, most
):
    mixed = calculate_blend(["lavender"], 30, ["eczema"], with_row("E-04", percent=percent))

    assert (mixed.mix, mixed.drops, mixed.most) == (MixVerdict.FITS, drops, most)
    assert mixed.rules == ("E-04", "E-09")


def test_a_circumstance_that_says_no_share_allows_none():
    mixed = calculate_blend(["lavender"], 30, ["eczema"], with_row("E-04", percent=None))

    assert (mixed.mix, mixed.most) == (MixVerdict.NONE_TONIGHT, 0)


def test_without_a_highest_share_the_usual_one_is_the_highest():
    mixed = calculate_blend(["lavender"], 30, [], with_row("E-02", most=None))

    assert (mixed.drops, mixed.most) == (6, 6)


def test_where_less_than_a_drop_is_usual_none_is():
    mixed = calculate_blend(["lavender"], 4, [], with_row("E-02", most=3.0))

    assert (mixed.drops, mixed.most) == (0, 2)


def test_a_blend_that_no_rule_wants_tested_has_no_days():
    assert calculate_blend(["lavender"], 30, [], with_row("E-09", days=None)).days == 0


oils = st.lists(st.sampled_from(OILS), min_size=1, max_size=5, unique=True)
circumstances = st.lists(st.sampled_from(CIRCUMSTANCES), max_size=2, unique=True)


@given(oils, st.integers(1, 100), circumstances)
def test_no_mix_is_stronger_than_any_rule_allows(mix, ml, true):
    mixed = calculate_blend(mix, ml, true, TABLES)
    percent = mixed.most * 100 / (ml * 20)

    assert 0 <= mixed.drops <= mixed.most
    assert (mixed.most > 0) is (mixed.mix is MixVerdict.FITS)
    assert percent * len(mix) <= 2 + 1e-6
    assert mixed.drops * len(mix) * 100 / (ml * 20) <= 1 + 1e-6
    assert sum(percent / LIMITS[oil] for oil in mix if oil in LIMITS) <= 1 + 1e-6
    assert not (mixed.most and (OUT.intersection(mix) or true))


@given(oils, st.integers(1, 100), circumstances, st.sampled_from(CIRCUMSTANCES))
def test_one_more_circumstance_never_allows_more(mix, ml, true, more):
    assert (
        calculate_blend(mix, ml, [*true, more], TABLES).most
        <= calculate_blend(mix, ml, true, TABLES).most
    )

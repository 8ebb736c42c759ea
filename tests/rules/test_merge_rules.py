"""How a field is merged that states no rule: it goes by its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from workbook.domain.levels import Level
from workbook.domain.merging import ByKey, FirstOf, MergeRule, merge_by
from workbook.rules.three_way import merge_values, rules_of


def rules_of_a(hint):
    """The rule of the one field of a class that is made now: known ones are kept."""
    kind = dataclass(frozen=True)(type("Made", (), {"__annotations__": {"it": hint}}))
    return rules_of(kind)["it"]


@pytest.mark.parametrize(
    ("hint", "rule"),
    [
        (str, MergeRule.TEXTS),
        (str | None, MergeRule.TEXTS),
        (frozenset[str], MergeRule.MEMBERS),
        (frozenset[Level] | None, MergeRule.MEMBERS),
        (bool, MergeRule.LATER),
        (bool | None, MergeRule.LATER),
        (int, MergeRule.LATER),
        (date | None, MergeRule.LATER),
        (Level | None, MergeRule.LATER),
    ],
)
def test_a_field_without_a_rule_goes_by_its_type(hint, rule):
    assert rules_of_a(hint) is rule


@pytest.mark.parametrize(
    "hint", [list, tuple[str, ...], Mapping[str, int], str | int, bool | date, str | int | None]
)
def test_a_field_whose_type_has_no_rule_has_to_state_one(hint):
    with pytest.raises(TypeError, match=r"Made\.it"):
        rules_of_a(hint)


def test_each_key_by_itself_takes_the_stricter_of_two_changed_values():
    @dataclass(frozen=True)
    class Made:
        marks: Mapping[str, str | None] = field(
            metadata=merge_by(ByKey(FirstOf(("no", None, "yes"))))
        )

    base = Made({"a": "yes", "b": "yes", "c": "yes", "d": None})
    mine = Made({"a": "no", "b": "yes", "c": None, "d": "yes"})
    theirs = Made({"a": None, "b": "no", "c": "no", "d": "no"})

    assert merge_values(base, mine, theirs).marks == {"a": "no", "b": "no", "c": "no", "d": "no"}
    assert merge_values(base, theirs, mine).marks == {"a": "no", "b": "no", "c": "no", "d": "no"}

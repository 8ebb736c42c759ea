"""How a field is merged when two pages have changed it: stated beside the field.

A field of text, of a set, or of one value needs no statement: text keeps what both wrote,
a set takes each member by itself, and of one value the later holds. ``rules.three_way``
carries the rules out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MERGE_KEY = "merge"
"""Key of the rule in a field's metadata."""


class MergeRule(StrEnum):
    """A rule for a field; it decides only where both pages changed it, each in another way."""

    LATER = "later"
    """The value that is saved last."""
    SMALLER = "smaller"
    """The smaller value; None counts as the smallest."""
    MEMBERS = "members"
    """Of a set: each member by itself."""
    TEXTS = "texts"
    """Of text in several lines: both, the one saved first below the other."""
    LINES = "lines"
    """Of one line: both, side by side."""
    LOWER_LEVEL = "lower_level"
    """Of levels by key: the lower one; a level counts before none."""
    FIRMER = "firmer"
    """Of firmness by key: the larger number."""
    CONDITIONS = "conditions"
    """Of reported conditions by key: one that covers both."""
    CLEARANCES = "clearances"
    """Of clearances: those that both pages have, with the limits of both."""
    PATCH_TESTS = "patch_tests"
    """Of patch tests by product: a reaction stays, else the test is still to be read."""
    WITH_CLASS = "with_class"
    """Together with other fields, by the rule of the class in ``rules.three_way``."""


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Of two changed values the one that comes first in ``order``, the strictest first."""

    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ByKey:
    """Each key of a mapping by itself, by ``rule``; a missing key counts as None."""

    rule: FirstOf


MergeBy = MergeRule | FirstOf | ByKey

STRICTER_IF_YES = FirstOf((True, None, False))
"""For a question whose yes allows less."""


def merge_by(rule: MergeBy) -> Mapping[str, MergeBy]:
    """Return the metadata of a field that is merged by ``rule``."""
    return {MERGE_KEY: rule}

"""What a person answers about the areas of the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbook.domain.merging import ByKey, FirstOf, merge_by


class AreaMark(StrEnum):
    """An answer about an area; only ``OPEN`` is a yes, a missing answer is not tonight."""

    GENTLY_AROUND = "gently_around"
    """Not tonight, and its neighbours on that side at level 1 at most."""
    NOT_TONIGHT = "not_tonight"
    ANOTHER_EVENING = "another_evening"
    """Not tonight, and its owner wishes to be reminded of it on another evening."""
    OPEN = "open"


STRICTER_MARK = ByKey(
    FirstOf(
        (
            AreaMark.GENTLY_AROUND,
            AreaMark.NOT_TONIGHT,
            None,
            AreaMark.ANOTHER_EVENING,
            AreaMark.OPEN,
        )
    )
)
"""How marks of two pages are merged."""


class Side(StrEnum):
    """A side of the receiver's body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """One person's map, once as receiver and once as giver. Standing; asked "still true?".

    Keys are parts: ``"spine"`` for an area in the middle, ``"calves.left"`` and
    ``"calves.right"`` for one with two sides.
    """

    receiving: Mapping[str, AreaMark] = field(
        default_factory=dict, metadata=merge_by(STRICTER_MARK)
    )
    giving: Mapping[str, AreaMark] = field(default_factory=dict, metadata=merge_by(STRICTER_MARK))

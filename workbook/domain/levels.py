"""The pressure scale, and what a person answers about pressure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from workbook.domain.errors import InvalidAnswer
from workbook.domain.merging import FirstOf, MergeRule, merge_by
from workbook.domain.seats import Seat


class Level(IntEnum):
    """Pressure, lightest first, so that ``min`` is the rule (facts, section 3.4)."""

    STILL = 0
    LOTION = 1
    SUNSCREEN = 2
    MEDIUM = 3
    STRONG = 4
    """Above what is pressed at home: as a limit, none. Nobody can choose it."""


HOME_CAP = Level.MEDIUM
"""Nobody goes above this at home; firmer is a professional's (R-33)."""

HOME_LEVELS = tuple(level for level in Level if level <= HOME_CAP)
"""Levels that are pressed at home, lightest first."""

DUET_LEVELS = (Level.LOTION, Level.SUNSCREEN, Level.MEDIUM)
"""Levels that a pressure duet offers, each once."""


@dataclass(frozen=True, slots=True)
class PressureAnswers:
    """How firmly, in words that stand for levels.

    Raises:
        InvalidAnswer: if a level is above what is pressed at home.

    """

    overall: Level | None = field(default=None, metadata=merge_by(MergeRule.WITH_CLASS))
    """Receiver's ceiling wherever no area says otherwise; blank is a still hand."""
    areas: Mapping[str, Level] = field(
        default_factory=dict, metadata=merge_by(MergeRule.WITH_CLASS)
    )
    """Receiver's ceiling by area key, firmer or softer than ``overall``."""
    giving: Level | None = field(default=None, metadata=merge_by(FirstOf((None, *Level))))
    """What the giver is comfortable to give at most; blank is a still hand."""

    def __post_init__(self) -> None:
        firmest = max(self.areas.values(), default=None)
        said = {"overall": self.overall, "areas": firmest, "giving": self.giving}
        for field_name, level in said.items():
            if level is not None and level > HOME_CAP:
                raise InvalidAnswer(field=field_name)


@dataclass(frozen=True, slots=True)
class Duet:
    """How firm each one's hands are felt to be, tried on a forearm. A card of both."""

    firmer: Mapping[Seat, int] = field(default_factory=dict, metadata=merge_by(MergeRule.FIRMER))
    """By giver: so many levels firmer than they mean to be, negative for lighter. Whole
    numbers from -2 to 2; who has not tried is missing."""

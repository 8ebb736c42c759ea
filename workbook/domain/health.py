"""What the health questions take in, and what screening makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from workbook.domain.errors import InvalidAnswer
from workbook.domain.levels import Level
from workbook.domain.merging import MergeRule, merge_by
from workbook.domain.techniques import Position


class Action(IntEnum):
    """What a rule asks for, most restrictive first, so that ``min`` decides (facts, section 3)."""

    URGENT = 1
    BLOCK = 2
    POSTPONE = 3
    ASK_FIRST = 4
    AVOID_AREA = 5
    LIGHT_ONLY = 6
    ADAPT = 7
    OK = 8


MIN_BODY_CELSIUS, MAX_BODY_CELSIUS = 34, 43
"""What a thermometer can say of somebody at home, in degrees Celsius."""


@dataclass(frozen=True, slots=True)
class ReportedCondition:
    """One statement that is true for this person, with what its follow-ups asked.

    Raises:
        InvalidAnswer: if ``celsius`` is out of range.

    """

    where: frozenset[str] = frozenset()
    """Parts it concerns, for statements about a place; empty means "not said": everywhere."""
    last: date | None = None
    """Last day it was true, or the day it happened; None means it is so now."""
    week: int | None = None
    """Week of pregnancy, 1 to 42, on the date in ``told``."""
    told: date | None = None
    """Local date on which ``week`` was answered."""
    celsius: float | None = None
    """Temperature of the body as it was measured, in degrees Celsius, 34 to 43."""
    steady: bool | None = None
    """Whether it has been steady for a year or more; None: not said, which counts as no."""

    def __post_init__(self) -> None:
        if self.celsius is not None and not MIN_BODY_CELSIUS <= self.celsius <= MAX_BODY_CELSIUS:
            raise InvalidAnswer(field="celsius")


@dataclass(frozen=True, slots=True)
class Clearance:
    """A professional was asked about one rule and agreed, perhaps with limits.

    It opens the evening; it never lifts a cap or a closure.
    """

    rule: str
    """ID of the health row, such as ``"H-11"``."""
    on: date
    """Local date on which the professional agreed."""
    cap: Level = Level.STRONG
    """The professional's highest level; ``STRONG`` is no limit of theirs."""
    closed: frozenset[str] = frozenset()
    """Parts the professional wants left out."""


@dataclass(frozen=True, slots=True)
class HealthAnswers:
    """One person's answers to the health questions, confirmed for one local date."""

    asked: frozenset[str] = frozenset()
    """Keys of the questions that were answered, "none of these" included."""
    ticked: Mapping[str, ReportedCondition] = field(
        default_factory=dict, metadata=merge_by(MergeRule.CONDITIONS)
    )
    """By the key of the statement that is true."""
    clearances: tuple[Clearance, ...] = field(default=(), metadata=merge_by(MergeRule.CLEARANCES))
    on: date | None = field(default=None, metadata=merge_by(MergeRule.SMALLER))
    """The local date for which all this was said to be still true."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows for one part, receiving or giving."""

    action: Action = Action.OK
    cap: Level = Level.STRONG
    """Highest level anywhere."""
    caps: Mapping[str, Level] = field(default_factory=dict)
    """Highest level by part."""
    closed: frozenset[str] = frozenset()
    """Closed parts."""
    positions_out: frozenset[Position] = frozenset()
    techniques_out: frozenset[str] = frozenset()
    adaptations: frozenset[str] = frozenset()
    gentle: bool = False
    """Whether only the gentle steps of the sequence are taken."""
    in_gentle_evening: bool = False
    """Whether something stable leaves a gentle evening open, and nothing but that."""
    rows: tuple[str, ...] = ()
    """IDs of the rows that fired, for this person's eyes only."""
    ask_first: tuple[str, ...] = ()
    """IDs of the rows that still need a professional's word."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What the health rules make of one person's answers on one evening."""

    complete: bool = False
    """Whether every question was answered for this date; otherwise nothing is planned."""
    receiving: Effect = field(default_factory=Effect)
    giving: Effect = field(default_factory=Effect)

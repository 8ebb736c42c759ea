"""Where hands may go and how firmly: areas, levels, one person's share, both merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from workbook.domain.errors import InvalidAnswer
from workbook.domain.seats import Seat

MINUTES = range(5, 31)
"""Hands-on time of one turn, in whole minutes."""

SHORTEST = 5
"""What a blank answer about minutes means (design, section 10)."""


class Level(IntEnum):
    """Pressure, lightest first, so that ``min`` is the rule (facts, section 3.4)."""

    STILL = 0
    LOTION = 1
    SUNSCREEN = 2
    MEDIUM = 3
    STRONG = 4


HOME_CAP = Level.MEDIUM
"""Nobody goes above this unless the receiver asks, where the area allows it (R-33)."""


OFFERED = (Level.LOTION, Level.SUNSCREEN, Level.MEDIUM)
"""Levels that a pressure duet offers, each once."""


class Mark(StrEnum):
    """An answer about an area; only ``OPEN`` is a yes, a missing answer is not tonight."""

    NOT_TONIGHT = "not_tonight"
    ANOTHER_EVENING = "another_evening"
    """Not tonight, and its owner wishes to be reminded of it on another evening."""
    OPEN = "open"


class Side(StrEnum):
    """A side of the receiver's body."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    MIDDLE = "middle"


class Position(StrEnum):
    """How the receiver rests, the one nearest to ordinary life first."""

    CHAIR = "chair"
    SIDE = "side"
    PRONE = "prone"


class Pace(StrEnum):
    """How quickly hands move; slowest first."""

    VERY_SLOW = "very_slow"
    SLOW = "slow"
    STEADY = "steady"


class Coverage(StrEnum):
    """What stays covered, most covered first."""

    CLOTHED = "clothed"
    PARTLY = "partly"
    TOWEL = "towel"


class Part(StrEnum):
    """What a person does in a turn."""

    RECEIVER = "receiver"
    GIVER = "giver"


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """One person's map, once as receiver and once as giver. Standing; asked "still true?".

    Keys are parts: ``"spine"`` for an area in the middle, ``"calves.left"`` and
    ``"calves.right"`` for one with two sides.
    """

    receiving: Mapping[str, Mark] = field(default_factory=dict)
    giving: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PressureAnswers:
    """How firmly, in words that stand for levels."""

    overall: Level | None = None
    """Receiver's ceiling wherever no area says otherwise; blank is a still hand."""
    areas: Mapping[str, Level] = field(default_factory=dict)
    """Receiver's ceiling by area key, firmer or softer than ``overall``."""
    giving: Level | None = None
    """What the giver is comfortable to give at most; blank is a still hand."""


@dataclass(frozen=True, slots=True)
class Duet:
    """How firm each one's hands are felt to be, tried on a forearm. A card of both."""

    firmer: Mapping[Seat, int] = field(default_factory=dict)
    """By giver: so many levels firmer than they mean to be, negative for lighter. Whole
    numbers from -2 to 2; who has not tried is missing."""


@dataclass(frozen=True, slots=True)
class TechniqueAnswers:
    """Kinds of touch, pace and position; a technique not chosen is out everywhere."""

    techniques: frozenset[str] = frozenset()
    """Codes of ``techniques.toml`` this person says yes to, giving and receiving alike."""
    pace: Pace | None = None
    """Blank is very slow."""
    pauses: bool = False
    """Prefers a still moment between regions."""
    positions_out: frozenset[Position] = frozenset()
    """Positions that do not suit this person today; no reason is asked."""
    position: Position | None = None
    """As receiver, the position they would like; blank is the chair."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one person brings to one part of one turn: effects, and not one cause.

    Raises:
        InvalidAnswer: if ``minutes`` is out of range.

    """

    levels: Mapping[str, Level]
    """Highest level by part; a part not here is closed."""
    minutes: int
    """Hands-on time at most, in whole minutes, 5 to 30."""
    techniques: frozenset[str]
    """Codes of techniques that may be used."""
    positions: frozenset[Position]
    """Positions of the receiver that are possible."""
    position: Position = Position.CHAIR
    """The one wished for, if both can."""
    pace: Pace = Pace.VERY_SLOW
    coverage: Coverage = Coverage.CLOTHED
    check_every: int = 5
    """Longest time between two check-ins, in whole minutes, 2 to 5."""
    pauses: bool = False
    """Whether hands are still for a moment before each new region."""
    adaptations: frozenset[str] = frozenset()
    """Practical things in this turn, without a cause (keys of ``choices.toml``)."""

    def __post_init__(self) -> None:
        if self.minutes not in MINUTES:
            raise InvalidAnswer(field="minutes")


@dataclass(frozen=True, slots=True)
class Share:
    """All that leaves one person's lane when they press ready."""

    tonight: bool = False
    """Whether anything happens tonight. False looks the same from any cause."""
    receiving: Bounds | None = None
    """None: this person does not receive tonight."""
    giving: Bounds | None = None
    """None: this person does not give tonight."""
    products: frozenset[str] = frozenset()
    """IDs of ``oils.toml`` that suit this person's skin tonight; nothing (O-18) always does."""
    new_products: frozenset[str] = frozenset()
    """Those of ``products`` used for the first time: at most ten minutes."""
    scented: frozenset[str] = frozenset()
    """Those of ``products`` whose bottle has scent in it."""
    adaptations: frozenset[str] = frozenset()
    """Practical things for the partner to do, without a cause (keys of ``limits.toml``)."""
    intention: frozenset[str] = frozenset()
    """What this person would like the evening to be, as they chose to say it."""
    aftercare: tuple[str, ...] = ()
    """IDs of ``aftercare.toml``, at most four, wished for afterwards."""
    aftercare_minutes: int = 5


NOT_TONIGHT = Share()
"""The one neutral share: what the partner receives for any postponement."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Two shares merged for one turn: nothing outside this happens."""

    levels: Mapping[str, Level]
    """Highest level by part, both people's open parts only."""
    minutes: int
    positions: tuple[Position, ...]
    """Possible positions, the one wished for first."""
    techniques: frozenset[str]
    products: tuple[str, ...]
    """IDs of offered products, "nothing" always among them."""
    new_products: frozenset[str] = frozenset()
    pace: Pace = Pace.VERY_SLOW
    coverage: Coverage = Coverage.CLOTHED
    check_every: int = 5
    pauses: bool = False
    adaptations: frozenset[str] = frozenset()

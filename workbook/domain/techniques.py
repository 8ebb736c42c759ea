"""What a person answers about touch: techniques, pace, position and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

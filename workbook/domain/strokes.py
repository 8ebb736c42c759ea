"""One stroke of a massage as data: how hands are held, where they go and how fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workbook.domain.tables import Provenance

Curve = tuple[tuple[float, float], ...]
"""Points of (part of a round from 0 to 1, value), the times rising."""

Point = tuple[float, float]
"""A place in the box of a step's areas. First across: 0 is the inner edge, beside the spine, and
1 the outer one. Then along: 0 is the end nearest the head, 1 the farthest."""


class HandPart(StrEnum):
    """What part of a hand works."""

    FLAT = "flat"
    PALM = "palm"
    GRIP = "grip"
    """Between fingers and thumb."""
    PADS = "pads"
    TIPS = "tips"
    FOREARM = "forearm"


class HandsUsed(StrEnum):
    """How the two hands share the work."""

    TOGETHER = "together"
    IN_TURN = "in_turn"
    """Half a round apart."""
    ONE = "one"


class OilUse(StrEnum):
    """Whether a stroke slides on oil."""

    NEEDED = "needed"
    LITTLE = "little"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke(Provenance):
    """One stroke; drawings, guide, card, speech and bells are made from it.

    It has either ``path``, along which hands travel, or ``spots``, at which they stay.
    """

    key: str
    technique: str
    """Code of ``techniques.toml``."""
    hand: HandPart
    hands: HandsUsed
    period: float
    """Seconds of one round, above 0."""
    path: tuple[Point, ...] = ()
    loop: bool = False
    """Whether the path ends where it begins."""
    back: bool = False
    """Whether hands come back on the way they went."""
    firm: float = 1
    """Part of the path that is pressed; the rest is the light way back."""
    spots: tuple[Point, ...] = ()
    rounds: int = 1
    """Rounds on each spot."""
    radius: float = 0
    """Of the circles round a spot, in units of the drawing: about 4 mm each."""
    move: float = 0
    """Seconds of the way from one spot to the next."""
    pace: Curve = ()
    """How far along the path hands are, from 0 to 1."""
    pressure: Curve = ()
    """From 0, a feather, to 1, a full lean."""
    lift: Curve = ()
    """How far hands are off the skin; from one half on they no longer touch it."""
    grip: Curve = ()
    """How far fingers and thumb are closed, from 0 to 1."""
    turn: Curve = ()
    """Degrees by which the fingers point outward."""
    sway: float = 0
    """How far the body rocks, in units of the drawing."""
    breath: tuple[float, ...] = ()
    """Seconds of breathing in and out that a drawn ring follows."""
    beats: Mapping[str, float]
    """Seconds of each part of a round that is counted; together they are the period."""
    moments: tuple[float, float, float, float]
    """Seconds of the four still pictures."""
    oil: OilUse
    clothed: bool
    """Whether it works through clothes."""
    not_on: tuple[str, ...] = ()
    """Areas where it is not used."""
    alone: str = ""
    """Key of the stroke to use with one hand; blank if this one is done with one hand."""
    sore: str = ""
    """Key of the stroke that spares sore hands; blank if there is none."""

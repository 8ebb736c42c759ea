"""What a person answers about touch: techniques, pace, position and coverage."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from workbook.domain.merging import STRICTER_IF_YES, FirstOf, merge_by


class Position(StrEnum):
    """How the receiver rests, in the order in which one takes the place of another."""

    CHAIR = "chair"
    SIDE = "side"
    PRONE = "prone"
    BACK = "back"


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


class GentlerChoice(StrEnum):
    """Something gentler that anybody may choose; health leads to the same, so it tells no cause.

    Source: design ("Ask first", "No reason leaks")
    """

    GENTLE_EVENING = "gentle_evening"
    """As receiver: hands, forearms, scalp, feet and shoulder tops alone, at level 1."""
    PLAIN_STROKES = "plain_strokes"
    """As receiver: only the gentle steps of the sequence."""
    SEATED = "seated"
    """Only sitting, for either receiver."""
    EACH_NAMED = "each_named"
    """Every place is named before it is touched."""
    ASKED_MORE = "asked_more"
    """Questions come more often."""


@dataclass(frozen=True, slots=True)
class TechniqueAnswers:
    """Kinds of touch, pace and position; a technique not chosen is out everywhere."""

    techniques: frozenset[str] = frozenset()
    """Codes of ``techniques.toml`` this person says yes to as receiver."""
    pace: Pace | None = field(default=None, metadata=merge_by(FirstOf((None, *Pace))))
    """Blank is very slow."""
    pauses: bool = field(default=False, metadata=merge_by(STRICTER_IF_YES))
    """Prefers a still moment between regions."""
    positions_out: frozenset[Position] = frozenset()
    """As receiver, positions that do not suit this person today; no reason is asked."""
    position: Position | None = field(default=None, metadata=merge_by(FirstOf((None, *Position))))
    """As receiver, the position they would like; blank is the chair."""
    guarded: bool | None = field(default=None, metadata=merge_by(FirstOf((True, None, False))))
    """Whether a question that nobody answers softens, and a second one stills the hands."""
    giving: frozenset[str] = frozenset()
    """Codes this person says yes to as giver, once ``asked_apart``."""
    asked_apart: bool = field(default=False, metadata=merge_by(FirstOf((True, False))))
    """Whether giving was asked for by itself; in older answers ``techniques`` holds for both."""
    asks_less: bool = field(default=False, metadata=merge_by(FirstOf((False, True))))
    """As receiver, asked only at the start, before a firmer level and every five minutes."""
    gentler: frozenset[GentlerChoice] = frozenset()

    @property
    def for_giving(self) -> frozenset[str]:
        """Codes this person says yes to as giver."""
        return self.giving if self.asked_apart else self.techniques

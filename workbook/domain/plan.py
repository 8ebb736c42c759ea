"""Turns and plans: ordered steps within the limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.products import NO_PRODUCT
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage, Pace, Position


class ForWhom(StrEnum):
    """Whom a turn is for."""

    FOR_YOU = "for_you"
    """As the receiver wants it, within the giver's limits."""
    FOR_ME = "for_me"
    """As the giver would like to touch, within the receiver's limits."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who gives, and for whom; the partner receives."""

    giver: Seat
    minutes: int
    """Hands-on time asked for, in whole minutes, 5 to 30; the limits may make it less."""
    for_whom: ForWhom = ForWhom.FOR_YOU
    position: Position | None = None
    """None takes the first possible one."""
    product: str = NO_PRODUCT
    intention: str = ""
    """What both settled on for the evening, a key of ``choices.toml`` or that of quiet rest;
    blank: nothing."""

    @property
    def receiver(self) -> Seat:
        """Who is touched in this turn."""
        return self.giver.other


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A question at a time of the plan."""

    at: int
    """Seconds from the start of the plan."""
    prompt: str
    """ID of ``prompts.toml``, such as ``"Q-06"``."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the giver does."""

    key: str
    """Which step of the sequence, a key of ``steps.toml``."""
    parts: tuple[str, ...]
    """Where, all of them within the limits."""
    side: Side
    technique: str
    level: Level
    seconds: int
    region: str
    stroke: str = ""
    """How hands do it, a key of ``strokes.toml``; blank in plans that were kept before."""
    passes: int = 0
    """Rounds of the stroke that a person can count; 0: they are not counted."""
    giver: str = ""
    """Where the giver is, a key of ``places`` in ``en/steps.toml``; blank as ``stroke``."""


class CueKind(StrEnum):
    """A cue that is not a question."""

    REST = "rest"
    """The giver's hands rest for 20 seconds; the clock of the step goes on."""
    STILL = "still"
    """Hands rest where they arrive, before they begin in a new region."""
    HEAD = "head"
    """The receiver re-centres or turns their own head."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to do beside the step, at a time of the plan."""

    at: int
    """Seconds from the start of the plan."""
    kind: CueKind
    seconds: int = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen in one turn, exactly. Its hash is what both agree to."""

    turn: Turn
    position: Position
    coverage: Coverage
    pace: Pace
    product: str
    minutes: int
    steps: tuple[Step, ...] = ()
    """Empty: nothing is open to both tonight."""
    check_ins: tuple[CheckIn, ...] = ()
    cues: tuple[Cue, ...] = ()
    adaptations: frozenset[str] = frozenset()
    guarded: bool = False
    """Whether a question that nobody answers softens, and a second one stills the hands."""
    tightened_from: str | None = None
    """Hash of the plan this one was tightened from; the agreement stands for both."""

    @property
    def seconds(self) -> int:
        """Hands-on time of all steps."""
        return sum(step.seconds for step in self.steps)

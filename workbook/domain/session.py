"""The running plan as a small state machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbook.domain.levels import Level


class Phase(StrEnum):
    """Where a session is; nothing leads out of the last two."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class Event(StrEnum):
    """What can happen to a session, from either person, by tap, word or hand."""

    START = "start"
    NEXT = "next"
    """A step has come to its end."""
    ASK = "ask"
    """A check-in is asked."""
    FINE = "fine"
    """It was answered: the same, please."""
    SOFTER = "softer"
    SILENCE = "silence"
    """It was not answered in its time, or a pause went on without a word."""
    PAUSE = "pause"
    GO_ON = "go_on"
    """The receiver's own word to go on."""
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life of one page of a session, so that the other one knows that it is there."""

    page: str = ""
    """A random name that the page chose; names no person."""
    beat: int = 0
    """Goes up while the page is there; from 1."""


@dataclass(frozen=True, slots=True)
class GuideBeat(Beat):
    """Of the page that leads the session."""


@dataclass(frozen=True, slots=True)
class PadBeat(Beat):
    """Of the receiver's pad."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one plan."""

    steps: int
    """How many steps the plan has."""
    phase: Phase = Phase.READY
    step: int = 0
    """Index of the present step."""
    level: Level = Level.STRONG
    """Level of the present step as planned, before the cap."""
    cap: Level = Level.STRONG
    """Highest level for the whole rest; it only ever falls."""
    silences: int = 0
    """Unanswered check-ins in a row."""
    levels: tuple[Level, ...] = ()
    """Level of each step as planned, from the first to the last."""

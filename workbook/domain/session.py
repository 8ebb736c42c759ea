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
    """What can happen to a session, from either person, by tap, word or hand, or by the clock."""

    START = "start"
    NEXT = "next"
    """The clock: a step has come to its end."""
    FINISH = "finish"
    """The clock: the last step has come to its end."""
    ASK = "ask"
    """The clock: the time of a question has come."""
    CLOSE = "close"
    """The clock: a question leaves the screen, whether or not anybody touched it."""
    SILENCE = "silence"
    """The clock, with guarded questions: a question was not answered in its time."""
    FINE = "fine"
    """A question was answered: as it is, please."""
    YES = "yes"
    """A question was answered: they said yes. The one about a firmer level allows that level."""
    SOFTER = "softer"
    PAUSE = "pause"
    GO_ON = "go_on"
    """The receiver's own word to go on."""
    SKIP = "skip"
    """On to the next step."""
    LEAVE = "leave"
    """The places of this step are left alone from now on."""
    TIGHTEN = "tighten"
    """One of the two allows less from now on: hands are still until "go on"."""
    STOP = "stop"


CLOCK_EVENTS = frozenset({Event.NEXT, Event.FINISH, Event.ASK, Event.CLOSE, Event.SILENCE})
"""Events that follow from the time alone; ``rules.session.pass_time`` makes them."""


class Guard(StrEnum):
    """What has to hold for a transition beside its phase and event."""

    QUESTION_OPEN = "question_open"
    FIRMER_OPEN = "firmer_open"
    """A question is open, and its step is planned firmer than was said yes to."""
    FIRST_SILENCE = "first_silence"
    """A question is open, and the one before it was answered."""
    LATER_SILENCE = "later_silence"
    """The question before was not answered either."""


class SessionEffect(StrEnum):
    """What a transition changes beside the phase; applied in the order of its row."""

    OPEN_QUESTION = "open_question"
    """Show the question whose time has come."""
    CLOSE_QUESTION = "close_question"
    """Take the question off the screen; it does not come back."""
    ASK_AGAIN = "ask_again"
    """Ask the open question once more after ``repeat_s``."""
    ALLOW_LEVEL = "allow_level"
    """The level of this step counts as said yes to."""
    LOWER_CAP = "lower_cap"
    """The whole rest at most one level below the present one."""
    COUNT_SILENCE = "count_silence"
    RESET_SILENCES = "reset_silences"
    NEXT_STEP = "next_step"
    """Begin the next step; one whose places are all left alone is passed over."""
    END_STEP = "end_step"
    """Go to the end of this step."""
    LEAVE_PARTS = "leave_parts"
    """Leave the places of this step alone for the rest of the session."""


class SessionEnd(StrEnum):
    """How a session ended; tells no name and no cause."""

    FINISH = "finish"
    STOP = "stop"
    LAPSED = "lapsed"
    """The yes no longer held: taken back, or *not tonight*."""
    CHANGED = "changed"
    """Something the plan needs is gone: its position, product, clothing or a role."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: in this phase, this event leads there."""

    phase: Phase
    event: Event
    to: Phase
    effects: tuple[SessionEffect, ...] = ()
    when: Guard | None = None


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """What a session needs of one step of its plan."""

    seconds: float
    level: Level
    """As planned."""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionScript:
    """What a session needs of its plan: times, levels and places, and no words."""

    steps: tuple[ScriptStep, ...]
    questions: tuple[float, ...] = ()
    """Seconds of the plan at which something is asked, in order."""
    is_guarded: bool = False
    """Whether a question that nobody answers softens, and a second one stills the hands."""
    answer_s: float = 10
    """Seconds for an answer to a guarded question."""
    repeat_s: float = 60
    """Seconds until a guarded question that was not answered is asked once more."""
    shown_s: float = 30
    """Seconds for which any other question stays on the screen; the one about a firmer level
    stays until its step is over."""


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
class SeatABeat(Beat):
    """Of a page of seat A that shows tonight's plan."""


@dataclass(frozen=True, slots=True)
class SeatBBeat(Beat):
    """Of a page of seat B that shows tonight's plan."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question on the screen."""

    index: int
    """Which one, of the script's ``questions``."""
    left: float
    """Seconds until it goes unanswered."""


@dataclass(frozen=True, slots=True)
class RepeatedQuestion:
    """A question that was not answered and comes once more."""

    index: int
    due: float
    """Second of the plan."""


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one plan."""

    phase: Phase = Phase.READY
    step: int = 0
    """Index of the present step."""
    elapsed: float = 0.0
    """Second of the plan; pauses do not count, and a step that is passed over does."""
    played: float = 0.0
    """Seconds for which hands were on: neither pauses nor steps that were passed over."""
    cap: Level = Level.STRONG
    """Highest level for the whole rest; it only ever falls."""
    allowed: Level = Level.LOTION
    """Highest level that the receiver has said yes to; the lightest touch needs no further one."""
    silences: int = 0
    """Unanswered questions in a row."""
    asked: int = -1
    """Index of the last question whose time has come."""
    open: OpenQuestion | None = None
    repeat: RepeatedQuestion | None = None
    left_alone: tuple[str, ...] = ()
    """Places that are not touched for the rest of the session, in the order they were left."""

    @property
    def is_live(self) -> bool:
        """Whether it has begun and not ended."""
        return self.phase in (Phase.RUNNING, Phase.PAUSED)

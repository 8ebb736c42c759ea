"""What the guide would do in one turn, given what both say and do: ``workbook play``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workbook.domain.evening import Answers
from workbook.domain.levels import Level
from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, Session, SessionEnd, SessionScript
from workbook.domain.shares import Share
from workbook.domain.tables import Tables
from workbook.rules import limits, screening, tightening
from workbook.rules import session as rules


class Deed(StrEnum):
    """What somebody does during a turn."""

    START = "start"
    STOP = "stop"
    SOFTER = "softer"
    PAUSE = "pause"
    GO_ON = "go_on"
    WITHDRAW = "withdraw"
    """Takes the yes back."""
    YES = "yes"
    """Answers an open question."""
    TAPS = "taps"
    """Taps on the pad: one softer, two still, three and more stop."""
    ANSWERS = "answers"
    """Answers anew."""


@dataclass(frozen=True, slots=True)
class PlayedEvent:
    """Something that one of the two does, at a second since *Begin*."""

    at: float
    by: Seat
    deed: Deed
    taps: int = 0
    answers: Answers | None = None
    """All answers of this person from now on, for ``ANSWERS``."""


class PlayEnd(StrEnum):
    """How a played turn ended."""

    FINISH = "finish"
    STOP = "stop"
    WITHDRAW = "withdraw"
    NOT_TONIGHT = "not_tonight"
    """An answer left nothing of the agreement: not tonight, or what the plan needs is gone."""


@dataclass(frozen=True, slots=True)
class PlayedState:
    """What the guide shows from one second on."""

    at: float
    """Seconds since *Begin*; pauses count."""
    phase: Phase
    cap: Level
    """Highest level for the rest."""
    step: int
    area: tuple[str, ...]
    """Parts under the hands now; none while nothing runs."""
    says: str
    """Key of what the guide says, of the player's strings."""


@dataclass(frozen=True, slots=True)
class Played:
    """A whole turn, state by state."""

    states: tuple[PlayedState, ...]
    ended_by: PlayEnd | None
    """None: nothing ended it; it was not begun, or hands were still to the end."""


_TAPS = {1: Event.SOFTER, 2: Event.PAUSE}
_EVENTS = {
    Deed.STOP: Event.STOP,
    Deed.SOFTER: Event.SOFTER,
    Deed.PAUSE: Event.PAUSE,
    Deed.GO_ON: Event.GO_ON,
    Deed.YES: Event.YES,
}
_SAYS = {
    Phase.READY: "start",
    Phase.PAUSED: "paused_title",
    Phase.STOPPED: "stopped_title",
    Phase.FINISHED: "finished_title",
}


class _Turn:
    """One turn while it is played."""

    def __init__(
        self, plan: Plan, people: Mapping[Seat, Answers], now: datetime, tables: Tables
    ) -> None:
        self.plan, self.tables, self.now = plan, tables, now
        self.people = dict(people)
        self.script: SessionScript = rules.make_script(plan, tables)
        self.session: Session = rules.begin_session(self.script)
        self.states: list[PlayedState] = []
        self.ended_by: PlayEnd | None = None
        self.clock = 0.0
        self.says = ""

    def share(self, seat: Seat) -> Share:
        said = self.people[seat]
        found = screening.screen(screening.merge_other_topics(said), self.tables, self.now)
        return limits.share(said, found, self.tables, self.now)

    def show(self) -> None:
        """Add the present state unless nothing that is shown has changed."""
        session, step = self.session, self.session.step
        is_running = session.phase is Phase.RUNNING
        parts = self.script.steps[step].parts if is_running else ()
        state = PlayedState(
            self.clock, session.phase, session.cap, step, parts, self.says or self._line()
        )
        if not self.states or replace(self.states[-1], at=state.at) != state:
            self.states.append(state)

    def _line(self) -> str:
        if self.session.phase is not Phase.RUNNING:
            return _SAYS[self.session.phase]
        if self.session.open is not None:
            is_firmer = rules.waits_for_yes(self.session, self.script)
            plain = "silent_guarded" if self.script.is_guarded else "silent_aloud"
            return "once_yes" if is_firmer else plain
        return "step"

    def pass_until(self, at: float) -> None:
        """Let the time pass up to a second since *Begin*."""
        while self.session.phase is Phase.RUNNING and self.clock < at:
            before = self.session
            after, happened = rules.pass_time(self.session, at - self.clock, self.script)
            for event, each in happened:
                self.says = ""
                self.clock += self._seconds_between(before, event, each)
                before = self.session = each
                if event is Event.FINISH:
                    self.ended_by = PlayEnd.FINISH
                self.show()
            self.clock += after.elapsed - before.elapsed
            self.session = after
        if self.session.phase is not Phase.FINISHED:
            self.clock = max(self.clock, at)

    def _seconds_between(self, before: Session, event: Event, after: Session) -> float:
        """Seconds until an event of the clock; a step that is passed over takes none."""
        is_end = event in (Event.NEXT, Event.FINISH)
        until = rules.end_of_step(self.script, before.step) if is_end else after.elapsed
        return until - before.elapsed

    def do(self, event: PlayedEvent) -> None:
        """Do what somebody does."""
        receiver = self.plan.turn.receiver
        if event.deed is Deed.START:
            self._advance(Event.START)
        elif event.deed is Deed.WITHDRAW:
            self._end(PlayEnd.WITHDRAW, SessionEnd.LAPSED)
        elif event.deed is Deed.ANSWERS and event.answers is not None:
            self.people[event.by] = event.answers
            self._follow_shares()
        elif event.deed is Deed.TAPS:
            self._advance(_TAPS.get(event.taps, Event.STOP))
        elif event.deed is not Deed.GO_ON or event.by is receiver:
            self._advance(_EVENTS[event.deed])

    def _advance(self, event: Event) -> None:
        after = rules.advance(self.session, event, self.script)
        if after is self.session:
            return
        self.session = after
        self.says = "softer_now" if event is Event.SOFTER and after.phase is Phase.RUNNING else ""
        if after.phase is Phase.STOPPED:
            self.ended_by = PlayEnd.STOP
        self.show()
        for _event, each in rules.pass_time(after, 0, self.script)[1]:  # due at this very second
            self.session, self.says = each, ""
            self.show()

    def _end(self, by: PlayEnd, ended: SessionEnd) -> None:
        if self.session.phase in (Phase.STOPPED, Phase.FINISHED):
            return
        self.session = rules.advance(self.session, Event.STOP, self.script)
        self.says = f"{ended.value}_text"
        self.ended_by = by
        self.show()

    def _follow_shares(self) -> None:
        given = {seat: self.share(seat) for seat in Seat}
        found = tightening.follow_shares(self.plan, self.session, given, self.tables)
        if isinstance(found, SessionEnd):
            self._end(PlayEnd.NOT_TONIGHT, found)
            return
        if found.plan is self.plan:
            return
        self.plan = found.plan
        self.script = rules.make_script(found.plan, self.tables)
        self.session = rules.advance(found.session, Event.TIGHTEN, self.script)
        self.says = "tightened_other" if self.session.phase is Phase.PAUSED else ""
        self.show()


def play_turn(
    plan: Plan,
    people: Mapping[Seat, Answers],
    events: Sequence[PlayedEvent],
    now: datetime,
    tables: Tables,
) -> Played:
    """Return what the guide would show, state by state, to the end of the plan.

    Both have said yes to ``plan``. The same input gives the same states.

    Args:
        plan: of the turn.
        people: both people's answers at the beginning.
        events: what they do, by seconds since *Begin*, in order.
        now: local time of the answers.
        tables: what the rules go by.

    Source: design ("plan and play", "Asking")

    """
    turn = _Turn(plan, people, now, tables)
    turn.show()
    for event in events:
        turn.pass_until(event.at)
        if turn.session.phase in (Phase.STOPPED, Phase.FINISHED):
            break
        turn.do(event)
    turn.pass_until(turn.clock + rules.end_of_step(turn.script, len(turn.script.steps) - 1))
    turn.show()
    return Played(tuple(turn.states), turn.ended_by)

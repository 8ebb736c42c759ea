"""The running plan: what each event leads to."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.levels import Level
from workbook.domain.plan import Plan
from workbook.domain.session import Event, Phase, Session


def begin_session(plan: Plan) -> Session:
    """Return a session that is ready to run ``plan``; one without steps is over already."""
    if not plan.steps:
        return Session(steps=0, phase=Phase.FINISHED, level=Level.STILL, cap=Level.STILL)
    levels = tuple(step.level for step in plan.steps)
    return Session(steps=len(levels), level=levels[0], cap=max(levels), levels=levels)


def advance(session: Session, event: Event) -> Session:  # noqa: PLR0911, PLR0912 - one line an event
    """Return the session after ``event``; one that makes no sense changes nothing.

    Nothing leads out of stopped or finished, and nothing raises the cap. Silence is
    never a yes: one unanswered check-in softens, the second pauses, the third ends it.

    Source: T-01 to T-03; design, decisions 7 and 8 and section 10
    """
    match session.phase, event:
        case ((Phase.STOPPED | Phase.FINISHED), _):
            return session
        case _, Event.STOP:
            return replace(session, phase=Phase.STOPPED)
        case Phase.READY, Event.START:
            return replace(session, phase=Phase.RUNNING)
        case Phase.RUNNING, Event.NEXT:
            return _next_step(session)
        case Phase.RUNNING, Event.FINE:
            return replace(session, silences=0)
        case Phase.RUNNING, Event.SILENCE if not session.silences:
            return replace(_lower_cap(session), silences=1)
        case Phase.RUNNING, Event.SILENCE:
            return replace(session, phase=Phase.PAUSED, silences=session.silences + 1)
        case Phase.RUNNING, Event.PAUSE:
            return replace(session, phase=Phase.PAUSED)
        case Phase.PAUSED, Event.SILENCE:
            return replace(session, phase=Phase.STOPPED)
        case Phase.PAUSED, Event.GO_ON:
            return replace(session, phase=Phase.RUNNING, silences=0)
        case Phase.RUNNING, Event.SOFTER:
            return replace(_lower_cap(session), silences=0)
        case _, Event.SOFTER:
            return _lower_cap(session)
        case _:
            return session


def current_level(session: Session) -> Level:
    """Return the level of the hands now: the step's, at most the cap, still in a pause."""
    if session.phase is not Phase.RUNNING:
        return Level.STILL
    return min(session.level, session.cap)


def _next_step(session: Session) -> Session:
    """The step after this one; after the last the session is finished."""
    if session.step + 1 >= session.steps:
        return replace(session, phase=Phase.FINISHED)
    step = session.step + 1
    return replace(session, step=step, level=session.levels[step])


def _lower_cap(session: Session) -> Session:
    """The whole rest at most one level below the present one."""
    present = min(session.level, session.cap)
    return replace(session, cap=Level(max(present - 1, Level.STILL)))

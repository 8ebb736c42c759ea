"""The running plan: what each event and the passing of time lead to.

The page's script ``ui/widgets/player/session.js`` interprets the same table in the same
order of arithmetic; ``tests/frontend/test_one_session.py`` compares every field of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbook.domain.levels import Level
from workbook.domain.plan import Plan
from workbook.domain.session import (
    Event,
    Guard,
    OpenQuestion,
    Phase,
    RepeatedQuestion,
    ScriptStep,
    Session,
    SessionEffect,
    SessionScript,
    Transition,
)
from workbook.domain.tables import Tables
from workbook.rules.session_table import TRANSITIONS

EPSILON_S = 1e-6
"""Seconds below which two times are the same."""

_ROWS: dict[tuple[Phase, Event], tuple[Transition, ...]] = {
    (row.phase, row.event): tuple(
        each for each in TRANSITIONS if (each.phase, each.event) == (row.phase, row.event)
    )
    for row in TRANSITIONS
}


def make_script(plan: Plan, tables: Tables) -> SessionScript:
    """Return what a session of ``plan`` goes by."""
    settings = tables.settings
    return SessionScript(
        steps=tuple(ScriptStep(step.seconds, step.level, step.parts) for step in plan.steps),
        questions=tuple(check.at for check in plan.check_ins),
        is_guarded=plan.guarded,
        answer_s=settings["answer_seconds"].default,
        repeat_s=settings["repeat_seconds"].default,
        shown_s=settings["shown_seconds"].default,
    )


def begin_session(script: SessionScript) -> Session:
    """Return a session that is ready to run; one without steps is over already."""
    if not script.steps:
        return Session(phase=Phase.FINISHED, cap=Level.STILL)
    return Session(cap=max(step.level for step in script.steps))


def advance(session: Session, event: Event, script: SessionScript) -> Session:
    """Return the session after ``event``; one that has no row in the table changes nothing.

    Args:
        session: as it is now.
        event: what happened.
        script: the plan it runs.

    Source: T-01 to T-03; design ("One session machine", "Asking")

    """
    for row in _ROWS.get((session.phase, event), ()):
        if row.when is None or _GUARDS[row.when](script, session):
            after = session
            for effect in row.effects:
                after = _EFFECTS[effect](script, after)
            return replace(after, phase=row.to)
    return session


def pass_time(
    session: Session, seconds: float, script: SessionScript
) -> tuple[Session, tuple[tuple[Event, Session], ...]]:
    """Return the session after ``seconds`` of the plan, and what happened in them.

    Args:
        session: as it is now.
        seconds: of the plan, so that in a pause nothing passes.
        script: the plan it runs.

    Returns:
        The session, and each event of the clock with the session right after it, in order.

    """
    now, left = session, max(0.0, seconds)
    happened: list[tuple[Event, Session]] = []
    while now.phase is Phase.RUNNING:
        event = _due_event(script, now)
        if event is not None:
            now = advance(now, event, script)
            happened.append((event, now))
            continue
        if left <= EPSILON_S:
            break
        span = min(left, _seconds_to_next(script, now))
        now = replace(
            now,
            elapsed=now.elapsed + span,
            played=now.played + span,
            open=now.open and replace(now.open, left=now.open.left - span),
        )
        left -= span
    return now, tuple(happened)


def step_level(session: Session, script: SessionScript) -> Level:
    """Return the level of the present step: as planned, at most the cap and the yes."""
    return min(script.steps[session.step].level, session.cap, session.allowed)


def waits_for_yes(session: Session, script: SessionScript) -> bool:
    """Return whether the present step is planned firmer than was said yes to.

    Not where the cap holds it down anyway: there is nothing to ask then.
    """
    planned = min(script.steps[session.step].level, session.cap)
    return planned > session.allowed


def end_of_step(script: SessionScript, step: int) -> float:
    """Return the second of the plan at which a step ends."""
    return sum(each.seconds for each in script.steps[: step + 1])


def close_question(_script: SessionScript, session: Session) -> Session:
    """Return the session without a question on the screen or to come back."""
    return replace(session, open=None, repeat=None)


# The clock


def _due_event(script: SessionScript, now: Session) -> Event | None:
    """What the clock says at this very second; None: time passes."""
    if now.elapsed >= end_of_step(script, now.step) - EPSILON_S:
        return Event.NEXT if now.step < len(script.steps) - 1 else Event.FINISH
    if now.open is not None:
        if now.open.left > EPSILON_S:
            return None
        return Event.SILENCE if script.is_guarded else Event.CLOSE
    return None if _find_due_question(script, now) is None else Event.ASK


def _seconds_to_next(script: SessionScript, now: Session) -> float:
    """Seconds until the clock has something to say."""
    times = [end_of_step(script, now.step) - now.elapsed]
    if now.open is not None:
        times.append(now.open.left)
    else:
        if now.repeat is not None:
            times.append(now.repeat.due - now.elapsed)
        if now.asked + 1 < len(script.questions):
            times.append(script.questions[now.asked + 1] - now.elapsed)
    return min(times)


def _find_due_question(script: SessionScript, now: Session) -> int | None:
    """The question whose time has come, of several only the last; None: none."""
    come = sum(at <= now.elapsed + EPSILON_S for at in script.questions) - 1
    if come > now.asked:
        return come
    if now.repeat is not None and now.repeat.due <= now.elapsed + EPSILON_S:
        return now.repeat.index
    return None


# Guards and effects


def _is_question_open(_script: SessionScript, session: Session) -> bool:
    return session.open is not None


def _is_firmer_open(script: SessionScript, session: Session) -> bool:
    return session.open is not None and waits_for_yes(session, script)


def _is_first_silence(_script: SessionScript, session: Session) -> bool:
    return session.open is not None and session.silences == 0


def _is_later_silence(_script: SessionScript, session: Session) -> bool:
    return session.silences > 0


def _open_question(script: SessionScript, session: Session) -> Session:
    index = _find_due_question(script, session)
    if index is None:
        return session
    left = script.answer_s if script.is_guarded else script.shown_s
    if not script.is_guarded and waits_for_yes(session, script):
        left = end_of_step(script, session.step) - session.elapsed
    return replace(
        session, asked=max(session.asked, index), repeat=None, open=OpenQuestion(index, left)
    )


def _ask_again(script: SessionScript, session: Session) -> Session:
    if session.open is None:
        return session
    repeat = RepeatedQuestion(session.open.index, session.elapsed + script.repeat_s)
    return replace(session, open=None, repeat=repeat)


def _allow_level(script: SessionScript, session: Session) -> Session:
    return replace(session, allowed=max(session.allowed, script.steps[session.step].level))


def _lower_cap(script: SessionScript, session: Session) -> Session:
    """The whole rest at most one level below the present one."""
    return replace(session, cap=Level(max(step_level(session, script) - 1, Level.STILL)))


def _count_silence(_script: SessionScript, session: Session) -> Session:
    return replace(session, silences=session.silences + 1)


def _reset_silences(_script: SessionScript, session: Session) -> Session:
    return replace(session, silences=0)


def _next_step(script: SessionScript, session: Session) -> Session:
    step = min(session.step + 1, len(script.steps) - 1)
    after = replace(session, step=step)
    parts = script.steps[step].parts
    is_last = step == len(script.steps) - 1  # a still hand, which is never left out
    if not is_last and parts and all(part in session.left_alone for part in parts):
        return _end_step(script, after)
    return after


def _end_step(script: SessionScript, session: Session) -> Session:
    """The end of the present step; what would have been asked meanwhile is not asked."""
    elapsed = end_of_step(script, session.step)
    asked = sum(at < elapsed for at in script.questions) - 1
    return replace(session, elapsed=elapsed, asked=max(asked, session.asked))


def _leave_parts(script: SessionScript, session: Session) -> Session:
    return replace(session, left_alone=session.left_alone + script.steps[session.step].parts)


_GUARDS: dict[Guard, Callable[[SessionScript, Session], bool]] = {
    Guard.QUESTION_OPEN: _is_question_open,
    Guard.FIRMER_OPEN: _is_firmer_open,
    Guard.FIRST_SILENCE: _is_first_silence,
    Guard.LATER_SILENCE: _is_later_silence,
}

_EFFECTS: dict[SessionEffect, Callable[[SessionScript, Session], Session]] = {
    SessionEffect.OPEN_QUESTION: _open_question,
    SessionEffect.CLOSE_QUESTION: close_question,
    SessionEffect.ASK_AGAIN: _ask_again,
    SessionEffect.ALLOW_LEVEL: _allow_level,
    SessionEffect.LOWER_CAP: _lower_cap,
    SessionEffect.COUNT_SILENCE: _count_silence,
    SessionEffect.RESET_SILENCES: _reset_silences,
    SessionEffect.NEXT_STEP: _next_step,
    SessionEffect.END_STEP: _end_step,
    SessionEffect.LEAVE_PARTS: _leave_parts,
}

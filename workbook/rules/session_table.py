"""The one table of the session: what each event leads to in each phase.

``rules/session.py`` interprets it, and so does the page's script, which gets these very rows
with the plan. Nothing leads out of *stopped* and *finished*, nothing raises the cap, and only
a yes allows a firmer level. An event without a row for its phase changes nothing.

Source: T-01 to T-03; design ("One session machine", "Asking")
"""

from __future__ import annotations

from workbook.domain.session import Event, Guard, Phase, SessionEffect, Transition

_READY, _RUNNING, _PAUSED = Phase.READY, Phase.RUNNING, Phase.PAUSED
_STOPPED, _FINISHED = Phase.STOPPED, Phase.FINISHED
_CLOSE, _RESET = SessionEffect.CLOSE_QUESTION, SessionEffect.RESET_SILENCES

TRANSITIONS: tuple[Transition, ...] = (
    Transition(_READY, Event.START, _RUNNING),
    Transition(_READY, Event.STOP, _STOPPED),
    Transition(_RUNNING, Event.NEXT, _RUNNING, (SessionEffect.NEXT_STEP,)),
    Transition(_RUNNING, Event.FINISH, _FINISHED, (_CLOSE,)),
    Transition(_RUNNING, Event.ASK, _RUNNING, (SessionEffect.OPEN_QUESTION,)),
    Transition(_RUNNING, Event.CLOSE, _RUNNING, (_CLOSE,)),
    Transition(_RUNNING, Event.FINE, _RUNNING, (_CLOSE, _RESET)),
    Transition(
        _RUNNING,
        Event.YES,
        _RUNNING,
        (SessionEffect.ALLOW_LEVEL, _CLOSE, _RESET),
        Guard.FIRMER_OPEN,
    ),
    Transition(_RUNNING, Event.YES, _RUNNING, (_CLOSE, _RESET), Guard.QUESTION_OPEN),
    Transition(_RUNNING, Event.SOFTER, _RUNNING, (SessionEffect.LOWER_CAP, _CLOSE, _RESET)),
    Transition(
        _RUNNING, Event.SILENCE, _PAUSED, (SessionEffect.COUNT_SILENCE, _CLOSE), Guard.LATER_SILENCE
    ),
    Transition(
        _RUNNING,
        Event.SILENCE,
        _RUNNING,
        (SessionEffect.LOWER_CAP, SessionEffect.COUNT_SILENCE, SessionEffect.ASK_AGAIN),
        Guard.FIRST_SILENCE,
    ),
    Transition(_RUNNING, Event.SKIP, _RUNNING, (SessionEffect.END_STEP, _CLOSE, _RESET)),
    Transition(
        _RUNNING,
        Event.LEAVE,
        _RUNNING,
        (SessionEffect.LEAVE_PARTS, SessionEffect.END_STEP, _CLOSE, _RESET),
    ),
    Transition(_RUNNING, Event.PAUSE, _PAUSED, (_CLOSE,)),
    Transition(_RUNNING, Event.TIGHTEN, _PAUSED, (_CLOSE,)),
    Transition(_RUNNING, Event.STOP, _STOPPED, (_CLOSE,)),
    Transition(_PAUSED, Event.GO_ON, _RUNNING, (_RESET,)),
    Transition(_PAUSED, Event.SOFTER, _PAUSED, (SessionEffect.LOWER_CAP,)),
    Transition(_PAUSED, Event.LEAVE, _PAUSED, (SessionEffect.LEAVE_PARTS, SessionEffect.END_STEP)),
    Transition(_PAUSED, Event.STOP, _STOPPED),
)


def list_rows() -> list[dict[str, object]]:
    """Return the table as the page's script reads it: one JSON object a row, in order.

    The first row that fits phase, event and guard counts.
    """
    return [
        {
            "phase": row.phase.value,
            "event": row.event.value,
            "to": row.to.value,
            "effects": [effect.value for effect in row.effects],
            "when": row.when and row.when.value,
        }
        for row in TRANSITIONS
    ]

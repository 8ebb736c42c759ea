"""Commands that begin a session, carry events through it, and keep its position."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbook.app import snapshot as snapshots
from workbook.app import view as views
from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.session import Event, Phase
from workbook.domain.tables import Tables
from workbook.rules import session
from workbook.store import agreements, evenings, sessions
from workbook.store.sessions import SessionRecord, StoredSession
from workbook.store.unlocked import UnlockedVault


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session before and after a command."""

    before: StoredSession
    after: StoredSession


def stop_session(vault: UnlockedVault) -> None:
    """Stop the running session, if there is one."""
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        running = sessions.current_session(vault, evening.id) if evening else None
        if running is not None and not running.has_ended:
            apply_event(vault, Event.STOP)


def start_session(
    vault: UnlockedVault, tables: Tables, choices: views.Choices
) -> SessionChange | None:
    """Begin a session of the agreed plan; return None if no agreement stands."""
    with vault.writing():
        snapshot = snapshots.load(vault, choices.today)
        if snapshot.is_under_way:
            return apply_event(vault, Event.START)
        found = views.make_proposal(snapshot, tables, vault.now(), choices)
        if found.standing is not Standing.STANDS or found.plan is None or not snapshot.evening:
            return None
        record = SessionRecord(found.plan_hash, session.begin_session(found.plan))
        sessions.begin_session(vault, snapshot.evening.id, record)
        return apply_event(vault, Event.START)


def apply_event(vault: UnlockedVault, *events: Event) -> SessionChange | None:
    """Apply events to the running session; return None if no session runs.

    The end of the session ends the agreement as well.
    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if evening is None or before is None or before.has_ended:
            return None
        record = before.saved.value
        for event in events:
            after = session.advance(record.session, event)
            stopped = after.phase is Phase.STOPPED
            record = replace(record, session=after, ended_early=stopped)
        written = _write_session(vault, before, record)
        if written.has_ended:
            kind = AgreementKind.STOPPED if record.ended_early else AgreementKind.FINISHED
            event_ = AgreementEvent(kind, None, record.plan, vault.now().date())
            agreements.append_event(vault, evening.id, event_)
        return SessionChange(before, written)


def finish_session(vault: UnlockedVault) -> SessionChange | None:
    """Finish the session, because the page has played the last step; None if no session runs.

    The steps in between may be missing in the vault, if saving failed for a while.
    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if before is None or before.has_ended:
            return None
        steps = before.saved.value.session.steps
        return apply_event(vault, Event.GO_ON, *[Event.NEXT] * steps)


def save_position(
    vault: UnlockedVault, steps: tuple[int, ...], step: int, elapsed: int
) -> SessionChange | None:
    """Save the position of the guide, so that a reload continues there; None if no session runs.

    Args:
        vault: the unlocked vault of the person at the screen.
        steps: seconds of each step of the plan.
        step: index of the present one.
        elapsed: seconds of the plan so far, pauses not counted.

    """
    with vault.writing():
        evening = evenings.current_evening(vault, vault.now())
        before = sessions.current_session(vault, evening.id) if evening else None
        if before is None or before.has_ended:
            return None
        step = min(step, len(steps) - 1)
        record = before.saved.value
        moved = replace(
            record,
            session=replace(record.session, step=step),
            seconds=max(0, elapsed - sum(steps[:step])),
        )
        return SessionChange(before, _write_session(vault, before, moved))


def _write_session(
    vault: UnlockedVault, before: StoredSession, record: SessionRecord
) -> StoredSession:
    version = before.saved.version
    saved = sessions.write_session(vault, before.id, record, expected_version=version)
    return StoredSession(before.id, saved)

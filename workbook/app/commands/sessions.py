"""Commands that begin a session, carry events through it, and tighten the plan it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from workbook.app import snapshot as snapshots
from workbook.app import view as views
from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.evening import find_evening_day
from workbook.domain.levels import Duet
from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, Session, SessionEnd, SessionScript
from workbook.domain.shares import Share
from workbook.domain.tables import Tables
from workbook.domain.techniques import Position
from workbook.rules import plan as plan_rules
from workbook.rules import positions, tightening
from workbook.rules import session as rules
from workbook.store import agreements, cards, evenings, plans, sessions
from workbook.store.sessions import SessionRecord, StoredSession
from workbook.store.unlocked import UnlockedVault

_COUNTS_WHEN_BEHIND = frozenset({Event.SOFTER, Event.PAUSE, Event.STOP})
"""Events that never let hands do more, so that they count from a page with an older plan."""


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session before and after a command."""

    before: StoredSession
    after: StoredSession


@dataclass(frozen=True, slots=True)
class _LiveSession:
    """The session that is under way, with the plan it runs."""

    evening: str
    stored: StoredSession
    plan: Plan
    script: SessionScript

    @property
    def record(self) -> SessionRecord:
        return self.stored.saved.value


def _read_live(vault: UnlockedVault, tables: Tables) -> _LiveSession | None:
    """The session of this evening, if one has begun and not ended."""
    evening = evenings.current_evening(vault, vault.now())
    stored = sessions.latest_session(vault, evening.id) if evening else None
    if evening is None or stored is None or stored.has_ended:
        return None
    plan = plans.read_plan(vault, evening.id, stored.saved.value.plan)
    if plan is None:
        return None
    return _LiveSession(evening.id, stored, plan, rules.make_script(plan, tables))


def start_session(
    vault: UnlockedVault, tables: Tables, choices: views.Choices, plan_hash: str | None = None
) -> SessionChange | None:
    """Begin a session of the agreed plan; return None if no agreement stands.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: areas, techniques and numbers to go by.
        choices: what is chosen on the page, that is the turn.
        plan_hash: of the plan the page begins with; None: whatever is agreed to.

    """
    with vault.writing():
        snapshot = snapshots.load(vault, choices.today)
        if snapshot.is_under_way:
            return apply_event(vault, tables, Event.START)
        found = views.make_proposal(snapshot, tables, vault.now(), choices)
        if found.standing is not Standing.STANDS or found.plan is None or not snapshot.evening:
            return None
        if plan_hash not in (None, found.plan_hash):
            return None
        plans.save_plan(vault, snapshot.evening.id, found.plan_hash, found.plan)
        session = rules.begin_session(rules.make_script(found.plan, tables))
        record = SessionRecord(found.plan_hash, session)
        sessions.begin_session(vault, snapshot.evening.id, record)
        return apply_event(vault, tables, Event.START)


def apply_event(
    vault: UnlockedVault,
    tables: Tables,
    event: Event,
    *,
    elapsed: float | None = None,
    plan_hash: str | None = None,
) -> SessionChange | None:
    """Carry an event through the session of this evening; None if none is under way.

    Its end ends the agreement as well.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: the numbers the session goes by.
        event: what happened.
        elapsed: seconds of the plan at which it happened, if the page knows.
        plan_hash: of the plan the page runs. A page that runs another one than the session
            has not read the tightened plan yet: only what lowers or stops counts from it.

    """
    with vault.writing():
        live = _read_live(vault, tables)
        if live is None:
            return None
        is_behind = plan_hash is not None and plan_hash != live.record.plan
        if is_behind and event not in _COUNTS_WHEN_BEHIND:
            return SessionChange(live.stored, live.stored)
        session = live.record.session
        if elapsed is not None and not is_behind:
            session = _catch_up(session, elapsed, live.script)
        session = rules.advance(session, event, live.script)
        return _write(vault, live, replace(live.record, session=session))


def stop_session(vault: UnlockedVault, tables: Tables, ended: SessionEnd = SessionEnd.STOP) -> None:
    """Stop the session that is under way, if there is one.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: the numbers the session goes by.
        ended: how it ends.

    """
    with vault.writing():
        live = _read_live(vault, tables)
        if live is not None:
            _end(vault, live, ended)


def save_position(
    vault: UnlockedVault, tables: Tables, phase: Phase, elapsed: float, plan_hash: str
) -> SessionChange | None:
    """Keep where the guide is, so that a reload goes on there; None if nothing runs.

    What the clock made happen up to then follows from the time. A page that has played its
    last step ends the session, also where some of its words did not reach the vault.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: the numbers the session goes by.
        phase: of the page's session.
        elapsed: seconds of the plan, pauses not counted.
        plan_hash: of the plan the page runs.

    """
    with vault.writing():
        live = _read_live(vault, tables)
        if live is None:
            return None
        if plan_hash != live.record.plan:
            return SessionChange(live.stored, live.stored)
        session = live.record.session
        if phase is Phase.FINISHED:
            session = rules.advance(session, Event.GO_ON, live.script)
        session = _catch_up(session, elapsed, live.script)
        if phase is Phase.STOPPED:
            session = rules.advance(session, Event.STOP, live.script)
        return _write(vault, live, replace(live.record, session=session))


def _catch_up(session: Session, elapsed: float, script: SessionScript) -> Session:
    """The session at a second of its plan; a page that is behind takes nothing back."""
    return rules.pass_time(session, elapsed - session.elapsed, script)[0]


def follow_shares(
    vault: UnlockedVault, tables: Tables, given: Mapping[Seat, Share]
) -> SessionEnd | None:
    """Bring the session that is under way within what both allow now.

    Places, levels, touches and minutes are tightened in place, and hands are still until the
    receiver's "go on". Where the position, the product, the clothing or a role is gone, the
    session ends; so it does where it is *not tonight* for one of them or nothing is open.
    Nothing is ever loosened.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: areas, techniques and numbers to go by.
        given: what each allows now.

    Returns:
        How the session ended, if it did.

    """
    with vault.writing():
        live = _read_live(vault, tables)
        if live is None:
            return None
        duet = cards.read_card(vault, Duet)
        firmer = duet.value.firmer if duet else {}
        session = live.record.session
        found = tightening.follow_shares(live.plan, session, given, tables, firmer)
        if isinstance(found, SessionEnd):
            _end(vault, live, found)
            return found
        _tighten(vault, live, found, tables)
        return None


def change_position(
    vault: UnlockedVault, tables: Tables, position: Position, plan_hash: str
) -> datetime | None:
    """Let the session that is under way go on in another position, with less in it.

    Hands are still until the receiver's "go on". It needs no new yes: it only takes away.

    Args:
        vault: the unlocked vault of the person at the screen.
        tables: areas, techniques and numbers to go by.
        position: where the receiver would like to be.
        plan_hash: of the plan the page runs.

    Returns:
        When it was saved; None where the plan that runs is another one by now, the
        position is not possible for both, or nothing of the plan can be reached there.

    """
    with vault.writing():
        live = _read_live(vault, tables)
        snapshot = snapshots.load(vault, find_evening_day(vault.now()))
        if live is None or live.record.plan != plan_hash or snapshot.shares.keys() != set(Seat):
            return None
        allowed = views.merge_limits(snapshot, live.plan.turn, tables)
        session = live.record.session
        found = positions.change_position(live.plan, session, position, allowed, tables)
        if found is None:
            return None
        _tighten(vault, live, found, tables)
        return vault.now()


def _tighten(
    vault: UnlockedVault, live: _LiveSession, found: tightening.Tightened, tables: Tables
) -> None:
    """Put the tightened plan and its session in the place of the ones that run."""
    if found.plan is live.plan:
        return
    plan_hash = plan_rules.plan_hash(found.plan)
    plans.save_plan(vault, live.evening, plan_hash, found.plan)
    script = rules.make_script(found.plan, tables)
    session = rules.advance(found.session, Event.TIGHTEN, script)
    _write(vault, live, replace(live.record, plan=plan_hash, session=session))


def _end(vault: UnlockedVault, live: _LiveSession, ended: SessionEnd) -> None:
    session = rules.advance(live.record.session, Event.STOP, live.script)
    _write(vault, live, replace(live.record, session=session, ended=ended))


def _write(vault: UnlockedVault, live: _LiveSession, record: SessionRecord) -> SessionChange:
    """Write the session; its end ends the agreement as well."""
    phase = record.session.phase
    if phase in sessions.ENDED_PHASES and record.ended is None:
        stopped = phase is Phase.STOPPED
        record = replace(record, ended=SessionEnd.STOP if stopped else SessionEnd.FINISH)
    version = live.stored.saved.version
    saved = sessions.write_session(vault, live.stored.id, record, expected_version=version)
    after = StoredSession(live.stored.id, saved)
    if after.has_ended:
        is_finish = record.ended is SessionEnd.FINISH
        kind = AgreementKind.FINISHED if is_finish else AgreementKind.STOPPED
        agreed_hash = live.plan.tightened_from or record.plan
        on = find_evening_day(vault.now())
        event = AgreementEvent(kind, None, agreed_hash, on)
        agreements.append_event(vault, live.evening, event)
    return SessionChange(live.stored, after)

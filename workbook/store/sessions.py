"""Where the player is, so that both phones and a new page show the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.session import Phase, Session
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault

ENDED_PHASES = frozenset({Phase.STOPPED, Phase.FINISHED})


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """The player's state as stored. Who stopped is not in it."""

    turn: int
    """Index of the evening's plan."""
    plan: str
    """Hash of the plan it plays."""
    session: Session
    seconds: int = 0
    """Since the present step began, pauses not counted."""
    ended_early: bool = False


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One playing of one plan."""

    id: int
    saved: Saved[SessionRecord]


def begin_session(vault: UnlockedVault, evening: str, played: SessionRecord) -> StoredSession:
    """Begin a new run; returns after COMMIT.

    Raises:
        ChangedElsewhere: if one is under way already, begun on the other phone.

    """
    at = vault.now()
    with vault.writing() as db:
        last = _select_last(db, evening)
        if (
            last is not None
            and records.from_row(last, SessionRecord).value.session.phase not in ENDED_PHASES
        ):
            raise ChangedElsewhere
        row = {"evening": evening, "version": 1, "at": records.format_time(at)}
        done = db.execute(
            insert(schema.sessions).values(**row, body=records.encode(played))
        ).inserted_primary_key
    return StoredSession(done[0] if done else 0, Saved(played, 1, at))


def write_session(
    vault: UnlockedVault, run: int, played: SessionRecord, expected_version: int
) -> Saved[SessionRecord]:
    """Put the state of a run in place of version ``expected_version``; returns after COMMIT.

    A stop is written whatever version was expected, and nothing leads out of it.

    Raises:
        ChangedElsewhere: if that version is no longer the current one, or the run has ended.
        InvalidAnswer: if there is no such run.

    """
    with vault.writing() as db:
        row = records.select_by_key(db, schema.sessions, {"run": run})
        if row is None:
            raise InvalidAnswer(field="run")
        if records.from_row(row, SessionRecord).value.session.phase in ENDED_PHASES:
            raise ChangedElsewhere
        if played.session.phase is Phase.STOPPED:
            expected_version = row.version
        return records.write_versioned(
            db,
            schema.sessions,
            {"run": run},
            played,
            at=vault.now(),
            expected_version=expected_version,
        )


def current_session(vault: UnlockedVault, evening: str) -> StoredSession | None:
    """Return the last run of an evening, ended or not; None if nothing was played."""
    with vault.reading() as db:
        row = _select_last(db, evening)
    return None if row is None else StoredSession(row.run, records.from_row(row, SessionRecord))


def list_sessions(vault: UnlockedVault, evening: str) -> tuple[StoredSession, ...]:
    """Return every run of an evening in order, for the journal."""
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run)
    with vault.reading() as db:
        rows = db.execute(query).all()
    return tuple(StoredSession(row.run, records.from_row(row, SessionRecord)) for row in rows)


def _select_last(db: Connection, evening: str) -> Row[Any] | None:
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run.desc())
    return db.execute(query.limit(1)).one_or_none()

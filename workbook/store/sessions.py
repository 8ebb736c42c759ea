"""Where the player is, so that both phones and a new page show the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.session import Phase, Session, SessionEnd
from workbook.store import records, schema
from workbook.store.evenings import Evening, from_row
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault

ENDED_PHASES = frozenset({Phase.STOPPED, Phase.FINISHED})


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """The player's state as stored. Who stopped is not in it."""

    plan: str
    """Hash of the plan it plays, as in ``plans``."""
    session: Session
    ended: SessionEnd | None = None
    """None while it goes on."""

    @property
    def minutes(self) -> int:
        """Whole minutes of hands on; pauses do not count."""
        return int((self.session.played + 0.5) // 60)  # the last tick may come a moment early


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One playing of one plan."""

    id: int
    saved: Saved[SessionRecord]

    @property
    def has_ended(self) -> bool:
        """Whether it was stopped or came to its end."""
        return self.saved.value.session.phase in ENDED_PHASES


def begin_session(vault: UnlockedVault, evening: str, played: SessionRecord) -> StoredSession:
    """Begin a new run; returns after COMMIT.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.
        played: the session at its beginning, with the hash of its plan.

    Raises:
        ChangedElsewhere: if one is under way already, begun on the other phone.

    """
    at = vault.now()
    with vault.writing() as db:
        last = _select_last(db, evening)
        running = last and _read_row(vault, last)
        if running is not None and not running.has_ended:
            raise ChangedElsewhere
        product = select(schema.plans.c.product).where(
            schema.plans.c.evening == evening, schema.plans.c.hash == played.plan
        )
        row = {
            "evening": evening,
            "version": 1,
            "at": records.format_time(at),
            "product": db.execute(product).scalar() or "",
        }
        done = db.execute(
            insert(schema.sessions).values(**row, body=records.encode(played))
        ).inserted_primary_key
    return StoredSession(done[0] if done else 0, Saved(played, 1, at))


def write_session(
    vault: UnlockedVault, run: int, played: SessionRecord, expected_version: int
) -> Saved[SessionRecord]:
    """Put the state of a run in place of version ``expected_version``; returns after COMMIT.

    A stop is written whatever version was expected, and nothing leads out of it.

    Args:
        vault: the unlocked vault of the person at the screen.
        run: id of the run, from ``begin_session``.
        played: the new state.
        expected_version: version that is replaced.

    Raises:
        ChangedElsewhere: if that version is no longer the current one, or the run has ended.
        InvalidAnswer: if there is no such run.

    """
    with vault.writing() as db:
        row = records.select_by_key(db, schema.sessions, {"run": run})
        if row is None:
            raise InvalidAnswer(field="run")
        before = _read_row(vault, row)
        if before is None or before.has_ended:
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


def latest_session(vault: UnlockedVault, evening: str) -> StoredSession | None:
    """Return the last run of an evening, ended or not; None if nothing was played.

    One that cannot be read counts as none.
    """
    with vault.reading() as db:
        row = _select_last(db, evening)
    return row and _read_row(vault, row)


def list_sessions(vault: UnlockedVault, evening: str) -> tuple[StoredSession, ...]:
    """Return every run of an evening, in order."""
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run)
    with vault.reading() as db:
        rows = db.execute(query).all()
    found = (_read_row(vault, row) for row in rows)
    return tuple(each for each in found if each is not None)


def was_product_used(
    vault: UnlockedVault, product: str, since: datetime, *, but_not: str | None
) -> bool:
    """Return whether a session with this product was played on an evening begun since then.

    Args:
        vault: whose evenings.
        product: key of the product.
        since: local time; evenings that began earlier do not count.
        but_not: id of an evening that does not count, such as tonight; None: all count.

    """
    table, on = schema.sessions, schema.evenings
    start = records.format_time(since)
    query = (
        select(table.c.run)
        .join(on, on.c.id == table.c.evening)
        .where(table.c.product == product, table.c.at >= start, on.c.began >= start)
        .where(table.c.evening != (but_not or ""))
    )
    with vault.reading() as db:
        return db.execute(records.limit_to_first(query)).first() is not None


def has_earlier_session(vault: UnlockedVault, evening: str | None) -> bool:
    """Return whether a session was begun on another evening than this one.

    Args:
        vault: vault of either person.
        evening: id of the evening; None: any evening counts.

    """
    table = schema.sessions
    with vault.reading() as db:
        other = select(table.c.run).where(table.c.evening != (evening or ""))
        return db.execute(records.limit_to_first(other)).first() is not None


def latest_played_before(vault: UnlockedVault, on: date) -> Evening | None:
    """Return the last evening before ``on`` on which a session was begun; None: there is none.

    Args:
        vault: vault of either person.
        on: local date.

    """
    table, evenings = schema.sessions, schema.evenings
    query = (
        select(evenings)
        .join(table, evenings.c.id == table.c.evening)
        .where(evenings.c.on != "", evenings.c.on < on.isoformat())
        .order_by(table.c.run.desc())
    )
    with vault.reading() as db:
        row = db.execute(records.limit_to_first(query)).one_or_none()
    with vault.skipping(evenings.name):
        return from_row(row) if row else None
    return None


def _read_row(vault: UnlockedVault, row: Row[Any]) -> StoredSession | None:
    with vault.skipping(schema.sessions.name):
        return StoredSession(row.run, records.from_row(row, SessionRecord))
    return None


def _select_last(db: Connection, evening: str) -> Row[Any] | None:
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run.desc())
    return db.execute(records.limit_to_first(query)).one_or_none()

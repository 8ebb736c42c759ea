"""Where the player is, so that both phones and a new page show the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from workbook.domain.errors import ChangedElsewhere, InvalidAnswer
from workbook.domain.session import Phase, Session
from workbook.store import records, schema
from workbook.store.lane import Lane
from workbook.store.records import Saved

ENDED = frozenset({Phase.STOPPED, Phase.FINISHED})


@dataclass(frozen=True, slots=True)
class Played:
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
class Run:
    """One playing of one plan."""

    id: int
    saved: Saved[Played]


def begin(lane: Lane, evening: str, played: Played) -> Run:
    """Begin a new run; returns after COMMIT.

    Raises:
        ChangedElsewhere: if one is under way already, begun on the other phone.

    """
    at = lane.now()
    with lane.writing() as db:
        last = _last(db, evening)
        if last is not None and records.saved(last, Played).value.session.phase not in ENDED:
            raise ChangedElsewhere
        row = {"evening": evening, "version": 1, "at": records.stamp(at)}
        done = db.execute(
            insert(schema.sessions).values(**row, body=records.encode(played))
        ).inserted_primary_key
    return Run(done[0] if done else 0, Saved(played, 1, at))


def write(lane: Lane, run: int, played: Played, edited: int) -> Saved[Played]:
    """Put the state of a run in place of version ``edited``; returns after COMMIT.

    A stop is written whatever version was edited, and nothing leads out of it.

    Raises:
        ChangedElsewhere: if that version is no longer the current one, or the run has ended.
        InvalidAnswer: if there is no such run.

    """
    with lane.writing() as db:
        row = records.found(db, schema.sessions, {"run": run})
        if row is None:
            raise InvalidAnswer(field="run")
        if records.saved(row, Played).value.session.phase in ENDED:
            raise ChangedElsewhere
        if played.session.phase is Phase.STOPPED:
            edited = row.version
        return records.put(db, schema.sessions, {"run": run}, played, at=lane.now(), edited=edited)


def current(lane: Lane, evening: str) -> Run | None:
    """Return the last run of an evening, ended or not; None if nothing was played."""
    with lane.reading() as db:
        row = _last(db, evening)
    return None if row is None else Run(row.run, records.saved(row, Played))


def runs(lane: Lane, evening: str) -> tuple[Run, ...]:
    """Return every run of an evening in order, for the journal."""
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run)
    with lane.reading() as db:
        rows = db.execute(query).all()
    return tuple(Run(row.run, records.saved(row, Played)) for row in rows)


def _last(db: Connection, evening: str) -> Row[Any] | None:
    table = schema.sessions
    query = select(table).where(table.c.evening == evening).order_by(table.c.run.desc())
    return db.execute(query.limit(1)).one_or_none()

"""Evenings: when one begins, which one it is now, and all there were."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from workbook.store import schema
from workbook.store.lane import Lane
from workbook.store.records import read_stamp, stamp

_FORGOTTEN = ""
"""In the place of the date of an evening that was erased."""

_NOON = time(12)
_SHORTEST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Evening:
    """One run from opening the book to the debrief."""

    id: str
    on: date
    """The evening's local date."""
    began: datetime
    """Local time."""

    @property
    def until(self) -> datetime:
        """The noon after it began; begun in the morning, the noon of the next day."""
        noon = datetime.combine(self.began.date(), _NOON)
        return noon if self.began + _SHORTEST <= noon else noon + timedelta(days=1)


def begin(lane: Lane, on: date, now: datetime) -> str:
    """Return the id of the evening that runs now, which begins if there is none."""
    new = Evening(secrets.token_hex(8), on, now)
    with lane.writing() as db:
        running = _running(db, now)
        if running is not None:
            return running.id
        row = {"id": new.id, "on": on.isoformat(), "began": stamp(now)}
        db.execute(insert(schema.evenings).values(row))
    return new.id


def current(lane: Lane, now: datetime) -> Evening | None:
    """Return the evening that runs at ``now``; None if the last one is over."""
    with lane.reading() as db:
        return _running(db, now)


def every(lane: Lane) -> tuple[Evening, ...]:
    """Return all evenings in the order they began, whatever the clock said."""
    table = schema.evenings
    there = select(table).where(table.c.on != _FORGOTTEN).order_by(table.c.seq)
    with lane.reading() as db:
        return tuple(map(_evening, db.execute(there)))


def names(lane: Lane) -> tuple[str, ...]:
    """Return the ids of all evenings in the order they began, erased ones as well."""
    table = schema.evenings
    with lane.reading() as db:
        return tuple(db.execute(select(table.c.id).order_by(table.c.seq)).scalars())


def end(lane: Lane) -> None:
    """Have the last evening be over, as if it had begun a day earlier; returns after COMMIT.

    What was said for it no longer counts: everything is asked afresh.
    """
    table = schema.evenings
    with lane.writing() as db:
        last = _running(db, lane.now())
        if last is not None:
            earlier = stamp(last.began - timedelta(days=1))
            db.execute(update(table).where(table.c.id == last.id).values(began=earlier))


def forget(db: Connection) -> None:
    """Take the dates off all evenings; the private answers of each hang on their ids."""
    blank = {"on": _FORGOTTEN, "began": _FORGOTTEN}
    db.execute(update(schema.evenings).values(blank))


def _running(db: Connection, now: datetime) -> Evening | None:
    table = schema.evenings
    row = db.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
    if row is None or row.on == _FORGOTTEN:
        return None
    last = _evening(row)
    return last if last.began <= now < last.until else None


def _evening(row: Row[Any]) -> Evening:
    return Evening(row.id, date.fromisoformat(row.on), read_stamp(row.began))

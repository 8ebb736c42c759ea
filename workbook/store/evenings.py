"""Evenings: when one begins, which one it is now, and all there were."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from workbook.domain.errors import DamagedVault
from workbook.store import schema
from workbook.store.records import format_time, limit_to_first, parse_time
from workbook.store.unlocked import UnlockedVault

_ERASED_DATE = ""
"""In the place of the date of an evening that was erased."""

_NOON = time(12)
_MIN_LENGTH = timedelta(hours=6)

MAX_CLOCK_STEP = timedelta(hours=12)
"""An evening goes on though the clock was put back, by no more than this."""


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
        return noon if self.began + _MIN_LENGTH <= noon else noon + timedelta(days=1)


def begin_evening(vault: UnlockedVault, on: date, now: datetime) -> str:
    """Return the id of the present evening; begin one if there is none.

    Args:
        vault: vault of either person.
        on: local date of a new evening.
        now: local time.

    Returns:
        16 hexadecimal digits.

    Raises:
        NotSaved: if the disk refused.

    """
    new = Evening(secrets.token_hex(8), on, now)
    with vault.writing() as db:
        running = _select_running(db, now)
        if running is not None:
            return running.id
        row = {"id": new.id, "on": on.isoformat(), "began": format_time(now)}
        db.execute(insert(schema.evenings).values(row))
    return new.id


def current_evening(vault: UnlockedVault, now: datetime) -> Evening | None:
    """Return the evening that runs at ``now``; None if the last one is over.

    It runs on, and no second one begins, if the clock was put back by up to 12 hours.

    Args:
        vault: vault of either person.
        now: local time.

    """
    with vault.reading() as db:
        return _select_running(db, now)


def list_evenings(vault: UnlockedVault) -> tuple[Evening, ...]:
    """Return all evenings in the order they began, whatever the clock said."""
    table = schema.evenings
    there = select(table).where(table.c.on != _ERASED_DATE).order_by(table.c.seq)
    with vault.reading() as db:
        rows = db.execute(there).all()
    found = []
    for row in rows:
        with vault.skipping(table.name):
            found.append(from_row(row))
    return tuple(found)


def list_evening_ids(vault: UnlockedVault) -> tuple[str, ...]:
    """Return the ids of all evenings in the order they began, erased ones as well."""
    table = schema.evenings
    with vault.reading() as db:
        return tuple(db.execute(select(table.c.id).order_by(table.c.seq)).scalars())


def end_evening(vault: UnlockedVault) -> None:
    """Have the last evening be over, as if it had begun a day earlier; returns after COMMIT.

    What was said for it no longer counts: everything is asked afresh.
    """
    table = schema.evenings
    with vault.writing() as db:
        last = _select_running(db, vault.now())
        if last is not None:
            earlier = format_time(last.began - timedelta(days=1))
            db.execute(update(table).where(table.c.id == last.id).values(began=earlier))


def has_earlier(vault: UnlockedVault, evening: str | None) -> bool:
    """Return whether there was an evening before this one.

    Args:
        vault: vault of either person.
        evening: id of the evening; None: any evening counts.

    """
    table = schema.evenings
    there = limit_to_first(select(table.c.seq).where(table.c.on != _ERASED_DATE))
    if evening is not None:
        this = select(table.c.seq).where(table.c.id == evening).scalar_subquery()
        there = there.where(table.c.seq < this)
    with vault.reading() as db:
        return db.execute(there).first() is not None


def forget_evenings(db: Connection) -> None:
    """Take the dates off all evenings; the private answers of each hang on their ids."""
    blank = {"on": _ERASED_DATE, "began": _ERASED_DATE}
    db.execute(update(schema.evenings).values(blank))


def _select_running(db: Connection, now: datetime) -> Evening | None:
    last = select_not_over(db, now)
    return last if last is not None and last.began - MAX_CLOCK_STEP <= now else None


def select_not_over(db: Connection, now: datetime) -> Evening | None:
    """Return the last evening if it is not over at ``now``, also if it began later than that.

    Within a transaction of the caller's. A clock that was put back makes no evening over.

    Args:
        db: connection with an open transaction.
        now: local time.

    """
    table = schema.evenings
    row = db.execute(limit_to_first(select(table).order_by(table.c.seq.desc()))).one_or_none()
    if row is None or row.on == _ERASED_DATE:
        return None
    try:
        last = from_row(row)
    except DamagedVault:
        return None  # it cannot be read, and counts as over
    return last if now < last.until else None


def from_row(row: Row[Any]) -> Evening:
    """Return what a row of ``evenings`` holds.

    Raises:
        DamagedVault: if it has no dates.

    """
    return Evening(row.id, parse_time(row.on).date(), parse_time(row.began))

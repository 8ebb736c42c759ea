"""The agreement log: what was affirmed and taken back, in the order it happened."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, insert, select

from workbook.domain.consent import AgreementEvent, Kind
from workbook.domain.errors import InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import schema
from workbook.store.lane import Lane

_OWN = frozenset({Kind.AFFIRMED, Kind.WITHDRAWN})
"""Somebody's own word; the others end a session and carry nobody's name."""


def append(lane: Lane, evening: str, event: AgreementEvent, *, spoken: bool = False) -> None:
    """Add one line to the log of an evening; returns after COMMIT.

    Args:
        lane: who is at the screen.
        evening: id of the evening.
        event: what was said.
        spoken: the partner's own word, given beside this person at one screen.

    Raises:
        InvalidAnswer: if it speaks for anybody else, or names who ended a session.
        NotSaved: if the disk refused.

    """
    whose = lane.seat.other if spoken else lane.seat
    if event.seat is not (whose if event.kind in _OWN else None):
        raise InvalidAnswer(field="seat")
    row = {
        "evening": evening,
        "seat": event.seat and event.seat.value,
        "kind": event.kind.value,
        "plan": event.plan,
        "on": event.on.isoformat(),
        "spoken": spoken,
    }
    with lane.writer.begin() as db:
        db.execute(insert(schema.agreements).values(row))


def events(lane: Lane, evening: str) -> tuple[AgreementEvent, ...]:
    """Return the log of an evening by its own sequence, whatever the clock said."""
    table = schema.agreements
    query = select(table).where(table.c.evening == evening).order_by(table.c.seq)
    with lane.reader.begin() as db:
        rows = db.execute(query).all()
    return tuple(
        AgreementEvent(
            Kind(row.kind), row.seat and Seat(row.seat), row.plan, date.fromisoformat(row.on)
        )
        for row in rows
    )


def forget(db: Connection) -> None:
    """Remove the whole log, within a transaction of the caller's. The one way past its trigger."""
    find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'agreements'"
    triggers = db.exec_driver_sql(find).all()
    for name, _ in triggers:
        db.exec_driver_sql(f'DROP TRIGGER "{name}"')
    db.execute(delete(schema.agreements))
    for _, made in triggers:
        db.exec_driver_sql(made)

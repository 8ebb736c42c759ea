"""What was said about an agreement tonight: yes, taken back, stopped, finished.

An event is a plain row, in the order of the vault's own sequence. It is never evidence:
rows are deleted once an evening is over, and nothing shows a list of past ones.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.errors import DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import schema
from workbook.store.evenings import select_not_over
from workbook.store.records import format_time, limit_to_first, parse_time
from workbook.store.unlocked import UnlockedVault

_PERSONAL = frozenset({AgreementKind.AFFIRMED, AgreementKind.WITHDRAWN})
"""One person's own word. The other kinds end a session and name nobody."""


def append_event(
    vault: UnlockedVault, evening: str, event: AgreementEvent, *, spoken: bool = False
) -> None:
    """Add one event; returns after COMMIT.

    Args:
        vault: of the person at the screen.
        evening: id of the evening.
        event: what was said.
        spoken: the partner said it, beside this person at one screen.

    Raises:
        InvalidAnswer: if it speaks for anybody else, or names who ended a session.
        NotSaved: if the disk refused.

    """
    whose = vault.seat.other if spoken else vault.seat
    if event.seat is not (whose if event.kind in _PERSONAL else None):
        raise InvalidAnswer(field="seat")
    row = {
        "evening": evening,
        "seat": event.seat and event.seat.value,
        "kind": event.kind.value,
        "plan": event.plan,
        "on": event.on.isoformat(),
        "at": format_time(vault.now()),
    }
    with vault.writing() as db:
        db.execute(insert(schema.agreements).values(row))


def list_events(vault: UnlockedVault, evening: str) -> tuple[AgreementEvent, ...]:
    """Return the events of an evening in the order they were written, whatever the clock said.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.

    """
    table = schema.agreements
    query = select(table).where(table.c.evening == evening).order_by(table.c.seq)
    with vault.reading() as db:
        rows = db.execute(query).all()
    return tuple(_read_row(vault, row) for row in rows)


def _read_row(vault: UnlockedVault, row: Row[Any]) -> AgreementEvent:
    """Return the event of a row; one that cannot be read is a withdrawal by nobody."""
    with vault.skipping(schema.agreements.name):
        try:
            return AgreementEvent(
                AgreementKind(row.kind),
                Seat(row.seat) if row.seat else None,
                row.plan,
                parse_time(row.on).date(),
            )
        except ValueError:
            raise DamagedVault from None
    return AgreementEvent(AgreementKind.WITHDRAWN, None, "", date.min)


def last_seq(vault: UnlockedVault) -> int:
    """Return the number of the last event; 0 if there is none. Changes with every event."""
    with vault.reading() as db:
        return db.execute(select(func.max(schema.agreements.c.seq))).scalar() or 0


def delete_events(vault: UnlockedVault, evening: str) -> None:
    """Delete the events of an evening; returns after COMMIT.

    For an evening whose turns and debriefs are done. ``secure_delete`` overwrites the rows,
    and the WAL is emptied.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.

    Raises:
        NotSaved: if the disk refused.

    """
    table = schema.agreements
    with vault.writing() as db:
        gone = db.execute(delete(table).where(table.c.evening == evening)).rowcount
    if gone:
        vault.after_commit(vault.truncate_wal)


def delete_finished(vault: UnlockedVault, now: datetime) -> None:
    """Delete the events of every evening that is over at ``now``; returns after COMMIT.

    Writes nothing if there are none.

    Args:
        vault: the unlocked vault of the person at the screen.
        now: local time.

    Raises:
        NotSaved: if the disk refused.

    """
    table = schema.agreements
    with vault.reading() as db:
        last = select_not_over(db, now)
        over = table.c.evening != (last.id if last else "")
        if db.execute(limit_to_first(select(table.c.seq).where(over))).first() is None:
            return
    with vault.writing() as db:
        db.execute(delete(table).where(over))
    vault.after_commit(vault.truncate_wal)


def erase_person(db: Connection, seat: Seat) -> None:
    """Erase what one person said, within a transaction of the caller's.

    In the place of each event stands a withdrawal by nobody: an erased withdrawal must not
    bring an earlier yes of the partner back.

    Args:
        db: connection with an open write transaction.
        seat: whose events are erased.

    """
    table = schema.agreements
    blank = {"seat": None, "kind": AgreementKind.WITHDRAWN.value, "plan": ""}
    db.execute(update(table).where(table.c.seat == seat.value).values(blank))


def erase_all(db: Connection) -> None:
    """Delete every event and how many there were, within a transaction of the caller's."""
    db.execute(delete(schema.agreements))
    name = schema.agreements.name
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))

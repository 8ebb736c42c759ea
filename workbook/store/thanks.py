"""Thank-yous after an evening: one's own at once, the partner's once both have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from workbook.domain.errors import ChangedElsewhere
from workbook.domain.seats import Seat
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault


@dataclass(frozen=True, slots=True)
class Thanks:
    """What one person lets the other read about an evening."""

    text: str = ""
    more: frozenset[str] = frozenset()
    """Area keys to have more of, those that their owner shows."""
    note: str = ""
    """The owner's note, if they show it."""


def hand_in_thanks(
    vault: UnlockedVault, evening: str, thanks: Thanks, expected_version: int
) -> Saved[Thanks]:
    """Put this person's thanks in place of version ``expected_version`` (0: none yet).

    Returns after COMMIT. The partner reads it once both have handed theirs in.

    Args:
        vault: whose thank-you it is.
        evening: id of the evening.
        thanks: the thank-you.
        expected_version: version that is replaced; 0: none is saved yet.

    Raises:
        ChangedElsewhere: if that version is no longer the current one.
        NotSaved: if the disk refused.

    """
    whose = {"evening": evening, "seat": vault.seat.value}
    with vault.writing() as db:
        row = records.select_by_key(db, schema.thanks, whose)
        shown = row is not None and row.shown
        return records.write_versioned(
            db,
            schema.thanks,
            whose,
            thanks,
            at=vault.now(),
            expected_version=expected_version,
            shown=shown,
        )


def show_thanks(vault: UnlockedVault, evening: str) -> None:
    """Let the partner read it now, without waiting for theirs; returns after COMMIT.

    Raises:
        ChangedElsewhere: if nothing was handed in yet.

    """
    table = schema.thanks
    own = table.c.evening == evening, table.c.seat == vault.seat.value
    with vault.writing() as db:
        if not db.execute(update(table).where(*own).values(shown=True)).rowcount:
            raise ChangedElsewhere


def withdraw_lines(db: Connection, seat: Seat) -> None:
    """Remove from a person's thank-yous the lines that were shown with them; the texts stay.

    Args:
        db: a write transaction.
        seat: whose lines are removed.

    """
    table = schema.thanks
    for row in db.execute(select(table).where(table.c.seat == seat.value)).all():
        given = records.from_row(row, Thanks).value
        if given != Thanks(given.text):
            whose = {"evening": row.evening, "seat": row.seat}
            records.write_versioned(
                db,
                table,
                whose,
                Thanks(given.text),
                at=records.parse_time(row.at),
                expected_version=row.version,
                shown=row.shown,
            )


def read_thanks(vault: UnlockedVault, evening: str) -> Mapping[Seat, Saved[Thanks]]:
    """Return one's own, and the partner's if both handed theirs in or the partner shows it.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.

    Returns:
        By seat, with version and local time of the save.

    """
    table = schema.thanks
    with vault.reading() as db:
        rows = db.execute(select(table).where(table.c.evening == evening)).all()
    both = len(rows) == len(Seat)
    return {
        Seat(row.seat): records.from_row(row, Thanks)
        for row in rows
        if both or row.shown or row.seat == vault.seat.value
    }

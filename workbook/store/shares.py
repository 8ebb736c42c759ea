"""Shares: what each person hands in for an evening, effects without causes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault

_TABLE = schema.shares.name


def hand_in(
    vault: UnlockedVault, evening: str, share: Share, expected_version: int
) -> Saved[Share]:
    """Put this person's share in place of version ``expected_version`` (0: none yet).

    Returns after COMMIT.

    Args:
        vault: whose share it is.
        evening: id of the evening.
        share: what the person's answers mean.
        expected_version: version that is replaced; 0: none is saved yet.

    Raises:
        ChangedElsewhere: if that version is no longer the current one.
        NotSaved: if the disk refused.

    """
    whose = _key(vault, evening)
    with vault.writing() as db:
        return records.write_versioned(
            db, schema.shares, whose, share, at=vault.now(), expected_version=expected_version
        )


def take_back(vault: UnlockedVault, evening: str) -> None:
    """Take this person's share back, whichever version it has; returns after COMMIT.

    Args:
        vault: whose share it is.
        evening: id of the evening.

    Raises:
        NotSaved: if the disk refused.

    """
    with vault.writing() as db:
        row = records.select_by_key(db, schema.shares, _key(vault, evening))
        if row is not None and row.body is not None:
            whose = _key(vault, evening)
            records.write_versioned(
                db, schema.shares, whose, None, at=vault.now(), expected_version=row.version
            )


def read_own(vault: UnlockedVault, evening: str) -> Saved[Share | None] | None:
    """Return this person's own share with its version.

    Its value is None after ``take_back``; the version still counts for the next ``hand_in``.

    Args:
        vault: whose share it is.
        evening: id of the evening.

    Returns:
        None if none was ever handed in on this evening, or it cannot be read.

    """
    with vault.reading() as db:
        row = records.select_by_key(db, schema.shares, _key(vault, evening))
    if row is None:
        return None
    with vault.skipping(_TABLE):
        at = records.parse_time(row.at)
        return Saved(row.body and records.decode(row.body, Share), row.version, at)
    return None


def read_all(vault: UnlockedVault, evening: str) -> Mapping[Seat, Share]:
    """Return the shares that are handed in.

    One that was taken back, or cannot be read, looks like none.
    """
    table = schema.shares
    there = table.c.evening == evening, table.c.body.is_not(None)
    with vault.reading() as db:
        rows = db.execute(select(table.c.seat, table.c.body).where(*there)).all()
    found = {}
    for row in rows:
        with vault.skipping(_TABLE):
            found[Seat(row.seat)] = records.decode(row.body, Share)
    return found


def _key(vault: UnlockedVault, evening: str) -> dict[str, object]:
    return {"evening": evening, "seat": vault.seat.value}

"""Shares: what each person hands in for an evening, effects without causes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.store import consent, records, schema
from workbook.store.lane import Lane
from workbook.store.records import Saved


def hand_in(lane: Lane, evening: str, share: Share, edited: int) -> Saved[Share]:
    """Put this person's share in place of version ``edited`` (0: none yet).

    Returns after COMMIT; the consent record has a line about it then.

    Raises:
        ChangedElsewhere: if that version is no longer the current one.
        NotSaved: if the disk refused.

    """
    whose = _mine(lane, evening)
    with lane.writing() as db:
        saved = records.put(db, schema.shares, whose, share, at=lane.now(), edited=edited)
        consent.handed(db, lane, evening, records.encode(share))
    return saved


def take_back(lane: Lane, evening: str) -> None:
    """Take this person's share back, whichever version it has; returns after COMMIT."""
    with lane.writing() as db:
        row = records.found(db, schema.shares, _mine(lane, evening))
        if row is not None and row.body is not None:
            whose = _mine(lane, evening)
            records.put(db, schema.shares, whose, None, at=lane.now(), edited=row.version)
            consent.handed(db, lane, evening, None)


def mine(lane: Lane, evening: str) -> Saved[Share | None] | None:
    """Return this person's own share with its version.

    Its value is None after ``take_back``; the version still counts for the next ``hand_in``.
    """
    with lane.reading() as db:
        row = records.found(db, schema.shares, _mine(lane, evening))
    if row is None:
        return None
    at = records.read_stamp(row.at)
    return Saved(row.body and records.decode(row.body, Share), row.version, at)


def shares(lane: Lane, evening: str) -> Mapping[Seat, Share]:
    """Return the shares that are handed in; one that was taken back looks like none."""
    table = schema.shares
    there = table.c.evening == evening, table.c.body.is_not(None)
    with lane.reading() as db:
        rows = db.execute(select(table.c.seat, table.c.body).where(*there)).all()
    return {Seat(row.seat): records.decode(row.body, Share) for row in rows}


def _mine(lane: Lane, evening: str) -> dict[str, object]:
    return {"evening": evening, "seat": lane.seat.value}

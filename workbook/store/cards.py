"""Cards of both people: signals, a pressure duet, an evening's room, signs of life."""

from __future__ import annotations

from typing import TypeVar

from workbook.domain.consent import Signals
from workbook.domain.evening import RoomCard
from workbook.domain.levels import Duet
from workbook.domain.session import GuideBeat, PadBeat
from workbook.store import records, schema
from workbook.store.lane import Lane
from workbook.store.records import Saved

T = TypeVar("T", Signals, RoomCard, Duet, GuideBeat, PadBeat)

KINDS: frozenset[type] = frozenset({Signals, RoomCard, Duet, GuideBeat, PadBeat})
"""All there is; everything else somebody answers is private."""


def read(lane: Lane, kind: type[T], evening: str | None = None) -> Saved[T] | None:
    """Return the card of this kind; ``evening`` is the evening's id, None for a standing card."""
    with lane.reading() as db:
        row = records.found(db, schema.cards, _whose(kind, evening))
    return None if row is None else records.saved(row, kind)


def write(lane: Lane, value: T, evening: str | None = None, edited: int = 0) -> Saved[T]:
    """Put ``value`` in place of version ``edited`` (0: none yet); returns after COMMIT.

    Raises:
        ChangedElsewhere: if that version is no longer the current one; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    if type(value) not in KINDS:
        raise TypeError(f"{type(value).__name__} is private")
    with lane.writing() as db:
        return records.put(
            db, schema.cards, _whose(type(value), evening), value, at=lane.now(), edited=edited
        )


def _whose(kind: type, evening: str | None) -> dict[str, object]:
    return {"topic": kind.__name__, "evening": evening or ""}

"""Cards of both people: signals, a pressure duet, an evening's room, signs of life."""

from __future__ import annotations

from typing import TypeVar

from workbook.domain.consent import Signals
from workbook.domain.evening import IntentionCard, RoomCard
from workbook.domain.levels import Duet
from workbook.domain.session import Beat, GuideBeat, PadBeat, SeatABeat, SeatBBeat
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault

T = TypeVar("T", bound=Signals | RoomCard | IntentionCard | Duet | Beat)

CARD_TYPES: frozenset[type] = frozenset(
    {Signals, RoomCard, IntentionCard, Duet, GuideBeat, PadBeat, SeatABeat, SeatBBeat}
)
"""All there is; everything else somebody answers is private."""


def read_card(vault: UnlockedVault, kind: type[T], evening: str | None = None) -> Saved[T] | None:
    """Return the card of this kind.

    Args:
        vault: vault of either person.
        kind: class of the card.
        evening: id of the evening; None: a standing card.

    Returns:
        The card with its version and the local time of its save; None: there is none, or it
        cannot be read.

    """
    with vault.reading() as db:
        row = records.select_by_key(db, schema.cards, _key(kind, evening))
    with vault.skipping(kind.__name__):
        return row and records.from_row(row, kind)
    return None


def write_card(
    vault: UnlockedVault, value: T, evening: str | None = None, expected_version: int = 0
) -> Saved[T]:
    """Put ``value`` in place of version ``expected_version`` (0: none yet); returns after COMMIT.

    Args:
        vault: vault of either person.
        value: the card.
        evening: id of the evening; None: a standing card.
        expected_version: version that is replaced; 0: none is saved yet.

    Raises:
        ChangedElsewhere: if that version is no longer the current one; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    if type(value) not in CARD_TYPES:
        raise TypeError(f"{type(value).__name__} is private")
    with vault.writing() as db:
        return records.write_versioned(
            db,
            schema.cards,
            _key(type(value), evening),
            value,
            at=vault.now(),
            expected_version=expected_version,
        )


def write_beat(vault: UnlockedVault, kind: type[Beat], evening: str, page: str) -> None:
    """Write a sign of life of a page: one more than the last of its kind; returns after COMMIT.

    Args:
        vault: vault of either person.
        kind: class of the sign of life.
        evening: id of the evening.
        page: random name that the page chose; names no person.

    Raises:
        NotSaved: if the disk refused.

    """
    with vault.writing():
        before = read_card(vault, kind, evening)
        beat, version = (before.value.beat, before.version) if before else (0, 0)
        write_card(vault, kind(page, beat + 1), evening, expected_version=version)


def _key(kind: type, evening: str | None) -> dict[str, object]:
    return {"topic": kind.__name__, "evening": evening or ""}

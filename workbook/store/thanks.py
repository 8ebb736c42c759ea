"""Thank-yous after an evening: one's own at once, the partner's once both have written.

Each lies sealed to both people's keys, so that a database tool does not show it. Whether the
partner's is shown is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from sqlalchemy import Connection, Row, select

from workbook.domain.errors import DamagedVault
from workbook.domain.seats import Seat
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.seal import UnsealError, pad, share_key_pair, unpad
from workbook.store.unlocked import UnlockedVault

_BLOCK_BYTES = 1024
"""A thank-you fills whole blocks, so that its length tells little."""


@dataclass(frozen=True, slots=True)
class Thanks:
    """What one person lets the other read about an evening."""

    text: str = ""
    more: frozenset[str] = frozenset()
    """Area keys to have more of, those that their owner shows."""
    note: str = ""
    """The owner's note, if they show it."""


@dataclass(frozen=True, slots=True)
class _SealedThanks:
    """What lies in a row: the same thank-you twice, one for each person's key."""

    for_a: bytes
    for_b: bytes


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
        if row is not None and not expected_version and _read_row(vault, row) is None:
            expected_version = row.version  # it cannot be read, and counts as none
        body = records.encode(thanks)
        sealed = records.write_versioned(
            db,
            schema.thanks,
            whose,
            _seal(db, body),
            at=vault.now(),
            expected_version=expected_version,
            shown=shown,
        )
    return Saved(records.decode(body, Thanks), sealed.version, sealed.at)


def withdraw_lines(vault: UnlockedVault) -> None:
    """Remove from this person's thank-yous the lines that were shown with them; the texts stay.

    Returns after COMMIT.

    Args:
        vault: whose lines are removed.

    """
    table = schema.thanks
    with vault.writing() as db:
        for row in db.execute(select(table).where(table.c.seat == vault.seat.value)).all():
            saved = _read_row(vault, row)
            if saved is not None and (given := saved.value) != Thanks(given.text):
                records.write_versioned(
                    db,
                    table,
                    {"evening": row.evening, "seat": row.seat},
                    _seal(db, records.encode(Thanks(given.text))),
                    at=records.parse_time(row.at),
                    expected_version=row.version,
                    shown=row.shown,
                )


def read_thanks(vault: UnlockedVault, evening: str) -> Mapping[Seat, Saved[Thanks]]:
    """Return one's own, and the partner's if both handed theirs in or its row says it is shown.

    Nothing sets that any more; a row of an older vault keeps it.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.

    Returns:
        By seat, with version and local time of the save; one that cannot be read is left out.

    """
    table = schema.thanks
    with vault.reading() as db:
        rows = db.execute(select(table).where(table.c.evening == evening)).all()
    both = len(rows) == len(Seat)
    found = {
        Seat(row.seat): _read_row(vault, row)
        for row in rows
        if both or row.shown or row.seat == vault.seat.value
    }
    return {seat: saved for seat, saved in found.items() if saved is not None}


def _seal(db: Connection, content: bytes) -> _SealedThanks:
    """Seal to both people; neither can tell from the row what is in it without their own key."""
    table, padded = schema.people, pad(content, _BLOCK_BYTES)
    boxes = {row.seat: row.box for row in db.execute(select(table))}
    a, b = (SealedBox(PublicKey(boxes[seat.value])).encrypt(padded) for seat in Seat)
    return _SealedThanks(a, b)


def _read_row(vault: UnlockedVault, row: Row[Any]) -> Saved[Thanks] | None:
    with vault.skipping(schema.thanks.name):
        return _unseal(vault, row)
    return None


def _unseal(vault: UnlockedVault, row: Row[Any]) -> Saved[Thanks]:
    sealed = records.from_row(row, _SealedThanks)
    box = sealed.value.for_a if vault.seat is Seat.A else sealed.value.for_b
    try:
        content = unpad(SealedBox(share_key_pair(vault.keys.own)).decrypt(box), _BLOCK_BYTES)
    except (CryptoError, UnsealError, ValueError):
        raise DamagedVault from None
    return Saved(records.decode(content, Thanks), sealed.version, sealed.at)

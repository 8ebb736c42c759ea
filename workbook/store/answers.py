"""Private answers of one person, sealed so that only their own key opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault
from workbook.domain.seats import Seat
from workbook.store import cards, evenings, records, schema
from workbook.store.records import Saved
from workbook.store.seal import UnsealError, derive_key, pad, seal, unpad, unseal
from workbook.store.unlocked import UnlockedVault

T = TypeVar("T")

BLOCK_BYTES = 1024
"""Answers fill whole blocks, so that their length tells little."""

_BLOCK_BYTES_OF = {"WishAnswers": 8192}
"""Those whose length must tell nothing at all (vault.md, section 7)."""


@dataclass(frozen=True, slots=True)
class _SealedAnswer:
    """What lies in a box: version and time as well, so that the partner sees neither."""

    version: int
    at: datetime
    body: msgspec.Raw


def read_answer(vault: UnlockedVault, kind: type[T], evening: str | None = None) -> Saved[T] | None:
    """Return this person's answers of one kind; None if there are none.

    Args:
        vault: whose answers.
        kind: the class of the answers; its name is their topic.
        evening: id of the evening; None for standing answers.

    Raises:
        DamagedVault: if the row is there and does not open.

    """
    with vault.reading() as db:
        box = db.execute(_select_box(vault, kind.__name__, evening)).scalar_one_or_none()
    return None if box is None else _decrypt(vault, kind, evening, box)


def read_all_answers(vault: UnlockedVault, kind: type[T]) -> Mapping[str, Saved[T]]:
    """Return this person's answers of one kind by evening, the first evening first.

    Args:
        vault: whose answers are read.
        kind: class of the answers, one that is saved for each evening.

    Returns:
        Answers with version and local time of the save, by id of the evening.

    Raises:
        DamagedVault: if a row cannot be decrypted or read.

    """
    table = schema.answers
    own = select(table.c.row, table.c.box).where(table.c.seat == vault.seat.value)
    with vault.reading() as db:
        boxes = {row.row: row.box for row in db.execute(own)}
    names = [
        (each, _row_key(vault.keys.own, kind.__name__, each))
        for each in evenings.list_evening_ids(vault)
    ]
    return {name: _decrypt(vault, kind, name, boxes[row]) for name, row in names if row in boxes}


def write_answer(
    vault: UnlockedVault, value: T, evening: str | None = None, expected_version: int = 0
) -> Saved[T]:
    """Put ``value`` in place of version ``expected_version`` (0: none yet); returns after COMMIT.

    Args:
        vault: whose answers.
        value: a frozen value that msgspec can encode; its class's name is the topic.
        evening: id of the evening; None for standing answers.
        expected_version: the version that was read; 0 if there was none.

    Raises:
        ChangedElsewhere: if that version is no longer the current one; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    kind = type(value)
    if kind in cards.CARD_TYPES:
        raise TypeError(f"{kind.__name__} is for both people")
    topic, at = kind.__name__, vault.now()
    put = _upsert(vault, value, evening, expected_version + 1, at)
    with vault.writing() as db:
        there = db.execute(_select_box(vault, topic, evening)).scalar_one_or_none()
        current = 0 if there is None else _decrypt(vault, kind, evening, there).version
        if current != expected_version:
            raise ChangedElsewhere
        db.execute(put)
    return Saved(records.decode(records.encode(value), kind), expected_version + 1, at)


def replace_answers(vault: UnlockedVault, values: Iterable[tuple[str | None, object]]) -> None:
    """Put many values, each with the id of its evening or None, in place of what is there.

    All of them or none; returns after COMMIT. For what its owner brings from elsewhere: no
    version is named, and pages that are open see a change like any other.

    Args:
        vault: whose answers are replaced.
        values: pairs of the id of an evening, or None for a standing answer, and the
            answer.

    Raises:
        NotSaved: if the disk refused; nothing of it was kept.

    """
    at = vault.now()
    with vault.writing() as db:
        for evening, value in values:
            kind = type(value)
            topic = kind.__name__
            there = db.execute(_select_box(vault, topic, evening)).scalar_one_or_none()
            version = 0 if there is None else _decrypt(vault, kind, evening, there).version
            db.execute(_upsert(vault, value, evening, version + 1, at))


def seal_answer(
    own: bytes, seat: Seat, value: object, at: datetime, *, evening: str | None, version: int
) -> Mapping[str, object]:
    """Return the row in which ``value`` lies sealed; nothing is written.

    Args:
        own: the person's own key.
        seat: whose answers.
        value: a frozen value that msgspec can encode; its class's name is the topic.
        at: local time of the save.
        evening: id of the evening; None for standing answers.
        version: the version that it is; 1 for a first one.

    """
    topic = type(value).__name__
    content = msgspec.json.encode(_SealedAnswer(version, at, msgspec.Raw(records.encode(value))))
    padded = pad(content, _block_bytes(topic))
    return {
        "seat": seat.value,
        "row": _row_key(own, topic, evening),
        "box": seal(own, padded, _associated_data(seat, topic, evening)),
    }


def _upsert(vault: UnlockedVault, value: object, evening: str | None, version: int, at: datetime):  # type: ignore[no-untyped-def]
    row = seal_answer(vault.keys.own, vault.seat, value, at, evening=evening, version=version)
    put = insert(schema.answers).values(**row)
    return put.on_conflict_do_update(set_={"box": put.excluded.box})


def _decrypt(vault: UnlockedVault, kind: type[T], evening: str | None, box: bytes) -> Saved[T]:
    topic = kind.__name__
    try:
        content = unpad(
            unseal(vault.keys.own, box, _associated_data(vault.seat, topic, evening)),
            _block_bytes(topic),
        )
        found = msgspec.json.decode(content, type=_SealedAnswer)
    except (UnsealError, msgspec.DecodeError):
        raise DamagedVault from None
    return Saved(records.decode(bytes(found.body), kind), found.version, found.at)


def _select_box(vault: UnlockedVault, topic: str, evening: str | None):  # type: ignore[no-untyped-def]
    table = schema.answers
    mine = table.c.seat == vault.seat.value
    return select(table.c.box).where(mine, table.c.row == _row_key(vault.keys.own, topic, evening))


def _row_key(own: bytes, topic: str, evening: str | None) -> bytes:
    return derive_key(own, "answers-row-v1", f"{topic}|{evening or ''}")


def _associated_data(seat: Seat, topic: str, evening: str | None) -> str:
    return f"answers|v1|{seat.value}|{topic}|{evening or ''}"


def _block_bytes(topic: str) -> int:
    return _BLOCK_BYTES_OF.get(topic, BLOCK_BYTES)

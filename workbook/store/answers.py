"""Private answers of one person, sealed so that only their own key opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.sqlite import Insert, insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault
from workbook.domain.learning import Debrief, NextDay, PastEvenings
from workbook.domain.seats import Seat
from workbook.domain.topics import TOPICS
from workbook.store import cards, evenings, records, schema
from workbook.store.records import Saved
from workbook.store.seal import (
    NONCE_BYTES,
    TAG_BYTES,
    UnsealError,
    derive_key,
    pad,
    seal,
    unpad,
    unseal,
)
from workbook.store.unlocked import UnlockedVault

T = TypeVar("T")

BLOCK_BYTES = 4096
"""Answers of every kind fill whole blocks of one size, so that a length tells neither the kind
nor the content. Only free text of thousands of characters, or years of what was learned,
takes a second block."""

PRIVATE_TYPES: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (*(topic.answers for topic in TOPICS), Debrief, NextDay, PastEvenings)
}
"""Every class of private answers, by the name of its topic."""


@dataclass(frozen=True, slots=True)
class _SealedAnswer:
    """What lies in a box: version and time as well, so that the partner sees neither."""

    version: int
    at: datetime
    body: msgspec.Raw


def read_answer(vault: UnlockedVault, kind: type[T], evening: str | None = None) -> Saved[T] | None:
    """Return this person's answers of one kind; None if there are none.

    A row that does not open counts as none, and is noted in ``vault.unreadable``.

    Args:
        vault: whose answers.
        kind: the class of the answers; its name is their topic.
        evening: id of the evening; None for standing answers.

    """
    with vault.reading() as db:
        box = db.execute(_select_box(vault, kind.__name__, evening)).scalar_one_or_none()
    return None if box is None else _read_box(vault, kind, evening, box)


def read_several_answers(
    vault: UnlockedVault, wanted: Mapping[type[Any], str | None]
) -> Mapping[type[Any], Saved[Any]]:
    """Return this person's answers of several kinds, with one statement.

    Args:
        vault: whose answers.
        wanted: by class of the answers the id of the evening; None for standing answers.

    Returns:
        By class; one that is blank, or whose row does not open, is left out. The latter is
        noted in ``vault.unreadable``.

    """
    table, own = schema.answers, vault.keys.own
    rows = {_row_key(own, kind.__name__, evening): kind for kind, evening in wanted.items()}
    mine = table.c.seat == vault.seat.value
    with vault.reading() as db:
        there = db.execute(select(table).where(mine, table.c.row.in_(rows))).all()
    boxes = {rows[each.row]: each.box for each in there}
    # In the order that was asked for, whatever the order of the rows.
    found = {
        kind: _read_box(vault, kind, evening, boxes[kind])
        for kind, evening in wanted.items()
        if kind in boxes
    }
    return {kind: saved for kind, saved in found.items() if saved is not None}


def read_all_answers(vault: UnlockedVault, kind: type[T]) -> Mapping[str, Saved[T]]:
    """Return this person's answers of one kind by evening, the first evening first.

    Args:
        vault: whose answers are read.
        kind: class of the answers, one that is saved for each evening.

    Returns:
        Answers with version and local time of the save, by id of the evening; a row that does
        not open is left out, and noted in ``vault.unreadable``.

    """
    table = schema.answers
    own = select(table.c.row, table.c.box).where(table.c.seat == vault.seat.value)
    with vault.reading() as db:
        boxes = {row.row: row.box for row in db.execute(own)}
    names = [
        (each, _row_key(vault.keys.own, kind.__name__, each))
        for each in evenings.list_evening_ids(vault)
    ]
    found = {name: _read_box(vault, kind, name, boxes[row]) for name, row in names if row in boxes}
    return {name: saved for name, saved in found.items() if saved is not None}


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
        InvalidAnswer: if it could not be read back; nothing is written.
        ChangedElsewhere: if that version is no longer the current one; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    kind = type(value)
    if kind in cards.CARD_TYPES:
        raise TypeError(f"{kind.__name__} is for both people")
    at = vault.now()
    with vault.writing() as db:
        before = read_answer(vault, kind, evening)
        if (before.version if before else 0) != expected_version:
            raise ChangedElsewhere
        body = records.encode(value, before and before.value)
        content = _SealedAnswer(expected_version + 1, at, msgspec.Raw(body))
        db.execute(_upsert(vault, kind.__name__, evening, content))
    return Saved(records.decode(body, kind), expected_version + 1, at)


def replace_answers(vault: UnlockedVault, values: Iterable[tuple[str | None, object]]) -> None:
    """Put many values, each with the id of its evening or None, in place of what is there.

    All of them or none; returns after COMMIT. For what its owner brings from elsewhere: no
    version is named, and pages that are open see a change like any other.

    Args:
        vault: whose answers are replaced.
        values: pairs of the id of an evening, or None for a standing answer, and the
            answer.

    Raises:
        InvalidAnswer: if one could not be read back; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    at = vault.now()
    with vault.writing() as db:
        for evening, value in values:
            kind = type(value)
            before = read_answer(vault, kind, evening)
            body = records.encode(value, before and before.value)
            version = before.version + 1 if before else 1
            content = _SealedAnswer(version, at, msgspec.Raw(body))
            db.execute(_upsert(vault, kind.__name__, evening, content))


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
    content = _SealedAnswer(version, at, msgspec.Raw(records.encode(value)))
    return _make_row(own, seat, type(value).__name__, evening, content)


def renewed_key(seat: Seat) -> str:
    """Return the name of the row of ``meta`` that says a person's rows have the usual length."""
    return f"renewed_lengths_{seat.value.lower()}"


def renew_lengths(vault: UnlockedVault) -> None:
    """Seal anew, once, what versions before 4 have sealed in blocks of other lengths.

    Vaults made since say from the start that there is nothing to do: looking for other
    lengths reads every answer of every evening. Returns after COMMIT.

    Raises:
        NotSaved: if the disk refused; the next time does it.

    """
    table, own = schema.answers, vault.keys.own
    mine, done = table.c.seat == vault.seat.value, renewed_key(vault.seat)
    usual = func.length(table.c.box) == BLOCK_BYTES + NONCE_BYTES + TAG_BYTES
    renewed = []
    with vault.reading() as db:
        if db.execute(select(schema.meta.c.name).where(schema.meta.c.name == done)).first():
            return
        boxes = {row.row: row.box for row in db.execute(select(table).where(mine, ~usual))}
        known = evenings.list_evening_ids(vault) if boxes else ()
        for topic, evening in product(PRIVATE_TYPES, (None, *known)):
            key = _row_key(own, topic, evening)
            box = boxes.get(key)
            if box is None:
                continue
            try:
                content = _open_box(vault, topic, evening, box)
            except DamagedVault:
                continue  # it stays as it is
            new = _seal_content(own, content, _associated_data(vault.seat, topic, evening))
            if len(new) != len(box):
                renewed.append((key, box, new))
    with vault.writing() as db:
        for key, box, new in renewed:
            row = table.update().where(mine, table.c.row == key, table.c.box == box)
            db.execute(row.values(box=new))
        note = insert(schema.meta).values(name=done, value="1")
        db.execute(note.on_conflict_do_nothing())


def _seal_content(own: bytes, content: _SealedAnswer, data: str) -> bytes:
    return seal(own, pad(msgspec.json.encode(content), BLOCK_BYTES), data)


def _make_row(
    own: bytes, seat: Seat, topic: str, evening: str | None, content: _SealedAnswer
) -> Mapping[str, object]:
    return {
        "seat": seat.value,
        "row": _row_key(own, topic, evening),
        "box": _seal_content(own, content, _associated_data(seat, topic, evening)),
    }


def _upsert(
    vault: UnlockedVault, topic: str, evening: str | None, content: _SealedAnswer
) -> Insert:
    row = _make_row(vault.keys.own, vault.seat, topic, evening, content)
    put = insert(schema.answers).values(**row)
    return put.on_conflict_do_update(set_={"box": put.excluded.box})


def _read_box(
    vault: UnlockedVault, kind: type[T], evening: str | None, box: bytes
) -> Saved[T] | None:
    with vault.skipping(kind.__name__):
        return _decrypt(vault, kind, evening, box)
    return None


def _decrypt(vault: UnlockedVault, kind: type[T], evening: str | None, box: bytes) -> Saved[T]:
    topic = kind.__name__
    found = _open_box(vault, topic, evening, box)
    return Saved(records.decode(bytes(found.body), kind), found.version, found.at)


def _open_box(vault: UnlockedVault, topic: str, evening: str | None, box: bytes) -> _SealedAnswer:
    try:
        padded = unseal(vault.keys.own, box, _associated_data(vault.seat, topic, evening))
        # Whatever the length of a block was when it was sealed.
        return msgspec.json.decode(unpad(padded, len(padded)), type=_SealedAnswer)
    except (UnsealError, msgspec.DecodeError):
        raise DamagedVault from None


def _select_box(vault: UnlockedVault, topic: str, evening: str | None) -> Select[bytes]:
    table = schema.answers
    mine = table.c.seat == vault.seat.value
    return select(table.c.box).where(mine, table.c.row == _row_key(vault.keys.own, topic, evening))


def _row_key(own: bytes, topic: str, evening: str | None) -> bytes:
    return derive_key(own, "answers-row-v1", f"{topic}|{evening or ''}")


def _associated_data(seat: Seat, topic: str, evening: str | None) -> str:
    return f"answers|v1|{seat.value}|{topic}|{evening or ''}"

"""The private lane: one person's answers, sealed so that only their own key opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault
from workbook.store import cards, records, schema
from workbook.store import evening as evenings
from workbook.store.lane import Lane
from workbook.store.records import Saved
from workbook.store.seal import Broken, derived, pad, seal, unpad, unseal

T = TypeVar("T")

BLOCK = 1024
"""Answers fill whole blocks, so that their length tells little."""

_BLOCKS = {"WishAnswers": 8192}
"""Those whose length must tell nothing at all (vault.md, section 7)."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What lies in a box: version and time as well, so that the partner sees neither."""

    version: int
    at: datetime
    body: msgspec.Raw


def read(lane: Lane, kind: type[T], evening: str | None = None) -> Saved[T] | None:
    """Return this person's answers of one kind; None if there are none.

    Args:
        lane: whose answers.
        kind: the class of the answers; its name is their topic.
        evening: id of the evening; None for standing answers.

    Raises:
        DamagedVault: if the row is there and does not open.

    """
    with lane.reading() as db:
        box = db.execute(_query(lane, kind.__name__, evening)).scalar_one_or_none()
    return None if box is None else _opened(lane, kind, evening, box)


def every(lane: Lane, kind: type[T]) -> Mapping[str, Saved[T]]:
    """Return this person's answers of one kind by evening, the first evening first."""
    table = schema.answers
    own = select(table.c.row, table.c.box).where(table.c.seat == lane.seat.value)
    with lane.reading() as db:
        boxes = {row.row: row.box for row in db.execute(own)}
    names = [(each, _row(lane, kind.__name__, each)) for each in evenings.names(lane)]
    return {name: _opened(lane, kind, name, boxes[row]) for name, row in names if row in boxes}


def write(lane: Lane, value: T, evening: str | None = None, edited: int = 0) -> Saved[T]:
    """Put ``value`` in place of version ``edited`` (0: none yet); returns after COMMIT.

    Args:
        lane: whose answers.
        value: a frozen value that msgspec can encode; its class's name is the topic.
        evening: id of the evening; None for standing answers.
        edited: version the person was editing.

    Raises:
        ChangedElsewhere: if that version is no longer the current one; nothing is written.
        NotSaved: if the disk refused; nothing of it was kept.

    """
    kind = type(value)
    if kind in cards.KINDS:
        raise TypeError(f"{kind.__name__} is for both people")
    topic, at = kind.__name__, lane.now()
    put = _written(lane, value, evening, edited + 1, at)
    with lane.writing() as db:
        there = db.execute(_query(lane, topic, evening)).scalar_one_or_none()
        current = 0 if there is None else _opened(lane, kind, evening, there).version
        if current != edited:
            raise ChangedElsewhere
        db.execute(put)
    return Saved(records.decode(records.encode(value), kind), edited + 1, at)


def replace_all(lane: Lane, values: Iterable[tuple[str | None, object]]) -> None:
    """Put many values, each with the id of its evening or None, in place of what is there.

    All of them or none; returns after COMMIT. For what its owner brings from elsewhere: no
    version is named, and pages that are open see a change like any other.

    Raises:
        NotSaved: if the disk refused; nothing of it was kept.

    """
    at = lane.now()
    with lane.writing() as db:
        for evening, value in values:
            kind = type(value)
            topic = kind.__name__
            there = db.execute(_query(lane, topic, evening)).scalar_one_or_none()
            version = 0 if there is None else _opened(lane, kind, evening, there).version
            db.execute(_written(lane, value, evening, version + 1, at))


def _written(lane: Lane, value: object, evening: str | None, version: int, at: datetime):  # type: ignore[no-untyped-def]
    topic = type(value).__name__
    content = msgspec.json.encode(_Sealed(version, at, msgspec.Raw(records.encode(value))))
    box = seal(lane.keys.own, pad(content, _block(topic)), _purpose(lane, topic, evening))
    row = {"seat": lane.seat.value, "row": _row(lane, topic, evening)}
    put = insert(schema.answers).values(**row, box=box)
    return put.on_conflict_do_update(set_={"box": put.excluded.box})


def _opened(lane: Lane, kind: type[T], evening: str | None, box: bytes) -> Saved[T]:
    topic = kind.__name__
    try:
        content = unpad(unseal(lane.keys.own, box, _purpose(lane, topic, evening)), _block(topic))
        found = msgspec.json.decode(content, type=_Sealed)
    except (Broken, msgspec.DecodeError):
        raise DamagedVault from None
    return Saved(records.decode(bytes(found.body), kind), found.version, found.at)


def _query(lane: Lane, topic: str, evening: str | None):  # type: ignore[no-untyped-def]
    table = schema.answers
    mine = table.c.seat == lane.seat.value
    return select(table.c.box).where(mine, table.c.row == _row(lane, topic, evening))


def _row(lane: Lane, topic: str, evening: str | None) -> bytes:
    return derived(lane.keys.own, "answers-row-v1", f"{topic}|{evening or ''}")


def _purpose(lane: Lane, topic: str, evening: str | None) -> str:
    return f"answers|v1|{lane.seat.value}|{topic}|{evening or ''}"


def _block(topic: str) -> int:
    return _BLOCKS.get(topic, BLOCK)

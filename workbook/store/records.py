"""What all topics of the vault share: saved values with versions, as JSON, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, select, update
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault, WorkbookError
from workbook.store.text import cleaned

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """A value as it lies in the vault."""

    value: T
    """What was stored: the text in it is clean (``store.text``)."""
    version: int
    """Name it as ``edited`` in the next write; 0 stands for "nothing yet"."""
    at: datetime
    """Local time of the save, to show with "Saved"."""


def encode(value: object) -> bytes:
    """Return ``value`` as JSON, the same bytes for the same value, its text clean."""
    plain = msgspec.to_builtins(value, order="deterministic")  # nor in which order they ticked
    return msgspec.json.encode(cleaned(plain))


def decode(body: bytes, kind: type[T]) -> T:
    """Return the value of ``kind`` that ``encode`` was given.

    Raises:
        DamagedVault: if it is not one.

    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, WorkbookError):
        raise DamagedVault from None


def found(db: Connection, table: Table, whose: Mapping[str, object]) -> Row[Any] | None:
    """Return the row of ``table`` with this key."""
    return db.execute(select(table).where(*_key(table, whose))).one_or_none()


def saved(row: Row[Any], kind: type[T]) -> Saved[T]:
    """Return what a record's row holds."""
    return Saved(decode(row.body, kind), row.version, read_stamp(row.at))


def put(
    db: Connection,
    table: Table,
    whose: Mapping[str, object],
    value: T,
    *,
    at: datetime,
    edited: int,
    **more: object,
) -> Saved[T]:
    """Write ``value`` in place of version ``edited`` (0: none yet); ``more`` are other columns.

    Raises:
        ChangedElsewhere: if that is no longer the current version; nothing is written.

    """
    body = None if value is None else encode(value)
    new = {**more, "version": edited + 1, "at": stamp(at), "body": body}
    if edited:
        current = and_(*_key(table, whose), table.c.version == edited)
        done = db.execute(update(table).where(current).values(**new))
    else:
        done = db.execute(insert(table).values(**whose, **new).on_conflict_do_nothing())
    if not done.rowcount:
        raise ChangedElsewhere
    return Saved(value if body is None else decode(body, type(value)), edited + 1, at)


def _key(table: Table, whose: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in whose.items()]


def stamp(at: datetime) -> str:
    """Return a local time as it is written."""
    return at.isoformat(timespec="seconds")


def read_stamp(text: str) -> datetime:
    """Return the local time that ``stamp`` wrote."""
    return datetime.fromisoformat(text)

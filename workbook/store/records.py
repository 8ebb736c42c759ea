"""What all topics of the vault share: saved values with versions, as JSON, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from workbook.content.vocabulary import find_unknown
from workbook.domain.errors import ChangedElsewhere, DamagedVault, InvalidAnswer, WorkbookError
from workbook.store.text import clean_texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """A value as it lies in the vault."""

    value: T
    """What was stored: the text in it is clean (``store.text``)."""
    version: int
    """Name it as ``expected_version`` in the next write; 0 stands for "nothing yet"."""
    at: datetime
    """Local time of the save, to show with "Saved"."""


def to_json(value: object) -> bytes:
    """Return ``value`` as JSON, its text clean, without checking that it can be saved."""
    plain = msgspec.to_builtins(value, order="deterministic")  # not the order of ticks
    return msgspec.json.encode(clean_texts(plain))


def encode(value: object, before: object = None) -> bytes:
    """Return ``value`` as JSON, the same bytes for the same value, its text clean.

    Every value that is saved goes through here, so what cannot be read back is never written.

    Args:
        value: what is saved.
        before: the value in whose place it comes, if there is one; keys that it holds may stay
            although no table knows them any more.

    Raises:
        InvalidAnswer: if the bytes would not give such a value again, or hold a key that no
            table knows.

    """
    kind = type(value)
    try:
        body = to_json(value)
        again = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, WorkbookError, TypeError, ValueError):
        raise InvalidAnswer(field=kind.__name__) from None
    unknown = find_unknown(again, before)
    if unknown is not None:
        raise InvalidAnswer(field=unknown)
    return body


def decode(body: bytes, kind: type[T]) -> T:
    """Return the value of ``kind`` that ``encode`` was given.

    Args:
        body: JSON in UTF-8.
        kind: class of the value.

    Raises:
        DamagedVault: if it is not one.

    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, WorkbookError):
        raise DamagedVault from None


def limit_to_first(query: Select[Any]) -> Select[Any]:
    """Return ``query`` for its first row alone.

    The limit is part of the SQL and no parameter: SQLite prepares a statement with a LIMIT
    parameter anew each time, which takes longer than most of these statements themselves.
    """
    return query.limit(literal_column("1")).offset(literal_column("0"))


def select_by_key(db: Connection, table: Table, whose: Mapping[str, object]) -> Row[Any] | None:
    """Return the row of ``table`` with this key; None if there is none.

    Args:
        db: connection with an open transaction.
        table: the table.
        whose: value by name of each column of the key.

    """
    return db.execute(select(table).where(*_conditions(table, whose))).one_or_none()


def from_row(row: Row[Any], kind: type[T]) -> Saved[T]:
    """Return the value of a record's row, with its version and local time.

    Args:
        row: row with the columns ``body``, ``version`` and ``at``.
        kind: class of the value.

    Raises:
        DamagedVault: if the body is no such value.

    """
    return Saved(decode(row.body, kind), row.version, parse_time(row.at))


def write_versioned(
    db: Connection,
    table: Table,
    whose: Mapping[str, object],
    value: T,
    *,
    at: datetime,
    expected_version: int,
    **more: object,
) -> Saved[T]:
    """Write ``value`` in place of version ``expected_version`` (0: none yet).

    A row that cannot be read counts as none.

    Args:
        db: a write transaction.
        table: a table with version, time and body.
        whose: the key of the row.
        value: what to write; None leaves a row without a body.
        at: local time of the save.
        expected_version: the version that was read; 0 if there was none.
        more: values of other columns.

    Raises:
        InvalidAnswer: if it could not be read back.
        ChangedElsewhere: if that is no longer the current version; nothing is written.

    """
    body = None if value is None else encode(value, _value_before(db, table, whose, type(value)))
    new = {**more, "version": expected_version + 1, "at": format_time(at), "body": body}
    if expected_version:
        current = and_(*_conditions(table, whose), table.c.version == expected_version)
        done = db.execute(update(table).where(current).values(**new))
    else:
        done = db.execute(insert(table).values(**whose, **new).on_conflict_do_nothing())
        if not done.rowcount and not _is_readable(select_by_key(db, table, whose), type(value)):
            done = db.execute(update(table).where(*_conditions(table, whose)).values(**new))
    if not done.rowcount:
        raise ChangedElsewhere
    return Saved(value if body is None else decode(body, type(value)), expected_version + 1, at)


def _value_before(db: Connection, table: Table, whose: Mapping[str, object], kind: type) -> object:
    row = select_by_key(db, table, whose)
    with suppress(DamagedVault):
        return row and row.body and decode(row.body, kind)
    return None


def _is_readable(row: Row[Any] | None, kind: type) -> bool:
    """Whether a row holds a value of ``kind``, or none at all."""
    try:
        return row is None or row.body is None or bool(from_row(row, kind))
    except DamagedVault:
        return False


def _conditions(table: Table, whose: Mapping[str, object]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in whose.items()]


def format_time(at: datetime) -> str:
    """Return a local time in ISO format, to the second, without a time zone."""
    return at.isoformat(timespec="seconds")


def parse_time(text: str) -> datetime:
    """Return the local time that ``format_time`` wrote.

    Raises:
        DamagedVault: if it is no time.

    """
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise DamagedVault from None

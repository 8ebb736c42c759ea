"""Reads rows of a table from TOML, strictly: a key nobody knows is a lost rule."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, NoReturn, TypeVar, get_args, get_type_hints

import msgspec

from workbook.domain.errors import InvalidTable
from workbook.domain.health import Action

CONTENT_FOLDER = Path(__file__).parent

RowT = TypeVar("RowT")
TomlTable = dict[str, Any]


def read_toml(path: Path) -> TomlTable:
    """Return what a TOML file holds.

    Raises:
        InvalidTable: if it is missing or is not TOML.

    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidTable(file=path.name, row="", why="cannot be read") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise InvalidTable(file=path.name, row="", why=str(error)) from error


def read_rows(
    folder: Path,
    file: str,
    kind: type[RowT],
    head: str = "row",
    heads: Iterable[str] = ("row",),
    *,
    least: int = 1,
) -> tuple[RowT, ...]:
    """Return the rows under ``head`` of one file, as values of ``kind``.

    Args:
        folder: where the file is.
        file: its name.
        kind: the dataclass of a row.
        head: the table whose rows are wanted.
        heads: every table the file may have.
        least: fewest rows that make sense.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``.

    """
    raw = read_toml(folder / file)
    for name in raw.keys() - set(heads):
        refuse_row(file, name, "unknown table")
    rows = raw.get(head, [])
    if not isinstance(rows, list) or len(rows) < least:
        refuse_row(file, head, "no rows")
    return tuple(_convert_row(file, row, kind) for row in rows)


def refuse_row(file: str, row: str, why: str) -> NoReturn:
    """Say which row of which file is wrong, and why."""
    raise InvalidTable(file=file, row=row, why=why)


def find_duplicates(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def check_names(file: str, row: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a row that names a ``what`` nobody knows."""
    for name in names:
        if name not in known:
            refuse_row(file, row, f"unknown {what} {name!r}")


def _convert_row(file: str, raw: Any, kind: type[RowT]) -> RowT:
    name = str(raw.get("id") or raw.get("key") or "?") if isinstance(raw, dict) else "?"
    try:
        return msgspec.convert(_refuse_unknown_keys(raw, kind), kind, strict=True)
    except (ValueError, TypeError) as error:  # msgspec.ValidationError is a ValueError
        raise InvalidTable(file=file, row=name, why=str(error)) from error


def _refuse_unknown_keys(raw: Any, kind: Any) -> Any:
    """Return ``raw`` ready to convert, having refused every key that ``kind`` does not have.

    msgspec passes over a key it does not know, and a misspelt key would be a lost rule.
    """
    if not isinstance(raw, dict):
        return raw
    hints = _read_hints(kind)
    ready = dict(raw)
    for key in raw.keys() - hints.keys():
        raise ValueError(f"unknown key {key!r}")
    for key, value in raw.items():
        if key == "action":
            ready[key] = _parse_action(value)
        for part in get_args(hints[key]):
            if isinstance(part, type) and is_dataclass(part) and isinstance(value, list):
                ready[key] = [_refuse_unknown_keys(item, part) for item in value]
    for each in fields(kind):
        bare = each.default is MISSING and each.default_factory is MISSING
        if bare and NoneType in get_args(hints[each.name]):
            ready.setdefault(each.name, None)  # TOML has no word for None
    return ready


@cache
def _read_hints(kind: Any) -> dict[str, Any]:
    """Return the types of a class's fields; finding them out takes longer than reading a row."""
    return get_type_hints(kind)


def _parse_action(name: object) -> int:
    try:
        return Action[name.upper()] if isinstance(name, str) else -1
    except KeyError as error:
        raise ValueError(f"unknown action {name!r}") from error

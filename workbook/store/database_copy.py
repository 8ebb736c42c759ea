"""Copies one moment of the vault's file, then opens the copy and reads all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from workbook.domain.errors import DamagedVault
from workbook.store import durable
from workbook.store.connection import checkpoint, connect, integrity_ok, translate_db_error

Progress = Callable[[float], None]
"""Called with the part that is done, from 0 to 1."""

_PAGES_PER_STEP = 256
"""Pages copied between two reports of progress."""


def copy_database(source: Path, target: Path, key: bytes, vault: bytes, progress: Progress) -> None:
    """Copy one moment of the vault, then open the copy and read all of it."""
    durable.write_file(target, b"")
    con = connect(source, key, or_read_only=True)
    try:
        taken = connect(target, key, create=True)
        try:
            con.execute("BEGIN")  # what is counted and what is copied is the same moment
            rows = _count_rows(con)
            con.backup(taken, pages=_PAGES_PER_STEP, progress=_copy_progress(progress))
            con.execute("COMMIT")
        finally:
            taken.close()
        _verify_copy(target, key, vault, rows)
    except dbapi2.Error as error:
        raise translate_db_error(error, source) or error from None
    finally:
        con.close()


def _copy_progress(progress: Progress) -> Callable[[int, int, int], None]:
    return lambda _status, left, pages: progress(0.7 * (pages - left) / max(pages, 1))


def _verify_copy(path: Path, key: bytes, vault: bytes, rows: dict[str, int]) -> None:
    con = connect(path, key)
    try:
        checkpoint(con)  # before it looks: it reads the main file alone
        wrong = con.execute("PRAGMA cipher_integrity_check").fetchall()
        named = con.execute("SELECT value FROM meta WHERE name = 'vault'").fetchone()
        if wrong or not integrity_ok(con) or named != (vault.hex(),) or _count_rows(con) != rows:
            raise DamagedVault
    finally:
        con.close()


def _count_rows(con: Any) -> dict[str, int]:
    tables = con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    count = 'SELECT count(*) FROM "{}"'  # the names are our own tables
    return {name: con.execute(count.format(name)).fetchone()[0] for (name,) in tables}

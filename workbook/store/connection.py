"""The one way to open the vault file, and the two engines over it."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from workbook.domain.errors import (
    DamagedVault,
    EmptyVault,
    NewerVault,
    NotSaved,
    NoVault,
    VaultBusy,
    VaultError,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import ExceptionContext

DATABASE_FILE = "vault.db"
APPLICATION_ID = 0x434F5550
SCHEMA_VERSION = 4
"""Version of the file this program writes: its ``user_version``."""
MIN_READER_VERSION = 4
"""Oldest version whose program may open it; earlier ones keep thank-yous and ballots otherwise."""

BUSY_TIMEOUT_MS = 5000
"""Milliseconds to wait for another page or program that uses the vault."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # otherwise INSERT OR REPLACE gets past a delete trigger
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "fullfsync=ON",
    # KiB. What another page writes empties the cache, and SQLCipher wipes each page of it; with
    # SQLite's usual 8 MB that took 16 ms once a connection had read as much.
    "cache_size=-1024",
)
_DAMAGE_ERRORS = (
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_FORMAT",
    "SQLITE_IOERR_READ",
    "SQLITE_IOERR_SHORT_READ",
)
_BUSY_ERRORS = ("SQLITE_BUSY", "SQLITE_LOCKED")
_WRITE_ERRORS = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_READONLY",
    "SQLITE_CANTOPEN",
    "SQLITE_PERM",
    "SQLITE_AUTH",
    "SQLITE_NOMEM",
    "SQLITE_TOOBIG",
)


def connect(
    path: Path,
    key: bytes,
    *,
    create: bool = False,
    or_read_only: bool = False,
    untouched: bool = False,
) -> Any:
    """Return a driver connection to the vault at ``path``.

    Args:
        path: absolute; the file is there already, unless ``create``.
        key: the 32 bytes of the database key.
        create: set-up only. Nothing is ever created in the open path.
        or_read_only: reads even where nothing can be written, and then refuses every write.
        untouched: opens so that not even a finished transaction is moved into the file.

    Raises:
        NoVault, EmptyVault, DamagedVault, NewerVault: what the file is instead.
        NotSaved: if the disk refused.

    """
    if len(key) != 32:
        raise ValueError("the database key has 32 bytes")
    if not create and path.exists() and not _is_writable(path):
        if not (or_read_only or untouched):
            raise NotSaved  # SQLite would open it all the same, and leave a WAL beside it
        untouched = True
    mode = "rwc" if create else "ro" if untouched else "rw"
    if untouched and not path.with_name(f"{path.name}-wal").exists():
        mode += "&immutable=1"  # all of it is in the file: no lock, and no file beside it
    if not create and path.is_file() and not path.stat().st_size:
        raise EmptyVault  # SQLite would open it as a new one, and remove the WAL beside it
    con = None
    try:
        con = dbapi2.connect(
            f"{path.as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,  # the driver's own transactions do not roll DDL back
            timeout=5,
            check_same_thread=False,
        )
        _unlock_file(con, path, key, create=create)
        for setting in ("query_only=ON",) if untouched else _PRAGMAS:
            con.execute(f"PRAGMA {setting}")
    except dbapi2.Error as error:
        if con is not None:
            con.close()
        raise translate_db_error(error, path) or error from None
    except VaultError:
        if con is not None:
            con.close()
        raise
    return con


def _unlock_file(con: Any, path: Path, key: bytes, *, create: bool) -> None:
    """Key the connection and look at what the file says it is, before anything is set."""
    con.execute("PRAGMA cipher_log_level = NONE")
    con.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # raw key: the only form we use
    con.execute("PRAGMA cipher_memory_security = ON")
    if create:
        con.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        return
    if _query_number(con, "PRAGMA application_id") != APPLICATION_ID:
        raise DamagedVault
    if (
        _query_number(con, "PRAGMA user_version") > SCHEMA_VERSION
        and _min_reader_version(con) > SCHEMA_VERSION
    ):
        raise NewerVault


def _query_number(con: Any, statement: str) -> int:
    return int(con.execute(statement).fetchone()[0])


def _min_reader_version(con: Any) -> int:
    """Return the oldest version that may still read this file."""
    try:
        return _query_number(con, "SELECT value FROM meta WHERE name = 'min_reader_version'")
    except (dbapi2.OperationalError, TypeError, ValueError):
        return SCHEMA_VERSION + 1  # a newer file that does not say so


def translate_db_error(error: BaseException, path: Path) -> VaultError | None:
    """Return the error of the domain that an error of the driver means.

    Args:
        error: what the driver raised.
        path: the vault's file.

    Returns:
        None if the error is a fault of this program.

    """
    if not isinstance(error, dbapi2.DatabaseError):
        return None
    name = getattr(error, "sqlite_errorname", None) or ""
    if not path.exists():
        return NoVault()
    if name.startswith(_DAMAGE_ERRORS):
        return DamagedVault()
    if name.startswith(_BUSY_ERRORS):
        return VaultBusy()
    if name.startswith(_WRITE_ERRORS):
        return NotSaved()  # a reader too has files to make beside the vault
    return None


def make_engines(path: Path, key: bytes, *, create: bool = False) -> tuple[Engine, Engine]:
    """Return two engines over one kept connection to the file at ``path``: to read, to write.

    Opening and closing a connection for each transaction costs 9 ms, most of it the
    checkpoint of the last one to close. A kept one could outlive its file, so each use looks
    whether the file is still the same: after an erasing or a restore the old one is let go.
    Both engines share the connection, because a commit of any other one empties its cache:
    so what this page has saved it need not read from the file again. A second thread gets a
    second connection.

    Transactions of the first engine are never blocked, and one that writes is rolled back with
    a ``RuntimeError``; those of the second begin with ``BEGIN IMMEDIATE``, so that none finds
    out halfway that it read something stale.

    Args:
        path: the vault's file.
        key: key of the database, 32 bytes.
        create: whether the file may be empty and is set up.

    """
    reader = create_engine(
        "sqlite://",  # never a URL with the key: it would end up in reprs and logs
        module=dbapi2,
        poolclass=QueuePool,
        pool_size=2,
        pool_use_lifo=True,
        hide_parameters=True,
        creator=lambda: connect(path, key, create=create, or_read_only=not create),
    )

    def writes(connection: Connection) -> bool:
        return bool(connection.get_execution_options().get("writes"))

    def begun(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if writes(connection):
            _begin_writing(driver, path)
        else:
            connection.exec_driver_sql("BEGIN")
            connection.info["changes"] = driver.total_changes

    def ending(connection: Connection) -> None:
        # Not by query_only: SQLite prepares every statement anew after it was switched.
        driver: Any = connection.connection.driver_connection
        if not writes(connection) and driver.total_changes != connection.info["changes"]:
            raise RuntimeError("a transaction that only reads has written")

    def failed(context: ExceptionContext) -> None:
        error = context.original_exception
        found = translate_db_error(error, path)
        if found is not None:
            raise found from None

    def opened(_con: Any, record: Any) -> None:
        record.info["file"] = _file_identity(path)

    def taken(_con: Any, record: Any, _proxy: Any) -> None:
        if _file_identity(path) != record.info["file"]:
            raise DisconnectionError  # the pool opens anew, and says what it finds

    event.listen(reader, "connect", opened)
    event.listen(reader, "checkout", taken)
    event.listen(reader, "begin", begun)
    event.listen(reader, "commit", ending)
    event.listen(reader, "handle_error", failed)
    return reader, reader.execution_options(writes=True)


def _begin_writing(con: Any, path: Path) -> None:
    """Begin a write transaction once no other page has one.

    SQLite alone looks again after a tenth of a second. A page that writes without a pause
    has the next transaction by then, and others could wait for ever.

    Args:
        con: connection of the driver.
        path: the vault's file.

    Raises:
        VaultBusy: if another one has had the vault for ``BUSY_TIMEOUT_MS``.

    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    con.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                con.execute("BEGIN IMMEDIATE")
                return
            except dbapi2.Error as error:
                found = translate_db_error(error, path)
                if not isinstance(found, VaultBusy) or time.monotonic() > until:
                    raise found or error from None
            time.sleep(random.uniform(0.001, 0.01))  # noqa: S311 - so that no two look in step
    finally:
        con.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _file_identity(path: Path) -> tuple[int, int, bool] | None:
    """What tells this file from another one at the same place; None if there is none.

    Once it can be written, one that was opened for reading alone is another one as well.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, _is_writable(path)


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def checkpoint(con: Any) -> bool:
    """Move every finished transaction into the file and cut the WAL to nothing.

    Args:
        con: connection of the driver, without an open transaction.

    Returns:
        False if readers prevented the truncation.

    """
    return not con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def integrity_ok(con: Any) -> bool:
    """Return whether every page in use can be read and fits together.

    Args:
        con: connection of the driver.

    """
    return [tuple(row) for row in con.execute("PRAGMA quick_check(1)")] == [("ok",)]


def rewrite_file(path: Path, key: bytes) -> None:
    """Write the file anew without what was deleted, and cut the WAL to nothing.

    Args:
        path: the vault's file.
        key: key of the database, 32 bytes.

    Raises:
        NotSaved: if the disk refused, or another page was in the way (``VaultBusy``).

    """
    con = connect(path, key)
    try:
        done = checkpoint(con)
        con.execute("VACUUM")
        if not (checkpoint(con) and done):
            raise VaultBusy
    except dbapi2.Error as error:
        raise translate_db_error(error, path) or error from None
    finally:
        con.close()

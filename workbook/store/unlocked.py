"""The vault as one person has unlocked it: keys, engines and transactions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import local
from types import TracebackType
from typing import Any, NoReturn, Self

from sqlalchemy import Connection, Engine

from workbook.domain.errors import DamagedVault, NotSaved, VaultLocked
from workbook.domain.seats import People, Seat
from workbook.store.connection import DATABASE_FILE, checkpoint, connect, make_engines
from workbook.store.keyring import Keys
from workbook.store.memory import forbid_core_dumps

Clock = Callable[[], datetime]


def local_time() -> datetime:
    """Return the present local time, in whole seconds and without a zone.

    The zone is read anew each time: the computer may have travelled since the book opened.
    """
    if hasattr(time, "tzset"):  # not on Windows, where the system says it by itself
        time.tzset()
    return datetime.now().replace(microsecond=0)


@dataclass(slots=True)
class _Transaction:
    """The open transaction of one thread."""

    connection: Connection
    writes: bool
    failed: bool = False
    """A nested write stopped halfway: the whole transaction must be rolled back."""
    after_commit: list[Callable[[], None]] = field(default_factory=list)


class _Threads(local):
    """The open transaction of the calling thread, if there is one."""

    transaction: _Transaction | None = None


class UnlockedVault:
    """One person's way into the vault: the common part, and their own private part.

    Every write is under ``seat``, never under a seat the caller names. After ``close``
    everything raises ``VaultLocked``.
    """

    def __init__(self, folder: Path, seat: Seat, keys: Keys, clock: Clock = local_time) -> None:
        forbid_core_dumps()
        path = folder / DATABASE_FILE
        self._folder = folder
        self._seat = seat
        self._keys: Keys | None = keys
        self._reader, self._writer = make_engines(path, keys.database)
        self._people: People | None = None
        self._clock = clock
        self._closing: list[Callable[[], None]] = []
        self._threads = _Threads()
        self.unreadable: set[str] = set()
        """What was found that cannot be read: names of topics or tables, never an answer."""

    def __repr__(self) -> str:
        return f"UnlockedVault({self._seat.value})"  # no keys, no names

    def __reduce__(self) -> NoReturn:
        raise TypeError("an unlocked vault cannot be pickled")

    @property
    def seat(self) -> Seat:
        """Who has unlocked it."""
        return self._seat

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        return self._folder

    @property
    def people(self) -> People:
        """Both people, as last read; ``store.people.read_people`` reads them again."""
        self.keys  # noqa: B018 - raises once closed
        assert self._people is not None  # noqa: S101 - unlocking reads them
        return self._people

    @people.setter
    def people(self, people: People) -> None:
        self._people = people

    @property
    def open(self) -> bool:
        """Whether it can still be used."""
        return self._keys is not None

    @property
    def keys(self) -> Keys:
        """The keys of this person's slot. For modules of the store alone."""
        if self._keys is None:
            raise VaultLocked
        return self._keys

    @property
    def reader(self) -> Engine:
        """Engine whose transactions only read."""
        self.keys  # noqa: B018 - raises once closed
        return self._reader

    @property
    def writer(self) -> Engine:
        """Engine whose transactions begin with ``BEGIN IMMEDIATE``; keep them short."""
        self.keys  # noqa: B018 - raises once closed
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction, or join the one this thread has open.

        Everything read inside one block is of the same moment. Inside ``writing()`` the
        writer's connection is yielded, so that a read sees what was just written. Never
        ``await`` inside: other code of the same thread would join.

        Raises:
            VaultLocked: if the vault was locked.

        """
        self.keys  # noqa: B018 - raises once closed
        joined = self._threads.transaction
        if joined is not None:
            yield joined.connection
            return
        with self.reader.begin() as db:
            self._threads.transaction = _Transaction(db, writes=False)
            try:
                yield db
            finally:
                self._threads.transaction = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a write transaction (``BEGIN IMMEDIATE``), or join the one this thread has open.

        The outermost block returns after COMMIT; an exception that leaves it rolls all of it
        back. A nested block that refuses before it has written anything (``ChangedElsewhere``)
        may be caught by the outer one, which can then read, merge and write again. If a nested
        block has written already, or the disk refused, nothing of the whole transaction is
        kept, even if an outer block catches the error.

        Raises:
            VaultLocked: if the vault was locked.
            NotSaved: if the disk refused, or a failed nested write was ignored.
            RuntimeError: inside a plain ``reading()``: what was read there may be out of date.

        """
        self.keys  # noqa: B018 - raises once closed
        joined = self._threads.transaction
        if joined is None:
            yield from self._write()
        elif joined.writes:
            yield from _join(joined)
        else:
            raise RuntimeError("writing() inside reading()")

    def _write(self) -> Iterator[Connection]:
        with self.writer.begin() as db:
            mine = self._threads.transaction = _Transaction(db, writes=True)
            try:
                yield db
            finally:
                self._threads.transaction = None
            if mine.failed:
                raise NotSaved
        for call in mine.after_commit:
            call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run ``call`` after the COMMIT of the open write transaction, or now if there is none.

        For what must not happen inside a transaction, or only if it was kept: a checkpoint,
        a message to another process. A rollback drops it.

        Args:
            call: called without arguments, in the thread of the transaction.

        """
        joined = self._threads.transaction
        if joined is None or not joined.writes:
            call()
        else:
            joined.after_commit.append(call)

    def truncate_wal(self) -> None:
        """Move what was committed into the file, so that nothing deleted stays in the WAL.

        Does nothing for long if another page is reading; its last checkpoint does it then.
        """
        con = connect(self._folder / DATABASE_FILE, self.keys.database)
        try:
            checkpoint(con)
        finally:
            con.close()

    @contextmanager
    def skipping(self, what: str) -> Iterator[None]:
        """Leave out what cannot be read inside, and note it: one row costs that row.

        Args:
            what: name of the topic or table.

        """
        try:
            yield
        except DamagedVault:
            self.unreadable.add(what)

    def now(self) -> datetime:
        """Return the local time by this vault's clock."""
        return self._clock()

    def on_close(self, call: Callable[[], None]) -> None:
        """Have ``call`` run when the vault is locked."""
        self.keys  # noqa: B018 - raises once closed
        self._closing.append(call)

    def close(self) -> None:
        """Drop the keys and every connection. A second time does nothing."""
        if self._keys is None:
            return
        self._keys = None
        self._people = None
        while self._closing:
            self._closing.pop()()
        self._reader.dispose()
        del self._reader, self._writer  # each holds the key in its connect call

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _join(outer: _Transaction) -> Iterator[Connection]:
    """Yield the connection of ``outer``; mark it as failed if the block stops halfway."""
    driver: Any = outer.connection.connection.driver_connection
    before = driver.total_changes
    try:
        yield outer.connection
    except BaseException:
        # SQLite ends a transaction by itself after some errors; what follows would not be in it.
        outer.failed |= driver.total_changes != before or not driver.in_transaction
        raise

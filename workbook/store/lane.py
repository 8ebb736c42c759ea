"""What one unlocked person may read and write. Ends with the kernel, or when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from sqlalchemy import Engine

from workbook.domain.errors import LaneClosed
from workbook.domain.seats import People, Seat
from workbook.store.connection import FILE, engine
from workbook.store.keyring import Keys

Clock = Callable[[], datetime]


def local_time() -> datetime:
    """Return the present local time, in whole seconds and without a zone."""
    return datetime.now().replace(microsecond=0)


class Lane:
    """One person's way into the vault: the common part, and their own private part.

    Every write is under ``seat``, never under a seat the caller names. After ``close``
    everything raises ``LaneClosed``.
    """

    def __init__(self, folder: Path, seat: Seat, keys: Keys, clock: Clock = local_time) -> None:
        path = folder / FILE
        self._folder = folder
        self._seat = seat
        self._keys: Keys | None = keys
        self._reader = engine(path, keys.database, read_only=True)
        self._writer = engine(path, keys.database, read_only=False)
        self._people: People | None = None
        self._clock = clock
        self._closing: list[Callable[[], None]] = []

    def __repr__(self) -> str:
        return f"Lane({self._seat.value})"  # no keys, no names

    def __reduce__(self) -> NoReturn:
        raise TypeError("a lane is never written down")

    @property
    def seat(self) -> Seat:
        """Whose lane it is."""
        return self._seat

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        return self._folder

    @property
    def people(self) -> People:
        """Both people, as last read; ``store.seats.people`` reads them anew."""
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
            raise LaneClosed
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

    def now(self) -> datetime:
        """Return the local time by this lane's clock."""
        return self._clock()

    def on_close(self, call: Callable[[], None]) -> None:
        """Have ``call`` run when the lane closes."""
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
        for used in (self._reader, self._writer):
            used.dispose()
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

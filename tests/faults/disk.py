"""A disk under the real driver: what is written to the vault is recorded, and can be refused.

``Disk.watch`` stands between SQLite and its own file layer as a VFS that hands everything on,
made with ctypes from the symbols the driver shows: no compiler, no preloaded library. What
Python itself does in the folder (keyring, renames) is recorded beside it. Where a build of the
driver hides its symbols, the tests that need them are skipped and say so.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import _sqlite3

_FULL = 13
_REFUSED = {"write": 10 | 3 << 8, "sync": 10 | 4 << 8, "truncate": 10 | 6 << 8}
"""SQLite's numbers: database or disk is full; I/O error in a write, fsync, ftruncate."""

_CREATE = 0x4
_JOURNAL = 0x800 | 0x4000 | 0x80000
"""Flags of journals and the WAL: whoever may create one syncs its folder with its first sync."""

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """``sqlite3_vfs``; what is only handed on has no type here."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("others", c_void_p * 14),
    )


class _Methods(Structure):
    """``sqlite3_io_methods``."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", c_void_p * 13),
    )


class _File(Structure):
    """``sqlite3_file``."""

    _fields_ = (("methods", POINTER(_Methods)),)


_KEPT: list[object] = []
"""What C may still call: a connection may outlive the watch it was opened under."""


@dataclass(frozen=True, slots=True)
class Link:
    """A new file gets a name."""

    file: int
    name: str


@dataclass(frozen=True, slots=True)
class Unlink:
    name: str


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Write:
    file: int
    at: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """All of a file is on the disk; with None, the names in the folder are."""

    file: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody was told that this is saved."""

    what: Any


Act = Link | Unlink | Rename | Write | Truncate | Sync | Said


def _nothing(_what: str) -> None:
    return None


@dataclass
class Disk:
    """A folder, and what happens in it, act by act."""

    folder: Path
    meet: Callable[[str], str | None] = _nothing
    """Called before each act with "open", "write", "truncate", "sync", "rename" or "unlink".
    It may refuse: "full" (half of a write is done first, as real disks do) or "error"."""
    acts: list[Act] = field(default_factory=list)
    before: list[tuple[int, str, bytes]] = field(default_factory=list)
    """Number, name and content of each file at the beginning, all of it on the disk."""
    _numbers: dict[str, int] = field(default_factory=dict)
    _seen: dict[int, bytes] = field(default_factory=dict)
    _sqlites: set[int] = field(default_factory=set)
    _count: int = 0

    def __post_init__(self) -> None:
        for path in sorted(self.folder.rglob("*")):
            name = self._name(path)
            if name is not None and path.is_file():
                self.before.append((self._new(name), name, path.read_bytes()))
                self._seen[self._numbers[name]] = self.before[-1][2]

    def say(self, what: Any) -> None:
        """Take note that somebody was told so."""
        self.acts.append(Said(what))

    def forget(self) -> None:
        """Let go of all it took note of: C may call for it as long as this process lives."""
        for kept in (self.acts, self.before, self._seen):
            kept.clear()

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Everything that this process does in the folder from now on is on this disk."""
        with ExitStack() as both:
            both.enter_context(self._under_sqlite())
            both.enter_context(self._under_python())
            yield

    def _new(self, name: str) -> int:
        self._count += 1
        self._numbers[name] = self._count
        return self._count

    def _link(self, name: str) -> None:
        self.acts.append(Link(self._new(name), name))

    def _unlink(self, name: str) -> None:
        if self._numbers.pop(name, None) is not None:
            self.acts.append(Unlink(name))

    def _name(self, path: Any) -> str | None:
        """Return how a path in the folder is called here; the -shm is none: it is made anew."""
        if isinstance(path, int):
            return None
        found = Path(os.fsdecode(path))
        if not found.is_relative_to(self.folder) or found.name.endswith("-shm"):
            return None
        return None if found == self.folder else found.relative_to(self.folder).as_posix()

    # SQLite ----------------------------------------------------------------------------------

    @contextmanager
    def _under_sqlite(self) -> Iterator[None]:
        library = ctypes.CDLL(_sqlite3.__file__)
        try:
            find = library.sqlite3_vfs_find
        except AttributeError:
            pytest.skip("This build of sqlcipher3 hides its file layer, so no fault can be put in.")
        find.restype = POINTER(_Vfs)
        real = find(None).contents
        tables: dict[int, tuple[_Methods, object]] = {}
        files: dict[int, tuple[int, bool]] = {}

        def opened(_vfs: int, path: int, file: int, flags: int, told: int) -> int:
            name = self._name(ctypes.string_at(path)) if path else None
            done = int(real.open(ctypes.addressof(real), path, file, flags, told))
            if done or name is None:
                return done
            if name not in self._numbers:
                self._link(name)
            self._sqlites.add(self._numbers[name])
            files[file] = self._numbers[name], bool(flags & _JOURNAL and flags & _CREATE)
            methods = _File.from_address(file)
            where = ctypes.addressof(methods.methods.contents)
            if where not in tables:
                tables[where] = self._watched(methods.methods.contents, files)
            methods.methods = ctypes.pointer(tables[where][0])
            return done

        def deleted(_vfs: int, path: int, sync: int) -> int:
            name = self._name(ctypes.string_at(path))
            done = int(real.delete(ctypes.addressof(real), path, sync))
            if not done and name is not None:
                self._unlink(name)
                self.acts += [Sync(None)] * bool(sync)
            return done

        vfs = _Vfs.from_buffer_copy(real)
        vfs.name, vfs.open, vfs.delete = b"watched", _OPEN(opened), _DELETE(deleted)
        _KEPT.extend((vfs, tables))
        library.sqlite3_vfs_register(ctypes.byref(vfs), 1)
        try:
            yield
        finally:
            library.sqlite3_vfs_unregister(ctypes.byref(vfs))

    def _watched(
        self, real: _Methods, files: dict[int, tuple[int, bool]]
    ) -> tuple[_Methods, object]:
        def written(file: int, content: int, size: int, at: int) -> int:
            refused = self.meet("write")
            if refused == "error":
                return _REFUSED["write"]
            if refused:
                size //= 2
            done = int(real.write(file, content, size, at))
            self.acts.append(Write(files[file][0], at, ctypes.string_at(content, size)))
            return _FULL if refused else done

        def truncated(file: int, size: int) -> int:
            if self.meet("truncate"):
                return _REFUSED["truncate"]
            self.acts.append(Truncate(files[file][0], size))
            return int(real.truncate(file, size))

        def synced(file: int, _flags: int) -> int:
            if self.meet("sync"):
                return _REFUSED["sync"]
            number, with_folder = files[file]
            files[file] = number, False
            self.acts += [Sync(number), *[Sync(None)] * with_folder]
            return 0  # the record says what was synced; the machine's own disk may rest

        made = _Methods.from_buffer_copy(real)
        made.write, made.truncate, made.sync = _WRITE(written), _TRUNCATE(truncated), _SYNC(synced)
        return made, real

    # Python ----------------------------------------------------------------------------------

    @contextmanager
    def _under_python(self) -> Iterator[None]:
        """What Python wrote is looked at when the file is synced or renamed."""
        real_open, real_sync, real_unlink = os.open, os.fsync, os.unlink

        def opened(path: Any, flags: int, *args: Any, **more: Any) -> int:
            name = self._name(path) if flags & os.O_CREAT else None
            if name is not None:
                self._stop("open")
            handle = real_open(path, flags, *args, **more)
            if name is not None and name not in self._numbers:
                self._link(name)
            return handle

        def synced(handle: int) -> None:
            found = os.fstat(handle)
            for path in (self.folder, *self.folder.rglob("*")):
                if path.exists() and os.path.samestat(found, path.stat()):
                    name = None if path.is_dir() else self._looked_at(path)
                    self._stop("sync")
                    self.acts.append(Sync(None if name is None else self._numbers[name]))
                    return
            real_sync(handle)

        def renamed(real: Callable[..., None]) -> Callable[..., None]:
            def call(old: Any, new: Any, **more: Any) -> None:
                there, wanted = self._name(old), self._name(new)
                if there is not None and wanted is not None and Path(old).is_file():
                    self._looked_at(Path(old))
                    self._stop("rename")
                real(old, new, **more)
                if there in self._numbers and wanted is not None:
                    self._numbers[wanted] = self._numbers.pop(there)
                    self.acts.append(Rename(there, wanted))

            return call

        def unlinked(path: Any, **more: Any) -> None:
            name = self._name(path)
            if name in self._numbers:
                self._stop("unlink")
            real_unlink(path, **more)
            if name is not None:
                self._unlink(name)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", opened)
            patch.setattr(os, "fsync", synced)
            patch.setattr(os, "replace", renamed(os.replace))
            patch.setattr(os, "rename", renamed(os.rename))
            patch.setattr(os, "unlink", unlinked)
            yield

    def _looked_at(self, path: Path) -> str | None:
        """Take note of what Python wrote into a file since it was last looked at."""
        name = self._name(path)
        if name is None:
            return None
        if name not in self._numbers:
            self._link(name)
        number = self._numbers[name]
        if number not in self._sqlites:
            content = path.read_bytes()
            if self._seen.get(number, b"") != content:
                self.acts += [Write(number, 0, content), Truncate(number, len(content))]
                self._seen[number] = content
        return name

    def _stop(self, what: str) -> None:
        refused = self.meet(what)
        if refused and not (what, refused) == ("unlink", "full"):  # that makes room
            raise OSError(errno.ENOSPC if refused == "full" else errno.EIO, "refused by the test")

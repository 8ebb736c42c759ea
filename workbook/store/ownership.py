"""Which files in a vault's folder belong to that vault: by what they hold, not by name alone.

A folder may also hold backups of a former book, and copies of this one under names that a
cloud service or a hand gave them. The first are never removed; the second are erased too.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from workbook.domain.errors import DamagedBackup, DamagedKeyring, NewerVault
from workbook.store import keyring
from workbook.store.backup_file import MAX_HEAD_BYTES, read_head
from workbook.store.connection import DATABASE_FILE

_SALT_BYTES = 16
"""SQLCipher begins a file with a random salt, which stays as long as the file and its copies."""

_KEYRING_FILES = (keyring.MAIN_FILE, keyring.COPY_FILE)

_UNKNOWN = b""
"""The id of the vault of a file that only a newer program can read."""


@dataclass(frozen=True, slots=True)
class VaultMarks:
    """What files of one vault are known by."""

    vault: bytes | None
    """The vault's id, 16 bytes; None if its keyring cannot be read."""
    salt: bytes | None
    """The first 16 bytes of its file; None if there is no file, or an empty one."""


def read_marks(folder: Path) -> VaultMarks:
    """Return what the vault in ``folder`` is known by."""
    return VaultMarks(_id_in_keyrings(folder), _read_salt(folder / DATABASE_FILE))


def is_other_backup(path: Path, marks: VaultMarks) -> bool:
    """Return whether a backup is of another vault than ``marks``, or may be.

    False for one whose head is damaged: nobody can restore it.
    """
    if not _can_be_read(path):
        return True
    vault = _id_in_backup(path)
    return vault is not None and vault != marks.vault


def is_other_folder(folder: Path, marks: VaultMarks) -> bool:
    """Return whether a vault that was moved aside is another one than ``marks``, or may be.

    False if its keyring is damaged: only backups of the same vault could open it.
    """
    if not all(_can_be_read(folder / name) for name in _KEYRING_FILES):
        return True
    vault = _id_in_keyrings(folder)
    return vault is not None and vault != marks.vault


def list_copies(folder: Path, marks: VaultMarks) -> Iterator[Path]:
    """Yield the files in ``folder`` that hold this vault, its keyring or a backup of it.

    The vault's own files are among them. Not what lies in folders below.
    """
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.is_symlink() and _is_copy(path, marks):
            yield path


def _is_copy(path: Path, marks: VaultMarks) -> bool:
    with suppress(OSError):
        if marks.salt is not None and _read_salt(path) == marks.salt:
            return True
        if marks.vault is not None:
            return marks.vault in (_id_in_keyring(path), _id_in_backup(path))
    return False


def _can_be_read(path: Path) -> bool:
    """Return whether the disk gives a file, or there is none: only then its content decides."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _read_salt(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            salt = file.read(_SALT_BYTES)
    except OSError:
        return None
    return salt if len(salt) == _SALT_BYTES and salt.strip(b"\0") else None


def _id_in_keyrings(folder: Path) -> bytes | None:
    with suppress(DamagedKeyring, NewerVault, OSError):
        return keyring.load_keyring(folder).best.vault
    return None


def _id_in_keyring(path: Path) -> bytes | None:
    with suppress(NewerVault, OSError):
        found = keyring.read_keyring(path)
        return found.vault if found else None
    return None


def _id_in_backup(path: Path) -> bytes | None:
    """Return the id of the vault of a backup; None if it is no backup that can be read."""
    try:
        with path.open("rb") as file:
            try:
                return read_head(file).keyring.vault
            except NewerVault:
                file.seek(0)
                return _id_in_newer_head(file.readline(MAX_HEAD_BYTES))
    except (DamagedBackup, OSError):
        return None


def _id_in_newer_head(line: bytes) -> bytes:
    with suppress(msgspec.DecodeError, KeyError, TypeError, ValueError):
        head: Any = msgspec.json.decode(line)
        return base64.b64decode(head["keyring"]["vault"])
    return _UNKNOWN

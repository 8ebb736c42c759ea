"""The file of a backup: a line of JSON, the head, then the vault file as it is."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

import msgspec

from workbook.domain.errors import DamagedBackup
from workbook.store import durable, keyring
from workbook.store.file_header import FileHeader, decode_file
from workbook.store.keyring import Keyring

BACKUP_FORMAT = "attune-backup"
BACKUP_VERSION = 1

MAX_HEAD_BYTES = 131072
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupHead:
    """The first line of a backup."""

    format: str
    version: int
    number: int
    """Counts up from one backup to the next, whatever the clock says."""
    size: int
    """Bytes of the vault file that follows."""
    digest: bytes
    """SHA-256 of this head without it, and of that file when it had been opened and read."""
    keyring: Keyring

    def with_digest(self, file: BufferedReader) -> BackupHead:
        """Return the head with its digest over ``file``, from where it stands to its end."""
        blank = msgspec.json.encode(replace(self, digest=b""))
        found = hashlib.sha256(blank)
        while chunk := file.read(_CHUNK_BYTES):
            found.update(chunk)
        return replace(self, digest=found.digest())


def write_stream(path: Path, first: bytes, rest: BufferedReader) -> None:
    """Write ``first`` and the rest of a stream to ``path``; return once it is on the disk.

    Args:
        path: the new file.
        first: bytes at its beginning.
        rest: stream that is read to its end.

    Raises:
        OSError: if the disk refused.

    """
    durable.write_file(path, first)
    with path.open("ab") as file:
        shutil.copyfileobj(rest, file, _CHUNK_BYTES)
        file.flush()
        os.fsync(file.fileno())


def read_head(file: BufferedReader) -> BackupHead:
    """Return the head; the file then stands where the vault begins.

    Args:
        file: a backup, open at its beginning.

    Raises:
        DamagedBackup: if it is none of ours.
        NewerVault: if a newer program wrote it.

    """
    head = decode_file(
        file.readline(MAX_HEAD_BYTES), BackupHead, FileHeader(BACKUP_FORMAT, BACKUP_VERSION)
    )
    if head is None or not keyring.is_valid(head.keyring):
        raise DamagedBackup
    return head


def verify_digest(path: Path) -> Path:
    """Return ``path`` if every byte of the backup is what it was.

    Args:
        path: path of the backup.

    Raises:
        DamagedBackup: if a byte differs or the file cannot be read.

    """
    if not path.is_file():
        raise DamagedBackup  # a pipe would be waited for, a device read for ever
    try:
        with path.open("rb") as file:
            head = read_head(file)
            begins = file.tell()
            if head.with_digest(file) != head or file.tell() - begins != head.size:
                raise DamagedBackup
    except OSError:
        raise DamagedBackup from None
    return path

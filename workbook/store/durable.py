"""Writes of files that are on the disk before they return."""

from __future__ import annotations

import os
from pathlib import Path


def overwrite_file(path: Path, count: int) -> None:
    """Put zeros in place of the first ``count`` bytes of a file; return once they are written.

    Raises:
        OSError: if the disk refused.

    """
    with path.open("r+b", buffering=0) as file:
        file.write(bytes(min(count, path.stat().st_size)))
        os.fsync(file.fileno())


def write_file(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; return once it is on the disk.

    If the disk refuses, nothing of it is left.

    Args:
        path: where it is written.
        content: its bytes.

    Raises:
        OSError: if the disk refused; ``FileExistsError`` if there is a file already, which stays.

    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Bring renames in ``folder`` down to the disk, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

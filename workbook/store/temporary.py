"""A temporary folder of one process: removed at its end, or by the next one if it was killed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]

_OWNER = "owner.json"
_Owner = tuple[int, float]
"""Id of a process, and when it began."""

_UNSIGNED_GRACE_S = 60.0
"""Seconds for which a folder without an owner file counts as newly made."""


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Yield a temporary folder that only this user can enter; delete it afterwards.

    Args:
        prefix: how its name begins.

    Raises:
        OSError: if there is no folder for temporary files, or no room in it.

    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))  # 0700
    try:
        me = psutil.Process()
        (folder / _OWNER).write_bytes(msgspec.json.encode((me.pid, _start_time(me))))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale_folders(prefix: str, *, unsigned: bool) -> None:
    """Delete the temporary folders that killed processes of this user have left.

    Args:
        prefix: how their names begin.
        unsigned: whether those without an owner file go as well, once a minute is over.

    """
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if not _is_in_use(folder, unsigned=unsigned):
            shutil.rmtree(folder, ignore_errors=True)


def _is_in_use(folder: Path, *, unsigned: bool) -> bool:
    """Return whether the process that made ``folder`` may still use it, or it is not ours."""
    with suppress(OSError, ValueError, psutil.Error):
        found = folder.lstat()
        if folder.is_symlink() or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
            return True
        try:
            pid, began = msgspec.json.decode((folder / _OWNER).read_bytes(), type=_Owner)
        except (OSError, msgspec.DecodeError):  # a run that is starting has not written it yet
            return not unsigned or time.time() - found.st_mtime < _UNSIGNED_GRACE_S
        # The pid alone may have been reused by another program.
        return bool(abs(_start_time(psutil.Process(pid)) - began) < 1)
    return False


def _start_time(process: psutil.Process) -> float:
    """Return when a process began, in seconds: the same whenever and by whom it is asked.

    Linux counts from the start of the computer. psutil adds when that was, by today's clock,
    so its own figure changes with each correction of the clock.
    """
    began = float(process.create_time())
    return began - float(psutil.boot_time()) if sys.platform == "linux" else began

"""A temporary folder of one process: removed at its end, or by the next one if it was killed."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]

_OWNER = "owner.json"
"""Holds an ``_Owner``; books of other versions that run beside this one read it too."""
_Owner = tuple[int, float]
"""Id of a process, and when it began, in seconds since 1970 by the clock of that moment."""
_START = "start.json"
"""Holds when it began by a clock that nobody corrects, where there is one."""


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
        (folder / _START).write_bytes(msgspec.json.encode(_start_since_boot(me)))
        (folder / _OWNER).write_bytes(msgspec.json.encode((me.pid, me.create_time())))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale_folders(prefix: str) -> None:
    """Delete the temporary folders that killed processes of this user have left.

    A folder without our owner file stays: its name alone does not make it ours.

    Args:
        prefix: how their names begin.

    """
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if _is_stale(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_stale(folder: Path) -> bool:
    """Return whether a process of this user made ``folder`` and has ended."""
    try:
        if folder.is_symlink() or (hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid()):
            return False
        pid, began = msgspec.json.decode((folder / _OWNER).read_bytes(), type=_Owner)
    except (OSError, msgspec.DecodeError):
        return False
    with suppress(ValueError, psutil.Error):
        # The pid alone may have been reused by another program.
        process, since_boot = psutil.Process(pid), _read_start(folder)
        if since_boot is None:
            return bool(abs(process.create_time() - began) >= 1)
        return abs((_start_since_boot(process) or 0.0) - since_boot) >= 1
    return True


def _start_since_boot(process: psutil.Process) -> float | None:
    """Return when a process began, in seconds since the computer started; None where unknown.

    Linux counts so. psutil adds when the computer started, by today's clock, and its figure
    changes with each correction of that clock.
    """
    if sys.platform != "linux":
        return None
    return float(process.create_time()) - float(psutil.boot_time())


def _read_start(folder: Path) -> float | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / _START).read_bytes(), type=float | None)
    return None

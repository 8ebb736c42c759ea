"""The vault's folder: its files, one process at a time, and where in the world it lies."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from workbook.store.connection import DATABASE_FILE
from workbook.store.keyring import COPY_FILE, MAIN_FILE, UNFINISHED

_CLOUD_FOLDERS = {
    "OneDrive": r"onedrive",
    "iCloud": r"icloud ?drive|icloud|mobile documents",
    "Dropbox": r"dropbox",
    "Google Drive": r"google ?drive",
}
"""How the folders of these services are called, wherever they lie."""

_FOLDER_SUFFIX = r"(?:[ (~-].*)?"
"""Such as "OneDrive - Company", "Dropbox (Personal)", "GoogleDrive-somebody"."""

_ONEDRIVE_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
"""What Windows calls the folder in the environment; it may have any name."""

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smbfs", "smb2", "smb3", "afpfs", "webdav", "davfs", "ncpfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.davfs2", "afs", "ceph", "glusterfs", "lustre"}
)

NETWORK_FOLDER = "a network folder"

KEYRING_FILES = (MAIN_FILE, COPY_FILE, UNFINISHED)
"""Glob patterns of the keyring. ``keyring.json.old`` is none of ours: a hand named it."""

VAULT_FILES = (
    *KEYRING_FILES,
    *(DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", f"{DATABASE_FILE}-journal"),
    *(f"{DATABASE_FILE}.new*", f"{DATABASE_FILE}.*.new*", f"{DATABASE_FILE}.restored"),
)
"""Glob patterns of the files of a vault, or of a set-up or restore that was cut short."""


def remove_files(folder: Path, patterns: tuple[str, ...] = VAULT_FILES) -> None:
    """Remove what a vault, or a set-up cut short, has left here, and nothing else.

    Args:
        folder: the vault's folder.
        patterns: glob patterns of file names.

    Raises:
        OSError: if the disk refused.

    """
    for pattern in patterns:
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Hold a lock on ``folder`` that ends with the process; others wait (not on Windows).

    Args:
        folder: an existing folder.

    Raises:
        OSError: if the folder cannot be opened.

    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def synced_folder_name(folder: Path) -> str | None:
    """Return the name of the service or network that also stores ``folder``; None: none does.

    Args:
        folder: any path; it need not exist.

    """
    folder = folder.expanduser()
    for place in {folder.absolute(), Path(os.path.realpath(folder))}:
        found = _cloud_service(place)
        if found:
            return found
    return NETWORK_FOLDER if _is_network_folder(Path(os.path.realpath(folder))) else None


def _cloud_service(place: Path) -> str | None:
    homes = [Path(os.environ[name]) for name in _ONEDRIVE_VARIABLES if os.environ.get(name)]
    if any(place.is_relative_to(home) for home in homes):
        return "OneDrive"
    for name, called in _CLOUD_FOLDERS.items():
        pattern = re.compile(f"(?:{called}){_FOLDER_SUFFIX}", re.IGNORECASE)
        if any(pattern.fullmatch(part) for part in place.parts):
            return name
    return None


def _is_network_folder(place: Path) -> bool:
    if str(place).startswith("\\\\"):
        return True
    with suppress(OSError, psutil.Error):
        under = [
            (len(Path(each.mountpoint).parts), each)
            for each in psutil.disk_partitions(all=True)
            if place.is_relative_to(each.mountpoint)
        ]
        if under:
            _, disk = max(under, key=lambda one: one[0])
            return disk.fstype.lower() in _NETWORK_FILE_SYSTEMS or "remote" in disk.opts.split(",")
    return False

"""The vault's folder: its files, one process at a time, and where in the world it lies."""

from __future__ import annotations

import os
import re
import secrets
import stat
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from workbook.domain.errors import FolderBusy
from workbook.store.connection import DATABASE_FILE
from workbook.store.keyring import COPY_FILE, MAIN_FILE, UNFINISHED

LOCK_TIMEOUT_S = 10.0
"""Seconds to wait for another process; a backup takes about one for each 50 MB."""

_LOCK_STEP_S = 0.05
"""Seconds between two tries."""

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

_OTHERS_MODE = 0o7077
"""Rights of everybody else, and what makes a folder everybody's."""

NETWORK_FOLDER = "a network folder"

KEYRING_FILES = (MAIN_FILE, COPY_FILE, UNFINISHED)
"""Glob patterns of the keyring. ``keyring.json.old`` is none of ours: a hand named it."""

VAULT_FILES = (
    *KEYRING_FILES,
    *(DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", f"{DATABASE_FILE}-journal"),
    *(f"{DATABASE_FILE}.new*", f"{DATABASE_FILE}.*.new*", f"{DATABASE_FILE}.restored"),
)
"""Glob patterns of the files of a vault, or of a set-up or restore that was cut short."""

BACKUP_FOLDER = "backups"
"""Folder of the backups, in the folder of the vault."""

LOCK_FILE = ".lock"
"""Name of the file that is locked where a folder cannot be."""

ANOTHER_PROGRAM = "Another program"

OTHER_FILES = frozenset({"lan.pem", LOCK_FILE})
"""Names of further files of ours in the folder of a vault."""

_SYSTEM_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".directory", "lost+found"})
"""What a system or a window of files leaves in any folder."""


def remove_files(folder: Path, patterns: tuple[str, ...] = VAULT_FILES) -> None:
    """Remove what a vault, or a set-up cut short, has left here, and nothing else.

    Of a link the link goes, and what it leads to stays.

    Args:
        folder: the vault's folder.
        patterns: glob patterns of file names.

    Raises:
        OSError: if the disk refused.

    """
    for pattern in patterns:
        for path in folder.glob(pattern):
            if path.is_symlink() or path.is_file():
                path.unlink(missing_ok=True)


def has_foreign_files(folder: Path) -> bool:
    """Return whether something lies in ``folder`` that no vault has left there."""
    if not folder.is_dir():
        return False
    known = OTHER_FILES | _SYSTEM_FILES | {BACKUP_FOLDER}
    return any(
        not _is_named_ours(each.name) and each.name not in known for each in folder.iterdir()
    )


def _is_named_ours(name: str) -> bool:
    """Whether a name begins as ours do: a vault may lie aside, or be held back by a cloud."""
    stems = tuple(file.partition(".")[0] for file in (MAIN_FILE, DATABASE_FILE))
    return name.removeprefix(".").startswith(stems)


def heal_rights(folder: Path) -> None:
    """Take the rights of others from the vault's folder and files, as far as they are ours.

    A vault that was copied from a stick has whatever rights the stick gave it.
    Does nothing on Windows.
    """
    if os.name != "posix":
        return
    backups = folder / BACKUP_FOLDER
    inside = [*folder.iterdir(), *(backups.iterdir() if backups.is_dir() else ())]
    ours = [each for each in inside if _is_named_ours(each.name) or ".backup" in each.name]
    for path in (folder, backups, *ours):
        with suppress(OSError):
            found = path.lstat()
            mode = stat.S_IMODE(found.st_mode)
            is_plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
            if is_plain and found.st_uid == os.getuid() and mode & _OTHERS_MODE:
                path.chmod(mode & ~_OTHERS_MODE)


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Hold a lock on ``folder`` that ends with the process; others wait.

    Args:
        folder: an existing folder.

    Raises:
        FolderBusy: if another process has held it for ``LOCK_TIMEOUT_S``; names that one.
        OSError: if the folder cannot be opened.

    """
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        with _locked_file(folder / LOCK_FILE):
            yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + LOCK_TIMEOUT_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise FolderBusy(who=_name_holder(os.fstat(handle))) from None
                time.sleep(_LOCK_STEP_S)
        yield
    finally:
        os.close(handle)


@contextmanager
def _locked_file(file: Path) -> Iterator[None]:
    """Hold a lock on a file that is made for it: Windows cannot lock a folder.

    Where a folder can be locked that is better: it needs no room on a full disk. The file
    holds the number of the process, behind the one byte that is locked and that nobody else
    can read. On Windows it is removed with the lock.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - 30 ms, and on Windows alone

    def write_holder(handle: int) -> None:
        with suppress(OSError):  # no room; the lock holds all the same
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, f" {os.getpid()}".encode())

    file.parent.stat()  # raises where there is none; FileLock would make it
    lock = FileLock(file, LOCK_TIMEOUT_S, poll_interval=_LOCK_STEP_S, on_acquired=write_holder)
    try:
        with lock:
            yield
    except Timeout:
        raise FolderBusy(who=_read_holder(file)) from None


def _read_holder(file: Path) -> str:
    """Return who wrote their number into ``file``, as the beginning of a sentence."""
    with suppress(OSError, ValueError, psutil.Error), file.open("rb", buffering=0) as held:
        held.seek(1)
        return _describe_process(int(held.read(20)))
    return ANOTHER_PROGRAM


def _name_holder(found: os.stat_result) -> str:
    """Return who holds the lock, as the beginning of a sentence; Linux alone says so."""
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        for line in Path("/proc/locks").read_text().splitlines():
            kind, _, _, pid, file = line.split()[1:6]
            major, minor, inode = file.split(":")
            if (
                kind == "FLOCK"
                and (int(major, 16), int(minor, 16), int(inode))
                == (os.major(found.st_dev), os.minor(found.st_dev), found.st_ino)
                and int(pid) > 0
            ):
                return _describe_process(int(pid))
    return ANOTHER_PROGRAM


def _describe_process(pid: int) -> str:
    return f"The program {psutil.Process(pid).name()} (process {pid})"


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


def new_dated_name(now: datetime) -> str:
    """Return a new name for a backup or an export, without its suffix.

    Args:
        now: local time.

    Returns:
        The local date and eight random letters, such as ``"2026-05-03-abcdefgh"``.

    """
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
    return f"{now.date().isoformat()}-{letters}"

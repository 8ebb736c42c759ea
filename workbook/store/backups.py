"""Backups: whole encrypted copies with their keyring, each one opened and read before it counts.

A backup is one file: a line of JSON with the keyring and a digest, then the vault file as
it is. Its name carries a date and random letters. Who has one needs a passphrase or a
recovery code of the time it was made, and nothing else (vault.md, section 13).
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path

import msgspec

from workbook.domain.errors import (
    DamagedBackup,
    NewerVault,
    NotSaved,
    VaultError,
)
from workbook.store import durable, keyring
from workbook.store.backup_file import (
    BACKUP_FORMAT,
    BACKUP_VERSION,
    MAX_HEAD_BYTES,
    BackupHead,
    read_head,
    verify_digest,
    write_stream,
)
from workbook.store.connection import DATABASE_FILE
from workbook.store.database_copy import Progress, copy_database
from workbook.store.folder import BACKUP_FOLDER, exclusive_lock, new_dated_name
from workbook.store.keyring import Slot
from workbook.store.ownership import (
    VaultMarks,
    is_other_backup,
    is_other_folder,
    list_copies,
    read_marks,
)
from workbook.store.reading_back import check_rows
from workbook.store.unlocked import UnlockedVault

RESTORED_MARKER = f"{DATABASE_FILE}.restored"
"""Stands beside a restored vault until it is first opened; ``vault.unlock`` says why."""

KEPT_DAYS, KEPT_WEEKS = 7, 4
"""How many are kept: one a day, and beyond these one a week."""

_NAME_PATTERN = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z]{8}\.backup")
_UNREADABLE_PATTERN = re.compile(rf"{_NAME_PATTERN.pattern}(\.new|\.[0-9a-f]{{8}}\.new)?")
"""Names of backups that are removed by an erasing even if nothing in them can be read."""
_ASIDE_PATTERN = re.compile(_NAME_PATTERN.pattern.removesuffix("backup") + "aside")
_LEFTOVER_PATTERN = re.compile(
    rf"{_NAME_PATTERN.pattern}\.new|{_NAME_PATTERN.pattern.removesuffix('backup')}copy(-\w+)?"
)
"""Names of what a backup that was cut short has left."""
_BEFORE_MIGRATION = ".migrated"
"""Ends the name of an empty file beside a backup that was made before a migration."""
_NOT_WHOLE = ".partial"
"""Ends the name of an empty file beside a backup in which a row could not be read."""
_IN_USE = (DATABASE_FILE, keyring.MAIN_FILE, keyring.COPY_FILE)
"""The files of the vault itself."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One of the backups in a vault's folder."""

    path: Path
    on: date
    """Local date it was made."""
    head: BackupHead

    @property
    def is_whole(self) -> bool:
        """Whether every row in it could be read when it was made."""
        return not _mark(self.path).exists()


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}{_NOT_WHOLE}")


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the backups in the folder of a vault, the first one first; reads heads alone."""
    found = []
    for path in (folder / BACKUP_FOLDER).glob("*.backup"):
        named = _NAME_PATTERN.fullmatch(path.name)
        with suppress(DamagedBackup, NewerVault, OSError, ValueError):
            if named:
                on = date.fromisoformat(named[1])
                with path.open("rb") as file:
                    found.append(Backup(path, on, read_head(file)))
    return tuple(sorted(found, key=lambda one: (one.head.number, one.path.name)))


def list_own_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the backups here of the vault in ``folder``, the first one first.

    There may be others, of a former book. None if the vault's keyring cannot be read.
    """
    vault = read_marks(folder).vault
    return tuple(each for each in list_backups(folder) if each.head.keyring.vault == vault)


def make_backup(
    folder: Path,
    key: bytes,
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    is_whole: bool,
) -> Path:
    """Make a backup and return its path, once it was opened, read whole and put in place.

    Old ones expire by it if it is whole.

    Args:
        folder: the vault's folder.
        key: the database key.
        now: local time, for its name.
        progress: called with the part that is done, from 0 to 1.
        is_whole: whether every row could be read; ``reading_back.check_rows`` says so.

    Raises:
        DamagedVault: if the vault cannot be read whole.
        NotSaved: if the disk refused; nothing of it is left.

    """
    with _locked_folder(folder) as place:
        return _write_backup(folder, key, now, place, progress, is_whole=is_whole)


def make_safety_copy(folder: Path, key: bytes, now: datetime) -> Path:
    """Make the backup that is the way back from a migration, and return its path.

    Nobody has read its rows, so that no earlier one expires by it. The next whole backup
    removes it, since it still holds what the migration removes. Raises what ``make_backup``
    raises.

    Args:
        folder: the vault's folder.
        key: the database key.
        now: local time, for its name.

    """
    with _locked_folder(folder) as place:
        made = _write_backup(folder, key, now, place, lambda _: None, is_whole=None)
        made.with_name(f"{made.name}{_BEFORE_MIGRATION}").touch(mode=0o600)
        durable.sync_folder(place)
        return made


def copy_backup(backup: Path, into: Path) -> Path:
    """Put a second copy of a backup into another folder, and return its path.

    Args:
        backup: path of the backup.
        into: another folder.

    Raises:
        DamagedBackup: if it is not whole.
        NotSaved: if the disk refused, or does not hold what it was given.

    """
    made = into.absolute() / backup.name
    new = made.with_name(f"{made.name}.{secrets.token_hex(4)}.new")
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        with verify_digest(backup).open("rb") as file:
            write_stream(new, b"", file)
        with suppress(DamagedBackup):
            verify_digest(new).replace(made)
            durable.sync_folder(made.parent)
            return made
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    finally:
        new.unlink(missing_ok=True)
    raise NotSaved


def daily_backup(vault: UnlockedVault) -> Callable[[], None]:
    """Return what makes today's backup, if there is none yet; for a thread of its own.

    The vault may be locked meanwhile. One in which a row cannot be read is made as well, but
    is not today's, and no other one expires by it. Raises what ``make_backup`` raises.
    """
    folder, keys, now = vault.folder, vault.keys, vault.now()
    again = UnlockedVault(folder, vault.seat, keys)

    def make_todays() -> None:
        with again, _locked_folder(folder) as place:
            if all(each.on != now.date() for each in list_own_backups(folder) if each.is_whole):
                whole = check_rows(again)
                _write_backup(folder, keys.database, now, place, lambda _: None, is_whole=whole)

    return make_todays


def replace_all_backups(folder: Path, key: bytes, now: datetime) -> None:
    """Put one new backup in place of all of this vault, which still hold what was erased.

    The old ones go even if a new one cannot be made: the vault itself is whole. Backups of
    another vault stay.

    Args:
        folder: the vault's folder.
        key: key of the database, 32 bytes.
        now: local time; its date is in the new name.

    Raises:
        NotSaved: if the disk refused to remove them; call it again.

    """
    with _locked_folder(folder) as place:
        new = None
        with suppress(VaultError):
            new = _write_backup(folder, key, now, place, lambda _: None, is_whole=None)
        _destroy_backups(place, read_marks(folder), but=new)
        for path in folder.glob(f"{DATABASE_FILE}.*.new"):
            path.unlink(missing_ok=True)  # a restore was cut short


def rekey_backups(folder: Path, slot: Slot) -> None:
    """Have the backups here open with a changed secret, and no longer with the one before.

    Args:
        folder: the vault's folder.
        slot: the changed slot of one person.

    Raises:
        NotSaved: if the disk refused; what was not changed opens with the secret before.

    """
    if not (folder / BACKUP_FOLDER).is_dir():
        return
    with _locked_folder(folder) as place:
        for each in list_own_backups(folder):
            with suppress(DamagedBackup):
                _rekey_one(verify_digest(each.path), slot)
        durable.sync_folder(place)


def remove_backups(folder: Path) -> None:
    """Destroy the keyrings in this vault's backups and in what was moved aside; remove both.

    Call it while the vault's keyring can be read: without it, no backup is known as its own.

    Raises:
        OSError: if the disk refused.

    """
    place = folder / BACKUP_FOLDER
    if place.is_symlink():
        place.unlink()  # what it leads to is somebody's own choice, and stays
        return
    place.mkdir(mode=0o700, exist_ok=True)
    with exclusive_lock(place):
        _destroy_backups(place, read_marks(folder))
    with suppress(OSError):  # something of somebody else's lies in it
        place.rmdir()


# Making one ---------------------------------------------------------------------------


@contextmanager
def _locked_folder(folder: Path) -> Iterator[Path]:
    """Yield where backups go, held alone: what an erasing removes is complete by then."""
    place = folder / BACKUP_FOLDER
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        with exclusive_lock(place):
            for path in place.iterdir():
                if _LEFTOVER_PATTERN.fullmatch(path.name):
                    path.unlink(missing_ok=True)  # a page was closed meanwhile
            yield place
    except OSError as error:
        raise NotSaved(errno=error.errno) from None


def _write_backup(
    folder: Path,
    key: bytes,
    now: datetime,
    place: Path,
    progress: Progress,
    *,
    is_whole: bool | None,
) -> Path:
    """Write one; ``is_whole`` None: nobody knows, and no other one goes by it."""
    name = new_dated_name(now)
    taken, new, made = (place / f"{name}.{end}" for end in ("copy", "backup.new", "backup"))
    try:
        ring = keyring.load_keyring(folder).best
        copy_database(folder / DATABASE_FILE, taken, key, ring.vault, progress)
        with taken.open("rb") as file:
            number = max((each.head.number for each in list_backups(folder)), default=0) + 1
            head = BackupHead(
                BACKUP_FORMAT, BACKUP_VERSION, number, taken.stat().st_size, b"", ring
            ).with_digest(file)
            file.seek(0)
            _write_package(new, head, file)
        try:
            verify_digest(new)
        except DamagedBackup:
            raise NotSaved from None  # the disk does not hold what it was given
        if is_whole is False:
            _remove_partial(folder)
            _mark(made).touch(mode=0o600)
        new.replace(made)
        durable.sync_folder(place)
        if is_whole:
            _remove_safety_copies(place, read_marks(folder))
            _remove_expired(folder)
    finally:
        for path in (new, *place.glob(f"{taken.name}*")):
            path.unlink(missing_ok=True)
    progress(1.0)
    return made


def _rekey_one(path: Path, slot: Slot) -> None:
    new = path.with_name(f"{path.name}.new")
    with path.open("rb") as file:
        head = read_head(file)
        begins = file.tell()
        head = replace(head, keyring=head.keyring.with_slot(slot)).with_digest(file)
        file.seek(begins)
        _write_package(new, head, file)
    new.replace(path)


def _write_package(path: Path, head: BackupHead, file: BufferedReader) -> None:
    write_stream(path, msgspec.json.encode(head) + b"\n", file)


# Which are kept -----------------------------------------------------------------------


def _remove_expired(folder: Path) -> None:
    """Keep the last of each of the last days, and of each of the last weeks; whole ones alone."""
    _remove_partial(folder)
    ours = list_own_backups(folder)[::-1]
    kept: set[Path] = set()
    for most, span in ((KEPT_DAYS, _day_of), (KEPT_WEEKS, _week_of)):
        last: dict[object, Path] = {}
        for each in ours:
            last.setdefault(span(each), each.path)
        kept |= set(list(last.values())[:most])
    for each in ours:
        if each.path not in kept:
            each.path.unlink(missing_ok=True)


def _remove_partial(folder: Path) -> None:
    """Remove the backup in which a row could not be read: a later one takes its place."""
    for each in list_own_backups(folder):
        if not each.is_whole:
            each.path.unlink(missing_ok=True)
            _mark(each.path).unlink(missing_ok=True)


def _remove_safety_copies(place: Path, marks: VaultMarks) -> None:
    """Remove this vault's backups from before a migration, once a later one is whole."""
    for mark in place.glob(f"*{_BEFORE_MIGRATION}"):
        copy = mark.with_name(mark.name.removesuffix(_BEFORE_MIGRATION))
        if copy.exists():
            if is_other_backup(copy, marks):
                continue
            _destroy_backup(copy)
        mark.unlink(missing_ok=True)


def _destroy_backup(path: Path) -> None:
    """Overwrite the keyring in a backup, then remove the file; of a link the link alone."""
    if not path.is_symlink():
        durable.overwrite_file(path, MAX_HEAD_BYTES)
    path.unlink()


def _day_of(backup: Backup) -> object:
    return backup.on


def _week_of(backup: Backup) -> object:
    return backup.on.isocalendar()[:2]


def _destroy_backups(place: Path, marks: VaultMarks, but: Path | None = None) -> None:
    """Remove every backup of this vault and what was moved aside of it; the keys first.

    Also copies of the vault itself here and beside it, whatever they are called: all of
    them hold what was erased.
    """
    for path in place.glob("*.aside"):
        if not _ASIDE_PATTERN.fullmatch(path.name):
            continue
        if path.is_symlink():
            path.unlink()
        elif path.is_dir() and not is_other_folder(path, marks):
            keyring.destroy_keyrings(path)
            shutil.rmtree(path)
    unreadable = [
        path
        for path in place.iterdir()
        if _UNREADABLE_PATTERN.fullmatch(path.name) and not is_other_backup(path, marks)
    ]
    beside = [path for path in list_copies(place.parent, marks) if path.name not in _IN_USE]
    for path in {*unreadable, *list_copies(place, marks), *beside}:
        if path != but:
            _destroy_backup(path)
    for ending in (_BEFORE_MIGRATION, _NOT_WHOLE):
        for mark in place.glob(f"*{ending}"):
            if not mark.with_name(mark.name.removesuffix(ending)).exists():
                mark.unlink(missing_ok=True)
    durable.sync_folder(place)

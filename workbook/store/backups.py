"""Backups: whole encrypted copies with their keyring, each one opened and read before it counts.

A backup is one file: a line of JSON with the keyring and a digest, then the vault file as
it is. Its name carries a date and random letters. Who has one needs a passphrase or a
recovery code of the time it was made, and nothing else (vault.md, section 13).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

import msgspec
from sqlcipher3 import dbapi2

from workbook.domain.errors import (
    DamagedBackup,
    DamagedVault,
    NewerVault,
    NotSaved,
    VaultError,
)
from workbook.store import keyring
from workbook.store.backup_file import (
    BACKUP_FORMAT,
    BACKUP_VERSION,
    MAX_HEAD_BYTES,
    BackupHead,
    read_head,
    verify_digest,
    write_stream,
)
from workbook.store.connection import (
    DATABASE_FILE,
    checkpoint,
    connect,
    integrity_ok,
    translate_db_error,
)
from workbook.store.folder import exclusive_lock
from workbook.store.keyring import Slot
from workbook.store.reading_back import find_unreadable
from workbook.store.unlocked import UnlockedVault

BACKUP_FOLDER = "backups"
"""Within the vault's folder."""

RESTORED_MARKER = f"{DATABASE_FILE}.restored"
"""Stands beside a restored vault until it is first opened; ``vault.unlock`` says why."""

KEPT_DAYS, KEPT_WEEKS = 7, 4
"""How many are kept: one a day, and beyond these one a week."""

_NAME_PATTERN = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z]{8}\.backup")
_BEFORE_MIGRATION = ".migrated"
"""Ends the name of an empty file beside a backup that was made before a migration."""
_NOT_WHOLE = ".partial"
"""Ends the name of an empty file beside a backup in which a row could not be read."""
_PAGES_PER_STEP = 256
"""Pages copied between two reports of progress."""

Progress = Callable[[float], None]
"""Called with the part that is done, from 0 to 1."""


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


def make_backup(
    folder: Path,
    key: bytes,
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    before_migration: bool = False,
    is_whole: bool = True,
) -> Path:
    """Make a backup and return its path, once it was opened, read whole and put in place.

    Old ones expire by it.

    Args:
        folder: the vault's folder.
        key: the database key.
        now: local time, for its name.
        progress: called with the part that is done, from 0 to 1.
        before_migration: the backup is the way back from a migration; the next one that is
            made removes it, since it still holds what the migration removed.
        is_whole: whether every row could be read. Earlier backups do not expire by one that
            is not.

    Raises:
        DamagedVault: if the vault cannot be read whole.
        NotSaved: if the disk refused; nothing of it is left.

    """
    with _locked_folder(folder) as place:
        made = _write_backup(folder, key, now, place, progress, is_whole=is_whole)
        if before_migration:
            made.with_name(f"{made.name}{_BEFORE_MIGRATION}").touch(mode=0o600)
            keyring.sync_folder(place)
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
            keyring.sync_folder(made.parent)
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
            if all(each.on != now.date() for each in list_backups(folder) if each.is_whole):
                whole = not find_unreadable(again)
                _write_backup(folder, keys.database, now, place, lambda _: None, is_whole=whole)

    return make_todays


def replace_all_backups(folder: Path, key: bytes, now: datetime) -> None:
    """Put one new backup in place of all there are, which still hold what was erased.

    The old ones go even if a new one cannot be made: the vault itself is whole.

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
            new = _write_backup(folder, key, now, place, lambda _: None)
        _destroy_backups(place, but=new)
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
        for each in list_backups(folder):
            with suppress(DamagedBackup):
                _rekey_one(verify_digest(each.path), slot)
        keyring.sync_folder(place)


def remove_backups(folder: Path) -> None:
    """Destroy the keyrings in all backups and in what was moved aside, then remove them.

    Raises:
        OSError: if the disk refused.

    """
    place = folder / BACKUP_FOLDER
    if not place.is_dir():
        return
    with exclusive_lock(place):
        _destroy_backups(place)
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
            for path in (*place.glob("*.backup.new"), *place.glob("*.copy*")):
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
    is_whole: bool = True,
) -> Path:
    name = new_backup_name(now)
    taken, new, made = (place / f"{name}.{end}" for end in ("copy", "backup.new", "backup"))
    try:
        ring = keyring.load_keyring(folder).best
        _copy_database(folder / DATABASE_FILE, taken, key, ring.vault, progress)
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
        if not is_whole:
            _remove_partial(folder)
            _mark(made).touch(mode=0o600)
        new.replace(made)
        keyring.sync_folder(place)
        if is_whole:
            _remove_safety_copies(place)
            _remove_expired(folder)
    finally:
        for path in (new, *place.glob(f"{taken.name}*")):
            path.unlink(missing_ok=True)
    progress(1.0)
    return made


def new_backup_name(now: datetime) -> str:
    """Return a new name for a backup, without its suffix.

    Args:
        now: local time.

    Returns:
        The local date and eight random letters, such as ``"2026-05-03-abcdefgh"``.

    """
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
    return f"{now.date().isoformat()}-{letters}"


def _copy_database(
    source: Path, target: Path, key: bytes, vault: bytes, progress: Progress
) -> None:
    """Copy one moment of the vault, then open the copy and read all of it."""
    keyring.write_file(target, b"")
    con = connect(source, key, read_only=True)
    try:
        taken = connect(target, key, create=True)
        try:
            con.execute("BEGIN")  # what is counted and what is copied is the same moment
            rows = _count_rows(con)
            con.backup(taken, pages=_PAGES_PER_STEP, progress=_copy_progress(progress))
            con.execute("COMMIT")
        finally:
            taken.close()
        _verify_copy(target, key, vault, rows)
    except dbapi2.Error as error:
        raise translate_db_error(error, source) or error from None
    finally:
        con.close()


def _rekey_one(path: Path, slot: Slot) -> None:
    new = path.with_name(f"{path.name}.new")
    with path.open("rb") as file:
        head = read_head(file)
        begins = file.tell()
        head = replace(head, keyring=head.keyring.with_slot(slot)).with_digest(file)
        file.seek(begins)
        _write_package(new, head, file)
    new.replace(path)


def _copy_progress(progress: Progress) -> Callable[[int, int, int], None]:
    return lambda _status, left, pages: progress(0.7 * (pages - left) / max(pages, 1))


def _verify_copy(path: Path, key: bytes, vault: bytes, rows: dict[str, int]) -> None:
    con = connect(path, key)
    try:
        checkpoint(con)  # before it looks: it reads the main file alone
        wrong = con.execute("PRAGMA cipher_integrity_check").fetchall()
        named = con.execute("SELECT value FROM meta WHERE name = 'vault'").fetchone()
        if wrong or not integrity_ok(con) or named != (vault.hex(),) or _count_rows(con) != rows:
            raise DamagedVault
    finally:
        con.close()


def _count_rows(con: Any) -> dict[str, int]:
    tables = con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    count = 'SELECT count(*) FROM "{}"'  # the names are our own tables
    return {name: con.execute(count.format(name)).fetchone()[0] for (name,) in tables}


def _write_package(path: Path, head: BackupHead, file: BufferedReader) -> None:
    write_stream(path, msgspec.json.encode(head) + b"\n", file)


# Which are kept -----------------------------------------------------------------------


def _remove_expired(folder: Path) -> None:
    """Keep the last of each of the last days, and of each of the last weeks; whole ones alone."""
    _remove_partial(folder)
    last_first = list_backups(folder)[::-1]
    vault = last_first[0].head.keyring.vault
    ours = [each for each in last_first if each.head.keyring.vault == vault]
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
    for each in list_backups(folder):
        if not each.is_whole:
            each.path.unlink(missing_ok=True)
            _mark(each.path).unlink(missing_ok=True)


def _remove_safety_copies(place: Path) -> None:
    """Remove the backups that were made before a migration, once a later one is whole."""
    for mark in place.glob(f"*{_BEFORE_MIGRATION}"):
        copy = mark.with_name(mark.name.removesuffix(_BEFORE_MIGRATION))
        if copy.exists():
            _destroy_backup(copy)
        mark.unlink(missing_ok=True)


def _destroy_backup(path: Path) -> None:
    """Overwrite the keyring in a backup, then remove the file."""
    with path.open("r+b", buffering=0) as file:
        file.write(bytes(min(MAX_HEAD_BYTES, path.stat().st_size)))
        os.fsync(file.fileno())
    path.unlink()


def _day_of(backup: Backup) -> object:
    return backup.on


def _week_of(backup: Backup) -> object:
    return backup.on.isocalendar()[:2]


def _destroy_backups(place: Path, but: Path | None = None) -> None:
    """Remove every backup and what was moved aside; the keys first."""
    for path in place.glob("*.aside"):
        keyring.destroy_keyrings(path)
        shutil.rmtree(path)
    for path in place.glob("*.backup*"):
        if path != but:
            _destroy_backup(path)
    keyring.sync_folder(place)

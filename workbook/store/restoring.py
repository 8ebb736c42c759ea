"""Restoring: puts a backup in the place of the vault, and moves aside what is there."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from workbook.domain.errors import DamagedBackup, DamagedKeyring, NewerVault, NoBackup, NotSaved
from workbook.store import backup_file, backups, durable, keyring
from workbook.store.connection import DATABASE_FILE
from workbook.store.folder import BACKUP_FOLDER, exclusive_lock, new_dated_name
from workbook.store.keyring import Keyring


def restore_backup(folder: Path, file: Path | None, now: datetime) -> tuple[Path, Path | None]:
    """Put a backup in the place of the vault; return its path, and where the former one went.

    No passphrase is needed: the digest says that it is what was once opened and read.
    What is there now is moved aside and never overwritten. Its keyring stays in use, as
    the first of the two copies, where it can be read and belongs to the same vault: a
    passphrase changed since then still holds, and the one in the backup opens as well.

    Args:
        folder: the vault's folder; made if there is none.
        file: the backup; None for the last one here that is whole, of the vault that is
            here if it has any.
        now: local time, to name what is moved aside.

    Raises:
        NoBackup: if there is none here.
        DamagedBackup: if it is cut, changed, or no backup; nothing was touched.
        NewerVault: if a newer program made it.
        NotSaved: if the disk refused.

    """
    folder = folder.absolute()
    source = backup_file.verify_digest(file) if file else _latest_intact(folder)
    new = folder / f"{DATABASE_FILE}.{secrets.token_hex(4)}.new"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with exclusive_lock(folder):
            for path in folder.glob(f"{DATABASE_FILE}.*.new"):
                path.unlink(missing_ok=True)  # one that was cut short
            with source.open("rb") as stream:
                head = backup_file.read_head(stream)
                backup_file.write_stream(new, b"", stream)
            with new.open("rb") as stream:
                if head.with_digest(stream) != head:
                    raise NotSaved
            aside = _make_aside_folder(folder, now)
            in_use = _keyring_in_use(folder, head.keyring)
            keyring.save_copies(folder, in_use or head.keyring, head.keyring)
            (folder / backups.RESTORED_MARKER).unlink(missing_ok=True)  # it may be a link
            (folder / backups.RESTORED_MARKER).touch(mode=0o600)
            # What needs room is done. The vault goes first: no moment looks like an older one.
            for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"):
                if aside and (folder / name).exists():
                    (folder / name).rename(aside / name)
            durable.sync_folder(folder)
            new.replace(folder / DATABASE_FILE)
            durable.sync_folder(folder)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    finally:
        new.unlink(missing_ok=True)
    return source, aside


def _latest_intact(folder: Path) -> Path:
    found = backups.list_own_backups(folder) or backups.list_backups(folder)
    for each in reversed(found):
        with suppress(DamagedBackup):
            return backup_file.verify_digest(each.path)
    if found:
        raise DamagedBackup
    raise NoBackup


def _keyring_in_use(folder: Path, ring: Keyring) -> Keyring | None:
    """Return the keyring in use, if it can be read and is of the same vault."""
    with suppress(DamagedKeyring, NewerVault):
        found = keyring.load_keyring(folder).best
        if found.vault == ring.vault:
            return found
    return None


def _make_aside_folder(folder: Path, now: datetime) -> Path | None:
    """Return a new folder for what is there now, its keyrings in it; None for an empty place."""
    names = (
        DATABASE_FILE,
        f"{DATABASE_FILE}-wal",
        f"{DATABASE_FILE}-shm",
        keyring.MAIN_FILE,
        keyring.COPY_FILE,
    )
    if not any((folder / name).exists() for name in names):
        return None
    (folder / BACKUP_FOLDER).mkdir(mode=0o700, exist_ok=True)
    aside = folder / BACKUP_FOLDER / f"{new_dated_name(now)}.aside"
    aside.mkdir(mode=0o700)
    for name in (keyring.MAIN_FILE, keyring.COPY_FILE):
        if (folder / name).is_file() and not (folder / name).is_symlink():
            durable.write_file(aside / name, (folder / name).read_bytes())
    durable.sync_folder(aside)
    return aside

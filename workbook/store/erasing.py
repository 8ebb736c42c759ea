"""Erasing: the whole vault, what one person answered in private, or what both share."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete

from workbook.domain.errors import NotSaved, NoVault
from workbook.store import agreements, backups, durable, evenings, keyring, schema, thanks, wishes
from workbook.store.connection import DATABASE_FILE, rewrite_file
from workbook.store.folder import remove_files
from workbook.store.unlocked import UnlockedVault
from workbook.store.vault import exists


def erase(folder: Path) -> None:
    """Destroy the keyring, then remove every file of the vault. There is no way back.

    Only the destruction of the keys counts: a disk may keep old cells. The backups in the
    folder go as well; copies elsewhere (exports, cloud folders) are not reached. Backups of
    another vault stay, and so do all if the keyring here cannot tell whose they are.

    Raises:
        NoVault: if there is nothing to erase.
        NotSaved: if the disk refused; call it again.

    """
    folder = folder.absolute()
    if not exists(folder):
        raise NoVault
    try:
        backups.remove_backups(folder)  # first: the keyring says which ones are of this vault
        keyring.destroy_keyrings(folder)
        remove_files(folder)
        durable.sync_folder(folder)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None


def erase_private(vault: UnlockedVault) -> None:
    """Remove all private answers and unopened ballots of this person, with no trace left.

    What was handed in to both stays, thank-yous too. What this person said to an agreement
    does not, nor do the lines of a debrief that were shown.
    Returns when the file is rewritten without them, and the backups here are replaced by a
    new one.

    Raises:
        NotSaved: if the disk refused or another page was writing; call it again.

    """
    wishes.withdraw_request(vault)
    with vault.writing() as db:
        for table in (schema.answers, schema.ballots):
            db.execute(delete(table).where(table.c.seat == vault.seat.value))
        agreements.erase_person(db, vault.seat)
        thanks.withdraw_lines(vault)
    _sweep_everywhere(vault)


def erase_shared(vault: UnlockedVault) -> None:
    """Remove all that both people share: evenings, shares, plans, agreements, thank-yous.

    Both people's names and private answers stay. So do the random names of past evenings,
    without their dates: each person's own debriefs hang on them, and what those closed
    stays closed. Returns as ``erase_private`` does.

    Raises:
        NotSaved: if the disk refused or another page was writing; call it again.

    """
    wishes.end_all_requests(vault)
    shared = (schema.shares, schema.plans, schema.sessions, schema.thanks)
    with vault.writing() as db:
        for table in (*shared, schema.cards, schema.asks, schema.ballots, schema.matches):
            db.execute(delete(table))
        agreements.erase_all(db)
        evenings.forget_evenings(db)
        # How many there were.
        name = schema.sessions.name
        db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
    _sweep_everywhere(vault)


def _sweep_everywhere(vault: UnlockedVault) -> None:
    sweep(vault)
    backups.replace_all_backups(vault.folder, vault.keys.database, vault.now())


def sweep(vault: UnlockedVault) -> None:
    """Rewrite the file so that nothing deleted is left in it.

    Raises:
        NotSaved: if the disk refused, or another page was in the way; call it again.

    """
    rewrite_file(vault.folder / DATABASE_FILE, vault.keys.database)

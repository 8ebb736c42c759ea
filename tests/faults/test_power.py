"""Rows 3 and 4 of the fault list: the power goes, at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import LOW, PEOPLE, WORDS, Toll, sizes
from tests.faults.disk import Disk
from tests.faults.power import images
from workbook.domain.errors import VaultError, WrongPassphrase
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import (
    answers,
    backup_file,
    backups,
    connection,
    keyring,
    migrations,
    restoring,
    vault,
)
from workbook.store.connection import DATABASE_FILE, checkpoint, connect
from workbook.store.unlocked import UnlockedVault

PAGES_OPENED = 6
SAVES_EACH = 25


def text(version: int) -> str:
    return f"{version} " + "x" * (version * 397 % 9000)


def lay(files: dict[str, bytes], folder: Path) -> Path:
    """Lay these files down in a new ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def points(disk: Disk, times: int, chance: Random) -> list[int]:
    return sorted(chance.randint(1, len(disk.acts)) for _ in range(times))


def whole(lane: UnlockedVault) -> bool:
    """Whether every page of the file is authentic and in its place."""
    con = connect(lane.folder / DATABASE_FILE, lane.keys.database)
    try:
        checkpoint(con)
        found = con.execute("PRAGMA cipher_integrity_check").fetchall()
        return not found and con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        con.close()


@contextmanager
def restful() -> Iterator[None]:
    """Opening an image writes as well; nothing of that need reach this machine's disk."""
    with Disk(Path("/nowhere")).watch():
        yield


def save_often(folder: Path) -> Disk:
    """Open the page again and again, and save; what was said is the last version."""
    disk = Disk(folder)
    version = 0
    with disk.watch():
        for _ in range(PAGES_OPENED):
            with vault.unlock(folder, WORDS[Seat.A]) as lane:
                for _ in range(SAVES_EACH):
                    answers.write_answer(
                        lane, IntentionAnswers(expects=text(version + 1)), expected_version=version
                    )
                    version += 1
                    disk.say(version)
    return disk


def cut(folder: Path, times: int, toll: Toll) -> None:
    """Cut the power so many times while somebody saves, and look at what is left."""
    chance = Random(20260503)
    disk = save_often(folder)
    for files, said in images(disk, points(disk, times, chance), chance):
        toll.runs += 1
        try:
            with vault.unlock(lay(files, folder), WORDS[Seat.A]) as lane:
                kept = answers.read_answer(lane, IntentionAnswers)
                version = kept.version if kept else 0
                toll.lost += max(0, (said or 0) - version)
                toll.torn += toll.runs % 20 == 0 and not whole(lane)  # opening read each page
                toll.torn += bool(kept and kept.value.expects != text(version))
        except VaultError:
            toll.torn += 1


@sizes(300, 20000)
def test_a_power_cut_while_saving_loses_nothing(vault_folder, toll, times):
    """3 power cut while saving, at the driver"""
    with restful():
        cut(vault_folder, times, toll)

    assert toll.nothing


@pytest.mark.long
def test_a_database_that_does_not_wait_for_the_disk_would_lose(vault_folder, monkeypatch):
    """3 control: synchronous=NORMAL"""
    eager = tuple(s.replace("synchronous=FULL", "synchronous=NORMAL") for s in connection._PRAGMAS)
    monkeypatch.setattr(connection, "_PRAGMAS", eager)
    control = Toll("")
    with restful():
        cut(vault_folder, 100, control)

    assert control.lost > 0
    assert control.torn == 0


# While something else is under way ---------------------------------------------------------------


def opens(folder: Path, secret: str) -> bool:
    try:
        keyring.open_slot(keyring.load_keyring(folder), secret)
    except WrongPassphrase:
        return False
    return True


@sizes(60, 2000)
def test_a_power_cut_in_a_change_of_passphrase_leaves_the_old_or_the_new(vault_folder, toll, times):
    """4 power cut in a keyring write"""
    chance = Random(4)
    old, new = WORDS[Seat.A], "copper saddle meadow"
    disk = Disk(vault_folder)
    with disk.watch(), vault.unlock(vault_folder, old) as lane:
        vault.change_passphrase(lane, old, new, cost=LOW)
        disk.say("changed")

    with restful():
        for files, said in images(disk, points(disk, times, chance), chance):
            toll.runs += 1
            folder = lay(files, vault_folder)
            try:
                opening = [secret for secret in (old, new) if opens(folder, secret)]
                toll.torn += not opening or not opens(folder, WORDS[Seat.B])
                toll.lost += bool(said) and opening != [new]
                vault.unlock(folder, opening[-1] if opening else new).close()
                toll.torn += len([s for s in (old, new) if opens(folder, s)]) != 1  # healed
            except VaultError:
                toll.torn += 1

    assert toll.nothing


@sizes(60, 2000)
def test_a_power_cut_in_the_set_up_leaves_a_whole_vault_or_none(tmp_path, toll, times):
    """4 power cut in the set-up"""
    chance = Random(5)
    folder = tmp_path / "vault"
    folder.mkdir()
    disk = Disk(folder)
    with disk.watch():
        vault.create(folder, PEOPLE, WORDS, cost=LOW)
        disk.say("set up")

    with restful():
        for files, said in images(disk, points(disk, times, chance), chance):
            toll.runs += 1
            lay(files, folder)
            if not vault.exists(folder):
                toll.lost += bool(said)
                continue
            try:
                for seat in Seat:
                    vault.unlock(folder, WORDS[seat]).close()
            except VaultError:
                toll.torn += 1

    assert toll.nothing


LATER = """
from alembic import op
from sqlalchemy import Column, String
revision, down_revision = "later", "{head}"
def upgrade():
    op.create_table("half", Column("x", String))
    with op.batch_alter_table("people") as batch:
        batch.add_column(Column("y", String))
"""


@pytest.fixture
def later(monkeypatch, tmp_path):
    """This program one version later, with one more migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(Path(migrations.__file__).parent, folder)
    newest = connection.SCHEMA_VERSION + 1
    (folder / "versions" / "later.py").write_text(
        LATER.format(head=f"{connection.SCHEMA_VERSION:04}")
    )
    monkeypatch.setattr(migrations, "__file__", str(folder / "__init__.py"))
    for module in (connection, vault, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", newest)
    return newest


@sizes(60, 2000)
def test_a_power_cut_in_a_migration_leaves_the_old_or_the_new(vault_folder, toll, times, request):
    """4 power cut in a migration"""
    chance = Random(6)
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        key = lane.keys.database
        answers.write_answer(lane, IntentionAnswers(expects=text(1)))
    newest = request.getfixturevalue("later")
    disk = Disk(vault_folder)
    with disk.watch():
        vault.unlock(vault_folder, WORDS[Seat.A]).close()
        disk.say("brought up to date")

    seen = set()
    with restful():
        for files, said in images(disk, points(disk, times, chance), chance):
            toll.runs += 1
            folder = lay(files, vault_folder)
            try:
                con = connect(folder / DATABASE_FILE, key)
                version = con.execute("PRAGMA user_version").fetchone()[0]
                tables = {row[0] for row in con.execute("SELECT name FROM sqlite_master")}
                columns = {row[1] for row in con.execute("PRAGMA table_info(people)")}
                con.close()
                new = version == newest
                seen.add(version)
                toll.torn += {"half" in tables, "y" in columns} != {new}
                toll.lost += bool(said) and not new
                if new or toll.runs % 10 == 0:  # an old one is backed up and migrated once more
                    with vault.unlock(folder, WORDS[Seat.A]) as lane:
                        toll.lost += answers.read_answer(
                            lane, IntentionAnswers
                        ).value.expects != text(1)
            except VaultError:
                toll.torn += 1

    assert toll.nothing
    assert seen == {newest - 1, newest}


# Backups and restoring ------------------------------------------------------------------------

DAY = datetime(2026, 5, 3, 12, 0)


@pytest.fixture
def backed_up(vault_folder):
    """A vault with a backup; returns its database key."""
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, IntentionAnswers(expects=text(7)))
        key = lane.keys.database
    backups.make_backup(vault_folder, key, DAY, is_whole=True)
    return key


def as_before(folder: Path) -> bool:
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        kept = answers.read_answer(lane, IntentionAnswers)
        return kept is not None and kept.value.expects == text(7)


@sizes(60, 2000)
def test_a_power_cut_in_a_backup_leaves_whole_ones(vault_folder, backed_up, toll, times):
    """4 power cut in a backup"""
    chance = Random(7)
    disk = Disk(vault_folder)
    with disk.watch():
        backups.make_backup(vault_folder, backed_up, DAY + timedelta(days=1), is_whole=True)
        disk.say("made")

    with restful():
        for files, said in images(disk, points(disk, times, chance), chance):
            toll.runs += 1
            folder = lay(files, vault_folder)
            try:
                kept = [
                    backup_file.verify_digest(each.path) for each in backups.list_backups(folder)
                ]
                toll.lost += len(kept) < 1 + bool(said)
                toll.torn += not as_before(folder)
            except VaultError:
                toll.torn += 1

    assert toll.nothing


@sizes(60, 2000)
@pytest.mark.usefixtures("backed_up")
def test_a_power_cut_in_a_restore_can_be_gone_on_with(vault_folder, toll, times):
    """4 power cut in a restore"""
    chance = Random(8)
    damaged = bytearray((vault_folder / DATABASE_FILE).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (vault_folder / DATABASE_FILE).write_bytes(damaged)
    disk = Disk(vault_folder)
    with disk.watch():
        restoring.restore_backup(vault_folder, None, DAY)
        disk.say("restored")

    with restful():
        for files, said in images(disk, points(disk, times, chance), chance):
            toll.runs += 1
            folder = lay(files, vault_folder)
            try:
                toll.lost += bytes(damaged) not in files.values()  # moved aside, never overwritten
                if not said:
                    restoring.restore_backup(folder, None, DAY)
                toll.lost += not as_before(folder)
            except VaultError:
                toll.torn += 1

    assert toll.nothing

"""What lies in a vault's folder and belongs to another vault is never removed or changed."""

from __future__ import annotations

import errno
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.conftest import LOW, NIGHT, PEOPLE
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.errors import NotDownloaded
from workbook.domain.seats import Seat
from workbook.store import answers, backups, erasing, keyring, restoring, vault

OLD_WORDS = {Seat.A: "former hazel lantern", Seat.B: "former river pepper"}
OLD = AreaAnswers({"calves": AreaMark.OPEN})


@pytest.fixture
def former(home, tmp_path):
    """The only backup of a former book, in the folder of the present one."""
    folder = tmp_path / "former"
    vault.create(folder, PEOPLE, OLD_WORDS, cost=LOW, clock=lambda: NIGHT)
    with vault.unlock(folder, OLD_WORDS[Seat.A], clock=lambda: NIGHT) as lane:
        answers.write_answer(lane, OLD)
        made = backups.make_backup(folder, lane.keys.database, NIGHT, is_whole=True)
    place = home.folder / "backups"
    place.mkdir(exist_ok=True)
    return place / Path(shutil.copy(made, place)).name


def opens_former(path, tmp_path, secret=OLD_WORDS[Seat.A]):
    restored = tmp_path / "restored"
    restoring.restore_backup(restored, path, NIGHT)
    with vault.unlock(restored, secret, clock=lambda: NIGHT) as lane:
        return answers.read_answer(lane, AreaAnswers).value == OLD


@pytest.mark.parametrize(
    "does",
    [
        lambda home, kim: erasing.erase_private(kim),
        lambda home, kim: erasing.erase_shared(kim),
        lambda home, kim: erasing.erase(home.folder),
        lambda home, kim: vault.change_passphrase(
            kim, home.words[Seat.A], "hazel lantern scarf", cost=LOW
        ),
        lambda home, kim: [
            backups.make_backup(
                home.folder, kim.keys.database, NIGHT + timedelta(days=day), is_whole=True
            )
            for day in range(40)
        ],
    ],
    ids=["own part", "shared part", "all", "passphrase", "expiry"],
)
def test_the_only_backup_of_a_former_book_outlives_it(home, kim, former, tmp_path, does):
    before = former.read_bytes()

    does(home, kim)

    assert former.read_bytes() == before
    assert opens_former(former, tmp_path)


def test_a_backup_from_before_a_migration_of_a_former_book_stays(home, kim, former, tmp_path):
    former.with_name(f"{former.name}.migrated").touch()

    backups.make_backup(home.folder, kim.keys.database, NIGHT, is_whole=True)

    assert opens_former(former, tmp_path)


def test_what_was_moved_aside_of_a_former_book_stays(home, kim, tmp_path):
    former = tmp_path / "former"
    vault.create(former, PEOPLE, OLD_WORDS, cost=LOW, clock=lambda: NIGHT)
    aside = home.folder / "backups" / "2026-05-01-abcdefgh.aside"
    shutil.copytree(former, aside)

    erasing.erase_private(kim)

    vault.unlock(aside, OLD_WORDS[Seat.B]).close()


def test_todays_backup_of_a_former_book_is_not_todays_of_this_one(home, kim, former):
    backups.daily_backup(kim)()

    ours = keyring.load_keyring(home.folder).best.vault
    made = [each for each in backups.list_backups(home.folder) if each.head.keyring.vault == ours]
    assert [each.on for each in made] == [NIGHT.date()]


def test_the_latest_backup_is_the_latest_of_this_book(home, kim, former, tmp_path):
    ours = backups.make_backup(home.folder, kim.keys.database, NIGHT, is_whole=True)
    later = tmp_path / "former"
    with vault.unlock(later, OLD_WORDS[Seat.A], clock=lambda: NIGHT) as lane:
        for _ in range(3):
            newer = backups.make_backup(later, lane.keys.database, NIGHT, is_whole=True)
    shutil.copy(newer, home.folder / "backups")

    used, _ = restoring.restore_backup(home.folder, None, NIGHT)

    assert used == ours


@pytest.mark.parametrize(
    "names",
    [("keyring.json.old", "vault.db.old"), ("keyring.json.2025", "vault.db.kept.copy")],
)
def test_a_book_that_somebody_renamed_by_hand_outlives_a_set_up(tmp_path, names):
    folder = tmp_path / "former"
    vault.create(folder, PEOPLE, OLD_WORDS, cost=LOW)
    for name, renamed in zip(("keyring.json", "vault.db"), names, strict=True):
        (folder / name).rename(folder / renamed)
    (folder / "keyring.json.bak").unlink()
    kept = {name: (folder / name).read_bytes() for name in names}

    vault.create(folder, PEOPLE, {seat: f"{word} more" for seat, word in OLD_WORDS.items()}, LOW)
    erasing.erase(folder)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept


# Ours by content, whatever it is called ------------------------------------------------------


def test_copies_of_the_vault_and_its_keys_under_other_names_are_erased_as_well(home, kim):
    answers.write_answer(kim, OLD)
    made = backups.make_backup(home.folder, kim.keys.database, NIGHT, is_whole=True)
    shutil.copy(home.file, home.folder / "vault (conflicted copy).db")
    shutil.copy(home.keyring, home.folder / "keyring-KIMS-LAPTOP.json")
    shutil.copy(made, home.folder / "my backup")
    made.rename(made.with_name("renamed by hand.backup"))
    (home.folder / "shopping.txt").write_text("bread")

    erasing.erase(home.folder)

    assert [path.name for path in home.folder.rglob("*")] == ["shopping.txt"]


def test_what_was_erased_is_in_no_copy_under_another_name(home, kim):
    answers.write_answer(kim, OLD)
    kim.close()
    copy = home.folder / "vault (conflicted copy).db"
    shutil.copy(home.file, copy)

    with home.unlock(Seat.A) as lane:
        erasing.erase_private(lane)

    assert not copy.exists()


# Gone, and not a beginning -------------------------------------------------------------------


def test_a_vault_that_a_cloud_service_holds_back_is_no_empty_place(home, kim):
    kim.close()
    for path in (home.file, home.keyring, home.copy):
        path.rename(path.with_name(f".{path.name}.icloud"))

    assert vault.exists(home.folder)
    with pytest.raises(NotDownloaded):
        vault.unlock(home.folder, home.words[Seat.A])


def test_an_erasing_that_cannot_tell_whose_a_backup_is_leaves_it(home, kim):
    made = backups.make_backup(home.folder, kim.keys.database, NIGHT, is_whole=True)
    for path in (home.keyring, home.copy):
        path.write_bytes(b"not a keyring any more")

    erasing.erase(home.folder)

    assert made.exists()
    assert not home.file.exists()


# What the disk does not give may be another book's -------------------------------------------


@pytest.fixture
def unreadable(monkeypatch):
    """Makes files that the disk does not give, as a stick that is failing."""
    names: set[str] = set()
    really_open = Path.open

    def open_(self, *how, **more):
        if self.name in names or self.parent.name in names:
            raise OSError(errno.EIO, "input/output error")
        return really_open(self, *how, **more)

    monkeypatch.setattr(Path, "open", open_)
    return names


def test_a_backup_that_the_disk_does_not_give_is_not_removed(
    home, kim, former, tmp_path, unreadable
):
    unreadable.add(former.name)

    erasing.erase_private(kim)
    erasing.erase(home.folder)

    unreadable.clear()
    assert opens_former(former, tmp_path)


def test_what_was_moved_aside_and_the_disk_does_not_give_is_not_removed(
    home, kim, tmp_path, unreadable
):
    former = tmp_path / "former"
    vault.create(former, PEOPLE, OLD_WORDS, cost=LOW, clock=lambda: NIGHT)
    aside = home.folder / "backups" / "2026-05-01-abcdefgh.aside"
    shutil.copytree(former, aside)
    unreadable.add(aside.name)

    erasing.erase_private(kim)

    unreadable.clear()
    vault.unlock(aside, OLD_WORDS[Seat.B]).close()

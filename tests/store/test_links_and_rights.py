"""Erasing and restoring follow no link and touch nothing that is not ours; rights are healed."""

import os
import resource
import stat

import pytest

from workbook.domain.errors import DamagedBackup, InvalidInput
from workbook.store import backups, erasing, restoring, vault
from workbook.store.folder import has_foreign_files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and rights of Unix")


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("precious", "keyring.json"):
        (folder / name).write_bytes(b"precious" * 100)
    return folder


def _untouched(outside):
    return all(path.read_bytes() == b"precious" * 100 for path in outside.iterdir())


def test_erasing_follows_no_link(home, kim, outside):
    made = backups.make_backup(home.folder, kim.keys.database, home.night, is_whole=True)
    kim.close()
    place = home.folder / "backups"
    (place / "2026-05-04-aaaaaaaa.backup").symlink_to(outside / "precious")
    (place / "2026-05-04-aaaaaaaa.aside").symlink_to(outside)
    (home.folder / "keyring.json.00000000.new").symlink_to(outside / "keyring.json")

    erasing.erase(home.folder)

    assert _untouched(outside)
    assert len(list(outside.iterdir())) == 2
    assert not made.exists()
    assert not place.exists()


def test_a_folder_of_backups_that_is_a_link_is_only_unlinked(home, outside):
    (home.folder / "backups").symlink_to(outside)
    (outside / "2026-05-04-aaaaaaaa.backup").write_bytes(b"precious" * 100)

    erasing.erase(home.folder)

    assert _untouched(outside)
    assert not (home.folder / "backups").is_symlink()


def test_erasing_takes_only_what_is_ours(home, kim):
    backups.make_backup(home.folder, kim.keys.database, home.night, is_whole=True)
    kim.close()
    ours = ["holiday.backup.txt", "holiday.backup", "my.aside", "2026-05-04.backup", "x.copy"]
    theirs = [home.folder / "backups" / name for name in ours]
    theirs += [home.folder / name for name in ("vault.db.txt", "keyring.json.mine", "notes.txt")]
    for path in theirs:
        path.write_text("theirs")

    erasing.erase(home.folder)

    left = {path for path in home.folder.rglob("*") if path.is_file()}
    assert left == set(theirs)


def test_restoring_follows_no_link(home, kim, outside):
    made = backups.make_backup(home.folder, kim.keys.database, home.night, is_whole=True)
    kim.close()
    (home.folder / backups.RESTORED_MARKER).symlink_to(outside / "made")
    home.file.unlink()
    home.file.symlink_to(outside / "precious")
    home.copy.unlink()
    home.copy.symlink_to(outside / "keyring.json")

    _, aside = restoring.restore_backup(home.folder, made, home.night)

    assert _untouched(outside)
    assert not (outside / "made").exists()
    assert not (aside / "keyring.json.bak").exists()
    home.unlock().close()


@pytest.mark.timeout(20)
def test_a_pipe_or_a_device_is_no_backup(home, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, "/dev/zero"):
        with pytest.raises(DamagedBackup):
            restoring.restore_backup(home.folder, type(tmp_path)(path), home.night)


def test_rights_that_a_stick_gave_are_taken_back(home, kim):
    backups.make_backup(home.folder, kim.keys.database, home.night, is_whole=True)
    kim.close()
    (home.folder / "notes.txt").write_text("theirs")
    for path in (home.folder, *home.folder.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)

    home.unlock().close()

    for path in (home.folder, *home.folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == (0o044 if path.name == "notes.txt" else 0), path


def test_a_folder_with_other_files_is_not_taken_over(home, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    (folder / "letter.txt").write_text("mine")
    folder.chmod(0o1777)

    with pytest.raises(InvalidInput):
        vault.create(folder, home.people, home.words, cost=home.low)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o1777
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
    assert not has_foreign_files(home.folder)
    assert not has_foreign_files(tmp_path / "new")


def test_who_holds_keys_leaves_no_core_file(kim):
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)

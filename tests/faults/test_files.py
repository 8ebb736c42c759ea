"""Rows 7, 9 and 10 of the fault list: what can become of the files of a vault."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import LOW, PEOPLE, WORDS, Toll
from workbook.domain.errors import (
    DamagedKeyring,
    DamagedVault,
    EmptyVault,
    NotSaved,
    VaultError,
    WrongPassphrase,
)
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, vault
from workbook.store.connection import DATABASE_FILE

NOBODY = 65534


def hashes(folder: Path) -> dict[str, str]:
    """What each file holds; the -shm is made anew by everybody who reads."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }


def save(folder: Path, what: str, expected_version: int = 0) -> None:
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(
            lane, IntentionAnswers(expects=what), expected_version=expected_version
        )


def expects(folder: Path) -> str | None:
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        kept = answers.read_answer(lane, IntentionAnswers)
        return kept and kept.value.expects


# Nothing can be written -----------------------------------------------------------------------


@pytest.fixture
def as_anybody(vault_folder: Path) -> Iterator[Path]:
    """A vault of an account whose rights count: root's do not."""
    save(vault_folder, "kept")
    if os.geteuid():
        yield vault_folder
        return
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)  # its own parent lets nobody in
        folder = Path(shutil.copytree(vault_folder, Path(open_to_all) / "vault"))
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield folder
        finally:
            os.setresuid(0, 0, 0)


@pytest.fixture
def read_only_disk(vault_folder: Path) -> Iterator[Path]:
    save(vault_folder, "kept")
    mount = ["mount", "--bind", "-o", "ro", vault_folder, vault_folder]
    if shutil.which("mount") is None or subprocess.call(mount, stderr=subprocess.DEVNULL):
        pytest.skip("This account may not mount a file system that is read only.")
    yield vault_folder
    subprocess.run(["umount", vault_folder], check=True)


def reads_and_says_that_it_cannot_write(folder: Path, toll: Toll) -> None:
    before = hashes(folder)
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        kept = answers.read_answer(lane, IntentionAnswers)
        toll.lost += kept is None or kept.value.expects != "kept"
        with pytest.raises(NotSaved):
            answers.write_answer(lane, IntentionAnswers(expects="new"), expected_version=1)
        toll.lost += answers.read_answer(lane, IntentionAnswers) != kept
        with pytest.raises(NotSaved):
            vault.change_passphrase(lane, WORDS[Seat.A], "copper saddle meadow", cost=LOW)
    toll.torn += hashes(folder) != before
    toll.runs += 1


@pytest.mark.skipif(os.name != "posix", reason="Rights of another kind.")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_may_not_be_written_can_be_read(as_anybody, toll, what):
    """7 read-only file or folder"""
    (as_anybody / DATABASE_FILE).chmod(0o400)
    as_anybody.chmod(0o500 if what == "folder" else 0o700)
    try:
        reads_and_says_that_it_cannot_write(as_anybody, toll)
    finally:
        as_anybody.chmod(0o700)

    assert toll.nothing
    assert {path.name for path in as_anybody.iterdir()} == {
        "keyring.json",
        "keyring.json.bak",
        DATABASE_FILE,
    }
    (as_anybody / DATABASE_FILE).chmod(0o600)
    save(as_anybody, "again", expected_version=1)
    assert expects(as_anybody) == "again"


def test_a_read_only_file_system_can_be_read(read_only_disk, toll):
    """7 read-only file system"""
    reads_and_says_that_it_cannot_write(read_only_disk, toll)

    assert toll.nothing


@pytest.mark.skipif(os.name != "posix", reason="Rights of another kind.")
def test_a_page_that_could_only_read_sees_what_is_saved_once_it_can_be(as_anybody):
    (as_anybody / DATABASE_FILE).chmod(0o400)
    with vault.unlock(as_anybody, WORDS[Seat.A]) as lane:
        assert answers.read_answer(lane, IntentionAnswers).value.expects == "kept"
        (as_anybody / DATABASE_FILE).chmod(0o600)
        save(as_anybody, "new", expected_version=1)

        assert answers.read_answer(lane, IntentionAnswers).value.expects == "new"


# Something else lies there --------------------------------------------------------------------


@pytest.fixture
def crashed(vault_folder: Path, tmp_path: Path) -> Path:
    """A vault with two saves in its file and one in its WAL, as a killed page leaves it."""
    save(vault_folder, "first")
    save(vault_folder, "second", expected_version=1)
    lane = vault.unlock(vault_folder, WORDS[Seat.A])
    answers.write_answer(lane, IntentionAnswers(expects="third"), expected_version=2)
    folder = Path(shutil.copytree(vault_folder, tmp_path / "crashed"))
    (folder / f"{DATABASE_FILE}-shm").unlink()
    lane.close()
    return folder


def _wal(folder: Path) -> Path:
    return folder / f"{DATABASE_FILE}-wal"


def _another_couples(tmp_path: Path) -> Path:
    folder = tmp_path / "another"
    vault.create(folder, PEOPLE, WORDS, cost=LOW)
    lane = vault.unlock(folder, WORDS[Seat.A])
    answers.write_answer(lane, IntentionAnswers(expects="of somebody else"))
    kept = Path(shutil.copytree(folder, tmp_path / "another-crashed"))
    lane.close()
    return kept


def _cut_at(part: float) -> Callable[[Path, Path], None]:
    def cut(folder: Path, _other: Path) -> None:
        _wal(folder).unlink()
        content = (folder / DATABASE_FILE).read_bytes()
        (folder / DATABASE_FILE).write_bytes(content[: int(len(content) * part)])

    return cut


def _empty(folder: Path, _other: Path) -> None:
    (folder / DATABASE_FILE).write_bytes(b"")


def _foreign(folder: Path, _other: Path) -> None:
    (folder / DATABASE_FILE).write_bytes(b"SQLite format 3\0" + bytes(4080))


def _text(folder: Path, _other: Path) -> None:
    (folder / DATABASE_FILE).write_text("Sorry, your file was cleaned up.\n" * 400)


def _directory(folder: Path, _other: Path) -> None:
    (folder / DATABASE_FILE).unlink()
    (folder / DATABASE_FILE).mkdir()


def _missing(folder: Path, _other: Path) -> None:
    (folder / DATABASE_FILE).unlink()


def _other_file(folder: Path, other: Path) -> None:
    shutil.copy(other / DATABASE_FILE, folder / DATABASE_FILE)
    _wal(folder).unlink()


def _other_wal(folder: Path, other: Path) -> None:
    shutil.copy(_wal(other), _wal(folder))


def _flipped_in_the_file(folder: Path, _other: Path) -> None:
    content = bytearray((folder / DATABASE_FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / DATABASE_FILE).write_bytes(content)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (_cut_at(0.99), DamagedVault),
        (_cut_at(0.5), DamagedVault),
        (_cut_at(0.01), DamagedVault),
        (_empty, EmptyVault),
        (_foreign, DamagedVault),
        (_text, DamagedVault),
        (_directory, DamagedVault),
        (_missing, DamagedVault),
        (_other_file, DamagedVault),
        (_other_wal, DamagedVault),
        (_flipped_in_the_file, DamagedVault),
    ],
)
def test_what_is_no_vault_any_more_is_refused_and_left_as_it_is(
    crashed, tmp_path, toll, fault, error
):
    """9 cut, empty, foreign or exchanged file"""
    fault(crashed, _another_couples(tmp_path))
    before = hashes(crashed)

    for _ in range(2):
        try:
            vault.unlock(crashed, WORDS[Seat.A]).close()
            toll.unseen += 1
        except VaultError as found:
            toll.unseen += type(found) is not error
    with pytest.raises(VaultError):
        vault.create(crashed, PEOPLE, WORDS, cost=LOW)
    toll.torn += hashes(crashed) != before
    toll.runs += 1

    assert toll.nothing


def _no_wal(folder: Path) -> None:
    _wal(folder).unlink()


def _half_a_wal(folder: Path) -> None:
    _wal(folder).write_bytes(_wal(folder).read_bytes()[:-2000])


def _flipped_wal(folder: Path) -> None:
    content = bytearray(_wal(folder).read_bytes())
    content[-2000] ^= 1
    _wal(folder).write_bytes(content)


@pytest.mark.parametrize("fault", [_no_wal, _half_a_wal, _flipped_wal])
def test_a_wal_that_is_lost_or_cut_takes_its_own_saves_and_no_more(crashed, toll, fault):
    """9 missing, cut or flipped -wal: what was in the file stays"""
    fault(crashed)

    toll.torn += expects(crashed) != "second"  # as of before; no half of it
    toll.runs += 1

    assert toll.nothing
    save(crashed, "again", expected_version=2)
    assert expects(crashed) == "again"


def test_a_wal_of_an_earlier_day_is_no_silent_mix(vault_folder, tmp_path, toll):
    """9 -wal of an earlier day of the same vault"""
    kept: list[bytes] = []
    for number in range(6):
        lane = vault.unlock(vault_folder, WORDS[Seat.A])
        for topic in range(4):
            before = answers.read_answer(lane, IntentionAnswers, str(topic))
            told = IntentionAnswers(expects=f"{number} " * 900)
            answers.write_answer(
                lane, told, str(topic), expected_version=before.version if before else 0
            )
        kept.append(_wal(vault_folder).read_bytes())
        lane.close()

    for earlier in kept[:-1]:
        folder = Path(shutil.copytree(vault_folder, tmp_path / f"mixed-{toll.runs}"))
        _wal(folder).write_bytes(earlier)
        toll.runs += 1
        try:
            with vault.unlock(folder, WORDS[Seat.A]) as lane:
                found = [answers.read_answer(lane, IntentionAnswers, str(t)) for t in range(4)]
        except DamagedVault:
            continue
        toll.torn += len({each and each.value.expects for each in found}) != 1

    assert toll.nothing


# A keyring is lost ----------------------------------------------------------------------------


def _ring(path: Path) -> dict:
    return json.loads(path.read_text())


def _main_missing(folder: Path, _old: Path) -> None:
    (folder / "keyring.json").unlink()


def _copy_missing(folder: Path, _old: Path) -> None:
    (folder / "keyring.json.bak").unlink()


def _main_cut(folder: Path, _old: Path) -> None:
    path = folder / "keyring.json"
    path.write_bytes(path.read_bytes()[:500])


def _copy_empty(folder: Path, _old: Path) -> None:
    (folder / "keyring.json.bak").write_bytes(b"")


def _main_old(folder: Path, old: Path) -> None:
    shutil.copy(old / "keyring.json", folder / "keyring.json")


def _copy_old(folder: Path, old: Path) -> None:
    shutil.copy(old / "keyring.json", folder / "keyring.json.bak")


def _both_missing(folder: Path, _old: Path) -> None:
    _main_missing(folder, folder)
    _copy_missing(folder, folder)


def _both_damaged(folder: Path, _old: Path) -> None:
    _main_cut(folder, folder)
    (folder / "keyring.json.bak").write_bytes(os.urandom(900))


@pytest.mark.parametrize(
    ("fault", "heals"),
    [
        (_main_missing, True),
        (_copy_missing, True),
        (_main_cut, True),
        (_copy_empty, True),
        (_main_old, True),
        (_copy_old, True),
        (_both_missing, False),
        (_both_damaged, False),
    ],
)
def test_a_lost_keyring_heals_or_says_what_is_lost(vault_folder, new_vault, toll, fault, heals):
    """10 keyring lost, in eight ways"""
    old = new_vault()
    new = "copper saddle meadow"
    save(vault_folder, "kept")
    with vault.unlock(vault_folder, WORDS[Seat.A]) as lane:
        vault.change_passphrase(lane, WORDS[Seat.A], new, cost=LOW)
    whole = _ring(vault_folder / "keyring.json")
    fault(vault_folder, old)
    before = hashes(vault_folder)
    toll.runs += 1

    if not heals:
        for secret in (new, WORDS[Seat.B], "a wrong passphrase"):
            with pytest.raises(DamagedKeyring):
                vault.unlock(vault_folder, secret)
        assert hashes(vault_folder) == before
        return

    with vault.unlock(vault_folder, new) as lane:
        toll.lost += answers.read_answer(lane, IntentionAnswers).value.expects != "kept"
    for name in ("keyring.json", "keyring.json.bak"):
        toll.torn += _ring(vault_folder / name) != whole
    with pytest.raises(WrongPassphrase):
        vault.unlock(vault_folder, WORDS[Seat.A])
    vault.unlock(vault_folder, WORDS[Seat.B]).close()

    assert toll.nothing

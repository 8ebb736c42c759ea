import copy
import os
import pickle
import shutil
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.errors import (
    DamagedKeyring,
    DamagedVault,
    EmptyVault,
    InvalidInput,
    NewerVault,
    NotSaved,
    NoVault,
    VaultExists,
    VaultLocked,
    WeakPassphrase,
    WrongPassphrase,
)
from workbook.domain.evening import WishAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, durable, erasing, people, vault, wishes
from workbook.store.connection import SCHEMA_VERSION, connect


def test_a_vault_at_the_real_cost_opens(home, tmp_path):
    codes = vault.create(tmp_path / "real", home.people, home.words)

    with vault.unlock(tmp_path / "real", home.words[Seat.B]) as lane:
        assert lane.seat is Seat.B
        assert lane.people == home.people
    assert set(codes) == set(Seat)


def test_only_its_owner_may_read_the_files(home, kim, tmp_path):
    folder = tmp_path / "wide"
    folder.mkdir(mode=0o755)
    vault.create(folder, home.people, home.words, cost=home.low)

    with vault.unlock(folder, home.words[Seat.A]) as lane:
        answers.write_answer(lane, WishAnswers())
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


def test_a_vault_is_never_set_up_over_another(home):
    before = home.hashes()

    with pytest.raises(VaultExists):
        vault.create(home.folder, home.people, home.words, cost=home.low)
    home.file.unlink()
    with pytest.raises(VaultExists):
        vault.create(home.folder, home.people, home.words, cost=home.low)

    assert home.hashes().items() <= before.items()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({Seat.A: "hazel lantern", Seat.B: "too short"}, WeakPassphrase),
        ({Seat.A: "hazel lantern", Seat.B: " hazel lantern "}, InvalidInput),
    ],
)
def test_a_refused_passphrase_leaves_nothing(home, tmp_path, words, error):
    with pytest.raises(error):
        vault.create(tmp_path / "new", home.people, words, cost=home.low)

    assert not (tmp_path / "new").exists()


def test_a_set_up_that_fails_leaves_nothing_and_one_cut_short_is_none(home, tmp_path, monkeypatch):
    folder = tmp_path / "new"

    def full(*_):
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_file", full)
        with pytest.raises(NotSaved):
            vault.create(folder, home.people, home.words, cost=home.low)
    assert not list(folder.iterdir())
    shutil.copy(home.file, folder / "vault.db.new")  # as after a power cut before the rename
    shutil.copy(home.keyring, folder)

    assert not vault.exists(folder)
    with pytest.raises(NoVault):
        vault.unlock(folder, home.words[Seat.A])
    vault.create(folder, home.people, home.words, cost=home.low)

    assert vault.exists(folder)
    assert sorted(p.name for p in folder.iterdir()) == [
        "keyring.json",
        "keyring.json.bak",
        "vault.db",
    ]


def test_an_empty_folder_has_no_vault_and_stays_empty(tmp_path):
    with pytest.raises(NoVault):
        vault.unlock(tmp_path, "hazel lantern mitten")
    with pytest.raises(NoVault):
        vault.unlock(tmp_path / "none", "hazel lantern mitten")

    assert not list(tmp_path.iterdir())


def _zero(home):
    home.file.write_bytes(b"")


def _cut(home):
    home.file.write_bytes(home.file.read_bytes()[:5000])


def _foreign(home):
    home.file.write_bytes(b"SQLite format 3\0" + bytes(4080))


def _flipped(home):
    content = bytearray(home.file.read_bytes())
    content[len(content) // 2] ^= 1
    home.file.write_bytes(content)


def _missing(home):
    home.file.unlink()


def _another(home):
    other = home.folder.parent / "other"
    vault.create(other, home.people, home.words, cost=home.low)
    shutil.copy(other / "vault.db", home.file)


def _no_keyrings(home):
    home.keyring.unlink()
    home.copy.unlink()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (_zero, EmptyVault),
        (_cut, DamagedVault),
        (_foreign, DamagedVault),
        (_flipped, DamagedVault),
        (_missing, DamagedVault),
        (_another, DamagedVault),
        (_no_keyrings, DamagedKeyring),
    ],
)
def test_every_fault_has_its_own_error_and_nothing_is_touched(home, fault, error):
    fault(home)
    before = home.hashes()

    for _ in range(2):
        with pytest.raises(error):
            home.unlock()

    assert home.hashes() == before


def test_a_directory_in_its_place_is_damage(home):
    home.file.unlink()
    home.file.mkdir()

    with pytest.raises(DamagedVault):
        home.unlock()


def test_a_wrong_passphrase_says_nothing_about_damage(home):
    _zero(home)

    with pytest.raises(WrongPassphrase):
        vault.unlock(home.folder, "not the right one")


NEWER = SCHEMA_VERSION + 1


@pytest.mark.parametrize("statement", ["DELETE FROM meta WHERE name = 'min_reader_version'",
                                       "UPDATE meta SET value = value + 9 WHERE name LIKE 'min%'",
                                       "DROP TABLE meta"])  # fmt: skip
def test_a_newer_vault_is_left_alone(home, statement):
    with home.unlock() as lane:
        key = lane.keys.database
    con = connect(home.file, key)
    con.execute(statement)
    con.execute(f"PRAGMA user_version = {NEWER}")
    con.close()
    before = home.hashes()

    with pytest.raises(NewerVault):
        home.unlock()

    assert home.hashes() == before


def test_a_newer_vault_that_old_readers_may_read_opens(home):
    with home.unlock() as lane, lane.writing() as db:
        db.execute(text("PRAGMA user_version = 3"))

    home.unlock().close()


def test_after_closing_nothing_works_and_no_file_is_left_open(home):
    lane = home.unlock()
    lane.close()
    lane.close()

    for use in (
        lambda: lane.reader,
        lambda: lane.writer,
        lambda: lane.keys,
        lambda: lane.people,
        lambda: answers.read_answer(lane, AreaAnswers),
        lambda: answers.write_answer(lane, AreaAnswers()),
        lambda: people.read_people(lane),
        lambda: wishes.hand_in_ballot(lane, "e", frozenset()),
    ):
        with pytest.raises(VaultLocked):
            use()
    opened = [os.path.realpath(path) for path in Path("/proc/self/fd").iterdir()]
    assert opened
    assert not [path for path in opened if str(home.folder) in path]


def test_a_lane_shows_no_key_and_is_never_written_down(kim):
    shown = repr(kim) + repr(kim.keys) + str(kim.reader) + repr(kim.reader.url)

    for secret in (kim.keys.database, kim.keys.own, kim.keys.share):
        assert secret.hex() not in shown
        assert repr(secret) not in shown
    for write_down in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            write_down(kim)


def test_erasing_leaves_no_file_and_spares_what_is_not_ours(home):
    (home.folder / "notes.txt").write_text("mine")
    home.unlock().close()
    (home.folder / "vault.db-wal").write_bytes(b"left by a crash")

    erasing.erase(home.folder)

    assert [p.name for p in home.folder.iterdir()] == ["notes.txt"]
    assert not vault.exists(home.folder)
    with pytest.raises(NoVault):
        erasing.erase(home.folder)


def test_erasing_destroys_the_slots_before_it_removes_anything(home, monkeypatch):
    kept = home.folder.parent / "kept"
    kept.mkdir()
    for name in ("keyring.json", "keyring.json.bak", "vault.db"):
        os.link(home.folder / name, kept / name)  # the same bytes on the disk, under another name
    monkeypatch.setattr(
        erasing, "remove_files", lambda *_: (_ for _ in ()).throw(OSError(5, "cut here"))
    )

    with pytest.raises(NotSaved):
        erasing.erase(home.folder)

    assert not (kept / "keyring.json").read_bytes().strip(b"\0")
    assert not (kept / "keyring.json.bak").read_bytes().strip(b"\0")
    with pytest.raises(DamagedKeyring):
        vault.unlock(kept, home.words[Seat.A])


def test_a_page_left_open_finds_no_vault_after_erasing(home, kim):
    erasing.erase(home.folder)

    with pytest.raises(NoVault):
        answers.read_answer(kim, AreaAnswers)
    with pytest.raises(NoVault):
        answers.write_answer(kim, AreaAnswers())
    assert not list(home.folder.iterdir())


def test_erasing_ones_own_answers_leaves_the_partners(home, kim, robin, tonight):
    for lane in (kim, robin):
        answers.write_answer(lane, AreaAnswers({"feet": AreaMark.OPEN}))
        answers.write_answer(lane, AreaAnswers({"feet": AreaMark.OPEN}), tonight)
    wishes.hand_in_ballot(kim, "another", frozenset())
    with kim.reading() as db:
        boxes = db.execute(text("SELECT seat, box FROM answers")).all()

    erasing.erase_private(kim)

    assert answers.read_answer(kim, AreaAnswers) is None
    assert answers.read_answer(kim, AreaAnswers, tonight) is None
    assert answers.read_answer(robin, AreaAnswers).value == AreaAnswers({"feet": AreaMark.OPEN})
    assert not wishes.list_handed_in(robin, "another")
    with kim.reading() as db:
        assert db.execute(text("SELECT count(*) FROM answers WHERE seat = 'A'")).scalar() == 0
        assert db.execute(text("PRAGMA freelist_count")).scalar() == 0
    assert len(boxes) == 4


def test_nothing_anybody_wrote_is_readable_on_the_disk(home, kim, robin, tonight):
    canaries = [f"canary-{n}-{'x' * 20}" for n in range(4)]
    answers.write_answer(kim, AreaAnswers({canaries[0]: AreaMark.OPEN}))
    answers.write_answer(robin, WishAnswers(frozenset({canaries[1]})), tonight)
    wishes.hand_in_ballot(kim, tonight, frozenset({canaries[2]}))
    wishes.hand_in_ballot(robin, tonight, frozenset({canaries[2], canaries[3]}))
    assert [wishes.request_reveal(lane, tonight) for lane in (kim, robin)] == [False, True]
    assert wishes.last_round(kim).both == {canaries[2]}
    answers.write_answer(kim, AreaAnswers({canaries[0]: AreaMark.OPEN}), tonight)
    known = [*canaries, "Kim", "Robin", *home.words.values(), *home.codes.values(), "CREATE TABLE"]

    content = home.content()
    kim.close()
    robin.close()
    content += home.content()

    for word in known:
        assert word.encode() not in content
        assert word.encode("utf-16-le") not in content
    for word in ("AreaAnswers", "WishAnswers", tonight):
        assert word.encode() not in content


def test_two_pages_that_set_up_at_once_make_one_vault(home, tmp_path):
    folder = tmp_path / "new"
    start = threading.Barrier(4)
    made, refused = [], []

    def set_up(number):
        words = {seat: f"{home.words[seat]} {number}" for seat in Seat}
        start.wait()
        try:
            vault.create(folder, home.people, words, cost=home.low)
            made.append(words)
        except VaultExists:
            refused.append(number)

    threads = [threading.Thread(target=set_up, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), len(refused)) == (1, 3)
    vault.unlock(folder, made[0][Seat.B]).close()


def test_a_damaged_vault_moved_aside_survives_a_new_set_up(home, tmp_path):
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copy(home.file, folder / "vault.db.damaged")

    vault.create(folder, home.people, home.words, cost=home.low)

    assert (folder / "vault.db.damaged").read_bytes() == home.file.read_bytes()


def test_a_keyring_of_another_vault_with_the_same_key_is_damage(home):
    with home.unlock() as lane, lane.writing() as db:
        db.execute(text("UPDATE meta SET value = :other WHERE name = 'vault'"), {"other": "0" * 32})

    with pytest.raises(DamagedVault):
        home.unlock()

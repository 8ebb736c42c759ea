"""Backups: made whole, kept for a while, restored without a loss; rows 9 and 20 of the list."""

import os
import shutil
import stat
import threading
from datetime import date, datetime, timedelta

import pytest

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.errors import (
    DamagedBackup,
    DamagedKeyring,
    DamagedVault,
    NewerVault,
    NoBackup,
    NotSaved,
    WrongPassphrase,
)
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import (
    agreements,
    answers,
    backups,
    database_copy,
    durable,
    erasing,
    evenings,
    keyring,
    restoring,
    vault,
)
from workbook.store.connection import connect

FEET = AreaAnswers({"feet": AreaMark.OPEN})
CALVES = AreaAnswers({"calves": AreaMark.OPEN})


def make(home, lane, days=0, **more):
    return backups.make_backup(
        home.folder,
        lane.keys.database,
        home.night + timedelta(days=days),
        **{"is_whole": True} | more,
    )


def dump(path, key):
    con = connect(path, key, untouched=True)
    names = [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    every = 'SELECT * FROM "{}"'
    found = {name: con.execute(every.format(name)).fetchall() for name in sorted(names)}
    con.close()
    return found


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# Making one


def test_backup_wipe_restore_is_an_equal_dump(home, kim, robin, tonight):
    answers.write_answer(kim, FEET)
    answers.write_answer(robin, CALVES, tonight)
    key = kim.keys.database
    made = make(home, kim)
    kim.close()
    robin.close()
    before = dump(home.file, key)
    away = home.folder.parent / "away"
    shutil.copy(made, away)
    shutil.rmtree(home.folder)

    restored, aside = restoring.restore_backup(home.folder, away, home.night)

    assert (restored, aside) == (away, None)
    assert dump(home.file, key) == before
    with home.unlock(Seat.A) as lane:
        assert answers.read_answer(lane, AreaAnswers).value == FEET
    with home.unlock(Seat.B) as lane:
        assert answers.read_answer(lane, AreaAnswers, tonight).value == CALVES


def test_a_backup_is_for_its_owner_alone_and_its_name_tells_a_date_and_no_more(home, kim):
    made = make(home, kim)

    assert made.parent == home.folder / "backups"
    assert made.name[:11] == "2026-05-03-"
    assert made.name[11:-7].isalpha()
    assert made.name.endswith(".backup")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_nothing_anybody_wrote_can_be_read_in_a_backup(home, kim):
    answers.write_answer(kim, IntentionAnswers(expects="canary-in-a-cage"))

    content = make(home, kim).read_bytes()

    for word in ("canary", "Robin", "IntentionAnswers", "CREATE TABLE", *home.words.values()):
        assert word.encode() not in content


def test_what_is_in_the_wal_is_in_the_backup(home, kim):
    answers.write_answer(kim, FEET)
    assert (home.folder / "vault.db-wal").stat().st_size  # nothing was moved into the file yet

    made = make(home, kim)

    restoring.restore_backup(home.folder.parent / "there", made, home.night)
    with vault.unlock(home.folder.parent / "there", home.words[Seat.A]) as lane:
        assert answers.read_answer(lane, AreaAnswers).value == FEET


def test_a_copy_that_is_not_the_vault_is_refused(home, kim, monkeypatch):
    count = iter(range(9))
    monkeypatch.setattr(database_copy, "_count_rows", lambda _con: {"meta": next(count)})

    with pytest.raises(DamagedVault):
        make(home, kim)

    assert not list((home.folder / "backups").iterdir())


def test_a_damaged_vault_gets_no_backup(home, kim):
    kim.close()
    with home.unlock() as lane:
        key = lane.keys.database
    content = bytearray(home.file.read_bytes())
    content[-2000] ^= 1
    home.file.write_bytes(content)

    with pytest.raises(DamagedVault):
        backups.make_backup(home.folder, key, home.night, is_whole=True)

    assert not list((home.folder / "backups").iterdir())


def test_what_the_disk_did_not_keep_is_no_backup(home, kim, monkeypatch):
    def lossy(path, head, file):
        content = bytearray(file.read())
        content[-1] ^= 1
        durable.write_file(path, backups.msgspec.json.encode(head) + b"\n" + content)

    monkeypatch.setattr(backups, "_write_package", lossy)

    with pytest.raises(NotSaved):
        make(home, kim)

    assert not list((home.folder / "backups").iterdir())


def test_a_folder_that_cannot_be_written_is_not_saved(home, kim):
    (home.folder / "backups").write_bytes(b"a file in its place")

    with pytest.raises(NotSaved):
        make(home, kim)


def test_what_a_killed_page_left_is_cleared_away(home, kim):
    made = make(home, kim)
    left = ["2026-05-03-abcdefgh.copy", "2026-05-03-abcdefgh.copy-wal",
            "2026-05-03-abcdefgh.backup.new"]  # fmt: skip
    for name in left:
        (made.parent / name).write_bytes(b"half")

    again = make(home, kim)

    assert list(made.parent.iterdir()) == [again]


def test_a_second_copy_goes_where_it_is_wanted_and_is_proved(home, kim, monkeypatch):
    made = make(home, kim)
    usb = home.folder.parent / "usb"

    assert backups.copy_backup(made, usb).read_bytes() == made.read_bytes()
    shutil.rmtree(usb)
    monkeypatch.setattr(
        backups, "write_stream", lambda path, _first, _rest: path.write_bytes(b"cut")
    )
    with pytest.raises(NotSaved):
        backups.copy_backup(made, usb)

    assert not list(usb.iterdir())


def test_progress_is_told_and_reaches_the_end(home, kim):
    heard = []

    make(home, kim, progress=heard.append)

    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 1


# Which are kept


def test_one_is_made_a_day(home, kim):
    make_todays = backups.daily_backup(kim)
    kim.close()

    make_todays()
    (first,) = backups.list_backups(home.folder)
    make_todays()
    assert backups.list_backups(home.folder) == (first,)
    with vault.unlock(
        home.folder, home.words[Seat.B], clock=lambda: home.night + timedelta(days=1)
    ) as later:
        backups.daily_backup(later)()
    assert [each.on.day for each in backups.list_backups(home.folder)] == [3, 4]


def test_seven_days_and_four_weeks_are_kept(home, kim):
    for day in range(40):
        make(home, kim, day)
    last = (home.night + timedelta(days=39)).date()  # a Thursday

    kept = [each.on for each in backups.list_backups(home.folder)]

    days = [last - timedelta(days=n) for n in range(7)]
    sundays = [date(2026, 6, 7) - timedelta(weeks=n) for n in range(3)]
    assert sorted(kept) == sorted({*days, *sundays})


def test_of_one_day_the_last_is_kept(home, kim):
    for _ in range(3):
        last = make(home, kim)

    assert [each.path for each in backups.list_backups(home.folder)] == [last]


def test_a_clock_that_jumped_back_costs_no_backup_and_hides_none(home, kim):
    for day in range(400, 420):
        make(home, kim, day)

    made = backups.make_backup(
        home.folder, kim.keys.database, datetime(1970, 1, 1, 12), is_whole=True
    )

    assert made.is_file()
    assert restoring._latest_intact(home.folder) == made


def test_a_file_of_somebody_elses_is_left_alone(home, kim):
    place = home.folder / "backups"
    place.mkdir()
    (place / "notes.backup").write_text("mine")
    (place / "2026-05-02-abcdefgh.backup").write_text("no backup either")

    for day in range(9):
        make(home, kim, day)

    assert (place / "notes.backup").read_text() == "mine"
    assert len(backups.list_backups(home.folder)) == 7 + 1


# Before a migration


def test_an_older_vault_is_backed_up_before_it_changes(home, kim, monkeypatch):
    answers.write_answer(kim, FEET)
    key = kim.keys.database
    kim.close()
    monkeypatch.setattr(vault, "_needs_migration", lambda *_, **_more: True)
    seen = []

    def migrate(_writer):
        seen.extend(backups.list_backups(home.folder))
        raise DamagedVault

    monkeypatch.setattr(vault, "_migrate", migrate)
    with pytest.raises(DamagedVault):
        home.unlock()

    assert len(seen) == 1
    restoring.restore_backup(home.folder.parent / "there", seen[0].path, home.night)
    assert dump(home.folder.parent / "there" / "vault.db", key)["answers"]


def test_without_a_backup_nothing_is_migrated(home, kim, monkeypatch):
    kim.close()
    (home.folder / "backups").write_bytes(b"in the way")
    monkeypatch.setattr(vault, "_needs_migration", lambda *_, **_more: True)
    monkeypatch.setattr(vault, "_migrate", lambda _writer: pytest.fail("it went on"))

    with pytest.raises(NotSaved):
        home.unlock()


# Restoring


def test_the_damaged_original_is_moved_aside_and_the_latest_restored(home, kim):
    answers.write_answer(kim, FEET)
    make(home, kim)
    answers.write_answer(kim, CALVES, expected_version=1)
    last = make(home, kim, 1)
    kim.close()
    home.file.write_bytes(b"a truck drove over it")
    (home.folder / "vault.db-wal").write_bytes(b"and over this")

    restored, aside = restoring.restore_backup(home.folder, None, home.night)

    assert restored == last
    assert (aside / "vault.db").read_bytes() == b"a truck drove over it"
    assert (aside / "vault.db-wal").read_bytes() == b"and over this"
    assert (aside / "keyring.json").read_bytes() == home.keyring.read_bytes()
    with home.unlock() as lane:
        assert answers.read_answer(lane, AreaAnswers).value == CALVES
    assert stat.S_IMODE(home.file.stat().st_mode) == 0o600


def test_a_second_restore_overwrites_nothing_of_the_first(home, kim):
    make(home, kim)
    kim.close()
    home.file.write_bytes(b"first")
    _, one = restoring.restore_backup(home.folder, None, home.night)
    home.file.write_bytes(b"second")
    _, two = restoring.restore_backup(home.folder, None, home.night)

    assert (one / "vault.db").read_bytes() == b"first"
    assert (two / "vault.db").read_bytes() == b"second"


@pytest.mark.parametrize("at", [0, 1, 200, 700, -1, -3000])
def test_a_flipped_bit_anywhere_in_a_backup_is_found_and_nothing_is_touched(home, kim, at):
    made = make(home, kim)
    kim.close()
    content = bytearray(made.read_bytes())
    content[at] ^= 1
    made.write_bytes(content)
    before = files(home.folder)

    with pytest.raises((DamagedBackup, NewerVault)):
        restoring.restore_backup(home.folder, made, home.night)

    assert files(home.folder) == before


@pytest.mark.parametrize("cut", [0, 10, 3000, -1])
def test_a_backup_that_was_cut_is_refused(home, kim, cut):
    made = make(home, kim)
    kim.close()
    made.write_bytes(made.read_bytes()[:cut])
    before = files(home.folder)

    with pytest.raises(DamagedBackup):
        restoring.restore_backup(home.folder, made, home.night)

    assert files(home.folder) == before


def test_bytes_after_the_end_are_refused(home, kim):
    made = make(home, kim)
    with made.open("ab") as file:
        file.write(b"more")

    with pytest.raises(DamagedBackup):
        restoring.restore_backup(home.folder, made, home.night)


@pytest.mark.parametrize("what", ["folder", "missing", "vault", "keyring"])
def test_what_is_no_backup_is_refused(home, kim, what):
    kim.close()
    file = {"folder": home.folder, "missing": home.folder / "none",
            "vault": home.file, "keyring": home.keyring}[what]  # fmt: skip
    before = files(home.folder)

    with pytest.raises(DamagedBackup):
        restoring.restore_backup(home.folder, file, home.night)

    assert files(home.folder) == before


def test_a_newer_backup_is_left_to_a_newer_program(home, kim):
    made = make(home, kim)
    made.write_bytes(made.read_bytes().replace(b'"version":1', b'"version":2', 1))

    with pytest.raises(NewerVault):
        restoring.restore_backup(home.folder, made, home.night)


def test_the_last_whole_one_is_taken_and_where_none_is_it_is_said(home, kim):
    with pytest.raises(NoBackup):
        restoring.restore_backup(home.folder, None, home.night)
    first, second = make(home, kim), make(home, kim, 1)
    kim.close()
    for path in (second, first):
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        if path == second:
            assert restoring.restore_backup(home.folder, None, home.night)[0] == first
    before = files(home.folder)

    with pytest.raises(DamagedBackup):
        restoring.restore_backup(home.folder, None, home.night)

    assert files(home.folder) == before


def test_both_keyrings_lost_come_back_from_a_backup(home, kim):
    make(home, kim)
    kim.close()
    home.keyring.unlink()
    home.copy.write_bytes(b"{}")
    with pytest.raises(DamagedKeyring):
        home.unlock()

    restoring.restore_backup(home.folder, None, home.night)

    for seat in Seat:
        home.unlock(seat).close()


def test_a_restore_that_the_disk_refuses_leaves_what_was_there(home, kim, monkeypatch):
    made = make(home, kim)
    kim.close()
    before = files(home.folder)
    monkeypatch.setattr(
        keyring, "save_copies", lambda *_: (_ for _ in ()).throw(NotSaved(errno=28))
    )

    with pytest.raises(NotSaved):
        restoring.restore_backup(home.folder, made, home.night)

    after = files(home.folder)
    assert {name: after[name] for name in before} == before
    assert not list(home.folder.glob("vault.db.*"))


def test_a_restore_cut_short_can_be_done_again(home, kim, monkeypatch):
    answers.write_answer(kim, FEET)
    made = make(home, kim)
    kim.close()
    whole = home.file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(backups.Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(keyring, "save_copies", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            restoring.restore_backup(home.folder, made, home.night)

    with pytest.raises(DamagedVault):  # never an older state that looks whole
        home.unlock()
    assert [p.read_bytes() for p in home.folder.rglob("*.aside/vault.db")] == [whole]
    restoring.restore_backup(home.folder, made, home.night)
    with home.unlock() as lane:
        assert answers.read_answer(lane, AreaAnswers).value == FEET


# Passphrases


def test_a_changed_passphrase_holds_after_a_restore(home, kim):
    old = home.folder.parent / "elsewhere"
    shutil.copy(make(home, kim), old)
    vault.change_passphrase(kim, home.words[Seat.A], "a new one, and longer", cost=home.low)
    kim.close()

    restoring.restore_backup(home.folder, old, home.night)

    vault.unlock(home.folder, "a new one, and longer").close()


def test_the_backups_here_open_with_a_changed_passphrase_and_no_longer_with_the_old(home, kim):
    made = make(home, kim)
    vault.change_passphrase(kim, home.words[Seat.A], "a new one, and longer", cost=home.low)
    code = vault.change_recovery_code(kim, "a new one, and longer", cost=home.low)
    there = home.folder.parent / "there"

    restoring.restore_backup(there, made, home.night)

    vault.unlock(there, "a new one, and longer").close()
    vault.unlock(there, code).close()
    vault.unlock(there, home.words[Seat.B]).close()
    for gone in (home.words[Seat.A], home.codes[Seat.A]):
        with pytest.raises(WrongPassphrase):
            vault.unlock(there, gone)


# Consent


def test_a_restored_yes_counts_no_more(home, kim, tonight):
    agreements.append_event(
        kim, tonight, AgreementEvent(AgreementKind.AFFIRMED, Seat.A, "p", date(2026, 5, 3))
    )
    made = make(home, kim)
    agreements.append_event(
        kim, tonight, AgreementEvent(AgreementKind.WITHDRAWN, Seat.A, "p", date(2026, 5, 3))
    )
    kim.close()

    restoring.restore_backup(home.folder, made, home.night)

    with home.unlock() as lane:
        assert evenings.current_evening(lane, home.night) is None
        assert [each.id for each in evenings.list_evenings(lane)] == [tonight]
        new = evenings.begin_evening(lane, home.night.date(), home.night)
        assert agreements.list_events(lane, new) == ()
    with home.unlock() as lane:  # once only
        assert evenings.current_evening(lane, home.night).id == new


# Erasing


def test_erasing_everything_destroys_the_backups_and_what_was_moved_aside(home, kim, monkeypatch):
    make(home, kim)
    kim.close()
    _, aside = restoring.restore_backup(home.folder, None, home.night)
    kept = home.folder.parent / "kept"
    kept.mkdir()
    made = backups.list_backups(home.folder)[0].path
    os.link(made, kept / "b")  # the same bytes on the disk, under another name
    os.link(aside / "keyring.json", kept / "k")

    erasing.erase(home.folder)

    assert not list(home.folder.iterdir())
    assert not (kept / "k").read_bytes().strip(b"\0")
    assert b"keyring" not in (kept / "b").read_bytes()
    with pytest.raises(DamagedBackup):
        restoring.restore_backup(home.folder, kept / "b", home.night)


def test_erasing_removes_the_old_backups_even_if_no_new_one_can_be_made(home, kim, monkeypatch):
    make(home, kim)
    monkeypatch.setattr(
        backups, "copy_database", lambda *_: (_ for _ in ()).throw(NotSaved(errno=28))
    )

    erasing.erase_private(kim)

    assert not list((home.folder / "backups").iterdir())


def test_a_backup_under_way_elsewhere_is_gone_too_after_erasing(home, kim, monkeypatch):
    with backups._locked_folder(home.folder):  # another page is making one
        eraser = threading.Thread(target=erasing.erase_private, args=(kim,))
        eraser.start()
        eraser.join(1.5)
        waited = eraser.is_alive()
        late = home.folder / "backups" / "2026-05-03-abcdefgh.backup"
        late.write_bytes(b"still with what was erased")
    eraser.join()

    assert waited
    assert not late.exists()
    assert len(backups.list_backups(home.folder)) == 1

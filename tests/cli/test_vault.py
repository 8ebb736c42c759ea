"""``workbook backup``, ``restore``, ``export``, ``import`` and ``erase``."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.cli.command import (
    CHEAP,
    EVENING,
    FEET,
    PEOPLE,
    WORDS,
    evening,
    refused,
    run,
)
from tests.marks import long_after
from workbook import answers_json
from workbook.content.tables import load_tables
from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import ConsentAnswers
from workbook.domain.evening import StillTrue
from workbook.domain.learning import Debrief, PastEvenings
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.serve import lan
from workbook.store import answers, backups, evenings, vault

# erase


def test_where_there_is_no_vault_nothing_is_erased(tmp_path):
    refused(run("erase", "--yes", "--data", tmp_path), str(tmp_path))


@pytest.mark.parametrize("word", long_after(2, ["yes\n", "", "\n", "no\n"]))
def test_anything_but_the_word_itself_erases_nothing(folder, word):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    ended = run("erase", "--data", folder, stdin=word)

    assert ended.returncode == 2
    assert ended.stderr.endswith("Nothing was changed.\n")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(("options", "word"), [(["--yes"], ""), ([], "erase\n")])
def test_an_erased_vault_leaves_no_file(folder, options, word):
    assert vault.exists(folder)
    lan.ensure_certificate(folder, "192.168.178.20")

    ended = run("erase", "--data", folder, *options, stdin=word)

    assert ended.returncode == 0
    assert "Erased" in ended.stdout
    assert not vault.exists(folder)
    assert [p.name for p in folder.iterdir() if re.search("vault|keyring|lan", p.name)] == []


def test_erasing_takes_the_backups_along(folder):
    assert run("backup", "--data", folder, stdin=WORDS[Seat.A]).returncode == 0

    run("erase", "--yes", "--data", folder)

    assert not list(folder.iterdir())


def test_where_the_vault_is_gone_every_command_names_its_backups(folder, tmp_path):
    assert run("backup", "--data", folder, stdin=WORDS[Seat.A]).returncode == 0
    (made,) = (folder / "backups").iterdir()
    for path in (folder / "vault.db", *folder.glob("keyring.json*")):
        path.unlink()
    on = made.name[:10]

    refused(run("backup", "--data", folder, stdin=""), "restore latest", on)
    refused(run("export", tmp_path / "out", "--data", folder, stdin=""), "restore latest", on)
    refused(run("import", EVENING, "--data", folder, stdin=""), "restore latest", on)
    refused(run("erase", "--yes", "--data", folder), "restore latest", on, "Nothing was changed")
    assert made.exists()
    assert run("restore", "latest", "--data", folder).returncode == 0
    vault.unlock(folder, WORDS[Seat.A]).close()


def test_erasing_says_which_backups_it_leaves(folder, tmp_path):
    other = tmp_path / "other"
    vault.create(other, PEOPLE, WORDS, cost=CHEAP)
    assert run("backup", folder, "--data", other, stdin=WORDS[Seat.A]).returncode == 0
    (made,) = folder.glob("*.backup")
    (folder / "backups").mkdir()
    kept = made.rename(folder / "backups" / made.name)

    ended = run("erase", "--yes", "--data", folder)

    assert ended.returncode == 0
    assert str(kept.parent) in ended.stderr
    assert kept.exists()


# backup, restore


def _saved(folder: Path, seat: Seat, kind: type) -> Any:
    with vault.unlock(folder, WORDS[seat]) as lane:
        found = answers.read_answer(lane, kind)
        return found and found.value


def test_a_backup_that_is_made_can_be_restored(folder, tmp_path):
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, FEET)
    made = run("backup", tmp_path / "usb", "--data", folder, stdin=WORDS[Seat.B] + "\n")
    (folder / "vault.db").write_bytes(b"")

    ended = run("restore", "latest", "--data", folder)

    assert (made.returncode, made.stderr) == (0, "")
    (away,) = (tmp_path / "usb").iterdir()
    assert made.stdout == f"Backed up to {away}\n"
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Restored from" in ended.stdout
    assert next((folder / "backups").glob("*.aside/vault.db")).read_bytes() == b""
    assert _saved(folder, Seat.A, AreaAnswers) == FEET

    again = run("restore", away, "--data", tmp_path / "new computer")

    assert again.returncode == 0
    assert _saved(tmp_path / "new computer", Seat.A, AreaAnswers) == FEET


def test_a_wrong_passphrase_makes_no_backup(folder):
    refused(run("backup", "--data", folder, stdin="not this one\n"), "do not open the book")
    refused(run("backup", "--data", folder / "none", stdin="x"), "no vault")

    assert not (folder / "backups").exists()


def test_what_cannot_be_restored_is_one_sentence_and_nothing_changes(folder):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    refused(run("restore", "latest", "--data", folder), "no backup")
    refused(run("restore", folder / "vault.db", "--data", folder), "no backup")
    refused(run("restore", folder / "none", "--data", folder))
    refused(run("restore"))

    assert {path: path.read_bytes() for path in folder.iterdir()} == before


# export, import


def _typed(*secrets: str) -> str:
    return "".join(f"{each}\n" for each in secrets)


def test_what_is_exported_can_be_imported(folder, tmp_path):
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, FEET)
    words = "a passphrase for the file"
    ended = run("export", tmp_path / "mine", "--data", folder,
                stdin=_typed(WORDS[Seat.A], words, words))  # fmt: skip
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, AreaAnswers(), expected_version=1)
    back = run("import", tmp_path / "mine", "--data", folder, stdin=_typed(WORDS[Seat.A], words))

    assert ended.returncode == 0
    assert ended.stdout == f"Exported to {tmp_path / 'mine'}\n"
    assert "Whoever has this file and its passphrase" in ended.stderr
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout == "1 of your answers are in the book now.\n"
    assert _saved(folder, Seat.A, AreaAnswers) == FEET
    assert len(list((folder / "backups").glob("*.backup"))) == 1


@pytest.mark.long
def test_what_an_imported_debrief_taught_counts_again(folder, tmp_path):
    words = "a passphrase for the file"
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        now = lane.now()
        night = evenings.begin_evening(lane, now.date(), now)
        debrief = Debrief(on=now.date(), less={"feet": Level.MEDIUM})
        answers.write_answer(lane, debrief, night)
    run("export", tmp_path / "mine", "--data", folder,
        stdin=_typed(WORDS[Seat.A], words, words))  # fmt: skip
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, Debrief(on=now.date()), night, expected_version=1)
        answers.write_answer(lane, PastEvenings())

    run("import", tmp_path / "mine", "--data", folder, stdin=_typed(WORDS[Seat.A], words))

    assert [row.setting.what for row in _saved(folder, Seat.A, PastEvenings).learned] == ["feet"]


def test_an_import_over_an_unreadable_answer_leaves_the_backup_that_has_it(folder, tmp_path):
    words = "a passphrase for the file"
    with vault.unlock(folder, WORDS[Seat.A]) as lane:
        answers.write_answer(lane, FEET)
        good = backups.make_backup(folder, lane.keys.database, lane.now(), is_whole=True)
    run("export", tmp_path / "mine", "--data", folder, stdin=_typed(WORDS[Seat.A], words, words))
    with vault.unlock(folder, WORDS[Seat.A]) as lane, lane.writing() as db:
        db.execute(text("UPDATE answers SET box = zeroblob(length(box)) WHERE seat = 'A'"))

    run("import", tmp_path / "mine", "--data", folder, stdin=_typed(WORDS[Seat.A], words))

    kept = {each.path: each.is_whole for each in backups.list_own_backups(folder)}
    assert kept.pop(good) is True
    assert list(kept.values()) == [False]
    assert _saved(folder, Seat.A, AreaAnswers) == FEET


def test_two_passphrases_that_differ_write_no_file(folder, tmp_path):
    typed = _typed(WORDS[Seat.A], "a passphrase for the file", "another passphrase for it")

    refused(run("export", tmp_path / "mine", "--data", folder, stdin=typed), "differ")
    assert not (tmp_path / "mine").exists()


@pytest.mark.long
def test_what_cannot_be_imported_is_one_sentence_and_nothing_changes(folder, tmp_path):
    hashes = {path: path.read_bytes() for path in folder.iterdir()}
    wrong = {
        "none": None,
        "empty": b"",
        "nan": EVENING.read_bytes().replace(b"20", b"NaN", 1),
        "twice": b'{"now": 1, ' + EVENING.read_bytes().strip()[1:],
        "unknown": json.dumps(evening(more=1)).encode(),
        "deep": b"[" * 100_000,
        "large": b" " * 1_000_001 + EVENING.read_bytes(),
        "newer": b'{"format": "attune-export", "version": 2}\n',
        "cut": b'{"format": "attune-export", "version": 1}\n',
        "database": (folder / "vault.db").read_bytes(),
    }
    for name, body in wrong.items():
        if body is not None:
            (tmp_path / name).write_bytes(body)

        ended = run("import", tmp_path / name, "--data", folder, stdin=_typed(WORDS[Seat.A], "x"))

        refused(ended)
    assert {path: path.read_bytes() for path in folder.iterdir()} == hashes


@pytest.mark.parametrize(("today", "seat"), [(True, Seat.A), (False, Seat.B)])
def test_paper_fills_the_answers_of_whoever_unlocks(folder, tmp_path, today, seat):
    now = datetime.now() if today else datetime(2026, 1, 2, 20)
    question = evening(now=now.isoformat(timespec="seconds"))
    (tmp_path / "paper.json").write_text(json.dumps(question), "utf-8")

    ended = run("import", tmp_path / "paper.json", "--data", folder, stdin=_typed(WORDS[seat]))

    assert (ended.returncode, ended.stderr) == (0, "")
    said = answers_json.parse_question(json.dumps(question).encode(), load_tables()).people[seat]
    assert _saved(folder, seat, AreaAnswers) == said.limits
    assert _saved(folder, seat, AreaAnswers).receiving or _saved(folder, seat, AreaAnswers).giving
    assert _saved(folder, seat.other, AreaAnswers) is None
    with vault.unlock(folder, WORDS[seat]) as lane:
        running = evenings.current_evening(lane, lane.now())
        yes = answers.read_answer(lane, ConsentAnswers, running.id)
        still = answers.read_answer(lane, StillTrue, running.id).value.topics
    assert (yes is not None) is today  # a yes on paper of another day is none tonight
    assert "limits" in still

"""A book whose vault is gone offers its backups before a new beginning."""

from __future__ import annotations

import pytest

from tests.app.evening import LOW, SAY, SECRETS, Clock, answer, buttons, clear, shown, type_secret
from workbook.app import Workbook
from workbook.app.workbook import COVER
from workbook.domain.areas import AreaAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, backups, vault


@pytest.fixture
def gone(couple):
    """A folder with answers in its backup; vault and keyrings went away."""
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    lane = kim.controller.vault
    backups.make_backup(lane.folder, lane.keys.database, lane.now(), is_whole=True)
    couple.leave(kim)
    for path in couple.folder.iterdir():
        if path.is_file():
            path.unlink()
    clear()
    return couple.folder


def open_page(folder):
    book = Workbook(folder, app=True, cost=LOW, clock=Clock())
    book.form(COVER)
    return book


def press(book, key):
    buttons(book, COVER)[SAY(f"cover.{key}")].click()


def test_the_cover_names_the_last_backup_and_offers_it_first(gone):
    book = open_page(gone)

    (last,) = backups.list_backups(gone)
    said = shown(book, COVER)
    assert f"{last.on:%Y}" in said
    assert str(gone) in said
    assert list(buttons(book, COVER)) == [SAY("cover.bring_back"), SAY("cover.anew")]


def test_one_tap_brings_the_book_back_with_its_answers(gone):
    book = open_page(gone)

    press(book, "bring_back")
    type_secret(book, SECRETS[Seat.A])

    saved = answers.read_answer(book.controller.vault, AreaAnswers)
    assert saved is not None
    assert saved.value.giving


def test_another_page_that_waits_shows_the_restored_book_too(gone):
    one, other = open_page(gone), open_page(gone)

    press(one, "bring_back")
    other._page_came()

    assert SAY("cover.bring_back") not in buttons(other, COVER)
    assert SAY("cover.forgotten") in buttons(other, COVER)


def test_a_page_that_comes_too_late_moves_no_vault_aside(gone):
    one, other = open_page(gone), open_page(gone)
    press(one, "bring_back")

    press(other, "bring_back")

    assert not list((gone / "backups").glob("*.aside"))
    assert vault.exists(gone)


def test_a_new_book_is_set_up_only_when_asked_for_and_leaves_the_backups(gone):
    book = open_page(gone)
    before = {path: path.read_bytes() for path in (gone / "backups").iterdir()}

    press(book, "anew")

    assert list(buttons(book, COVER)) == [SAY("cover.begin")]
    assert {path: path.read_bytes() for path in (gone / "backups").iterdir()} == before


def test_backups_of_which_none_is_whole_are_said_and_stay(gone, said):
    (made,) = (each.path for each in backups.list_backups(gone))
    made.write_bytes(made.read_bytes()[:-1])
    book = open_page(gone)

    press(book, "bring_back")

    assert ("show_notice", SAY("errors.DamagedBackup")) in said
    assert made.exists()


def test_a_set_up_says_where_the_book_will_lie(tmp_path):
    book = open_page(tmp_path / "mistyped")

    assert str(tmp_path / "mistyped") in shown(book, COVER)

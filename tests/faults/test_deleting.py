"""Row 38 of the fault list: what was deleted is nowhere any more."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.faults.conftest import WORDS
from tests.faults.plain import plain
from workbook.domain.consent import Signals
from workbook.domain.errors import NoVault
from workbook.domain.evening import IntentionAnswers
from workbook.domain.seats import Seat
from workbook.store import answers, cards, erasing, vault
from workbook.store.unlocked import UnlockedVault

SLICE, PIECES = 64, 64
"""Bytes of a piece of something sealed, and how many pieces are looked for of each."""


def boxes(lane: UnlockedVault) -> list[bytes]:
    """What is sealed of this person, in the pieces in which pages hold it."""
    with lane.reading() as db:
        rows = db.execute(
            text("SELECT box FROM answers WHERE seat = :seat"), {"seat": lane.seat.value}
        )
        found = [bytes(box) for box in rows.scalars()]
    pieces = [[box[at : at + SLICE] for at in range(0, len(box) - SLICE, SLICE)] for box in found]
    return [piece for each in pieces for piece in each[:: len(each) // PIECES + 1]]


def hits(content: bytes, pieces: list[bytes]) -> int:
    return sum(piece in content for piece in pieces)


@pytest.mark.parametrize("partner_reads", [False, True])
@pytest.mark.parametrize("letters", [200, 900, 3000, 9000, 60000])
def test_private_answers_that_were_erased_are_in_no_page(
    vault_folder, toll, letters, partner_reads
):
    """38 erased answers in database, WAL, free pages"""
    with (
        vault.unlock(vault_folder, WORDS[Seat.A]) as kim,
        vault.unlock(vault_folder, WORDS[Seat.B]) as robin,
    ):
        sealed: list[bytes] = []
        for version in range(4):
            told = IntentionAnswers(expects="x" * letters * (version + 1))
            answers.write_answer(kim, told, expected_version=version)
            answers.write_answer(kim, told, f"evening {version}")
            sealed += boxes(kim)
        answers.write_answer(robin, IntentionAnswers(expects="stays"))
        key = kim.keys.database
        assert hits(plain(vault_folder, key), sealed) > len(sealed) // 2  # seen, when it is there
        if partner_reads:
            answers.read_answer(robin, IntentionAnswers)

        erasing.erase_private(kim)

        toll.runs += 1
        toll.unseen += hits(plain(vault_folder, key), sealed)
        toll.lost += answers.read_answer(robin, IntentionAnswers).value.expects != "stays"

    assert toll.nothing


def test_a_word_both_had_that_was_replaced_is_in_no_page(vault_folder, toll):
    """38 a replaced word in database, WAL, free pages"""
    with vault.unlock(vault_folder, WORDS[Seat.A]) as kim:
        cards.write_card(kim, Signals(word="quince-and-cedar"))
        key = kim.keys.database
        assert b"quince-and-cedar" in plain(vault_folder, key)

        cards.write_card(kim, Signals(word="another"), expected_version=1)
        erasing.sweep(kim)

        toll.runs += 1
        toll.unseen += b"quince-and-cedar" in plain(vault_folder, key)

    assert toll.nothing


def test_an_erased_vault_leaves_nothing(vault_folder, toll):
    """38 an erased vault"""
    with vault.unlock(vault_folder, WORDS[Seat.A]) as kim:
        cards.write_card(kim, Signals(word="quince-and-cedar"))
        key = kim.keys.database
        erasing.erase(vault_folder)

    toll.runs += 1
    toll.unseen += plain(vault_folder, key) != b""
    with pytest.raises(NoVault):
        vault.unlock(vault_folder, WORDS[Seat.A])

    assert toll.nothing

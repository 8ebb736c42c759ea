"""Row 19 of the fault list: wrong passphrases."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.faults.conftest import WORDS
from tests.faults.test_files import hashes
from workbook.domain.errors import TooManyTries, WrongPassphrase
from workbook.domain.seats import Seat
from workbook.store import passphrase, vault
from workbook.store.keyring import Kdf
from workbook.store.passphrase import Throttle

TIMES = 50
SLOTS = 2
"""Of each kind: one for each person."""


def wrong(chance: Random) -> str:
    """A guess: another word, a slip of a right one, other cases and scripts, half an emoji."""
    right = WORDS[chance.choice([*Seat])]
    at = chance.randrange(len(right))
    return chance.choice(
        (
            passphrase.suggest_passphrase(),
            right[:at] + "z" + right[at + 1 :],
            right[:at] + right[at + 1 :],
            right.upper(),
            right + "\N{COMBINING ACUTE ACCENT}",
            " ",
            "\ud83d" + right,
            right * 2000,
        )
    )


def test_every_wrong_passphrase_is_the_same_and_costs_the_same(vault_folder, toll, monkeypatch):
    """19 wrong passphrase: message, number of derivations, files"""
    chance = Random(19)
    ran: Counter[tuple[int, int]] = Counter()
    real = Kdf.key

    def counted(kdf: Kdf, secret: bytes) -> bytes:
        ran[kdf.ops, kdf.mem] += 1
        return real(kdf, secret)

    monkeypatch.setattr(Kdf, "key", counted)
    before = hashes(vault_folder)
    seen = set()
    for _ in range(TIMES):
        ran.clear()
        with pytest.raises(WrongPassphrase) as caught:
            vault.unlock(vault_folder, wrong(chance))
        seen.add((str(caught.value), repr(caught.value.facts), *ran.items()))
        toll.runs += 1
    toll.torn += hashes(vault_folder) != before

    assert toll.nothing
    assert len(seen) == 1  # one message, and the same work: nothing tells which it was
    assert [*ran.values()] == [SLOTS]


def test_a_wrong_recovery_code_costs_the_same_as_any_other(vault_folder, monkeypatch):
    ran = []
    real = Kdf.key
    monkeypatch.setattr(Kdf, "key", lambda kdf, secret: ran.append(1) or real(kdf, secret))

    for _ in range(5):
        ran.clear()
        with pytest.raises(WrongPassphrase):
            vault.unlock(vault_folder, passphrase.new_recovery_code())
        assert len(ran) == 2 * SLOTS


def test_five_tries_are_free_and_then_the_waits_double_up_to_a_minute(vault_folder):
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    waits = []
    for _ in range(14):
        with pytest.raises(WrongPassphrase):
            vault.unlock(vault_folder, "not this one", throttle)
        try:
            throttle.check()
            waits.append(0)
        except TooManyTries as wait:
            waits.append(wait.facts["seconds"])
            with pytest.raises(TooManyTries):
                vault.unlock(vault_folder, WORDS[Seat.A], throttle)  # nor the right one
        now[0] += waits[-1]

    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    vault.unlock(vault_folder, WORDS[Seat.A], throttle).close()

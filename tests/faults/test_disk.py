"""Rows 5, 6 and 8 of the fault list: a full disk, and a flipped bit."""

import resource
import signal

import pytest

from workbook.domain.errors import DamagedVault, NotSaved
from workbook.domain.evening import IntentionAnswers
from workbook.store import answers, vault
from workbook.store.connection import FILE

PAGE = 4096
WORDS_EACH = "x" * 3000


@pytest.fixture
def limit():
    """Let no file of this process grow beyond so many bytes, until the test ends."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("room", range(36000, 160000, 11000))
def test_a_full_disk_is_said_and_what_was_saved_stays(vault_folder, words, limit, room):
    saved = 0
    with vault.unlock(vault_folder, words) as lane:
        limit(room)
        refused = None
        while not refused and saved < 200:
            try:
                answers.write(lane, IntentionAnswers(expects=WORDS_EACH * saved), edited=saved)
                saved += 1
            except NotSaved as error:
                refused = error
        limit(resource.RLIM_INFINITY)

        assert refused
        kept = answers.read(lane, IntentionAnswers)
        assert (kept.version if kept else 0) == saved
        answers.write(lane, IntentionAnswers(expects="again"), edited=saved)

    with vault.unlock(vault_folder, words) as lane:
        assert answers.read(lane, IntentionAnswers).value.expects == "again"


def test_a_full_disk_is_no_damage_when_the_vault_is_opened(vault_folder, words, limit):
    limit(1000)

    with pytest.raises(NotSaved):
        vault.unlock(vault_folder, words)

    limit(resource.RLIM_INFINITY)
    vault.unlock(vault_folder, words).close()


def test_one_flipped_bit_anywhere_is_found_when_the_vault_is_opened(vault_folder, words):
    with vault.unlock(vault_folder, words) as lane:
        for number in range(5):
            answers.write(lane, IntentionAnswers(expects=WORDS_EACH * number), f"e{number}")
    path = vault_folder / FILE
    whole = path.read_bytes()

    for page in range(len(whole) // PAGE):
        for at in (0, 1999, PAGE - 1):
            flipped = bytearray(whole)
            flipped[page * PAGE + at] ^= 1
            path.write_bytes(flipped)
            with pytest.raises(DamagedVault):
                vault.unlock(vault_folder, words)

    path.write_bytes(whole)
    vault.unlock(vault_folder, words).close()

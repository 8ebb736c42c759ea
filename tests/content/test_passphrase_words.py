"""The words of an offered passphrase can be read, written down and typed without a doubt."""

import re
from itertools import pairwise

import pytest

from workbook.content.passphrase_words import load_passphrase_words

WORDS = load_passphrase_words()


def list_look_alikes(words):
    """Pairs of words that differ in one letter: another one, one more, or one fewer."""
    found, holes = set(), {}
    for word in words:
        for at in range(len(word)):
            without = word[:at] + word[at + 1 :]
            if without in words:
                found.add(frozenset((word, without)))
            holes.setdefault((word[:at], word[at + 1 :]), []).append(word)
    alike = {frozenset((a, b)) for group in holes.values() for a in group for b in group if a != b}
    return found | alike


def test_there_are_enough_words_and_each_once():
    assert len(WORDS) >= 3251  # six of them carry 70 bits
    assert list(WORDS) == sorted(set(WORDS))


def test_every_word_has_four_to_seven_plain_letters():
    assert [word for word in WORDS if not re.fullmatch(r"[a-z]{4,7}", word)] == []


def test_no_word_begins_another_one():
    # In the order of the alphabet a word stands right before those that it begins.
    ordered = sorted(WORDS)
    assert [a for a, b in pairwise(ordered) if b.startswith(a)] == []


@pytest.mark.long
def test_few_words_can_be_mistaken_for_another_one():
    alike = list_look_alikes(set(WORDS))

    assert frozenset(("cold", "gold")) in list_look_alikes({"cold", "gold", "moss"})
    assert len(alike) <= len(WORDS) * 0.07

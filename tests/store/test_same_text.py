"""Texts that look alike are alike: for a passphrase, a code, a name and the word for stop.

What is compared is what can be seen; what is kept stays as it was typed.
"""

from __future__ import annotations

import unicodedata

import pytest

from tests.store.conftest import LOW
from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.errors import InvalidInput, SameName, WrongPassphrase
from workbook.domain.passphrase import fold_code
from workbook.domain.seats import Colour, Person, Seat, Shape, check_names
from workbook.domain.text import fold_text, is_blank, plain_text
from workbook.rules.signals import find_suggestion
from workbook.store import exports, keyring, passphrase, vault
from workbook.store.new_vault import NewVault
from workbook.store.passphrase import Pin, normalize

PHRASE = "Zoë’s green lantern"
ALIKE = [
    unicodedata.normalize("NFD", PHRASE),
    f"\u200b{PHRASE}\u2060",
    PHRASE.replace("green", "gr\u00adeen"),
    PHRASE.replace(" ", "\u00a0"),
    PHRASE.replace(" ", "  "),
    PHRASE.replace(" ", " \u200b "),
    f"\ufeff {PHRASE}\n",
    PHRASE.replace("ë", "e\u200b\u0308"),
]
"""What a keyboard, a clipboard or a password manager makes of it; nobody sees a difference."""
OTHER = [PHRASE.lower(), PHRASE.replace(" ", ""), PHRASE.replace("ë", "e"), f"{PHRASE}."]
"""What anybody sees to be another one."""


@pytest.fixture
def zoe(home):
    with home.unlock() as lane:
        vault.change_passphrase(lane, home.words[Seat.A], PHRASE, cost=LOW)
    return home


@pytest.mark.parametrize("typed", ALIKE)
def test_a_passphrase_that_looks_the_same_opens_the_book(zoe, typed):
    with vault.unlock(zoe.folder, typed) as lane:
        assert lane.seat is Seat.A


@pytest.mark.parametrize("typed", OTHER)
def test_a_passphrase_that_looks_different_does_not(zoe, typed):
    with pytest.raises(WrongPassphrase):
        vault.unlock(zoe.folder, typed)


@pytest.mark.parametrize("typed", ALIKE)
def test_a_passphrase_set_up_with_signs_nobody_sees_opens_without_them(home, typed):
    with home.unlock() as lane:
        vault.change_passphrase(lane, home.words[Seat.A], typed, cost=LOW)

    with vault.unlock(home.folder, PHRASE) as lane:
        assert lane.seat is Seat.A


@pytest.mark.parametrize("typed", ["hazel\u200b  lantern\u00ad mitten", "a  b  c  d  e  f"])
def test_a_passphrase_of_an_older_version_opens_as_it_was_typed(home, kim, typed):
    older = unicodedata.normalize("NFKC", typed).strip().encode()
    ring = keyring.load_keyring(home.folder).best
    new = keyring.wrap_keys(ring.vault, Seat.A, "passphrase", older, keys=kim.keys, cost=LOW)
    keyring.save_keyring(home.folder, ring.with_slot(new.slot), [new])

    with vault.unlock(home.folder, typed) as lane:
        assert lane.seat is Seat.A
    with pytest.raises(WrongPassphrase):
        vault.unlock(home.folder, plain_text(typed))


@pytest.mark.parametrize("typed", ALIKE)
def test_an_export_opens_with_a_passphrase_that_looks_the_same(home, kim, tmp_path, typed):
    path = exports.write_export(kim, PHRASE, tmp_path, LOW)

    assert exports.read_export(kim, path.read_bytes(), typed).seat is Seat.A


@pytest.mark.parametrize("typed", ALIKE)
def test_a_short_code_that_looks_the_same_uncovers_the_page(typed):
    assert Pin(PHRASE).matches(typed)


@pytest.mark.parametrize("typed", ALIKE)
def test_two_people_cannot_have_passphrases_that_look_the_same(typed):
    new = NewVault(LOW)
    new.add_person(Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE), PHRASE)

    with pytest.raises(InvalidInput, match="same"):
        new.add_person(Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE), typed)


def test_nothing_of_a_passphrase_that_can_be_seen_is_lost():
    assert normalize("Ümlaut ß 東京 🦔 -_.,’") == "Ümlaut ß 東京 🦔 -_.,’".encode()


# The recovery code -----------------------------------------------------------------------------


def test_one_group_of_a_code_is_read_as_the_whole_code_is():
    code = passphrase.new_recovery_code()
    for group in code.split("-"):
        typed = group.replace("O", "0").replace("I", "1").replace("B", "8").lower()

        assert fold_code(f" {typed[:2]} {typed[2:]}\u200b") == group
        assert fold_code("".join(chr(ord(each) + 0xFEE0) for each in group)) == group


def test_signs_that_nobody_sees_do_not_spoil_a_recovery_code(home):
    code = home.codes[Seat.A]

    with vault.unlock(home.folder, f"\u2066{code}\u2069\u00ad") as lane:
        assert lane.seat is Seat.A


# Names and the word for stop ----------------------------------------------------------------------

WORDS_ALIKE = [
    ("café", "cafe\u0301"),
    ("Lantern", "lantern"),
    ("lantern\u200b", "lantern"),
    ("red light", "Red\u00a0 Light"),
    ("straße", "STRASSE"),
    ("ﬁg", "fig"),
    ("ά", "Ά"),
    ("İris", "i̇ris"),
]


@pytest.mark.parametrize(("one", "other"), WORDS_ALIKE)
def test_a_word_for_stop_that_looks_the_same_is_assent(one, other):
    mine, theirs = SignalChoice(one, "lifted_hand"), SignalChoice(other, "lifted_hand")
    both = Signals(chosen={Seat.A: mine, Seat.B: theirs})

    assert mine.is_same_as(theirs)
    assert both.agreed == mine
    assert find_suggestion(both, Seat.A, ("lifted_hand",)) is None


@pytest.mark.parametrize(("one", "other"), WORDS_ALIKE)
def test_a_name_that_looks_the_same_is_the_same_name(one, other):
    with pytest.raises(SameName):
        check_names(one, other)


@pytest.mark.parametrize("word", ["\u200b", "\u2800", "\u00ad\u200e", " \t", "\u3164"])
def test_a_word_for_stop_that_nobody_sees_is_none(word):
    unseen = SignalChoice(word, "lifted_hand")

    assert not unseen.is_complete
    assert Signals(chosen=dict.fromkeys(Seat, unseen)).agreed is None


@pytest.mark.parametrize(("one", "other"), [("red", "read"), ("café", "cafe"), ("a b", "a c")])
def test_words_that_look_different_are_different(one, other):
    assert fold_text(one) != fold_text(other)


@pytest.mark.parametrize(("text", "blank"), [("\u200b \u2060", True), ("", True), ("…", False)])
def test_a_text_that_nobody_sees_is_blank(text, blank):
    assert is_blank(text) is blank

import math

import pytest

from workbook.content.passphrase_words import load_passphrase_words
from workbook.domain.errors import TooManyTries, WeakPassphrase
from workbook.store import passphrase
from workbook.store.passphrase import Throttle


def test_six_offered_words_carry_at_least_70_bits():
    words = load_passphrase_words()

    offered = passphrase.suggest_passphrase().split()

    assert len(offered) == 6
    assert set(offered) <= set(words)
    assert 6 * math.log2(len(set(words))) >= 70


def test_offered_words_differ_each_time():
    assert len({passphrase.suggest_passphrase() for _ in range(100)}) == 100


def test_a_recovery_code_is_read_as_people_write_it():
    code = passphrase.new_recovery_code()
    bits = passphrase.parse_recovery_code(code)

    assert bits is not None
    assert len(bits) == 16
    assert passphrase.parse_recovery_code(f"  {code.lower().replace('-', ' ')}\n") == bits
    assert passphrase.parse_recovery_code(code.replace("-", "\N{EN DASH}")) == bits
    assert (
        passphrase.parse_recovery_code(code.replace("O", "0").replace("I", "1").replace("B", "8"))
        == bits
    )


@pytest.mark.parametrize("typed", ["", "hazel lantern mitten", "A" * 28, "Ä" * 28, "\ud800" * 28])
def test_other_texts_are_not_recovery_codes(typed):
    assert passphrase.parse_recovery_code(typed) is None


def test_keyboards_that_write_the_same_text_differently_open_the_same_slot():
    assert passphrase.normalize(" Bräutigam ﬁn ") == passphrase.normalize("Bra\u0308utigam fin")


def test_spaces_around_do_not_make_a_short_passphrase_long():
    with pytest.raises(WeakPassphrase) as weak:
        passphrase.validate_new("   elevenchars   ".replace("chars", "cha"))

    assert weak.value.facts == {"least": 12}
    assert passphrase.validate_new("twelve chars") == b"twelve chars"


def test_after_five_wrong_tries_the_waits_double_up_to_a_minute():
    clock = [1000.0]
    throttle = Throttle(lambda: clock[0])
    waits = []

    for _ in range(14):
        try:
            throttle.check()
        except TooManyTries as error:
            waits.append(error.facts["seconds"])
            clock[0] += error.facts["seconds"]
            throttle.check()
        throttle.record_failure()

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_right_try_lets_the_count_begin_anew():
    throttle = Throttle(lambda: 0.0)
    for _ in range(5):
        throttle.record_failure()

    throttle.record_success()

    throttle.check()

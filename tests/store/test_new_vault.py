"""A vault that two people set up one after the other, and its recovery codes."""

import gc

import pytest

from workbook.domain.errors import (
    ChangedElsewhere,
    InvalidAnswer,
    InvalidInput,
    VaultExists,
    WrongPassphrase,
)
from workbook.domain.learning import PastEvenings
from workbook.domain.seats import Seat
from workbook.store import answers, vault
from workbook.store.new_vault import NewVault


@pytest.fixture
def new(home):
    return NewVault(home.low, lambda: home.night)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new"


def held(root):
    """Every text and every run of bytes that can be reached from ``root``."""
    seen, todo, found = set(), [root], []
    while todo:
        each = todo.pop()
        if id(each) in seen or isinstance(each, type) or callable(each):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            found.append(each.encode())
        elif isinstance(each, bytes):
            found.append(each)
        todo.extend(gc.get_referents(each))
    return b"|".join(found)


def test_who_comes_second_finds_nothing_that_opens_the_first(home, new, folder):
    code = new.add_person(home.people.a, home.words[Seat.A])
    kept = held(new)
    new.add_person(home.people.b, home.words[Seat.B])
    vault.write_new(folder, new).close()

    with vault.unlock(folder, home.words[Seat.A]) as lane:
        secrets = [lane.keys.own, lane.keys.share, home.words[Seat.A].encode(), code.encode()]
        assert lane.keys.database in kept  # so it is looked through
    assert not [secret for secret in secrets if secret in kept]


def test_it_opens_for_the_person_who_was_added_last(home, new, folder):
    codes = [new.add_person(home.people.at(s), home.words[s]) for s in (Seat.B, Seat.A)]

    with vault.write_new(folder, new) as lane:
        assert lane.seat is Seat.A
        assert lane.people == home.people
    for secret, seat in zip(
        [*codes, *home.words.values()], [Seat.B, Seat.A, Seat.A, Seat.B], strict=True
    ):
        with vault.unlock(folder, secret) as opened:
            assert opened.seat is seat


def test_first_private_answers_are_their_owners_alone(home, new, folder):
    new.add_person(home.people.a, home.words[Seat.A], [PastEvenings(adult=True)])
    new.add_person(home.people.b, home.words[Seat.B])

    with vault.write_new(folder, new) as robin, vault.unlock(folder, home.words[Seat.A]) as kim:
        assert answers.read_answer(robin, PastEvenings) is None
        saved = answers.read_answer(kim, PastEvenings)
        answers.write_answer(kim, PastEvenings(adult=None), expected_version=saved.version)
    assert saved.value == PastEvenings(adult=True)


@pytest.mark.parametrize("what", ["passphrase", "mark"])
def test_the_second_person_may_try_again(home, new, folder, what):
    new.add_person(home.people.a, home.words[Seat.A])
    robin, secret = home.people.b, home.words[Seat.B]

    if what == "passphrase":
        with pytest.raises(InvalidInput, match="same"):
            new.add_person(robin, f" {home.words[Seat.A]} ")
    else:
        twin = type(robin)(Seat.B, "Robin", home.people.a.colour, robin.shape)
        with pytest.raises(InvalidAnswer):
            new.add_person(twin, secret)
    new.add_person(robin, secret)

    vault.write_new(folder, new).close()
    vault.unlock(folder, secret).close()


def test_a_vault_that_another_page_set_up_meanwhile_stays(home, new):
    before = home.hashes()
    for seat in Seat:
        new.add_person(home.people.at(seat), home.words[seat])

    with pytest.raises(VaultExists):
        vault.write_new(home.folder, new)

    assert home.hashes() == before


# Recovery codes ----------------------------------------------------------------------------


@pytest.fixture
def codes(home, new, folder):
    """The codes of a vault in which Kim has written theirs down, and Robin not."""
    made = {seat: new.add_person(home.people.at(seat), home.words[seat]) for seat in Seat}
    new.confirm_code(Seat.A)
    vault.write_new(folder, new).close()
    return made


def test_a_code_that_was_not_typed_back_is_remembered(home, folder, codes):
    for seat, unconfirmed in ((Seat.A, False), (Seat.B, True)):
        with vault.unlock(folder, home.words[seat]) as lane:
            assert vault.has_unconfirmed_code(lane) is unconfirmed


def test_a_new_code_takes_the_place_of_one_that_was_not_confirmed(home, folder, codes):
    with vault.unlock(folder, home.words[Seat.B]) as robin:
        new = vault.renew_unconfirmed_code(robin, home.low)
        assert vault.has_unconfirmed_code(robin)

        vault.confirm_recovery_code(robin, new.lower())

        assert not vault.has_unconfirmed_code(robin)
    with pytest.raises(WrongPassphrase):
        vault.unlock(folder, codes[Seat.B])
    vault.unlock(folder, new).close()
    vault.unlock(folder, codes[Seat.A]).close()


def test_a_code_that_another_page_replaced_is_not_confirmed(home, folder, codes):
    with vault.unlock(folder, home.words[Seat.B]) as robin:
        first = vault.renew_unconfirmed_code(robin, home.low)
        vault.renew_unconfirmed_code(robin, home.low)

        with pytest.raises(ChangedElsewhere):
            vault.confirm_recovery_code(robin, first)
        with pytest.raises(ChangedElsewhere):
            vault.confirm_recovery_code(robin, codes[Seat.A])

        assert vault.has_unconfirmed_code(robin)


def test_who_opens_the_book_with_the_code_has_it(folder, codes):
    with vault.unlock(folder, codes[Seat.B]) as robin:
        assert not vault.has_unconfirmed_code(robin)


def test_a_code_made_later_waits_for_its_confirmation_too(home, folder, codes):
    with vault.unlock(folder, home.words[Seat.A]) as kim:
        vault.change_recovery_code(kim, home.words[Seat.A], cost=home.low)

        assert vault.has_unconfirmed_code(kim)

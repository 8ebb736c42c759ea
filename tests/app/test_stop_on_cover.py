"""A stop on a cover reaches the vault with the next page that is unlocked, whoever's it is."""

from __future__ import annotations

import pytest

from tests.app.evening import SECRETS, happen
from workbook.app import Workbook
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase
from workbook.store import vault


def say(book: Workbook, *, is_stopped: bool = True) -> None:
    """What the page says of a stop that the server holds."""
    book.page._on_message(book.page, {"kind": "stopped", "is": is_stopped}, [])


@pytest.mark.parametrize("seat", Seat)
def test_it_is_over_before_anything_is_shown(couple, agreed, seat):
    happen(agreed, Event.START)
    other = couple.locked()
    say(other)

    other.unlock(SECRETS[seat])

    assert other.page.under_way is False
    assert other.controller.snapshot.session.saved.value.session.phase is Phase.STOPPED


def test_one_that_was_carried_out_elsewhere_stops_nothing_that_begins_later(couple, agreed):
    other = couple.locked()
    say(other)
    say(other, is_stopped=False)
    happen(agreed, Event.START)

    other.unlock(SECRETS[Seat.A])

    assert other.page.under_way is True


def test_an_open_page_carries_it_out_at_once(agreed):
    happen(agreed, Event.START)

    say(agreed)

    assert agreed.page.under_way is False
    assert not agreed.controller.is_under_way()


def test_a_covered_page_carries_it_out_and_stays_covered(couple, agreed):
    agreed._set_pin("1234")
    assert agreed._lock_screen()
    kim = couple.open(Seat.A)
    happen(kim, Event.START)

    say(agreed)

    assert agreed.controller is None
    assert not kim.controller.is_under_way()


def test_the_page_is_told_whether_a_massage_is_under_way_while_the_vault_is_open(couple, agreed):
    told = []
    agreed.page.observe(lambda change: told.append(change.new), "under_way")
    assert couple.locked().page.under_way is None
    assert agreed.page.under_way is False

    happen(agreed, Event.START)
    happen(agreed, Event.PAUSE)
    happen(agreed, Event.STOP)
    agreed.pass_screen()

    assert told == [True, False, None]


def test_another_page_is_told_as_well(couple, agreed):
    kim = couple.open(Seat.A)
    happen(agreed, Event.START)
    kim._poll()
    assert kim.page.under_way is True

    happen(agreed, Event.STOP)
    kim._poll()

    assert kim.page.under_way is False


@pytest.mark.parametrize("erase", ["erase", "erase_shared"])
def test_whoever_erases_says_first_that_nothing_is_under_way(agreed, erase):
    happen(agreed, Event.START)
    told = []
    agreed.page.observe(lambda change: told.append(change.new), "under_way")

    getattr(agreed, erase)()

    assert told == [False, None]
    assert vault.exists(agreed._folder)

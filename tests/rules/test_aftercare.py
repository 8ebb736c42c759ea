"""Afterwards: the quieter wish first, a cuddle for two, time alone with a time to meet."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TABLES
from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.rules.aftercare import plan_landing

OPTIONS = TABLES.aftercare


def both(a, b, minutes=(5, 5)):
    shares = {
        Seat.A: Share(tonight=True, aftercare=a, aftercare_minutes=minutes[0]),
        Seat.B: Share(tonight=True, aftercare=b, aftercare_minutes=minutes[1]),
    }
    return plan_landing(shares, TABLES)


def test_each_ones_wishes_are_there_for_the_other_to_offer():
    assert both(("AC-03",), ("AC-04",)).offers == {Seat.A: ("AC-03",), Seat.B: ("AC-04",)}


@pytest.mark.parametrize("other", [(), ("AC-05",)])
def test_a_cuddle_needs_both(other):
    assert both(("AC-06", "AC-04"), other).offers[Seat.A] == ("AC-04",)


def test_a_cuddle_that_both_chose_is_there():
    assert both(("AC-06",), ("AC-06",)).offers == {Seat.A: ("AC-06",), Seat.B: ("AC-06",)}


@pytest.mark.parametrize("seat", Seat)
def test_time_alone_of_either_comes_with_a_time_to_meet(seat):
    alone, near = ("AC-01", "AC-08"), ("AC-04",)
    merged = both(alone, near) if seat is Seat.A else both(near, alone)

    assert merged.alone
    assert merged.offers[seat] == ("AC-08", "AC-01")


def test_without_time_alone_nobody_is_sent_away():
    assert not both(("AC-03",), ("AC-06",)).alone


def test_the_shorter_time_holds():
    assert both((), (), (20, 10)).minutes == 10


chosen = st.lists(st.sampled_from(tuple(OPTIONS)), max_size=4, unique=True).map(tuple)


@given(chosen, chosen)
def test_the_least_contact_comes_first_and_nothing_is_added(a, b):
    merged = both(a, b).offers

    for seat, wished in ((Seat.A, a), (Seat.B, b)):
        assert set(merged[seat]) <= set(wished)
        contacts = [(not OPTIONS[key].alone, OPTIONS[key].contact) for key in merged[seat]]
        assert all(one <= other for one, other in pairwise(contacts))

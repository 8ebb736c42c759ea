"""The agreement: both affirm, either withdraws, and nothing outlives a stop or midnight."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import NOW, TODAY
from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.seats import Seat
from workbook.rules.consent import affirmed_seats, standing

PLAN, OTHER = "a" * 64, "b" * 64


def event(kind, seat=None, plan=PLAN, on=TODAY):
    return AgreementEvent(kind, seat, plan, on)


A, B = event(AgreementKind.AFFIRMED, Seat.A), event(AgreementKind.AFFIRMED, Seat.B)
OUT_A, OUT_B = event(AgreementKind.WITHDRAWN, Seat.A), event(AgreementKind.WITHDRAWN, Seat.B)
STOP, FINISH = event(AgreementKind.STOPPED), event(AgreementKind.FINISHED)
OTHER_A = event(AgreementKind.AFFIRMED, Seat.A, OTHER)
OTHER_B = event(AgreementKind.AFFIRMED, Seat.B, OTHER)
OTHER_STOP, OTHER_FINISH = (
    event(AgreementKind.STOPPED, None, OTHER),
    event(AgreementKind.FINISHED, None, OTHER),
)


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ([], Standing.NONE),
        ([A], Standing.ONE),
        ([A, A], Standing.ONE),
        ([event(AgreementKind.AFFIRMED), A], Standing.ONE),
        ([A, B], Standing.STANDS),
        ([B, A], Standing.STANDS),
        ([A, B, OUT_A], Standing.ENDED),
        ([A, B, OUT_B], Standing.ENDED),
        ([A, B, event(AgreementKind.WITHDRAWN)], Standing.ENDED),
        ([A, B, OUT_A, A], Standing.ONE),
        ([A, B, OUT_A, A, B], Standing.STANDS),
        ([A, B, STOP], Standing.ENDED),
        ([A, B, STOP, A, B], Standing.ENDED),
        ([A, B, FINISH, A, B], Standing.ENDED),
        ([OTHER_A, OTHER_B], Standing.ENDED),
        ([A, OTHER_B], Standing.ONE),
        ([A, B, OTHER_STOP], Standing.ENDED),
        ([OTHER_STOP, A, B], Standing.STANDS),
        ([A, B, OTHER_FINISH], Standing.STANDS),
    ],
)
def test_how_an_agreement_stands(log, expected):
    assert standing(log, PLAN, NOW) is expected


def test_an_agreement_ends_at_midnight():
    last = datetime.combine(TODAY, datetime.max.time())

    assert standing([A, B], PLAN, last) is Standing.STANDS
    assert standing([A, B], PLAN, last + timedelta(microseconds=1)) is Standing.ENDED


def test_an_agreement_of_another_evening_is_none_for_tonight():
    before = TODAY - timedelta(days=1)

    log = [event(AgreementKind.AFFIRMED, Seat.A, on=before), B]

    assert standing(log, PLAN, NOW) is Standing.ONE


def test_a_changed_plan_has_no_agreement():
    assert standing([A, B], OTHER, NOW) is Standing.ENDED


def test_whose_yes_holds_can_be_told():
    assert affirmed_seats([A, OTHER_B], PLAN, NOW) == {Seat.A}
    assert affirmed_seats([A, B, OUT_B], PLAN, NOW) == set()


kinds = st.sampled_from([A, B, OUT_A, OUT_B, STOP, FINISH, OTHER_A, OTHER_B, OTHER_STOP])


@given(st.lists(kinds, max_size=8), st.lists(kinds, max_size=6))
def test_nothing_stands_after_a_stop(before, after):
    assert standing([*before, STOP, *after], PLAN, NOW) is Standing.ENDED


@given(st.lists(kinds, max_size=8), st.sampled_from([OUT_A, OUT_B]))
def test_one_tap_of_either_ends_it(before, out):
    assert standing([*before, out], PLAN, NOW) is Standing.ENDED


@given(st.lists(kinds, max_size=8))
def test_it_stands_only_with_a_word_from_both(log):
    said = {each.seat for each in log if each.kind is AgreementKind.AFFIRMED and each.plan == PLAN}

    if standing(log, PLAN, NOW) is Standing.STANDS:
        assert said == set(Seat)


def test_what_was_said_on_another_date_ends_what_was_said_before_it():
    """The clock was put forward and back, or back to a night that is over."""
    for days in (-1, 1, 365):
        other = TODAY + timedelta(days=days)
        for kind in AgreementKind:
            said = [A, B, event(kind, on=other)]
            assert affirmed_seats(said, PLAN, NOW) == frozenset()
            assert standing([*said, A, B], PLAN, NOW) is Standing.STANDS

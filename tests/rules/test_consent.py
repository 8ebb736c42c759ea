"""The agreement: both affirm, either withdraws, and whatever ends it is never undone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import NOW, TODAY
from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.evening import find_evening_day, is_for_tonight
from workbook.domain.seats import Seat
from workbook.rules.consent import affirmed_seats, has_expired_yes, holds_any_yes, standing

PLAN, OTHER = "a" * 64, "b" * 64


def event(kind, seat=None, plan=PLAN, on=TODAY):
    return AgreementEvent(kind, seat, plan, on)


A, B = event(AgreementKind.AFFIRMED, Seat.A), event(AgreementKind.AFFIRMED, Seat.B)
OUT_A, OUT_B = event(AgreementKind.WITHDRAWN, Seat.A), event(AgreementKind.WITHDRAWN, Seat.B)
STOP, FINISH = event(AgreementKind.STOPPED), event(AgreementKind.FINISHED)
CLEARED = event(AgreementKind.CLEARED)
ENDS = {"stop": STOP, "finish": FINISH, "cleared": CLEARED, "A": OUT_A, "B": OUT_B}
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
        ([A, B, STOP, A], Standing.ONE),
        ([A, B, STOP, A, B], Standing.STANDS),
        ([A, B, FINISH, A, B], Standing.STANDS),
        ([A, B, CLEARED], Standing.ENDED),
        ([A, CLEARED, B], Standing.ONE),
        ([A, B, CLEARED, B, A], Standing.STANDS),
        ([CLEARED], Standing.ENDED),
        ([OTHER_A, OTHER_B], Standing.ENDED),
        ([A, OTHER_B], Standing.ONE),
        ([A, B, OTHER_STOP], Standing.ENDED),
        ([OTHER_STOP, A, B], Standing.STANDS),
        ([A, B, OTHER_FINISH], Standing.ENDED),
        ([A, B, OTHER_A], Standing.ONE),
        ([A, B, OTHER_A, OTHER_B], Standing.ENDED),
        ([OTHER_A, OTHER_B, A, B], Standing.STANDS),
        ([A, OTHER_A, A, B], Standing.STANDS),
    ],
)
def test_how_an_agreement_stands(log, expected):
    assert standing(log, PLAN, NOW) is expected


def at(days, hour, minute=0, second=0):
    """So many days after tonight's date, at a time of the clock."""
    return datetime.combine(TODAY + timedelta(days=days), time(hour, minute, second))


def test_an_agreement_ends_at_four_in_the_morning_and_not_at_midnight():
    assert standing([A, B], PLAN, at(0, 23, 59, 59)) is Standing.STANDS
    assert standing([A, B], PLAN, at(1, 0)) is Standing.STANDS
    assert standing([A, B], PLAN, at(1, 3, 59, 59)) is Standing.STANDS
    assert standing([A, B], PLAN, at(1, 4)) is Standing.ENDED


def test_a_yes_that_was_said_after_midnight_counts_for_the_evening_that_goes_on():
    late = at(1, 1, 30)
    on = find_evening_day(late)

    assert on == TODAY
    log = [event(AgreementKind.AFFIRMED, seat, on=on) for seat in Seat]
    assert standing(log, PLAN, at(1, 3, 59)) is Standing.STANDS
    assert standing(log, PLAN, at(1, 4)) is Standing.ENDED


@pytest.mark.parametrize(
    ("days", "moment", "counts"),
    [
        (0, (0, 4), True),
        (0, (0, 23, 59), True),
        (0, (1, 3, 59), True),
        (0, (1, 4), False),
        (0, (0, 3, 59), True),
        (1, (0, 23, 59), False),
        (-1, (0, 3, 59), True),
        (-1, (0, 4), False),
    ],
)
def test_a_date_counts_until_four_of_the_next_and_never_before_it(days, moment, counts):
    assert is_for_tonight(TODAY + timedelta(days=days), at(*moment)) is counts
    assert not is_for_tonight(None, at(*moment))


def test_a_clock_that_is_put_back_brings_no_night_again():
    tomorrow = event(AgreementKind.AFFIRMED, Seat.A, on=TODAY + timedelta(days=1))

    assert standing([A, B], PLAN, NOW - timedelta(days=1)) is Standing.ENDED
    assert standing([A, B, tomorrow], PLAN, NOW) is Standing.ENDED
    assert standing([A, B, tomorrow, B], PLAN, NOW) is Standing.ONE


def test_an_agreement_of_another_evening_is_none_for_tonight():
    before = TODAY - timedelta(days=1)

    log = [event(AgreementKind.AFFIRMED, Seat.A, on=before), B]

    assert standing(log, PLAN, NOW) is Standing.ONE


def test_a_changed_plan_has_no_agreement():
    assert standing([A, B], OTHER, NOW) is Standing.ENDED


def test_whose_yes_holds_can_be_told():
    assert affirmed_seats([A, OTHER_B], PLAN, NOW) == {Seat.A}
    assert affirmed_seats([A, B, OUT_B], PLAN, NOW) == set()


kinds = st.sampled_from([A, B, OUT_A, OUT_B, STOP, FINISH, CLEARED, OTHER_A, OTHER_B, OTHER_STOP])


@given(st.lists(kinds, max_size=8), st.sampled_from(sorted(ENDS)))
def test_whatever_ends_it_leaves_nobodys_yes(before, what):
    log = [*before, ENDS[what]]

    assert standing(log, PLAN, NOW) is Standing.ENDED
    assert affirmed_seats(log, PLAN, NOW) == set()
    assert not holds_any_yes(log, NOW)


@given(st.lists(kinds, max_size=8), st.sampled_from(sorted(ENDS)), st.lists(kinds, max_size=6))
def test_what_was_said_before_an_end_is_never_revived(before, what, later):
    """After a stop, a change or a yes taken back only what is said anew counts."""
    end = ENDS[what]

    assert affirmed_seats([*before, end, *later], PLAN, NOW) == affirmed_seats(later, PLAN, NOW)
    assert standing([*before, end, A, B], PLAN, NOW) is Standing.STANDS


def test_a_change_that_is_undone_brings_no_yes_back():
    """The other plan was made and left again; its yes has ended the first one for good."""
    assert standing([A, B, CLEARED, CLEARED], PLAN, NOW) is Standing.ENDED
    assert affirmed_seats([A, B, OTHER_A, OUT_A], PLAN, NOW) == set()
    assert affirmed_seats([A, B, OTHER_A], PLAN, NOW) == {Seat.B}


def test_whether_any_yes_holds_is_told_of_every_plan():
    assert not holds_any_yes([], NOW)
    assert holds_any_yes([OTHER_A], NOW)
    assert holds_any_yes([A, OTHER_A], NOW)
    assert not holds_any_yes([OTHER_A], at(1, 4))


@given(st.lists(kinds, max_size=8))
def test_nobody_says_yes_to_two_plans_at_once(log):
    both = affirmed_seats(log, PLAN, NOW) & affirmed_seats(log, OTHER, NOW)

    assert both == set()


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


def test_a_yes_of_a_day_that_is_over_has_expired():
    old = TODAY - timedelta(days=1)

    assert has_expired_yes([event(AgreementKind.AFFIRMED, Seat.A, on=old)], NOW)
    assert not has_expired_yes([A], NOW)
    assert not has_expired_yes([], NOW)
    assert not has_expired_yes([event(AgreementKind.WITHDRAWN, Seat.A, on=old)], NOW)
    assert not has_expired_yes([event(AgreementKind.AFFIRMED, Seat.A, on=old), STOP], NOW)
    assert has_expired_yes([STOP, event(AgreementKind.AFFIRMED, Seat.A, on=old)], NOW)

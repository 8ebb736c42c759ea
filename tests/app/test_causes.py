"""What one person's page holds is the same with a health row of the other and without one."""

from __future__ import annotations

import pytest

from tests.app.evening import agree, change, clear, keep, proposal, ready, signals, states
from tests.rules.test_causes import PLACES, open_for, shared, with_cause, without_cause
from tests.rules.test_screening import EACH, IDS
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import NOT_TONIGHT
from workbook.domain.topics import list_answered

CASES = [
    pytest.param(
        roles,
        case,
        id=f"{each}-{'-'.join(roles)}",
        # a page takes seconds to build
        marks=() if row == "H-21" and len(roles) == 1 else pytest.mark.long,
    )
    for (row, case), each in zip(EACH, IDS, strict=True)
    for roles in (*((role,) for role in case.who), tuple(Role))
]
STEADY = [
    pytest.param(row, case, id=f"{row}-{case.key}", marks=pytest.mark.long)
    for row, case in EACH
    if case.gentle_if_steady
]


def hand_in(couple, seat, answers):
    """Save every topic as its form would, and press Ready; return the page."""
    book = couple.open(seat)
    for topic in list_answered():
        keep(book, topic.name, getattr(answers, topic.name))
    signals(book)
    ready(book)
    return book


def seen_by_the_partner(couple, mine, roles):
    """All that the partner's page holds: forms, print, plan card and guide, before and after
    both have said yes."""
    couple.leave(hand_in(couple, Seat.A, mine))
    others = {Role.RECEIVER: Role.GIVER, Role.GIVER: Role.RECEIVER}
    robin = hand_in(couple, Seat.B, open_for(*(others[role] for role in roles)))
    seen = [states(robin)]
    for first in Seat if len(proposal(robin).givers) > 1 else ():
        change(robin, giver=first.value)
        seen.append(states(robin))
    if proposal(robin).plan is not None and proposal(robin).plan.steps:
        agree(robin)
        seen.append(states(robin))
    couple.leave(robin)
    clear()
    return seen


@pytest.mark.parametrize(("roles", "case"), CASES)
def test_the_partners_page_is_the_same_with_a_health_row_and_without_one(
    couple, another, roles, case
):
    mine = with_cause(roles, case, PLACES[1], agreed=True)

    told = seen_by_the_partner(couple, mine, roles)
    plain = seen_by_the_partner(another, without_cause(mine), roles)

    assert told == plain
    assert (len(told) > 1) is (shared(mine) != NOT_TONIGHT)


@pytest.mark.parametrize(("row", "case"), STEADY)
def test_a_gentle_evening_looks_the_same_from_any_cause(couple, another, row, case):
    roles = (Role.RECEIVER,)
    mine = with_cause(roles, case, PLACES[0], agreed=False, steady=True)

    told = seen_by_the_partner(couple, mine, roles)
    plain = seen_by_the_partner(another, without_cause(mine), roles)

    assert told == plain
    assert len(told) == 2

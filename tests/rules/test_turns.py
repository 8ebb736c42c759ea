"""Who could give tonight, what two who want the same are asked, and what an evening is for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import TABLES
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import NOT_TONIGHT, Bounds, Share
from workbook.rules.turns import QUIET_REST, find_same_role, offer_intentions, possible_givers

BOUNDS = Bounds({}, 10, frozenset(), frozenset())
GIVES = Share(tonight=True, giving=BOUNDS)
RECEIVES = Share(tonight=True, receiving=BOUNDS)
BOTH = Share(tonight=True, giving=BOUNDS, receiving=BOUNDS)
KEYS = st.frozensets(st.sampled_from(TABLES.intentions))


@pytest.mark.parametrize(
    ("one", "other", "givers", "role"),
    [
        (GIVES, RECEIVES, (Seat.A,), None),
        (BOTH, BOTH, tuple(Seat), None),
        (GIVES, BOTH, (Seat.A,), None),
        (GIVES, GIVES, (), Role.GIVER),
        (RECEIVES, RECEIVES, (), Role.RECEIVER),
        (GIVES, NOT_TONIGHT, (), None),
        (NOT_TONIGHT, RECEIVES, (), None),
        (NOT_TONIGHT, NOT_TONIGHT, (), None),
        (GIVES, replace(GIVES, tonight=False), (), None),
    ],
)
def test_two_who_want_the_same_are_asked_and_a_no_is_never_told(one, other, givers, role):
    shares = {Seat.A: one, Seat.B: other}

    assert possible_givers(shares) == givers
    assert find_same_role(shares) is role


def test_nothing_is_asked_before_both_are_ready():
    assert find_same_role({Seat.A: GIVES}) is None


@given(mine=KEYS, theirs=KEYS)
def test_only_what_both_ticked_is_offered_or_else_quiet_rest(mine, theirs):
    shares = {Seat.A: replace(GIVES, intention=mine), Seat.B: replace(RECEIVES, intention=theirs)}

    offered = offer_intentions(shares, TABLES)

    assert set(offered) == (mine & theirs or {QUIET_REST})
    assert list(offered) == sorted(offered, key=[*TABLES.intentions, QUIET_REST].index)

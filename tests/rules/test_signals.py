"""Which stop signals count, and what makes both people agree on one pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.seats import Seat
from workbook.rules.signals import (
    choose_signals,
    count_signals,
    find_suggestion,
    find_withdrawn,
)
from workbook.rules.three_way import merge_values

OFFERED = ("many_taps", "lifted_hand")
TODAY = date(2026, 11, 29)
LANTERN, RIVER = SignalChoice("lantern", "many_taps"), SignalChoice("river", "lifted_hand")
BOTH = Signals(tried_on=TODAY, chosen=dict.fromkeys(Seat, LANTERN))
choices = st.builds(
    SignalChoice, st.sampled_from(["", "lantern", "river"]), st.sampled_from(["", *OFFERED])
)
cards = st.builds(
    lambda a, b, on: count_signals(Signals("", "", on, {Seat.A: a, Seat.B: b}), OFFERED),
    choices,
    choices,
    st.sampled_from([None, TODAY]),
)


# Proposal and assent -------------------------------------------------------------------------


def test_what_one_person_has_chosen_is_only_proposed():
    card = choose_signals(Signals(), Seat.A, LANTERN)

    assert card.agreed is None
    assert find_suggestion(card, Seat.B, OFFERED) == (Seat.A, LANTERN)
    assert find_suggestion(card, Seat.A, OFFERED) is None


def test_the_same_choice_by_the_second_person_is_their_assent():
    card = choose_signals(choose_signals(Signals(), Seat.A, LANTERN), Seat.B, LANTERN)

    assert card.agreed == LANTERN
    assert [find_suggestion(card, seat, OFFERED) for seat in Seat] == [None, None]


def test_a_word_in_capitals_is_the_same_word():
    loud = replace(LANTERN, word="LANTERN")

    card = choose_signals(choose_signals(Signals(), Seat.A, LANTERN), Seat.B, loud)

    assert card.agreed == LANTERN


def test_another_choice_needs_the_first_persons_assent_and_both_stand():
    card = choose_signals(BOTH, Seat.B, RIVER)

    assert card == Signals(chosen={Seat.A: LANTERN, Seat.B: RIVER})
    assert find_suggestion(card, Seat.A, OFFERED) == (Seat.B, RIVER)
    assert choose_signals(card, Seat.A, RIVER).agreed == RIVER


def test_a_word_without_a_silent_signal_is_no_proposal():
    card = choose_signals(Signals(), Seat.A, SignalChoice("lantern"))

    assert find_suggestion(card, Seat.B, OFFERED) is None


@given(card=cards, seat=st.sampled_from(Seat), choice=choices)
def test_nobody_changes_the_choice_of_the_other(card, seat, choice):
    after = choose_signals(card, seat, choice)

    assert after.choice_of(seat.other) == card.choice_of(seat.other)
    assert after.tried_on is None or (after.agreed == card.agreed != None)  # noqa: E711


# What an older card counts for ----------------------------------------------------------------


def test_a_card_of_before_that_was_tried_counts_as_chosen_by_both():
    counted = count_signals(Signals("lantern", "many_taps", TODAY), OFFERED)

    assert counted == BOTH


def test_a_card_of_before_that_was_never_tried_is_a_proposal_by_nobody():
    counted = count_signals(Signals("lantern", "many_taps"), OFFERED)

    assert counted.agreed is None
    assert [find_suggestion(counted, seat, OFFERED) for seat in Seat] == [(None, LANTERN)] * 2
    one = count_signals(choose_signals(counted, Seat.A, LANTERN), OFFERED)
    assert find_suggestion(one, Seat.B, OFFERED) == (Seat.A, LANTERN)


@pytest.mark.parametrize(
    "saved",
    [
        Signals("lantern", "two_taps"),
        Signals("lantern", "two_taps", TODAY),
        Signals(tried_on=TODAY, chosen=dict.fromkeys(Seat, SignalChoice("lantern", "two_taps"))),
    ],
)
def test_a_silent_signal_that_is_not_offered_counts_as_none_and_the_word_stays(saved):
    counted = count_signals(saved, OFFERED)

    assert (counted.agreed, counted.tried_on) == (None, None)
    assert find_withdrawn(counted, OFFERED) == "two_taps"
    assert counted.word == "lantern"
    assert [find_suggestion(counted, seat, OFFERED) for seat in Seat] == [None, None]
    anew = count_signals(choose_signals(counted, Seat.A, LANTERN), OFFERED)
    assert find_withdrawn(anew, OFFERED) == ""


@given(
    saved=st.builds(
        Signals,
        st.sampled_from(["", "lantern"]),
        st.sampled_from(["", "two_taps", *OFFERED]),
        st.sampled_from([None, TODAY]),
        st.dictionaries(
            st.sampled_from(Seat),
            st.builds(
                SignalChoice,
                st.sampled_from(["", "river"]),
                st.sampled_from(["", "two_taps", *OFFERED]),
            ),
        ),
    )
)
def test_to_count_a_card_again_changes_nothing(saved):
    counted = count_signals(saved, OFFERED)

    assert count_signals(counted, OFFERED) == counted
    assert all(choice.silent in ("", *OFFERED) for choice in counted.chosen.values())


# Two pages at once ----------------------------------------------------------------------------


def test_two_people_who_choose_at_once_keep_both_choices():
    mine, theirs = (
        choose_signals(Signals(), seat, choice)
        for seat, choice in zip(Seat, (LANTERN, RIVER), strict=True)
    )

    merged = merge_values(Signals(), mine, theirs)

    assert merged == merge_values(Signals(), theirs, mine)
    assert merged == Signals(chosen={Seat.A: LANTERN, Seat.B: RIVER})


def test_two_people_who_choose_the_same_at_once_agree():
    mine, theirs = (choose_signals(Signals(), seat, LANTERN) for seat in Seat)

    assert merge_values(Signals(), mine, theirs).agreed == LANTERN


def test_of_two_who_take_each_others_choice_at_once_the_first_saved_holds():
    base = Signals(chosen={Seat.A: LANTERN, Seat.B: RIVER})
    later, first = choose_signals(base, Seat.A, RIVER), choose_signals(base, Seat.B, LANTERN)

    assert merge_values(base, later, first) == first


def test_a_try_of_the_pair_of_before_is_no_try_of_another_one():
    base = replace(BOTH, tried_on=None)
    tried, other = replace(base, tried_on=TODAY), choose_signals(base, Seat.B, RIVER)

    for merged in (merge_values(base, tried, other), merge_values(base, other, tried)):
        assert merged == other


@given(base=cards, seats=st.permutations(Seat), mine=choices, theirs=choices)
def test_what_two_people_choose_at_once_is_never_lost(base, seats, mine, theirs):
    one, other = (
        choose_signals(base, seat, choice)
        for seat, choice in zip(seats, (mine, theirs), strict=True)
    )

    merged = merge_values(base, one, other)

    assert merged.agreed or merged.chosen == {
        seat: choice
        for seat in Seat
        if (choice := (one if seat is seats[0] else other).choice_of(seat)) != SignalChoice()
    }
    assert merged.tried_on is None or merged.agreed

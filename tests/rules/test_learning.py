"""What past evenings changed: the latest word on each thing, and only tighter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import NOW, TABLES, open_answers
from workbook.domain.learning import (
    GIVING,
    Debrief,
    LearnedRow,
    NextDay,
    PastEvenings,
    Reason,
    Setting,
    Settings,
    Skin,
    Soreness,
)
from workbook.domain.levels import Level
from workbook.rules.learning import (
    combine_changes,
    count_helpful,
    drop_outdone,
    find_retry_date,
    is_liked,
    learned_caps,
    list_standing_changes,
    may_ask_less,
    settings,
)
from workbook.rules.limits import share
from workbook.rules.screening import screen

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def test_nothing_said_changes_nothing():
    assert settings([Debrief(MAY, thanks="lovely")], [NextDay(MAY)], TABLES) == Settings()
    assert settings([], [NextDay(MAY, Skin.FINE, Soreness.NONE)], TABLES) == Settings()


@pytest.mark.parametrize("level", Level)
def test_a_bit_less_is_one_level_below_and_below_still_is_closed(level):
    learned = settings([Debrief(MAY, less={"feet": level})], [], TABLES)

    cap = Level(level - 1) if level else None
    assert learned.each == (Setting("feet", cap, Reason.A_BIT_LESS, MAY),)


def test_tender_is_one_level_below_what_it_was():
    touched = {"feet": Level.SUNSCREEN, "hands": Level.MEDIUM}
    named = NextDay(MAY, soreness=Soreness.TENDER, sore_areas=frozenset({"feet"}), touched=touched)
    unnamed = NextDay(MAY, soreness=Soreness.TENDER, touched=touched)

    feet = Setting("feet", Level.LOTION, Reason.TENDER, MAY)
    hands = Setting("hands", Level.SUNSCREEN, Reason.TENDER, MAY)
    assert settings([], [named], TABLES).each == (feet,)
    assert settings([], [unnamed], TABLES).each == (feet, hands)


def test_tender_where_the_level_is_unknown_leaves_a_still_hand():
    day = NextDay(MAY, soreness=Soreness.TENDER, sore_areas=frozenset({"feet"}))

    assert settings([], [day], TABLES).each[0].cap is Level.STILL


def test_strong_soreness_closes():
    day = NextDay(MAY, soreness=Soreness.STRONG, sore_areas=frozenset({"feet"}))

    assert settings([], [day], TABLES).each == (Setting("feet", None, Reason.STRONG, MAY),)


def test_strong_soreness_of_unknown_places_closes_everything():
    learned = settings([], [NextDay(MAY, soreness=Soreness.STRONG)], TABLES)

    assert {each.what for each in learned.each} == {
        key for key, area in TABLES.areas.items() if area.choosable
    }


def test_a_reaction_of_the_skin_takes_the_product_out():
    day = NextDay(MAY, skin=Skin.REACTED, product="O-01")

    assert settings([], [day], TABLES).each == (Setting("O-01", None, Reason.SKIN, MAY),)


def test_nothing_on_the_skin_cannot_be_taken_out():
    assert settings([], [NextDay(MAY, skin=Skin.REACTED)], TABLES) == Settings()


def test_what_nobody_can_open_is_passed_over():
    less = {"spine": Level.LOTION, "private": Level.STILL, "nowhere": Level.LOTION}

    assert settings([Debrief(MAY, less=less)], [], TABLES) == Settings()


def test_the_latest_word_counts_unless_it_would_loosen():
    at_three = Debrief(MAY, less={"feet": Level.MEDIUM})
    at_two = Debrief(JUNE, less={"feet": Level.SUNSCREEN})
    at_four = Debrief(JULY, less={"feet": Level.STRONG})

    learned = settings([at_four, at_two, at_three], [], TABLES)

    assert learned.each == (Setting("feet", Level.LOTION, Reason.A_BIT_LESS, JUNE),)


def test_a_later_word_with_the_same_cap_has_the_later_date():
    words = [Debrief(on, less={"feet": Level.MEDIUM}) for on in (MAY, JUNE)]

    assert settings(words, [], TABLES).each[0].on == JUNE


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_words_about_one_thing_the_stricter_holds(order):
    closed = Setting("feet", None, Reason.STRONG, MAY)
    lower = Setting("feet", Level.LOTION, Reason.TENDER, MAY)

    assert learned_caps(Settings((closed, lower)[::order])) == {"feet": None}


debriefs = st.builds(
    Debrief,
    st.dates(MAY, JULY),
    less=st.dictionaries(st.sampled_from(["feet", "hands", "nape"]), st.sampled_from(Level)),
)
days = st.builds(
    NextDay,
    st.dates(MAY, JULY),
    st.sampled_from([None, *Skin]),
    st.sampled_from([None, *Soreness]),
    st.frozensets(st.sampled_from(["feet", "hands", "nape"]), min_size=1),
    product=st.sampled_from(["O-01", "O-18"]),
    touched=st.dictionaries(st.sampled_from(["feet", "hands"]), st.sampled_from(Level)),
)


def strictness(cap):
    return -1 if cap is None else cap


@given(st.lists(debriefs, max_size=4), st.lists(days, max_size=4), debriefs, days)
def test_one_more_word_only_tightens(said, seen, debrief, day):
    before = learned_caps(settings(said, seen, TABLES))
    after = learned_caps(settings([*said, debrief], [*seen, day], TABLES))

    assert before.keys() <= after.keys()
    assert all(strictness(after[what]) <= strictness(cap) for what, cap in before.items())


@given(st.lists(debriefs, max_size=4), st.lists(days, max_size=4))
def test_the_order_of_reading_does_not_matter(said, seen):
    assert settings(said[::-1], seen[::-1], TABLES) == settings(said, seen, TABLES)
    names = [each.what for each in settings(said, seen, TABLES).each]
    assert len(names) == len(set(names))


# Kept as rows, one set for each evening -----------------------------------------------------

words = st.lists(
    st.tuples(
        st.sampled_from(["nape", "feet", "low_back"]),
        st.sampled_from([None, *Level]),
        st.sampled_from(Reason),
        st.dates(date(2026, 1, 1), date(2026, 3, 1)),
        st.sampled_from(["first", "second", "third"]),
    ),
    max_size=12,
)


@given(words, st.sampled_from(["first", "second", "third"]))
def test_rows_that_are_dropped_change_nothing(drawn, evening):
    rows = [LearnedRow(on, Setting(what, cap, why, day)) for what, cap, why, day, on in drawn]

    kept = drop_outdone(rows, evening)

    assert combine_changes([r.setting for r in kept], TABLES) == combine_changes(
        [r.setting for r in rows], TABLES
    )
    assert [r for r in kept if r.evening == evening] == sorted(
        (r for r in rows if r.evening == evening), key=lambda r: (r.setting.on, r.setting.reason)
    )
    assert len([r for r in kept if r.evening != evening]) <= 3


@given(words)
def test_an_evening_that_takes_its_words_back_loosens_no_other_evenings(drawn):
    rows = [LearnedRow(on, Setting(what, cap, why, day)) for what, cap, why, day, on in drawn]
    others = [r for r in rows if r.evening != "third"]

    kept = [r for r in drop_outdone(rows, "third") if r.evening != "third"]

    assert combine_changes([r.setting for r in kept], TABLES) == combine_changes(
        [r.setting for r in others], TABLES
    )


@pytest.mark.parametrize(
    ("said", "liked"),
    [
        ({"body": 8, "free": 9}, True),
        ({"body": 6, "free": 9}, False),
        ({"body": 8, "free": 6}, False),
        ({"body": 8}, False),
        ({"free": 9}, False),
        ({"body": 8, "free": 9, "less": {"feet": Level.LOTION}}, False),
        ({"body": 8, "free": 9, "more": frozenset({"feet"})}, True),
    ],
)
def test_an_evening_is_liked_only_where_comfort_and_freedom_were_high_and_nothing_too_much(
    said, liked
):
    assert is_liked(Debrief(MAY, **said), TABLES) is liked


# Gentler, tried again, taken back ------------------------------------------------------------


def test_gentler_is_one_level_below_what_was_felt_and_closes_nothing():
    felt = {"feet": Level.SUNSCREEN, "hands": Level.STILL}

    learned = settings([Debrief(MAY, gentler=felt)], [], TABLES)

    assert learned.each == (Setting("feet", Level.LOTION, Reason.GENTLER, MAY),)


def test_a_bit_less_where_gentler_was_chosen_keeps_its_own_reason():
    felt = {"feet": Level.SUNSCREEN}

    learned = settings([Debrief(MAY, less=felt, gentler=felt)], [], TABLES)

    assert [each.reason for each in learned.each] == [Reason.A_BIT_LESS]


@pytest.mark.parametrize(("cap", "days"), [(Level.LOTION, 21), (None, 63)])
def test_a_change_says_from_when_it_may_be_tried_again(cap, days):
    change = Setting("feet", cap, Reason.A_BIT_LESS, MAY)

    assert find_retry_date(change, TABLES) == MAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("until", "left"), [({}, [MAY, JUNE]), ({"feet": MAY}, [JUNE]), ({"hands": JULY}, [MAY, JUNE])]
)
def test_what_was_taken_back_no_longer_holds(until, left):
    rows = tuple(
        LearnedRow(str(on), Setting("feet", Level.LOTION, Reason.A_BIT_LESS, on))
        for on in (MAY, JUNE)
    )

    standing = list_standing_changes(PastEvenings(learned=rows, taken_back=until))

    assert [each.on for each in standing] == left


LIKED = Debrief(MAY, body=9, free=9)


@pytest.mark.parametrize(("times", "found"), [(4, {}), (5, {"slow": 5}), (7, {"slow": 7})])
def test_what_helps_is_said_from_five_evenings_on(times, found):
    assert count_helpful([(LIKED, ["slow"])] * times, TABLES) == found


def test_what_helps_counts_only_evenings_that_were_liked():
    disliked = Debrief(MAY, body=9, free=5)

    assert count_helpful([(LIKED, ["slow"])] * 4 + [(disliked, ["slow"])] * 4, TABLES) == {}


# Who gave


def test_a_bit_less_to_give_is_one_level_below_what_was_given():
    learned = settings([Debrief(MAY, give_less=Level.MEDIUM)], [], TABLES)

    assert learned.each == (Setting(GIVING, Level.SUNSCREEN, Reason.HANDS_LESS, MAY),)
    assert settings([Debrief(MAY, give_less=Level.STILL)], [], TABLES) == Settings()


@pytest.mark.parametrize(
    ("hands", "cap"),
    [
        (Soreness.STRONG, Setting(GIVING, Level.STILL, Reason.HANDS_SORE, MAY)),
        (Soreness.TENDER, Setting(GIVING, Level.LOTION, Reason.HANDS_TENDER, MAY)),
        (Soreness.NONE, None),
        (None, None),
    ],
)
def test_hands_that_gave_are_spared_as_they_felt_on_the_day_after(hands, cap):
    learned = settings([], [NextDay(MAY, gave=Level.SUNSCREEN, hands=hands)], TABLES)

    assert learned.each == ((cap,) if cap else ())


def test_what_was_learned_about_giving_caps_every_place_of_the_share_and_nothing_received():
    answers = open_answers()
    softer = replace(
        answers, learned=Settings((Setting(GIVING, Level.STILL, Reason.HANDS_SORE, MAY),))
    )
    before, after = (
        share(each, screen(each.health, TABLES, NOW), TABLES, NOW) for each in (answers, softer)
    )

    assert max(before.giving.levels.values()) > Level.STILL
    assert set(after.giving.levels.values()) == {Level.STILL}
    assert set(after.giving.levels) == set(before.giving.levels)
    assert after.receiving == before.receiving


def test_four_times_a_bit_less_ends_with_a_day_to_try_again_and_not_for_ever():
    evenings = [MAY + timedelta(weeks=each) for each in range(4)]
    felt = [Level.MEDIUM, Level.SUNSCREEN, Level.LOTION, Level.STILL]
    debriefs = [Debrief(on, less={"feet": level}) for on, level in zip(evenings, felt, strict=True)]

    (learned,) = settings(debriefs, [], TABLES).each

    assert (learned.cap, learned.reason) == (None, Reason.A_BIT_LESS)
    again = find_retry_date(learned, TABLES)
    assert learned.on < again <= learned.on + timedelta(days=366)
    rows = tuple(LearnedRow("e", change) for change in (learned,))
    assert list_standing_changes(PastEvenings(learned=rows, taken_back={"feet": again})) == ()


def test_fewer_questions_are_offered_from_as_many_liked_evenings_as_the_table_says():
    enough = int(TABLES.settings["liked_evenings"].default)
    liked = tuple(f"evening{n}" for n in range(enough))

    assert may_ask_less(PastEvenings(liked=liked), TABLES)
    assert not may_ask_less(PastEvenings(liked=liked[1:]), TABLES)

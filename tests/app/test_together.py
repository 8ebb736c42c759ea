"""What two people see together: what the evening is for, the card, the lines, a yes from each."""

from __future__ import annotations

from tests.app.evening import (
    PEOPLE,
    SAY,
    TABLES,
    agree,
    answer,
    buttons,
    change,
    finish,
    inside,
    options,
    planned,
    press,
    proposal,
    ready,
    shown,
    signals,
    states,
    tell,
    try_signals,
)
from workbook.domain.consent import Standing
from workbook.domain.evening import RoomCard
from workbook.domain.seats import Seat
from workbook.rules.turns import QUIET_REST
from workbook.store import cards
from workbook.ui.widgets.player import Player
from workbook.ui.widgets.questions import Questions

UNWINDING = SAY("choices.settled.unwind")


def _hand_in(couple, **intentions):
    """Robin's page once both are ready; each chose what an evening is for."""
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        tell(book, "intentions", chosen=intentions[seat.value])
        ready(book)
        if seat is Seat.A:
            couple.leave(book)
    return book


def _list_sentences(player):
    return [step["sentence"] for step in player.plan["steps"]]


# What the evening is for ----------------------------------------------------------------------


def test_one_tap_settles_what_the_evening_is_for_and_every_part_of_it_says_so(both_ready):
    assert UNWINDING not in shown(both_ready, "aloud")

    tell(both_ready, "reveal", intention="unwind")

    assert planned(both_ready).turn.intention == "unwind"
    for form in ("reveal", "aloud", "agreement"):
        assert UNWINDING in shown(both_ready, form)
    agree(both_ready)
    (player,) = [each for each in inside(both_ready.form("player")) if isinstance(each, Player)]
    first, *between, last = _list_sentences(player)
    assert first.startswith(UNWINDING)
    assert last.endswith(UNWINDING)
    assert not [each for each in between if UNWINDING in each]
    finish(both_ready)
    tell(both_ready, "debrief", stayed="yes")
    assert UNWINDING in shown(both_ready, "debrief")
    assert "chosen: unwind." in shown(both_ready, "journal")


def test_what_was_settled_is_on_the_other_page_as_well(couple, both_ready):
    tell(both_ready, "reveal", intention="unwind")

    kim = couple.open(Seat.A)

    assert planned(kim).turn.intention == "unwind"


def test_a_yes_holds_for_what_the_evening_is_for_and_for_nothing_else(couple):
    book = _hand_in(couple, A=["unwind", "soothe"], B=["unwind", "soothe"])
    tell(book, "signals", silent="dropped_cloth")
    tell(book, "reveal", intention="unwind")
    before = proposal(book).plan_hash

    change(book, intention="soothe")

    assert proposal(book).plan_hash != before
    assert planned(book).turn.intention == "soothe"


def test_another_intention_asks_for_a_yes_anew(both_ready):
    agree(both_ready)
    assert proposal(both_ready).standing is Standing.STANDS

    tell(both_ready, "reveal", intention="unwind")

    assert proposal(both_ready).affirmed == frozenset()


def test_with_nothing_in_common_quiet_rest_is_offered_and_nobodys_list_is_shown(couple):
    book = _hand_in(couple, A=["soothe", "small_treat"], B=["after_long_day"])
    couple.leave(book)
    robin = couple.open(Seat.B, forms=("reveal", "aloud", "agreement"))

    assert options(robin, "reveal", "intention") == [QUIET_REST]
    for key in ("soothe", "small_treat", "after_long_day"):
        assert SAY(f"choices.intentions.{key}") not in states()

    tell(robin, "reveal", intention=QUIET_REST)
    assert SAY("choices.settled.rest") in shown(robin, "aloud")


def test_without_a_settled_intention_nothing_is_asked_or_told_of_one(both_ready):
    agree(both_ready)
    finish(both_ready)

    assert options(both_ready, "debrief", "stayed") == []
    assert SAY("forms.journal_intention", intention="") not in shown(both_ready, "journal")


# The plan as a card -----------------------------------------------------------------------------


def test_the_card_says_who_how_long_and_how_and_change_offers_what_is_common(both_ready):
    text = shown(both_ready, "reveal")

    for line in ("Kim gives", "Robin receives", "10 minutes", SAY("positions.short.prone")):
        assert line in text
    assert SAY("forms.plan_round") not in text
    assert SAY("forms.plan_short") in text  # both would like twenty
    assert options(both_ready, "reveal", "minutes") == []

    press(both_ready, "reveal", "change")

    assert options(both_ready, "reveal", "minutes") == ["5", "10", "15", "20"]
    tell(both_ready, "reveal", minutes="15")
    assert SAY("forms.plan_short") not in shown(both_ready, "reveal")


def test_nothing_open_to_both_asks_nothing(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True, areas=("feet",))
    ready(kim)
    couple.leave(kim)
    book = couple.open(Seat.B)
    answer(book, gives=False, areas=("nape",))
    ready(book)

    assert SAY("forms.plan_empty_help") in shown(book, "reveal")
    assert not [each for each in inside(book.form("reveal")) if isinstance(each, Questions)]
    assert not buttons(book, "reveal")
    assert SAY("forms.both_wish") not in shown(book, "reveal")


# Make ready -------------------------------------------------------------------------------------


def test_every_line_of_make_ready_is_shown_whatever_anybody_answered(both_ready):
    assert options(both_ready, "prepare", "ready") == list(TABLES.make_ready)
    assert len(TABLES.make_ready) <= 10


def test_what_is_ticked_there_is_kept_on_the_card_of_the_room(both_ready):
    tell(both_ready, "prepare", ready=["hands", "water"])
    tell(both_ready, "room", done=["towels"], flame="no")

    page = both_ready.controller
    saved = cards.read_card(page.vault, RoomCard, page._evening).value
    assert saved.done == {"hands", "water", "towels"}
    assert saved.flame is False
    tell(both_ready, "prepare", ready=["hands"])
    saved = cards.read_card(page.vault, RoomCard, page._evening).value
    assert saved.done == {"hands", "towels"}


# Read aloud, and a yes from each ------------------------------------------------------------------


def test_one_signal_alone_is_not_tried(both_ready):
    tell(both_ready, "aloud", tried=["word"])
    assert not proposal(both_ready).can_affirm

    tell(both_ready, "aloud", tried=["word", "signal"])
    assert proposal(both_ready).can_affirm


def test_a_signal_that_changed_is_to_be_tried_again(couple, both_ready):
    try_signals(both_ready)
    kim = couple.open(Seat.A, forms=("signals",))

    signals(kim, "umbrella")
    both_ready.controller.catch_up()
    press(both_ready, "signals", "signal_fine")

    assert proposal(both_ready).signals.agreed.word == "umbrella"
    (ticks,) = [q for q in inside(both_ready.form("aloud")) if isinstance(q, Questions)]
    assert not ticks.answers.get("tried")


def test_a_yes_and_taking_it_back_are_two_buttons_and_one_of_them_is_shown(both_ready):
    try_signals(both_ready)
    name = PEOPLE.at(Seat.A).name
    yes, back = SAY("forms.affirm", name=name), SAY("forms.withdraw", name=name)
    assert yes in buttons(both_ready, "agreement")
    assert back not in buttons(both_ready, "agreement")

    press(both_ready, "agreement", "affirm", name=name)

    assert yes not in buttons(both_ready, "agreement")
    assert back in buttons(both_ready, "agreement")

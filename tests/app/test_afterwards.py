"""After the massage, and coming back: what the book learned, and who is told of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.app.evening import (
    SAY,
    agree,
    answer,
    buttons,
    change,
    finish,
    happen,
    inside,
    keep,
    levels,
    options,
    planned,
    press,
    proposal,
    ready,
    shown,
    signals,
    states,
    tell,
    value_of,
    write,
)
from tests.strategies import TABLES
from tests.ui.forms.shelf import form_context
from workbook.app.feedback import rebuild_past, take_back_learned
from workbook.app.view import matched_wishes
from workbook.domain.areas import AreaAnswers
from workbook.domain.errors import NotFound
from workbook.domain.evening import Energy, Hands
from workbook.domain.health import Action
from workbook.domain.learning import GIVING, Debrief, NextDay, Settings, Skin
from workbook.domain.levels import Level
from workbook.domain.products import NO_PRODUCT
from workbook.domain.seats import Seat
from workbook.domain.session import Event
from workbook.domain.techniques import Coverage, Position
from workbook.rules.areas import area_of
from workbook.rules.learning import count_helpful
from workbook.store import records, schema, thanks
from workbook.store.answers import write_answer
from workbook.ui.forms.journal import JournalForm, JournalView
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.questions import Questions

WELL_KNOWN = 7
"""Taps of a return evening on which nothing changed, at most: eight with the one that opens the
book (design, "Afterwards")."""
FIVE = "shoulder_tops"
FIVE_MINUTES = 5
"""The same, of five minutes: six with the one that opens the book."""


def come_back(book, *, gives):
    """A return evening on which nothing changed; return how many taps it took."""
    taps = tell(book, "again", free="yes")
    taps += tell(book, "again", easy="yes")
    taps += tell(book, "again", role="give" if gives else "receive")
    taps += tell(book, "again", minutes="20")
    taps += press(book, "again", "none_in_group")  # of a giver's hands and energy, too
    taps += press(book, "again", "still_true")  # and on to Ready
    return taps + ready(book)


def next_evening(couple, *, then=lambda _robin: None):
    """Both come back; Kim gives again. Return the book with Robin at the screen."""
    robin = couple.open(Seat.B)
    come_back(robin, gives=False)
    then(robin)
    couple.leave(robin)
    kim = couple.open(Seat.A)
    come_back(kim, gives=True)
    return kim


# Coming back -------------------------------------------------------------------------------


@pytest.mark.parametrize("gives", [True, False])
def test_a_return_evening_takes_eight_taps_at_most(lived, gives):
    book = lived.open(Seat.A)

    taps = come_back(book, gives=gives)

    assert book.controller.view.ready.missing == ()
    assert proposal(book).ready == {Seat.A}
    assert taps <= WELL_KNOWN


def test_a_giver_answers_for_hands_and_energy_with_the_same_tap(lived):
    book = lived.open(Seat.A)
    tell(book, "again", free="yes", easy="yes", role="give", minutes="20")
    assert "hands" in book.controller.view.ready.missing

    press(book, "again", "none_in_group")

    time = value_of(book, "time")
    assert (time.hands, time.energy) == (Hands.FINE, Energy.ENOUGH)
    assert "hands" not in book.controller.view.ready.missing


def test_sore_hands_stay_when_nothing_else_is_new(lived):
    book = lived.open(Seat.A)
    tell(book, "again", free="yes", easy="yes", role="give", minutes="20")
    press(book, "again", "something_new")
    tell(book, "again", giver=["hands_sore"])

    press(book, "again", "none_in_group")

    assert value_of(book, "time").hands is Hands.SORE
    assert value_of(book, "health").on is not None


def test_still_true_leads_on_where_nothing_is_open(lived):
    book, steps = lived.open(Seat.A), []
    book.page.go_to_step = steps.append

    come_back(book, gives=False)

    assert steps == ["ready"]


def test_still_true_stays_where_something_is_open(lived):
    book, steps = lived.open(Seat.A), []
    book.page.go_to_step = steps.append

    press(book, "again", "still_true")

    assert steps == []


# Five minutes --------------------------------------------------------------------------------


def choose_five(book, *, gives):
    """Five minutes, with nothing new; return how many taps it took."""
    taps = tell(book, "again", five="give" if gives else "receive")
    taps += tell(book, "again", free="yes")
    taps += tell(book, "again", easy="yes")
    taps += press(book, "again", "none_in_group")
    return taps + press(book, "again", "five_ready")


def test_five_minutes_are_six_taps_for_each_and_shoulders_through_clothes(lived):
    robin = lived.open(Seat.B)
    assert choose_five(robin, gives=False) <= FIVE_MINUTES
    lived.leave(robin)
    kim = lived.open(Seat.A)

    assert choose_five(kim, gives=True) <= FIVE_MINUTES

    made = planned(kim)
    assert (made.minutes, made.coverage, made.position) == (5, Coverage.CLOTHED, Position.CHAIR)
    assert made.product == NO_PRODUCT
    assert made.steps
    for step in made.steps:
        assert {area_of(part) for part in step.parts} == {"shoulder_tops"}
        assert step.level <= Level.LOTION


def test_five_minutes_ask_for_a_free_yes_and_for_what_is_new(lived):
    book = lived.open(Seat.A)

    tell(book, "again", five="receive")
    press(book, "again", "five_ready")

    assert proposal(book).ready == frozenset()
    assert {"consent", "health"} <= set(book.controller.view.ready.missing)


def test_a_no_is_not_handed_in_with_five_minutes_before_it_was_read_what_it_says(lived):
    book = lived.open(Seat.A)

    tell(book, "again", five="receive", free="no")
    press(book, "again", "none_in_group")
    press(book, "again", "five_ready")

    assert proposal(book).ready == frozenset()


def test_five_minutes_are_for_this_evening(lived):
    book = lived.open(Seat.A)
    choose_five(book, gives=False)
    lived.leave(book)
    lived.clock.on(days=1)

    book = lived.open(Seat.A)

    come_back(book, gives=False)
    assert book.controller.view.share.receiving.minutes == 20


def test_the_usual_evening_takes_five_minutes_back(lived):
    book = lived.open(Seat.A)
    tell(book, "again", five="both", free="yes", easy="yes")

    tell(book, "again", role="receive")
    tell(book, "again", minutes="20")
    press(book, "again", "none_in_group")
    press(book, "again", "still_true")

    assert book.controller.view.share.receiving.minutes == 20
    assert not value_of(book, "time").five_minutes


def test_nobody_is_offered_five_minutes_where_their_shoulders_are_closed(lived):
    book = lived.open(Seat.A)
    assert options(book, "again", "five")
    said = value_of(book, "limits")
    shut = {part: mark for part, mark in said.receiving.items() if area_of(part) != FIVE}
    keep(book, "limits", AreaAnswers(shut, {}))
    lived.leave(book)

    book = lived.open(Seat.A)

    assert not options(book, "again", "five")


def test_nobody_is_offered_five_minutes_before_a_first_massage(couple):
    book = couple.open(Seat.A)
    answer(book, gives=True)
    couple.leave(book)
    couple.clock.on(days=1)

    book = couple.open(Seat.A)

    assert options(book, "again", "role")
    assert not options(book, "again", "five")


# ---------------------------------------------------------------------------------------------


def test_an_earlier_answer_counts_once_it_is_said_to_be_still_true(lived):
    book = lived.open(Seat.A)
    before = book.controller.view.answers

    press(book, "again", "still_true")

    assert not before.limits.receiving
    assert book.controller.view.answers.limits.receiving
    assert "still" not in book.controller.view.ready.missing


def test_health_of_today_is_asked_although_all_else_is_still_true(lived):
    book = lived.open(Seat.A)

    press(book, "again", "still_true")

    assert "health" in book.controller.view.ready.missing


def test_an_answer_about_today_does_not_confirm_the_answers_before(lived):
    book = lived.open(Seat.A)

    press(book, "again", "none_in_group")

    assert not book.controller.forms._screen(book.controller.view.answers.health).complete
    assert "still" in book.controller.view.ready.missing


def test_a_fever_is_answered_before_anything_is_confirmed_and_stays_answered(lived):
    book = lived.open(Seat.A)
    book.form("ready")

    press(book, "again", "something_new")
    tell(book, "again", unwell=["fever"])

    assert SAY("health.actions.postpone") in shown(book, "ready")
    book.controller.refresh()
    assert SAY("health.actions.postpone") in shown(book, "ready")
    assert "still" in book.controller.view.ready.missing


def test_a_body_of_today_with_nothing_to_it_is_not_yet_the_whole_health(lived):
    book = lived.open(Seat.A)
    book.form("ready")

    press(book, "again", "none_in_group")

    assert SAY("forms.health_clear") not in shown(book, "ready")
    press(book, "again", "still_true")
    assert SAY("forms.health_clear") in shown(book, "ready")


def temperature(book, degrees):
    tell(book, "body", unwell=["temperature"], **{"unwell.temperature.celsius": degrees})


def test_the_temperature_of_another_evening_says_nothing_about_tonight(lived):
    book = lived.open(Seat.A)
    temperature(book, 36.6)
    lived.leave(book)
    lived.clock.on(days=1)
    book = lived.open(Seat.A)

    press(book, "again", "still_true")
    press(book, "again", "none_in_group")

    assert "temperature" not in value_of(book, "health").ticked


def test_a_temperature_told_today_is_not_erased_by_the_list(lived):
    book = lived.open(Seat.A)
    press(book, "again", "still_true")
    temperature(book, 39.0)

    press(book, "again", "something_new")
    tell(book, "again", meal_period=["full_stomach"])

    health = value_of(book, "health")
    assert health.ticked["temperature"].celsius == 39.0
    assert book.controller.forms._screen(health).receiving.action is Action.POSTPONE


def test_a_fever_taken_back_is_a_question_again(lived):
    book = lived.open(Seat.A)
    press(book, "again", "still_true")
    press(book, "again", "something_new")
    tell(book, "again", unwell=["fever"])

    tell(book, "again", unwell=[])

    assert "fever" not in value_of(book, "health").ticked
    assert "health" in book.controller.view.ready.missing


def test_what_is_said_on_the_return_page_shows_in_the_health_chapter(lived):
    book = lived.open(Seat.A)
    press(book, "again", "still_true")

    press(book, "again", "something_new")
    tell(book, "again", meal_period=["period"], burns_bruises=["bruise"])

    form = book.form("body").children[0]
    assert form.value == value_of(book, "health")
    assert {"period", "bruise"} <= set(form.value.ticked)
    assert '"period"' in shown(book, "body")


def test_on_a_first_evening_the_return_page_points_to_the_chapters(couple):
    book = couple.open(Seat.A)

    assert SAY("forms.again_first") in shown(book, "again")


def test_who_comes_back_is_led_to_what_a_later_evening_asks(lived):
    evening = lived.open(Seat.A).page.evening

    assert (evening["state"], evening["first"]) == ("asking", "again")
    assert list(evening["steps"]) == ["again", "ready"]


def test_a_later_evening_begins_with_twenty_minutes(lived):
    for seat in Seat:
        book = lived.open(seat)
        come_back(book, gives=True)
        tell(book, "again", role="both")
        tell(book, "again", minutes="30")
        ready(book)
        if seat is Seat.A:
            lived.leave(book)

    change(book, giver="A")

    assert planned(book).minutes == 20


# A bit less --------------------------------------------------------------------------------


def test_a_bit_less_is_one_level_less_another_evening(couple, live):
    felt = max(levels(live(couple, less=["mid_back"]), "mid_back"))

    kim = next_evening(couple)

    assert felt > Level.STILL
    assert max(levels(planned(kim), "mid_back")) == felt - 1


def test_without_a_word_the_level_stays(couple, live):
    felt = max(levels(live(couple), "mid_back"))

    kim = next_evening(couple)

    assert max(levels(planned(kim), "mid_back")) == felt


def test_a_bit_less_looks_to_the_giver_like_any_softer_answer(couple, another, live):
    felt = max(levels(live(couple, less=["mid_back"]), "mid_back"))
    live(another)

    def softer(robin):
        press(robin, "pressure", "pressure_areas")
        tell(robin, "pressure", areas={"mid_back": Level(felt - 1).name})
        ready(robin)

    told = states(next_evening(couple))
    couple.leave(couple.open(Seat.A))

    assert states(next_evening(another, then=softer)) == told


@pytest.mark.long
def test_what_both_wish_for_counts_for_a_week(couple, both_ready):
    couple.leave(both_ready)
    for days, counts in ((6, {"soft_music"}), (1, frozenset())):
        couple.clock.on(days=days)
        robin = couple.open(Seat.B)
        assert matched_wishes(robin.controller.snapshot, TABLES, couple.clock()) == counts
        come_back(robin, gives=False)
        couple.leave(robin)
        kim = couple.open(Seat.A)
        come_back(kim, gives=True)

        assert proposal(kim).matches == counts
        couple.leave(kim)


@pytest.mark.long
def test_what_was_softened_is_felt_softer_and_then_one_less(couple, live):
    def first(plan):
        firm = (step for step in plan.steps if step.level >= Level.SUNSCREEN)
        return next(s for s in firm if any(part.startswith("mid_back") for part in s.parts))

    def softened(plan):
        there = plan.steps.index(first(plan))
        rest = [Event.NEXT] * (len(plan.steps) - there)
        return (Event.START, *[Event.YES, Event.NEXT] * there, Event.YES, Event.SOFTER, *rest)

    plan = live(couple, less=["mid_back"], events=softened)
    step = first(plan)

    kim = next_evening(couple)

    assert step.level >= Level.SUNSCREEN
    assert max(levels(planned(kim), "mid_back")) == step.level - 2


@pytest.mark.long
def test_an_area_the_session_did_not_come_to_is_not_asked_about(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    signals(kim)
    ready(kim)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    signals(robin)
    ready(robin)
    agree(robin)

    happen(robin, Event.START, Event.STOP)

    first = {part.split(".")[0] for part in planned(robin).steps[0].parts}
    assert set(options(robin, "debrief", "less")) == first


def test_only_who_received_is_asked_for_more_or_less(couple, live):
    live(couple)
    couple.clock.on(days=-7)

    kim = couple.open(Seat.A)

    assert options(kim, "debrief", "less") == []
    assert SAY("forms.debrief_free") in shown(kim, "debrief")


def play_again(couple, **said):
    """Another evening on which Robin receives, and what Robin says about it afterwards."""
    kim = next_evening(couple)
    agree(kim)
    finish(kim)
    couple.leave(kim)
    say_afterwards(couple, **said)
    couple.clock.on(days=7)


def say_afterwards(couple, seat=Seat.B, **said):
    book = couple.open(seat)
    tell(book, "debrief", **said)
    couple.leave(book)


def asks_about_less(couple, seat=Seat.B):
    book = couple.open(seat)
    forms = (each for each in inside(book.form("techniques")) if isinstance(each, Questions))
    asked = {question["key"] for each in forms for question in each.questions}
    couple.leave(book)
    return "asks_less" in asked


LIKED = {"body": 8, "free": 9}


@pytest.mark.long
def test_fewer_questions_can_be_chosen_after_two_evenings_that_were_liked(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    say_afterwards(couple, **LIKED)
    say_afterwards(couple, Seat.A, **LIKED)
    couple.clock.on(days=7)
    assert not asks_about_less(couple)

    play_again(couple, **LIKED)

    assert asks_about_less(couple)
    assert not asks_about_less(couple, Seat.A)  # Kim gave

    kim = next_evening(couple)
    before = len(planned(kim).check_ins)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    tell(robin, "techniques", asks_less=["yes"])
    ready(robin)
    assert len(planned(robin).check_ins) < before


@pytest.mark.long
def test_a_debrief_that_is_changed_takes_the_offer_back(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    say_afterwards(couple, **LIKED)
    couple.clock.on(days=7)
    play_again(couple, **LIKED)
    assert asks_about_less(couple)
    couple.clock.on(days=-7)

    say_afterwards(couple, body=3)

    couple.clock.on(days=7)
    assert not asks_about_less(couple)


def test_what_was_learned_is_listed_for_its_owner_alone(couple, live):
    live(couple, less=["mid_back"])

    robin = couple.open(Seat.B)
    mine = shown(robin, "journal")
    couple.leave(robin)
    kim = couple.open(Seat.A)

    learned = mine.split(SAY("forms.learned"))[1]
    assert SAY("areas.names.mid_back") in learned
    assert SAY("forms.learned_a_bit_less", on="23 November") in learned
    assert SAY("forms.retry_later", again="14 December") in learned
    assert SAY("forms.learned_none") in shown(kim, "journal")


def test_what_was_learned_is_taken_back_in_the_journal(couple, live):
    live(couple, less=["mid_back"])
    robin = couple.open(Seat.B)

    press(robin, "journal", "take_back", what=SAY("areas.names.mid_back"))

    assert SAY("forms.learned_none") in shown(robin, "journal")
    assert robin.controller.view.answers.learned.each == ()


def test_from_its_date_on_what_was_learned_is_offered_to_be_tried_again(couple, live):
    live(couple, less=["mid_back"])
    couple.clock.on(days=14)
    robin = couple.open(Seat.B)

    assert SAY("forms.retry_now") in shown(robin, "journal")
    press(robin, "journal", "try_again", what=SAY("areas.names.mid_back"))
    assert SAY("forms.learned_none") in shown(robin, "journal")


# Thanks ------------------------------------------------------------------------------------


def test_a_thank_you_is_read_once_both_have_given_theirs(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)
    write(kim, "debrief", "a private heron")
    write(kim, "thanks", "Thank you for trusting my hands.")
    press(kim, "thanks", "thanks_give")
    couple.leave(kim)
    robin = couple.open(Seat.B)
    before = states(robin)
    write(robin, "thanks", "My shoulders are down.")

    press(robin, "thanks", "thanks_give")

    assert "trusting my hands" not in before
    assert "trusting my hands" in shown(robin, "thanks")
    assert "a private heron" not in states(robin)


@pytest.mark.long
def test_what_is_written_in_the_thank_you_stays_while_the_debrief_is_answered(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)

    write(kim, "thanks", "Thank you for trusting my hands.")
    tell(kim, "debrief", free=9)
    write(kim, "debrief", "a private heron")

    said = kim.controller.snapshot.debrief.value
    assert (said.thanks, said.free) == ("Thank you for trusting my hands.", 9)
    assert said.note == "a private heron"


# Lines that are shown ----------------------------------------------------------------------


def give_both_thanks(couple, live, *, shows):
    """Both give their thank-you; Robin marks ``shows`` of what they said."""
    live(couple)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)
    press(kim, "thanks", "thanks_give")
    couple.leave(kim)
    robin = couple.open(Seat.B)
    press(robin, "thanks", "thanks_give")
    tell(robin, "debrief", more=["mid_back", "low_back"], less=["sacrum"], free=9)
    write(robin, "debrief", "a private heron")
    tell(robin, "debrief", shown=shows)
    couple.leave(robin)


def read_thanks_rows(couple, seat):
    """Everything the common lane keeps with thank-yous, as the key of ``seat`` opens it."""
    page = couple.open(seat)
    vault = page.controller.vault
    with vault.reading() as db:
        kept = [thanks._unseal(vault, row).value for row in db.execute(select(schema.thanks))]
    couple.leave(page)
    return "".join(records.encode(each).decode() for each in kept)


def test_nothing_of_a_debrief_is_shown_by_itself(couple, live):
    give_both_thanks(couple, live, shows=[])

    kept = read_thanks_rows(couple, Seat.A)
    kim = couple.open(Seat.A)

    assert "mid_back" not in kept
    assert "heron" not in kept
    assert SAY("areas.names.mid_back") not in shown(kim, "thanks")
    assert "heron" not in states(kim)


def test_a_marked_line_is_shown_with_the_thank_you_and_no_other(couple, live):
    give_both_thanks(couple, live, shows=["mid_back", "note"])

    kept = read_thanks_rows(couple, Seat.A)
    kim = couple.open(Seat.A)

    text = shown(kim, "thanks")
    more = SAY("forms.thanks_more", name="Robin", areas=SAY("areas.names.mid_back"))
    assert more in text
    assert SAY("forms.thanks_note", name="Robin", note="a private heron") in text
    assert "low_back" not in kept
    assert "sacrum" not in kept


def test_a_line_is_marked_before_the_thank_you_is_given_and_waits_for_it(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    robin = couple.open(Seat.B)
    tell(robin, "debrief", more=["mid_back"])
    tell(robin, "debrief", shown=["mid_back"])
    couple.leave(robin)
    before = read_thanks_rows(couple, Seat.A)

    robin = couple.open(Seat.B)
    press(robin, "thanks", "thanks_give")
    couple.leave(robin)
    kim = couple.open(Seat.A)
    sealed = shown(kim, "thanks")
    press(kim, "thanks", "thanks_give")

    name = SAY("areas.names.mid_back")
    assert before == ""
    assert name not in sealed
    assert name in shown(kim, "thanks")


def test_a_line_that_is_taken_back_is_gone_for_both(couple, live):
    give_both_thanks(couple, live, shows=["mid_back", "note"])
    assert "mid_back" in read_thanks_rows(couple, Seat.A)
    robin = couple.open(Seat.B)

    tell(robin, "debrief", shown=[])

    couple.leave(robin)
    kept = read_thanks_rows(couple, Seat.A)
    assert "mid_back" not in kept
    assert "heron" not in kept


@pytest.mark.long
def test_a_line_that_is_no_longer_said_is_no_longer_shown(couple, live):
    give_both_thanks(couple, live, shows=["mid_back"])
    assert "mid_back" in read_thanks_rows(couple, Seat.A)
    robin = couple.open(Seat.B)

    tell(robin, "debrief", more=["low_back"])

    couple.leave(robin)
    assert "mid_back" not in read_thanks_rows(couple, Seat.A)


@pytest.mark.long
def test_a_bit_less_cannot_be_shown_and_may_be_said_aloud(couple, live):
    give_both_thanks(couple, live, shows=["mid_back"])
    robin = couple.open(Seat.B)

    assert set(options(robin, "debrief", "shown")) == {"mid_back", "low_back", "note"}
    area = SAY("areas.names.sacrum").lower()
    assert SAY("forms.debrief_aloud", areas=area) in shown(robin, "debrief")


# A no that was not easy --------------------------------------------------------------------


def test_a_no_that_was_not_easy_is_answered_at_once(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    robin = couple.open(Seat.B)
    reply = SAY("forms.debrief_free_reply")

    tell(robin, "debrief", free=7)
    at_seven = shown(robin, "debrief")
    tell(robin, "debrief", free=6)

    assert reply not in at_seven
    assert "0808 2000 247" not in at_seven
    assert reply in shown(robin, "debrief")
    assert "#help" in shown(robin, "debrief")
    assert "0808 2000 247" in shown(robin, "debrief")


@pytest.mark.long
def test_gentler_evenings_are_offered_and_never_set(couple, live):
    felt = max(levels(live(couple), "mid_back"))
    couple.clock.on(days=-7)
    say_afterwards(couple, free=2)
    couple.clock.on(days=7)

    kim = next_evening(couple)

    assert max(levels(planned(kim), "mid_back")) == felt


@pytest.mark.long
def test_gentler_evenings_are_one_step_softer_everywhere_for_who_asked(couple, live):
    plan = live(couple)
    couple.clock.on(days=-7)
    robin = couple.open(Seat.B)
    tell(robin, "debrief", free=2)
    tell(robin, "debrief", gentler=["yes"])
    couple.leave(robin)
    couple.clock.on(days=7)

    kim = next_evening(couple)

    for area in ("mid_back", "shoulder_tops"):
        assert max(levels(planned(kim), area)) < max(levels(plan, area))


def test_who_gave_is_not_offered_gentler_evenings(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)

    tell(kim, "debrief", free=2)

    assert SAY("forms.debrief_free_reply") in shown(kim, "debrief")
    assert options(kim, "debrief", "gentler") == []


# Who gave ----------------------------------------------------------------------------------


def test_who_gave_is_asked_about_their_hands_and_gives_softer_until_they_take_it_back(couple, live):
    plan = live(couple)
    given = max(step.level for step in plan.steps)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)
    assert options(kim, "debrief", "give_less") == ["yes"]
    tell(kim, "debrief", give_less=["yes"])
    couple.leave(kim)
    robin = couple.open(Seat.B)
    assert options(robin, "debrief", "give_less") == []
    couple.leave(robin)
    couple.clock.on(days=7)

    kim = next_evening(couple)

    assert max(step.level for step in planned(kim).steps) == given - 1
    assert SAY("forms.learned_giving") in shown(kim, "journal")
    take_back(kim, GIVING)
    assert kim.controller.view.answers.learned.each == ()


def test_sore_hands_on_the_day_after_are_planned_with_still_hands(couple, live):
    live(couple)
    kim = couple.open(Seat.A)

    tell(kim, "next_day", hands="strong")

    (learned,) = kim.controller.view.answers.learned.each
    assert (learned.what, learned.cap) == (GIVING, Level.STILL)
    assert SAY("forms.next_hands_strong_reply") in shown(kim, "next_day")
    robin = couple.open(Seat.B)
    assert options(robin, "next_day", "hands") == []


def test_answers_from_before_hands_were_asked_about_stay_as_they_are(couple, live):
    """Rows of an older version have no such fields; nobody is asked, and nothing is learned."""
    live(couple)
    kim = couple.open(Seat.A)
    now = kim.controller.snapshot
    row = json.loads(records.to_json(replace(now.next_day, skin=Skin.FINE)))
    del row["gave"], row["hands"]
    before = records.decode(json.dumps(row).encode(), NextDay)
    write_answer(kim.controller.vault, before, now.next_day_evening)
    debrief = json.loads(records.to_json(Debrief(on=before.on, body=8)))
    del debrief["give_less"], debrief["stayed"]
    evening = now.next_day_evening
    write_answer(
        kim.controller.vault, records.decode(json.dumps(debrief).encode(), Debrief), evening
    )
    couple.leave(kim)

    kim = couple.open(Seat.A)
    assert options(kim, "next_day", "hands") == []
    tell(kim, "next_day", glad="yes")

    saved = kim.controller.snapshot.next_day
    assert (saved.glad, saved.skin, saved.gave, saved.hands) == (True, Skin.FINE, None, None)
    assert kim.controller.view.answers.learned.each == ()
    assert SAY("forms.learned_none") in shown(kim, "journal")


# What was learned, taken back --------------------------------------------------------------


def take_back(book, what):
    book.controller.run_command(lambda vault: take_back_learned(vault, what, TABLES))


def test_what_was_learned_is_taken_back_by_its_owner(couple, live):
    felt = max(levels(live(couple, less=["mid_back"]), "mid_back"))
    robin = couple.open(Seat.B)

    take_back(robin, "mid_back")

    couple.leave(robin)
    assert max(levels(planned(next_evening(couple)), "mid_back")) == felt


@pytest.mark.long
def test_what_was_taken_back_stays_so_when_past_evenings_are_read_anew(couple, live):
    live(couple, less=["mid_back"])
    robin = couple.open(Seat.B)
    take_back(robin, "mid_back")

    rebuild_past(robin.controller.vault, TABLES)

    robin.controller.refresh()
    assert robin.controller.view.answers.learned.each == ()


@pytest.mark.long
def test_a_bit_less_said_again_holds_again(couple, live):
    felt = max(levels(live(couple, less=["mid_back"]), "mid_back"))
    couple.clock.on(days=-7)
    robin = couple.open(Seat.B)
    take_back(robin, "mid_back")
    tell(robin, "debrief", less=[])
    tell(robin, "debrief", less=["mid_back"])
    couple.leave(robin)
    couple.clock.on(days=7)

    kim = next_evening(couple)

    assert max(levels(planned(kim), "mid_back")) == felt - 1


def test_a_product_that_is_taken_back_needs_a_new_test(lived):
    robin = lived.open(Seat.B)
    tell(robin, "next_day", skin="reacted")

    take_back(robin, "O-01")

    view = robin.controller.view
    assert "O-01" not in {each.what for each in view.answers.learned.each}
    assert "O-01" not in value_of(robin, "oils").tests
    assert "O-01" not in view.share.products


def test_what_was_taken_back_waits_for_its_owners_ready(lived):
    robin = lived.open(Seat.B)
    tell(robin, "next_day", soreness="strong")
    come_back(robin, gives=False)
    assert proposal(robin).ready == {Seat.B}

    take_back(robin, "mid_back")

    assert proposal(robin).ready == frozenset()


def test_what_was_never_learned_cannot_be_taken_back(lived):
    robin = lived.open(Seat.B)

    with pytest.raises(NotFound):
        take_back(robin, "feet")


# The other turn ----------------------------------------------------------------------------


def play_first_turn(couple, *, both, announced=False):
    """Kim gives; with ``both`` each would like to give and to receive.

    ``announced``: the plan says that the turn the other way round follows.
    """
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        if both:
            answer(book, gives=seat is not Seat.A)
            tell(book, "role", role="both")
            tell(book, "hands", giver=["none"])
            tell(book, "time", minutes="20")
        signals(book)
        ready(book)
        if seat is Seat.A:
            couple.leave(book)
    if both:
        tell(book, "reveal", giver="A")
    assert (SAY("forms.plan_round") in shown(book, "reveal")) is announced
    agree(book)
    finish(book)
    return book


@pytest.mark.long
def test_the_other_turn_is_offered_once_and_only_if_both_wished_for_it(couple):
    robin = play_first_turn(couple, both=True, announced=True)

    assert SAY("forms.soft_other", name="Robin") in buttons(robin, "soft_landing")
    press(robin, "soft_landing", "soft_other", name="Robin")
    assert planned(robin).turn.giver is Seat.B
    assert planned(robin).turn.receiver is Seat.A
    assert SAY("forms.plan_round") not in shown(robin, "reveal")  # that was the turn before
    agree(robin)
    finish(robin)
    assert buttons(robin, "soft_landing") == {}


def test_who_wished_for_one_turn_is_not_offered_another(couple):
    robin = play_first_turn(couple, both=False)

    assert buttons(robin, "soft_landing") == {}


def test_a_debrief_is_there_again_for_its_owner(couple, live):
    live(couple)
    couple.clock.on(days=-7)
    kim = couple.open(Seat.A)
    write(kim, "debrief", "a private heron")
    write(kim, "thanks", "Thank you.")
    couple.leave(kim)

    kim = couple.open(Seat.A)

    assert "a private heron" in shown(kim, "debrief")
    assert "Thank you." in shown(kim, "thanks")


# The day after -----------------------------------------------------------------------------


def test_the_day_after_is_asked_about_on_the_day_after(couple, live):
    live(couple)
    couple.clock.on(days=-6)

    robin = couple.open(Seat.B)

    assert SAY("forms.next_skin") in shown(robin, "next_day")


def test_on_the_evening_itself_the_day_after_is_not_asked_about(couple, live):
    live(couple)
    couple.clock.on(days=-7)

    robin = couple.open(Seat.B)

    assert SAY("forms.next_none") in shown(robin, "next_day")


def test_a_product_the_skin_answered_is_not_offered_again(lived):
    robin = lived.open(Seat.B)
    come_back(robin, gives=False)
    lived.leave(robin)
    kim = lived.open(Seat.A)
    come_back(kim, gives=True)
    assert "O-01" in [each.product for each in proposal(kim).offers]
    lived.leave(kim)

    robin = lived.open(Seat.B)
    tell(robin, "next_day", skin="reacted")

    assert [each.product for each in proposal(robin).offers] == ["O-18"]
    assert SAY("forms.next_skin_reply") in shown(robin, "next_day")


def test_strong_soreness_leaves_the_area_out(lived):
    robin = lived.open(Seat.B)
    tell(robin, "next_day", soreness="strong")
    come_back(robin, gives=False)
    lived.leave(robin)

    kim = lived.open(Seat.A)
    come_back(kim, gives=True)

    assert levels(planned(kim), "mid_back") == set()


@pytest.mark.long
def test_a_product_that_was_used_on_an_evening_is_no_longer_new(couple):
    def tested(book):
        tell(book, "oils", tests=["O-01"], **{"tests.O-01.on": "2026-11-10"})
        tell(book, "oils", **{"tests.O-01.result": "clear"})

    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    tested(kim)
    signals(kim)
    ready(kim)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    signals(robin)
    tested(robin)
    ready(robin)
    change(robin, product="O-01")
    agree(robin)
    assert planned(robin).product == "O-01"
    assert planned(robin).minutes <= 10
    finish(robin)
    couple.leave(robin)
    couple.clock.on(days=7)

    kim = next_evening(couple)
    change(kim, product="O-01", minutes="20")

    assert (planned(kim).product, planned(kim).minutes) == ("O-01", 20)


# The journal -------------------------------------------------------------------------------


def test_the_journal_lists_every_evening_the_latest_first(lived):
    text = shown(lived.open(Seat.A), "journal").split(SAY("forms.journal_all"))[1]

    dates = [at for at in ("17 November", "9 November", "1 November", "23 October") if at in text]
    assert dates == ["17 November", "9 November", "1 November", "23 October"]
    assert [text.index(at) for at in dates] == sorted(text.index(at) for at in dates)
    assert "16 October" in text


def test_the_journal_says_once_that_an_evening_ended_early(lived):
    text = shown(lived.open(Seat.A), "journal")

    assert text.count(SAY("forms.journal_early")) == 1


def test_the_journal_keeps_both_thank_yous(lived):
    text = shown(lived.open(Seat.A), "journal")

    assert "Your breathing slowed down." in text
    assert "My shoulders are down." in text


def test_the_journal_says_on_a_line_who_gave_on_which_evening(lived):
    text = shown(lived.open(Seat.A), "journal")

    line = text.split(SAY("forms.learned"))[0]
    gave = SAY("forms.journal_gave", on="17 November", names="Kim")
    assert gave in line
    assert line.index(SAY("forms.journal_gave", on="9 November", names="Robin")) < line.index(gave)


def test_the_figure_shows_what_its_owner_wanted_more_of_and_nobody_else_did(lived):
    kim = lived.open(Seat.A)
    mine = next(each for each in inside(kim.form("journal")) if isinstance(each, BodyMap))
    marked = dict(mine.marks)
    lived.leave(kim)
    robin = lived.open(Seat.B)
    theirs = next(each for each in inside(robin.form("journal")) if isinstance(each, BodyMap))

    assert set(marked) == {"nape", "feet"}  # Kim received on those evenings
    assert set(theirs.marks) == {"hands", "mid_back", "shoulder_tops"}


def test_what_helps_is_counted_by_its_owner_alone():
    debrief = Debrief(date(2026, 11, 1), body=9, free=9)
    view = JournalView(helpful=[("Side", 5)])
    form = JournalForm(form_context(), lambda _what: None)

    form.render(view, Settings())

    said = json.dumps([w.get_state().get("blocks") for w in inside(form)], default=str)
    assert SAY("forms.helpful", what="Side", count=5) in said
    assert count_helpful([(debrief, {"x"})] * 4, TABLES) == {}


def test_a_journal_without_evenings_says_so(couple):
    assert SAY("forms.journal_empty") in shown(couple.open(Seat.A), "journal")


def test_the_journal_holds_no_number_that_grades_anybody(lived):
    kim = lived.open(Seat.A)

    blocks = [w.get_state(["blocks"]) for w in inside(kim.form("journal")) if hasattr(w, "blocks")]
    text = json.dumps(blocks, ensure_ascii=False).lower()

    assert "gave" in text
    words = ("score", "streak", "average", "%", "in a row", "both", "times")
    assert not [word for word in words if word in text]

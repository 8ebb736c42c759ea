"""An evening of two people: hand in, agree, be guided, and what nobody is told."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from tests.app.evening import (
    PEOPLE,
    SAY,
    SEED,
    TABLES,
    agree,
    answer,
    ask_signals,
    buttons,
    change,
    finish,
    happen,
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
    try_signals,
    value_of,
    write,
)
from tests.marks import long_after
from workbook.app.reveal import MAX_REVEAL_RETRIES
from workbook.domain.consent import Standing
from workbook.domain.errors import DamagedVault
from workbook.domain.evening import WishAnswers
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, SessionEnd
from workbook.domain.shares import OWN_LINES
from workbook.rules import wishes as rounds
from workbook.rules.plan import plan_hash
from workbook.store import ballot_process, sessions, shares, wishes

AFFIRM = {seat: SAY("forms.affirm", name=PEOPLE.at(seat).name) for seat in Seat}
WITHDRAW = {seat: SAY("forms.withdraw", name=PEOPLE.at(seat).name) for seat in Seat}


def run(book):
    """The latest playing, as the vault has it."""
    return sessions.latest_session(book.controller.vault, book.controller._evening).saved.value


# Ready -------------------------------------------------------------------------------------


def test_the_plan_appears_once_both_are_ready(both_ready):
    text = shown(both_ready, "reveal")

    assert SAY("forms.plan_title", minutes=10) in shown(both_ready, "agreement")
    assert SAY("choices.wishes.soft_music").lower() in text
    assert SAY("choices.intentions.unwind") in text


def test_a_wish_of_one_is_not_shown_to_the_other(both_ready):
    text = shown(both_ready, "agreement")

    for wish in ("silence", "warm_towel"):
        assert SAY(f"choices.wishes.{wish}").lower() not in text.lower()


def test_one_ready_person_sees_no_plan(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)

    ready(kim)

    assert SAY("forms.agreement_theirs", name="Robin") in shown(kim, "reveal")
    assert not buttons(kim, "agreement")


def test_an_answer_changed_after_ready_takes_the_share_back(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    ready(kim)

    tell(kim, "time", minutes="30")

    assert shares.read_all(kim.controller.vault, kim.controller._evening) == {}
    assert SAY("forms.ready") in buttons(kim, "ready")


def test_an_answer_that_allows_less_holds_at_once(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    ready(kim)

    tell(kim, "pressure", giving="LOTION")

    given = shares.read_all(kim.controller.vault, kim.controller._evening)[Seat.A]
    assert max(given.giving.levels.values()) is Level.LOTION
    assert SAY("forms.ready") not in buttons(kim, "ready")


def test_an_answer_that_changes_nothing_for_tonight_leaves_the_share(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    ready(kim)

    write(kim, "intentions", "a quiet hour")

    assert set(shares.read_all(kim.controller.vault, kim.controller._evening)) == {Seat.A}


def test_only_who_still_answers_is_told_to_tap_a_line(both_ready):
    assert SAY("forms.ready_lines") not in shown(both_ready, "ready")

    press(both_ready, "ready", "ready_back")

    assert SAY("forms.ready_lines") in shown(both_ready, "ready")


def test_who_is_ready_can_take_it_back(both_ready):
    press(both_ready, "ready", "ready_back")

    assert proposal(both_ready).ready == {Seat.A}
    assert SAY("forms.plan_title", minutes=10) not in shown(both_ready, "agreement")


def test_what_is_still_open_is_named_and_hinders_nobody(couple):
    kim = couple.open(Seat.A)

    text = shown(kim, "ready")

    assert SAY("forms.ready_lines") not in text  # nothing was said that could be changed
    assert SAY("forms.missing_consent") in text
    assert SAY("forms.missing_health") in text
    assert not buttons(kim, "ready")[SAY("forms.ready")].disabled


# Not tonight -------------------------------------------------------------------------------


def test_a_line_from_which_the_partner_may_guess_is_kept_until_it_is_ticked(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    assert SAY("forms.guess", name="Robin") not in shown(kim, "ready")
    tell(kim, "health", feelings=["trauma"])
    assert SAY("forms.guess", name="Robin") in shown(kim, "ready")
    assert SAY("choices.adaptations.shorter") in shown(kim, "ready")
    assert not kim.controller.view.share.adaptations & set(OWN_LINES)

    tell(kim, "ready", says=["shorter"])

    assert kim.controller.view.share.adaptations & set(OWN_LINES) == {"shorter"}
    assert value_of(kim, "time").says == {"shorter"}
    ready(kim)
    assert SAY("forms.guess", name="Robin") not in shown(kim, "ready")


def test_a_way_of_lying_that_health_takes_out_is_said_to_its_owner_before_ready(couple):
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    assert SAY("forms.guess_lying") not in shown(robin, "ready")
    assert robin.controller.view.ready.may_skip_summary

    tell(robin, "body", meal_period=["full_stomach"])

    assert SAY("forms.guess_lying") in shown(robin, "ready")
    assert not robin.controller.view.ready.may_skip_summary


def _not_free(book):
    answer(book, gives=True)
    tell(book, "consent", free="no")


def _not_sure(book):
    answer(book, gives=True)
    tell(book, "consent", free="not_sure")


def _easy_unsaid(book):
    answer(book, gives=True)
    tell(book, "consent", easy=None)


def _not_easy(book):
    answer(book, gives=True)
    tell(book, "consent", easy="no", not_tonight="not_tonight")


def _not_free_and_gone_through(book):
    tell(book, "consent", adult="adult", free="no")
    press(book, "consent", "no_go_through")
    answer_all_but_consent(book)


def answer_all_but_consent(book):
    """Answer as on any evening; the no stays."""
    tell(book, "role", role="give")
    tell(book, "limits", giving={"feet": "open"})
    tell(book, "pressure", giving="MEDIUM")


def _fever(book):
    answer(book, gives=True)
    tell(book, "body", unwell=["fever"])


def _exhausted(book):
    answer(book, gives=True)
    tell(book, "hands", giver=["energy_none"])


def _open_hands(book):
    answer(book, gives=True)
    tell(book, "hands", giver=["hands_open"])


def _nothing_said_about_health(book):
    answer(book, gives=True)
    tell(book, "health", treatment=[])


def _nothing_said_at_all(_book):
    pass


def _urgent(book):
    answer(book, gives=True)
    tell(book, "body", alarm=["acute_alarm"])


CAUSES = (
    *(_not_free, _fever, _urgent, _nothing_said_at_all, _not_easy, _not_sure),
    *(_exhausted, _open_hands, _nothing_said_about_health),
    *(_easy_unsaid, _not_free_and_gone_through),
)


def seen_by_robin(couple, cause):
    """Everything on Robin's page after Kim handed in."""
    kim = couple.open(Seat.A)
    cause(kim)
    signals(kim)
    ready(kim)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    ready(robin)
    held = states(robin)
    assert SAY("forms.not_tonight") in held
    couple.leave(robin)
    return held


NEUTRAL: list[str] = []
"""What Robin sees when Kim's answer is simply no; made once."""


@pytest.mark.parametrize(
    "cause", long_after(5, CAUSES), ids=lambda cause: cause.__name__.strip("_")
)
def test_not_tonight_looks_the_same_from_every_cause(couple, another, cause):
    if not NEUTRAL:
        NEUTRAL.append(seen_by_robin(another, _not_free))

    assert seen_by_robin(couple, cause) == NEUTRAL[0]


def _both_give(couple, cause=None):
    """Robin's page after Kim, who would like to give as well, was ready first."""
    kim = couple.open(Seat.A)
    (cause or partial(answer, gives=True))(kim)
    ready(kim)
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=True)
    ready(robin)
    return robin


def test_two_who_would_both_like_to_give_are_asked_who_receives_first(couple):
    robin = _both_give(couple)

    text = shown(robin, "reveal")
    assert SAY("forms.same_giver") in text
    assert SAY("forms.same_giver_ask") in text
    assert SAY("forms.not_tonight") not in text

    buttons(robin, "reveal")["Kim"].click()
    assert SAY("forms.same_theirs", name="Kim") in shown(robin, "reveal")
    assert SAY("forms.same_answer") not in buttons(robin, "reveal")

    buttons(robin, "reveal")["Robin"].click()
    press(robin, "reveal", "same_answer")
    assert proposal(robin).ready == {Seat.A}  # Robin answers more, alone


@pytest.mark.parametrize(
    "cause", long_after(2, [_not_free, _fever, _exhausted, _nothing_said_at_all])
)
def test_a_no_is_never_told_by_who_would_like_to_give(couple, cause):
    robin = _both_give(couple, cause)

    assert SAY("forms.not_tonight") in shown(robin, "reveal")
    assert SAY("forms.same_giver") not in states(robin)


# Agreement ---------------------------------------------------------------------------------


def test_nobody_can_say_yes_before_both_signals_were_tried(both_ready):
    assert all(buttons(both_ready, "agreement")[label].disabled for label in AFFIRM.values())

    both_ready.controller.affirm(Seat.A)

    assert proposal(both_ready).affirmed == frozenset()


def test_nobody_can_say_yes_without_a_signal(both_ready):
    ask_signals(both_ready)
    write(both_ready, "signals", "")

    assert options(both_ready, "aloud", "tried") == []
    for form in ("aloud", "agreement"):
        assert SAY("forms.signals_yours", name="Kim") in shown(both_ready, form)


def test_a_signal_that_is_changed_has_to_be_tried_again(both_ready):
    try_signals(both_ready)

    ask_signals(both_ready)
    write(both_ready, "signals", "umbrella")

    assert all(buttons(both_ready, "agreement")[label].disabled for label in AFFIRM.values())


def test_a_real_flame_waits_for_the_candle_card(both_ready):
    try_signals(both_ready)

    tell(both_ready, "room", flame="yes")

    assert all(buttons(both_ready, "agreement")[label].disabled for label in AFFIRM.values())
    assert SAY("forms.flame_open") in shown(both_ready, "agreement")


def test_one_yes_is_no_agreement(both_ready):
    try_signals(both_ready)

    press(both_ready, "agreement", "affirm", name="Kim")

    assert proposal(both_ready).standing is Standing.ONE
    assert SAY("forms.has_agreed", name="Kim") in shown(both_ready, "agreement")


def test_two_people_who_say_yes_agree(agreed):
    assert proposal(agreed).standing is Standing.STANDS
    assert SAY("forms.agreed") in shown(agreed, "agreement")


@pytest.mark.parametrize("who", Seat)
def test_either_takes_their_yes_back_with_one_tap(agreed, who):
    press(agreed, "agreement", "withdraw", name=PEOPLE.at(who).name)

    assert proposal(agreed).standing is not Standing.STANDS
    assert not agreed.form("player").children[0].children[0].agreed


def test_after_a_withdrawal_both_can_say_yes_afresh(agreed):
    press(agreed, "agreement", "withdraw", name="Robin")

    agree(agreed)

    assert proposal(agreed).standing is Standing.STANDS


def test_another_length_is_another_plan_and_another_yes(agreed):
    change(agreed, minutes="5")

    assert planned(agreed).minutes == 5
    assert proposal(agreed).standing is not Standing.STANDS
    assert set(AFFIRM.values()) <= set(buttons(agreed, "agreement"))


def test_a_tighter_answer_keeps_both_yeses_for_the_tightened_plan(agreed):
    before = planned(agreed)

    tell(agreed, "pressure", overall="LOTION")

    assert proposal(agreed).standing is Standing.STANDS
    tighter = planned(agreed)
    assert max(step.level for step in tighter.steps) == Level.LOTION
    assert {part for step in tighter.steps for part in step.parts} <= {
        part for step in before.steps for part in step.parts
    }
    happen(agreed, Event.START)
    assert agreed.controller.view.guide.plan == tighter
    assert run(agreed).plan == agreed.controller.view.guide.plan_hash


def _standing_after_ready(book):
    ready(book)
    book.controller.refresh()
    return proposal(book).standing


def test_a_change_that_is_undone_brings_no_yes_back(agreed):
    said = value_of(agreed, "techniques")
    more = replace(said, techniques=said.techniques | {"TAP"})
    keep(agreed, "techniques", more)
    assert proposal(agreed).standing is not Standing.STANDS

    keep(agreed, "techniques", said)

    assert _standing_after_ready(agreed) is Standing.ENDED
    agree(agreed)
    assert proposal(agreed).standing is Standing.STANDS


def test_ready_taken_back_and_pressed_again_brings_no_yes_back(agreed):
    press(agreed, "ready", "ready_back")

    assert _standing_after_ready(agreed) is Standing.ENDED
    happen(agreed, Event.START)
    assert sessions.latest_session(agreed.controller.vault, agreed.controller._evening) is None


def test_ready_pressed_once_more_asks_for_a_fresh_yes(agreed):
    agreed.controller.hand_in()

    assert proposal(agreed).standing is Standing.ENDED
    assert set(AFFIRM.values()) <= set(buttons(agreed, "agreement"))


def test_an_agreement_is_there_for_a_page_that_comes_later(couple, agreed):
    before = planned(agreed)
    couple.leave(agreed)

    kim = couple.open(Seat.A)

    assert planned(kim) == before
    assert proposal(kim).standing is Standing.STANDS


def test_an_agreement_ends_when_its_day_ends_and_no_clock_put_back_brings_it_again(couple, agreed):
    couple.leave(agreed)
    couple.clock.on(hours=5)
    kim = couple.open(Seat.A)
    assert proposal(kim).standing is Standing.STANDS  # after midnight, and still the same night
    couple.leave(kim)
    couple.clock.on(hours=4)

    kim = couple.open(Seat.A)

    assert proposal(kim).standing is not Standing.STANDS
    couple.leave(kim)
    couple.clock.on(hours=-8)
    for seat in Seat:
        book = couple.open(seat)
        if seat is Seat.A:
            couple.leave(book)
    assert proposal(book).standing is not Standing.STANDS


def test_a_page_that_was_open_at_the_days_end_says_so_and_a_new_one_asks_anew(couple, agreed):
    agreed.form("ready")
    couple.clock.on(hours=9)

    agreed._poll()

    assert SAY("forms.ready_past") in shown(agreed, "ready")
    assert SAY("forms.ready_both") not in shown(agreed, "ready")
    assert buttons(agreed, "ready") == {}
    assert proposal(agreed).standing is not Standing.STANDS
    couple.leave(agreed)
    for seat in Seat:
        book = couple.open(seat)
        assert SAY("forms.ready_past") not in shown(book, "ready")
        assert "time" in book.controller.view.ready.missing  # said yesterday
        answer(book, gives=seat is Seat.A)
        ready(book)
        if seat is Seat.A:
            couple.leave(book)
    agree(book)
    assert proposal(book).standing is Standing.STANDS


def test_at_the_days_end_a_massage_goes_on_and_no_other_turn_begins(couple, agreed):
    agreed.form("ready")
    happen(agreed, Event.START)
    couple.clock.on(hours=9)

    agreed._poll()

    assert agreed.controller.is_under_way()
    assert SAY("forms.ready_past") not in shown(agreed, "ready")
    happen(agreed, Event.STOP, Event.START)
    assert not agreed.controller.is_under_way()


def test_a_first_evening_begins_with_ten_minutes(both_ready):
    assert planned(both_ready).turn.minutes == 10


# The session -------------------------------------------------------------------------------


def test_hands_that_are_felt_firmer_are_planned_softer(agreed):
    before, giver = proposal(agreed).limits.levels, planned(agreed).turn.giver
    press(agreed, "duet", "duet_start", name=PEOPLE.at(giver).name)

    for _ in range(3):
        tell(agreed, "duet", felt="MEDIUM")

    after = proposal(agreed).limits.levels
    assert (before["mid_back.left"], after["mid_back.left"]) == (Level.MEDIUM, Level.SUNSCREEN)
    assert max(levels(planned(agreed), "mid_back")) <= Level.SUNSCREEN
    assert proposal(agreed).standing is Standing.STANDS  # tightened, as by an answer


def test_nothing_starts_without_an_agreement(both_ready):
    happen(both_ready, Event.START)

    assert not both_ready.controller.is_under_way()


def test_a_softer_tap_lowers_the_rest_of_the_session(agreed):
    happen(agreed, Event.START, Event.SOFTER)

    before, after = planned(agreed).steps[0].level, run(agreed).session.cap
    assert after == max(before - 1, Level.STILL)


def test_a_stop_ends_the_session_the_agreement_and_opens_the_debrief(agreed):
    happen(agreed, Event.START, Event.SOFTER, Event.STOP)

    assert run(agreed).session.phase is Phase.STOPPED
    assert run(agreed).ended is SessionEnd.STOP
    assert proposal(agreed).standing is Standing.ENDED
    assert SAY("forms.thanks") in shown(agreed, "thanks")
    assert agreed.page.chapters["tonight"] == "done"


def test_after_a_turn_a_no_is_a_no_for_the_next_one(agreed):
    happen(agreed, Event.START, Event.STOP)
    agree(agreed)
    assert proposal(agreed).standing is Standing.STANDS

    tell(agreed, "consent", free="no")

    assert not proposal(agreed).tonight
    happen(agreed, Event.START)
    assert not agreed.controller.is_under_way()
    tell(agreed, "consent", free="yes")
    ready(agreed)
    assert proposal(agreed).standing is not Standing.STANDS


def test_a_session_that_runs_to_its_end_is_not_called_early(agreed):
    finish(agreed)

    assert run(agreed).session.phase is Phase.FINISHED
    assert run(agreed).ended is SessionEnd.FINISH
    assert proposal(agreed).standing is Standing.ENDED


def test_a_stop_counts_though_an_answer_was_changed_meanwhile(agreed):
    happen(agreed, Event.START)
    tell(agreed, "pressure", overall="LOTION")

    happen(agreed, Event.STOP)

    assert run(agreed).session.phase is Phase.STOPPED
    assert not agreed.controller.is_under_way()


def test_the_guide_stays_on_the_screen_though_an_answer_was_changed_meanwhile(agreed):
    player = agreed.form("player").children[0].children[0]
    happen(agreed, Event.START)
    at = {"phase": "running", "step": 0, "elapsed": 3.0, "cap": 3, "plan": run(agreed).plan}
    player._on_message(player, {"kind": "at", **at}, [])

    tell(agreed, "pressure", overall="LOTION")

    assert agreed.form("player").children[0].children[0] is player


def test_nothing_leads_out_of_a_stop(agreed):
    happen(agreed, Event.START, Event.STOP, Event.START, Event.NEXT)

    assert run(agreed).session.phase is Phase.STOPPED
    assert len(sessions.list_sessions(agreed.controller.vault, agreed.controller._evening)) == 1


def test_a_page_that_comes_later_goes_on_where_the_session_was(couple, agreed):
    happen(agreed, Event.START, Event.NEXT)
    couple.leave(agreed)

    kim = couple.open(Seat.A)

    state = kim.form("player").children[0].children[0].state
    assert (state["phase"], state["step"]) == ("running", 1)


def test_who_comes_while_a_session_runs_is_led_to_it(couple, agreed):
    happen(agreed, Event.START)
    couple.leave(agreed)

    assert couple.open(Seat.A).page.evening["first"] == "agree"


def test_before_a_session_there_is_no_debrief(both_ready):
    assert SAY("forms.debrief_none") in shown(both_ready, "debrief")


def test_the_gentlest_wish_for_afterwards_is_offered_first(both_ready):
    text = shown(both_ready, "soft_landing")

    assert SAY("aftercare.AC-01") in text
    assert SAY("forms.soft_none") not in text


def test_the_round_after_a_massage_asks_about_a_flame_that_was_lit(agreed):
    tell(agreed, "room", flame="yes")
    assert SAY("choices.safety_round.flames_out") in shown(agreed, "soft_landing")
    assert SAY("forms.round_flame") not in shown(agreed, "soft_landing")

    happen(agreed, Event.START, Event.STOP)
    agreed.controller.refresh()

    assert SAY("forms.round_flame") in shown(agreed, "soft_landing")


def test_the_landing_stays_when_an_answer_changes_after_the_end(agreed):
    assert SAY("aftercare.AC-01") in shown(agreed, "soft_landing")
    happen(agreed, Event.START, Event.STOP)

    tell(agreed, "limits", receiving={"feet": "open", "calves": "open", "hands": "open"})

    assert SAY("aftercare.AC-01") in shown(agreed, "soft_landing")


def test_the_choices_of_the_agreement_are_what_both_can(both_ready):
    press(both_ready, "reveal", "change")

    assert options(both_ready, "reveal", "giver") == []  # only one of them could give
    assert options(both_ready, "reveal", "product") == []
    assert set(options(both_ready, "reveal", "minutes")) == {"5", "10", "15", "20"}


def test_what_a_player_shows_is_the_plan_both_agreed_to(agreed):
    player = agreed.form("player").children[0].children[0]

    assert len(player.plan["steps"]) == len(planned(agreed).steps)
    assert player.agreed
    assert replace(planned(agreed)) == planned(agreed)


# Wishes ------------------------------------------------------------------------------------


def _no_longer(wish):
    return SAY("forms.no_longer", wish=SAY(f"choices.wishes.{wish}"))


def _matches(book):
    return proposal(book).matches


def test_a_round_asks_about_some_wishes_and_the_same_ones_of_both(couple):
    found = []
    for seat in Seat:
        book = couple.open(seat)
        found.append(options(book, "wishes", "wished"))
        couple.leave(book)

    assert found[0] == found[1]
    assert len(found[0]) == len(TABLES.wishes) - 3


def test_a_wish_that_this_round_does_not_ask_about_is_not_handed_in(couple):
    (unasked, *_) = set(TABLES.wishes) - set(rounds.draw_wishes(TABLES.wishes, SEED))
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        keep(book, "wishes", WishAnswers(frozenset({unasked, "soft_music"})))
        ready(book)
        if seat is Seat.A:
            couple.leave(book)

    assert _matches(book) == {"soft_music"}


def test_once_opened_wishes_are_asked_again_after_a_week(couple, both_ready):
    assert options(both_ready, "wishes", "wished") == []
    assert SAY("forms.wishes_later") in shown(both_ready, "wishes")
    couple.leave(both_ready)

    couple.clock.on(days=6)
    book = couple.open(Seat.A)
    assert options(book, "wishes", "wished") == []
    couple.leave(book)

    couple.clock.on(days=1)
    assert len(options(couple.open(Seat.A), "wishes", "wished")) == len(TABLES.wishes) - 3


def test_who_comes_too_late_asks_first_and_says_so(couple, monkeypatch):
    monkeypatch.setattr(wishes, "REVEAL_TIMEOUT_S", 0.0)
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        ready(book)
        if seat is Seat.A:
            couple.leave(book)
            wishes._processes[-1].wait(20)
            monkeypatch.undo()
    assert proposal(book).plan is not None
    assert _matches(book) == frozenset()
    assert SAY("forms.wishes_wait", name="Kim") in shown(book, "reveal")
    couple.leave(book)

    kim = couple.open(Seat.A)

    assert _matches(kim) == {"soft_music"}
    assert SAY("forms.wishes_wait", name="Robin") not in shown(kim, "reveal")
    assert SAY("choices.wishes.soft_music").lower() in shown(kim, "reveal")


def test_either_takes_a_match_off_the_list_and_nobody_is_named(couple, both_ready):
    assert _no_longer("soft_music") not in buttons(both_ready, "reveal")
    press(both_ready, "reveal", "no_longer_open")

    buttons(both_ready, "reveal")[_no_longer("soft_music")].click()

    assert _no_longer("soft_music") not in buttons(both_ready, "reveal")
    couple.leave(both_ready)
    kim = couple.open(Seat.A)
    assert _matches(kim) == frozenset()
    assert SAY("choices.wishes.soft_music").lower() not in shown(kim, "reveal")


def test_who_takes_their_share_back_takes_their_ballot_and_asking_back(couple):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    ready(kim)
    lane, evening = kim.controller.vault, kim.controller._evening
    assert wishes.list_handed_in(lane, evening) == {Seat.A}

    press(kim, "ready", "ready_back")

    assert wishes.list_handed_in(lane, evening) == frozenset()
    assert wishes.first_request(lane) is None
    assert wishes._processes[-1].wait(20) == 0


def test_a_damaged_ballot_is_said_and_the_evening_goes_on(couple, said):
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    ready(kim)
    with kim.controller.vault.writing() as db:
        db.exec_driver_sql("UPDATE ballots SET ballot = zeroblob(8240)")
    couple.leave(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)

    ready(robin)
    assert SAY("forms.plan_title", minutes=10) in shown(robin, "agreement")
    couple.leave(robin)
    couple.open(Seat.A)

    assert ("show_notice", SAY.error(DamagedVault())) in said


def test_two_pages_that_cannot_reach_what_waits_do_not_ask_for_ever(couple, monkeypatch):
    monkeypatch.setattr(ballot_process, "send_request", lambda *_: None)
    pages = []
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        ready(book)
        pages.append(book)
    started = []
    real = wishes._start_process
    monkeypatch.setattr(wishes, "_start_process", lambda *given: started.append(1) or real(*given))

    for _ in range(10):
        for book in pages:
            book.controller.catch_up()

    assert len(started) <= 2 * MAX_REVEAL_RETRIES


# The clock ---------------------------------------------------------------------------------


def test_a_clock_that_was_put_back_is_said_beside_the_agreement(couple, agreed):
    assert SAY("forms.clock_behind") not in shown(agreed, "agreement")

    couple.clock.on(hours=-0.2)
    agreed.controller.refresh()

    assert SAY("forms.clock_behind") in shown(agreed, "agreement")


def test_the_page_on_which_wishes_were_opened_asks_no_more(couple):
    for seat in Seat:
        book = couple.open(seat)
        answer(book, gives=seat is Seat.A)
        asked = options(book, "wishes", "wished")
        ready(book)
        if seat is Seat.A:
            assert options(book, "wishes", "wished") == asked
            couple.leave(book)

    assert asked
    assert options(book, "wishes", "wished") == []
    assert SAY("forms.wishes_later") in shown(book, "wishes")


def test_a_page_that_opens_while_ready_stands_asks_again(couple, monkeypatch):
    with monkeypatch.context() as soon:
        soon.setattr(wishes, "REVEAL_TIMEOUT_S", 0.0)
        kim = couple.open(Seat.A)
        answer(kim, gives=True)
        ready(kim)
        wishes._processes[-1].wait(20)
        couple.leave(kim)
    couple.leave(couple.open(Seat.A))
    robin = couple.open(Seat.B)
    answer(robin, gives=False)

    ready(robin)

    assert _matches(robin) == {"soft_music"}


def test_what_is_played_told_and_resumed_is_the_plan_that_both_said_yes_to(couple):
    """Each chose a length on their own phone and said yes to it; one of them both agreed to."""
    kim = couple.open(Seat.A)
    answer(kim, gives=True)
    signals(kim)
    ready(kim)
    robin = couple.open(Seat.B)
    answer(robin, gives=False)
    signals(robin)
    ready(robin)

    def look():
        for book in (kim, robin):
            book.controller.catch_up()

    look()
    change(kim, minutes="5")
    look()
    try_signals(kim)
    look()
    for book, name in ((kim, "Kim"), (robin, "Robin")):
        press(book, "agreement", "affirm", name=name)
        look()
    change(robin, minutes="20")
    look()
    press(robin, "agreement", "affirm", name="Robin")
    look()

    happen(kim, Event.START)  # Robin's yes is to another plan now
    assert not kim.controller.is_under_way()
    change(kim, minutes="20")
    press(kim, "agreement", "affirm", name="Kim")
    look()
    change(robin, minutes="5")
    happen(kim, Event.START)

    agreed_to = kim.controller.snapshot.session.saved.value.plan
    assert plan_hash(kim.controller.view.guide.plan) == agreed_to
    assert [each.plan.minutes for each in kim.controller.snapshot.played] == [20]
    couple.leave(kim)
    kim = couple.open(Seat.A)
    assert plan_hash(kim.controller.view.guide.plan) == agreed_to
    assert kim.controller.is_under_way()

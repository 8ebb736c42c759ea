"""One turn played without a vault: each deed shows what the guide would show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.test_plan import OPEN, outcome_of
from tests.strategies import NOW, TABLES
from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import ConsentAnswers
from workbook.domain.levels import Level
from workbook.domain.seats import Seat
from workbook.domain.session import Phase
from workbook.domain.techniques import Position
from workbook.rules.playing import Deed, PlayedEvent, PlayEnd, play_turn

PLAN = outcome_of(OPEN, OPEN, 10, product="O-01", position=Position.PRONE).plan
GIVER, RECEIVER = Seat.A, Seat.B
BEGIN = PlayedEvent(0, GIVER, Deed.START)
FIRST_QUESTION = PLAN.check_ins[0].at


def play(*events, plan=PLAN):
    return play_turn(plan, dict.fromkeys(Seat, OPEN), (BEGIN, *events), NOW, TABLES)


def do(at, deed, by=RECEIVER, **more):
    return PlayedEvent(at, by, deed, **more)


def lines(found):
    return [(state.at, state.phase, state.says) for state in found.states]


def test_before_it_begins_nothing_is_under_the_hands():
    found = play_turn(PLAN, dict.fromkeys(Seat, OPEN), (), NOW, TABLES)

    (only,) = found.states
    assert (only.at, only.phase, only.area, only.says) == (0, Phase.READY, (), "start")
    assert (only.step, found.ended_by) == (0, None)


def test_untouched_it_shows_each_step_at_its_second_and_ends_by_itself():
    found = play()
    running = [state for state in found.states if state.phase is Phase.RUNNING]
    shown = {state.step: state.at for state in reversed(running)}
    begins, at = {}, 0
    for number, step in enumerate(PLAN.steps):
        begins[number] = at
        at += step.seconds

    assert shown == begins
    assert {state.step: state.area for state in running} == {
        number: step.parts for number, step in enumerate(PLAN.steps)
    }
    assert found.ended_by is PlayEnd.FINISH
    assert lines(found)[-1] == (PLAN.seconds, Phase.FINISHED, "finished_title")
    assert found.states[-1].area == ()
    assert {state.says for state in running} == {"step", "silent_aloud", "once_yes"}


def test_a_guarded_plan_says_how_silence_counts_and_pauses_by_itself():
    found = play(plan=replace(PLAN, guarded=True))

    says = {state.says for state in found.states}
    assert "silent_guarded" in says
    assert "silent_aloud" not in says
    assert found.states[-1].phase is Phase.PAUSED
    assert (found.states[-1].says, found.ended_by) == ("paused_title", None)


@pytest.mark.parametrize(
    ("event", "phase", "says", "ended"),
    [
        (do(100, Deed.STOP), Phase.STOPPED, "stopped_title", PlayEnd.STOP),
        (do(100, Deed.WITHDRAW), Phase.STOPPED, "lapsed_text", PlayEnd.WITHDRAW),
        (do(100, Deed.TAPS, taps=3), Phase.STOPPED, "stopped_title", PlayEnd.STOP),
        (do(100, Deed.TAPS, taps=7), Phase.STOPPED, "stopped_title", PlayEnd.STOP),
        (do(100, Deed.TAPS, taps=2), Phase.PAUSED, "paused_title", None),
        (do(100, Deed.PAUSE), Phase.PAUSED, "paused_title", None),
    ],
)
def test_what_stills_or_ends_it_does_so_at_once(event, phase, says, ended):
    found = play(event)

    assert lines(found)[-1] == (100, phase, says)
    assert found.ended_by is ended
    assert found.states[-1].area == ()


@pytest.mark.parametrize("event", [do(100, Deed.SOFTER), do(100, Deed.TAPS, taps=1)])
def test_softer_lowers_what_is_left_and_says_so_once(event):
    found = play(event)
    (softened,) = [state for state in found.states if state.says == "softer_now"]

    assert softened.at == 100
    before = [state for state in found.states if state.at < 100][-1]
    assert softened.cap < before.cap
    assert {state.cap for state in found.states if state.at > 100} == {softened.cap}
    assert found.ended_by is PlayEnd.FINISH


def test_going_on_is_the_receivers_word_and_a_pause_takes_no_time_of_the_plan():
    waits = play(do(100, Deed.PAUSE), do(150, Deed.GO_ON, by=GIVER))
    goes = play(do(100, Deed.PAUSE), do(150, Deed.GO_ON))

    assert waits.states[-1].phase is Phase.PAUSED
    assert goes.ended_by is PlayEnd.FINISH
    assert goes.states[-1].at == PLAN.seconds + 50
    assert (150, Phase.RUNNING) in [(at, phase) for at, phase, _ in lines(goes)]


def test_a_yes_lifts_what_is_played_to_what_is_planned():
    asked = next(state for state in play().states if state.says == "once_yes")
    found = play(do(asked.at + 1, Deed.YES))
    again = [s for s in found.states if s.at > asked.at + 1 and s.step == asked.step]

    assert "once_yes" not in {state.says for state in again}
    assert found.ended_by is PlayEnd.FINISH


def test_after_the_end_nothing_happens_any_more():
    stopped = play(do(100, Deed.STOP))

    assert play(do(100, Deed.STOP), do(101, Deed.GO_ON), do(102, Deed.WITHDRAW)) == stopped
    assert play(do(PLAN.seconds + 5, Deed.WITHDRAW)) == play()


def test_an_answer_that_closes_the_rest_ends_it_and_one_that_closes_a_place_leaves_it_out():
    gone = replace(OPEN, consent=ConsentAnswers(adult=True))
    ended = play(do(100, Deed.ANSWERS, answers=gone))
    mine = dict(OPEN.limits.receiving)
    tops = {part for part in mine if part.startswith("shoulder_tops")}
    fewer = replace(
        OPEN,
        limits=AreaAnswers({k: v for k, v in mine.items() if k not in tops}, OPEN.limits.giving),
    )
    tightened = play(do(100, Deed.ANSWERS, answers=fewer), do(130, Deed.GO_ON))

    assert ended.ended_by is PlayEnd.NOT_TONIGHT
    assert (ended.states[-1].at, ended.states[-1].phase) == (100, Phase.STOPPED)
    assert ended.states[-1].says.endswith("_text")
    assert (100, Phase.PAUSED, "tightened_other") in lines(tightened)
    later = [part for s in tightened.states if s.at >= 130 for part in s.area]
    assert later
    assert tops.isdisjoint(later)
    assert tightened.ended_by is PlayEnd.FINISH


def test_answers_given_with_another_deed_change_nothing():
    gone = replace(OPEN, consent=ConsentAnswers(adult=True))

    assert play(do(100, Deed.PAUSE, answers=gone)) == play(do(100, Deed.PAUSE))
    assert play(do(100, Deed.YES, answers=gone)) == play(do(100, Deed.YES))


def test_a_plan_that_becomes_tighter_while_hands_rest_says_so_and_one_of_a_stop_does_not():
    gone = replace(OPEN, consent=ConsentAnswers(adult=True))
    resting = play(do(90, Deed.PAUSE), do(100, Deed.ANSWERS, answers=gone))

    assert lines(resting)[-2] == (90, Phase.PAUSED, "paused_title")
    assert lines(resting)[-1][:2] == (100, Phase.STOPPED)
    assert play(do(90, Deed.STOP), do(100, Deed.ANSWERS, answers=gone)) == play(do(90, Deed.STOP))


def test_an_answer_that_changes_nothing_shows_nothing():
    assert play(do(100, Deed.ANSWERS, answers=OPEN)) == play()


def test_the_first_question_is_asked_at_its_second():
    found = play()
    first = next(state for state in found.states if state.says.startswith(("silent", "once")))

    assert first.at == FIRST_QUESTION
    assert [state.says for state in found.states if 0 < state.at < FIRST_QUESTION] == []
    begin = next(state for state in found.states if state.phase is Phase.RUNNING)
    assert (begin.at, begin.says) == (0, "step")
    asked = {check.at for check in PLAN.check_ins}
    assert {
        state.at for state in found.states if state.says.startswith(("silent", "once"))
    } >= asked
    assert first.cap is max(state.cap for state in found.states)
    assert found.states[0].cap >= Level.LOTION

"""The session: nothing leads out of stopped, nothing raises the cap, silence softens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_plan import plan_of
from tests.strategies import events, open_answers
from workbook.domain.evening import Answers
from workbook.domain.levels import Level
from workbook.domain.session import Event, Phase, Session
from workbook.rules.session import advance, begin_session, current_level

OVER = (Phase.STOPPED, Phase.FINISHED)
LEVELS = (Level.STILL, Level.SUNSCREEN, Level.MEDIUM, Level.STILL)
RUNNING = Session(4, Phase.RUNNING, 2, Level.MEDIUM, Level.MEDIUM, 0, LEVELS)
PAUSED = replace(RUNNING, phase=Phase.PAUSED)


def run(session, *happened):
    for event in happened:
        session = advance(session, event)
    return session


def random_sessions():
    levels = st.lists(st.sampled_from(Level), min_size=1, max_size=5).map(tuple)
    return levels.map(lambda each: Session(len(each), level=each[0], cap=max(each), levels=each))


def test_a_session_begins_ready_with_the_levels_of_its_plan():
    plan = plan_of(open_answers(), open_answers(), 20)

    session = begin_session(plan)

    levels = tuple(step.level for step in plan.steps)
    assert session == Session(len(levels), Phase.READY, 0, Level.STILL, max(levels), 0, levels)


def test_a_plan_without_steps_is_over_before_it_begins():
    plan = plan_of(open_answers(), Answers(), 20)

    assert begin_session(plan) == Session(0, Phase.FINISHED, level=Level.STILL, cap=Level.STILL)
    assert run(begin_session(plan), Event.START).phase is Phase.FINISHED


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in OVER])
def test_stop_ends_any_session_in_one_event(phase):
    assert run(replace(RUNNING, phase=phase), Event.STOP).phase is Phase.STOPPED


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("phase", OVER)
def test_nothing_leads_out_of_stopped_or_finished(phase, event):
    over = replace(RUNNING, phase=phase)

    assert advance(over, event) == over


def test_start_leads_to_running_and_next_through_the_steps():
    session = run(replace(RUNNING, phase=Phase.READY, step=0, level=Level.STILL), Event.START)

    assert session.phase is Phase.RUNNING
    assert run(session, Event.NEXT).level is Level.SUNSCREEN
    assert run(session, *[Event.NEXT] * 3).step == 3
    assert run(session, *[Event.NEXT] * 4).phase is Phase.FINISHED


def test_softer_caps_the_whole_rest_one_level_below_the_present_one():
    softer = run(RUNNING, Event.SOFTER)

    assert softer.cap is Level.SUNSCREEN
    assert current_level(softer) is Level.SUNSCREEN
    assert run(softer, Event.SOFTER).cap is Level.LOTION
    assert run(RUNNING, *[Event.SOFTER] * 9).cap is Level.STILL


def test_one_silence_softens_the_second_pauses_the_third_stops():
    first = run(RUNNING, Event.SILENCE)
    second = run(first, Event.SILENCE)

    assert (first.phase, first.cap, first.silences) == (Phase.RUNNING, Level.SUNSCREEN, 1)
    assert (second.phase, second.cap, second.silences) == (Phase.PAUSED, Level.SUNSCREEN, 2)
    assert run(second, Event.SILENCE).phase is Phase.STOPPED


@pytest.mark.parametrize("answer", [Event.FINE, Event.SOFTER])
def test_an_answer_ends_the_row_of_silences(answer):
    session = run(RUNNING, Event.SILENCE, answer, Event.SILENCE)

    assert run(RUNNING, Event.SILENCE, answer).silences == 0
    assert session.phase is Phase.RUNNING
    assert session.silences == 1


def test_asking_and_the_next_step_are_no_answer():
    session = run(RUNNING, Event.SILENCE, Event.NEXT, Event.ASK, Event.SILENCE)

    assert session.phase is Phase.PAUSED


def test_going_on_begins_the_count_of_silences_anew():
    session = run(RUNNING, Event.SILENCE, Event.SILENCE, Event.GO_ON)

    assert (session.phase, session.silences) == (Phase.RUNNING, 0)


@pytest.mark.parametrize("event", [event for event in Event if event is not Event.GO_ON])
def test_only_go_on_leads_from_a_pause_to_running(event):
    assert run(PAUSED, event).phase is not Phase.RUNNING
    assert run(PAUSED, Event.GO_ON).phase is Phase.RUNNING


@pytest.mark.parametrize("phase", [Phase.READY, Phase.PAUSED])
def test_softer_counts_before_the_start_and_in_a_pause_as_well(phase):
    softer = run(replace(RUNNING, phase=phase), Event.SOFTER)

    assert (softer.phase, softer.cap) == (phase, Level.SUNSCREEN)


def test_hands_are_still_in_a_pause():
    assert run(RUNNING, Event.PAUSE).phase is Phase.PAUSED
    assert current_level(run(RUNNING, Event.PAUSE)) is Level.STILL


@given(random_sessions(), events)
def test_nothing_ever_raises_the_cap(session, happened):
    for event in happened:
        after = advance(session, event)
        assert after.cap <= session.cap
        assert current_level(after) <= after.cap
        session = after


@given(random_sessions(), events)
def test_a_session_only_runs_after_start_and_through_its_own_steps(session, happened):
    last = run(session, *happened)

    if Event.START not in happened:
        assert last.phase in (Phase.READY, Phase.STOPPED)
    assert 0 <= last.step < last.steps
    assert last.level == last.levels[last.step]


@given(random_sessions(), events, events)
def test_after_a_stop_nothing_changes(session, before, after):
    stopped = run(session, *before, Event.STOP)

    assert stopped.phase in OVER
    assert run(stopped, *after) == stopped


@given(random_sessions(), events)
def test_two_silences_in_a_row_always_leave_hands_still(session, happened):
    quiet = run(session, *happened, Event.SILENCE, Event.SILENCE)

    assert current_level(quiet) is Level.STILL
    assert quiet.phase is not Phase.RUNNING

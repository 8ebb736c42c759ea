"""The session: nothing raises the cap, only a yes allows more, and silence ends nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_plan import plan_of
from tests.sessions import current_level
from tests.strategies import TABLES, games, open_answers, said_events, scripts
from workbook.domain.evening import Answers
from workbook.domain.levels import Level
from workbook.domain.session import (
    CLOCK_EVENTS,
    Event,
    OpenQuestion,
    Phase,
    RepeatedQuestion,
    ScriptStep,
    Session,
    SessionScript,
)
from workbook.rules.session import (
    advance,
    begin_session,
    end_of_step,
    make_script,
    pass_time,
    waits_for_yes,
)
from workbook.rules.session_table import TRANSITIONS, list_rows

OVER = (Phase.STOPPED, Phase.FINISHED)
STEPS = (
    ScriptStep(60, Level.STILL, ("nape",)),
    ScriptStep(240, Level.SUNSCREEN, ("low_back.left", "low_back.right")),
    ScriptStep(300, Level.MEDIUM, ("calves.left",)),
    ScriptStep(60, Level.LOTION, ("low_back.left",)),
    ScriptStep(60, Level.STILL, ("nape",)),
)
ALOUD = SessionScript(STEPS, questions=(0, 60, 200, 300, 550, 600))
GUARDED = replace(ALOUD, is_guarded=True)
TOTAL = 720


def after(script, *moves):
    """The session after what was said and the seconds that passed, in order."""
    session = begin_session(script)
    for move in moves:
        if isinstance(move, Event):
            session = advance(session, move, script)
        else:
            session, _ = pass_time(session, move, script)
    return session


def happenings(script, moves):
    """Each event with the session before and after it, those of the clock included."""
    session = begin_session(script)
    for move in moves:
        if isinstance(move, Event):
            later = advance(session, move, script)
            yield move, session, later
        else:
            later, happened = pass_time(session, move, script)
            for event, now in happened:
                yield event, session, now
                session = now
            yield None, session, later
        session = later


def names(happened):
    return [event for event, _ in happened]


# Where it begins


def test_a_session_begins_ready_with_the_times_levels_and_places_of_its_plan():
    plan = plan_of(open_answers(), open_answers(), 20)

    script = make_script(plan, TABLES)

    assert [(each.seconds, each.level, each.parts) for each in script.steps] == [
        (step.seconds, step.level, step.parts) for step in plan.steps
    ]
    assert script.questions == tuple(check.at for check in plan.check_ins)
    assert (script.is_guarded, script.answer_s, script.repeat_s, script.shown_s) == (
        False, 10, 60, 30,
    )  # fmt: skip
    highest = max(step.level for step in plan.steps)
    assert begin_session(script) == Session(cap=highest, allowed=Level.LOTION)


def test_a_guarded_plan_makes_a_guarded_session():
    plan = replace(plan_of(open_answers(), open_answers(), 20), guarded=True)

    assert make_script(plan, TABLES).is_guarded


def test_a_plan_without_steps_is_over_before_it_begins():
    script = make_script(plan_of(open_answers(), Answers(), 20), TABLES)

    session = begin_session(script)

    assert session == Session(phase=Phase.FINISHED, cap=Level.STILL)
    assert after(script, Event.START, 10) == session
    assert current_level(session, script) is Level.STILL


# One event


@pytest.mark.parametrize("before", [(), (Event.START, 70), (Event.START, 70, Event.PAUSE)])
def test_stop_ends_any_session_in_one_event(before):
    stopped = after(ALOUD, *before, Event.STOP)

    assert stopped.phase is Phase.STOPPED
    assert (stopped.open, stopped.repeat) == (None, None)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("phase", OVER)
def test_nothing_leads_out_of_stopped_or_finished(phase, event):
    over = replace(after(ALOUD, Event.START, 70), phase=phase)

    assert advance(over, event, ALOUD) == over
    assert not [row for row in TRANSITIONS if row.phase in OVER]


@pytest.mark.parametrize("event", [event for event in Event if event is not Event.GO_ON])
def test_only_go_on_leads_from_a_pause_to_running(event):
    paused = after(ALOUD, Event.START, 70, Event.PAUSE)

    assert advance(paused, event, ALOUD).phase is not Phase.RUNNING
    assert advance(paused, Event.GO_ON, ALOUD).phase is Phase.RUNNING


@pytest.mark.parametrize("event", [Event.PAUSE, Event.TIGHTEN])
def test_hands_are_still_in_a_pause_and_the_clock_stands(event):
    paused = after(ALOUD, Event.START, 61, event)

    assert paused.phase is Phase.PAUSED
    assert paused.open is None
    assert current_level(paused, ALOUD) is Level.STILL
    assert pass_time(paused, 3600, ALOUD) == (paused, ())


def test_softer_caps_the_whole_rest_one_level_below_the_present_one():
    running = after(ALOUD, Event.START, 60, Event.YES, 5)
    assert current_level(running, ALOUD) is Level.SUNSCREEN

    softer = advance(running, Event.SOFTER, ALOUD)

    assert softer.cap is Level.LOTION
    assert current_level(softer, ALOUD) is Level.LOTION
    for _ in range(9):
        running = advance(running, Event.SOFTER, ALOUD)
    assert running.cap is Level.STILL


def test_softer_before_the_yes_is_softer_than_the_hands_and_not_than_the_plan():
    softer = after(ALOUD, Event.START, 65, Event.SOFTER)

    assert softer.cap is Level.STILL


def test_softer_in_a_pause_counts_and_hands_stay_still():
    softer = after(ALOUD, Event.START, 60, Event.YES, Event.PAUSE, Event.SOFTER)

    assert (softer.phase, softer.cap) == (Phase.PAUSED, Level.LOTION)


def test_what_a_yes_after_softer_allows_stays_under_the_cap():
    session = after(ALOUD, Event.START, 60, Event.YES, 5, Event.SOFTER, 240, Event.YES)

    assert (session.step, session.allowed) == (2, Level.SUNSCREEN)
    assert current_level(session, ALOUD) is Level.LOTION
    assert not waits_for_yes(session, ALOUD)


# The yes


def test_a_yes_holds_for_the_level_shown_and_each_higher_one_asks_again():
    first = after(ALOUD, Event.START, 60, Event.YES)
    second = after(ALOUD, Event.START, 60, Event.YES, 240)

    assert (first.allowed, second.step) == (Level.SUNSCREEN, 2)
    assert waits_for_yes(second, ALOUD)
    assert current_level(second, ALOUD) is Level.SUNSCREEN
    assert after(ALOUD, Event.START, 60, Event.YES, 240, Event.YES).allowed is Level.MEDIUM


def test_without_a_yes_the_hands_stay_as_light_as_before():
    levels = {current_level(after(ALOUD, Event.START, at), ALOUD) for at in range(1, TOTAL, 7)}

    assert levels == {Level.STILL, Level.LOTION}


@pytest.mark.parametrize("moves", [(Event.START, 1), (Event.START, 60, Event.FINE), ()])
def test_a_yes_to_nothing_firmer_or_to_no_question_allows_nothing(moves):
    session = after(ALOUD, *moves, Event.YES)

    assert session.allowed is Level.LOTION


def test_a_yes_to_the_first_question_only_answers_it():
    asked = after(ALOUD, Event.START, 1)
    assert asked.open == OpenQuestion(0, 29)

    assert advance(asked, Event.YES, ALOUD) == replace(asked, open=None)


def test_a_yes_without_a_question_changes_nothing():
    session = after(ALOUD, Event.START, 60, Event.FINE)

    assert waits_for_yes(session, ALOUD)
    assert advance(session, Event.YES, ALOUD) == session


# Questions on the screen


def test_a_question_leaves_the_screen_by_itself_after_its_time():
    _, happened = pass_time(after(ALOUD, Event.START), 59, ALOUD)

    assert [(event, now.elapsed) for event, now in happened] == [(Event.ASK, 0), (Event.CLOSE, 30)]


def test_the_question_about_a_firmer_level_stays_until_its_step_is_over():
    asked = after(ALOUD, Event.START, 60)
    assert asked.open == OpenQuestion(1, 240)

    later, happened = pass_time(asked, 239, ALOUD)

    assert (later.open, happened) == (OpenQuestion(1, 1), ())


def test_of_two_that_came_due_while_one_was_open_only_the_last_is_asked():
    script = replace(ALOUD, questions=(0, 10, 20))

    session, happened = pass_time(after(script, Event.START), 31, script)

    assert names(happened) == [Event.ASK, Event.CLOSE, Event.ASK]
    assert (session.open, session.asked) == (OpenQuestion(2, 29), 2)


# Guarded questions


def test_the_first_silence_softens_and_asks_again_the_second_stills_and_waits():
    first, _ = pass_time(after(GUARDED, Event.START), 10, GUARDED)
    second, happened = pass_time(after(GUARDED, Event.START), 5000, GUARDED)

    assert (first.phase, first.cap, first.silences) == (Phase.RUNNING, Level.STILL, 1)
    assert first.repeat == RepeatedQuestion(0, 70)
    # The question at 60 comes before the one at 0 does again.
    assert [(event, now.elapsed) for event, now in happened] == [
        (Event.ASK, 0), (Event.SILENCE, 10), (Event.NEXT, 60), (Event.ASK, 60),
        (Event.SILENCE, 70),
    ]  # fmt: skip
    assert (second.phase, second.silences) == (Phase.PAUSED, 2)
    assert pass_time(second, 86_400, GUARDED) == (second, ())


def test_a_question_that_was_not_answered_is_asked_once_more():
    script = replace(GUARDED, questions=(100,))

    session, happened = pass_time(after(script, Event.START), 171, script)

    assert [(event, now.elapsed) for event, now in happened] == [
        (Event.NEXT, 60), (Event.ASK, 100), (Event.SILENCE, 110), (Event.ASK, 170),
    ]  # fmt: skip
    assert session.open == OpenQuestion(0, 9)


@pytest.mark.parametrize(
    "answer", [Event.FINE, Event.YES, Event.SOFTER, Event.SKIP, Event.LEAVE], ids=str
)
def test_an_answer_ends_the_row_of_silences(answer):
    silent = after(GUARDED, Event.START, 62)
    assert (silent.silences, silent.open) == (1, OpenQuestion(1, 8))

    answered = advance(silent, answer, GUARDED)

    assert (answered.silences, answered.open, answered.repeat) == (0, None, None)


def test_going_on_begins_the_count_of_silences_anew():
    paused = after(GUARDED, Event.START, 100)
    assert (paused.phase, paused.silences) == (Phase.PAUSED, 2)

    session = advance(paused, Event.GO_ON, GUARDED)

    assert (session.phase, session.silences) == (Phase.RUNNING, 0)


# Skip and leave


def test_skip_goes_to_the_next_step_and_its_question_and_passes_over_those_between():
    skipped = after(ALOUD, Event.START, 70, Event.SKIP)
    session, happened = pass_time(skipped, 0, ALOUD)

    assert (skipped.elapsed, skipped.asked, skipped.open) == (300, 2, None)
    assert names(happened) == [Event.NEXT, Event.ASK]
    assert (session.step, session.open.index) == (2, 3)


def test_skipping_the_last_step_is_the_end():
    session = after(ALOUD, Event.START, 700, Event.SKIP, 0)

    assert (session.phase, session.elapsed) == (Phase.FINISHED, TOTAL)


def test_a_place_that_is_left_alone_is_passed_over_and_one_with_another_place_is_not():
    places = [("nape",), ("feet.left",), ("feet.left",), ("feet.left", "nape"), ("nape",)]
    steps = tuple(ScriptStep(60, Level.LOTION, each) for each in places)
    script = SessionScript(steps)

    left = after(script, Event.START, 61, Event.LEAVE, 0)

    assert (left.step, left.elapsed, left.left_alone) == (3, 180, ("feet.left",))
    assert after(script, Event.START, 61, Event.LEAVE, 0, 61).step == 4


def test_the_closing_hold_is_never_left_out():
    session = after(ALOUD, Event.START, 5, Event.LEAVE, 601)

    assert session.left_alone == ("nape",)
    assert (session.step, session.phase) == (4, Phase.RUNNING)


def test_a_place_left_alone_in_a_pause_leaves_hands_still():
    left = after(ALOUD, Event.START, 70, Event.PAUSE, Event.LEAVE, 500)

    assert (left.phase, left.elapsed) == (Phase.PAUSED, 300)
    assert after(ALOUD, Event.START, 70, Event.PAUSE, Event.LEAVE, Event.GO_ON, 0).step == 2


# The table


def test_the_rows_for_the_page_say_the_same_as_the_table():
    assert [
        (row["phase"], row["event"], row["to"], row["effects"], row["when"]) for row in list_rows()
    ] == [(each.phase, each.event, each.to, list(each.effects), each.when) for each in TRANSITIONS]


def test_the_clock_does_nothing_to_hands_that_rest():
    assert {row.phase for row in TRANSITIONS if row.event in CLOCK_EVENTS} == {Phase.RUNNING}


# Laws


@given(st.data(), scripts())
def test_the_cap_never_rises_and_hands_are_never_above_it(data, script):
    moves = data.draw(games(script, tuple(Event)))
    for _, before, now in happenings(script, moves):
        assert now.cap <= before.cap
        level = current_level(now, script)
        assert level <= min(now.cap, now.allowed, script.steps[now.step].level)
        assert now.phase is Phase.RUNNING or level is Level.STILL


@given(st.data(), scripts())
def test_only_a_yes_to_the_question_about_a_firmer_step_allows_that_step(data, script):
    moves = data.draw(games(script, tuple(Event)))
    for event, before, now in happenings(script, moves):
        assert now.allowed >= before.allowed
        if now.allowed == before.allowed:
            continue
        assert event is Event.YES
        assert before.open is not None
        assert script.steps[before.step].level > before.allowed
        assert now.allowed is script.steps[before.step].level


@given(st.data(), scripts())
def test_nothing_ever_leads_out_of_the_end(data, script):
    moves = data.draw(games(script, tuple(Event)))
    for event, before, now in happenings(script, moves):
        if before.phase in OVER:
            assert now == before
        elif now.phase is Phase.STOPPED:
            assert event is Event.STOP
        elif now.phase is Phase.FINISHED:
            assert event is Event.FINISH


@given(st.data(), scripts())
def test_one_stop_ends_whatever_went_before_for_good(data, script):
    before, later = data.draw(games(script)), data.draw(games(script))

    stopped = after(script, *before, Event.STOP)

    assert stopped.phase in OVER
    assert after(script, *before, Event.STOP, *later) == stopped


@given(st.data(), scripts())
def test_hands_move_only_after_begin_or_go_on(data, script):
    moves = data.draw(games(script))
    for event, before, now in happenings(script, moves):
        if now.phase is Phase.RUNNING and before.phase is not Phase.RUNNING:
            assert event is {Phase.READY: Event.START, Phase.PAUSED: Event.GO_ON}[before.phase]


@given(st.data(), scripts(guarded=False))
def test_where_questions_are_asked_aloud_silence_changes_nothing(data, script):
    moves = data.draw(games(script))
    for event, before, now in happenings(script, moves):
        assert event is not Event.SILENCE
        assert (now.silences, now.repeat) == (0, None)
        if event in CLOCK_EVENTS or event is None:
            assert (now.cap, now.allowed) == (before.cap, before.allowed)
            assert now.phase is before.phase or event is Event.FINISH


@given(st.data(), scripts(guarded=False))
def test_a_whole_plan_that_nobody_touches_runs_to_its_last_second(data, script):
    total = sum(step.seconds for step in script.steps)
    ticks = data.draw(st.lists(st.integers(0, 400), max_size=8))
    until = min(sum(ticks), total - 1)
    while sum(ticks) > until:
        ticks[-1:] = [max(0, ticks[-1] - (sum(ticks) - until))] if ticks[-1] else []

    running = after(script, Event.START, *ticks)
    finished = after(script, Event.START, *ticks, total - until, 100)

    assert (running.phase, running.elapsed) == (Phase.RUNNING, until)
    assert after(script, Event.START, *ticks, total - until - 0.5).phase is Phase.RUNNING
    assert (finished.phase, finished.elapsed) == (Phase.FINISHED, total)
    assert finished.cap == begin_session(script).cap


@given(st.data(), scripts(guarded=True))
def test_two_guarded_questions_without_an_answer_still_the_hands_and_end_nothing(data, script):
    moves = data.draw(games(script, tuple(e for e in said_events if e is not Event.STOP)))
    row = 0
    for event, before, now in happenings(script, moves):
        assert now.phase is not Phase.STOPPED
        if event is Event.SILENCE:
            row += 1
            first = now.phase is Phase.RUNNING and now.cap <= max(before.cap - 1, Level.STILL)
            still = now.phase is Phase.PAUSED and now.cap == before.cap
            assert first if row == 1 else still
            assert now.open is None
        elif (
            event is not None
            and event not in CLOCK_EVENTS
            and now != before
            and (event not in (Event.PAUSE, Event.TIGHTEN))
        ):
            row = 0 if now.silences == 0 else row
        assert now.silences == row


@given(st.data(), scripts())
def test_time_does_the_same_however_late_its_ticks_come(data, script):
    session = after(script, *data.draw(games(script)))
    parts = data.draw(st.lists(st.integers(0, 200), max_size=5))

    at_once, happened = pass_time(session, sum(parts), script)

    each, one_by_one = session, []
    for part in (*parts, 0):
        each, events = pass_time(each, part, script)
        one_by_one += events
    assert each == pass_time(at_once, 0, script)[0]
    assert one_by_one == [*happened]


@given(st.data(), scripts())
def test_a_place_left_alone_is_touched_no_more_but_by_the_closing_hold(data, script):
    left = ()
    session = begin_session(script)
    for move in data.draw(games(script)):
        if isinstance(move, Event):
            session = advance(session, move, script)
        session, _ = pass_time(session, 0 if isinstance(move, Event) else move, script)
        assert session.left_alone[: len(left)] == left
        left = session.left_alone
        parts = script.steps[session.step].parts
        if session.phase is Phase.RUNNING and session.step < len(script.steps) - 1 and parts:
            assert not set(parts) <= set(left)


@given(st.data(), scripts())
def test_a_skip_or_a_place_left_alone_goes_to_the_end_of_the_step(data, script):
    session = after(script, *data.draw(games(script)))
    if session.phase is not Phase.RUNNING:
        return
    for event in (Event.SKIP, Event.LEAVE):
        later = advance(session, event, script)
        assert later.elapsed == end_of_step(script, session.step)
        assert (later.step, later.open, later.silences) == (session.step, None, 0)
        assert (later.cap, later.allowed) == (session.cap, session.allowed)


@given(st.data(), scripts())
def test_a_session_stays_within_its_plan_and_its_clock_never_goes_back(data, script):
    total = sum(step.seconds for step in script.steps)
    for _, before, now in happenings(script, data.draw(games(script))):
        assert before.elapsed <= now.elapsed <= total
        assert before.step <= now.step < len(script.steps)
        assert before.asked <= now.asked < len(script.questions)
        assert now.elapsed <= end_of_step(script, now.step)

"""The view of an evening as a table: from saved values to what the page shows, without a vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.app.evening import PEOPLE, TABLES
from workbook.app.snapshot import OwnAnswers, PlayedPlan, Snapshot, WishState
from workbook.app.steps import EveningState
from workbook.app.view import Choices, make_view
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import (
    AgreementEvent,
    AgreementKind,
    ConsentAnswers,
    FreeYes,
    SignalChoice,
    Signals,
    Standing,
)
from workbook.domain.evening import (
    AftercareAnswers,
    Energy,
    Hands,
    IntentionAnswers,
    IntentionCard,
    RoomCard,
    StillTrue,
    TimeAnswers,
    Willing,
)
from workbook.domain.health import HealthAnswers, ReportedCondition
from workbook.domain.learning import LearnedRow, NextDay, PastEvenings, Reason, Setting
from workbook.domain.levels import Duet, Level, PressureAnswers
from workbook.domain.products import OilAnswers
from workbook.domain.seats import Seat
from workbook.domain.session import Phase
from workbook.domain.shares import NOT_TONIGHT
from workbook.domain.techniques import Coverage, Pace, Position, TechniqueAnswers
from workbook.domain.topics import (
    AFTER_STEPS,
    NEXT_DAY_STEP,
    RETURN_STEPS,
    STEPS,
    TOGETHER_STEPS,
    list_standing,
)
from workbook.rules import session as session_rules
from workbook.store.evenings import Evening
from workbook.store.records import Saved
from workbook.store.sessions import SessionRecord, StoredSession

NOW = datetime(2026, 11, 20, 20, 0)
TODAY = NOW.date()
BACK = ("nape", "shoulder_tops", "shoulder_blades", "mid_back", "low_back")
STANDING = frozenset(topic.name for topic in list_standing())


def saved(value):
    return Saved(value, 1, NOW)


def answers(seat):
    """Everything a first evening asks; A gives and B receives."""
    gives = seat is Seat.A
    places = {part: AreaMark.OPEN for area in BACK for part in TABLES.areas[area].parts}
    return {
        "consent": ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.YES),
        "intentions": IntentionAnswers(frozenset({"unwind"})),
        "time": TimeAnswers(
            willing=frozenset({Willing.GIVE if gives else Willing.RECEIVE}),
            minutes_receiving=None if gives else 20,
            minutes_giving=20 if gives else None,
            energy=Energy.ENOUGH if gives else None,
            hands=Hands.FINE if gives else None,
            on=TODAY,
        ),
        "still": StillTrue(STANDING),
        "limits": AreaAnswers(giving=places) if gives else AreaAnswers(receiving=places),
        "coverage": Coverage.PARTLY,
        "health": HealthAnswers(
            asked=frozenset(q.key for q in TABLES.questions if q.opens is None), on=TODAY
        ),
        "pressure": PressureAnswers(giving=Level.MEDIUM)
        if gives
        else PressureAnswers(overall=Level.MEDIUM),
        "techniques": TechniqueAnswers(
            techniques=frozenset({"HOLD", "EFF", "PET"}), pace=Pace.SLOW, position=Position.PRONE
        ),
        "oils": OilAnswers(answered=True),
        "aftercare": AftercareAnswers(("AC-01",)),
    }


def own(given, **more):
    return OwnAnswers({k: saved(v) for k, v in given.items()}, PastEvenings(**more), frozenset())


def snapshot(seat=Seat.B, given=None, **more):
    """Nothing is saved but the answers that are given."""
    blank = Snapshot(
        seat=seat,
        people=PEOPLE,
        evening=Evening("tonight", TODAY, NOW - timedelta(minutes=30)),
        has_earlier_evening=False,
        has_earlier_session=False,
        own=own(answers(seat) if given is None else given),
        shares={},
        signals=Signals(),
        duet=Duet(),
        room=RoomCard(),
        intention=IntentionCard(),
        events=(),
        last_event=0,
        agreed_plan=None,
        played=(),
        wishes=WishState(bytes(16), None, None, frozenset()),
        thanks={},
        debrief=None,
        next_day=None,
        next_day_evening=None,
        clock_is_behind=False,
    )
    return replace(blank, **more)


def view(shot, **more):
    return make_view(shot, TABLES, NOW, Choices(TODAY, **more))


def handed_in(*seats, seat=Seat.B, **more):
    """Those seats have handed in what their answers mean."""
    shares = {each: view(snapshot(each)).share for each in seats}
    return snapshot(seat, shares=shares, **more)


TRIED = Signals(tried_on=TODAY, chosen=dict.fromkeys(Seat, SignalChoice("lantern", "many_taps")))


def both_ready(**more):
    return handed_in(*Seat, signals=TRIED, **more)


def yes(*seats, plan_hash=None):
    about = plan_hash or view(both_ready()).proposal.plan_hash
    return tuple(AgreementEvent(AgreementKind.AFFIRMED, seat, about, TODAY) for seat in seats)


def playing(phase, **more):
    """A session of the plan that both said yes to, in this phase."""
    proposal = view(both_ready()).proposal
    session = replace(
        session_rules.begin_session(session_rules.make_script(proposal.plan, TABLES)),
        phase=phase,
        **more,
    )
    record = SessionRecord(proposal.plan_hash, session)
    return (PlayedPlan(proposal.plan, StoredSession(1, saved(record))),)


# The stop signals -----------------------------------------------------------------------------


def test_no_yes_is_possible_while_one_person_alone_has_chosen_signals():
    one = replace(TRIED, chosen={Seat.A: TRIED.choice_of(Seat.A)})

    assert view(both_ready()).proposal.can_affirm
    assert not view(handed_in(*Seat, signals=one)).proposal.can_affirm


# What is still open --------------------------------------------------------------------------


def without(*topics, seat=Seat.B):
    return {k: v for k, v in answers(seat).items() if k not in topics}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, {"consent", "time", "limits", "health", "pressure", "techniques"}),
        (answers(Seat.B), set()),
        (without("limits"), {"limits"}),
        (without("pressure", "techniques"), {"pressure", "techniques"}),
        ({**answers(Seat.B), "consent": ConsentAnswers(FreeYes.YES, adult=True)}, {"consent"}),
        (
            {
                **answers(Seat.B),
                "time": replace(answers(Seat.B)["time"], on=TODAY - timedelta(days=1)),
            },
            {"time"},
        ),
        (
            {**answers(Seat.B), "health": HealthAnswers(on=TODAY)},
            {"health"},
        ),
        (without("oils", "aftercare", "coverage", "intentions"), set()),
    ],
)
def test_what_matters_for_the_plan_and_is_blank_is_named(given, missing):
    assert set(view(snapshot(given=given)).ready.missing) == missing


@pytest.mark.parametrize(
    ("given", "is_open"),
    [
        ({}, {"intentions", "limits", "health", "touch", "setting", "tonight"}),
        (answers(Seat.B), {"tonight"}),
        (without("coverage"), {"touch", "tonight"}),
        (without("oils"), {"setting", "tonight"}),
        (without("consent"), {"intentions", "tonight"}),
        (without("time"), {"touch", "tonight"}),
    ],
)
def test_a_chapter_is_done_once_all_its_topics_are(given, is_open):
    marks = view(snapshot(given=given)).chapters

    assert {chapter for chapter, mark in marks.items() if mark == "open"} == is_open


def test_a_standing_answer_counts_only_once_it_is_confirmed():
    given = {**answers(Seat.B), "still": StillTrue(STANDING - {"limits"})}

    shown = view(snapshot(given=given, has_earlier_evening=True))

    assert shown.answers.limits == AreaAnswers()
    assert not shown.is_confirmed
    assert {"limits", "still"} <= set(shown.ready.missing)


def test_an_age_that_was_given_on_an_earlier_evening_is_remembered():
    shot = snapshot(given=without("consent"))
    shot = replace(shot, own=own(without("consent"), adult=True))

    assert view(shot).answers.consent == ConsentAnswers(adult=True)


def test_what_was_learned_is_judged_when_it_is_read():
    row = LearnedRow("earlier", Setting("feet", Level.STILL, Reason.A_BIT_LESS, TODAY))
    gone = LearnedRow("earlier", Setting("no_such_area", None, Reason.STRONG, TODAY))
    shot = replace(snapshot(), own=own(answers(Seat.B), learned=(row, gone)))

    assert view(shot).answers.learned.each == (row.setting,)


# The state of the evening ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liked", "counts"), [((), False), (("one",), False), (("one", "two"), True)]
)
def test_fewer_questions_count_only_while_two_evenings_were_liked(liked, counts):
    given = answers(Seat.B)
    given["techniques"] = replace(given["techniques"], asks_less=True)

    seen = view(snapshot(own=own(given, liked=liked)))

    assert seen.may_ask_less is counts
    assert seen.share.receiving.asks_less is counts


@pytest.mark.parametrize(
    ("shot", "ready", "tonight", "standing", "plays"),
    [
        (snapshot(), set(), False, Standing.NONE, False),
        (handed_in(Seat.A), {Seat.A}, False, Standing.NONE, False),
        (both_ready(), set(Seat), True, Standing.NONE, False),
        (both_ready(events=yes(Seat.A)), set(Seat), True, Standing.ONE, False),
        (both_ready(events=yes(*Seat)), set(Seat), True, Standing.STANDS, True),
        (both_ready(events=yes(*Seat, plan_hash="another")), set(Seat), True, Standing.ENDED, True),
        (
            both_ready(events=yes(*Seat), played=playing(Phase.RUNNING)),
            set(Seat),
            True,
            Standing.STANDS,
            True,
        ),
    ],
    ids=["first", "one ready", "both ready", "one yes", "agreed", "another plan", "under way"],
)
def test_where_an_evening_is_follows_from_what_is_saved(shot, ready, tonight, standing, plays):
    shown = view(shot)

    assert shown.proposal.ready == ready
    assert shown.proposal.tonight is tonight
    assert shown.proposal.standing is standing
    assert (shown.guide.plan is not None) is plays


@pytest.mark.parametrize("seat", Seat)
def test_not_tonight_of_either_is_not_tonight_for_both(seat):
    shot = both_ready()
    shot = replace(shot, shares={**shot.shares, seat: NOT_TONIGHT})

    shown = view(shot)

    assert not shown.proposal.tonight
    assert shown.proposal.plan is None
    assert not (shown.may_ask_wishes and seat is shot.seat)


def test_a_guide_under_way_plays_what_both_agreed_to_whatever_the_answers_say_since():
    shot = both_ready(events=yes(*Seat), played=playing(Phase.RUNNING, step=1))
    agreed = shot.played[0].plan
    tighter = answers(Seat.B)
    tighter["pressure"] = PressureAnswers(overall=Level.LOTION)

    shown = view(replace(shot, own=own(tighter)))

    assert shown.guide.plan == agreed
    assert shown.guide.resume.phase is Phase.RUNNING
    assert shown.guide.resume.step == 1
    assert shown.share_is_outdated


def test_once_a_massage_is_over_the_days_end_takes_nothing_off_the_page():
    shot = both_ready(events=yes(*Seat), played=playing(Phase.FINISHED))

    shown = make_view(shot, TABLES, NOW + timedelta(hours=9), Choices(TODAY))

    assert not shown.share.tonight
    assert not shown.share_is_outdated
    assert not shown.ready.day_is_over
    assert shown.chapters["tonight"] == "done"


def test_a_page_that_is_open_when_its_day_ends_says_that_its_day_is_over():
    shown = make_view(snapshot(), TABLES, NOW + timedelta(hours=9), Choices(TODAY))

    assert shown.ready.day_is_over


def test_what_each_would_like_afterwards_stays_when_an_answer_changes_after_the_end():
    before = view(both_ready())
    over = both_ready(played=playing(Phase.STOPPED))
    over = replace(over, shares={**over.shares, Seat.A: NOT_TONIGHT})

    assert before.landing is not None
    assert view(over, landing=before.landing).landing == before.landing
    assert view(replace(over, played=()), landing=before.landing).landing is None


@pytest.mark.parametrize(("flame", "played", "warns"), [(True, True, True), (True, False, False)])
def test_a_flame_is_named_once_the_massage_is_over(flame, played, warns):
    shot = both_ready(room=RoomCard(flame=flame), played=playing(Phase.FINISHED) if played else ())

    assert view(shot).has_flame is warns


def test_a_fever_said_today_is_answered_before_the_rest_is_confirmed():
    fever = next(q.key for q in TABLES.questions if q.tonight)
    key = next(s.key for q in TABLES.questions if q.tonight for s in q.statements)
    health = HealthAnswers(asked=frozenset({fever}), ticked={key: ReportedCondition()}, on=TODAY)
    given = {**answers(Seat.B), "health": health, "still": StillTrue()}

    shown = view(snapshot(given=given, has_earlier_evening=True))

    assert shown.answers.health == HealthAnswers()
    assert shown.ready.meaning is not None


def test_the_steps_of_a_first_evening_come_in_the_order_of_the_topics_and_say_how_far_they_are():
    given = answers(Seat.B)
    del given["techniques"], given["time"]

    steps = view(snapshot(given=given)).steps

    assert steps.state is EveningState.ASKING
    assert tuple(steps.states) == STEPS
    done = ("intention", "health", "places", "skin")
    half = ("role", "body", "firmness", "cover", "after")  # the stop signals are still to be chosen
    marks = dict.fromkeys(done, "done") | dict.fromkeys(half, "half")
    assert {step: state for step, state in steps.states.items() if state != "open"} == marks
    assert steps.first == "role"


def test_who_has_said_nothing_yet_is_asked_how_to_begin():
    assert view(snapshot(given={})).steps.first == "welcome"


def test_who_comes_back_has_two_steps():
    steps = view(snapshot(has_earlier_evening=True)).steps

    assert tuple(steps.states) == RETURN_STEPS
    assert steps.first == "ready"


def test_the_questions_of_the_day_after_come_first():
    shot = snapshot(has_earlier_evening=True, next_day=NextDay(TODAY), next_day_evening="last")
    steps = view(shot, asks_next_day=True).steps
    said = view(replace(shot, next_day=NextDay(TODAY, glad=True)), asks_next_day=True).steps

    assert tuple(steps.states) == (NEXT_DAY_STEP, *RETURN_STEPS)
    assert steps.first == NEXT_DAY_STEP
    assert said.states[NEXT_DAY_STEP] == "done"
    assert said.first == "ready"
    assert tuple(view(shot).steps.states) == RETURN_STEPS


@pytest.mark.parametrize("seat", Seat)
def test_ready_is_done_for_who_has_handed_in(seat):
    steps = view(handed_in(seat)).steps

    assert steps.state is EveningState.ASKING
    assert steps.states["ready"] == ("done" if seat is Seat.B else "open")


@pytest.mark.parametrize(
    ("shot", "state", "first"),
    [
        (both_ready(), EveningState.TOGETHER, "sit"),
        (both_ready(events=yes(Seat.A)), EveningState.TOGETHER, "agree"),
        (both_ready(events=yes(*Seat)), EveningState.TOGETHER, "agree"),
        (both_ready(played=playing(Phase.RUNNING)), EveningState.TOGETHER, "agree"),
        (both_ready(played=playing(Phase.FINISHED)), EveningState.AFTER, "thanks"),
        (both_ready(played=playing(Phase.STOPPED)), EveningState.AFTER, "thanks"),
    ],
    ids=["both_ready", "one_yes", "both_yes", "hands_on", "finished", "stopped"],
)
def test_the_steps_follow_where_the_evening_is(shot, state, first):
    steps = view(shot).steps

    assert (steps.state, steps.first) == (state, first)
    listed = TOGETHER_STEPS if state is EveningState.TOGETHER else AFTER_STEPS
    assert tuple(steps.states) == listed


def test_another_turn_that_was_chosen_leads_back_to_the_plan():
    steps = view(both_ready(played=playing(Phase.FINISHED)), goes_on=True).steps

    assert (steps.state, steps.first) == (EveningState.TOGETHER, "sit")


def test_nothing_follows_the_reveal_where_there_is_no_plan():
    not_tonight = both_ready()
    not_tonight = replace(not_tonight, shares={**not_tonight.shares, Seat.A: NOT_TONIGHT})

    assert tuple(view(not_tonight).steps.states) == ("reveal",)

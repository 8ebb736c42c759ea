"""Tightening: a plan that was agreed to only ever loses, before it begins and while it runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_plan import (
    OPEN,
    assert_still_ends,
    cued,
    keys,
    only,
    outcome_of,
    parts,
    plan_of,
    random_limits,
    starts,
)
from tests.rules.test_session import after
from tests.sessions import current_level
from tests.strategies import CODES, NOW, TABLES, games, levels, open_answers, said_events, turns
from workbook.domain.areas import AreaAnswers, AreaMark, Side
from workbook.domain.evening import Answers, Willing
from workbook.domain.levels import Level
from workbook.domain.plan import CheckIn, CueKind
from workbook.domain.seats import Seat
from workbook.domain.session import Event, Phase, SessionEnd
from workbook.domain.techniques import Coverage, Pace, Position, TechniqueAnswers
from workbook.rules.areas import side_of
from workbook.rules.limits import share
from workbook.rules.plan import agreed_hash, choose_minutes, make, plan_hash
from workbook.rules.screening import screen
from workbook.rules.session import advance, begin_session, make_script, pass_time
from workbook.rules.strokes import count_passes
from workbook.rules.tightening import (
    Tightened,
    follow_shares,
    tighten_plan,
    tighten_session,
)


def area_of(part):
    return part.partition(".")[0]


def less(limits, *, without=(), cap=None, **changes):
    """``limits`` without these areas or regions, and with no level above ``cap``."""
    left = {
        part: level if cap is None else min(level, cap)
        for part, level in limits.levels.items()
        if not {part, area_of(part), TABLES.areas[area_of(part)].region} & set(without)
    }
    return replace(limits, levels=left, **changes)


def made(giver=OPEN, receiver=OPEN, minutes=20, **turn):
    """A plan, and what it was made from."""
    outcome = outcome_of(giver, receiver, minutes, **turn)
    return outcome.plan, outcome.limits


def timed(step, seconds, **changes):
    """``step`` with so many seconds, and as many rounds as fit into them."""
    return replace(
        step, seconds=seconds, passes=count_passes(step.stroke, seconds, TABLES), **changes
    )


def started(plan, *moves):
    """A session of the plan after it began and these moves."""
    return after(make_script(plan, TABLES), Event.START, *moves)


def tell(steps):
    return [(step.key, step.technique, step.seconds) for step in steps]


# Before it begins


def test_leaving_out_a_region_shortens_the_plan():
    plan, limits = made()

    tighter = tighten_plan(plan, less(limits, without=("neck_shoulders",)), TABLES)

    assert not {"nape", "shoulder_tops.left", "shoulder_tops.right"} & parts(tighter)
    assert tighter.seconds < plan.seconds
    assert tighter.minutes == -(-tighter.seconds // 60)


def test_kneading_that_must_be_softer_becomes_gliding():
    plan, limits = made(product="O-01")

    tighter = tighten_plan(plan, less(limits, cap=Level.LOTION), TABLES)

    touches = {step.technique for step in plan.steps}
    assert {"PET", "FRI"} <= touches
    assert {step.technique for step in tighter.steps} == touches - {"PET", "FRI"}
    softened = [step for step in tighter.steps if step.key.endswith(("knead", "circles"))]
    assert {(step.technique, step.stroke) for step in softened} == {("EFF", "glide")}
    assert keys(tighter) == keys(plan)
    assert max(step.level for step in tighter.steps) is Level.LOTION
    assert tighter.seconds == plan.seconds


def test_a_touch_that_is_taken_back_becomes_gliding_or_a_still_hand():
    plan, limits = made()

    no_kneading = tighten_plan(plan, replace(limits, techniques=CODES - {"PET"}), TABLES)
    only_still = tighten_plan(plan, replace(limits, techniques=frozenset({"HOLD"})), TABLES)

    assert {step.technique for step in no_kneading.steps} == (
        {step.technique for step in plan.steps} - {"PET"}
    )
    assert {(step.technique, step.level) for step in only_still.steps} == {("HOLD", Level.STILL)}


def test_hands_that_may_neither_knead_nor_glide_are_still():
    kneading = open_answers(techniques=TechniqueAnswers(frozenset({"HOLD", "PET"})))
    plan, limits = made(receiver=kneading)

    tighter = tighten_plan(plan, less(limits, cap=Level.LOTION), TABLES)

    assert "PET" in {step.technique for step in plan.steps}
    assert {(step.technique, step.level) for step in tighter.steps} == {("HOLD", Level.STILL)}


def test_gliding_that_nobody_agreed_to_does_not_come_instead():
    kneading = open_answers(techniques=TechniqueAnswers(frozenset({"HOLD", "PET"})))
    plan, limits = made(receiver=kneading)

    tighter = tighten_plan(plan, less(replace(limits, techniques=CODES), cap=Level.LOTION), TABLES)

    assert {step.technique for step in tighter.steps} == {"HOLD"}


def test_a_tightened_plan_names_the_plan_both_agreed_to():
    plan, limits = made()
    once = tighten_plan(plan, less(limits, cap=Level.SUNSCREEN), TABLES)
    twice = tighten_plan(once, less(limits, cap=Level.SUNSCREEN, without=("nape",)), TABLES)

    assert once.tightened_from == twice.tightened_from == plan_hash(plan)
    assert agreed_hash(plan) == agreed_hash(once) == agreed_hash(twice)
    assert len({plan_hash(each) for each in (plan, once, twice)}) == 3


def test_tightening_nothing_changes_nothing():
    plan, limits = made()

    assert tighten_plan(plan, limits, TABLES) is plan
    assert tighten_plan(plan, less(limits, without=("belly",), cap=Level.STRONG), TABLES) is plan


def test_what_is_looser_now_changes_nothing():
    soft = open_answers(time=replace(OPEN.time, minutes_receiving=10))
    plan, _ = made(receiver=soft, minutes=30)

    assert tighten_plan(plan, made(minutes=30)[1], TABLES) is plan


def test_a_plan_that_became_shorter_still_says_that_the_hands_will_lift():
    plan, limits = made(minutes=30, position=Position.PRONE)

    for key in ("low_back", "sacrum", "shoulder_tops", "mid_back"):
        tighter = tighten_plan(plan, less(limits, without=[key]), TABLES)
        assert tighter.seconds - tighter.steps[-1].seconds >= 90
        assert_still_ends(tighter)


def test_without_its_usual_places_it_still_begins_and_ends_still():
    plan, limits = made()

    tighter = tighten_plan(plan, less(limits, without=("mid_back", "sacrum")), TABLES)

    assert_still_ends(tighter)
    assert not {"mid_back.left", "mid_back.right", "sacrum"} & parts(tighter)


def test_the_last_still_hand_moves_to_the_nearest_place_where_a_hand_may_rest():
    places = only("scalp", "nape", "thigh_back", "hands")
    plan, limits = made(receiver=places, position=Position.PRONE)

    tighter = tighten_plan(plan, less(limits, without=("hands",)), TABLES)

    assert plan.steps[-1].parts == ("hands.left", "hands.right")
    assert tighter.steps[-1] == replace(
        plan.steps[-1], parts=("scalp",), side=Side.MIDDLE, region="head"
    )


def test_what_is_left_of_a_step_has_its_own_side_and_region():
    plan, limits = made(minutes=10, position=Position.PRONE)

    tighter = tighten_plan(
        plan, less(limits, without=("low_back", "mid_back.left", "sacrum")), TABLES
    )

    assert tighter.seconds <= plan.seconds
    left = {"nape", "shoulder_tops", "shoulder_blades", "mid_back"}
    assert {area_of(part) for part in parts(tighter)} == left
    assert "mid_back.left" not in parts(tighter)
    for step in tighter.steps:
        assert step.side is side_of(step.parts)
        assert step.region == TABLES.areas[area_of(step.parts[0])].region


def test_questions_and_cues_move_up_with_their_steps():
    plan, limits = made(receiver=only("scalp", "feet", "hands"), minutes=10, product="O-01")

    tighter = tighten_plan(plan, less(limits, without=("feet",)), TABLES)

    def begin(some, region):
        return next(at for at, step in starts(some) if step.region == region)

    for some in (plan, tighter):
        hands = begin(some, "arms_hands")
        assert any(hands <= each.at < hands + 90 for each in some.check_ins)
        assert all(cue < some.seconds for cue in cued(some))
    assert begin(tighter, "arms_hands") < begin(plan, "arms_hands")
    assert cued(tighter) != cued(plan)


def test_fewer_minutes_cut_the_end_off_and_keep_the_closing_hold():
    plan, limits = made(minutes=20)

    tighter = tighten_plan(plan, replace(limits, minutes=9), TABLES)

    assert 530 < tighter.seconds <= 540
    assert tighter.steps[-1] == plan.steps[-1]
    kept = len(tighter.steps) - 2
    assert tighter.steps[:kept] == plan.steps[:kept]
    cut = tighter.steps[kept]
    assert timed(cut, plan.steps[kept].seconds) == plan.steps[kept]


def test_less_of_the_rest_counts_as_well():
    plan, limits = made()

    tighter = tighten_plan(
        plan,
        replace(limits, guarded=True, pace=Pace.VERY_SLOW, adaptations=frozenset({"pillows"})),
        TABLES,
    )

    assert (tighter.guarded, tighter.pace) == (True, Pace.VERY_SLOW)
    assert tighter.adaptations == plan.adaptations | {"pillows"}
    assert tighter.steps == plan.steps
    assert tighter.tightened_from == plan_hash(plan)


def test_a_guarded_plan_stays_guarded_and_no_pace_becomes_quicker():
    careful = open_answers(
        techniques=TechniqueAnswers(CODES, Pace.SLOW, guarded=True, position=Position.PRONE)
    )
    plan, _ = made(receiver=careful)

    tighter = tighten_plan(plan, less(made()[1], without=("nape",)), TABLES)

    assert (tighter.guarded, tighter.pace) == (True, Pace.SLOW)


@pytest.mark.parametrize(
    "gone",
    [
        {"positions": (Position.CHAIR,)},
        {"positions": ()},
        {"products": ("O-18",)},
        {"coverage": Coverage.CLOTHED},
        {"levels": {}},
    ],
    ids=lambda gone: next(iter(gone)),
)
def test_where_what_the_plan_needs_is_gone_no_yes_stands(gone):
    plan, limits = made(position=Position.PRONE, product="O-01")
    assert (plan.product, plan.coverage) == ("O-01", Coverage.TOWEL)
    session = started(plan, 100)

    assert tighten_plan(plan, replace(limits, **gone), TABLES) is None
    assert tighten_session(plan, session, replace(limits, **gone), TABLES) is None


def test_where_even_a_still_hand_is_taken_back_nothing_is_left_to_do():
    plan, limits = made()
    moving = replace(limits, techniques=CODES - {"HOLD"})

    assert make(moving, plan.turn, TABLES).steps == ()
    assert tighten_plan(plan, moving, TABLES) is None
    assert tighten_session(plan, started(plan, 100), moving, TABLES) is None


# While it runs


def test_a_step_in_the_middle_of_which_it_falls_becomes_two():
    plan, limits = made(minutes=30, position=Position.PRONE)
    here = plan.steps[1]

    found = tighten_session(plan, started(plan, 150), less(limits, cap=Level.LOTION), TABLES)

    assert here.seconds > 60
    assert found.plan.steps[:2] == (plan.steps[0], replace(here, seconds=60))
    assert found.plan.steps[2] == timed(here, here.seconds - 60, level=Level.LOTION)
    assert (found.session.step, found.session.elapsed) == (2, 150)
    assert found.plan.seconds == plan.seconds
    later, _ = pass_time(found.session, 0, make_script(found.plan, TABLES))
    assert (later.step, later.elapsed, later.phase) == (2, 150, Phase.RUNNING)


@pytest.mark.parametrize("seconds", [1, 3, 71])
def test_what_was_played_of_a_step_is_kept_to_the_second(seconds):
    plan, limits = made(minutes=30, position=Position.PRONE, product="O-01")
    begins, here = plan.steps[0].seconds, plan.steps[1]
    assert here.seconds == 72

    found = tighten_session(
        plan, started(plan, begins + seconds), less(limits, cap=Level.LOTION), TABLES
    )

    assert [step.seconds for step in found.plan.steps[1:3]] == [seconds, 72 - seconds]
    assert [step.level for step in found.plan.steps[1:3]] == [here.level, Level.LOTION]
    assert found.session.elapsed == begins + seconds


@pytest.mark.parametrize("which", [0, -1])
def test_one_place_that_becomes_softer_holds_its_whole_step(which):
    plan, limits = made(minutes=30, position=Position.PRONE, product="O-01")
    glides = next(step for step in plan.steps if step.key == "long_glides")
    assert (len(glides.parts) > 1, glides.level) == (True, Level.SUNSCREEN)
    softer = replace(limits, levels={**limits.levels, glides.parts[which]: Level.LOTION})

    for found in (
        tighten_plan(plan, softer, TABLES),
        tighten_session(plan, started(plan, 100), softer, TABLES).plan,
    ):
        assert replace(glides, level=Level.LOTION) in found.steps


def test_within_its_limits_a_session_goes_on_as_it_was():
    plan, limits = made()
    session = started(plan, 100)

    assert tighten_session(plan, session, limits, TABLES) == Tightened(plan, session)


def test_where_hands_are_on_a_place_that_closes_they_go_on_at_the_next_one():
    plan, limits = made(receiver=only("scalp", "feet", "hands"), minutes=10)
    at, here = next((at, step) for at, step in starts(plan) if step.region == "feet")
    index = plan.steps.index(here)
    session = started(plan, at + 20)
    assert session.step == index

    found = tighten_session(plan, session, less(limits, without=("feet",)), TABLES)

    assert found.plan.steps[: index + 1] == (*plan.steps[:index], replace(here, seconds=20))
    later = found.plan.steps[index + 1 :]
    assert {area_of(part) for step in later for part in step.parts} == {"hands"}
    others = [step for step in plan.steps[index:-1] if {area_of(p) for p in step.parts} != {"feet"}]
    assert [step.key for step in later] == [*(step.key for step in others), "close"]
    assert found.plan.minutes == -(-found.plan.seconds // 60)


@pytest.mark.parametrize("minutes", [5, 6])
def test_fewer_minutes_than_were_played_lead_to_the_closing_hold_at_once(minutes):
    plan, limits = made(minutes=20)

    found = tighten_session(plan, started(plan, 400), replace(limits, minutes=minutes), TABLES)

    assert found.plan.steps[-1] == plan.steps[-1]
    assert found.plan.seconds == 400 + plan.steps[-1].seconds
    later, _ = pass_time(found.session, 0, make_script(found.plan, TABLES))
    assert later.step == len(found.plan.steps) - 1


def test_a_yes_that_was_said_holds_and_a_level_that_is_gone_comes_no_more():
    plan, limits = made(minutes=20)
    at = next(at for at, step in starts(plan) if step.level is Level.SUNSCREEN)
    session = started(plan, at, Event.YES, 5)
    assert session.allowed is Level.SUNSCREEN

    found = tighten_session(plan, session, less(limits, cap=Level.LOTION), TABLES)

    assert found.session.allowed is Level.SUNSCREEN
    script = make_script(found.plan, TABLES)
    later, _ = pass_time(found.session, 0, script)
    assert current_level(later, script) is Level.LOTION


def test_a_second_tightening_begins_where_the_first_one_left_it():
    plan, limits = made(minutes=20)
    once = tighten_session(plan, started(plan, 333), less(limits, cap=Level.SUNSCREEN), TABLES)
    script = make_script(once.plan, TABLES)
    later, _ = pass_time(once.session, 100, script)

    twice = tighten_session(
        once.plan, later, less(limits, cap=Level.SUNSCREEN, without=("nape",), minutes=15), TABLES
    )

    assert twice.plan.tightened_from == plan_hash(plan)
    assert twice.session.elapsed == 433
    assert twice.plan.seconds <= 15 * 60
    assert twice.plan.steps[: once.session.step + 1] == once.plan.steps[: once.session.step + 1]


@pytest.mark.parametrize(
    "moves",
    [
        pytest.param((59.7,), id="within half a second"),
        pytest.param((20, Event.SKIP), id="skipped"),
        pytest.param((20, Event.PAUSE, Event.LEAVE), id="left in a pause"),
    ],
)
def test_a_question_whose_time_is_this_very_second_is_still_to_come(moves):
    plan, limits = made(minutes=20, product="O-01")
    assert (plan.check_ins[1], plan.steps[0].seconds) == (CheckIn(60, "Q-06"), 60)

    found = tighten_session(
        plan, started(plan, *moves), less(limits, without=("low_back.left",)), TABLES
    )

    assert found.session.elapsed == 60
    assert CheckIn(60, "Q-06") in found.plan.check_ins


@pytest.mark.parametrize("pauses", [(Event.PAUSE, Event.LEAVE), (Event.LEAVE, Event.PAUSE)])
def test_a_place_that_was_left_alone_stays_so(pauses):
    plan, limits = made(receiver=only("scalp", "feet", "hands"), minutes=10)
    session = started(plan, 10, *pauses)
    assert session.left_alone == plan.steps[0].parts == plan.steps[1].parts

    found = tighten_session(plan, session, less(limits, without=("feet",)), TABLES)

    script = make_script(found.plan, TABLES)
    later, _ = pass_time(advance(found.session, Event.GO_ON, script), 1, script)
    assert later.left_alone == session.left_alone
    assert not set(found.plan.steps[later.step].parts) <= set(session.left_alone)


# What both bring now


def shares(receiver=OPEN, giver=OPEN):
    people = {Seat.A: giver, Seat.B: receiver}
    return {
        seat: share(mine, screen(mine.health, TABLES, NOW), TABLES, NOW)
        for seat, mine in people.items()
    }


PLAN = plan_of(OPEN, OPEN, 20, position=Position.PRONE, product="O-01")
RUNNING = started(PLAN, 100)


def marked(*closed):
    return AreaAnswers(
        {**OPEN.limits.receiving, **dict.fromkeys(closed, AreaMark.NOT_TONIGHT)},
        OPEN.limits.giving,
    )


@pytest.mark.parametrize(
    ("receiver", "giver", "end"),
    [
        (Answers(), OPEN, SessionEnd.LAPSED),
        (OPEN, Answers(), SessionEnd.LAPSED),
        (open_answers(limits=AreaAnswers({}, OPEN.limits.giving)), OPEN, SessionEnd.LAPSED),
        (
            open_answers(time=replace(OPEN.time, willing=frozenset({Willing.GIVE}))),
            OPEN,
            SessionEnd.CHANGED,
        ),
        (
            OPEN,
            open_answers(time=replace(OPEN.time, willing=frozenset({Willing.RECEIVE}))),
            SessionEnd.CHANGED,
        ),
        (
            open_answers(
                techniques=replace(OPEN.techniques, positions_out=frozenset({Position.PRONE}))
            ),
            OPEN,
            SessionEnd.CHANGED,
        ),
        (OPEN, open_answers(oils=replace(OPEN.oils, without=True)), SessionEnd.CHANGED),
        (open_answers(coverage=Coverage.CLOTHED), OPEN, SessionEnd.CHANGED),
    ],
    ids=[
        "receiver: not tonight", "giver: not tonight", "nothing open", "does not receive",
        "does not give", "position", "product", "clothing",
    ],
)  # fmt: skip
def test_how_a_session_ends_when_what_it_needs_is_gone(receiver, giver, end):
    assert follow_shares(PLAN, RUNNING, shares(receiver, giver), TABLES) is end


@pytest.mark.parametrize("seat", Seat)
def test_a_share_that_was_taken_back_ends_it(seat):
    given_ = {who: each for who, each in shares().items() if who is not seat}

    assert follow_shares(PLAN, RUNNING, given_, TABLES) is SessionEnd.LAPSED


def test_what_is_as_it_was_or_looser_changes_nothing():
    assert follow_shares(PLAN, RUNNING, shares(), TABLES) == Tightened(PLAN, RUNNING)


@pytest.mark.parametrize("who", ["receiver", "giver"])
def test_what_either_of_the_two_takes_away_goes_from_the_plan(who):
    nape = marked("nape")
    if who == "giver":
        nape = AreaAnswers(OPEN.limits.receiving, nape.receiving)

    found = follow_shares(PLAN, RUNNING, shares(**{who: open_answers(limits=nape)}), TABLES)

    assert isinstance(found, Tightened)
    assert "nape" in parts(PLAN)
    assert "nape" not in parts(found.plan)


def test_hands_that_are_felt_firmer_than_they_mean_to_be_stay_softer_by_that():
    found = follow_shares(PLAN, RUNNING, shares(), TABLES, {Seat.A: 1})

    tops = [max(step.level for step in each.steps[2:]) for each in (PLAN, found.plan)]
    assert tops == [Level.MEDIUM, Level.SUNSCREEN]
    assert follow_shares(PLAN, RUNNING, shares(), TABLES, {Seat.B: 1}).plan is PLAN


# Laws


@st.composite
def tighter_limits(draw, limits, plan):
    """``limits`` with less of some of it; the plan's position and product mostly stay."""
    out = draw(st.frozensets(st.sampled_from(sorted({*parts(plan), "nape"})), max_size=4))
    lowered = draw(
        st.dictionaries(st.sampled_from(sorted({*limits.levels, "nape"})), levels, max_size=4)
    )
    cap = draw(st.one_of(st.just(Level.STRONG), levels))
    left = {
        part: min(level, cap, lowered.get(part, level))
        for part, level in limits.levels.items()
        if part not in out
    }
    gone = draw(st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(sorted(CODES)))))
    return replace(
        limits,
        levels=left,
        minutes=draw(st.one_of(st.just(limits.minutes), st.integers(5, limits.minutes))),
        techniques=limits.techniques - (gone - {"HOLD"}),
        check_every=draw(st.integers(2, limits.check_every)),
        guarded=limits.guarded or draw(st.booleans()),
        asks_less=limits.asks_less and draw(st.booleans()),
        pauses=limits.pauses or draw(st.booleans()),
    )


def highest_levels(steps):
    found = {}
    for step in steps:
        for part in step.parts:
            found[part] = max(step.level, found.get(part, Level.STILL))
    return found


def assert_within(steps, limits, plan):
    """No place, level or touch that is not allowed, and none that was not in the plan."""
    was = highest_levels(plan.steps)
    agreed = {step.technique for step in plan.steps}
    for step in steps:
        assert step.technique in limits.techniques & (agreed | {"HOLD"})
        assert TABLES.techniques[step.technique].lowest <= step.level
        assert (step.level is Level.STILL) is (step.technique == "HOLD")
        assert step.parts
        assert step.seconds > 0
        for part in step.parts:
            assert step.level <= min(limits.levels[part], was[part])
            assert step.technique in TABLES.areas[area_of(part)].techniques
    assert steps[-1].technique == "HOLD"


def assert_still_asked_and_rested(plan, limits, since=0):
    """From this second on it asks and rests as often as any plan."""
    times = [each.at for each in plan.check_ins if each.at > since]
    gaps = pairwise((since, *times, plan.seconds))
    assert all(later - now <= limits.check_every * 60 for now, later in gaps)
    rests = [cue.at for cue in plan.cues if cue.kind is CueKind.REST and cue.at > since]
    assert all(later - now <= 300 for now, later in pairwise((since, *rests, plan.seconds)))
    assert list(plan.cues) == sorted(plan.cues, key=lambda cue: cue.at)


@given(st.data(), random_limits, turns)
def test_a_tightened_plan_only_ever_has_less(data, limits, turn):
    plan = make(limits, turn, TABLES)
    if not plan.steps:
        return
    now = data.draw(tighter_limits(limits, plan))

    tighter = tighten_plan(plan, now, TABLES)

    if tighter is None:
        return
    assert_within(tighter.steps, now, plan)
    assert_still_ends(tighter)
    allowed = 60 * choose_minutes(now, turn, plan.product, TABLES)
    assert tighter.seconds <= min(plan.seconds, allowed)
    assert (tighter.minutes - 1) * 60 < tighter.seconds <= tighter.minutes * 60
    assert tighter.guarded is now.guarded
    assert (tighter.turn, tighter.position, tighter.product, tighter.coverage) == (
        plan.turn, plan.position, plan.product, plan.coverage,
    )  # fmt: skip
    if tighter is not plan:
        assert agreed_hash(tighter) == plan_hash(plan)
        assert_still_asked_and_rested(tighter, now)
    again = tighten_plan(tighter, now, TABLES)
    assert (again.steps, again.check_ins) == (tighter.steps, tighter.check_ins)


@given(st.data(), random_limits, turns)
def test_a_session_is_tightened_from_its_present_second_on(data, limits, turn):
    plan = make(limits, turn, TABLES)
    if not plan.steps:
        return
    script = make_script(plan, TABLES)
    quiet = tuple(event for event in said_events if event is not Event.STOP)
    session = after(script, Event.START, *data.draw(games(script, quiet)))
    now = data.draw(tighter_limits(limits, plan))
    if not session.is_live:
        return

    found = tighten_session(plan, session, now, TABLES)

    if found is None:
        return
    if found.plan is plan:
        assert found.session is session
        return
    played = round(session.elapsed)
    assert found.session.elapsed >= played  # later only where places were left alone
    assert_played(plan, found.plan, session.step, played)
    rest = rest_of(found.plan, played)
    assert_within(rest, now, plan)
    allowed = 60 * choose_minutes(now, turn, plan.product, TABLES)
    assert found.plan.seconds <= min(plan.seconds, max(allowed, played + rest[-1].seconds))
    if allowed <= played + rest[-1].seconds:
        assert len(rest) == 1
    come = session.asked + 1
    assert found.plan.check_ins[:come] == plan.check_ins[:come]
    assert all(each.at >= played for each in found.plan.check_ins[come:])
    assert_still_asked_and_rested(found.plan, now, played)
    assert found.session.cap <= session.cap
    assert found.session.step >= len(found.plan.steps) - len(rest)
    same = {"step": 0, "elapsed": 0, "cap": 0, "open": None, "repeat": None}
    assert replace(found.session, **same) == replace(session, **same)
    assert (found.session.open, found.session.repeat) == (None, None)
    assert agreed_hash(found.plan) == plan_hash(plan)


def assert_played(before, now, step, seconds):
    """What was played is as it was, to the second; the present step is cut where it was."""
    left = seconds
    for at, each in enumerate(before.steps[: step + 1]):
        if left <= 0:
            break
        assert now.steps[at] == replace(each, seconds=min(left, each.seconds))
        left -= each.seconds
    assert left <= 0


def rest_of(plan, seconds):
    """The steps after so many seconds, which is where one of them begins."""
    rest = [step for at, step in starts(plan) if at >= seconds]
    assert sum(step.seconds for step in rest) == plan.seconds - seconds
    return rest


@given(st.data(), random_limits, turns)
def test_a_tightened_session_runs_to_its_end_and_never_firmer(data, limits, turn):
    plan = make(limits, turn, TABLES)
    if not plan.steps:
        return
    script = make_script(plan, TABLES)
    session = started(plan, data.draw(st.integers(0, plan.seconds - 1)))
    now = data.draw(tighter_limits(replace(limits, guarded=False), plan))
    if not session.is_live:
        return

    found = tighten_session(plan, session, now, TABLES)

    if found is None or found.plan.guarded:
        return
    tighter = make_script(found.plan, TABLES)
    level, end = current_level(session, script), found.plan.seconds - found.session.elapsed
    first, _ = pass_time(found.session, 0, tighter)
    assert current_level(first, tighter) <= max(level, Level.LOTION)
    last, _ = pass_time(found.session, end, tighter)
    assert (last.phase, last.elapsed) == (Phase.FINISHED, found.plan.seconds)
    assert last.cap <= begin_session(script).cap

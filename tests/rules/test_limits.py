"""Limits: they intersect, blank is the cautious end, and no share shows a cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import (
    CHOOSABLE,
    CODES,
    NOW,
    QUESTIONS,
    STATEMENTS,
    TABLES,
    TODAY,
    answers,
    open_answers,
    tightenings,
)
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.errors import InvalidAnswer
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    Energy,
    Hands,
    IntentionAnswers,
    TimeAnswers,
    Willing,
)
from workbook.domain.health import Action, Effect, HealthAnswers, ReportedCondition, Screening
from workbook.domain.learning import Reason, Setting, Settings
from workbook.domain.levels import DUET_LEVELS, Level, PressureAnswers
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.shares import (
    NOT_TONIGHT,
    OWN_LINES,
    SHOWN_TO_EVERYBODY,
    Bounds,
    Share,
)
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers
from workbook.rules.areas import area_of
from workbook.rules.limits import (
    estimate_firmness_offset,
    is_tighter,
    merge,
    share,
)
from workbook.rules.plan import make
from workbook.rules.screening import merge_other_topics, screen
from workbook.rules.telling import has_lost_position, list_telling

OPEN = open_answers()


def shared(mine: Answers):
    return share(mine, screen(merge_other_topics(mine), TABLES, NOW), TABLES, NOW)


def merged(giver: Answers, receiver: Answers):
    return merge(shared(giver), shared(receiver), TABLES)


def with_health(*keys, **tick):
    ticked = {key: ReportedCondition(**tick) for key in keys}
    return open_answers(health=HealthAnswers(QUESTIONS, ticked, on=TODAY))


def with_time(**changes):
    return open_answers(time=replace(OPEN.time, **changes))


def with_pressure(overall=None, areas=None, giving=Level.MEDIUM):
    return open_answers(pressure=PressureAnswers(overall, areas or {}, giving))


def level_at(part, receiver, giver=OPEN):
    return merged(giver, receiver).levels.get(part)


# Not tonight

CAUSES = {
    "blank": Answers(),
    "no free yes": open_answers(consent=ConsentAnswers(FreeYes.NO, adult=True)),
    "not sure": open_answers(consent=ConsentAnswers(FreeYes.NOT_SURE, adult=True)),
    "unsaid": open_answers(consent=ConsentAnswers(None, adult=True)),
    "under age": open_answers(consent=ConsentAnswers(FreeYes.YES, adult=False, easy=FreeYes.YES)),
    "age unsaid": open_answers(consent=ConsentAnswers(FreeYes.YES, easy=FreeYes.YES)),
    "a no not said to be easy": open_answers(consent=ConsentAnswers(FreeYes.YES, adult=True)),
    "a no not easy": open_answers(
        consent=ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.NOT_SURE)
    ),
    "a no not easy, not tonight": open_answers(
        consent=ConsentAnswers(FreeYes.YES, adult=True, easy=FreeYes.NO, not_tonight=True)
    ),
    "urgent": with_health("clot_signs"),
    "urgent as receiver alone": with_health("back_redflags"),
    "block": with_health("not_free"),
    "postponed": with_health("fever"),
    "not stable": with_health("trauma_now"),
    "health incomplete": open_answers(health=HealthAnswers(on=TODAY)),
    "health of yesterday": open_answers(
        health=HealthAnswers(QUESTIONS, on=TODAY - timedelta(days=1))
    ),
    "neither role": with_time(willing=frozenset()),
    "time of yesterday": with_time(on=TODAY - timedelta(days=1)),
    "ask first and tired": open_answers(
        health=HealthAnswers(QUESTIONS, {"aneurysm": ReportedCondition()}, on=TODAY),
        time=replace(OPEN.time, energy=Energy.NONE),
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_not_tonight_is_the_same_from_any_cause(cause):
    assert shared(CAUSES[cause]) == NOT_TONIGHT
    assert merge(shared(CAUSES[cause]), shared(OPEN), TABLES) == merge(
        NOT_TONIGHT, shared(OPEN), TABLES
    )


@pytest.mark.parametrize("part", ["receiving", "giving"])
@pytest.mark.parametrize("action", [Action.URGENT, Action.BLOCK])
def test_what_is_urgent_or_blocked_for_one_part_ends_the_evening_for_both(action, part):
    screening = Screening(complete=True, **{part: Effect(action=action)})

    assert share(OPEN, screening, TABLES, NOW) == NOT_TONIGHT


@pytest.mark.parametrize(
    "mine",
    [
        with_health("aneurysm"),
        with_health("burn_large"),
        with_time(willing=frozenset({Willing.GIVE})),
    ],
)
def test_not_receiving_tonight_is_the_same_from_any_cause(mine):
    assert shared(mine).receiving is None
    assert shared(mine) == shared(with_time(willing=frozenset({Willing.GIVE})))
    assert not merged(OPEN, mine).levels
    assert merged(mine, OPEN).levels


@pytest.mark.parametrize(
    "mine",
    [
        with_time(energy=None),
        with_time(energy=Energy.NONE),
        with_time(hands=None),
        with_time(hands=Hands.OPEN),
        with_time(willing=frozenset({Willing.RECEIVE})),
    ],
)
def test_not_giving_tonight_is_the_same_from_any_cause(mine):
    assert shared(mine).giving is None
    assert shared(mine) == shared(with_time(willing=frozenset({Willing.RECEIVE})))


def test_a_little_energy_is_enough_to_give():
    assert shared(with_time(energy=Energy.LITTLE)).giving is not None


# Areas and levels


def test_an_area_is_open_only_where_both_opened_it():
    feet = AreaAnswers({"feet.left": AreaMark.OPEN}, dict.fromkeys(CHOOSABLE, AreaMark.OPEN))

    assert set(merged(OPEN, open_answers(limits=feet)).levels) == {"feet.left"}


@pytest.mark.parametrize("mark", [AreaMark.NOT_TONIGHT, AreaMark.ANOTHER_EVENING])
def test_any_mark_but_open_is_not_tonight(mark):
    no = AreaAnswers({**OPEN.limits.receiving, "feet.left": mark}, OPEN.limits.giving)

    assert level_at("feet.left", open_answers(limits=no)) is None


def test_keep_off_and_locked_areas_are_never_open():
    levels = merged(OPEN, OPEN).levels

    assert set(levels) == set(CHOOSABLE)


@pytest.mark.parametrize("key", [key for key, area in TABLES.areas.items() if area.choosable])
def test_an_area_stays_within_its_maximum(key):
    area = TABLES.areas[key]
    firm = with_pressure(Level.MEDIUM)

    assert {level_at(part, firm) for part in area.parts} == {min(area.max, Level.MEDIUM)}


@pytest.mark.parametrize(
    "answers",
    [{"overall": Level.STRONG}, {"areas": {"mid_back": Level.STRONG}}, {"giving": Level.STRONG}],
    ids=lambda each: next(iter(each)),
)
def test_firmer_than_is_pressed_at_home_is_no_answer(answers):
    with pytest.raises(InvalidAnswer) as caught:
        PressureAnswers(**answers)

    assert caught.value.facts["field"] == next(iter(answers))


def test_the_ceiling_of_an_area_goes_before_the_overall_one():
    mine = with_pressure(Level.LOTION, {"hands": Level.MEDIUM, "calves": Level.STILL})

    assert level_at("hands.left", mine) is Level.MEDIUM
    assert level_at("calves.left", mine) is Level.STILL
    assert level_at("feet.left", mine) is Level.LOTION


def test_blank_pressure_is_a_still_hand():
    assert set(merged(OPEN, with_pressure()).levels.values()) == {Level.STILL}
    assert set(merged(with_pressure(giving=None), OPEN).levels.values()) == {Level.STILL}


def test_health_caps_and_closes():
    bruised = with_health("bruise", where=frozenset({"feet.left"}))

    assert level_at("feet.left", bruised) is None
    assert level_at("calves.left", bruised) is Level.LOTION
    assert level_at("calves.right", bruised) is Level.SUNSCREEN


def test_a_cap_on_the_hands_that_give_is_a_cap_on_all_they_give():
    calm = with_health("eczema_calm", where=frozenset({"hands.left"}))

    assert max(merged(calm, OPEN).levels.values()) is Level.SUNSCREEN
    assert max(merged(OPEN, calm).levels.values()) is Level.MEDIUM


def test_a_cap_and_spared_hands_hold_for_what_is_given_whatever_row_says_so():
    caps, spared = {"feet.left": Level.LOTION}, frozenset({"forearms_or_still"})
    screening = Screening(complete=True, giving=Effect(caps=caps, adaptations=spared))

    giving = share(OPEN, screening, TABLES, NOW).giving

    assert giving.levels["feet.left"] is Level.LOTION
    assert giving.levels["feet.right"] is Level.MEDIUM
    assert giving.techniques == {"HOLD", "EFF"}


def test_what_was_learned_caps_and_closes_what_is_received():
    each = (
        Setting("hands", Level.LOTION, Reason.A_BIT_LESS, TODAY),
        Setting("feet", None, Reason.STRONG, TODAY),
    )
    mine = open_answers(learned=Settings(each))

    assert level_at("hands.left", mine) is Level.LOTION
    assert level_at("feet.left", mine) is None
    assert level_at("feet.left", OPEN, mine) is Level.SUNSCREEN


# The rest


def test_blank_takes_the_cautious_end():
    blank = open_answers(
        coverage=None,
        techniques=TechniqueAnswers(CODES),
        time=replace(OPEN.time, minutes_receiving=None, minutes_giving=None),
    )
    limits = merged(OPEN, blank)

    assert limits.minutes == 5
    assert limits.pace is Pace.VERY_SLOW
    assert limits.coverage is Coverage.CLOTHED
    assert limits.positions[0] is Position.CHAIR
    assert merged(blank, OPEN).minutes == 5


def test_the_more_covered_the_slower_and_the_shorter_hold():
    one = open_answers(
        coverage=Coverage.PARTLY,
        techniques=TechniqueAnswers(CODES, Pace.SLOW),
        time=replace(OPEN.time, minutes_receiving=12, minutes_giving=12),
    )

    for limits in (merged(one, OPEN), merged(OPEN, one)):
        assert (limits.coverage, limits.pace) == (Coverage.PARTLY, Pace.SLOW)
        assert limits.minutes == 12


def test_positions_are_those_of_both_the_wished_one_first():
    no_chair = replace(OPEN.techniques, positions_out=frozenset({Position.CHAIR}))
    mine = open_answers(techniques=no_chair)

    assert merged(OPEN, OPEN).positions == (
        Position.PRONE,
        Position.CHAIR,
        Position.SIDE,
        Position.BACK,
    )
    assert merged(OPEN, mine).positions == (Position.PRONE, Position.SIDE, Position.BACK)
    assert merged(OPEN, replace(with_health("full_stomach"), techniques=no_chair)).positions == ()


def test_a_declined_technique_is_out_from_either_side():
    fewer = open_answers(techniques=TechniqueAnswers(CODES - {"PET"}))

    assert merged(fewer, OPEN).techniques == CODES - {"PET"}
    assert merged(OPEN, fewer).techniques == CODES - {"PET"}
    assert merged(OPEN, with_health("ticklish")).techniques == CODES - {"FEA"}


def test_sore_hands_are_still_or_use_forearms():
    assert merged(with_time(hands=Hands.SORE), OPEN).techniques == {"HOLD", "EFF"}
    assert merged(with_health("wound_small_hand"), OPEN).techniques == {"HOLD", "EFF"}
    plain = with_time(hands=Hands.SORE)
    without_form = share(plain, screen(plain.health, TABLES, NOW), TABLES, NOW)
    assert without_form.giving.techniques == {"HOLD", "EFF"}


def test_a_place_closed_gently_keeps_its_neighbours_light_on_that_side():
    marks = {**OPEN.limits.receiving, "calves.left": AreaMark.GENTLY_AROUND}
    plain = {**OPEN.limits.receiving, "calves.left": AreaMark.NOT_TONIGHT}

    gently = merged(OPEN, open_answers(limits=AreaAnswers(marks, OPEN.limits.giving)))
    closed = merged(OPEN, open_answers(limits=AreaAnswers(plain, OPEN.limits.giving)))

    assert "calves.left" not in gently.levels
    assert gently.levels["feet.left"] is Level.LOTION
    assert (
        gently.levels["feet.right"]
        == closed.levels["feet.left"]
        == merged(OPEN, OPEN).levels["feet.left"]
    )
    assert gently.levels.keys() == closed.levels.keys()


def with_gentler(*choices):
    return open_answers(techniques=replace(OPEN.techniques, gentler=frozenset(choices)))


def test_a_gentle_evening_is_five_areas_lightly_in_one_position():
    gentle = with_gentler(GentlerChoice.GENTLE_EVENING)

    limits = merged(OPEN, gentle)

    gentle_areas = ("scalp", "shoulder_tops", "forearm", "hands", "feet")
    assert {area_of(part) for part in limits.levels} == set(gentle_areas)
    assert set(limits.levels.values()) == {Level.LOTION}
    assert limits.positions == (Position.PRONE,)
    assert limits.gentle
    assert merged(gentle, OPEN) == merged(OPEN, OPEN)  # it is about receiving
    seated = with_gentler(GentlerChoice.SEATED)
    assert merged(seated, gentle).positions == (Position.CHAIR,)


def test_somebody_may_choose_plain_strokes_named_places_and_more_questions():
    assert merged(OPEN, with_gentler(GentlerChoice.PLAIN_STROKES)).gentle
    named = with_gentler(GentlerChoice.EACH_NAMED)
    more = with_gentler(GentlerChoice.ASKED_MORE)
    for giver, receiver in ((OPEN, named), (named, OPEN)):
        assert merged(giver, receiver).adaptations == {"ask_each_area"}
    for giver, receiver in ((OPEN, more), (more, OPEN)):
        assert merged(giver, receiver).check_every == 2


def test_a_position_that_does_not_suit_somebody_is_out_when_they_receive_and_not_when_they_give():
    out = replace(OPEN.techniques, positions_out=frozenset({Position.PRONE, Position.SIDE}))
    lies_otherwise = open_answers(techniques=out)

    assert not {Position.PRONE, Position.SIDE} & {*merged(OPEN, lies_otherwise).positions}
    assert merged(lies_otherwise, OPEN).positions == merged(OPEN, OPEN).positions


def test_only_sitting_is_a_choice_for_whoever_receives():
    seated = with_gentler(GentlerChoice.SEATED)

    for giver, receiver in ((OPEN, seated), (seated, OPEN)):
        assert merged(giver, receiver).positions == (Position.CHAIR,)


def test_bad_experiences_make_it_shorter_clothed_seated_and_asked_more_often():
    for limits in (merged(OPEN, with_health("trauma")), merged(with_health("trauma"), OPEN)):
        assert limits.minutes == 10
        assert limits.coverage is Coverage.CLOTHED
        assert limits.positions == (Position.CHAIR,)
        assert limits.check_every == 2
    assert merged(OPEN, OPEN).check_every == 5


def test_places_are_named_in_both_turns_of_somebody_or_in_none():
    """As with the ordinary choice, which is about both roles: else the one turn tells a cause."""
    named = with_health("period")
    gives = replace(named, time=replace(named.time, willing=frozenset({Willing.GIVE})))

    assert merged(OPEN, named).adaptations == {"ask_each_area"}
    assert merged(named, OPEN).adaptations == {"ask_each_area"}
    assert merged(gives, OPEN).adaptations == frozenset()


@pytest.mark.parametrize("key", STATEMENTS)
def test_no_share_holds_what_stands_on_everybodys_pages(key):
    assert shared(with_health(key)).adaptations.isdisjoint(SHOWN_TO_EVERYBODY)


def test_a_line_that_only_hints_at_a_cause_is_kept_until_its_owner_says_it():
    kept = with_health("trauma")
    said = replace(kept, time=replace(kept.time, says=frozenset({"shorter"})))

    assert shared(kept).adaptations == {"ask_each_area"}
    assert shared(said).adaptations == {"ask_each_area", "shorter"}
    assert replace(merged(OPEN, said), adaptations=merged(OPEN, kept).adaptations) == merged(
        OPEN, kept
    )


def test_what_tells_is_named_to_its_owner_and_what_everybody_sees_is_not():
    mine = with_health("trauma", "diabetes")

    telling = list_telling(mine, screen(mine.health, TABLES, NOW), TABLES)

    assert telling == ("shorter", "stay_clothed", "ask_each_area", "more_check_ins")
    assert list_telling(OPEN, screen(OPEN.health, TABLES, NOW), TABLES) == ()


def test_a_position_is_lost_if_health_takes_out_one_that_was_left_open():
    def has_lost(mine):
        return has_lost_position(mine, screen(mine.health, TABLES, NOW))

    full = with_health("full_stomach")
    seated = replace(full.techniques, positions_out=frozenset(Position) - {Position.CHAIR})
    gives = replace(full.time, willing=frozenset({Willing.GIVE}))

    assert has_lost(full)
    assert not has_lost(replace(full, techniques=seated))
    assert not has_lost(replace(full, time=gives))
    assert not has_lost(OPEN)


def test_every_adaptation_is_everybodys_acted_on_or_its_owners():
    acted_on = {"ask_each_area"}

    assert set(TABLES.adaptations) == {*SHOWN_TO_EVERYBODY, *OWN_LINES, *acted_on}
    assert SHOWN_TO_EVERYBODY.isdisjoint({*OWN_LINES, *acted_on})


def test_a_private_intention_stays_private():
    mine = open_answers(intentions=IntentionAnswers(frozenset({"closeness", "unwind"})))

    assert shared(mine).intention == {"unwind"}


def test_wishes_for_afterwards_are_shared_as_they_were_chosen():
    first, second, *_ = TABLES.aftercare
    wished = AftercareAnswers((second, "gone", first), 10)

    mine = shared(open_answers(aftercare=wished))

    assert (mine.aftercare, mine.aftercare_minutes) == ((second, first), 10)


def test_a_product_that_a_past_evening_took_out_is_not_shared():
    learned = Settings((Setting("O-01", None, Reason.SKIN, TODAY),))

    assert shared(OPEN).products - shared(open_answers(learned=learned)).products == {"O-01"}


def test_products_are_those_of_both():
    limits = merged(OPEN, open_answers(oils=replace(OPEN.oils, allergies=frozenset({"coconut"}))))

    assert "O-03" not in limits.products
    assert "O-01" in limits.products
    assert limits.products[-1] == "O-18"


# Laws


def assert_not_looser(after, before):
    assert all(level <= before.levels.get(part, -1) for part, level in after.levels.items())
    assert after.minutes <= before.minutes
    assert set(after.positions) <= set(before.positions)
    assert after.techniques <= before.techniques
    assert set(after.products) <= set(before.products)
    if after.levels:
        assert list(Coverage).index(after.coverage) <= list(Coverage).index(before.coverage)
        assert list(Pace).index(after.pace) <= list(Pace).index(before.pace)
        assert after.check_every <= before.check_every
        assert after.adaptations >= before.adaptations


@given(st.data(), answers(), answers())
def test_tightening_one_answer_never_loosens_the_limits(data, mine, yours):
    tighter = data.draw(tightenings(mine))

    assert_not_looser(merged(tighter, yours), merged(mine, yours))
    assert_not_looser(merged(yours, tighter), merged(yours, mine))


@given(st.data())
def test_tightening_open_answers_never_loosens_the_limits(data):
    tighter = data.draw(tightenings(OPEN))

    assert_not_looser(merged(tighter, OPEN), merged(OPEN, OPEN))
    assert_not_looser(merged(OPEN, tighter), merged(OPEN, OPEN))


@given(answers(), answers())
def test_no_limit_exceeds_what_either_person_brought(giver, receiver):
    limits, gives, receives = merged(giver, receiver), shared(giver), shared(receiver)

    if limits.levels:
        for bounds in (gives.giving, receives.receiving):
            assert all(level <= bounds.levels[part] for part, level in limits.levels.items())
            assert limits.minutes <= bounds.minutes
            assert set(limits.positions) <= bounds.positions
            assert limits.techniques <= bounds.techniques
            assert limits.check_every <= bounds.check_every
        assert set(limits.products) <= gives.products & receives.products


@given(answers())
def test_no_level_exceeds_what_was_said(mine):
    receiving = shared(mine).receiving

    for part, level in (receiving.levels if receiving else {}).items():
        area = TABLES.areas[part.partition(".")[0]]
        own = mine.pressure.areas.get(area.key, mine.pressure.overall)
        assert mine.limits.receiving[part] is AreaMark.OPEN
        assert level <= (own or Level.STILL)
        assert level <= area.max
        assert area.choosable


@given(answers())
def test_a_private_no_looks_like_an_unanswered_question(mine):
    def without_no(marks):
        no = (AreaMark.NOT_TONIGHT, AreaMark.ANOTHER_EVENING)
        return {part: mark for part, mark in marks.items() if mark not in no}

    silent = AreaAnswers(without_no(mine.limits.receiving), without_no(mine.limits.giving))

    assert shared(replace(mine, limits=silent)) == shared(mine)


@given(st.sampled_from(CHOOSABLE))
def test_a_closed_area_looks_the_same_whoever_closed_it(part):
    no = AreaMark.NOT_TONIGHT
    key = part.partition(".")[0]
    both = dict.fromkeys(TABLES.areas[key].parts, no)
    receiver = open_answers(
        limits=AreaAnswers({**OPEN.limits.receiving, **both}, OPEN.limits.giving)
    )
    giver = open_answers(limits=AreaAnswers(OPEN.limits.receiving, {**OPEN.limits.giving, **both}))
    learned = open_answers(learned=Settings((Setting(key, None, Reason.STRONG, TODAY),)))

    assert merged(OPEN, receiver) == merged(giver, OPEN) == merged(OPEN, learned)


def test_blank_time_is_no_time():
    assert shared(open_answers(time=TimeAnswers(on=TODAY))) == NOT_TONIGHT


@given(st.data(), answers())
def test_a_tightened_answer_makes_a_share_that_holds_at_once(data, mine):
    tighter = data.draw(tightenings(mine))

    assert is_tighter(shared(tighter), shared(mine))


@given(answers(), answers(), answers())
def test_what_holds_at_once_never_loosens_the_limits(new, old, yours):
    if not is_tighter(shared(new), shared(old)):
        return

    before = merge(shared(yours), shared(old), TABLES)
    after = merge(shared(yours), shared(new), TABLES)

    assert all(level <= before.levels.get(part, -1) for part, level in after.levels.items())
    assert not after.levels or after.minutes <= before.minutes
    assert after.techniques <= before.techniques


LOOSER = {
    "minutes": {"minutes": 30},
    "techniques": {"techniques": frozenset({"HOLD", "EFF", "PET"})},
    "positions": {"positions": frozenset(Position)},
    "pace": {"pace": Pace.STEADY},
    "coverage": {"coverage": Coverage.TOWEL},
    "check_every": {"check_every": 5},
    "pauses": {"pauses": False},
    "guarded": {"guarded": False},
    "asks_less": {"asks_less": True},
    "a higher level": {"levels": {"hands.left": Level.MEDIUM}},
    "another area": {"levels": {"hands.left": Level.LOTION, "hands.right": Level.LOTION}},
}


@pytest.mark.parametrize("what", LOOSER)
@pytest.mark.parametrize("part", ["receiving", "giving"])
def test_anything_looser_waits_for_its_owner(what, part):
    bounds = Bounds(
        levels={"hands.left": Level.LOTION},
        minutes=10,
        techniques=frozenset({"HOLD"}),
        positions=frozenset({Position.CHAIR}),
        check_every=2,
        pauses=True,
        guarded=True,
    )
    old = Share(tonight=True, **{part: bounds})
    new = Share(tonight=True, **{part: replace(bounds, **LOOSER[what])})

    assert is_tighter(old, old)
    assert is_tighter(old, new)
    assert not is_tighter(new, old)
    assert not is_tighter(old, Share(tonight=True))


def test_a_bottle_that_is_another_one_waits_for_its_owner():
    plain = Share(tonight=True, products=frozenset({"O-01", "O-18"}))
    scented = replace(plain, scented=frozenset({"O-01"}))

    assert is_tighter(scented, scented)
    assert not is_tighter(scented, plain)
    assert not is_tighter(plain, scented)
    assert is_tighter(replace(scented, products=frozenset({"O-18"}), scented=frozenset()), scented)


def test_a_product_or_an_aim_more_waits_for_its_owner():
    old = Share(tonight=True, products=frozenset({"O-18"}))

    assert not is_tighter(replace(old, products=frozenset({"O-01", "O-18"})), old)
    assert not is_tighter(replace(old, intention=frozenset({"unwind"})), old)


# The pressure duet: hands that are felt firmer than they mean to be


@pytest.mark.parametrize(
    ("named", "firmer"),
    [
        ((1, 2, 3), 0),
        ((2, 2, 3), 0),
        ((2, 3, 3), 1),
        ((3, 3, 3), 1),
        ((1, 1, 1), -1),
        ((1, 2, 1), -1),
        ((1, 2, 2), 0),
        ((3, 2, 3), 1),
    ],
)
def test_a_duet_says_by_how_much_hands_are_felt_firmer(named, firmer):
    assert (
        estimate_firmness_offset({o: Level(n) for o, n in zip(DUET_LEVELS, named, strict=True)})
        == firmer
    )


def test_a_duet_that_was_not_finished_says_nothing():
    with pytest.raises(KeyError):
        estimate_firmness_offset({Level.LOTION: Level.MEDIUM})


@pytest.mark.parametrize("firmer", [-2, -1, 0, 1, 2])
def test_hands_that_are_felt_firmer_are_asked_to_be_softer_and_nobody_to_press(firmer):
    giver, receiver = shared(OPEN), shared(OPEN)
    plain = merge(giver, receiver, TABLES)

    felt = merge(giver, receiver, TABLES, firmer)

    assert replace(felt, levels={}) == replace(plain, levels={})
    assert set(felt.levels) == set(plain.levels)
    assert set(plain.levels.values()) >= {Level.LOTION, Level.SUNSCREEN, Level.MEDIUM}
    for part, level in plain.levels.items():
        softer = {-2: 0, -1: 0, 0: 0, 1: 1, 2: 2}[firmer]
        assert felt.levels[part] == max(min(level, 1), level - softer)


def test_a_technique_that_is_declined_for_giving_is_welcome_in_the_other_role():
    said = TechniqueAnswers(CODES, giving=CODES - {"PET"}, asked_apart=True)

    found = shared(open_answers(techniques=said))

    assert "PET" in found.receiving.techniques
    assert "PET" not in found.giving.techniques


def test_an_answer_from_before_giving_was_asked_apart_holds_for_both_roles():
    found = shared(open_answers(techniques=TechniqueAnswers(CODES - {"PET"})))

    assert found.receiving.techniques == found.giving.techniques
    assert "PET" not in found.giving.techniques


# Five minutes


def five(mine: Answers) -> Answers:
    return replace(mine, time=replace(mine.time, five_minutes=True))


def test_five_minutes_are_shoulders_through_clothes_on_a_chair():
    limits = merged(five(OPEN), five(OPEN))

    assert limits.levels == dict.fromkeys(TABLES.areas["shoulder_tops"].parts, Level.LOTION)
    assert (limits.minutes, limits.positions) == (5, (Position.CHAIR,))
    assert (limits.coverage, limits.products) == (Coverage.CLOTHED, ("O-18",))


def test_one_persons_five_minutes_hold_for_both():
    for limits in (merged(five(OPEN), OPEN), merged(OPEN, five(OPEN))):
        assert replace(limits, missed=()) == merged(five(OPEN), five(OPEN))


@given(answers(), answers())
def test_five_minutes_are_never_looser_than_the_answers_without(mine, yours):
    assert is_tighter(shared(five(mine)), shared(mine))
    for narrow, wide in (
        (merged(five(mine), yours), merged(mine, yours)),
        (merged(yours, five(mine)), merged(yours, mine)),
    ):
        assert_not_looser(narrow, wide)
        for turn in (Turn(Seat.A, 5), Turn(Seat.A, 30, product="O-01")):
            for step in make(narrow, turn, TABLES).steps:
                assert all(step.level <= wide.levels[part] for part in step.parts)

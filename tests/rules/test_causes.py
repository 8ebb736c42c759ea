"""No reason leaks: whatever a health row leads to, ordinary answers lead to exactly the same.

For each case of the health table, each place and each role, this file makes the same evening
from answers about places, firmness, touch, minutes and products, without a word about health.
What reaches the partner is equal then, and with it the plan, its questions and its sentences.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.test_screening import EACH, IDS
from tests.strategies import CODES, NOW, TABLES, TODAY, open_answers
from workbook.content.words import load_words
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import FreeYes
from workbook.domain.evening import Answers, Energy, Hands, Willing
from workbook.domain.health import Clearance, Effect, ReportedCondition
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.plan import Turn
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import NOT_TONIGHT
from workbook.domain.tables import LocalEffect
from workbook.domain.techniques import Coverage, GentlerChoice, TechniqueAnswers
from workbook.rules.areas import area_of
from workbook.rules.limits import merge, share
from workbook.rules.plan import make, plan_hash
from workbook.rules.screening import merge_other_topics, screen

SAY = load_words()
PLACES = ("feet.left", "mid_back.right", "sacrum", "hands.left")
ROLES = {Role.RECEIVER: Willing.RECEIVE, Role.GIVER: Willing.GIVE}
IN_OTHER_FORMS = {
    "hands_open": {"hands": Hands.OPEN},
    "hands_sore": {"hands": Hands.SORE},
    "giver_none": {"energy": Energy.NONE},
}


def open_for(*roles):
    """Somebody in these roles who is open to everything, one of whose bottles has scent in it."""
    mine = open_answers()
    tests = {key: replace(test, scented=key == "O-03") for key, test in mine.oils.tests.items()}
    said = replace(mine.techniques, giving=CODES, asked_apart=True)
    return replace(
        mine,
        time=replace(mine.time, willing=frozenset(ROLES[role] for role in roles)),
        oils=replace(mine.oils, tests=tests),
        techniques=said,
    )


def with_cause(roles, case, where, *, agreed, steady=None):
    """That person with one health statement ticked, a professional's word with it or not."""
    mine = open_for(*roles)
    if case.key in IN_OTHER_FORMS:
        return replace(mine, time=replace(mine.time, **IN_OTHER_FORMS[case.key]))
    if case.key in ("not_free", "under_age"):
        free = FreeYes.NO if case.key == "not_free" else FreeYes.YES
        return replace(mine, consent=replace(mine.consent, free=free, adult=case.key == "not_free"))
    tick = ReportedCondition(
        where=frozenset({where}), week=(case.weeks or (20, 0))[0], told=TODAY, steady=steady
    )
    health = replace(
        mine.health,
        ticked={case.key: tick},
        clearances=tuple(Clearance(each.id, TODAY) for each in TABLES.health) if agreed else (),
    )
    return replace(mine, health=health)


def screened(answers):
    return screen(merge_other_topics(answers), TABLES, NOW)


def effect_of(answers, role):
    screening = screened(answers)
    return screening.receiving if role is Role.RECEIVER else screening.giving


def shared(answers):
    return share(answers, screened(answers), TABLES, NOW)


def without_cause(answers):
    """The same evening from ordinary answers; nothing about health is ticked."""
    given, screening = shared(answers), screened(answers)
    if given == NOT_TONIGHT:
        plain = open_for(*ROLES)
        return replace(plain, consent=replace(plain.consent, free=FreeYes.NO))
    parts = {Role.RECEIVER: given.receiving, Role.GIVER: given.giving}
    plain = open_for(*(role for role, bounds in parts.items() if bounds is not None))
    receives, gives = (
        effect if parts[role] is not None else Effect()
        for role, effect in zip(ROLES, (screening.receiving, screening.giving), strict=True)
    )
    assert not gives.caps
    return replace(
        plain,
        limits=AreaAnswers(_receiving_marks(answers, receives), _giving_marks(gives)),
        pressure=_pressure(answers, receives, gives),
        techniques=_touch(plain.techniques, receives, gives),
        coverage=(
            Coverage.CLOTHED
            if "stay_clothed" in receives.adaptations | gives.adaptations
            else plain.coverage
        ),
        time=replace(
            plain.time,
            minutes_receiving=_minutes(receives),
            minutes_giving=_minutes(gives),
            hands=Hands.SORE if "forearms_or_still" in gives.adaptations else Hands.FINE,
        ),
        oils=replace(
            plain.oils,
            tests={key: test for key, test in plain.oils.tests.items() if key in given.products},
        ),
    )


def _minutes(effect):
    is_shorter = "shorter" in effect.adaptations
    return int(TABLES.settings["shorter_minutes"].default) if is_shorter else 30


def _fired(answers):
    """Cases that look at what is ticked, as a receiver, with the tick."""
    return [
        (case, answers.health.ticked[case.key])
        for row in TABLES.health
        for case in row.cases
        if case.key in answers.health.ticked and Role.RECEIVER in case.who
    ]


def _receiving_marks(answers, effect):
    marks = open_answers().limits.receiving | _giving_marks(effect)
    for case, tick in _fired(answers):
        if case.local is LocalEffect.CLOSE:
            marks |= dict.fromkeys(tick.where, AreaMark.GENTLY_AROUND)
    return marks


def _giving_marks(effect):
    return open_answers().limits.giving | dict.fromkeys(effect.closed, AreaMark.NOT_TONIGHT)


def _pressure(answers, receives, gives):
    most = min(Level.MEDIUM, receives.cap)
    areas = {}
    for case, tick in _fired(answers):
        caps = dict(case.caps)
        if case.local is LocalEffect.CAP:
            caps |= dict.fromkeys((area_of(part) for part in tick.where), case.local_cap)
        for area, cap in caps.items():
            areas[area] = min(cap, most, areas.get(area, Level.STRONG))
    return PressureAnswers(most, areas, min(Level.MEDIUM, gives.cap))


def _touch(said: TechniqueAnswers, receives, gives):
    adaptations = receives.adaptations | gives.adaptations
    chosen = {
        GentlerChoice.EACH_NAMED: "ask_each_area" in adaptations,
        GentlerChoice.ASKED_MORE: "more_check_ins" in adaptations,
        GentlerChoice.SEATED: bool(gives.positions_out),
        GentlerChoice.PLAIN_STROKES: receives.gentle,
        GentlerChoice.GENTLE_EVENING: receives.in_gentle_evening,
    }
    return replace(
        said,
        techniques=CODES - receives.techniques_out,
        giving=CODES - gives.techniques_out,
        positions_out=receives.positions_out,
        gentler=frozenset(choice for choice, is_so in chosen.items() if is_so),
    )


CASES = [
    pytest.param(row, case, roles, id=f"{each}-{'-'.join(roles)}")
    for (row, case), each in zip(EACH, IDS, strict=True)
    for roles in (*((role,) for role in case.who), tuple(Role))
]
"""Each case for each role that it is about, and for somebody who gives and receives."""


@pytest.mark.parametrize(("row", "case", "roles"), CASES)
def test_ordinary_answers_bring_the_same_share_as_a_health_row(row, case, roles):
    for where in PLACES if case.local else PLACES[:1]:
        for agreed, steady in ((False, None), (False, True), (True, None)):
            mine = with_cause(roles, case, where, agreed=agreed, steady=steady)

            effect = effect_of(mine, case.who[0])
            assert row in effect.rows
            assert effect.in_gentle_evening is bool(steady and case.gentle_if_steady)
            assert shared(mine) == shared(without_cause(mine)), (where, agreed, steady)


@pytest.mark.parametrize(("row", "case", "roles"), CASES)
def test_a_plan_is_the_same_with_a_health_row_and_without_one(row, case, roles):
    mine = with_cause(roles, case, PLACES[1], agreed=True)

    assert plans_with(mine, roles) == plans_with(without_cause(mine), roles)


def test_two_people_who_give_and_receive_and_both_have_a_cause_look_as_without_one():
    """Each case of one with another case of the other: both turns of the evening are equal."""
    for (_, mine), (_, yours) in zip(EACH, EACH[7:] + EACH[:7], strict=True):
        first = with_cause(tuple(Role), mine, PLACES[1], agreed=True)
        second = with_cause(tuple(Role), yours, PLACES[2], agreed=True)

        told = both_turns(first, second)
        plain = both_turns(without_cause(first), without_cause(second))

        assert told == plain, (mine.key, yours.key)


def both_turns(first, second):
    """The limits of both turns of an evening."""
    one, other = shared(first), shared(second)
    return merge(one, other, TABLES), merge(other, one, TABLES)


def plans_with(mine: Answers, roles):
    """Plans of 10 and 30 minutes of each turn, with their hashes."""
    other = open_for(*Role)
    made = []
    for role in roles:
        giver, receiver = (other, mine) if role is Role.RECEIVER else (mine, other)
        limits = merge(shared(giver), shared(receiver), TABLES)
        turns = [Turn(Seat.A, minutes, product="O-01") for minutes in (10, 30)]
        made += [make(limits, turn, TABLES) for turn in turns]
    return [(plan, plan_hash(plan)) for plan in made]

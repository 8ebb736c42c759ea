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
from workbook.domain.areas import AreaMark
from workbook.domain.consent import FreeYes
from workbook.domain.evening import Answers, Energy, Hands, Willing
from workbook.domain.health import Clearance, ReportedCondition
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


def open_for(role):
    """Somebody in one role who is open to everything, one of whose bottles has scent in it."""
    mine = open_answers()
    tests = {key: replace(test, scented=key == "O-03") for key, test in mine.oils.tests.items()}
    said = replace(mine.techniques, giving=CODES, asked_apart=True)
    return replace(
        mine,
        time=replace(mine.time, willing=frozenset({ROLES[role]})),
        oils=replace(mine.oils, tests=tests),
        techniques=said,
    )


def with_cause(role, row, case, where, *, agreed, steady=None):
    """That person with one health statement ticked, a professional's word with it or not."""
    mine = open_for(role)
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


def effect_of(answers, role):
    screening = screen(merge_other_topics(answers), TABLES, NOW)
    return screening.receiving if role is Role.RECEIVER else screening.giving


def shared(answers):
    return share(answers, screen(merge_other_topics(answers), TABLES, NOW), TABLES, NOW)


def without_cause(answers, role):
    """The same evening from ordinary answers; nothing about health is ticked."""
    effect, given, plain = effect_of(answers, role), shared(answers), open_for(role)
    if given == NOT_TONIGHT:
        return replace(plain, consent=replace(plain.consent, free=FreeYes.NO))
    if role is Role.GIVER:
        assert not effect.caps
    asked = effect.adaptations
    minutes = int(TABLES.settings["shorter_minutes"].default) if "shorter" in asked else 30
    hands = Hands.SORE if "forearms_or_still" in asked else Hands.FINE
    return replace(
        plain,
        limits=replace(plain.limits, **_marks(answers, effect, role)),
        pressure=_pressure(answers, effect),
        techniques=_touch(plain.techniques, effect),
        coverage=Coverage.CLOTHED if "stay_clothed" in asked else plain.coverage,
        time=replace(plain.time, minutes_receiving=minutes, minutes_giving=minutes, hands=hands),
        oils=replace(
            plain.oils,
            tests={key: test for key, test in plain.oils.tests.items() if key in given.products},
        ),
    )


def _fired(answers):
    """Cases that look at what is ticked, as a receiver, with the tick."""
    return [
        (case, answers.health.ticked[case.key])
        for row in TABLES.health
        for case in row.cases
        if case.key in answers.health.ticked and Role.RECEIVER in case.who
    ]


def _marks(answers, effect, role):
    marks = dict(open_answers().limits.receiving)
    marks |= dict.fromkeys(effect.closed, AreaMark.NOT_TONIGHT)
    for case, tick in _fired(answers) if role is Role.RECEIVER else ():
        if case.local is LocalEffect.CLOSE:
            marks |= dict.fromkeys(tick.where, AreaMark.GENTLY_AROUND)
    return {"receiving" if role is Role.RECEIVER else "giving": marks}


def _pressure(answers, effect):
    most = min(Level.MEDIUM, effect.cap)
    areas = {}
    for case, tick in _fired(answers):
        caps = dict(case.caps)
        if case.local is LocalEffect.CAP:
            caps |= dict.fromkeys((area_of(part) for part in tick.where), case.local_cap)
        for area, cap in caps.items():
            areas[area] = min(cap, most, areas.get(area, Level.STRONG))
    return PressureAnswers(most, areas, most)


def _touch(said: TechniqueAnswers, effect):
    adaptations = {
        "ask_each_area": GentlerChoice.EACH_NAMED,
        "more_check_ins": GentlerChoice.ASKED_MORE,
    }
    gentler = {choice for key, choice in adaptations.items() if key in effect.adaptations}
    gentler |= {GentlerChoice.PLAIN_STROKES} if effect.gentle else set()
    gentler |= {GentlerChoice.GENTLE_EVENING} if effect.in_gentle_evening else set()
    left = CODES - effect.techniques_out
    return replace(
        said,
        techniques=left,
        giving=left,
        positions_out=effect.positions_out,
        gentler=frozenset(gentler),
    )


CASES = [
    pytest.param(row, case, role, id=f"{each}-{role}")
    for (row, case), each in zip(EACH, IDS, strict=True)
    for role in case.who
]


@pytest.mark.parametrize(("row", "case", "role"), CASES)
def test_ordinary_answers_bring_the_same_share_as_a_health_row(row, case, role):
    for where in PLACES if case.local else PLACES[:1]:
        for agreed, steady in ((False, None), (False, True), (True, None)):
            mine = with_cause(role, row, case, where, agreed=agreed, steady=steady)

            assert row in effect_of(mine, role).rows
            assert effect_of(mine, role).in_gentle_evening is bool(steady and case.gentle_if_steady)
            assert shared(mine) == shared(without_cause(mine, role)), (where, agreed, steady)


@pytest.mark.parametrize(("row", "case", "role"), CASES)
def test_a_plan_is_the_same_with_a_health_row_and_without_one(row, case, role):
    mine = with_cause(role, row, case, PLACES[1], agreed=True)

    assert plans_with(mine, role) == plans_with(without_cause(mine, role), role)


def plans_with(mine: Answers, role):
    """Plans of 10 and 30 minutes, with their hashes."""
    other = open_for(Role.GIVER if role is Role.RECEIVER else Role.RECEIVER)
    giver, receiver = (other, mine) if role is Role.RECEIVER else (mine, other)
    limits = merge(shared(giver), shared(receiver), TABLES)
    made = [make(limits, Turn(Seat.A, minutes, product="O-01"), TABLES) for minutes in (10, 30)]
    return [(plan, plan_hash(plan)) for plan in made]

"""Random evenings by the thousand: cheaper than a strategy, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from tests.strategies import ALLERGENS, CODES, NOW, PARTS, QUESTIONS, STATEMENTS, TABLES, TODAY
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.evening import (
    AftercareAnswers,
    Answers,
    Energy,
    EveningQuestion,
    Hands,
    IntentionAnswers,
    TimeAnswers,
    Willing,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Reason, Setting, Settings
from workbook.domain.levels import HOME_CAP, Level, PressureAnswers
from workbook.domain.plan import ForWhom, Turn
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position, TechniqueAnswers

HOME = tuple(level for level in Level if level <= HOME_CAP)
MINUTES = (None, 5, 7, 10, 15, 20, 30)
CAUTIOUS = 0.02
"""How often an answer that would end the evening is given, so that most lead to a plan."""


def evening(chance: Random) -> EveningQuestion:
    """Two people's answers, anything a form can say, and one or two turns."""
    turns = tuple(_turn(chance) for _ in range(chance.randint(1, 2)))
    return EveningQuestion(NOW, {seat: _person(chance) for seat in Seat}, turns)


def _some(chance: Random, each: Iterable[Any], most: int) -> frozenset[Any]:
    known = sorted(each)
    return frozenset(chance.sample(known, chance.randint(0, min(most, len(known)))))


def _mostly(chance: Random, usual: Any, others: Iterable[Any]) -> Any:
    return chance.choice([*others]) if chance.random() < CAUTIOUS else usual


def _turn(chance: Random) -> Turn:
    position = chance.choice([None, *Position])
    return Turn(
        chance.choice([*Seat]),
        chance.randint(5, 30),
        chance.choice([*ForWhom]),
        position,
        chance.choice([*TABLES.oils]),
    )


def _person(chance: Random) -> Answers:
    return Answers(
        consent=ConsentAnswers(
            _mostly(chance, FreeYes.YES, (*FreeYes, None)),
            adult=_mostly(chance, True, (False, None)),
            easy=_mostly(chance, FreeYes.YES, (*FreeYes, None)),
            not_tonight=_mostly(chance, None, (True, False)),
        ),
        intentions=IntentionAnswers(_some(chance, TABLES.intentions, 3)),
        limits=AreaAnswers(_marks(chance), _marks(chance)),
        coverage=chance.choice([None, *Coverage]),
        health=_health(chance),
        time=TimeAnswers(
            _mostly(chance, frozenset(Willing), (frozenset(), frozenset({Willing.GIVE}))),
            chance.choice(MINUTES),
            chance.choice(MINUTES),
            _mostly(chance, Energy.ENOUGH, (*Energy, None)),
            _mostly(chance, Hands.FINE, (*Hands, None)),
            _mostly(chance, TODAY, (None,)),
        ),
        pressure=PressureAnswers(
            chance.choice([None, *HOME]),
            {key: chance.choice([*HOME]) for key in _some(chance, TABLES.areas, 6)},
            chance.choice([None, *HOME]),
        ),
        techniques=TechniqueAnswers(
            CODES if chance.random() < 0.5 else _some(chance, CODES, len(CODES)),
            chance.choice([None, *Pace]),
            chance.random() < 0.5,
            _some(chance, Position, 2),
            chance.choice([None, *Position]),
            giving=CODES if chance.random() < 0.5 else _some(chance, CODES, len(CODES)),
            asked_apart=chance.random() < 0.5,
            gentler=_some(chance, GentlerChoice, 1) if chance.random() < 0.2 else frozenset(),
        ),
        oils=_oils(chance),
        aftercare=AftercareAnswers(tuple(sorted(_some(chance, TABLES.aftercare, 4)))),
        learned=Settings(
            tuple(
                Setting(what, chance.choice([None, *Level]), chance.choice([*Reason]), TODAY)
                for what in _some(chance, TABLES.areas, 3)
            )
        ),
    )


def _marks(chance: Random) -> dict[str, AreaMark]:
    open_ = dict.fromkeys(PARTS, AreaMark.OPEN) if chance.random() < 0.7 else {}
    return {**open_, **{part: chance.choice([*AreaMark]) for part in _some(chance, PARTS, 20)}}


def _health(chance: Random) -> HealthAnswers:
    ticked = {
        key: ReportedCondition(
            where=_some(chance, PARTS, 2),
            last=chance.choice([None, TODAY - timedelta(days=chance.randint(0, 120))]),
            week=chance.choice([None, chance.randint(1, 42)]),
            told=TODAY - timedelta(days=chance.randint(0, 60)),
            celsius=chance.choice([None, 36.6, 37.9, 38.0]),
        )
        for key in _some(chance, STATEMENTS, chance.choice([0, 0, 2]))
    }
    rows = [row.id for row in TABLES.health]
    clearances = tuple(
        Clearance(row, TODAY - timedelta(days=chance.randint(0, 30)), chance.choice([*Level]))
        for row in chance.sample(rows, chance.choice([0, len(rows)]))
    )
    asked = _mostly(chance, QUESTIONS, (frozenset(), QUESTIONS - {"veins"}))
    return HealthAnswers(asked, ticked, clearances, _mostly(chance, TODAY, (None,)))


def _oils(chance: Random) -> OilAnswers:
    tests = {
        key: PatchTest(
            NOW - timedelta(hours=chance.randint(0, 6000)),
            chance.choice([None, PatchResult.CLEAR, PatchResult.CLEAR, PatchResult.REACTED]),
            used=chance.random() < 0.5,
            scented=chance.choice([False, False, False, True, None]),
        )
        for key in _some(chance, TABLES.oils, 8)
    }
    return OilAnswers(
        answered=chance.random() < 0.9,
        allergies=_some(chance, ALLERGENS, 2),
        severe=chance.random() < 0.1,
        sensitive=chance.random() < 0.2,
        tests=tests,
        without=chance.random() < 0.1,
    )

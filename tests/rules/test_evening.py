"""The whole chain, from two people's answers to plans, and how long it takes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given

from tests.strategies import NOW, QUESTIONS, TABLES, TODAY, open_answers, questions
from workbook.domain.consent import ConsentAnswers, FreeYes
from workbook.domain.evening import Answers, EveningQuestion
from workbook.domain.health import Action, HealthAnswers, ReportedCondition
from workbook.domain.learning import Reason, Setting, Settings
from workbook.domain.plan import Turn
from workbook.domain.products import Verdict
from workbook.domain.seats import Seat
from workbook.rules.evening import evaluate_evening
from workbook.rules.plan import plan_hash

OPEN = open_answers()
BOTH = (Turn(Seat.A, 20), Turn(Seat.B, 10))


def ask(a, b):
    return evaluate_evening(EveningQuestion(NOW, {Seat.A: a, Seat.B: b}, BOTH), TABLES)


def test_two_yeses_make_two_plans():
    outcome = ask(OPEN, OPEN)

    assert all(person.tonight and person.complete for person in outcome.people.values())
    assert [turn.plan.minutes for turn in outcome.turns] == [20, 10]
    for turn in outcome.turns:
        assert turn.fingerprint == plan_hash(turn.plan)
        assert turn.offers[-1].product == "O-18"


def test_what_a_person_needs_is_theirs_alone():
    ill = open_answers(health=HealthAnswers(QUESTIONS, {"aneurysm": ReportedCondition()}, on=TODAY))

    outcome = ask(ill, OPEN)

    assert outcome.people[Seat.A].action is Action.ASK_FIRST
    assert outcome.people[Seat.A].needs == ("H-33",)
    assert (outcome.people[Seat.A].receives, outcome.people[Seat.A].gives) == (False, True)
    assert outcome.people[Seat.B].rows == ()
    assert outcome.turns[0].plan.steps
    assert not outcome.turns[1].plan.steps


@pytest.mark.parametrize(
    "cause",
    [
        Answers(),
        open_answers(consent=ConsentAnswers(FreeYes.NO, adult=True)),
        open_answers(consent=ConsentAnswers(FreeYes.YES, adult=False, easy=FreeYes.YES)),
        open_answers(health=HealthAnswers(QUESTIONS, {"fever": ReportedCondition()}, on=TODAY)),
        open_answers(
            health=HealthAnswers(QUESTIONS, {"acute_alarm": ReportedCondition()}, on=TODAY)
        ),
    ],
)
def test_the_partner_sees_the_same_whatever_the_cause(cause):
    one, blank = ask(cause, OPEN), ask(Answers(), OPEN)

    assert one.turns == blank.turns
    assert one.people[Seat.B] == blank.people[Seat.B]
    assert all(not turn.plan.steps for turn in one.turns)


def test_the_free_yes_is_a_rule_as_well():
    no = open_answers(consent=ConsentAnswers(FreeYes.NO, adult=True))

    assert ask(no, OPEN).people[Seat.A].rows == ("H-56",)
    assert ask(no, OPEN).people[Seat.A].action is Action.BLOCK


def test_what_a_past_evening_took_out_is_out_for_that_person_alone():
    learned = Settings((Setting("O-01", None, Reason.SKIN, TODAY),))

    people = ask(open_answers(learned=learned), OPEN).people

    assert [each.product for each in people[Seat.A].products] == list(TABLES.oils)
    assert people[Seat.A].products[0].verdict is Verdict.REACTED
    assert people[Seat.B].products[0].verdict is Verdict.SUITS


@given(questions())
def test_the_same_question_has_the_same_outcome(question):
    turned = replace(question, people=dict(reversed(question.people.items())))

    assert evaluate_evening(turned, TABLES) == evaluate_evening(question, TABLES)


def test_rules_load_no_widget_and_no_database():
    code = "import sys, workbook.rules.evening; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    unwanted = {"ipywidgets", "sqlalchemy", "sqlcipher3", "msgspec", "tornado", "random"}
    assert not unwanted & set(loaded)

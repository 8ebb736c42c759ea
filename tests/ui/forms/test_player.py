"""What the guide may say: every question of the table, and a line for whatever comes up."""

from __future__ import annotations

from tests.strategies import NOW, TABLES, open_answers
from tests.ui.forms.shelf import SAY, form_context
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.evening import EveningQuestion
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.rules.evening import evaluate_evening
from workbook.ui.forms.player import make_script, reply_kind

BEFORE = ("Q-01", "Q-02", "Q-03", "Q-04")
"""Asked before the guide begins; their places are in the chapters."""


HANDS = AreaAnswers(*(dict.fromkeys(TABLES.areas["hands"].parts, AreaMark.OPEN) for _ in range(2)))


def shown(**answers):
    people = dict.fromkeys(Seat, open_answers(**answers))
    plan = evaluate_evening(EveningQuestion(NOW, people, (Turn(Seat.A, 30),)), TABLES).turns[0].plan
    return make_script(form_context(), plan)


def test_every_question_has_its_moment_in_the_guide():
    script = shown()
    quiet = shown(limits=HANDS)  # one region for half an hour: asked at least every five minutes

    asked = {check["question"] for check in (*script["check_ins"], *quiet["check_ins"])}
    asked |= set(script["asks"])
    asked |= {each for questions in script["moments"].values() for each in questions}
    asked |= {reaction["ask"] for reaction in script["reactions"]}
    missing = [
        key
        for key in TABLES.prompts
        if key not in (*BEFORE, "Q-13") and SAY(f"prompts.{key}.question") not in asked
    ]

    assert missing == []
    assert any(question.startswith("Next: ") for question in asked), "Q-13"


def test_whatever_may_come_up_has_its_line():
    notices = [reaction["notice"] for reaction in shown()["reactions"]]

    assert notices == [SAY(f"reactions.T-{n:02}.notice") for n in range(4, 15)]


DOES = {
    "Q-05": {"wait": "pause"},
    "Q-06": {"lighter": "softer"},
    "Q-10": {"move": "pause"},
    "Q-11": {"leave": "leave", "move_on": "skip"},
    "Q-13": {"skip": "skip"},
    "Q-14": {"red": "stop", "yellow": "pause"},
    "Q-15": {"stop": "stop", "softer": "softer"},
}
"""What an answer does; any other answer means that it is fine as it is."""


def test_every_answer_does_what_it_says_and_none_asks_for_more():
    for row in TABLES.prompts.values():
        said = {key: reply_kind(row, key) for key in row.answers}
        assert said == {key: DOES.get(row.id, {}).get(key, "fine") for key in row.answers}, row.id


def test_what_comes_up_reaches_the_guide_as_its_row_says():
    kinds = [reaction["kind"] for reaction in shown()["reactions"]]

    assert kinds == [row.does.value for row in TABLES.reactions if row.offered]


def test_a_step_says_where_it_is_so_that_a_place_can_be_left_alone():
    assert all(step["parts"] for step in shown()["steps"])

"""What the guide may say: every question of the table, and a line for whatever comes up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.strategies import NOW, TABLES, open_answers
from tests.ui.forms.shelf import SAY, form_context
from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.evening import EveningQuestion
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.techniques import Position
from workbook.rules.evening import evaluate_evening
from workbook.rules.session_table import list_rows
from workbook.rules.tightening import tighten_plan
from workbook.ui.forms.player import describe_tightening, make_player_script, reply_kind

BEFORE = ("Q-01", "Q-02", "Q-03", "Q-04")
"""Asked before the guide begins; their places are in the chapters."""


HANDS = AreaAnswers(*(dict.fromkeys(TABLES.areas["hands"].parts, AreaMark.OPEN) for _ in range(2)))


NECK = AreaAnswers(
    *(
        {
            part: AreaMark.OPEN
            for key in ("nape", "shoulder_tops")
            for part in TABLES.areas[key].parts
        }
        for _ in range(2)
    )
)
LIGHT = PressureAnswers(Level.LOTION, {}, Level.MEDIUM)


def planned(minutes=30, **answers):
    people = dict.fromkeys(Seat, open_answers(**answers))
    question = EveningQuestion(NOW, people, (Turn(Seat.A, minutes),))
    return evaluate_evening(question, TABLES).turns[0]


def shown(**answers):
    return make_player_script(form_context(), planned(**answers).plan)


def test_every_question_has_its_moment_in_the_guide():
    # One region for half an hour is asked about at least every five minutes.
    # Turning over, with nothing firmer to ask about, has its own question.
    side = replace(open_answers().techniques, position=Position.SIDE)
    scripts = [shown(), shown(limits=HANDS), shown(limits=NECK, pressure=LIGHT)]
    scripts.append(shown(techniques=side, pressure=LIGHT))

    asked = {check["question"] for script in scripts for check in script["check_ins"]}
    script = scripts[0]
    asked |= {script["firmer"]["question"], *script["asks"]}
    asked |= {each for questions in script["moments"].values() for each in questions}
    asked |= {reaction["ask"] for reaction in script["reactions"]}
    missing = [
        key
        for key in TABLES.prompts
        if key not in (*BEFORE, "Q-13") and SAY(f"prompts.{key}.question") not in asked
    ]

    assert missing == []
    assert any(question.startswith("Now: ") for question in asked), "Q-13"


def test_only_the_question_about_a_firmer_level_mentions_one():
    script = shown()
    firmer = SAY("prompts.Q-06.question")

    assert script["firmer"]["question"] == firmer
    assert [each["kind"] for each in script["firmer"]["answers"]] == ["softer", "fine", "yes"]
    # What stands at its time is for whoever has allowed that level already.
    at = [each.at for each in planned().plan.check_ins if each.prompt == "Q-06"]
    instead = [each["question"] for each in script["check_ins"] if each["at"] in at]
    assert instead == [SAY("prompts.Q-29.question")] * len(at) != []
    for prompt in TABLES.prompts.values():
        kinds = [reply_kind(prompt, each) for each in prompt.answers]
        assert ("yes" in kinds) is (prompt.id == "Q-06")


def test_the_guide_gets_the_table_the_times_and_the_name_of_its_plan():
    plan = planned().plan
    script = make_player_script(form_context(), plan, "a" * 64)

    assert script["machine"] == list_rows()
    assert script["id"] == "a" * 64
    assert script["timings"] == {"answer_s": 10, "repeat_s": 60, "shown_s": 30}
    assert script["guarded"] is False
    assert make_player_script(form_context(), replace(plan, guarded=True))["guarded"] is True
    assert [each["at"] for each in script["check_ins"]] == [each.at for each in plan.check_ins]
    assert [each["level"] for each in script["steps"]] == [each.level for each in plan.steps]


TIGHTER = {
    "places": ({"without": "nape"}, "Nape of the neck: left out from here."),
    "level": ({"cap": Level.LOTION}, "Softer from here on."),
    "minutes": ({"minutes": 29}, "Shorter from here on."),
    "other": ({"guarded": True}, "A little less from here on."),
}


@pytest.mark.parametrize("what", TIGHTER)
def test_what_a_running_plan_lost_is_said_without_a_name_or_a_cause(what):
    turn = planned()
    change, line = TIGHTER[what]
    change = dict(change)
    out, cap = change.pop("without", ""), change.pop("cap", Level.STRONG)
    left = {part: min(each, cap) for part, each in turn.limits.levels.items() if part != out}
    tighter = tighten_plan(turn.plan, replace(turn.limits, levels=left, **change), TABLES)

    said = describe_tightening(form_context(), turn.plan, tighter)

    if what == "places":
        line = SAY("player.tightened_places", places=SAY("areas.names.nape"))
    assert said == line
    assert not {"Kim", "Robin"} & set(said.split())


def test_whatever_may_come_up_has_its_line():
    notices = [reaction["notice"] for reaction in shown()["reactions"]]

    assert notices == [SAY(f"reactions.T-{n:02}.notice") for n in range(4, 15)]


DOES = {
    "Q-05": {"wait": "pause"},
    "Q-06": {"lighter": "softer", "firmer": "yes"},
    "Q-10": {"move": "pause"},
    "Q-11": {"leave": "leave", "move_on": "skip"},
    "Q-13": {"skip": "skip"},
    "Q-14": {"red": "stop", "yellow": "pause"},
    "Q-15": {"stop": "stop", "softer": "softer"},
    "Q-29": {"softer": "softer"},
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

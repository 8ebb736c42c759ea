"""One table, two interpreters: the page's script and Python agree about every session."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from workbook.domain.levels import Level
from workbook.domain.session import CLOCK_EVENTS, Event, ScriptStep, SessionScript
from workbook.rules.session import advance, begin_session, pass_time
from workbook.rules.session_table import TRANSITIONS, list_rows

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")

PLAY = Path(__file__).parents[1] / "js" / "play_session.js"
STEPS = (
    ScriptStep(60, Level.STILL, ("nape",)),
    ScriptStep(240, Level.LOTION, ("low_back.left", "low_back.right")),
    ScriptStep(300, Level.SUNSCREEN, ("calves.left",)),
    ScriptStep(45, Level.MEDIUM, ("calves.left",)),
    ScriptStep(310, Level.MEDIUM, ("feet.left",)),
    ScriptStep(60, Level.STILL, ("nape",)),
)
SCRIPT = SessionScript(STEPS, questions=(0, 120, 300, 350, 600, 645, 900, 950), shown_s=30)
SCRIPTS = {
    "aloud": SCRIPT,
    "guarded": replace(SCRIPT, is_guarded=True),
    "short": SessionScript(STEPS[:1] + STEPS[-1:]),
}
SOFTER_WITHOUT_A_QUESTION = ["start", 11, "softer", 125, 20]
"""Guarded: a silence at 10 s, softer, and the next question is not answered."""


def plan_of(script):
    """The script as the page gets it."""
    return {
        "steps": [msgspec.to_builtins(step) for step in script.steps],
        "check_ins": [{"at": at, "question": "?", "answers": []} for at in script.questions],
        "guarded": script.is_guarded,
        "machine": list_rows(),
        "timings": {
            "answer_s": script.answer_s,
            "repeat_s": script.repeat_s,
            "shown_s": script.shown_s,
        },
    }


def play_in_node(script, games):
    """Every event of each game with the state after it, as the page has it."""
    done = subprocess.run(
        ["node", str(PLAY)],
        input=json.dumps({"plan": plan_of(script), "games": games}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def play_in_python(script, moves):
    """The same as Python has it."""
    session, states = begin_session(script), []
    for move in moves:
        if isinstance(move, str):
            session = advance(session, Event(move), script)
            states.append([move, msgspec.to_builtins(session)])
        else:
            session, happened = pass_time(session, move, script)
            states += [[event.value, msgspec.to_builtins(each)] for event, each in happened]
            states.append([None, msgspec.to_builtins(session)])
    return states


def random_game(chance):
    words = [event.value for event in Event if event is not Event.STOP]
    moves = ["start"] if chance.random() < 0.97 else ["stop", "start"]
    for _ in range(chance.randrange(2, 24)):
        kind = chance.random()
        if kind < 0.5:
            moves.append(chance.choice((0.2, 5, 10, 11, 29.9, 30.1, 60, 61, 180, 400)))
        else:
            moves.append(chance.choice(words))
    return [*moves, *(["stop", 100, "go_on"] if chance.random() < 0.1 else [])]


@pytest.mark.parametrize("name", SCRIPTS)
def test_both_come_to_the_same_state_after_every_event(name):
    chance = random.Random(f"session {name}")
    games = [random_game(chance) for _ in range(1500)]

    pages = play_in_node(SCRIPTS[name], games)

    differences = []
    for moves, page in zip(games, pages, strict=True):
        python = json.loads(json.dumps(play_in_python(SCRIPTS[name], moves)))
        if page != python:
            pairs = zip(page, python, strict=False)
            differences.append((moves, next((pair for pair in pairs if pair[0] != pair[1]), None)))
    assert differences[:2] == []


def test_the_games_meet_every_row_of_the_table():
    met = set()
    for name, script in SCRIPTS.items():
        chance = random.Random(f"session {name}")
        for _ in range(1500):
            session = begin_session(script)
            for move in random_game(chance):
                if isinstance(move, str):
                    met.add((session.phase, Event(move)))
                    session = advance(session, Event(move), script)
                    continue
                before = session
                session, happened = pass_time(session, move, script)
                for event, after in happened:
                    met.add((before.phase, event))
                    before = after

    assert {(row.phase, row.event) for row in TRANSITIONS} <= met
    assert {row.event for row in TRANSITIONS} == set(Event)
    assert {row.event for row in TRANSITIONS} > CLOCK_EVENTS


def test_softer_without_an_open_question_ends_a_row_of_silences_in_both():
    script = SCRIPTS["guarded"]
    (page,) = play_in_node(script, [SOFTER_WITHOUT_A_QUESTION])

    assert page == json.loads(json.dumps(play_in_python(script, SOFTER_WITHOUT_A_QUESTION)))
    assert (page[-1][1]["phase"], page[-1][1]["silences"]) == ("running", 1)

"""The session has two reducers, one in the browser and one in Python; they agree."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.strategies import TABLES
from workbook.domain.levels import Level
from workbook.domain.session import Event, Phase, Session
from workbook.rules.session import advance

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")

PLAY = Path(__file__).parents[1] / "js" / "play_session.js"
LEVELS = (Level.STILL, Level.SUNSCREEN, Level.MEDIUM, Level.MEDIUM, Level.STILL)
PARTS = ("feet", "calves", "calves", "low_back", "feet")
TAPS = ("softer", "pause", "still", "go_on", "fine", "skip", "leave", "stop")
PLAN = {
    "title": "",
    "seconds": 300 * len(LEVELS),
    "levels": [level.name for level in Level],
    "steps": [
        {"level": int(level), "level_words": level.name, "seconds": 300, "parts": [part]}
        for level, part in zip(LEVELS, PARTS, strict=True)
    ],
    "check_ins": [{"at": at, "question": "?", "answers": []} for at in range(60, 1500, 180)],
    "timings": {
        f"{key}_s": TABLES.settings[f"{key}_seconds"].default
        for key in ("answer", "repeat", "hold", "pad_hold")
    },
    "cues": [],
}
SOFTER_WITHOUT_A_QUESTION = ["start", 71, "softer", 60, 20, 70]
"""Asked at 60 s, a silence at 70 s, softer, and the question that comes back is not answered."""


def play(games):
    """What the browser reports after each move of each game."""
    done = subprocess.run(
        ["node", str(PLAY)],
        input=json.dumps({"plan": PLAN, "games": games}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def follow(session, event):
    """The session in Python after one reported event."""
    return advance(session, Event.NEXT if event == "finish" else Event(event))


def state_of(session):
    where = (session.phase.value, session.step, int(session.cap), session.silences)
    return dict(zip(("phase", "step", "cap", "silences"), where, strict=True))


def first_difference(moves, reported):
    """The moves up to the first one after which the two disagree, with both states."""
    session = Session(len(LEVELS), level=LEVELS[0], cap=max(LEVELS), levels=LEVELS)
    for count, (_, browser) in enumerate(zip(moves, reported, strict=True), 1):
        for event in browser.pop("events"):
            session = follow(session, event)
        if session.phase in (Phase.STOPPED, Phase.FINISHED):
            browser["silences"] = session.silences  # nothing reads it any more
        if browser != state_of(session):
            return moves[:count], {"browser": browser, "python": state_of(session)}
    return None


def random_game(chance):
    moves = ["start"]
    for _ in range(chance.randrange(2, 16)):
        quiet = chance.random() < 0.6
        moves.append(
            chance.choice((5, 11, 60, 61, 180, 400)) if quiet else chance.choice(TAPS[:-1])
        )
    return [*moves, *(["stop"] if chance.random() < 0.1 else [])]


def test_softer_without_an_open_question_ends_a_row_of_silences_in_both():
    (reported,) = play([SOFTER_WITHOUT_A_QUESTION])

    assert first_difference(SOFTER_WITHOUT_A_QUESTION, reported) is None
    assert reported[-1]["phase"] == "paused"


def test_both_reducers_come_to_the_same_state_after_every_move():
    chance = random.Random(14)
    games = [random_game(chance) for _ in range(3000)]

    differences = list(filter(None, map(first_difference, games, play(games))))

    assert differences[:3] == []

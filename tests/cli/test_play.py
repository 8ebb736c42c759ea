"""``workbook play``: what the guide would do in one turn, and that it is what it does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import run
from workbook.content.words import load_words

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "play.json"
EVENING = json.loads(EXAMPLE.read_text("utf-8"))
RECEIVER = "B"


def play(*events, **changes):
    told = EVENING | changes | {"events": [{"at": 0, "by": "A", "do": "start"}, *events]}
    ended = run("play", "-", stdin=json.dumps(told))
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(ended.stdout)


def at(seconds, do, by=RECEIVER, **more):
    return {"at": seconds, "by": by, "do": do, **more}


def last(found, key="phase"):
    return found["states"][-1][key]


def running(found):
    return [state for state in found["states"] if state["phase"] == "running"]


@pytest.fixture(scope="module")
def untouched():
    return play()


def test_the_example_is_played(untouched):
    ended = run("play", str(EXAMPLE))

    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert found["ended_by"] == "finish"
    assert {state["phase"] for state in found["states"]} == {
        "ready",
        "running",
        "paused",
        "finished",
    }
    assert ended.stdout == run("play", str(EXAMPLE)).stdout


def test_a_turn_in_which_nobody_taps_runs_to_its_end(untouched):
    minutes = EVENING["turns"][0]["minutes"]

    assert untouched["ended_by"] == "finish"
    assert (last(untouched), last(untouched, "at")) == ("finished", 60 * minutes)
    assert {state["cap"] for state in untouched["states"]} == {untouched["states"][0]["cap"]}


def test_every_state_has_what_the_guide_shows(untouched):
    words = load_words().table("player")

    for state in untouched["states"]:
        assert set(state) == {"at", "phase", "cap", "step", "area", "says"}
        assert state["says"] in words
        assert bool(state["area"]) is (state["phase"] == "running")
    steps = [state["step"] for state in untouched["states"]]
    assert sorted(set(steps)) == list(range(steps[-1] + 1))
    assert steps == sorted(steps)


def test_nothing_begins_that_nobody_begins():
    told = EVENING | {"events": [at(5, "softer"), at(6, "yes")]}

    found = json.loads(run("play", "-", stdin=json.dumps(told)).stdout)

    assert found["ended_by"] is None
    assert [state["phase"] for state in found["states"]] == ["ready"]


@pytest.mark.parametrize("by", ["A", "B"])
@pytest.mark.parametrize(
    ("event", "phase", "ended_by"),
    [
        ({"do": "stop"}, "stopped", "stop"),
        ({"do": "withdraw"}, "stopped", "withdraw"),
        ({"do": "taps", "n": 3}, "stopped", "stop"),
        ({"do": "taps", "n": 9}, "stopped", "stop"),
        ({"do": "pause"}, "paused", None),
        ({"do": "taps", "n": 2}, "paused", None),
        ({"do": "answers", "consent": {"free": "no"}}, "stopped", "not_tonight"),
        ({"do": "answers", "answers": {"consent": {"free": "no"}}}, "stopped", "not_tonight"),
        ({"do": "answers", "health": {"ticked": {"acute_alarm": {}}}}, "stopped", "not_tonight"),
    ],
)
def test_hands_are_still_at_that_very_second(by, event, phase, ended_by):
    found = play({"at": 100, "by": by, **event}, at(200, "softer"), at(900, "yes"))

    (state,) = [each for each in found["states"] if each["phase"] == phase][:1]
    assert (state["at"], last(found), found["ended_by"]) == (100, phase, ended_by)
    assert not [each for each in running(found) if each["at"] > 100]


def test_a_cap_falls_and_never_rises():
    found = play(at(100, "softer"), at(101, "yes"), at(280, "yes"), at(300, "taps", n=1))

    caps = [state["cap"] for state in found["states"]]
    assert caps == sorted(caps, reverse=True)
    assert caps[-1] < caps[0]


def test_where_it_is_not_tonight_nothing_is_played():
    people = {seat: EVENING["people"][seat] | {"consent": {"free": "no"}} for seat in "AB"}

    found = play(people=people)

    assert found["ended_by"] is None
    assert not running(found)


def test_only_the_receiver_lets_it_go_on():
    found = play(at(100, "pause"), at(110, "go_on", by="A"), at(130, "go_on"))

    assert [s["at"] for s in found["states"] if s["phase"] == "paused"] == [100]
    assert 130 in [state["at"] for state in running(found)]
    assert found["ended_by"] == "finish"


def test_a_place_that_is_closed_is_left_out_from_there_and_waits_for_a_word():
    closed = at(100, "limits", receiving={"mid_back": "not_tonight"})

    found = play(closed)
    assert (last(found), last(found, "at"), found["ended_by"]) == ("paused", 100, None)

    found = play(closed, at(110, "go_on"))
    later = [part for s in running(found) if s["at"] > 100 for part in s["area"]]
    assert later
    assert not any(part.startswith("mid_back") for part in later)
    assert found["ended_by"] == "finish"


def test_what_is_opened_meanwhile_changes_nothing(untouched):
    found = play(at(100, "limits", receiving={"feet": "open"}))

    assert found == untouched


def test_a_position_that_is_gone_ends_the_turn():
    out = {"positions_out": ["prone", "side", "chair"]}

    assert play(at(100, "answers", techniques=out))["ended_by"] == "not_tonight"


def test_everything_closed_ends_the_turn():
    places = dict.fromkeys(EVENING["people"]["B"]["limits"]["receiving"], "not_tonight")

    assert play(at(100, "limits", receiving=places))["ended_by"] == "not_tonight"


def test_fewer_minutes_than_were_played_bring_the_closing_hold_at_once():
    found = play(at(700, "answers", time={"minutes_receiving": 10}), at(710, "go_on"))

    later = [state for state in running(found) if state["at"] >= 710]
    assert len({state["step"] for state in later}) == 1
    assert last(found, "at") < 710 + 120


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"at": -1}, "events[1].at"),
        ({"at": "soon"}, "events[1].at"),
        ({"by": "C"}, "events[1].by"),
        ({"do": "firmer"}, "events[1].do"),
        ({"do": "taps"}, "events[1].n"),
        ({"do": "taps", "n": 0}, "events[1].n"),
        ({"n": 2}, "events[1].n"),
        ({"do": "limits", "receiving": {"nowhere": "open"}}, "events[1].limits.receiving"),
        ({"do": "answers", "time": {"minutes_receiving": 99}}, "events[1].time"),
        ({"extra": 1}, "events[1].extra"),
    ],
)
def test_what_cannot_be_played_is_named_in_one_sentence(change, field):
    told = EVENING | {"events": [at(0, "start", by="A"), at(10, "softer") | change]}

    ended = run("play", "-", stdin=json.dumps(told))

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(field)
    assert len(ended.stderr.splitlines()) == 1


def test_times_go_forward():
    told = EVENING | {"events": [at(10, "start", by="A"), at(9, "softer")]}

    ended = run("play", "-", stdin=json.dumps(told))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("events[1].at")


def test_the_schema_is_printed():
    ended = run("play", "--schema")

    assert ended.returncode == 0
    assert "events" in json.loads(ended.stdout)["$defs"]["EveningQuestion"]["properties"]

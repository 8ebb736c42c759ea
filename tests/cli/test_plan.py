"""``workbook plan``: what it prints, and what it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.command import (
    EVENING,
    EXAMPLES,
    ROOT,
    evening,
    planned,
    refused,
    run,
)

MEMORY = 1_000 * 1024 * 1024
"""More address space than any command needs, and less than 100 MB read and decoded would."""


def test_an_evening_without_worries_has_a_plan_of_twenty_minutes():
    ended = run("plan", EVENING)

    said = json.loads(ended.stdout)
    plan = said["turns"][0]["plan"]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {who: p["rows"] for who, p in said["people"].items()} == {"A": [], "B": []}
    assert (plan["position"], plan["product"], plan["minutes"]) == ("prone", "O-01", 20)
    assert max(step["seconds"] for step in plan["steps"]) <= 90
    assert sum(step["seconds"] for step in plan["steps"]) == 20 * 60
    assert all(step["says"] for step in plan["steps"])


def test_changed_answers_change_the_plan():
    ended = run("plan", EXAMPLES / "changed.json")

    said = json.loads(ended.stdout)
    turn = said["turns"][0]
    levels, plan = turn["limits"]["levels"], turn["plan"]
    assert ended.returncode == 0
    assert said["people"]["B"]["rows"] == ["H-14", "H-16"]
    assert said["people"]["B"]["needs"] == []  # a professional agreed, and that day counts
    assert max(levels.values()) == 2  # blood thinners, agreed or not
    assert max(levels["mid_back.left"], levels["mid_back.right"]) == 1  # "a bit less" last time
    assert not {"nape", "feet.left", "feet.right", "calves.left"} & set(levels)
    assert "prone" not in turn["limits"]["positions"]
    assert [offer["product"] for offer in turn["offers"]] == ["O-01", "O-18"]
    assert plan["product"] == "O-18"  # almond was asked for, and the giver's allergy closes it
    assert plan["steps"]
    assert all(levels[part] >= s["level"] for s in plan["steps"] for part in s["parts"])


def test_without_the_professionals_word_there_is_no_plan():
    question = json.loads((EXAMPLES / "changed.json").read_text("utf-8"))
    del question["people"]["B"]["health"]["clearances"]

    said = json.loads(planned(question).stdout)

    assert said["people"]["B"]["needs"] == ["H-16"]
    assert said["turns"][0]["plan"]["steps"] == []


def test_the_same_answers_print_the_same_words_in_every_process():
    said = [
        run("plan", EVENING, env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in "123"
    ]

    assert said[0] == said[1] == said[2] != ""


def test_the_schema_in_docs_is_the_one_that_is_printed():
    ended = run("plan", "--schema")

    assert ended.returncode == 0
    assert ended.stdout == (ROOT / "docs" / "evening.schema.json").read_text("utf-8")


def test_a_file_that_is_no_json_is_refused():
    refused(run("plan", "-", stdin='{"now": '), "The file")
    refused(run("plan", "-", stdin=""), "The file")
    refused(run("plan", "-", stdin="[" * 100_000), "The file")
    refused(run("plan", "-", stdin="[]"), "The file")


@pytest.mark.parametrize("name", ["now", "people", "turns"])
def test_a_missing_field_is_named(name):
    question = evening()
    del question[name]

    refused(planned(question), name)


def test_a_person_who_is_missing_is_named():
    refused(planned(evening(people={"A": {}})), "people", "A and B")


WRONG = {
    "an unknown area": (("people", "B", "limits", "receiving", "elbow"), "open", "elbow"),
    "a part of no area": (("people", "B", "limits", "receiving", "nape.left"), "open", "nape.left"),
    "a pressure of 9": (("people", "B", "pressure", "overall"), 9, "people.B.pressure.overall"),
    "a misspelt topic": (("people", "A", "heatlh"), {}, "people.A.heatlh"),
    "a misspelt field": (("people", "A", "health", "tickd"), {}, "people.A.health.tickd"),
    "a misspelt clearance": (
        ("people", "B", "health", "clearances"),
        [{"rule": "H-16", "on": "2026-11-10", "clsoed": ["nape"]}],
        "people.B.health.clearances[0].clsoed",
    ),
    "a misspelt turn": (("turns", 0, "for_hwom"), "for_me", "turns[0].for_hwom"),
    "a wrong type": (("people", "A", "time", "minutes_giving"), "long", "time.minutes_giving"),
    "a person who is a list": (("people", "A"), [], "people.A"),
    "ninety minutes": (("people", "A", "time", "minutes_giving"), 90, "people.A.time.minutes"),
    "a turn of ninety minutes": (("turns", 0, "minutes"), 90, "turns[0].minutes"),
    "no turn": (("turns",), [], "turns"),
    "a turn without a giver": (("turns",), [{"minutes": 10}], "giver"),
    "an unknown product": (("turns", 0, "product"), "O-99", "turns[0].product"),
    "an unknown statement": (("people", "B", "health", "ticked"), {"x": {}}, "health.ticked"),
    "an unknown rule": (
        ("people", "B", "health", "clearances"),
        [{"rule": "H-99", "on": "2026-11-10"}],
        "clearances[0].rule",
    ),
    "an unknown allergy": (("people", "A", "oils", "allergies"), ["moon"], "oils.allergies"),
    "an unknown wish": (("people", "A", "wishes", "wished"), ["moon"], "wishes.wished"),
    "no date": (("now",), "tomorrow", "now"),
    "the end of the calendar": (("now",), "9999-12-31T23:59:00", "now"),
    "a patch test in a far year": (
        ("people", "A", "oils", "tests", "O-01", "started"),
        "9999-12-31T20:00:00",
        "people.A.oils.tests.O-01.started",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(case):
    path, value, name = WRONG[case]
    question = evening()
    place = question
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    refused(planned(question), name)


def _little_memory() -> None:
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.skipif(os.name != "posix", reason="sets a limit on memory")
def test_a_hundred_megabytes_are_refused_without_reading_them(tmp_path):
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(100_000_000)

    refused(run("plan", large, preexec_fn=_little_memory), "large.json", "1,000,000 bytes")
    with large.open("rb") as stream:
        ended = run("plan", "-", file=stream, preexec_fn=_little_memory)
    refused(ended, "Standard input", "1,000,000 bytes")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs an endless file")
def test_an_endless_file_is_refused():
    refused(run("plan", "/dev/zero"), "/dev/zero")


def test_a_file_that_is_not_there_is_named(tmp_path):
    refused(run("plan", tmp_path / "none.json"), "none.json")


def test_a_folder_is_no_file(tmp_path):
    refused(run("plan", tmp_path), str(tmp_path))


def test_plan_without_a_file_says_what_it_needs():
    refused(run("plan"), "FILE")


def test_a_key_of_somebody_elses_file_cannot_act_on_the_terminal(tmp_path):
    attack = "\x1b]0;OWNED\x07\x1b[2Jfake line\r\nYour passphrase has expired"
    given = json.loads(EVENING.read_text("utf-8"))
    file = tmp_path / "evening.json"
    file.write_text(json.dumps({**given, attack: 1}))

    ended = run("plan", file)

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert not [sign for sign in "\x1b\x07\r" if sign in ended.stderr]

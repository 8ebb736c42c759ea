"""Answers on paper: what is read, what is refused, and what the schema says about both."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook import answers_json
from workbook.content.tables import load_tables
from workbook.domain.areas import AreaMark
from workbook.domain.errors import InvalidInput
from workbook.domain.seats import Seat

FOLDER = Path(__file__).parent.parent / "docs" / "examples"
EXAMPLES = sorted(path for path in FOLDER.glob("*.json") if path.stem != "play")
TABLES = load_tables()
BLANK = {"now": "2026-11-28T20:30:00", "people": {"A": {}, "B": {}}}
TURN = {"giver": "A", "minutes": 10}


def ask(**changes: object) -> dict:
    question = BLANK | {"turns": [TURN]} | changes
    return json.loads(answers_json.evaluate(json.dumps(question).encode()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_and_answered(path):
    said = json.loads(answers_json.evaluate(path.read_bytes()))

    assert set(said) == {"people", "turns"}
    assert said["turns"][0]["plan"]["steps"]


def test_two_people_who_said_nothing_have_no_evening():
    said = ask()

    assert [person["tonight"] for person in said["people"].values()] == [False, False]
    assert said["turns"][0]["plan"]["steps"] == []


def test_an_area_named_without_a_side_stands_for_both():
    limits = {"limits": {"receiving": {"feet": "open", "calves.left": "open"}}}
    body = json.dumps(BLANK | {"people": {"A": {}, "B": limits}, "turns": [TURN]}).encode()

    found = answers_json.parse_question(body, TABLES)

    assert found.people[Seat.B].limits.receiving == {
        "feet.left": AreaMark.OPEN,
        "feet.right": AreaMark.OPEN,
        "calves.left": AreaMark.OPEN,
    }


def test_a_time_with_a_zone_is_read_as_the_clock_on_the_wall():
    there = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
    body = json.dumps(BLANK | {"now": there.isoformat(), "turns": [TURN]}).encode()

    assert answers_json.parse_question(body, TABLES).now == there.replace(tzinfo=None)


def test_two_turns_are_answered_and_three_are_not():
    assert len(ask(turns=[TURN, TURN | {"giver": "B"}])["turns"]) == 2
    with pytest.raises(InvalidInput) as refused:
        ask(turns=[TURN] * 3)
    assert refused.value.facts["field"] == "turns"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
TOPICS = [
    "consent", "intentions", "wishes", "limits", "coverage", "health", "time", "pressure",
    "techniques", "oils", "aftercare", "learned",
]  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(TOPICS), JSON)
def test_anything_at_all_is_answered_or_refused_by_name(topic, value):
    try:
        said, field = ask(people={"A": {topic: value}, "B": {}}), ""
    except InvalidInput as error:
        said, field = None, str(error.facts["field"])

    assert said is None or not said["people"]["A"]["tonight"]
    assert said is not None or field.startswith(f"people.A.{topic}")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_question_are_refused(body):
    with pytest.raises(InvalidInput):
        answers_json.evaluate(body)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"time": {"minutes_giving": 90}}, "people.A.time.minutes"),
        ({"aftercare": {"minutes": 7}}, "people.A.aftercare.minutes"),
        ({"pressure": {"overall": 9}}, "people.A.pressure.overall"),
        ({"health": {"ticked": {"bruise": {"wher": []}}}}, "people.A.health.ticked.bruise.wher"),
    ],
)
def test_a_refusal_names_the_whole_way_to_the_field(person, field):
    with pytest.raises(InvalidInput) as refused:
        ask(people={"A": person, "B": {}})

    assert refused.value.facts["field"] == field


def test_the_schema_knows_every_field_of_the_examples():
    kinds = json.loads(answers_json.json_schema())["$defs"]

    for path in EXAMPLES:
        question = json.loads(path.read_text("utf-8"))
        assert set(question) == set(kinds["EveningQuestion"]["properties"])
        for person in question["people"].values():
            assert set(person) <= set(kinds["Answers"]["properties"])


def test_the_schema_leaves_no_room_for_a_misspelt_key():
    kinds = json.loads(answers_json.json_schema())["$defs"].values()

    assert all(kind["additionalProperties"] is False for kind in kinds if "properties" in kind)


def test_the_schema_names_what_the_tables_know():
    kinds = json.loads(answers_json.json_schema())["$defs"]

    places = kinds["AreaAnswers"]["properties"]["receiving"]["propertyNames"]["enum"]
    assert {"feet", "feet.left", "spine"} <= set(places)
    assert kinds["OilAnswers"]["properties"]["tests"]["propertyNames"]["enum"] == list(TABLES.oils)
    assert kinds["Clearance"]["properties"]["rule"]["enum"] == [row.id for row in TABLES.health]


def test_the_schema_speaks_of_answers_and_not_of_python():
    assert "Raises" not in answers_json.json_schema()
    assert "``" not in answers_json.json_schema()


def test_an_intention_is_a_key_of_the_table_or_quiet_rest_and_part_of_the_plan():
    asked = json.loads((FOLDER / "evening.json").read_text("utf-8"))
    hashes = set()
    for key in ("", "unwind", "rest"):
        asked["turns"][0]["intention"] = key
        said = json.loads(answers_json.evaluate(json.dumps(asked).encode()))
        hashes.add(said["turns"][0]["fingerprint"])
        assert said["turns"][0]["plan"]["turn"]["intention"] == key

    assert len(hashes) == 3
    asked["turns"][0]["intention"] = "haste"
    with pytest.raises(InvalidInput) as caught:
        answers_json.evaluate(json.dumps(asked).encode())
    assert caught.value.facts["field"] == "turns[0].intention"

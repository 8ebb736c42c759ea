"""Answers on paper: JSON in, the book's word out. Touches no vault and keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec

from workbook.content.tables import load_tables
from workbook.content.words import load_words, step_sentence
from workbook.domain.errors import InvalidAnswer, InvalidInput
from workbook.domain.evening import Answers, EveningQuestion
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.shares import TURN_MINUTES
from workbook.domain.tables import Tables
from workbook.domain.topics import Topic, list_answered
from workbook.rules.evening import evaluate_evening
from workbook.store.strict import read_json

THE_FILE = "The file"
"""The field of an error that is about all of it."""

YEARS = range(1900, 2201)
"""Years in which an evening or a patch test can be; further out a calendar overflows."""

_RANGE = "it is out of range"

T = TypeVar("T")


def schema() -> str:
    """Return the JSON schema of what ``answer`` reads, with every key that the tables know."""
    found = msgspec.json.schema(EveningQuestion)
    kinds = found["$defs"]
    for kind in kinds.values():
        if "description" in kind:
            # What a program raises is nothing to somebody who writes JSON.
            kind["description"] = kind["description"].split("\n\n")[0].replace("``", "")
        if "properties" in kind:
            kind["additionalProperties"] = False
    seats = {"propertyNames": {"enum": list(Seat)}, "required": list(Seat)}
    kinds["EveningQuestion"]["properties"]["people"] |= seats
    kinds["Turn"]["properties"]["minutes"] |= {
        "minimum": TURN_MINUTES[0],
        "maximum": TURN_MINUTES[-1],
    }
    for (kind, field), names in _vocabulary(load_tables()).items():
        place = kinds[kind]["properties"][field]
        if place["type"] == "object":
            place["propertyNames"] = {"enum": names}
        elif place["type"] == "array":
            place["items"] = {"enum": names}
        else:
            place["enum"] = names
    return _printed(found)


def _vocabulary(tables: Tables) -> dict[tuple[str, str], list[str]]:
    """Return the keys that may stand in each field, by type and name of the field."""
    statements = [s.key for question in tables.questions for s in question.statements]
    allergens = sorted({key for oil in tables.oils.values() for key in oil.allergens})
    places = list(_places(tables))
    return {
        ("AreaAnswers", "receiving"): places,
        ("AreaAnswers", "giving"): places,
        ("PressureAnswers", "areas"): list(tables.areas),
        ("TechniqueAnswers", "techniques"): list(tables.techniques),
        ("OilAnswers", "allergies"): allergens,
        ("OilAnswers", "tests"): list(tables.oils),
        ("HealthAnswers", "asked"): [question.key for question in tables.questions],
        ("HealthAnswers", "ticked"): statements,
        ("ReportedCondition", "where"): places,
        ("Clearance", "rule"): [row.id for row in tables.health],
        ("Clearance", "closed"): places,
        ("IntentionAnswers", "chosen"): list(tables.intentions),
        ("WishAnswers", "wished"): list(tables.wishes),
        ("AftercareAnswers", "chosen"): list(tables.aftercare),
        ("Setting", "what"): [*tables.areas, *tables.oils],
        ("Turn", "product"): list(tables.oils),
    }


def _places(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the parts of every area and of every part; an area's name stands for both sides."""
    parts = {part: (part,) for area in tables.areas.values() for part in area.parts}
    return {key: area.parts for key, area in tables.areas.items()} | parts


def _printed(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def answer(body: bytes) -> str:
    """Return what the book would say, as JSON: people, limits, offers and plans.

    Args:
        body: JSON in the form of ``schema``, UTF-8.

    Raises:
        InvalidInput: if it is not; ``facts["field"]`` and ``facts["why"]`` say where and what.

    """
    tables = load_tables()
    outcome = evaluate_evening(read(body, tables), tables)
    said = msgspec.to_builtins(outcome, str_keys=True, order="sorted")  # sets too
    say = load_words()
    for shown, turn in zip(said["turns"], outcome.turns, strict=True):
        for line, step in zip(shown["plan"]["steps"], turn.plan.steps, strict=True):
            line["says"] = step_sentence(say, tables, turn.plan, step)
    return _printed(said)


def read(body: bytes, tables: Tables) -> EveningQuestion:
    """Return the question in ``body``, every field of it known and in range.

    Raises:
        InvalidInput: if a field is missing, unknown, or out of range.

    """
    raw = read_json(body, THE_FILE)
    if not isinstance(raw, dict):
        raise InvalidInput(field=THE_FILE, why="it is not a JSON object")
    needed = ("now", "people", "turns")
    for name in needed:
        if name not in raw:
            raise InvalidInput(field=name, why="it is missing")
    _known(raw, needed, "")
    people = raw["people"]
    if not isinstance(people, dict) or set(people) != {seat.value for seat in Seat}:
        raise InvalidInput(field="people", why="it needs exactly A and B")
    now = _made(raw["now"], datetime, "now")
    said = {seat: _person(people[seat], f"people.{seat.value}", tables) for seat in Seat}
    turns = _made(raw["turns"], tuple[Turn, ...], "turns")
    try:
        found = EveningQuestion(now, said, turns)
    except InvalidAnswer as error:
        field = str(error.facts["field"])
        raise InvalidInput(field=field, why="one or two turns are needed") from None
    _known(raw["turns"], msgspec.to_builtins(found.turns), "turns")
    for i, turn in enumerate(found.turns):
        _among([turn.product], tables.oils, f"turns[{i}].product")
        if turn.minutes not in TURN_MINUTES:
            raise InvalidInput(field=f"turns[{i}].minutes", why=_RANGE)
    _a_day(found.now, "now")
    if found.now.tzinfo is not None:
        return replace(found, now=found.now.replace(tzinfo=None))
    return found


def given(said: Answers, topics: Iterable[Topic]) -> dict[str, Any]:
    """Return what was answered of these topics, by name; a blank one is no answer."""
    blank = Answers()
    return {
        topic.name: getattr(said, topic.name)
        for topic in topics
        if getattr(said, topic.name) != getattr(blank, topic.name)
    }


def _person(raw: object, where: str, tables: Tables) -> Answers:
    """One person's answers; an area named without a side stands for both sides."""
    if isinstance(raw, dict):
        for topic, kind in get_type_hints(Answers).items():
            if topic in raw:  # one by one, so that an answer out of range is found
                _made(raw[topic], kind, f"{where}.{topic}")
    said = _made(raw, Answers, where)
    _known(raw, msgspec.to_builtins(said, str_keys=True), where)
    both = _places(tables)
    known = _vocabulary(tables)
    for topic in (each.name for each in list_answered()):
        value = getattr(said, topic)
        for (owner, field), names in known.items():
            if owner == type(value).__name__:
                _among(getattr(value, field), names, f"{where}.{topic}.{field}")
    for key, tick in said.health.ticked.items():
        _among(tick.where, both, f"{where}.health.ticked.{key}.where")
    for i, word in enumerate(said.health.clearances):
        _among([word.rule], known["Clearance", "rule"], f"{where}.health.clearances[{i}].rule")
        _among(word.closed, both, f"{where}.health.clearances[{i}].closed")
    for i, setting in enumerate(said.learned.each):
        _among([setting.what], known["Setting", "what"], f"{where}.learned.each[{i}].what")
    for product, test in said.oils.tests.items():
        _a_day(test.started, f"{where}.oils.tests.{product}.started")
    limits = type(said.limits)(
        receiving={p: m for k, m in said.limits.receiving.items() for p in both[k]},
        giving={p: m for k, m in said.limits.giving.items() for p in both[k]},
    )
    return replace(said, limits=limits)


def _made(raw: object, kind: type[T], where: str) -> T:
    """``raw`` as ``kind``, or the sentence that names the field."""
    try:
        return msgspec.convert(raw, kind)
    except InvalidAnswer as error:
        field = f"{where}.{error.facts['field']}"
        raise InvalidInput(field=field, why=_RANGE) from None
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at `$")
        field = where + at.rstrip("`")
        raise InvalidInput(field=field, why=why[0].lower() + why[1:]) from None


def _known(raw: Any, made: Any, where: str) -> None:
    """Refuse a key that means nothing: a misspelt answer must not pass for a blank one."""
    if isinstance(raw, list) and isinstance(made, (list, tuple)):
        for i, (value, kept) in enumerate(zip(raw, made, strict=False)):  # a set keeps fewer
            _known(value, kept, f"{where}[{i}]")
    elif isinstance(raw, dict) and isinstance(made, (Mapping, tuple)):
        for key, value in raw.items():
            path = f"{where}.{key}" if where else key
            if key not in made:
                raise InvalidInput(field=path, why="there is no such field")
            if isinstance(made, Mapping):
                _known(value, made[key], path)


def _among(given: Iterable[str], known: Iterable[str], where: str) -> None:
    for name in given:
        if name not in known:
            raise InvalidInput(field=where, why=f"{name!r} is not known")


def _a_day(moment: datetime, where: str) -> None:
    if moment.year not in YEARS:
        raise InvalidInput(field=where, why=_RANGE)

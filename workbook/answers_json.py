"""Two people's answers as JSON in, what follows from them as JSON out. Opens no vault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

import msgspec

from workbook.content.tables import load_tables
from workbook.content.vocabulary import known_keys, parts_by_key
from workbook.content.words import load_words, step_sentence
from workbook.domain.errors import InvalidAnswer, InvalidInput
from workbook.domain.evening import Answers, EveningQuestion
from workbook.domain.levels import HOME_LEVELS, Level
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.shares import TURN_MINUTES
from workbook.domain.tables import Tables
from workbook.domain.topics import Topic, list_answered
from workbook.rules.evening import evaluate_evening
from workbook.store.strict import read_json

WHOLE_FILE = "The file"
"""The ``field`` of an error that is about the whole input."""

ACCEPTED_YEARS = range(1900, 2201)
"""Years that a date may have; date arithmetic overflows near the ends of the calendar."""

_OUT_OF_RANGE = "it is out of range"

T = TypeVar("T")


def json_schema() -> str:
    """Return the JSON schema of the input of ``evaluate``, with every key of the tables."""
    found = msgspec.json.schema(EveningQuestion)
    kinds = found["$defs"]
    for kind in kinds.values():
        if "description" in kind:
            # The first paragraph only: Raises and Source say nothing to an author of JSON.
            kind["description"] = kind["description"].split("\n\n")[0].replace("``", "")
        if "properties" in kind:
            kind["additionalProperties"] = False
    kinds["Level"]["enum"] = list(HOME_LEVELS)
    for kind in kinds.values():
        for place in kind.get("properties", {}).values():
            if place.get("$ref") == "#/$defs/Level" and place.get("default") == Level.STRONG:
                del place["default"]  # no limit at all
    seats = {"propertyNames": {"enum": list(Seat)}, "required": list(Seat)}
    kinds["EveningQuestion"]["properties"]["people"] |= seats
    kinds["Turn"]["properties"]["minutes"] |= {
        "minimum": TURN_MINUTES[0],
        "maximum": TURN_MINUTES[-1],
    }
    for (kind, field), names in known_keys(load_tables()).items():
        place = kinds[kind]["properties"][field]
        if place["type"] == "object":
            place["propertyNames"] = {"enum": names}
        elif place["type"] == "array":
            place["items"] = {"enum": names}
        else:
            place["enum"] = names
    return _format_json(found)


def _format_json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def evaluate(body: bytes) -> str:
    """Return as JSON what follows: each person's screening, and limits, offers and plan by turn.

    Args:
        body: JSON in the form of ``json_schema``, UTF-8.

    Raises:
        InvalidInput: if ``body`` is anything else; ``facts["field"]`` names the field and
            ``facts["why"]`` the reason.

    """
    tables = load_tables()
    outcome = evaluate_evening(parse_question(body, tables), tables)
    said = msgspec.to_builtins(outcome, str_keys=True, order="sorted")  # sets too
    say = load_words()
    for shown, turn in zip(said["turns"], outcome.turns, strict=True):
        for line, step in zip(shown["plan"]["steps"], turn.plan.steps, strict=True):
            line["says"] = step_sentence(say, tables, turn.plan, step)
    return _format_json(said)


def parse_question(body: bytes, tables: Tables) -> EveningQuestion:
    """Return the evening described in ``body``, every field of it known and in range.

    Raises:
        InvalidInput: if a field is missing, unknown, or out of range.

    """
    raw = read_json(body, WHOLE_FILE)
    if not isinstance(raw, dict):
        raise InvalidInput(field=WHOLE_FILE, why="it is not a JSON object")
    needed = ("now", "people", "turns")
    for name in needed:
        if name not in raw:
            raise InvalidInput(field=name, why="it is missing")
    _refuse_unknown_fields(raw, needed, "")
    people = raw["people"]
    if not isinstance(people, dict) or set(people) != {seat.value for seat in Seat}:
        raise InvalidInput(field="people", why="it needs exactly A and B")
    now = _convert(raw["now"], datetime, "now")
    said = {seat: parse_person(people[seat], f"people.{seat.value}", tables) for seat in Seat}
    turns = _convert(raw["turns"], tuple[Turn, ...], "turns")
    try:
        found = EveningQuestion(now, said, turns)
    except InvalidAnswer as error:
        field = str(error.facts["field"])
        raise InvalidInput(field=field, why="one or two turns are needed") from None
    _refuse_unknown_fields(raw["turns"], msgspec.to_builtins(found.turns), "turns")
    for i, turn in enumerate(found.turns):
        _require_known([turn.product], tables.oils, f"turns[{i}].product")
        offered = known_keys(tables)["Turn", "intention"]
        _require_known([turn.intention], offered, f"turns[{i}].intention")
        if turn.minutes not in TURN_MINUTES:
            raise InvalidInput(field=f"turns[{i}].minutes", why=_OUT_OF_RANGE)
    _require_year(found.now, "now")
    if found.now.tzinfo is not None:
        return replace(found, now=found.now.replace(tzinfo=None))
    return found


def answered_topics(said: Answers, topics: Iterable[Topic]) -> dict[str, Any]:
    """Return the answers to ``topics`` by name of the topic, without those that are blank."""
    blank = Answers()
    return {
        topic.name: getattr(said, topic.name)
        for topic in topics
        if getattr(said, topic.name) != getattr(blank, topic.name)
    }


def parse_person(raw: object, where: str, tables: Tables) -> Answers:
    """Return one person's answers; an area without a side counts for both sides.

    Args:
        raw: what JSON holds for this person.
        where: name of the field, for errors.
        tables: the keys that are known.

    Raises:
        InvalidInput: if a field is unknown or out of range.

    """
    if isinstance(raw, dict):
        for topic, kind in get_type_hints(Answers).items():
            if topic in raw:  # one by one, so that an answer out of range is found
                _convert(raw[topic], kind, f"{where}.{topic}")
    said = _convert(raw, Answers, where)
    _refuse_unknown_fields(raw, msgspec.to_builtins(said, str_keys=True), where)
    both = parts_by_key(tables)
    known = known_keys(tables)
    for topic in (each.name for each in list_answered()):
        value = getattr(said, topic)
        for (owner, field), names in known.items():
            if owner == type(value).__name__:
                _require_known(getattr(value, field), names, f"{where}.{topic}.{field}")
    for key, tick in said.health.ticked.items():
        _require_known(tick.where, both, f"{where}.health.ticked.{key}.where")
    for i, word in enumerate(said.health.clearances):
        _require_known(
            [word.rule], known["Clearance", "rule"], f"{where}.health.clearances[{i}].rule"
        )
        _require_known(word.closed, both, f"{where}.health.clearances[{i}].closed")
    for i, setting in enumerate(said.learned.each):
        _require_known([setting.what], known["Setting", "what"], f"{where}.learned.each[{i}].what")
    for product, test in said.oils.tests.items():
        _require_year(test.started, f"{where}.oils.tests.{product}.started")
    limits = type(said.limits)(
        receiving={p: m for k, m in said.limits.receiving.items() for p in both[k]},
        giving={p: m for k, m in said.limits.giving.items() for p in both[k]},
    )
    return replace(said, limits=limits)


def _convert(raw: object, kind: type[T], where: str) -> T:
    """Return ``raw`` as ``kind``.

    Raises:
        InvalidInput: if it is not one; ``facts["field"]`` begins with ``where``.

    """
    try:
        return msgspec.convert(raw, kind)
    except InvalidAnswer as error:
        field = f"{where}.{error.facts['field']}"
        raise InvalidInput(field=field, why=_OUT_OF_RANGE) from None
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at `$")
        field = where + at.rstrip("`")
        raise InvalidInput(field=field, why=why[0].lower() + why[1:]) from None


def _refuse_unknown_fields(raw: Any, made: Any, where: str) -> None:
    """Refuse fields of ``raw`` that ``made`` lacks, so that a misspelt answer is never blank."""
    if isinstance(raw, list) and isinstance(made, (list, tuple)):
        for i, (value, kept) in enumerate(zip(raw, made, strict=False)):  # a set keeps fewer
            _refuse_unknown_fields(value, kept, f"{where}[{i}]")
    elif isinstance(raw, dict) and isinstance(made, (Mapping, tuple)):
        for key, value in raw.items():
            path = f"{where}.{key}" if where else key
            if key not in made:
                raise InvalidInput(field=path, why="there is no such field")
            if isinstance(made, Mapping):
                _refuse_unknown_fields(value, made[key], path)


def _require_known(given: Iterable[str], known: Iterable[str], where: str) -> None:
    for name in given:
        if name not in known:
            raise InvalidInput(field=where, why=f"{name!r} is not known")


def _require_year(moment: datetime, where: str) -> None:
    if moment.year not in ACCEPTED_YEARS:
        raise InvalidInput(field=where, why=_OUT_OF_RANGE)

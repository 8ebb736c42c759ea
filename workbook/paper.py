"""Answers on paper: JSON in, the book's word out. Touches no vault and keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec

from workbook.content.tables import load_tables
from workbook.content.words import step_sentence, words
from workbook.domain.errors import InvalidAnswer, InvalidInput
from workbook.domain.evening import Answers, Question
from workbook.domain.plan import Turn
from workbook.domain.seats import Seat
from workbook.domain.tables import Tables
from workbook.rules.evening import foresee

T = TypeVar("T")


def schema() -> str:
    """Return the JSON schema of what ``answer`` reads."""
    found = msgspec.json.schema(Question)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def answer(body: bytes) -> str:
    """Return what the book would say, as JSON: people, limits, offers and plans.

    Args:
        body: JSON in the form of ``schema``, UTF-8.

    Raises:
        InvalidInput: if it is not; ``facts["field"]`` and ``facts["why"]`` say where and what.

    """
    tables = load_tables()
    outcome = foresee(read(body, tables), tables)
    said = msgspec.to_builtins(outcome, str_keys=True)
    say = words()
    for shown, turn in zip(said["turns"], outcome.turns, strict=True):
        for line, step in zip(shown["plan"]["steps"], turn.plan.steps, strict=True):
            line["says"] = step_sentence(say, tables, turn.plan, step)
    return msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=2).decode()


def read(body: bytes, tables: Tables) -> Question:
    """Return the question in ``body``, every field of it known and in range.

    Raises:
        InvalidInput: if a field is missing, unknown, or out of range.

    """
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidInput(field="the file", why=f"it is not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise InvalidInput(field="the file", why="it is not a JSON object")
    needed = ("now", "people", "turns")
    for name in needed:
        if name not in raw:
            raise InvalidInput(field=name, why="it is missing")
    _known(raw, needed, "")
    people = raw["people"]
    if not isinstance(people, dict) or set(people) != {seat.value for seat in Seat}:
        raise InvalidInput(field="people", why="it needs exactly A and B")
    question = {
        "now": _made(raw["now"], datetime, "now"),
        "people": {seat: _person(people[seat], f"people.{seat.value}", tables) for seat in Seat},
        "turns": _made(raw["turns"], tuple[Turn, ...], "turns"),
    }
    try:
        found = Question(**question)
    except InvalidAnswer as error:
        field = str(error.facts["field"])
        raise InvalidInput(field=field, why="one or two turns are needed") from None
    for i, turn in enumerate(found.turns):
        _among([turn.product], tables.oils, f"turns[{i}].product")
    if found.now.tzinfo is not None:
        return replace(found, now=found.now.replace(tzinfo=None))
    return found


def _person(raw: object, where: str, tables: Tables) -> Answers:
    """One person's answers; an area named without a side stands for both sides."""
    said = _made(raw, Answers, where)
    _known(raw, msgspec.to_builtins(said, str_keys=True), where)
    parts = {p: (p,) for area in tables.areas.values() for p in area.parts}
    both = {key: area.parts for key, area in tables.areas.items()} | parts
    for name in ("receiving", "giving"):
        _among(getattr(said.limits, name), both, f"{where}.limits.{name}")
    _among(said.pressure.areas, tables.areas, f"{where}.pressure.areas")
    _among(said.techniques.techniques, tables.techniques, f"{where}.techniques.techniques")
    _among(said.oils.tests, tables.oils, f"{where}.oils.tests")
    _among(said.aftercare.chosen, tables.aftercare, f"{where}.aftercare.chosen")
    statements = {s.key for q in tables.questions for s in q.statements}
    _among(said.health.ticked, statements, f"{where}.health.ticked")
    _among(said.health.asked, {q.key for q in tables.questions}, f"{where}.health.asked")
    for key, tick in said.health.ticked.items():
        _among(tick.where, both, f"{where}.health.ticked.{key}.where")
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
        raise InvalidInput(field=field, why="it is out of range") from None
    except msgspec.ValidationError as error:
        why, _, at = str(error).partition(" - at `$")
        field = where + at.rstrip("`")
        raise InvalidInput(field=field, why=why[0].lower() + why[1:]) from None


def _known(raw: object, made: object, where: str) -> None:
    """Refuse a key that means nothing: a misspelt answer must not pass for a blank one."""
    if isinstance(raw, dict) and isinstance(made, (Mapping, tuple)):
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

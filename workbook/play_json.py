"""One turn as JSON in, what the guide would show as JSON out. Opens no vault."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec

from workbook import answers_json
from workbook.content.tables import load_tables
from workbook.domain.errors import InvalidInput
from workbook.domain.evening import Answers
from workbook.domain.seats import Seat
from workbook.domain.tables import Tables
from workbook.domain.topics import list_answered
from workbook.rules.evening import evaluate_evening
from workbook.rules.playing import Deed, PlayedEvent, play_turn
from workbook.store.strict import read_json

EVENTS = "events"

MAX_EVENTS = 10_000
"""More make no sense within half an hour."""

_LIMITS = "limits"
_COMMON = frozenset({"at", "by", "do"})


def json_schema() -> str:
    """Return the JSON schema of the input of ``evaluate``: that of a plan, with events."""
    found = msgspec.json.decode(answers_json.json_schema())
    kinds = found["$defs"]
    whole = kinds["EveningQuestion"]
    topics = {topic.name: kinds["Answers"]["properties"][topic.name] for topic in list_answered()}
    areas = kinds["AreaAnswers"]["properties"]
    whole["properties"][EVENTS] = {
        "type": "array",
        "maxItems": MAX_EVENTS,
        "description": "What the two do during the first turn, in the order of their times.",
        "items": {
            "type": "object",
            "required": sorted(_COMMON),
            "additionalProperties": False,
            "properties": {
                "at": {"type": "number", "minimum": 0, "description": "Seconds since Begin."},
                "by": {"enum": list(Seat)},
                "do": {"enum": [*Deed, _LIMITS]},
                "n": {"type": "integer", "minimum": 1, "description": "How many taps."},
                "receiving": areas["receiving"],
                "giving": areas["giving"],
                "answers": {"type": "object", "properties": topics, "additionalProperties": False},
                **topics,
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def evaluate(body: bytes) -> str:
    """Return as JSON what the guide would show in the first turn, state by state.

    Args:
        body: JSON in the form of ``json_schema``, UTF-8.

    Raises:
        InvalidInput: if ``body`` is anything else; ``facts["field"]`` names the field and
            ``facts["why"]`` the reason.

    """
    tables = load_tables()
    raw = read_json(body, answers_json.WHOLE_FILE)
    events = raw.pop(EVENTS, []) if isinstance(raw, dict) else []
    question = answers_json.parse_question(msgspec.json.encode(raw), tables)
    said = _parse_events(events, raw["people"], tables)
    turn = evaluate_evening(question, tables).turns[0]
    played = play_turn(turn.plan, question.people, said, question.now, tables)
    return msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(played)), indent=2).decode()


def _refuse(field: str, why: str) -> NoReturn:
    raise InvalidInput(field=field, why=why)


def _parse_events(
    raw: object, people: Mapping[str, Any], tables: Tables
) -> tuple[PlayedEvent, ...]:
    """The events, each answer joined with what the same person answered before it."""
    if not isinstance(raw, list):
        _refuse(EVENTS, "it is not a list")
    if len(raw) > MAX_EVENTS:
        _refuse(EVENTS, f"it has more than {MAX_EVENTS}")
    found: list[PlayedEvent] = []
    now = dict(people)
    for i, each in enumerate(raw):
        where = f"{EVENTS}[{i}]"
        if not isinstance(each, dict):
            _refuse(where, "it is not a JSON object")
        event = _parse_event(each, where, now, tables)
        if found and event.at < found[-1].at:
            _refuse(f"{where}.at", "it is earlier than the event before it")
        found.append(event)
    return tuple(found)


def _parse_event(
    raw: dict[str, Any], where: str, people: dict[str, Any], tables: Tables
) -> PlayedEvent:
    for name in sorted(_COMMON - raw.keys()):
        _refuse(f"{where}.{name}", "it is missing")
    at, by, do = raw["at"], raw["by"], raw["do"]
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at) or at < 0:
        _refuse(f"{where}.at", "it is not a number of seconds, 0 or more")
    if by not in list(Seat):
        _refuse(f"{where}.by", "it is neither A nor B")
    if do not in [*Deed, _LIMITS]:
        _refuse(f"{where}.do", f"it is none of {', '.join([*Deed, _LIMITS])}")
    allowed, taps, answers = set(_COMMON), 0, None
    if do == Deed.TAPS:
        allowed |= {"n"}
        taps = raw.get("n", 0)
        if isinstance(taps, bool) or not isinstance(taps, int) or taps < 1:
            _refuse(f"{where}.n", "it is not a number of taps, 1 or more")
    elif do == _LIMITS:
        allowed |= {"receiving", "giving"}
        change = {_LIMITS: {key: raw[key] for key in ("receiving", "giving") if key in raw}}
        answers = _join_answers(change, by, where, people, tables)
    elif do == Deed.ANSWERS:
        topics = {topic.name for topic in list_answered()}
        allowed |= topics | {"answers"}
        change = {name: raw[name] for name in topics & raw.keys()}
        more = raw.get("answers", {})
        if not isinstance(more, dict):
            _refuse(f"{where}.answers", "it is not a JSON object")
        answers = _join_answers({**change, **more}, by, where, people, tables)
    for name in sorted(raw.keys() - allowed):
        _refuse(f"{where}.{name}", f"it does not belong to {do!r}")
    deed = Deed.ANSWERS if do == _LIMITS else Deed(do)
    return PlayedEvent(float(at), Seat(by), deed, taps, answers)


def _join_answers(
    change: Mapping[str, Any], by: str, where: str, people: dict[str, Any], tables: Tables
) -> Answers:
    """What the person answers from now on; ``people`` keeps it for later events."""
    people[by] = _merge(people[by], change)
    return answers_json.parse_person(people[by], where, tables)


def _merge(before: object, change: object) -> object:
    """``before`` with the keys of ``change`` in their place, at every depth, the newest last."""
    if not isinstance(before, dict) or not isinstance(change, dict):
        return change
    joined = {key: value for key, value in before.items() if key not in change}
    return joined | {key: _merge(before.get(key), value) for key, value in change.items()}

"""Reads the tables that the rules go by, and refuses one that contradicts itself."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from workbook.domain.errors import InvalidTable
from workbook.domain.health import Action
from workbook.domain.tables import (
    AftercareOption,
    Area,
    AreaState,
    Birth,
    Detail,
    HealthCase,
    HealthQuestion,
    HealthRow,
    Local,
    Oil,
    Prompt,
    SequenceStep,
    Tables,
    Technique,
)

HERE = Path(__file__).parent

REGIONS = (
    "head",
    "neck_shoulders",
    "arms_hands",
    "upper_back",
    "lower_back",
    "legs",
    "feet",
    "front",
)
"""Entering one asks a check-in (design, section 10)."""

FED = ("not_free", "under_age", "giver_none", "hands_open", "hands_sore")
"""Statements that other forms tick: consent, energy and time."""

VIEWS = frozenset({"front", "back"})
LISTS = ("intentions", "wishes", "silent_signals", "room", "candle", "adaptations")
"""The lists of ``choices.toml``."""

Row = TypeVar("Row")
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Birth):
    """One line of a small list; its key is all that the rules see."""

    key: str


@dataclass(frozen=True, slots=True)
class _Content:
    """Everything the files hold: what rules go by, and where each row comes from."""

    tables: Tables
    births: Mapping[str, tuple[Birth, ...]]


def load_tables(folder: Path = HERE) -> Tables:
    """Return all tables of ``folder``, read once and never changed.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``, for anything a table may not say.

    """
    return _load(folder).tables


def load_births(folder: Path = HERE) -> Mapping[str, tuple[Birth, ...]]:
    """Return where each row comes from, by topic: for the page of sources and for tracing.

    Raises:
        InvalidTable: as ``load_tables``.

    """
    return _load(folder).births


@cache
def _load(folder: Path) -> _Content:
    areas = _rows(folder, "areas.toml", Area)
    techniques = _rows(folder, "techniques.toml", Technique)
    prompts = _rows(folder, "prompts.toml", Prompt)
    steps = _rows(folder, "steps.toml", SequenceStep)
    oils = _rows(folder, "oils.toml", Oil)
    aftercare = _rows(folder, "aftercare.toml", AftercareOption)
    questions = _rows(folder, "health.toml", HealthQuestion, head="question")
    health = _rows(folder, "health.toml", HealthRow)
    choices = {head: _rows(folder, "choices.toml", Choice, head=head) for head in LISTS}
    births: dict[str, tuple[Birth, ...]] = {
        "areas": areas,
        "health": health,
        "oils": oils,
        "techniques": techniques,
        "steps": steps,
        "aftercare": aftercare,
        "prompts": prompts,
        **choices,
    }
    tables = Tables(
        areas=MappingProxyType({row.key: row for row in areas}),
        questions=questions,
        health=tuple(_frozen(row) for row in health),
        oils=MappingProxyType({row.id: row for row in oils}),
        techniques=MappingProxyType({row.key: row for row in techniques}),
        steps=steps,
        aftercare=MappingProxyType({row.id: row for row in aftercare}),
        prompts=MappingProxyType({row.id: row for row in prompts}),
        **{head: tuple(row.key for row in rows) for head, rows in choices.items()},
    )
    _check_ids(births)
    _check_areas(areas, tables)
    _check_steps(steps, tables)
    _check_spans(techniques)
    _check_health(tables)
    return _Content(tables, MappingProxyType(births))


# Reading


def read_toml(path: Path) -> Raw:
    """Return what a TOML file holds.

    Raises:
        InvalidTable: if it is missing or is not TOML.

    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidTable(file=path.name, row="", why="cannot be read") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise InvalidTable(file=path.name, row="", why=str(error)) from error


def _rows(folder: Path, file: str, kind: type[Row], head: str = "row") -> tuple[Row, ...]:
    raw = read_toml(folder / file)
    known = {"health.toml": {"question", "row"}, "choices.toml": set(LISTS)}.get(file, {"row"})
    for name in raw.keys() - known:
        raise InvalidTable(file=file, row=name, why="unknown table")
    rows = raw.get(head)
    if not isinstance(rows, list) or not rows:
        raise InvalidTable(file=file, row=head, why="no rows")
    return tuple(_row(file, row, kind) for row in rows)


def _row(file: str, raw: Any, kind: type[Row]) -> Row:
    name = str(raw.get("id") or raw.get("key") or "?") if isinstance(raw, dict) else "?"
    try:
        return msgspec.convert(_known(raw, kind), kind, strict=True)
    except (ValueError, TypeError) as error:  # msgspec.ValidationError is a ValueError
        raise InvalidTable(file=file, row=name, why=str(error)) from error


def _known(raw: Any, kind: Any) -> Any:
    """Return ``raw`` ready to convert, having refused every key that ``kind`` does not have.

    msgspec passes over a key it does not know, and a misspelt key would be a lost rule.
    """
    if not isinstance(raw, dict):
        return raw
    hints = get_type_hints(kind)
    ready = dict(raw)
    for key in raw.keys() - hints.keys():
        raise ValueError(f"unknown key {key!r}")
    for key, value in raw.items():
        if key == "action":
            ready[key] = _action(value)
        for part in get_args(hints[key]):
            if isinstance(part, type) and is_dataclass(part) and isinstance(value, list):
                ready[key] = [_known(item, part) for item in value]
    for each in fields(kind):
        bare = each.default is MISSING and each.default_factory is MISSING
        if bare and NoneType in get_args(hints[each.name]):
            ready.setdefault(each.name, None)  # TOML has no word for None
    return ready


def _action(name: object) -> int:
    try:
        return Action[name.upper()] if isinstance(name, str) else -1
    except KeyError as error:
        raise ValueError(f"unknown action {name!r}") from error


def _frozen(row: HealthRow) -> HealthRow:
    cases = (replace(case, caps=MappingProxyType(dict(case.caps))) for case in row.cases)
    return replace(row, cases=tuple(cases))


# Checking


def _refuse(file: str, row: str, why: str) -> None:
    raise InvalidTable(file=file, row=row, why=why)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _among(file: str, row: str, what: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            _refuse(file, row, f"unknown {what} {name!r}")


def _check_ids(births: Mapping[str, Sequence[Birth]]) -> None:
    for name in _twice(row.id for rows in births.values() for row in rows):
        topic = next(topic for topic, rows in births.items() if name in {row.id for row in rows})
        _refuse("choices.toml" if topic in LISTS else f"{topic}.toml", name, "this id stands twice")
    for topic, rows in births.items():
        file = "choices.toml" if topic in LISTS else f"{topic}.toml"
        for name in _twice(key for row in rows if (key := getattr(row, "key", None))):
            _refuse(file, name, "this key stands twice")
        for row in rows:
            if not row.source:
                _refuse(file, row.id, "no source")


def _check_spans(rows: Iterable[Technique]) -> None:
    for row in rows:
        if row.lowest > row.highest:
            _refuse("techniques.toml", row.id, "lowest is above highest")


def _check_areas(areas: Iterable[Area], tables: Tables) -> None:
    file = "areas.toml"
    for row in areas:
        _among(file, row.id, "view", row.views, VIEWS)
        _among(file, row.id, "region", (row.region,), REGIONS)
        _among(file, row.id, "technique", row.techniques, tables.techniques)
        _among(file, row.id, "area", row.neighbours, tables.areas)
        for name in row.neighbours:
            if row.key not in tables.areas[name].neighbours:
                _refuse(file, row.id, f"{name!r} is a neighbour, and not the other way round")
        if row.key in row.neighbours:
            _refuse(file, row.id, "its own neighbour")
        if row.on_request is not None and row.on_request <= row.max:
            _refuse(file, row.id, "on_request is not above max")
        if row.choosable != bool(row.techniques) and row.state is not AreaState.KEEPOFF:
            _refuse(file, row.id, "open without a technique, or locked with one")


def _check_steps(steps: Sequence[SequenceStep], tables: Tables) -> None:
    file = "steps.toml"
    for row in steps:
        _among(file, row.id, "area", row.areas, tables.areas)
        _among(file, row.id, "technique", row.techniques, tables.techniques)
        _among(file, row.id, "prompt", (row.prompt,) if row.prompt else (), tables.prompts)
        if row.lowest > row.highest:
            _refuse(file, row.id, "lowest is above highest")
        for name in row.areas:
            if not tables.areas[name].choosable:
                _refuse(file, row.id, f"{name!r} is never part of a plan")
        if not 0 <= row.share <= 100 or not 0 <= row.short <= 100:
            _refuse(file, row.id, "a share outside 0 to 100")
    for field in ("share", "short"):
        total = sum(getattr(row, field) for row in steps)
        if total != 100:
            _refuse(file, field, f"adds up to {total}, not to 100")


def _check_health(tables: Tables) -> None:
    file = "health.toml"
    details: dict[str, Detail] = dict.fromkeys(FED, Detail.NONE)
    for question in tables.questions:
        if question.opens is not None:
            _among(file, question.key, "statement", (question.opens,), details)  # asked before
        if not question.statements:
            _refuse(file, question.key, "nothing to tick")
        for statement in question.statements:
            if statement.key in details:
                _refuse(file, statement.key, "this statement stands twice")
            details[statement.key] = statement.detail
    for name in _twice(question.key for question in tables.questions):
        _refuse(file, name, "this key stands twice")
    for row in tables.health:
        if not row.cases:
            _refuse(file, row.id, "no case")
        for name in _twice(f"{case.key} ({part})" for case in row.cases for part in case.who):
            _refuse(file, row.id, f"two cases for {name}")
        for case in row.cases:
            _check_case(file, row.id, case, tables, details)
    used = {case.key for row in tables.health for case in row.cases}
    for name in details.keys() - used:
        _refuse(file, name, "a statement that leads to no row")


def _check_case(
    file: str, row: str, case: HealthCase, tables: Tables, details: Mapping[str, Detail]
) -> None:
    _among(file, row, "statement", (case.key,), details)
    _among(file, row, "area", (*case.closes, *case.caps), tables.areas)
    _among(file, row, "technique", case.techniques_out, tables.techniques)
    _among(file, row, "adaptation", case.adaptations, tables.adaptations)
    detail = details[case.key]
    if not case.who:
        _refuse(file, row, "for nobody")
    if (case.local is not Local.NOTHING) and detail is not Detail.WHERE:
        _refuse(file, row, f"{case.key!r} does not ask where")
    if case.days is not None and (detail is not Detail.SINCE or case.days < 1):
        _refuse(file, row, f"{case.key!r} does not ask since when, or days is below 1")
    if case.weeks is not None:
        first, last = case.weeks
        if detail is not Detail.WEEK or not 1 <= first <= last <= 42:
            _refuse(file, row, f"{case.key!r} does not ask the week, or weeks are out of range")
    if case.clearance_days < 1:
        _refuse(file, row, "clearance_days is below 1")

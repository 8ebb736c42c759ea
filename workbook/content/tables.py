"""Reads the tables that the rules go by, and refuses one that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from workbook.content.rows import (
    CONTENT_FOLDER,
    check_names,
    find_duplicates,
    read_rows,
    refuse_row,
)
from workbook.content.strokes import check_strokes
from workbook.domain.health import Action
from workbook.domain.levels import HOME_CAP
from workbook.domain.strokes import Stroke
from workbook.domain.tables import (
    AftercareOption,
    Area,
    AreaState,
    EssentialRule,
    HealthCase,
    HealthQuestion,
    HealthRow,
    LocalEffect,
    Material,
    Oil,
    PatchStep,
    Prompt,
    Provenance,
    QuestionCount,
    Reaction,
    SequenceStep,
    SessionSetting,
    StatementDetail,
    Tables,
    Technique,
)

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
"""Entering one asks a check-in (design, "Asking")."""

STATEMENTS_OF_OTHER_TOPICS = ("not_free", "under_age", "giver_none", "hands_open", "hands_sore")
"""Statements that other forms tick: consent, energy and time."""

SHARES = ("share", "middle", "short")
"""Of a step, its share of a whole turn, of a shorter one and of the shortest one."""

VIEWS = frozenset({"front", "back"})
CHOICE_LISTS = (
    *("intentions", "wishes", "silent_signals", "room", "make_ready"),
    *("adaptations", "safety_round"),
)
"""The lists of ``choices.toml``."""

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Provenance):
    """One line of a small list; its key is what the rules see of it, and of a wish its areas."""

    key: str
    areas: tuple[str, ...] = ()
    """Area keys of the place it is about."""


@dataclass(frozen=True, slots=True)
class _Content:
    """Everything the files hold: what rules go by, and where each row comes from."""

    tables: Tables
    provenance: Mapping[str, tuple[Provenance, ...]]


def load_tables(folder: Path = CONTENT_FOLDER) -> Tables:
    """Return all tables of ``folder``, read once and never changed.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``, for anything a table may not say.

    """
    return _load_content(folder).tables


def load_provenance(folder: Path = CONTENT_FOLDER) -> Mapping[str, tuple[Provenance, ...]]:
    """Return where each row comes from, by topic: for the page of sources and for tracing.

    Raises:
        InvalidTable: as ``load_tables``.

    """
    return _load_content(folder).provenance


@cache
def _load_content(folder: Path) -> _Content:
    areas = read_rows(folder, "areas.toml", Area)
    techniques = read_rows(folder, "techniques.toml", Technique)
    prompts = read_rows(folder, "prompts.toml", Prompt)
    settings = read_rows(folder, "settings.toml", SessionSetting)
    counts = read_rows(folder, "question_counts.toml", QuestionCount)
    patch_test = read_rows(folder, "patch_test.toml", PatchStep)
    strokes = read_rows(folder, "strokes.toml", Stroke)
    steps = read_rows(folder, "steps.toml", SequenceStep)
    oils = read_rows(folder, "oils.toml", Oil)
    essential = read_rows(folder, "essential_oils.toml", EssentialRule)
    aftercare = read_rows(folder, "aftercare.toml", AftercareOption)
    reactions = read_rows(folder, "reactions.toml", Reaction)
    materials = read_rows(folder, "materials.toml", Material)
    both = ("question", "row")
    questions = read_rows(folder, "health.toml", HealthQuestion, "question", both)
    health = read_rows(folder, "health.toml", HealthRow, "row", both)
    choices = {
        head: read_rows(folder, "choices.toml", Choice, head, CHOICE_LISTS) for head in CHOICE_LISTS
    }
    provenance: dict[str, tuple[Provenance, ...]] = {
        "areas": areas,
        "health": health,
        "oils": oils,
        "essential_oils": essential,
        "techniques": techniques,
        "strokes": strokes,
        "steps": steps,
        "aftercare": aftercare,
        "prompts": prompts,
        "reactions": reactions,
        "materials": materials,
        "question_counts": counts,
        **choices,
    }
    lists = {head: tuple(row.key for row in rows) for head, rows in choices.items()}
    tables = Tables(
        areas=MappingProxyType({row.key: row for row in areas}),
        questions=questions,
        health=tuple(_freeze_row(row) for row in health),
        oils=MappingProxyType({row.id: row for row in oils}),
        essential=tuple(replace(row, limits=_freeze_mapping(row.limits)) for row in essential),
        techniques=MappingProxyType({row.key: row for row in techniques}),
        strokes=MappingProxyType(
            {row.key: replace(row, beats=_freeze_mapping(row.beats)) for row in strokes}
        ),
        steps=steps,
        aftercare=MappingProxyType({row.id: row for row in aftercare}),
        prompts=MappingProxyType(
            {row.id: replace(row, does=_freeze_mapping(row.does)) for row in prompts}
        ),
        reactions=reactions,
        candle=tuple(row.key for row in materials if row.flame),
        patch_test=MappingProxyType({row.key: row for row in patch_test}),
        settings=MappingProxyType({row.key: row for row in settings}),
        wished_areas=MappingProxyType(
            {row.key: row.areas for row in choices["wishes"] if row.areas}
        ),
        most_questions=tuple(sorted(counts, key=lambda row: row.minutes)),
        **lists,
    )
    check_ids(provenance)
    _check_areas(areas, tables)
    _check_steps(steps, tables)
    check_strokes(strokes, tables)
    _check_spans(techniques)
    _check_patch_test(patch_test)
    _check_health(tables)
    _check_essential(tables)
    for prompt in prompts:
        check_names("prompts.toml", prompt.id, "answer", prompt.does, prompt.answers)
    for row in reactions:
        if row.prompt:
            check_names("reactions.toml", row.id, "prompt", (row.prompt,), tables.prompts)
    return _Content(tables, MappingProxyType(provenance))


def file_of(topic: str) -> str:
    """Return the file in which the rows of a topic stand."""
    return "choices.toml" if topic in CHOICE_LISTS else f"{topic}.toml"


# Checking


def _check_patch_test(rows: Iterable[PatchStep]) -> None:
    """Check that the rows the rules read have as many hours as they need, shortest first."""
    needed = {"look": 1, "wait": 2, "again": 1}
    for row in rows:
        count = needed.get(row.key, 0)
        if len(row.hours) < count or (row.key != "look" and len(row.hours) > count):
            refuse_row("patch_test.toml", row.id, f"needs {count} hours")
        if list(row.hours) != sorted(row.hours):
            refuse_row("patch_test.toml", row.id, "hours are not in order")


def _freeze_row(row: HealthRow) -> HealthRow:
    cases = (replace(case, caps=_freeze_mapping(case.caps)) for case in row.cases)
    return replace(row, cases=tuple(cases))


def _freeze_mapping(table: Mapping[str, ValueT]) -> Mapping[str, ValueT]:
    return MappingProxyType(dict(table))


def check_ids(provenance: Mapping[str, Sequence[Provenance]]) -> None:
    """Refuse an ID or a key that stands twice, and a row that says nothing of its source.

    Raises:
        InvalidTable: for the first such row.

    """
    for name in find_duplicates(row.id for rows in provenance.values() for row in rows):
        topic = next(
            topic for topic, rows in provenance.items() if name in {row.id for row in rows}
        )
        refuse_row(file_of(topic), name, "this id stands twice")
    for topic, rows in provenance.items():
        for name in find_duplicates(key for row in rows if (key := getattr(row, "key", None))):
            refuse_row(file_of(topic), name, "this key stands twice")
        for row in rows:
            if not row.source:
                refuse_row(file_of(topic), row.id, "no source")


def _check_spans(rows: Iterable[Technique]) -> None:
    for row in rows:
        if row.lowest > row.highest:
            refuse_row("techniques.toml", row.id, "lowest is above highest")


def _check_areas(areas: Iterable[Area], tables: Tables) -> None:
    file = "areas.toml"
    for row in areas:
        check_names(file, row.id, "view", row.views, VIEWS)
        check_names(file, row.id, "region", (row.region,), REGIONS)
        check_names(file, row.id, "technique", row.techniques, tables.techniques)
        check_names(file, row.id, "area", row.neighbours, tables.areas)
        for name in row.neighbours:
            if row.key not in tables.areas[name].neighbours:
                refuse_row(file, row.id, f"{name!r} is a neighbour, and not the other way round")
        if row.key in row.neighbours:
            refuse_row(file, row.id, "its own neighbour")
        if row.max > HOME_CAP:
            refuse_row(file, row.id, "max is above what is pressed at home")
        if row.choosable != bool(row.techniques) and row.state is not AreaState.KEEPOFF:
            refuse_row(file, row.id, "open without a technique, or locked with one")


def _check_steps(steps: Sequence[SequenceStep], tables: Tables) -> None:
    file = "steps.toml"
    for row in steps:
        check_names(file, row.id, "area", (*row.areas, *row.instead), tables.areas)
        check_names(file, row.id, "technique", row.techniques, tables.techniques)
        check_names(file, row.id, "prompt", (row.prompt,) if row.prompt else (), tables.prompts)
        check_names(file, row.id, "stroke", (row.stroke,) if row.stroke else (), tables.strokes)
        if row.lowest > row.highest:
            refuse_row(file, row.id, "lowest is above highest")
        for name in (*row.areas, *row.instead):
            if not tables.areas[name].choosable:
                refuse_row(file, row.id, f"{name!r} is never part of a plan")
        if any(not 0 <= getattr(row, field) <= 100 for field in SHARES):
            refuse_row(file, row.id, "a share outside 0 to 100")
    for field in SHARES:
        for where, some in (("the back", True), ("a place", False)):
            total = sum(getattr(row, field) for row in steps if bool(row.areas) is some)
            if total != 100:
                refuse_row(file, field, f"adds up to {total} for {where}, not to 100")


def _check_health(tables: Tables) -> None:
    file = "health.toml"
    details: dict[str, StatementDetail] = dict.fromkeys(
        STATEMENTS_OF_OTHER_TOPICS, StatementDetail.NONE
    )
    steady = {each.key for q in tables.questions for each in q.statements if each.steady}
    gentle = {case.key for row in tables.health for case in row.cases if case.gentle_if_steady}
    for name in sorted(steady ^ gentle):
        refuse_row(file, name, "steady without gentle_if_steady, or the reverse")
    for question in tables.questions:
        if question.opens is not None:
            check_names(file, question.key, "statement", (question.opens,), details)  # asked before
        if not question.statements:
            refuse_row(file, question.key, "nothing to tick")
        for statement in question.statements:
            if statement.key in details:
                refuse_row(file, statement.key, "this statement stands twice")
            details[statement.key] = statement.detail
    for name in find_duplicates(question.key for question in tables.questions):
        refuse_row(file, name, "this key stands twice")
    for row in tables.health:
        if not row.cases:
            refuse_row(file, row.id, "no case")
        for name in find_duplicates(
            f"{case.key} ({part})" for case in row.cases for part in case.who
        ):
            refuse_row(file, row.id, f"two cases for {name}")
        for case in row.cases:
            _check_case(file, row.id, case, tables, details)
    used = {case.key for row in tables.health for case in row.cases}
    for name in details.keys() - used:
        refuse_row(file, name, "a statement that leads to no row")


def _check_case(
    file: str, row: str, case: HealthCase, tables: Tables, details: Mapping[str, StatementDetail]
) -> None:
    check_names(file, row, "statement", (case.key,), details)
    check_names(file, row, "area", (*case.closes, *case.caps), tables.areas)
    check_names(file, row, "technique", case.techniques_out, tables.techniques)
    check_names(file, row, "adaptation", case.adaptations, tables.adaptations)
    detail = details[case.key]
    if not case.who:
        refuse_row(file, row, "for nobody")
    if (case.local is not LocalEffect.NOTHING) and detail is not StatementDetail.WHERE:
        refuse_row(file, row, f"{case.key!r} does not ask where")
    if case.days is not None and (detail is not StatementDetail.SINCE or case.days < 1):
        refuse_row(file, row, f"{case.key!r} does not ask since when, or days is below 1")
    if case.weeks is not None:
        first, last = case.weeks
        if detail is not StatementDetail.WEEK or not 1 <= first <= last <= 42:
            refuse_row(file, row, f"{case.key!r} does not ask the week, or weeks are out of range")
    if (case.celsius is None) is (detail is StatementDetail.CELSIUS):
        refuse_row(file, row, f"{case.key!r} asks the temperature without a limit, or the reverse")
    if case.celsius is not None and not 35 <= case.celsius <= 42:
        refuse_row(file, row, "a temperature outside 35 to 42")
    if case.gentle_if_steady and case.action is not Action.ASK_FIRST:
        refuse_row(file, row, f"{case.key!r} is gentle_if_steady and does not ask first")
    if case.clearance_days < 1:
        refuse_row(file, row, "clearance_days is below 1")


def _check_essential(tables: Tables) -> None:
    file = "essential_oils.toml"
    for row in tables.essential:
        check_names(file, row.id, "oil", row.limits, row.oils)
        for name in ("percent", "most"):
            value = getattr(row, name)
            if value is not None and not 0 <= value <= 5:
                refuse_row(file, row.id, f"{name} outside 0 to 5")
        if any(limit <= 0 for limit in row.limits.values()):
            refuse_row(file, row.id, "a limit of 0 or less; say out = true")
    for what in ("percent", "drops_per_ml"):
        if not any(getattr(row, what) and not row.circumstances for row in tables.essential):
            refuse_row(file, what, "no row says it")

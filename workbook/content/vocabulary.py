"""Which keys an answer may hold: those of the tables, by class and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache

from workbook.content.tables import load_tables
from workbook.domain.learning import GIVING, SHOWN_NOTE
from workbook.domain.products import NO_PRODUCT
from workbook.domain.tables import Tables
from workbook.domain.topics import TOPICS
from workbook.rules.turns import QUIET_REST


def known_keys(tables: Tables) -> dict[tuple[str, str], list[str]]:
    """Return the accepted keys of each field of an answer, by class name and field name."""
    statements = [s.key for question in tables.questions for s in question.statements]
    allergens = sorted({key for oil in tables.oils.values() for key in oil.allergens})
    places = list(parts_by_key(tables))
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
        ("Setting", "what"): [*tables.areas, *tables.oils, GIVING],
        ("Turn", "product"): list(tables.oils),
        ("Turn", "intention"): ["", *tables.intentions, QUIET_REST],
    }


def parts_by_key(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Return the parts that each key of an area or part stands for: an area for both its sides."""
    parts = {part: (part,) for area in tables.areas.values() for part in area.parts}
    return {key: area.parts for key, area in tables.areas.items()} | parts


def _saved_keys(tables: Tables) -> dict[tuple[str, str], list[str]]:
    """Return the accepted keys of what is saved in a vault and asked nowhere else."""
    areas, silent = list(tables.areas), ["", *tables.silent_signals]
    return {
        ("TechniqueAnswers", "giving"): list(tables.techniques),
        ("TimeAnswers", "says"): list(tables.adaptations),
        ("StillTrue", "topics"): [topic.name for topic in TOPICS],
        ("Debrief", "more"): areas,
        ("Debrief", "less"): areas,
        ("Debrief", "gentler"): areas,
        ("Debrief", "shown"): [*areas, SHOWN_NOTE],
        ("NextDay", "sore_areas"): areas,
        ("NextDay", "touched"): areas,
        ("NextDay", "product"): ["", NO_PRODUCT, *tables.oils],
        ("PastEvenings", "taken_back"): [*areas, *tables.oils, GIVING],
        ("SignalChoice", "silent"): silent,
        ("Signals", "silent"): silent,
        ("RoomCard", "done"): [*tables.room, *tables.candle, *tables.make_ready],
        ("IntentionCard", "settled"): ["", *tables.intentions, QUIET_REST],
        ("Thanks", "more"): areas,
    }


@cache
def _all_keys() -> Mapping[tuple[str, str], frozenset[str]]:
    tables = load_tables()
    known = known_keys(tables) | _saved_keys(tables)
    return {place: frozenset(keys) for place, keys in known.items()}


def find_unknown(value: object, before: object = None) -> str | None:
    """Return the field of ``value`` that holds a key no table knows; None if there is none.

    Args:
        value: an answer, or any other value that is saved.
        before: the value in whose place it comes. What that holds may stay, as a key that
            was in a table of an older version.

    """
    allowed = set(_list_keys(before))
    for name, field, key in _list_keys(value):
        if key not in _all_keys()[name, field] and (name, field, key) not in allowed:
            return field
    return None


def _list_keys(value: object) -> Iterator[tuple[str, str, str]]:
    """Yield class, field and key for every field with a list of accepted keys."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _list_keys(item)
    elif isinstance(value, Sequence | frozenset) and not isinstance(value, str):
        for item in value:
            yield from _list_keys(item)
    elif is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        for field in fields(value):
            held = getattr(value, field.name)
            if (name, field.name) in _all_keys() and held is not None:
                for key in (held,) if isinstance(held, str) else held:
                    yield name, field.name, key
            yield from _list_keys(held)

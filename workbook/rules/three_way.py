"""Merges one answer that two pages changed at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.evening import MAX_AFTERCARE_WISHES, AftercareAnswers
from workbook.domain.health import Clearance, ReportedCondition
from workbook.domain.learning import NextDay
from workbook.domain.levels import Level, PressureAnswers
from workbook.domain.merging import MERGE_KEY, ByKey, FirstOf, MergeBy, MergeRule
from workbook.domain.products import PatchResult, PatchTest
from workbook.domain.seats import Seat
from workbook.domain.techniques import Coverage

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

SEPARATOR_LINE = "———"
"""Stands alone on a line between what one page wrote and what the other did."""

INLINE_SEPARATOR = " / "
"""Stands between the same two in a field of one line."""

MAX_COMPARED_LINES = 2000
"""Texts of more lines are put one below the other whole: to compare them takes too long."""

MergeFunction = Callable[[Any, Any, Any], Any]
"""Takes a field as it was, mine and theirs; returns what it becomes."""
ConflictRule = Callable[[Any, Any], Any]
"""Decides about a field that both changed, each in another way."""


def merge_values(base: T, mine: T, theirs: T) -> T:
    """Return what two pages together made of ``base``, each answer by itself.

    A field that one page changed has that page's value. A field that both changed is merged
    by its rule (``rules_of``): of limits, health, pressure, techniques and products the
    stricter value, in either order of saving; of text both, theirs below mine; of all else
    mine, which is the later one.

    Args:
        base: what this page showed before the change.
        mine: what it wants to save.
        theirs: what another page has saved meanwhile.

    Source: design ("Tightening")

    """
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    kind = type(theirs if mine is None else mine)
    if kind not in _CLASS_RULES and not is_dataclass(kind):
        return mine
    found: T = _CLASS_RULES.get(kind, _merge_fields)(base, mine, theirs)
    return found


def _merge_fields(base: Any, mine: Any, theirs: Any) -> Any:
    """Merge field by field; one with ``MergeRule.WITH_CLASS`` stays as it is in ``mine``."""
    merged = {
        name: function(getattr(base, name), getattr(mine, name), getattr(theirs, name))
        for name, function in _functions_of(mine.__class__).items()
    }
    return replace(mine, **merged)


# One value ----------------------------------------------------------------------------------


def _if_both_changed(both: ConflictRule) -> MergeFunction:
    """Return a rule that takes the changed value, and calls ``both`` if both changed it."""

    def rule(base: Any, mine: Any, theirs: Any) -> Any:
        if theirs in (base, mine):
            return mine
        return theirs if mine == base else both(mine, theirs)

    return rule


def _prefer_first_of(*order: Any) -> MergeFunction:
    """Return a rule that takes, of two changed values, the one that is first in ``order``."""
    return _if_both_changed(lambda mine, theirs: min(mine, theirs, key=order.index))


def _keep_mine(mine: Any, _theirs: Any) -> Any:
    """Return the later value."""
    return mine


def _keep_smaller(mine: Any, theirs: Any) -> Any:
    """Return the smaller value; None counts as the smallest."""
    return None if mine is None or theirs is None else min(mine, theirs)


# Sets, and answers by key --------------------------------------------------------------------


def _merge_members(base: frozenset[K], mine: frozenset[K], theirs: frozenset[K]) -> frozenset[K]:
    """Merge each member by itself: where the two differ, only one of them changed it."""
    return (mine & theirs) | ((mine | theirs) - base)


def _merge_by_key(both: Callable[[Any | None, Any | None], Any | None]) -> MergeFunction:
    """Return a rule that merges each key by itself; ``both`` gets None for a missing key."""

    def rule(base: Mapping[K, Any], mine: Mapping[K, Any], theirs: Mapping[K, Any]) -> Any:
        one = _if_both_changed(both)
        found = {
            key: one(base.get(key), mine.get(key), theirs.get(key))
            for key in _sort_keys(mine, theirs)
        }
        return {key: value for key, value in found.items() if value is not None}

    return rule


def _sort_keys(*each: Iterable[K]) -> Iterator[K]:
    """Yield every key once, in an order that does not depend on the order of ``each``."""
    yield from sorted({key for keys in each for key in keys}, key=str)


def _combine_conditions(
    mine: ReportedCondition | None, theirs: ReportedCondition | None
) -> ReportedCondition | None:
    """Return one condition that covers both; a blank detail means any place, date or amount."""
    if mine is None or theirs is None:
        return mine or theirs
    same = (mine.week, mine.told) == (theirs.week, theirs.told)
    return replace(
        mine,
        where=_combine_places(mine.where, theirs.where),
        last=None if mine.last is None or theirs.last is None else max(mine.last, theirs.last),
        week=mine.week if same else None,
        told=mine.told if same else None,
        steady=mine.steady if mine.steady is theirs.steady else None,
        celsius=None
        if mine.celsius is None or theirs.celsius is None
        else max(mine.celsius, theirs.celsius),
    )


def _combine_places(mine: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """Return the places of both; an empty set means everywhere."""
    return mine | theirs if mine and theirs else frozenset()


def _combine_clearances(mine: Clearance | None, theirs: Clearance | None) -> Clearance | None:
    """Return a clearance with the limits of both; None if one is missing or the dates differ."""
    if mine is None or theirs is None or mine.on != theirs.on:
        return None
    cap, closed = min(mine.cap, theirs.cap), mine.closed | theirs.closed
    return replace(mine, cap=cap, closed=closed)


def _merge_clearances(
    base: tuple[Clearance, ...], mine: tuple[Clearance, ...], theirs: tuple[Clearance, ...]
) -> tuple[Clearance, ...]:
    by_rule = ({word.rule: word for word in words} for words in (base, mine, theirs))
    return tuple(_merge_by_key(_combine_clearances)(*by_rule).values())


def _combine_patch_tests(mine: PatchTest | None, theirs: PatchTest | None) -> PatchTest | None:
    """Return the later test with a reaction; without one, a test that is still to be read."""
    reacted = [t for t in (mine, theirs) if t and t.result is PatchResult.REACTED]
    if reacted:
        return max(reacted, key=_patch_test_order)
    if mine is None or theirs is None:
        return None
    return replace(
        mine,
        started=max(mine.started, theirs.started),
        result=None,
        read=None,
        used=mine.used and theirs.used,
        scented=mine.scented if mine.scented == theirs.scented else None,
    )


def _patch_test_order(test: PatchTest) -> str:
    """Return a key that sorts tests in the same order on both pages."""
    return f"{test.started}{test.read}{test.used}{test.scented}"


def _keep_lower_level(mine: Level | None, theirs: Level | None) -> Level | None:
    """Return the lower level; a level counts before None."""
    return min((each for each in (mine, theirs) if each is not None), default=None)


def _keep_firmer(mine: int | None, theirs: int | None) -> int:
    """Return the firmer of two results of a duet; at least one is given."""
    return max(each for each in (mine, theirs) if each is not None)


# Answers that hang together ------------------------------------------------------------------


def _merge_pressure(base: PressureAnswers, mine: PressureAnswers, theirs: PressureAnswers) -> Any:
    """Merge the effective ceiling of each area; an area without one has the overall ceiling."""
    level = _prefer_first_of(None, *Level)
    overall = level(base.overall, mine.overall, theirs.overall)
    named = _merge_members(*(frozenset(each.areas) for each in (base, mine, theirs)))
    areas = {}
    for key in _sort_keys(base.areas, mine.areas, theirs.areas):
        own = level(*(each.areas.get(key, each.overall) for each in (base, mine, theirs)))
        if own != overall or key in named:
            areas[key] = Level.STILL if own is None else own
    return replace(_merge_fields(base, mine, theirs), overall=overall, areas=areas)


def _merge_signals(base: Signals, mine: Signals, theirs: Signals) -> Signals:
    """Merge each person's choice by itself; tried counts only for what one page tried.

    When each person took the other's choice at once, the one saved first holds: both have
    chosen it, the one before and the other now.
    """
    chosen = {
        seat: merged
        for seat in Seat
        if (merged := merge_values(*(each.choice_of(seat) for each in (base, mine, theirs))))
        != SignalChoice()
    }
    found: Signals = replace(_merge_fields(base, mine, theirs), chosen=chosen)
    if found.agreed is None and mine.agreed and theirs.agreed and not base.agreed:
        return theirs
    tried = [each.tried_on for each in (mine, theirs) if each.agreed == found.agreed]
    if len(tried) > 1:
        tried = [_if_both_changed(_keep_smaller)(base.tried_on, *tried)]
    return replace(found, tried_on=tried[0] if tried and found.agreed else None)


def _merge_next_day(base: NextDay, mine: NextDay, theirs: NextDay) -> Any:
    """Merge field by field; an empty set of sore areas means every area that was touched."""
    merged = _merge_fields(base, mine, theirs)
    wider = _if_both_changed(_combine_places)(base.sore_areas, mine.sore_areas, theirs.sore_areas)
    return replace(merged, sore_areas=wider)


def _merge_aftercare(
    base: AftercareAnswers, mine: AftercareAnswers, theirs: AftercareAnswers
) -> AftercareAnswers:
    """Keep what both chose, the later first, up to ``MAX_AFTERCARE_WISHES``."""
    kept = _merge_members(*(frozenset(each.chosen) for each in (base, mine, theirs)))
    chosen = [key for key in dict.fromkeys((*mine.chosen, *theirs.chosen)) if key in kept]
    merged: AftercareAnswers = _merge_fields(base, mine, theirs)
    return replace(merged, chosen=tuple(chosen[:MAX_AFTERCARE_WISHES]))


# Text ----------------------------------------------------------------------------------------


def merge_texts(base: str, mine: str, theirs: str) -> str:
    """Return a text that holds what both wrote; where they meet, theirs below mine.

    Args:
        base: what both pages showed before.
        mine: what this page has now; lines are separated by a line break.
        theirs: what is saved.

    """
    return _merge_pieces(base, mine, theirs, apart="\n", between=[SEPARATOR_LINE])


def merge_lines(base: str, mine: str, theirs: str) -> str:
    """Return a line that holds what both wrote, theirs after mine.

    Args:
        base: what both pages showed before.
        mine: what this page has now.
        theirs: what is saved.

    """
    return _merge_pieces(base, mine, theirs, apart=INLINE_SEPARATOR, between=[])


def _merge_pieces(base: str, mine: str, theirs: str, *, apart: str, between: list[str]) -> str:
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    was, my, other = ([] if not each else each.split(apart) for each in (base, mine, theirs))
    if max(len(was), len(my), len(other)) > MAX_COMPARED_LINES:
        return apart.join(_join_pieces(my, other, between, apart))
    kept: list[str] = []
    for part, my_part, their_part in _align_pieces(was, my, other):
        if their_part == part:
            kept += my_part
        elif my_part == part:
            kept += their_part
        elif part and their_part[: len(part)] == part:  # they only added below
            kept += [*my_part, *their_part[len(part) :]]
        elif part and my_part[: len(part)] == part:
            kept += [*their_part, *my_part[len(part) :]]
        else:
            kept += _join_pieces(my_part, their_part, between, apart)
    if not {*my} & {*other} <= {*kept}:  # each took away another copy of the same line
        kept = _join_pieces(my, other, between, apart)
    return apart.join(kept)


def _join_pieces(mine: list[str], theirs: list[str], between: list[str], apart: str) -> list[str]:
    """Return both, or only the one that contains the other."""
    my, other = apart.join(mine), apart.join(theirs)
    if other in my:
        return mine
    return theirs if my in other else [*mine, *between, *theirs]


def _align_pieces(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Split the three texts at the lines that all of them have; yield those lines as well."""
    in_mine, in_theirs = _match_lines(base, mine), _match_lines(base, theirs)
    at, my, other = 0, 0, 0
    for line in sorted(in_mine.keys() & in_theirs.keys()):
        yield (
            [*base[at:line]],
            [*mine[my : in_mine[line]]],
            [*theirs[other : in_theirs[line]]],
        )
        same = [base[line]]
        yield same, same, same
        at, my, other = line + 1, in_mine[line] + 1, in_theirs[line] + 1
    yield [*base[at:]], [*mine[my:]], [*theirs[other:]]


def _match_lines(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Return the index in ``other`` of each matching line of ``base``."""
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + n: block.b + n
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    }


# Which field is merged by which rule ---------------------------------------------------------

_FUNCTIONS: Mapping[MergeRule, MergeFunction] = {
    MergeRule.LATER: _if_both_changed(_keep_mine),
    MergeRule.SMALLER: _if_both_changed(_keep_smaller),
    MergeRule.MEMBERS: _merge_members,
    MergeRule.TEXTS: merge_texts,
    MergeRule.LINES: merge_lines,
    MergeRule.LOWER_LEVEL: _merge_by_key(_keep_lower_level),
    MergeRule.FIRMER: _merge_by_key(_keep_firmer),
    MergeRule.CONDITIONS: _merge_by_key(_combine_conditions),
    MergeRule.CLEARANCES: _merge_clearances,
    MergeRule.PATCH_TESTS: _merge_by_key(_combine_patch_tests),
}

_CLASS_RULES: Mapping[type, MergeFunction] = {
    Coverage: _prefer_first_of(None, *Coverage),
    PressureAnswers: _merge_pressure,
    Signals: _merge_signals,
    NextDay: _merge_next_day,
    AftercareAnswers: _merge_aftercare,
}
"""Classes that are one value, or that have fields with ``MergeRule.WITH_CLASS``."""

_SINGLE_VALUES = (Enum, int, float, date)
"""A field of these types holds one value: the later one is kept."""


@cache
def rules_of(kind: type) -> Mapping[str, MergeBy]:
    """Return the rule of every field of a dataclass, by the field's name.

    A field that states none (``domain.merging.merge_by``) goes by its type: text keeps what
    both pages wrote, a set takes each member by itself, of one value the later is kept.

    Raises:
        TypeError: if a field states no rule and its type has none, or if it states that its
            class merges it and the class does not.

    """
    hints = get_type_hints(kind)
    found = {
        field.name: field.metadata.get(MERGE_KEY) or _default_rule(hints[field.name])
        for field in fields(kind)
    }
    for name, rule in found.items():
        if rule is None or (rule is MergeRule.WITH_CLASS and kind not in _CLASS_RULES):
            raise TypeError(f"{kind.__name__}.{name}: state how it is merged (domain/merging.py)")
    return {name: rule for name, rule in found.items() if rule is not None}


def _default_rule(hint: Any) -> MergeRule | None:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType] or [hint]
    kind = hint if get_origin(hint) not in (Union, UnionType) else kinds[0]
    if get_origin(kind) is frozenset:
        return MergeRule.MEMBERS
    if not isinstance(kind, type) or len(kinds) > 1:
        return None
    if issubclass(kind, _SINGLE_VALUES):
        return MergeRule.LATER
    return MergeRule.TEXTS if issubclass(kind, str) else None


@cache
def _functions_of(kind: type) -> Mapping[str, MergeFunction]:
    """The functions for the fields that are merged one by one."""
    return {
        name: _function_for(rule)
        for name, rule in rules_of(kind).items()
        if rule is not MergeRule.WITH_CLASS
    }


def _function_for(rule: MergeBy) -> MergeFunction:
    if isinstance(rule, FirstOf):
        return _prefer_first_of(*rule.order)
    if isinstance(rule, ByKey):
        order = rule.rule.order
        return _merge_by_key(lambda mine, theirs: min(mine, theirs, key=order.index))
    return _FUNCTIONS[rule]

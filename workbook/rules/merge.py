"""What becomes of one answer that two pages changed at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, TypeVar

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.consent import ConsentAnswers, FreeYes, Signals
from workbook.domain.evening import (
    AftercareAnswers,
    Energy,
    Hands,
    IntentionAnswers,
    RoomCard,
    StillTrue,
    TimeAnswers,
    WishAnswers,
)
from workbook.domain.health import Clearance, HealthAnswers, ReportedCondition
from workbook.domain.learning import Debrief, NextDay, Skin, Soreness
from workbook.domain.levels import Duet, Level, PressureAnswers
from workbook.domain.products import OilAnswers, PatchResult, PatchTest
from workbook.domain.seats import Person
from workbook.domain.techniques import Coverage, Pace, Position, TechniqueAnswers

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

LINE = "———"
"""Stands alone on a line between what one page wrote and what the other did."""

BESIDE = " / "
"""Stands between the same two in a field of one line."""

MOST_LINES = 2000
"""Texts of more lines are put one below the other whole: to compare them takes too long."""

MOST_WISHES = 4
"""What somebody may choose for afterwards."""

Rule = Callable[[Any, Any, Any], Any]
"""Takes a field as it was, mine and theirs; returns what it becomes."""
Both = Callable[[Any, Any], Any]
"""Decides about a field that both changed, each in another way."""


def merge(base: T, mine: T, theirs: T) -> T:
    """Return what two pages together made of ``base``, each answer by itself.

    What one of them changed, holds. What both changed: of limits, health, pressure,
    techniques and products the stricter, whoever was first; of text both, theirs below
    mine; of all else mine, which is the later one.

    Args:
        base: what this page showed before the change.
        mine: what it wants to save.
        theirs: what another page has saved meanwhile.

    Source: design, decision 7 ("can only tighten"); vault, section 4

    """
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    found: T = _OWN.get(type(mine), _each_field)(base, mine, theirs)
    return found


def merges(kind: type) -> bool:
    """Return whether values of ``kind`` can be merged."""
    return kind in _OWN or kind in FIELDS


def _each_field(base: Any, mine: Any, theirs: Any) -> Any:
    return replace(
        mine,
        **{
            name: rule(getattr(base, name), getattr(mine, name), getattr(theirs, name))
            for name, rule in FIELDS[type(mine)].items()
        },
    )


# One value ----------------------------------------------------------------------------------


def _one(both: Both) -> Rule:
    """Whoever changed it; ``both`` decides if both did."""

    def rule(base: Any, mine: Any, theirs: Any) -> Any:
        if theirs in (base, mine):
            return mine
        return theirs if mine == base else both(mine, theirs)

    return rule


def _strictest_first(*order: Any) -> Rule:
    """Of two changed values the one that comes first in ``order``."""
    return _one(lambda mine, theirs: min(mine, theirs, key=order.index))


def _mine(mine: Any, _theirs: Any) -> Any:
    """The later one holds."""
    return mine


def _less(mine: Any, theirs: Any) -> Any:
    """The smaller one; blank is the cautious end."""
    return None if mine is None or theirs is None else min(mine, theirs)


# Sets, and answers by key --------------------------------------------------------------------


def _members(base: frozenset[K], mine: frozenset[K], theirs: frozenset[K]) -> frozenset[K]:
    """Each member by itself: if the two differ about one, only one of them changed it."""
    return (mine & theirs) | ((mine | theirs) - base)


def _by_key(both: Callable[[Any | None, Any | None], Any | None]) -> Rule:
    """Each key by itself; None stands for "not there"."""

    def rule(base: Mapping[K, Any], mine: Mapping[K, Any], theirs: Mapping[K, Any]) -> Any:
        one = _one(both)
        found = {
            key: one(base.get(key), mine.get(key), theirs.get(key)) for key in _keys(mine, theirs)
        }
        return {key: value for key, value in found.items() if value is not None}

    return rule


def _keys(*each: Iterable[K]) -> Iterator[K]:
    """Every key, in one order whoever comes first."""
    yield from sorted({key for keys in each for key in keys}, key=str)


def _stricter_mark(mine: AreaMark | None, theirs: AreaMark | None) -> AreaMark | None:
    order = (AreaMark.NOT_TONIGHT, None, AreaMark.ANOTHER_EVENING, AreaMark.OPEN)
    return min(mine, theirs, key=order.index)


def _both_ticks(
    mine: ReportedCondition | None, theirs: ReportedCondition | None
) -> ReportedCondition | None:
    """One that stands for both: blank speaks wherever, whenever and however much."""
    if mine is None or theirs is None:
        return mine or theirs
    same = (mine.week, mine.told) == (theirs.week, theirs.told)
    return ReportedCondition(
        where=_wider(mine.where, theirs.where),
        last=None if mine.last is None or theirs.last is None else max(mine.last, theirs.last),
        week=mine.week if same else None,
        told=mine.told if same else None,
        celsius=None
        if mine.celsius is None or theirs.celsius is None
        else max(mine.celsius, theirs.celsius),
    )


def _wider(mine: frozenset[str], theirs: frozenset[str]) -> frozenset[str]:
    """All the places of both; none named means everywhere."""
    return mine | theirs if mine and theirs else frozenset()


def _one_word(mine: Clearance | None, theirs: Clearance | None) -> Clearance | None:
    """A professional's word counts as both pages have it; about its day they must agree."""
    if mine is None or theirs is None or mine.on != theirs.on:
        return None
    cap, closed = min(mine.cap, theirs.cap), mine.closed | theirs.closed
    return replace(mine, cap=cap, closed=closed)


def _words(
    base: tuple[Clearance, ...], mine: tuple[Clearance, ...], theirs: tuple[Clearance, ...]
) -> tuple[Clearance, ...]:
    by_rule = ({word.rule: word for word in words} for words in (base, mine, theirs))
    return tuple(_by_key(_one_word)(*by_rule).values())


def _stricter_test(mine: PatchTest | None, theirs: PatchTest | None) -> PatchTest | None:
    """A reaction stays one; without it a test on which two pages differ is still to be read."""
    reacted = [t for t in (mine, theirs) if t and t.result is PatchResult.REACTED]
    if reacted:
        return max(reacted, key=_of_test)
    if mine is None or theirs is None:
        return None
    return PatchTest(
        started=max(mine.started, theirs.started),
        result=None,
        used=mine.used and theirs.used,
        scented=mine.scented if mine.scented == theirs.scented else None,
    )


def _of_test(test: PatchTest) -> str:
    """An order of tests that does not know whose they are."""
    return f"{test.started}{test.read}{test.used}{test.scented}"


def _lower(mine: Level | None, theirs: Level | None) -> Level | None:
    """The lower level, and one that was named before one that was not."""
    return min((each for each in (mine, theirs) if each is not None), default=None)


def _firmer(mine: int | None, theirs: int | None) -> int:
    """Of two duets of the same hands, one there at least: the one that asks them to be softer."""
    return max(each for each in (mine, theirs) if each is not None)


# Answers that hang together ------------------------------------------------------------------


def _pressure(base: PressureAnswers, mine: PressureAnswers, theirs: PressureAnswers) -> Any:
    """The ceiling of each place as it follows from both fields: a blank one is the overall one."""
    level = _strictest_first(None, *Level)
    overall = level(base.overall, mine.overall, theirs.overall)
    named = _members(*(frozenset(each.areas) for each in (base, mine, theirs)))
    areas = {}
    for key in _keys(base.areas, mine.areas, theirs.areas):
        own = level(*(each.areas.get(key, each.overall) for each in (base, mine, theirs)))
        if own != overall or key in named:
            areas[key] = Level.STILL if own is None else own
    return PressureAnswers(overall, areas, level(base.giving, mine.giving, theirs.giving))


def _signals(base: Signals, mine: Signals, theirs: Signals) -> Signals:
    """Two words for stop are both one; what nobody tried as it is now has to be tried."""
    word = beside(base.word, mine.word, theirs.word)
    silent = _one(_mine)(base.silent, mine.silent, theirs.silent)
    now = (word, silent)
    tried = [each.tried_on for each in (mine, theirs) if (each.word, each.silent) == now]
    if len(tried) > 1:
        tried = [_one(_less)(base.tried_on, *tried)]
    return Signals(word, silent, tried[0] if tried else None)


def _next_day(base: NextDay, mine: NextDay, theirs: NextDay) -> Any:
    """No place named means all that was touched."""
    merged = _each_field(base, mine, theirs)
    wider = _one(_wider)(base.sore_areas, mine.sore_areas, theirs.sore_areas)
    return replace(merged, sore_areas=wider)


def _aftercare(
    base: AftercareAnswers, mine: AftercareAnswers, theirs: AftercareAnswers
) -> AftercareAnswers:
    """What both together chose, the later one first, as many as there may be."""
    kept = _members(*(frozenset(each.chosen) for each in (base, mine, theirs)))
    chosen = [key for key in dict.fromkeys((*mine.chosen, *theirs.chosen)) if key in kept]
    minutes = _one(_mine)(base.minutes, mine.minutes, theirs.minutes)
    return AftercareAnswers(tuple(chosen[:MOST_WISHES]), minutes)


# Text ----------------------------------------------------------------------------------------


def below(base: str, mine: str, theirs: str) -> str:
    """Return a text that holds what both wrote; where they meet, theirs below mine."""
    return _texts(base, mine, theirs, apart="\n", between=[LINE])


def beside(base: str, mine: str, theirs: str) -> str:
    """Return a line that holds what both wrote, theirs after mine."""
    return _texts(base, mine, theirs, apart=BESIDE, between=[])


def _texts(base: str, mine: str, theirs: str, *, apart: str, between: list[str]) -> str:
    if theirs in (base, mine):
        return mine
    if mine == base:
        return theirs
    was, my, other = ([] if not each else each.split(apart) for each in (base, mine, theirs))
    if max(len(was), len(my), len(other)) > MOST_LINES:
        return apart.join(_joined(my, other, between, apart))
    kept: list[str] = []
    for part, my_part, their_part in _parts(was, my, other):
        if their_part == part:
            kept += my_part
        elif my_part == part:
            kept += their_part
        elif part and their_part[: len(part)] == part:  # they only added below
            kept += [*my_part, *their_part[len(part) :]]
        elif part and my_part[: len(part)] == part:
            kept += [*their_part, *my_part[len(part) :]]
        else:
            kept += _joined(my_part, their_part, between, apart)
    return apart.join(kept)


def _joined(mine: list[str], theirs: list[str], between: list[str], apart: str) -> list[str]:
    """Both, unless one holds the other already."""
    my, other = apart.join(mine), apart.join(theirs)
    if other in my:
        return mine
    return theirs if my in other else [*mine, *between, *theirs]


def _parts(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut where a line is the same in all of them, those lines included."""
    in_mine, in_theirs = _same(base, mine), _same(base, theirs)
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


def _same(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Which line of ``base`` is which of ``other``, in order."""
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return {
        block.a + n: block.b + n
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    }


# Which field goes by what --------------------------------------------------------------------

_OWN: Mapping[type, Rule] = {
    Coverage: _strictest_first(None, *Coverage),
    type(None): _strictest_first(None, *Coverage),
    PressureAnswers: _pressure,
    Signals: _signals,
    NextDay: _next_day,
    AftercareAnswers: _aftercare,
}
"""Kinds that are one value, or whose fields hang together."""

_later = _one(_mine)
_smaller = _one(_less)
_yes_first = _strictest_first(True, None, False)
_marks = _by_key(_stricter_mark)

FIELDS: Mapping[type, Mapping[str, Rule]] = {
    ConsentAnswers: {
        "free": _strictest_first(FreeYes.NO, FreeYes.NOT_SURE, None, FreeYes.YES),
        "adult": _strictest_first(False, None, True),
    },
    IntentionAnswers: {"chosen": _members, "expects": below},
    WishAnswers: {"wished": _members},
    AreaAnswers: {"receiving": _marks, "giving": _marks},
    HealthAnswers: {
        "asked": _members,
        "ticked": _by_key(_both_ticks),
        "clearances": _words,
        "on": _smaller,
    },
    TimeAnswers: {
        "willing": _members,
        "minutes_receiving": _smaller,
        "minutes_giving": _smaller,
        "energy": _strictest_first(None, *Energy),
        "hands": _strictest_first(None, *Hands),
        "on": _smaller,
    },
    TechniqueAnswers: {
        "techniques": _members,
        "pace": _strictest_first(None, *Pace),
        "pauses": _yes_first,
        "positions_out": _members,
        "position": _strictest_first(None, *Position),
    },
    OilAnswers: {
        "answered": _later,
        "allergies": _members,
        "severe": _yes_first,
        "sensitive": _yes_first,
        "spot_prone": _yes_first,
        "tests": _by_key(_stricter_test),
        "without": _yes_first,
    },
    Duet: {"firmer": _by_key(_firmer)},
    StillTrue: {"topics": _members},
    RoomCard: {"done": _members, "flame": _yes_first, "music": beside, "light": beside},
    Debrief: {
        "on": _later,
        "thanks": below,
        "more": _members,
        "less": _by_key(_lower),
        "body": _later,
        "free": _later,
        "note": below,
    },
    NextDay: {
        "on": _later,
        "skin": _strictest_first(Skin.REACTED, None, Skin.FINE),
        "soreness": _strictest_first(Soreness.STRONG, Soreness.TENDER, None, Soreness.NONE),
        "sore_areas": _members,
        "glad": _later,
        "mood": beside,
        "product": _later,
        "touched": _later,
    },
    Person: {"seat": _later, "name": _later, "colour": _later, "shape": _later},
}
"""The rule of every field; a kind with an own rule may go by these as well."""

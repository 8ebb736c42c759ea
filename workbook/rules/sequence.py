"""Drafts the steps of a plan: which rows of ``steps.toml`` are followed, where and how firmly.

What each part is touched with follows from that part alone, never from which others are
open: a step is drafted for each level and touch that its row has. So nothing becomes firmer
and no place comes in because something was tightened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.tables import Area, SequenceStep
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of
from workbook.rules.frame import ARRIVE, CLOSE, FEATHER, Frame
from workbook.rules.touch import STILL_HAND_CODE

TURN, STILL = "change_sides", "place_still"
"""Keys of the change of sides, and of a still hand, which has no row."""

CIRCLES_PLACE = "place_circles"
"""Key of the row for circles at a place off the back."""

KNEADING, CIRCLES = "PET", "FRI"
"""The techniques that work on a muscle."""

LEAST_STEP_S = 25
"""Seconds that a step has at least where the time allows it: shorter, nobody can follow it."""

LEAST_LEFT_S = 10
"""Seconds below which what is left of a step, once a plan became tighter, is left out."""

_REST_WEIGHT = 10
"""Weight of a still hand where nothing else is possible, as a percent of a turn."""

_MOST_AREAS = {"arms_hands": 3}
"""How many areas of a region one step has at most; of any other, two."""

_ROOMY_PERCENT = 12
"""Percent of a turn from which a place off the back has time for circles after kneading."""

_WISHED_PERCENT = 10
"""Percent of a turn for each place that both wished for, beside the back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A step before it has a time."""

    key: str
    parts: tuple[str, ...]
    technique: str
    level: Level
    weight: float = 0
    """Its share of the time that is left over, in proportion to the others."""
    seconds: int = 0
    """Its time, where that is fixed; otherwise 0."""


def draft_steps(frame: Frame) -> tuple[Draft, ...]:
    """Return the steps of a plan in order, still hands at both ends; nothing if nothing is open.

    The back sequence is followed where anything of the back is open to hands; otherwise the
    plan is made of what is open. On the side it is two halves, each on the upper side.

    Source: facts, section 7, STEP-01 to STEP-22; design ("Choreography")

    """
    if STILL_HAND_CODE not in frame.limits.techniques:
        return ()
    middle = _draft_halves(frame) if frame.position is Position.SIDE else _draft_middle(frame)
    opening = _draft_end(frame, ARRIVE, middle)
    closing = _draft_end(frame, CLOSE, middle[::-1])
    if not middle or opening is None or closing is None:
        return ()
    return (opening, *middle, closing)


def is_worked(frame: Frame, side: Side = Side.BOTH) -> bool:
    """Return whether the back is massaged: any area on which hands move in the sequence is open."""
    worked = {key for row in frame.tables.steps if row.slides for key in row.areas}
    return any(
        frame.can_touch(part)
        for area in frame.reached
        if area.key in worked
        for part in _parts_on(area, side)
    )


# Both sides, or one half


def _draft_middle(frame: Frame, side: Side = Side.BOTH, *, last: bool = True) -> tuple[Draft, ...]:
    """What lies between the two ends, on one side or on both; feathering only if ``last``."""
    on_back = is_worked(frame)
    back = [area for area in frame.reached if area.key in frame.back]
    places = [
        area
        for area in frame.reached
        if area.key not in frame.back and (not on_back or area.key in frame.wished)
    ]
    drafts = list(_draft_back(frame, side, last=last))
    drafts += _draft_places(frame, places, side, beside_back=on_back)
    touched = {part for draft in drafts for part in draft.parts}
    wanted = [*back, *places]
    drafts += _draft_rests(frame, wanted, side, touched, moving=bool(drafts))
    if Position.SIDE in frame.limits.missed and any(
        _has_side(draft, Side.LEFT) for draft in drafts
    ):
        side = Side.LEFT  # on the side it would be feathered in the second half alone
    feather = _draft_feather(frame, {area.key for area in wanted}, side) if last else []
    return (*drafts, *feather)


def _draft_halves(frame: Frame) -> tuple[Draft, ...]:
    """Two halves with one turn between, each on the side that is up; or the one that is open."""
    first = _draft_middle(frame, Side.RIGHT, last=False)
    second = _draft_middle(frame, Side.LEFT)
    if not any(_has_side(draft, Side.LEFT) for draft in second):
        return _draft_middle(frame, Side.RIGHT)
    if not any(_has_side(draft, Side.RIGHT) for draft in first):
        return second
    places = (part for each in (*second, *first[::-1]) for part in each.parts)
    rest = next((part for part in places if frame.can_rest(part)), None)
    if rest is None:
        return ()
    seconds = int(frame.tables.settings["turn_seconds"].default)
    turn = Draft(TURN, (rest,), STILL_HAND_CODE, Level.STILL, seconds=seconds)
    return (*_half(first), turn, *_half(second))


def _half(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Weights of one half, so that both halves are equally long."""
    drafts = tuple(drafts)
    whole = sum(draft.weight for draft in drafts) or 1
    return tuple(replace(draft, weight=draft.weight * 50 / whole) for draft in drafts)


def _has_side(draft: Draft, side: Side) -> bool:
    return any(part.endswith(f".{side}") for part in draft.parts)


def _parts_on(area: Area, side: Side) -> tuple[str, ...]:
    """The parts of an area on a side; one in the middle belongs to both."""
    if side not in (Side.LEFT, Side.RIGHT) or not area.sides:
        return area.parts
    return (f"{area.key}.{side}",)


# The back sequence


def _draft_back(frame: Frame, side: Side, *, last: bool) -> Iterator[Draft]:
    """The rows of the sequence that are possible, and the change of sides where there are two."""
    rows = [row for row in frame.rows if row.key != FEATHER]
    drafted = {row.key: _draft_row(frame, row, side, last=last) for row in rows if row.key != TURN}
    sides = {row.side for row in rows if drafted.get(row.key)}
    for row in rows:
        if row.key != TURN:
            yield from drafted[row.key]
        elif {Side.LEFT, Side.RIGHT} <= sides and side is Side.BOTH:
            yield from _draft_change(frame, row)


def _draft_row(frame: Frame, row: SequenceStep, side: Side, *, last: bool) -> tuple[Draft, ...]:
    """One row: a draft for each touch and level that it has on its parts, the lighter first."""
    opposite = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    if opposite.get(row.side) is side or (row.side is Side.MIDDLE and not last):
        return ()
    where = side if row.side not in opposite else row.side
    keys = row.areas if frame.version != "short" else (*row.areas, *row.instead)
    found = _group_touches(frame, row, keys, where)
    if not found and row.instead:
        found = _group_touches(frame, row, row.instead, where)
    return _split_share(row.key, found, frame.share_of(row))


def _group_touches(
    frame: Frame, row: SequenceStep, keys: Iterable[str], side: Side
) -> list[tuple[str, Level, tuple[str, ...]]]:
    """The parts of a row by the touch and the level that each of them has, the lightest first."""
    reached = {area.key for area in frame.reached} & (frame.back if row.areas else set(keys))
    groups: dict[tuple[Level, int], list[str]] = {}
    for key in keys:
        for part in _parts_on(frame.tables.areas[key], side) if key in reached else ():
            if touch := frame.choose_touch(row, part):
                groups.setdefault((touch[1], row.techniques.index(touch[0])), []).append(part)
    return [
        (row.techniques[at], level, some)
        for (level, at), parts in sorted(groups.items())
        for some in _separate_sides(parts)
    ]


def _separate_sides(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What is open on both sides, on the right alone and on the left alone; each has one name.

    What lies in the middle goes with the first of them.
    """
    open_sides = Counter(area_of(part) for part in parts if "." in part)
    middle = tuple(part for part in parts if "." not in part)
    for is_it in (
        lambda part: open_sides[area_of(part)] > 1,
        lambda part: open_sides[area_of(part)] == 1 and part.endswith(Side.RIGHT),
        lambda part: open_sides[area_of(part)] == 1 and part.endswith(Side.LEFT),
    ):
        if some := tuple(part for part in parts if "." in part and is_it(part)):
            yield tuple(part for part in parts if part in some or part in middle)
            middle = ()
    if middle:
        yield middle


def _split_share(
    key: str, found: Sequence[tuple[str, Level, tuple[str, ...]]], share: float
) -> tuple[Draft, ...]:
    """Drafts of one row, which share its time by how many parts they have."""
    count = sum(len(parts) for _, _, parts in found)
    return tuple(
        Draft(key, parts, code, level, share * len(parts) / count) for code, level, parts in found
    )


def _draft_change(frame: Frame, row: SequenceStep) -> Iterator[Draft]:
    """One hand stays on while the giver walks round to the left."""
    for key in row.areas:
        area = frame.tables.areas[key]
        parts = tuple(part for part in area.parts if area in frame.reached and frame.can_rest(part))
        if parts:
            yield Draft(row.key, parts, STILL_HAND_CODE, Level.STILL, frame.share_of(row))
            return


def _draft_feather(frame: Frame, keys: set[str], side: Side) -> list[Draft]:
    """Feathering on what the plan touches, at its end and no longer than a minute.

    Source: SS-38; design ("Choreography")
    """
    row = next(row for row in frame.tables.steps if row.key == FEATHER)
    share = frame.share_of(row)
    found = [
        part
        for area in frame.reached
        if area.key in keys and area.key in row.areas and share
        for part in _parts_on(area, side)
        if frame.choose_touch(row, part)
    ]
    if not found:
        return []
    setting = frame.tables.settings["feather_seconds"]
    wanted = round(frame.minutes * 60 * getattr(row, frame.version) / 100)
    seconds = int(min(setting.default, max(setting.low, wanted)))
    level, parts = Level.LOTION, max(_separate_sides(found), key=len)
    return [Draft(row.key, parts, row.techniques[0], level, seconds=seconds)]


# What is open elsewhere


def _draft_places(
    frame: Frame, areas: Sequence[Area], side: Side, *, beside_back: bool
) -> list[Draft]:
    """The steps of each place: gliding, then kneading, then circles, as far as there is time.

    Every place has the firmest touch that is possible there in this version, however many
    places there are; what is left out for want of time is never the firmest.
    """
    rows = [row for row in frame.tables.steps if not row.areas and getattr(row, frame.version)]
    groups = [group for group in _group_areas(areas) if any(frame.is_open(a) for a in group)]
    share = _WISHED_PERCENT if beside_back else 100 / max(1, len(groups))
    here = share / 2 if side in (Side.LEFT, Side.RIGHT) else share
    roomy = here >= _ROOMY_PERCENT * (2 if frame.version == "middle" else 1)
    drafts: list[Draft] = []
    for group in groups:
        keys = [area.key for area in group]
        weight = 2 * share
        for row in rows:
            if row.key == CIRCLES_PLACE and not roomy:
                continue
            found = _group_touches(frame, row, keys, side)
            drafts += _split_share(row.key, found, weight * getattr(row, frame.version) / 100)
    return drafts


def _group_areas(areas: Iterable[Area]) -> Iterator[tuple[Area, ...]]:
    """Areas of one region that are reached alike, so many that a sentence can name them."""
    areas = tuple(areas)
    regions = list(dict.fromkeys(area.region for area in areas))
    group: list[Area] = []
    for area in sorted(areas, key=lambda each: regions.index(each.region)):
        alike = group and (area.region, area.views) == (group[0].region, group[0].views)
        if group and (not alike or len(group) >= _MOST_AREAS.get(area.region, 2)):
            yield tuple(group)
            group = []
        group.append(area)
    if group:
        yield tuple(group)


# Still hands


def _draft_rests(
    frame: Frame, areas: Sequence[Area], side: Side, touched: set[str], *, moving: bool
) -> list[Draft]:
    """A still hand where nothing else is possible; beside other steps as short as can be."""
    ends = {key for row in frame.tables.steps if row.key in (ARRIVE, CLOSE) for key in row.areas}
    lies_on_side = frame.position is Position.SIDE
    drafts = []
    for group in _group_areas(areas):
        parts = tuple(
            part
            for area in group
            if not (moving and area.key in ends and not (lies_on_side and area.sides))
            for part in _parts_on(area, side)
            if part not in touched and frame.can_rest(part)
        )
        if parts:
            drafts.append(Draft(STILL, parts, STILL_HAND_CODE, Level.STILL, _REST_WEIGHT))
    return drafts


def _draft_end(frame: Frame, key: str, middle: Sequence[Draft]) -> Draft | None:
    """The first or the last still hand: where its row has it, or else where the nearest step is.

    On the side it is on the side that is up then.
    """
    row = next(row for row in frame.tables.steps if row.key == key)
    side = _side_up(frame, middle)
    reached = {area.key for area in frame.reached}
    usual = [
        part
        for area in row.areas
        if area in reached
        for part in _parts_on(frame.tables.areas[area], side)
        if frame.can_rest(part)
    ]
    nearest = (
        [
            part
            for part in _parts_on(frame.tables.areas[area_of(touched)], side)
            if frame.can_rest(part)
        ]
        for draft in middle
        for touched in draft.parts
    )
    parts = tuple(usual) or tuple(next(filter(None, nearest), ()))
    if not parts:
        return None
    share = getattr(row, frame.version)
    seconds = round(frame.minutes * 60 * share / 100)
    return Draft(key, parts, STILL_HAND_CODE, Level.STILL, seconds=seconds)


def _side_up(frame: Frame, middle: Sequence[Draft]) -> Side:
    """The side that is up at the nearer end; both, unless the receiver lies on the side."""
    if frame.position is not Position.SIDE:
        return Side.BOTH
    for draft in middle:
        for side in (Side.RIGHT, Side.LEFT):
            if _has_side(draft, side):
                return side
    return Side.RIGHT

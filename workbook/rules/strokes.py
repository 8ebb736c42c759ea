"""How a step is done: its stroke, where the giver is, and how many rounds can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbook.domain.areas import Side
from workbook.domain.plan import Step
from workbook.domain.tables import BesideBack, SequenceStep, Tables
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of
from workbook.rules.sequence import TURN
from workbook.rules.touch import Surface

GIVER_PLACES = (
    *("hip_right", "hip_left", "head", "waist_right", "waist_left", "behind", "behind_side"),
    *("beside_chair", "beside_arm", "beside_leg", "feet", "head_back"),
)
"""Keys of every place of the giver, with words in ``en/steps.toml``."""

_COUNTED_FROM_S = 6
"""Seconds of a round from which on its rounds are slow enough to be counted."""

LIMBS = frozenset({"arms_hands", "legs", "feet"})
"""Regions where a glide follows a limb."""

_BESIDE = {"arms_hands": "beside_arm", "front": "beside_arm", "legs": "beside_leg"}
_LYING = {**_BESIDE, "feet": "feet", "head": "head"}
_BACK_REGIONS = ("neck_shoulders", "upper_back", "lower_back")
_PLACES = {
    Position.PRONE: _LYING,
    Position.SIDE: {**_LYING, **dict.fromkeys(_BACK_REGIONS, "behind_side")},
    Position.BACK: {**_LYING, "head": "head_back"},
    Position.CHAIR: {
        **dict.fromkeys(("arms_hands", "front", "legs", "feet"), "beside_chair"),
        **dict.fromkeys(("head", *_BACK_REGIONS), "behind"),
    },
}
"""Where the giver is for each region; at the back of who lies face down it goes by the row."""


def describe_steps(steps: Sequence[Step], position: Position, surface: Surface) -> tuple[Step, ...]:
    """Return ``steps`` with stroke, rounds and the giver's place.

    Face down the giver changes sides once, as the steps say, and stays there.

    Args:
        steps: of one plan, in order.
        position: of the receiver.
        surface: what lies between the hands and the body.

    Source: facts, sections 6 and 7

    """
    described, left = [], False
    for step in steps:
        row = _find_row(step, surface.tables)
        left = left or step.key == TURN or (row is not None and row.side is Side.LEFT)
        place = choose_giver_place(step, position, surface.tables, left=left)
        stroke = choose_stroke(step, surface)
        passes = count_passes(stroke, step.seconds, surface.tables)
        described.append(replace(step, giver=place, stroke=stroke, passes=passes))
    return tuple(described)


def describe_touch(step: Step, surface: Surface) -> Step:
    """Return ``step`` with the stroke of its touch, and its rounds."""
    return count_anew(replace(step, stroke=choose_stroke(step, surface)), surface.tables)


def count_anew(step: Step, tables: Tables) -> Step:
    """Return ``step`` with as many rounds of its stroke as fit into its seconds."""
    return replace(step, passes=count_passes(step.stroke, step.seconds, tables))


def choose_stroke(step: Step, surface: Surface) -> str:
    """Return the key of the stroke with which a step is done.

    Of those that are possible on all its areas: the one of its row, along a limb where it
    is on one, or else the first of the table.
    """
    areas = [surface.tables.areas[key] for key in dict.fromkeys(map(area_of, step.parts))]
    possible = [
        {stroke.key for stroke in surface.list_strokes(step.technique, area)} for area in areas
    ]
    everywhere = set.intersection(*possible)
    row = _find_row(step, surface.tables)
    limb = "along" if {area.region for area in areas} <= LIMBS else ""
    for key in (row.stroke if row is not None else "", limb):
        if key in everywhere:
            return key
    own = {*(each.stroke for each in surface.tables.steps), "along"}
    keys = [key for key in surface.tables.strokes if key in everywhere]
    return next((key for key in keys if key not in own), next(iter(keys), ""))


def count_passes(stroke: str, seconds: int, tables: Tables) -> int:
    """Return how many rounds of ``stroke`` fit into ``seconds``; 0: they are not counted."""
    row = tables.strokes.get(stroke)
    if row is None or row.period < _COUNTED_FROM_S:
        return 0
    return max(1, round(seconds / row.period))


def choose_giver_place(step: Step, position: Position, tables: Tables, *, left: bool) -> str:
    """Return where the giver is during a step.

    Args:
        step: the step.
        position: of the receiver.
        tables: areas to go by.
        left: whether the giver has changed to the receiver's left, face down.

    """
    region = tables.areas[area_of(step.parts[0])].region
    if (place := _PLACES[position].get(region)) is not None:
        return place
    row = _find_row(step, tables)
    beside = row.giver if row is not None else BesideBack.HIP
    if beside is BesideBack.HEAD:
        return "head"
    return f"{beside}_{Side.LEFT if left else Side.RIGHT}"


def _find_row(step: Step, tables: Tables) -> SequenceStep | None:
    """Return the row that a step follows; None for a still hand where nothing else is possible."""
    return next((row for row in tables.steps if row.key == step.key), None)

"""Checks the rows of the strokes: nothing that could not be drawn, counted or said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook.content.rows import check_names, refuse_row
from workbook.domain.strokes import Curve, HandsUsed, Stroke

if TYPE_CHECKING:
    from workbook.domain.tables import Tables

FILE = "strokes.toml"

WORDS = ("name", "hands", "move", "rhythm", "not_here")
"""What is said about every stroke: its name and four sentences."""

SHARES = ("pace", "pressure", "lift", "grip")
"""Curves whose values are shares, from 0 to 1; the values of ``turn`` are degrees."""

_CLOSE = 1e-6


def check_strokes(rows: Iterable[Stroke], tables: Tables) -> None:
    """Refuse a stroke that names something unknown or has a value out of its range.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``.

    """
    for row in rows:
        check_names(FILE, row.id, "technique", (row.technique,), tables.techniques)
        check_names(FILE, row.id, "area", row.not_on, tables.areas)
        others = [key for key in (row.alone, row.sore) if key]
        check_names(FILE, row.id, "stroke", others, tables.strokes)
        for why in (*_find_way_faults(row), *_find_time_faults(row), *_find_curve_faults(row)):
            refuse_row(FILE, row.id, why)
        if row.alone and tables.strokes[row.alone].hands is not HandsUsed.ONE:
            refuse_row(FILE, row.id, f"{row.alone!r} needs two hands")


def list_stroke_keys(tables: Tables) -> Iterator[str]:
    """Yield the key of every string that the strokes need."""
    for key, row in tables.strokes.items():
        yield from (f"strokes.{key}.{what}" for what in WORDS)
        yield from (f"strokes.{key}.beats.{beat}" for beat in row.beats)
        yield from (f"strokes.{key}.moments.{n}" for n in range(1, len(row.moments) + 1))


def _find_way_faults(row: Stroke) -> Iterator[str]:
    """Yield what is wrong with where hands go."""
    if bool(row.path) is bool(row.spots):
        yield "needs a path or spots, and not both"
    if any(not 0 <= part <= 1 for point in (*row.path, *row.spots) for part in point):
        yield "a point outside the box, 0 to 1"
    if row.path and (len(row.path) < 2 or not row.pace):
        yield "a path needs two points and a pace"
    if not 0 < row.firm <= 1:
        yield "firm is outside 0 to 1"
    if row.rounds < 1 or row.radius < 0 or row.move < 0 or row.sway < 0:
        yield "rounds below 1, or radius, move or sway below 0"


def _find_time_faults(row: Stroke) -> Iterator[str]:
    """Yield what is wrong with the seconds."""
    if row.period <= 0:
        yield "period is not above 0"
    if row.move >= row.period * row.rounds:
        yield "move is as long as the stay on a spot"
    if not row.beats or min(row.beats.values()) <= 0:
        yield "no beat, or one that is not above 0"
    elif abs(sum(row.beats.values()) - row.period) > _CLOSE:
        yield "beats do not add up to the period"
    if row.breath and (len(row.breath) != 2 or abs(sum(row.breath) - row.period) > _CLOSE):
        yield "breath is not two numbers that add up to the period"
    if row.moments[0] < 0 or any(a >= b for a, b in pairwise(row.moments)):
        yield "moments do not rise"


def _find_curve_faults(row: Stroke) -> Iterator[str]:
    """Yield what is wrong with the curves."""
    if not row.pressure:
        yield "no pressure"
    for name in (*SHARES, "turn"):
        curve: Curve = getattr(row, name)
        if not curve:
            continue
        times = [time for time, _value in curve]
        if times[0] != 0 or times[-1] != 1 or any(a >= b for a, b in pairwise(times)):
            yield f"the times of {name} do not rise from 0 to 1"
        if name in SHARES and any(not 0 <= value <= 1 for _time, value in curve):
            yield f"a value of {name} outside 0 to 1"

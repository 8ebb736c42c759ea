"""A stroke as its drawing needs it: numbers and words, for a trait of a widget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from workbook.content.outlines import load_outlines
from workbook.content.strokes import WORDS
from workbook.content.words import Words
from workbook.domain.strokes import Curve, Point
from workbook.domain.tables import Tables
from workbook.ui.widgets.body_map import MapOutline


class StrokeBeat(TypedDict):
    """One counted part of a round."""

    seconds: float
    word: str


class StrokeMoment(TypedDict):
    """One of four still pictures."""

    at: float
    """Seconds from the beginning."""
    word: str


class StrokeScene(TypedDict):
    """One stroke; ``shared/hands/hands.js`` draws it."""

    key: str
    technique: str
    hand: str
    hands: str
    period: float
    path: list[Point]
    loop: bool
    back: bool
    firm: float
    spots: list[Point]
    rounds: int
    radius: float
    move: float
    pace: list[Point]
    pressure: list[Point]
    lift: list[Point]
    grip: list[Point]
    turn: list[Point]
    sway: float
    breath: list[float]
    beats: list[StrokeBeat]
    moments: list[StrokeMoment]
    words: dict[str, str]
    """``name``, and the four sentences ``hands``, ``move``, ``rhythm`` and ``not_here``."""


def stroke_json(tables: Tables, words: Words, key: str) -> StrokeScene:
    """Return a stroke with its words, as plain values.

    Args:
        tables: the tables with the strokes.
        words: the strings of one language.
        key: of the stroke, such as ``"glide"``.

    """
    row = tables.strokes[key]
    at = f"strokes.{key}"
    return {
        "key": row.key,
        "technique": row.technique,
        "hand": row.hand.value,
        "hands": row.hands.value,
        "period": row.period,
        "path": list(row.path),
        "loop": row.loop,
        "back": row.back,
        "firm": row.firm,
        "spots": list(row.spots),
        "rounds": row.rounds,
        "radius": row.radius,
        "move": row.move,
        "pace": _list_points(row.pace),
        "pressure": _list_points(row.pressure),
        "lift": _list_points(row.lift),
        "grip": _list_points(row.grip),
        "turn": _list_points(row.turn),
        "sway": row.sway,
        "breath": list(row.breath),
        "beats": [
            {"seconds": seconds, "word": words(f"{at}.beats.{beat}")}
            for beat, seconds in row.beats.items()
        ],
        "moments": [
            {"at": seconds, "word": words(f"{at}.moments.{n}")}
            for n, seconds in enumerate(row.moments, start=1)
        ],
        "words": {what: words(f"{at}.{what}") for what in WORDS},
    }


def first_stroke(tables: Tables, technique: str) -> str:
    """Return the key of the first stroke of a technique: of steps that name no stroke."""
    return next((key for key, row in tables.strokes.items() if row.technique == technique), "still")


def outlines_json(areas: Iterable[str] | None = None) -> dict[str, MapOutline]:
    """Return the outlines of these areas, or of all, which the drawing tints."""
    wanted = None if areas is None else set(areas)
    return {
        key: {"figure": row.figure, "whole": row.whole, "front": row.front, "back": row.back}
        for key, row in load_outlines().items()
        if wanted is None or key in wanted
    }


def _list_points(curve: Curve) -> list[Point]:
    return list(curve)

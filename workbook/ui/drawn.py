"""A stroke where it is drawn: in chapter, form and practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from workbook.content.words import Words
from workbook.domain.tables import Tables
from workbook.ui.strokes import StrokeScene, outlines_json, stroke_json
from workbook.ui.widgets.body_map import MapOutline


class StrokeView(TypedDict):
    """What ``shared/hands/hands.js`` draws: a stroke on some areas."""

    stroke: StrokeScene
    areas: Sequence[str]
    side: str
    position: str
    coverage: str
    outlines: dict[str, MapOutline]


CARD_AREAS = {
    "still": ("mid_back", "low_back"),
    "feather": ("shoulder_blades", "mid_back", "low_back"),
    "glide": ("shoulder_tops", "shoulder_blades", "mid_back", "low_back"),
    "knead": ("shoulder_tops",),
    "circles": ("shoulder_blades", "mid_back"),
    "press": ("mid_back", "low_back"),
    "rock": ("sacrum",),
}
"""Areas on which a picture shows a stroke, by its key: where a massage uses it most."""


def draw_on_back(tables: Tables, words: Words, key: str, *, outlined: bool = True) -> StrokeView:
    """Return a stroke on a bare back; without outlines its areas are not tinted."""
    areas = CARD_AREAS.get(key, ("mid_back",))
    return {
        "stroke": stroke_json(tables, words, key),
        "areas": areas,
        "side": "both",
        "position": "prone",
        "coverage": "towel",
        "outlines": outlines_json(areas) if outlined else {},
    }


def draw_on_forearm(tables: Tables, words: Words, key: str) -> StrokeView:
    """Return a stroke on a forearm, as one practises it."""
    return {
        "stroke": stroke_json(tables, words, key),
        "areas": ("forearm",),
        "side": "left",
        "position": "chair",
        "coverage": "towel",
        "outlines": outlines_json(("forearm",)),
    }

"""Narrows one part of one turn: to five minutes, and to a gentle evening."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.levels import Level
from workbook.domain.shares import Bounds
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, Position
from workbook.rules.areas import area_of

FIVE_MINUTES_AREAS = frozenset({"shoulder_tops"})
"""Areas that five minutes are for."""


def narrow_to_five_minutes(bounds: Bounds | None, tables: Tables) -> Bounds | None:
    """Return what is left for five minutes: shoulders, light, through clothes, on a chair.

    Source: SS-34, SS-35; design, section 5 ("Five minutes, now")
    """
    if bounds is None:
        return None
    most = Level(int(tables.settings["five_minutes_level"].default))
    return replace(
        bounds,
        levels={
            part: min(level, most)
            for part, level in bounds.levels.items()
            if area_of(part) in FIVE_MINUTES_AREAS
        },
        minutes=min(bounds.minutes, int(tables.settings["five_minutes"].default)),
        positions=bounds.positions & {Position.CHAIR},
        position=Position.CHAIR,
        coverage=Coverage.CLOTHED,
    )


def narrow_to_gentle_evening(bounds: Bounds, tables: Tables) -> Bounds:
    """Return what is left of a receiver's part on a gentle evening: five areas, lightly.

    Source: SS-41; design, section 13 ("Ask first")
    """
    most = Level(int(tables.settings["gentle_level"].default))
    return replace(
        bounds,
        levels={
            part: min(level, most)
            for part, level in bounds.levels.items()
            if tables.areas[area_of(part)].in_gentle_evening
        },
        gentle=True,
        one_position=True,
    )

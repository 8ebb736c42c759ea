"""Narrows a part of a turn: to five minutes, to a gentle evening, to how both parts are asked."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.levels import Level
from workbook.domain.shares import Bounds
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, GentlerChoice, Position, TechniqueAnswers
from workbook.rules.areas import area_of

FIVE_MINUTES_AREAS = frozenset({"shoulder_tops"})
"""Areas that five minutes are for."""


def narrow_to_five_minutes(bounds: Bounds | None, tables: Tables) -> Bounds | None:
    """Return what is left for five minutes: shoulders, light, through clothes, on a chair.

    Source: SS-34, SS-35; design ("Five minutes, now")
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

    Source: SS-41; design ("Ask first")
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


def ask_alike(
    receiving: Bounds | None, giving: Bounds | None
) -> tuple[Bounds | None, Bounds | None]:
    """Return both parts with places named in both or in none, and asked equally often.

    Ordinary answers say this once for both roles. A health row that says it for one alone
    could be inferred from that.

    Source: design ("No reason leaks")
    """
    if receiving is None or giving is None:
        return receiving, giving
    named = (receiving.adaptations | giving.adaptations) & {"ask_each_area"}
    often = min(receiving.check_every, giving.check_every)
    return (
        replace(receiving, adaptations=receiving.adaptations | named, check_every=often),
        replace(giving, adaptations=giving.adaptations | named, check_every=often),
    )


def list_possible_positions(said: TechniqueAnswers) -> frozenset[Position]:
    """Return all positions, or sitting alone where this person chose that for both roles."""
    return frozenset({Position.CHAIR} if GentlerChoice.SEATED in said.gentler else Position)

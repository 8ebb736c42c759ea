"""What every step of one plan has to stay within: where, how firmly, and in which version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workbook.domain.levels import Level
from workbook.domain.shares import Limits
from workbook.domain.tables import Area, PositionNeed, SequenceStep, Tables
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of, is_reachable
from workbook.rules.touch import STILL_HAND_CODE, Surface, possible_level

ARRIVE, LONG_GLIDES, FEATHER, CLOSE = "arrive", "long_glides", "feather", "close"
"""Keys of steps with a place of their own in a plan."""

ROCKING = "VIB"
"""The technique that is light in every plan, whatever is allowed (facts, section 7, step 13)."""


@dataclass(frozen=True)
class Frame:
    """What every step of one plan has to stay within."""

    limits: Limits
    position: Position
    minutes: int
    surface: Surface
    tables: Tables
    wished: frozenset[str] = frozenset()
    """Keys of areas that both wished for."""

    @cached_property
    def version(self) -> str:
        """Which share of ``steps.toml`` counts: by the minutes alone.

        Source: SS-19, SS-36
        """
        settings = self.tables.settings
        if self.minutes < settings["short_version_minutes"].default:
            return "short"
        return "middle" if self.minutes < settings["whole_version_minutes"].default else "share"

    @cached_property
    def rows(self) -> tuple[SequenceStep, ...]:
        """The rows of the back sequence that are followed, without its two ends."""
        rows = [row for row in self.tables.steps if row.areas and self.share_of(row)]
        rows = [row for row in rows if row.key not in (ARRIVE, CLOSE)]
        if self.is_gentle:
            rows = [row for row in rows if row.gentle]
        if Position.CHAIR in (self.position, *self.limits.missed):
            rows = [row for row in rows if row.where is PositionNeed.ANY]
        if self.position is Position.SIDE and self.version == "short":
            rows = [row for row in rows if row.key != LONG_GLIDES]  # in each half once
        return tuple(rows)

    @cached_property
    def is_gentle(self) -> bool:
        """Whether nothing on the back is firmer than level 1, or the gentle steps are asked for.

        Source: design ("Caps and strokes")
        """
        levels = [level for part, level in self.limits.levels.items() if area_of(part) in self.back]
        return self.limits.gentle or max(levels, default=Level.STILL) <= Level.LOTION

    @cached_property
    def back(self) -> frozenset[str]:
        """Keys of the areas that the back sequence has in this version."""
        rows = [
            row
            for row in self.tables.steps
            if row.areas and row.key != FEATHER and getattr(row, self.version)
        ]
        return frozenset(key for row in rows for key in row.areas)

    @cached_property
    def reached(self) -> tuple[Area, ...]:
        """The areas that can be reached.

        Where the position wished for is not possible, only those that can be reached in that
        one as well, if any of them is open: another position only takes away.

        Source: design ("A position that goes out")
        """
        here = [
            area
            for area in self.tables.areas.values()
            if area.choosable and is_reachable(area, self.position)
        ]
        both = [
            area for area in here if all(is_reachable(area, each) for each in self.limits.missed)
        ]
        if any(self.is_open(area) for area in both):
            return tuple(both)
        return tuple(here)

    def share_of(self, row: SequenceStep) -> int:
        """The percent of a row in this version; half of it where nothing slides."""
        share: int = getattr(row, self.version)
        if self.surface.product_is_used:
            return share * 2
        if self.version == "short" and row.short_dry:
            return row.short_dry * 2
        return share if row.slides else share * 2

    def is_open(self, area: Area) -> bool:
        """Whether any touch is possible on an area."""
        return any(self.can_touch(part) for part in area.parts)

    def can_touch(self, part: str) -> bool:
        """Whether any touch is possible on a part."""
        return any(
            possible_level(code, part, self.limits.levels, self.surface) is not None
            for code in self.limits.techniques
        )

    def can_rest(self, part: str) -> bool:
        """Whether a still hand is possible on a part."""
        allowed = STILL_HAND_CODE in self.limits.techniques
        levels = self.limits.levels
        return allowed and possible_level(STILL_HAND_CODE, part, levels, self.surface) is not None

    def choose_touch(self, row: SequenceStep, part: str) -> tuple[str, Level] | None:
        """The firmest touch of a row that is possible on a part, the preferred one of equals."""
        best: tuple[str, Level] | None = None
        span = self.span_of(row)
        for code in row.techniques:
            if code not in self.limits.techniques:
                continue
            level = possible_level(code, part, self.limits.levels, self.surface, span)
            if level is None:
                continue
            if code == ROCKING:
                level = min(level, Level.LOTION)
            if best is None or level > best[1]:
                best = code, level
        return best

    def span_of(self, row: SequenceStep) -> tuple[Level, Level]:
        """The lowest and the highest level of a row: lower where nothing slides, or in no time."""
        highest = row.highest
        if row.slides and not self.surface.product_is_used:
            highest = min(highest, Level.LOTION)
        if self.version == "short":
            highest = min(highest, Level.SUNSCREEN)
        return min(row.lowest, highest), highest

"""What touch is possible at a place: with which strokes, and how firmly at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook.domain.levels import Level
from workbook.domain.products import NO_PRODUCT
from workbook.domain.strokes import OilUse, Stroke
from workbook.domain.tables import Area, Tables
from workbook.domain.techniques import Coverage
from workbook.rules.areas import area_of

STILL_HAND_CODE = "HOLD"
"""The technique every plan begins and ends with."""

GLIDE_CODE = "EFF"
"""The technique that a firmer one becomes when it has to be softer."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What lies between the hands and the body, and which hands they are."""

    coverage: Coverage
    product: str
    """ID of ``oils.toml``."""
    sore: bool
    """Whether the giver spares their hands."""
    tables: Tables
    _highest: dict[tuple[str, str], Level | None] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What ``highest_level`` found, by technique and area."""

    _strokes: dict[tuple[str, str], tuple[Stroke, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What ``list_strokes`` found, by technique and area."""

    def list_strokes(self, technique: str, area: Area) -> tuple[Stroke, ...]:
        """Return the strokes with which a technique is possible on an area.

        Through clothes only what works through them, without oil only what needs none, sore
        hands only what spares them, and none of them where the row says that it is not used.

        Source: design ("Choreography"); facts, section 6

        """
        asked = (technique, area.key)
        if asked not in self._strokes:
            self._strokes[asked] = self._find_strokes(technique, area)
        return self._strokes[asked]

    def _find_strokes(self, technique: str, area: Area) -> tuple[Stroke, ...]:
        covered, slippery = self.coverage in area.covered, self.slides_on(area)
        return tuple(
            stroke
            for stroke in self.tables.strokes.values()
            if stroke.technique == technique
            and technique in area.techniques
            and area.key not in stroke.not_on
            and (stroke.clothed or not covered)
            and (slippery or stroke.oil is not OilUse.NEEDED)
            and not (self.sore and stroke.sore)
        )

    @property
    def product_is_used(self) -> bool:
        """Whether there is anything on the hands."""
        return self.product != NO_PRODUCT

    def slides_on(self, area: Area) -> bool:
        """Return whether hands slide there: on oil, and on bare skin."""
        bare = self.coverage not in area.covered
        return bare and not area.dry and self.product_is_used

    def highest_level(self, technique: str, area: Area) -> Level | None:
        """Return the firmest level of a technique on an area; None: it is not possible there.

        Gliding over dry skin is light.
        """
        asked = (technique, area.key)
        if asked not in self._highest:
            self._highest[asked] = self._find_highest(technique, area)
        return self._highest[asked]

    def _find_highest(self, technique: str, area: Area) -> Level | None:
        strokes = self.list_strokes(technique, area)
        if not strokes:
            return None
        if technique == GLIDE_CODE and all(each.oil is not OilUse.NEEDED for each in strokes):
            return Level.LOTION
        return self.tables.techniques[technique].highest


def make_surface(coverage: Coverage, product: str, *, sore: bool, tables: Tables) -> Surface:
    """Return the surface of one turn; through clothes there is never oil."""
    used = NO_PRODUCT if coverage is Coverage.CLOTHED else product
    return Surface(coverage, used, sore, tables)


def lowest_level(technique: str, tables: Tables) -> Level:
    """Return the lightest level of a technique; only a still hand is possible at level 0.

    Args:
        technique: code of ``techniques.toml``.
        tables: the techniques.

    Raises:
        KeyError: if there is no such technique.

    """
    if technique == STILL_HAND_CODE:
        return Level.STILL
    return max(tables.techniques[technique].lowest, Level.LOTION)


def possible_level(
    technique: str,
    part: str,
    levels: Mapping[str, Level],
    surface: Surface,
    span: tuple[Level, Level] = (Level.STILL, Level.STRONG),
) -> Level | None:
    """Return the firmest level at which a part can be touched so; None: it cannot.

    A still hand is still. Whatever of ``levels``, ``span`` or the surface becomes tighter,
    the result only becomes lower.

    Args:
        technique: code of ``techniques.toml``.
        part: part key.
        levels: highest level by part; a part that is not in it is closed.
        surface: what lies between.
        span: lowest and highest level of the step.

    """
    area = surface.tables.areas[area_of(part)]
    most = surface.highest_level(technique, area)
    if part not in levels or most is None:
        return None
    if technique == STILL_HAND_CODE:
        return Level.STILL
    level = min(levels[part], span[1], most)
    return level if level >= max(lowest_level(technique, surface.tables), span[0]) else None

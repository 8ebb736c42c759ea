"""Parts of the map: which area and side a part belongs to, and what can be chosen at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.tables import Area, Tables
from workbook.domain.techniques import Position

_UNREACHABLE_SEATED = ("buttocks", "thigh_back")
"""Areas nobody reaches while the receiver sits on them."""


def area_of(part: str) -> str:
    """Return the area key of ``part``: ``"calves"`` for ``"calves.left"``."""
    return part.partition(".")[0]


def side_of(parts: Iterable[str]) -> Side:
    """Return the side on which all of ``parts`` lie; both, if they lie on two.

    What lies in the middle belongs to any side.

    Args:
        parts: part keys, such as ``"calves.left"``; at least one.

    """
    sides = {part.partition(".")[2] for part in parts} - {""}
    if not sides:
        return Side.MIDDLE
    return Side(sides.pop()) if len(sides) == 1 else Side.BOTH


def list_choosable_parts(tables: Tables) -> tuple[str, ...]:
    """Return every part that people may open, in the order of the map."""
    return tuple(part for area in tables.areas.values() if area.choosable for part in area.parts)


def find_parts(names: Iterable[str], tables: Tables) -> frozenset[str]:
    """Return the parts meant by ``names``: parts, area keys or regions.

    A name nobody knows may mean any part, so it means all of them.

    Args:
        names: part keys, area keys or names of regions.
        tables: the areas to look in.

    """
    meant: set[str] = set()
    for name in names:
        known = [
            part
            for area in tables.areas.values()
            for part in area.parts
            if name in (part, area.key, area.region)
        ]
        meant.update(known or list_choosable_parts(tables))
    return frozenset(meant)


def neighbours_of(part: str, tables: Tables) -> frozenset[str]:
    """Return the neighbouring parts of ``part`` on its side; a middle part has them on both.

    Args:
        part: part key, such as ``"calves.left"``.
        tables: the areas with their neighbours.

    Returns:
        Part keys.

    """
    side = part.partition(".")[2]
    return frozenset(
        near
        for key in tables.areas[area_of(part)].neighbours
        for near in tables.areas[key].parts
        if not side or near in (key, f"{key}.{side}")
    )


def is_reachable(area: Area, position: Position) -> bool:
    """Return whether an area can be reached: the receiver does not lie or sit on it.

    Args:
        area: the area.
        position: of the receiver.

    """
    match position:
        case Position.PRONE:
            return "back" in area.views
        case Position.CHAIR:
            return area.key not in _UNREACHABLE_SEATED
        case Position.SIDE:
            return True
        case Position.BACK:
            return area.on_back


def lower_caps(caps: dict[str, Level], cap: Level, parts: Iterable[str]) -> None:
    """Lower the caps of ``parts`` to ``cap``; none is ever raised.

    Args:
        caps: highest level by part key; changed in place. A part not in it has no cap.
        cap: highest level from now on.
        parts: part keys.

    """
    for part in parts:
        caps[part] = min(cap, caps.get(part, Level.STRONG))


def lowest_caps(caps: Iterable[Mapping[str, Level]]) -> dict[str, Level]:
    """Return for each part the lowest of all its caps.

    Args:
        caps: several mappings of part key to highest level.

    Returns:
        Highest level by part key; a part without a cap is not in it.

    """
    merged: dict[str, Level] = {}
    for each in caps:
        for part, cap in each.items():
            lower_caps(merged, cap, (part,))
    return merged

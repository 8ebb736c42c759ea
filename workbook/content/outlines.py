"""Reads the outlines of the areas on the figure of the body map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from workbook.content.rows import (
    CONTENT_FOLDER,
    check_names,
    find_duplicates,
    read_rows,
    refuse_row,
)
from workbook.content.tables import load_tables

_FILE = "outlines.toml"
# Absolute commands with pairs of numbers alone: the drawing takes the mean of all points.
_PATH = re.compile(r"M[-\d. ,MLCQ]+Z")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Figure = Literal["trunk", "arm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOutline:
    """Where one area lies on the figure, as SVG paths in the units of the drawing."""

    key: str
    """Of the area."""
    figure: Figure
    """The part of the figure that the area is cut out of."""
    whole: bool = False
    """Whether the path crosses the middle; otherwise its mirror image is drawn as well."""
    front: str = ""
    back: str = ""


@cache
def load_outlines(folder: Path = CONTENT_FOLDER) -> Mapping[str, AreaOutline]:
    """Return the outline of every area, by its key.

    Raises:
        InvalidTable: naming ``file``, ``row`` and ``why``: for an area without an outline, an
            outline without an area, or one that contradicts its area.

    """
    rows = read_rows(folder, _FILE, AreaOutline)
    areas = load_tables(folder).areas
    for name in find_duplicates(row.key for row in rows):
        refuse_row(_FILE, name, "this key stands twice")
    outlines = {row.key: row for row in rows}
    for key in areas:
        if key not in outlines:
            refuse_row(_FILE, key, "this area has no outline")
    for row in rows:
        check_names(_FILE, row.key, "area", (row.key,), areas)
        area = areas[row.key]
        if row.whole and area.sides:
            refuse_row(_FILE, row.key, "it has two sides, and is drawn as a whole")
        for view, path in (("front", row.front), ("back", row.back)):
            if bool(path) is not (view in area.views):
                refuse_row(_FILE, row.key, f"areas.toml and its outline differ about the {view}")
            if path and (not _PATH.fullmatch(path) or len(_NUMBER.findall(path)) % 2):
                refuse_row(_FILE, row.key, f"{view} is no closed path of M, L, C, Q and Z")
    return MappingProxyType(outlines)

"""Every area has an outline on the figure, and a wrong outline names its file and row."""

from __future__ import annotations

import re
import shutil

import pytest

from workbook.content.outlines import load_outlines
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.tables import load_tables
from workbook.domain.errors import InvalidTable

AREAS = load_tables().areas
OUTLINES = load_outlines()


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(
        CONTENT_FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py")
    )


def test_every_area_has_one_outline_on_the_sides_where_it_is_seen():
    assert OUTLINES.keys() == AREAS.keys()
    for key, outline in OUTLINES.items():
        seen = {view for view in ("front", "back") if getattr(outline, view)}
        assert seen == set(AREAS[key].views), key


@pytest.mark.parametrize(
    ("old", "new", "row", "why"),
    [
        (r'key = "calves"', 'key = "wings"', "calves", "no outline"),
        (r'key = "calves"', 'key = "hands"', "hands", "twice"),
        (r'figure = "trunk"', 'figure = "moon"', "scalp", "moon"),
        (r'\nback = "M6 355[^\n]*', "", "calves", "back"),
        (r'back = "M6 355[^\n]*', 'back = "M6 355.6H41Z"', "calves", "closed path"),
        (r'back = "M6 355[^\n]*', 'back = "M6 355.6L41Z"', "calves", "closed path"),
        (r'key = "calves"', 'key = "calves"\nwhole = true', "calves", "two sides"),
        (r'key = "calves"', 'key = "calves"\nhole = true', "calves", "hole"),
    ],
)
def test_a_wrong_outline_is_refused_with_its_row(folder, old, new, row, why):
    path = folder / "outlines.toml"
    path.write_text(re.sub(old, new, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")

    with pytest.raises(InvalidTable) as refused:
        load_outlines(folder)

    assert refused.value.facts["file"] == "outlines.toml"
    assert refused.value.facts["row"] == row
    assert why in refused.value.facts["why"]


NEW_AREA = """
[[row]]
id = "M-31"
key = "wrists"
views = ["front"]
sides = true
state = "light"
max = 1
techniques = ["HOLD"]
region = "arms_hands"
neighbours = []
source = ["GK"]
mark = "known"
design = ["region", "neighbours"]
reviewed = 2026-11-23
"""
ITS_OUTLINE = """
[[row]]
key = "wrists"
figure = "arm"
front = "M58 248.6C67 250.4 74 249.8 80 246.4L81 256C74 259 67 259.6 58 258Z"
"""


def test_a_new_area_is_a_row_and_its_outline_and_without_it_is_named(folder):
    with (folder / "areas.toml").open("a", encoding="utf-8") as areas:
        areas.write(NEW_AREA)
    with pytest.raises(InvalidTable) as refused:
        load_outlines(folder)
    assert refused.value.facts["row"] == "wrists"
    load_outlines.cache_clear()

    with (folder / "outlines.toml").open("a", encoding="utf-8") as outlines:
        outlines.write(ITS_OUTLINE)

    assert load_outlines(folder)["wrists"].figure == "arm"

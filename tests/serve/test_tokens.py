"""Every pair of colours that the book puts on each other can be read, by day and by dusk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbook

LOOK = Path(workbook.__file__).parent / "ui" / "look"
_TOKEN = re.compile(
    r"--at-([\w-]+): var\(--at-light, (#[0-9A-F]{6})\) var\(--at-dusk, (#[0-9A-F]{6})\);"
)
TOKENS = {name: pair for name, *pair in _TOKEN.findall((LOOK / "tokens.css").read_text())}

GROUNDS = (
    *("paper", "shade", "field", "notice"),
    *("clay-wash", "sage-wash", "plum-wash", "slate-wash"),
)
TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "wrong", "clay-deep") for ground in GROUNDS),
    *((seat, "paper") for seat in ("clay", "sage", "plum", "slate")),
    ("on-clay", "clay"),
    ("on-clay", "clay-deep"),
    ("on-sage", "sage"),
    ("on-alert", "alert"),
]
EDGES = [
    *((edge, ground) for edge in ("edge", "focus") for ground in ("paper", "shade", "field")),
    *(("trail", ground) for ground in ("stage", "skin")),  # the way that hands take
    ("hand", "stage"),
]
DRAWN = frozenset(
    (
        *("skin-line", "skin-lit", "skin-flush", "skin-deep", "muscle", "hair", "cloth", "sheet"),
        *("hand-lit", "hand-line", "hand-nail", "hand-shadow"),
    )
)
"""Colours of a drawing whose words and whose way say the same."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dusk", [False, True], ids=["light", "dusk"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground, dusk):
    assert contrast(TOKENS[ink][dusk], TOKENS[ground][dusk]) >= 4.5


@pytest.mark.parametrize("dusk", [False, True], ids=["light", "dusk"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_a_control_can_be_told_from_the_page(edge, ground, dusk):
    assert contrast(TOKENS[edge][dusk], TOKENS[ground][dusk]) >= 3


def test_the_measure_is_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_every_colour_is_in_this_test():
    judged = {name for pair in (*TEXT, *EDGES) for name in pair}

    assert judged | DRAWN | {"line"} == TOKENS.keys()  # hairlines only decorate


def test_colours_are_written_down_nowhere_else():
    sheets = [LOOK / "forms.css", *(LOOK.parents[2] / "frontend" / "src").glob("*.css")]
    colour = re.compile(r"#[0-9a-f]{3,8}\b|rgb\(", re.IGNORECASE)

    for sheet in sheets:
        screen = sheet.read_text().split("@media print")[0]
        assert not [found for found in colour.findall(screen) if found != "rgb("], sheet.name


def test_style_sheets_use_nothing_that_the_oldest_browsers_lack():
    """iOS 15.4, Chrome 108 and Firefox 115 drop a whole declaration that they cannot read."""
    package = Path(workbook.__file__).parent
    sheets = [*package.rglob("ui/**/*.css"), *package.rglob("serve/template/**/*.css")]
    newer = re.compile(r"light-dark\(|color-mix\(|oklch\(|oklab\(|@starting-style|@scope|@layer")

    assert len(sheets) > 10
    for sheet in sheets:
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        assert newer.findall(rules) == [], sheet.name

"""Draws every stroke on every place as a film strip: ``python -m bench.strokes [FOLDER]``.

Six moments of a round, light and dusk, on a phone and on a wide screen, for eyes: whether
somebody who has never given a massage could copy it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from tests.browser.chromium import find
from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.ui.strokes import outlines_json, stroke_json

ROOT = Path(__file__).parents[1]
WIDGETS = ROOT / "workbook" / "ui" / "widgets"
PAGE = "http://drawing.test"
"""Where the empty page is; every address under it is answered from this folder."""
MOMENTS = 6
COLUMNS = {390: 2, 1280: 6}
"""Pictures in a row, by the width of the page in px."""
BACK = ("shoulder_tops", "shoulder_blades", "mid_back", "low_back")


class Shot(NamedTuple):
    """One stroke on one place."""

    stroke: str
    areas: tuple[str, ...]
    side: str = "both"
    position: str = "prone"
    coverage: str = "towel"
    giver: str = ""

    @property
    def name(self) -> str:
        """Name of its picture."""
        place = self.areas[0] if len(self.areas) == 1 else f"{self.areas[0]}+{len(self.areas) - 1}"
        return "-".join(filter(None, (self.stroke, place, *self[2:])))


SHOTS = (
    Shot("glide", BACK),
    Shot("light_glide", BACK),
    Shot("passing", ("mid_back", "shoulder_blades"), "right"),
    Shot("outward", ("low_back",)),
    Shot("waves", ("mid_back", "low_back"), "right"),
    Shot("forearm_glide", ("mid_back", "shoulder_blades"), "right"),
    Shot("knead", ("shoulder_tops",)),
    Shot("knead", ("shoulder_tops", "shoulder_blades"), "right"),
    Shot("circles", ("shoulder_blades", "mid_back")),
    Shot("press", ("shoulder_blades", "mid_back")),
    Shot("still", ("mid_back", "low_back")),
    Shot("feather", ("shoulder_blades", "mid_back", "low_back")),
    Shot("rock", ("sacrum",), "middle"),
    Shot("still", ("mid_back", "sacrum")),
    Shot("knead", ("shoulder_tops",), position="prone", coverage="clothed"),
    Shot("press", ("mid_back",), "right", "chair", "clothed", "behind"),
    Shot("circles", ("shoulder_blades",), "right", giver="hip_right"),
    Shot("glide", BACK, giver="hip_right"),
    Shot("passing", ("mid_back", "shoulder_blades"), "left", giver="waist_left"),
    Shot("glide", ("mid_back", "shoulder_blades"), "right", "side", giver="behind_side"),
    Shot("knead", ("shoulder_tops", "shoulder_blades"), "left", "side", giver="behind_side"),
    Shot("along", ("upper_arm",), "right"),
    Shot("knead", ("upper_arm",), "left"),
    Shot("knead", ("forearm",), "right"),
    Shot("along", ("forearm",), "right", "back"),
    Shot("circles", ("hands",), "right", "back"),
    Shot("along", ("hands",), "left", "back"),
    Shot("knead", ("calves",), "right"),
    Shot("along", ("calves",), "left"),
    Shot("along", ("thigh_back",), "right"),
    Shot("along", ("feet",), "right"),
    Shot("circles", ("feet",), "right"),
    Shot("still", ("feet",), "right", "back"),
    Shot("along", ("knee_shin",), "right", "back"),
    Shot("circles", ("scalp",)),
    Shot("circles", ("scalp",), position="back", giver="head_back"),
    Shot("circles", ("face",), position="back", giver="head_back"),
    Shot("light_glide", ("face",), position="back", giver="head_back"),
    Shot("circles", ("jaw",), position="back", giver="head_back"),
    Shot("light_glide", ("nape", "shoulder_tops")),
    Shot("knead", ("nape",)),
    Shot("press", ("buttocks",)),
    Shot("rock", ("sacrum",), "middle", coverage="partly"),
    Shot("press", ("upper_arm",), "right", "chair", "clothed", "beside_chair"),
    Shot("knead", ("calves",), "left", "prone", "clothed", "beside_leg"),
    Shot("knead", ("feet",), "right", "back", "towel", "feet"),
    Shot("rock", ("shoulder_blades",), "right", giver="hip_right"),
)


def main() -> int:
    """Write the pictures; return 0."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "strokes"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    shots = [shot for shot in SHOTS if not wanted or any(each in shot.name for each in wanted)]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(find()), args=["--no-sandbox"])
        for theme, width in product(("light", "dusk"), COLUMNS):
            page = browser.new_page(viewport={"width": width, "height": 800})
            show_page(page, theme, COLUMNS[width])
            for name, picture in photograph(page, shots):
                (folder / f"{name}-{theme}-{width}.png").write_bytes(picture)
            page.close()
        browser.close()
    return 0


def show_page(page: Page, theme: str, columns: int = MOMENTS) -> None:
    """Open an empty page with the drawing module as ``window.drawn``."""
    look = (ROOT / "workbook" / "ui" / "look" / "tokens.css").read_text(encoding="utf-8")
    hands = (WIDGETS / "shared" / "hands" / "hands.css").read_text(encoding="utf-8")
    strips = f"""
      body {{ margin: 0; background: var(--at-paper); }}
      .strip {{ display: grid; grid-template-columns: repeat({columns}, 1fr); gap: 2px; }}
    """
    empty = f'<!doctype html><html data-theme="{theme}"><style>{look}{hands}{strips}</style></html>'

    def answer(route: Route) -> None:
        file = WIDGETS / urlsplit(route.request.url).path.lstrip("/")
        if file.suffix == ".js":
            route.fulfill(path=file, content_type="text/javascript")
        else:
            route.fulfill(body=empty, content_type="text/html")

    # The browser reads the modules as they stand in the repository; no server is asked.
    page.route(f"{PAGE}/**", answer)
    page.goto(f"{PAGE}/")
    page.evaluate("async () => { window.drawn = await import('/shared/hands/hands.js'); }")


def step_json(shot: Shot) -> str:
    """Return what ``createHands`` needs to draw a shot."""
    step = {
        **shot._asdict(),
        "stroke": stroke_json(load_tables(), load_words(), shot.stroke),
        "outlines": outlines_json(),
    }
    return json.dumps(step)


def photograph(page: Page, shots: list[Shot]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the strip of each shot."""
    for shot in shots:
        page.evaluate(
            """([step, moments]) => {
              const strip = document.createElement("div");
              strip.className = "strip";
              const { stroke } = step;
              const whole = stroke.period * stroke.rounds * (stroke.spots.length || 1);
              for (let i = 0; i < moments; i += 1) {
                const { svg, draw } = drawn.createHands(step);
                const round = stroke.period * i / moments;
                draw(stroke.spots.length > 1 && stroke.rounds === 1 ? whole * i / moments : round);
                strip.append(svg);
              }
              document.body.replaceChildren(strip);
            }""",
            [json.loads(step_json(shot)), MOMENTS],
        )
        yield shot.name, page.locator(".strip").screenshot()


if __name__ == "__main__":
    raise SystemExit(main())

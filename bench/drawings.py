"""Draws the hands for paper anew: ``python -m bench.drawings``; needs Node.

The screen's own modules draw. What they draw is kept as paths in
``workbook/paper/drawings.json``, so that paper needs neither Node nor a browser.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.paper.cards import STROKES, name_drawing, plan_example
from workbook.ui.drawn import draw_on_back, draw_on_forearm
from workbook.ui.strokes import outlines_json, stroke_json

ROOT = Path(__file__).parents[1]
DRAWINGS = ROOT / "workbook" / "paper" / "drawings.json"
SHOWN = 1
"""Which of the four moments of a stroke is shown; the screen prints the same one."""
DUET = "along"
"""Stroke that is shown on the forearm, where words for pressure are compared."""


def list_steps() -> list[dict]:
    """Return what is drawn: a name, a moment in seconds, and what ``createHands`` needs."""
    tables, words = load_tables(), load_words()
    views: dict[str, dict] = {key: {**draw_on_back(tables, words, key)} for key in STROKES}
    views["forearm"] = {**draw_on_forearm(tables, words, DUET)}
    plan = plan_example(tables)
    for step in plan.steps:
        views[name_drawing(step)] = {
            "stroke": stroke_json(tables, words, step.stroke),
            "areas": step.parts,
            "side": step.side.value,
            "position": plan.position.value,
            "coverage": plan.coverage.value,
            "giver": step.giver,
            "outlines": outlines_json(),
        }
    return [
        {"name": name, "at": view["stroke"]["moments"][SHOWN]["at"], "step": view}
        for name, view in views.items()
    ]


def draw() -> str:
    """Return all drawings as JSON.

    Raises:
        subprocess.CalledProcessError: if the script fails.

    """
    done = subprocess.run(
        [shutil.which("node") or "node", "drawings.js"],
        cwd=ROOT / "frontend",
        input=json.dumps(list_steps()),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    DRAWINGS.write_text(draw(), encoding="utf-8")

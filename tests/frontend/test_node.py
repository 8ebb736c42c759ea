"""The tests of the scripts' pure functions, which node runs without a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.rules.session_table import list_rows
from workbook.ui.areas import make_map_places
from workbook.ui.strokes import stroke_json

SCRIPTS = Path(__file__).parents[1] / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_scripts_pass_their_own_tests(tmp_path):
    areas = load_tables().areas
    content = {
        "techniques": list(load_tables().techniques),
        "areas": {
            key: {"views": area.views, "parts": area.parts, "techniques": area.techniques}
            for key, area in areas.items()
        },
        "strokes": [
            {**stroke_json(load_tables(), load_words(), key), "not_on": stroke.not_on}
            for key, stroke in load_tables().strokes.items()
        ],
        "places": make_map_places(areas.values(), load_words()),
        "wholePlaces": make_map_places(areas.values(), load_words(), sided=False),
        "words": dict(load_words().table("player")),
        "machine": list_rows(),
    }
    (tmp_path / "content.json").write_text(json.dumps(content), encoding="utf-8")
    files = sorted(str(path) for path in SCRIPTS.glob("*.test.js"))

    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", *files],
        env={**os.environ, "ATTUNE_CONTENT": str(tmp_path / "content.json")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"\n{done.stdout}"
    assert len(files) > 5

"""Runs the real ``workbook`` command in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.store.keyring import Cost

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
EVENING = EXAMPLES / "evening.json"
CHEAP = Cost(ops=1, mem=8 * 1024 * 1024)
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
WORDS = {Seat.A: "four plain words here", Seat.B: "and some others there"}
FEET = AreaAnswers({"feet.left": AreaMark.OPEN})


def entry_point() -> str:
    found = shutil.which("workbook", path=Path(sys.executable).parent)
    assert found, "the entry point is not installed"
    return found


def run(
    *args: object, stdin: str | None = None, file: object = subprocess.DEVNULL, **options: object
) -> subprocess.CompletedProcess:
    wanted = {"input": stdin} if stdin is not None else {"stdin": file}
    return subprocess.run(
        [entry_point(), *map(str, args)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **{"timeout": 60} | wanted | options,
    )


def refused(ended: subprocess.CompletedProcess, *names: str) -> None:
    """It ended with 2 and one line for a reader, which names what is wrong."""
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert ended.stderr.endswith((".\n", "?\n", "?)\n"))
    assert "?." not in ended.stderr
    assert "Traceback" not in ended.stderr
    for name in names:
        assert name in ended.stderr


def evening(**changes: object) -> dict:
    return json.loads(EVENING.read_text("utf-8")) | changes


def planned(question: object) -> subprocess.CompletedProcess:
    return run("plan", "-", stdin=json.dumps(question))

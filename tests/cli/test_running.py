"""``workbook check --run``: a cell that fails is named."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.command import ROOT, run
from workbook.cli.running import run_chapters
from workbook.serve.compose import Cell, Chapter, read_chapters

# Starts kernels, with their helper processes: test_marks.py cannot see that from here.
pytestmark = [pytest.mark.server, pytest.mark.long]


def test_a_cell_that_fails_is_named_with_its_file_and_the_next_one_is_run():
    cells = (
        Cell("markdown", "# Made up", place="12-made-up.ipynb, cell 1"),
        Cell("code", 'book.form("limits").nothing', place="12-made-up.ipynb, cell 3"),
        Cell("code", 'book.form("limits")', place="12-made-up.ipynb, cell 4"),
        Cell("code", 'book.form("horoscope")', place="12-made-up.ipynb, cell 5"),
    )

    chapter = Chapter("made-up", "Made up", cells)
    with ThreadPoolExecutor(1) as thread:  # once a browser test has run, a loop occupies this one
        said = thread.submit(lambda: list(run_chapters((chapter,)))).result()

    assert said[0] == "12-made-up.ipynb, cell 3: AttributeError."
    assert said[1].startswith("12-made-up.ipynb, cell 5: ")
    assert len(said) == 2


def test_every_chapter_of_this_book_runs():
    assert len(read_chapters(ROOT / "notebooks")) == 11
    ended = run("check", "--run", timeout=300)

    assert (ended.returncode, ended.stderr) == (0, "")

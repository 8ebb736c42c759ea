"""``workbook check``: each fault of a chapter or a table is a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.cli.command import (
    ROOT,
    refused,
    run,
)
from tests.marks import long_after


def _change(chapter: Path, change) -> None:
    notebook = nbformat.read(chapter, as_version=4)
    change(notebook)
    nbformat.write(notebook, chapter)


def test_the_chapters_and_tables_of_this_book_are_well(chapters):
    assert run("check").returncode == 0
    assert "11 chapters" in run("check", "--chapters", chapters).stdout


@pytest.mark.long
def test_a_form_that_no_chapter_holds_is_named(chapters):
    def forget(notebook):
        notebook.cells = [c for c in notebook.cells if c.source != 'book.form("coverage")']

    _change(chapters / "05-touch.ipynb", forget)

    refused(run("check", "--chapters", chapters), "coverage")


@pytest.mark.long
def test_a_form_that_does_not_exist_is_named(chapters):
    def invent(notebook):
        notebook.cells.append(new_code_cell('book.form("horoscope")'))

    _change(chapters / "09-journal.ipynb", invent)

    refused(run("check", "--chapters", chapters), "horoscope")


@pytest.mark.long
def test_a_chapter_without_a_heading_is_named(chapters):
    def behead(notebook):
        notebook.cells[0] = new_markdown_cell("No title here.")

    _change(chapters / "10-help.ipynb", behead)

    refused(run("check", "--chapters", chapters), "10-help.ipynb", "heading")
    refused(
        run("start", "--no-browser", "--port", "0", env=_chapters_at(chapters)), "10-help.ipynb"
    )


def _chapters_at(chapters: Path) -> dict[str, str]:
    """An environment in which the book's own chapters are these."""
    (chapters.parent / "sitecustomize.py").write_text(
        f"from pathlib import Path\nimport workbook.cli.start\n"
        f"workbook.cli.start.chapters_folder = lambda: Path({str(chapters)!r})\n"
    )
    return os.environ | {"PYTHONPATH": str(chapters.parent)}


def test_a_code_cell_with_more_than_a_form_is_named_with_its_place(chapters):
    def compute(notebook):
        notebook.cells.append(new_code_cell("1 + 1"))

    _change(chapters / "10-help.ipynb", compute)

    refused(run("check", "--chapters", chapters), "10-help.ipynb, cell ")


def test_everything_that_is_wrong_is_said_a_line_each(tmp_path):
    """In a copy of the whole book, since only there a safety row may be altered."""
    skip = shutil.ignore_patterns("__pycache__")
    for part in ("workbook", "notebooks"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=skip)
    rows = tmp_path / "workbook" / "content" / "health.toml"
    rows.write_text(rows.read_text("utf-8").replace("celsius = 38.0", "celsius = 39.0"), "utf-8")

    def forget(notebook):
        notebook.cells = [c for c in notebook.cells if c.source != 'book.form("aftercare")']
        notebook.cells[0].metadata["workbook"]["facts"] = ["A-999"]

    _change(tmp_path / "notebooks" / "06-setting.ipynb", forget)

    ended = subprocess.run(
        [sys.executable, "-m", "workbook.cli", "check"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    said = ended.stderr.splitlines()
    assert "aftercare: no chapter holds this form." in said
    assert "setting: setting-title names A-999, and there is no such fact." in said
    assert any(line.startswith("The safety row H-01 is not as it was reviewed.") for line in said)


def copy_program(folder: Path) -> None:
    """Put the program into ``folder``, with tables that a test may change."""
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "workbook", folder / "workbook", ignore=kept)


def check_program(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ``workbook check`` of the program in ``folder`` on the chapters here."""
    return subprocess.run(
        [sys.executable, "-m", "workbook.cli", "check", "--chapters", str(ROOT / "notebooks")],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    long_after(
        1,
        [
            ("myths.toml", 'id = "Y-02"', 'id = "Y-01"', "this id stands twice"),
            ("prompts.toml", 'moment = "plan"', "", "moment"),
            (
                "en/myths.toml",
                'said = "The less',
                'sayd = "The less',
                "myths.Y-03.said: there are no",
            ),
            ("gates.toml", 'forms = ["oils"]', 'forms = ["oilz"]', "no form is called oilz"),
        ],
    ),
)
def test_a_broken_table_is_a_sentence_and_never_a_traceback(tmp_path, file, old, new, says):
    copy_program(tmp_path)
    path = tmp_path / "workbook" / "content" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    ended = check_program(tmp_path)

    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    assert says in ended.stderr


@pytest.mark.long
def test_a_place_to_turn_to_may_be_added_without_a_word(tmp_path):
    shutil.copytree(
        ROOT / "workbook", tmp_path / "workbook", ignore=shutil.ignore_patterns("__pycache__")
    )
    with (tmp_path / "workbook" / "content" / "resources.toml").open("a", encoding="utf-8") as file:
        file.write('[[place]]\nname = "A line"\nhelp = ["W-12"]\nphone = "0800 1"\n')

    ended = check_program(tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_folder_without_chapters_is_refused(tmp_path):
    refused(run("check", "--chapters", tmp_path), "no chapter")
    refused(run("check", "--chapters", tmp_path / "none"), "no chapter")


def test_numbers_that_nobody_looked_at_for_a_year_are_a_warning_and_no_fault(tmp_path):
    copy_program(tmp_path)
    table = tmp_path / "workbook" / "content" / "resources.toml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("reviewed = 2026", "reviewed = 2020", 3), encoding="utf-8")

    ended = check_program(tmp_path)

    assert ended.returncode == 0
    assert ended.stderr.startswith("Warning: resources.toml")
    assert "3 of the numbers" in ended.stderr
    assert "GB 999" in ended.stderr

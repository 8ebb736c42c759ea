"""Chapters become one notebook, or one sentence says which of them cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.domain.topics import RETURN_STEPS, STEP_BY_FORM, STEPS
from workbook.serve.compose import (
    OPENING,
    STATE,
    InvalidChapter,
    compose_notebook,
    read_chapters,
    write_notebook,
)


def chapter(folder: Path, name: str, *cells: str) -> None:
    """Write a chapter; a cell that begins with # or a capital is prose."""
    made = [
        new_code_cell(cell)
        if cell.startswith(("from", "book", "print"))
        else new_markdown_cell(cell)
        for cell in cells
    ]
    nbformat.write(new_notebook(cells=made), folder / name)


def test_chapters_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("10-help.ipynb", "02-limits.ipynb", "1-welcome.ipynb"):
        chapter(tmp_path, name, f"# {name}", OPENING)

    slugs = [read.slug for read in read_chapters(tmp_path)]

    assert slugs == ["welcome", "limits", "help"]


def test_a_file_without_a_number_is_no_chapter(tmp_path):
    chapter(tmp_path, "01-welcome.ipynb", "# Welcome", OPENING)
    (tmp_path / "Untitled.ipynb").write_text("not even a notebook")

    assert [read.slug for read in read_chapters(tmp_path)] == ["welcome"]


def test_the_title_is_the_first_heading_of_the_prose(tmp_path):
    prose = "```\n# a comment\n```\n## Small\n# Limits for *tonight* #\n# Later"
    chapter(tmp_path, "01-limits.ipynb", OPENING, "Before.", prose)

    (read,) = read_chapters(tmp_path)

    assert read.title == "Limits for tonight"


def test_the_app_opens_the_book_once_and_shows_cover_and_page_first(tmp_path):
    chapter(tmp_path, "01-welcome.ipynb", "# Welcome", OPENING, 'book.form("welcome")')
    chapter(tmp_path, "02-limits.ipynb", OPENING, "# Limits", 'book.form("limits")', "After.")

    app = compose_notebook(read_chapters(tmp_path))

    code = [cell.source for cell in app.cells if cell.cell_type == "code"]
    forms = [f'book.form("{name}")' for name in ("cover", "page", "welcome", "limits")]
    assert code == [OPENING, *forms, STATE]
    assert app.metadata.workbook.chapters == [
        {"slug": "welcome", "title": "Welcome"},
        {"slug": "limits", "title": "Limits"},
    ]


def test_every_cell_says_where_it_belongs(tmp_path):
    chapter(tmp_path, "01-welcome.ipynb", "# Welcome", OPENING)
    chapter(tmp_path, "02-limits.ipynb", "# Limits", OPENING, 'book.form("limits")')

    app = compose_notebook(read_chapters(tmp_path))

    where = [cell.metadata.workbook for cell in app.cells]
    kinds = ["opening", "cover", "page", *["chapter"] * 3, "state"]
    assert [place.kind for place in where] == kinds
    assert [place.get("chapter") for place in where[3:6]] == ["welcome", "limits", "limits"]
    assert len({cell.id for cell in app.cells}) == len(app.cells)


def test_a_part_begins_at_each_heading_and_bears_the_step_of_its_form(tmp_path):
    cells = ("# Limits", OPENING, "First.", "## The map", 'book.form("limits")', "## More", "Last.")
    chapter(tmp_path, "01-limits.ipynb", *cells)

    made = compose_notebook(read_chapters(tmp_path)).cells

    where = [cell.metadata.workbook for cell in made if cell.metadata.workbook.kind == "chapter"]
    parts = [(each.part, each.step) for each in where]
    assert parts == [
        *[("limits-0", "")] * 2,
        *[("limits-1", "places")] * 2,
        *[("limits-2", "")] * 2,
    ]


def test_every_step_has_its_part_in_the_chapters_and_no_part_has_two():
    chapters = read_chapters(Path(__file__).parents[2] / "notebooks")
    parts: dict[str, str] = {}
    for cell in compose_notebook(chapters).cells:
        where = cell.metadata.workbook
        if where.kind == "chapter" and cell.cell_type == "code":
            step = STEP_BY_FORM.get(cell.source.split('"')[1], "")
            assert parts.setdefault(where.part, where.step) == where.step
            assert step in ("", where.step)

    assert set(parts.values()) >= {*STEPS, *RETURN_STEPS}


def test_the_written_app_is_a_valid_notebook_that_only_its_owner_reads(tmp_path):
    chapter(tmp_path, "01-welcome.ipynb", "# Welcome", OPENING)

    path = write_notebook(compose_notebook(read_chapters(tmp_path)), tmp_path)

    nbformat.validate(nbformat.read(path, as_version=4))
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("cells", "where", "why"),
    [
        ((OPENING, "No heading."), "01-limits.ipynb:", "heading"),
        (("# Limits", "print('hello')"), "01-limits.ipynb, cell 2:", "first code cell"),
        (("# Limits", OPENING, "print('hello')"), "01-limits.ipynb, cell 3:", "one line"),
        (("# Limits", OPENING, OPENING), "01-limits.ipynb, cell 3:", "one line"),
        (("# Limits", OPENING, 'book.form("a"); print()'), "01-limits.ipynb, cell 3:", "one line"),
    ],
)
def test_a_chapter_that_cannot_be_shown_is_named_with_its_cell(tmp_path, cells, where, why):
    chapter(tmp_path, "01-limits.ipynb", *cells)

    with pytest.raises(InvalidChapter) as raised:
        read_chapters(tmp_path)

    assert str(raised.value).startswith(where)
    assert why in str(raised.value)


@pytest.mark.parametrize("text", ["not JSON", "[]", '{"cells": 3}', "\xff"])
def test_a_file_that_is_no_notebook_is_named(tmp_path, text):
    (tmp_path / "01-limits.ipynb").write_text(text, encoding="latin-1")

    with pytest.raises(InvalidChapter, match="01-limits.ipynb"):
        read_chapters(tmp_path)


@pytest.mark.parametrize(
    "name", ["01-.ipynb", "01-Limits.ipynb", "01 limits.ipynb", "01-cover.ipynb"]
)
def test_a_name_that_is_no_address_is_named(tmp_path, name):
    chapter(tmp_path, name, "# Limits", OPENING)

    with pytest.raises(InvalidChapter, match="number, a hyphen, a plain word"):
        read_chapters(tmp_path)


def test_two_chapters_with_one_name_are_both_named(tmp_path):
    for name in ("01-limits.ipynb", "02-limits.ipynb"):
        chapter(tmp_path, name, "# Limits", OPENING)

    with pytest.raises(InvalidChapter, match=r"02-limits.ipynb: 01-limits.ipynb"):
        read_chapters(tmp_path)


def test_a_folder_without_chapters_is_named(tmp_path):
    with pytest.raises(InvalidChapter, match=tmp_path.name):
        read_chapters(tmp_path)


def test_no_grammar_is_built_before_the_chapters_are_read():
    code = "import sys, workbook.serve.compose; print({'jsonschema', 'lark'} & set(sys.modules))"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "{'jsonschema'}\n"

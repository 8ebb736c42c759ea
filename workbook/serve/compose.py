"""Composes the one notebook that the app runs from the chapters people read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workbook.domain.errors import InvalidInput
from workbook.domain.topics import LEARN_STEP, STEP_BY_FORM, WELCOME_STEP
from workbook.serve.pictures import embed_pictures

OPENING = "from workbook import open_workbook\nbook = open_workbook()"
"""First code cell of every chapter, so that it also runs alone; the app keeps one."""

COVER = "cover"
"""Section shown while the vault is locked; also the name of its form."""

PAGE = "page"
"""Form without visible content: it sends the kernel's state to the page's script."""

STATE = "from workbook.serve.state import display_widget_state\ndisplay_widget_state()"
"""Last cell of a served notebook: the page renders from its output before it connects."""

_KERNEL = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}

_NUMBERED = re.compile(r"(?P<number>\d+)-(?P<slug>.+)\.ipynb")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FORM = re.compile(r'book\.form\("[a-z][a-z0-9_]*"\)')
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^# +(?P<title>.+?)[ #]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"[*_`]")


class InvalidChapter(InvalidInput):
    """A chapter the app cannot show; ``facts`` name ``file``, ``cell`` (or None) and ``why``."""

    def __init__(self, file: str, why: str, cell: int | None = None) -> None:
        super().__init__(file=file, cell=cell, why=why)

    def __str__(self) -> str:
        cell = self.facts["cell"]
        place = self.facts["file"] if cell is None else f"{self.facts['file']}, cell {cell}"
        return f"{place}: {self.facts['why']}"


class Cell(NamedTuple):
    """One cell of a chapter as it is stored."""

    kind: str
    """``"markdown"`` or ``"code"``."""
    source: str
    id: str = ""
    facts: tuple[str, ...] = ()
    """IDs of the facts in this cell, from its metadata; used to trace facts."""
    is_plain: bool = False
    """Whether a step of the evening shows it unfolded, from its metadata."""
    place: str = ""
    """Its file and number there, as ``03-limits.ipynb, cell 4``; used to report faults."""
    missing: tuple[str, ...] = ()
    """Names of the pictures in it that cannot be shown."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter as the app needs it."""

    slug: str
    """Its file name without the number; the address of its section."""
    title: str
    """Its first level-1 heading, without emphasis."""
    cells: tuple[Cell, ...]
    """Its cells, without the opening one."""

    @property
    def forms(self) -> tuple[str, ...]:
        """Names of its forms, in order."""
        return tuple(_list_forms(self.cells))


def read_chapters(folder: Path) -> tuple[Chapter, ...]:
    """Return the chapters of ``folder`` in reading order.

    Only files that begin with a number are chapters; drafts stay out.

    Raises:
        InvalidChapter: if there is none, or for the first one that cannot be shown.

    """
    files = [file for file in folder.glob("*.ipynb") if file.name[0].isdigit()]
    if not files:
        raise InvalidChapter(folder.name, "There is no chapter in this folder.")
    chapters: dict[str, str] = {}
    read = []
    for file in sorted(files, key=_reading_order):
        chapter = _read_chapter(file)
        if chapter.slug in chapters:
            why = f"{chapters[chapter.slug]} has the same name behind its number; rename one."
            raise InvalidChapter(file.name, why)
        chapters[chapter.slug] = file.name
        read.append(chapter)
    return tuple(read)


def replace_cells(
    chapters: Sequence[Chapter], said: Mapping[str, Mapping[str, str]]
) -> tuple[Chapter, ...]:
    """Return the chapters with the prose of an edition; of a cell that is gone, it is not said.

    Args:
        chapters: as ``read_chapters`` returns them.
        said: Markdown by id of the cell, by chapter.

    """

    def change(cell: Cell, texts: Mapping[str, str]) -> Cell:
        return cell._replace(source=texts[cell.id]) if cell.id in texts else cell

    return tuple(
        replace(
            chapter, cells=tuple(change(cell, said.get(chapter.slug, {})) for cell in chapter.cells)
        )
        for chapter in chapters
    )


def compose_notebook(chapters: Sequence[Chapter], *, language: str = "en") -> NotebookNode:
    """Return the app's notebook: an opening cell, the cover, every chapter, the state.

    ``metadata.workbook`` of each cell names its section, and that of the notebook lists all
    sections, so that the page can list them at once.

    Args:
        chapters: in reading order, as ``read_chapters`` returns them.
        language: code of the language of the prose, such as ``"en"``.

    """
    cells = [
        _make_cell("code", OPENING, kind="opening"),
        _make_cell("code", f'book.form("{COVER}")', kind=COVER),
        _make_cell("code", f'book.form("{PAGE}")', kind=PAGE),
    ]
    for chapter in chapters:
        where = {"chapter": chapter.slug, "title": chapter.title}
        for number, part in enumerate(_list_parts(chapter.cells)):
            step = _find_step(chapter.slug, number, part)
            place = {**where, "part": f"{chapter.slug}-{number}", "step": step}
            cells += [
                _make_cell(
                    each.kind,
                    each.source,
                    kind="chapter",
                    place=each.place,
                    missing=", ".join(each.missing),
                    **place,
                    plain="yes" if each.is_plain else "",
                )
                for each in part
            ]
    cells.append(_make_cell("code", STATE, kind="state"))
    for number, cell in enumerate(cells):
        # Two chapters may use the same id; one notebook may not.
        cell["id"] = f"{cell.metadata.workbook.get('chapter', 'app')[:48]}-{number}"
    listed = [{"slug": chapter.slug, "title": chapter.title} for chapter in chapters]
    book = {"language": language, "chapters": listed}
    return new_notebook(cells=cells, metadata={**_KERNEL, "workbook": book})


def compose_single(file: Path) -> NotebookNode:
    """Return a single notebook as the app serves it: its cells in order, then the state.

    Raises:
        InvalidChapter: if it cannot be read.

    """
    cells = [
        _make_cell(
            cell.kind, cell.source, kind="alone", place=cell.place, missing=", ".join(cell.missing)
        )
        for cell in read_cells(file)
        if cell.kind in {"markdown", "code"} and cell.source.strip()
    ]
    cells.append(_make_cell("code", STATE, kind="state"))
    book = {"language": "en", "chapters": [], "title": file.stem}
    return new_notebook(cells=cells, metadata={**_KERNEL, "workbook": book})


def write_notebook(notebook: NotebookNode, folder: Path) -> Path:
    """Write a composed notebook to ``folder`` and return its path; only its owner may read it."""
    path = folder / "app.ipynb"
    nbformat.write(notebook, path)
    path.chmod(0o600)
    return path


def _reading_order(file: Path) -> tuple[int, str]:
    return int(re.match(r"\d+", file.name)[0]), file.name  # type: ignore[index]


def _read_chapter(file: Path) -> Chapter:
    named = _NUMBERED.fullmatch(file.name)
    slug = named["slug"] if named else ""
    if not _SLUG.fullmatch(slug) or slug == COVER:
        why = "A chapter is named like 03-limits.ipynb: a number, a hyphen, a plain word."
        raise InvalidChapter(file.name, why)
    cells = read_cells(file)
    return Chapter(slug, _find_title(file.name, cells), tuple(_list_cells(file.name, cells)))


def _read_notebook(file: Path) -> NotebookNode:
    try:
        stored = nbformat.reads(file.read_text("utf-8"), as_version=4)
        if all(isinstance(cell.source, str) and cell.cell_type for cell in stored.cells):
            return stored
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, nbformat.reader.NotJSONError):
        raise InvalidChapter(file.name, "This file is not a notebook.") from None
    except (AttributeError, KeyError, TypeError, nbformat.ValidationError):
        pass
    raise InvalidChapter(file.name, "This notebook cannot be read.")


def read_cells(file: Path) -> list[Cell]:
    """Return all cells of a notebook, with their pictures in them.

    Raises:
        InvalidChapter: if it cannot be read.

    """
    stored = enumerate(_read_notebook(file).cells, start=1)
    return [_read_cell(cell, file, number) for number, cell in stored]


def _read_cell(cell: NotebookNode, file: Path, number: int) -> Cell:
    noted = cell.metadata.get("workbook", {})
    source = str(cell.source)
    missing: tuple[str, ...] = ()
    if cell.cell_type == "markdown":
        source, missing = embed_pictures(source, cell.get("attachments", {}), file.parent)
    return Cell(
        str(cell.cell_type),
        source,
        str(cell.get("id", "")),
        tuple(noted.get("facts", ())),
        bool(noted.get("plain", False)),
        f"{file.name}, cell {number}",
        missing,
    )


def _list_forms(cells: Iterable[Cell]) -> list[str]:
    """Return the names of the forms in these cells, in order."""
    return [cell.source.split('"')[1] for cell in cells if cell.kind == "code"]


def _find_step(chapter: str, number: int, part: Iterable[Cell]) -> str:
    """Return the step that shows this part; blank: none.

    The book's beginning and the strokes to learn are steps without a dot.
    """
    if chapter == WELCOME_STEP and number == 0:
        return WELCOME_STEP
    forms = _list_forms(part)
    if LEARN_STEP in forms:
        return LEARN_STEP
    return next((STEP_BY_FORM[name] for name in forms if name in STEP_BY_FORM), "")


def _list_parts(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """Yield the cells of a chapter in parts; each level-2 heading begins one."""
    part: list[Cell] = []
    for cell in cells:
        if part and cell.kind == "markdown" and cell.source.startswith("## "):
            yield part
            part = []
        part.append(cell)
    if part:
        yield part


def _find_title(name: str, cells: Iterable[Cell]) -> str:
    """Return the first level-1 heading in the prose, ignoring code blocks.

    Raises:
        InvalidChapter: if there is none.

    """
    for cell in cells:
        prose = _FENCED.sub("", cell.source) if cell.kind == "markdown" else ""
        found = _HEADING.search(prose)
        if found:
            return _EMPHASIS.sub("", found["title"]).strip()
    raise InvalidChapter(name, "It has no heading; begin its first cell with # and a title.")


def _list_cells(name: str, cells: Iterable[Cell]) -> Iterable[Cell]:
    """Yield all cells but the opening one, without empty and raw cells.

    Raises:
        InvalidChapter: if a code cell is neither the opening one nor one form.

    """
    opened = False
    for number, cell in enumerate(cells, start=1):
        line = cell.source.strip()
        if cell.kind == "code" and not opened:
            if line != OPENING:
                why = f"The first code cell must be these two lines: {OPENING!r}."
                raise InvalidChapter(name, why, number)
            opened = True
        elif cell.kind == "code" and line:
            if not _FORM.fullmatch(line):
                raise InvalidChapter(name, 'A code cell is one line, book.form("...").', number)
            yield cell._replace(source=line)
        elif cell.kind == "markdown" and line:
            yield cell


def _make_cell(cell_type: str, source: str, **where: str) -> NotebookNode:
    make = new_code_cell if cell_type == "code" else new_markdown_cell
    return make(source, metadata={"workbook": where})

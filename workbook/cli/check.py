"""The command ``workbook check``: finds faults in the chapters and the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.shell import HomePath, chapters_folder, exit_with_sentence
from workbook.domain.errors import NotFound
from workbook.domain.topics import STEP_BY_FORM, TOPIC_BY_FORM, TOPICS, Topic

if TYPE_CHECKING:
    from workbook.content.words import Words
    from workbook.serve.compose import Chapter

_FORM_WORDS = re.compile(r"forms\.[a-z0-9_]+")
"""A string in the code of a form that is the key of its words."""

MAX_OLD_NUMBERS = 5
"""Most numbers that a warning names."""

MAX_FAULT_LINES = 30
"""Most faults that are printed; the others are counted."""


@click.command(short_help="Check the chapters and the tables.")
@click.option(
    "--chapters",
    "folder",
    type=HomePath(path_type=Path, file_okay=False),
    default=None,
    metavar="DIR",
    help="Folder of the chapters.  [default: the ones of this book]",
)
@click.option(
    "--run", "is_run", is_flag=True, help="Run every chapter as well, which takes about a minute."
)
def check(folder: Path | None, *, is_run: bool) -> None:
    """Check the chapters and the tables, and print one line for each fault.

    For everybody who edits them: every chapter can be shown, every form stands in one
    of them, no table contradicts another, every fact is used somewhere, and the
    safety rows are as they were reviewed. Prose and resources.toml are yours; a
    number that nobody has looked at for a year is a warning and no fault.

    With --run each chapter is run too, with a made-up couple's answers, and a cell that
    fails is named.
    """
    from workbook.content.guidance import list_old_numbers, load_guidance, load_resources
    from workbook.content.outlines import load_outlines
    from workbook.content.words import load_words
    from workbook.serve.compose import read_chapters

    load_words()  # raises InvalidTable before anything else is read
    load_outlines()  # as well, for an area without an outline
    chapters = read_chapters(folder or chapters_folder())
    faults = list(_find_faults(chapters))
    if is_run:
        from workbook.cli.running import run_chapters

        faults += run_chapters(chapters)
    if len(faults) > MAX_FAULT_LINES:
        faults[MAX_FAULT_LINES:] = [f"And {len(faults) - MAX_FAULT_LINES} more."]
    if faults:
        exit_with_sentence(*faults)
    old = list(list_old_numbers(load_resources(), date.today()))
    if old:
        click.echo(
            f"Warning: resources.toml: nobody has looked at {len(old)} of the numbers for a year:"
            f" {', '.join(old[:MAX_OLD_NUMBERS])}{' …' if len(old) > MAX_OLD_NUMBERS else ''}."
            " Compare each with its page and set the new date.",
            err=True,
        )
    forms = sum(len(chapter.forms) for chapter in chapters)
    rows = sum(len(each) for each in load_guidance().provenance.values())
    click.echo(f"All is well: {len(chapters)} chapters, {forms} forms, {rows} rows, all traced.")


def _find_faults(chapters: Sequence[Chapter]) -> Iterator[str]:
    """Yield one sentence for each fault of chapters, tables and safety rows."""
    from workbook import provenance
    from workbook.app import Workbook
    from workbook.content.guidance import load_guidance
    from workbook.content.words import list_guidance_keys, load_words

    guidance = load_guidance()
    shown = [form for chapter in chapters for form in chapter.forms]
    for cell in (cell for chapter in chapters for cell in chapter.cells):
        for missing in cell.missing:
            yield f"{cell.place}: the picture {missing} cannot be shown."
    for name in shown:
        if name not in Workbook.FORMS:
            yield f"{name}: a chapter asks for this form and there is none."
    for name in sorted(Workbook.FORMS - set(shown)):
        yield f"{name}: no chapter holds this form."
    yield from find_topic_faults(chapters, load_words())
    yield from find_missing_words(load_words())
    yield from _find_lost_cells(chapters, load_words())
    for key in list_guidance_keys(guidance):
        if key not in load_words():
            yield f"{key}: there are no words for it in content/en."
    for gate in guidance.gates:
        for name in gate.forms:
            if name not in Workbook.FORMS:
                yield f"gates.toml, {gate.id}: no form is called {name}."
    yield from provenance.trace_facts(chapters).find_faults()
    yield from provenance.find_altered_rows()


def _find_lost_cells(chapters: Sequence[Chapter], words: Words) -> Iterator[str]:
    """Yield one sentence for each cell that an edition says otherwise and no chapter has."""
    from workbook.content.editions import Edition

    there = {(chapter.slug, cell.id) for chapter in chapters for cell in chapter.cells}
    for edition in Edition:
        for chapter, cells in words.list_cells(edition).items():
            for name in cells:
                if (chapter, name) not in there:
                    yield f"{edition}.toml, cells.{chapter}.{name}: no chapter has this cell."


def find_topic_faults(
    chapters: Sequence[Chapter], words: Words, topics: Sequence[Topic] = TOPICS
) -> Iterator[str]:
    """Yield one sentence for each piece that a topic with a form is missing.

    Args:
        chapters: the chapters as they are composed.
        words: the strings of one language.
        topics: the topics to look at.

    """
    from dataclasses import fields

    from workbook.domain.evening import Answers
    from workbook.ui.forms import form_class

    cells = {form: chapter.slug for chapter in chapters for form in chapter.forms}
    in_answers = {field.name for field in fields(Answers)}
    for topic in topics:
        if not topic.has_form:
            continue
        name = topic.name
        if name not in in_answers:
            yield f"{name}: Answers in workbook/domain/evening.py has no field for this topic."
        for form in {name, *(form for form, asked in TOPIC_BY_FORM.items() if asked == name)}:
            try:
                form_class(form)
            except (NotFound, ImportError, AttributeError):
                yield f"{form}: there is no form class in workbook/ui/forms/{form}.py."
        needed = [("still", topic.is_standing), ("missing", topic.is_required)]
        for key in (f"forms.{word}_{name}" for word, is_needed in needed if is_needed):
            if key not in words:
                yield f"{key}: there are no words for it in content/en."
        if name not in STEP_BY_FORM:
            yield f"{name}: STEP_BY_FORM names no step of the evening for its form."
        if name in cells and cells[name] != topic.chapter:
            yield f"{name}: its topic names the chapter {topic.chapter}, its cell is elsewhere."


def find_missing_words(words: Words) -> Iterator[str]:
    """Yield one sentence for each string that a form names and the language does not have.

    Only keys that stand in the code whole are found, not those put together from parts.

    Args:
        words: the strings of one language.

    """
    import ast

    from workbook.ui import forms

    for path in sorted(Path(forms.__path__[0]).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
        }
        keys = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in parts and _FORM_WORDS.fullmatch(node.value)
        }
        for key in sorted(keys):
            if key not in words:
                yield f"{key}: {path.name} asks for these words and content/en has none."

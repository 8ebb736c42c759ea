"""Every chapter runs from top to bottom: alone or composed, with a vault or before there is one."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from workbook.app.demo import fill_vault
from workbook.serve.compose import compose_notebook, read_chapters

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
CHAPTERS = tuple(sorted(FOLDER.glob("*.ipynb")))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vault of the made-up couple."""
    folder = tmp_path_factory.mktemp("lived") / "vault"
    fill_vault(folder, date.today())
    return folder


@pytest.fixture(params=["no vault", "a vault"])
def data(request, lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    if request.param == "a vault":
        shutil.copytree(lived, folder)
    monkeypatch.setenv("WORKBOOK_DATA", str(folder))
    monkeypatch.delenv("WORKBOOK_APP", raising=False)
    monkeypatch.delenv("WORKBOOK_DEMO", raising=False)
    return folder


def run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return notebook


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [out for cell in notebook.cells for out in cell.get("outputs", ())]


def chained() -> nbformat.NotebookNode:
    """All chapters one after another in one kernel, each with its own opening cell."""
    notebook = nbformat.v4.new_notebook()
    for path in CHAPTERS:
        notebook.cells += nbformat.read(path, as_version=4).cells
    return notebook


ALONE = ("01-welcome", "05-touch", "07-tonight")
"""Chapters that ``make test`` runs alone: the shortest, the one with drawings, and the longest."""


@pytest.mark.parametrize(
    "path",
    [
        path if path.stem in ALONE else pytest.param(path, marks=pytest.mark.long)
        for path in CHAPTERS
    ],
    ids=lambda path: path.stem,
)
def test_a_chapter_alone_shows_its_forms_and_no_error(path, lived, tmp_path, monkeypatch):
    shutil.copytree(lived, tmp_path / "data")
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "data"))
    notebook = nbformat.read(path, as_version=4)

    shown = outputs(run(notebook))

    forms = sum(cell.source.startswith("book.form") for cell in notebook.cells)
    assert {out.output_type for out in shown} <= {"display_data", "execute_result"}
    assert sum("application/vnd.jupyter.widget-view+json" in out.data for out in shown) == forms + 2


def test_every_chapter_in_one_kernel_runs_twice_without_an_error(data):
    notebook = chained()
    notebook.cells += chained().cells

    shown = outputs(run(notebook))

    assert {out.output_type for out in shown} <= {"display_data", "execute_result"}


def test_the_composed_book_runs_without_an_error(data, monkeypatch):
    monkeypatch.setenv("WORKBOOK_APP", "1")
    notebook = compose_notebook(read_chapters(FOLDER))

    shown = outputs(run(notebook))

    forms = sum(cell.source.startswith("book.form") for cell in notebook.cells)
    # Each form, and the state of all widgets at the end.
    assert [out.output_type for out in shown] == ["execute_result"] * forms + ["display_data"]


def test_running_a_chapter_makes_no_vault(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATA", str(tmp_path / "data"))

    run(nbformat.read(CHAPTERS[0], as_version=4))

    assert not (tmp_path / "data").exists()

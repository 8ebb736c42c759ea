"""Runs every chapter as JupyterLab does, with a made-up couple's vault, to find cells that fail."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from workbook.app.demo import DEMO_PASSPHRASES, demo_vault
from workbook.domain.seats import Seat
from workbook.serve.compose import OPENING, Chapter
from workbook.serve.runtime import prepare_environment, replace_environment, run_folder

CELL_TIMEOUT_S = 60
"""Seconds that one cell may take."""

_OPENED = f"{OPENING}\nbook.unlock({{!r}})"


def run_chapters(chapters: tuple[Chapter, ...]) -> Iterator[str]:
    """Yield one sentence for each cell that fails, with file, number and kind of error.

    Each chapter has a kernel of its own, in which the book is open for one of the couple, so
    that every form is built. Nothing of it is kept.

    Args:
        chapters: as ``read_chapters`` returns them.

    """
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbclient says the same twice
    with demo_vault() as data, run_folder() as folder:
        wanted = prepare_environment(folder, os.environ, WORKBOOK_DATA=str(data))
        with replace_environment(wanted):
            for chapter in chapters:
                yield from _run_chapter(chapter)


def _run_chapter(chapter: Chapter) -> Iterator[str]:
    opening = new_code_cell(_OPENED.format(DEMO_PASSPHRASES[Seat.A]))
    code = [cell for cell in chapter.cells if cell.kind == "code"]
    cells = [opening, *(new_code_cell(cell.source) for cell in code)]
    places = [f"The opening cell of {chapter.slug}", *(cell.place for cell in code)]
    failed: list[str] = []

    def note(cell: NotebookNode, cell_index: int, execute_reply: dict[str, dict[str, str]]) -> None:
        del cell
        failed.append(f"{places[cell_index]}: {execute_reply['content'].get('ename')}.")

    client = NotebookClient(
        new_notebook(cells=cells),
        kernel_name="python3",
        timeout=CELL_TIMEOUT_S,
        allow_errors=True,
        shutdown_kernel="immediate",
        on_cell_error=note,
    )
    try:
        asyncio.run(client.async_execute())
    except CellTimeoutError:
        running = places[client.code_cells_executed - 1]
        failed.append(f"{running}: it takes longer than {CELL_TIMEOUT_S} seconds.")
    except DeadKernelError:
        failed.append(f"{places[client.code_cells_executed - 1]}: Python itself ended there.")
    yield from failed

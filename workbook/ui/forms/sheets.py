"""Blank sheets to print and fill in by hand."""

from __future__ import annotations

from collections.abc import Callable

from workbook.content.words import Words
from workbook.ui.form import ReferenceForm
from workbook.ui.guard import Show, show_errors
from workbook.ui.widgets.paper_file import PaperFile

FILES = {"sheets-a4.pdf": "a4", "sheets-letter.pdf": "letter"}
"""The size of paper of each file, which has a button of its own."""


class SheetsForm(ReferenceForm):
    """Offers the sheets as a file, one for each size of paper; nothing of any person is on it.

    Args:
        say: the strings of the page's language.
        make: returns the sheets as PDF, for a size of ``FILES``.
        show: shows an error to the reader.

    """

    def __init__(self, say: Words, make: Callable[[str], bytes], show: Show) -> None:
        buttons = {name: say(f"paper.save_{size}") for name, size in FILES.items()}
        words = {key: say(f"paper.{key}", file="{file}") for key in ("making", "saved")}

        def save(name: str) -> None:
            self._file.save(name, make(FILES[name]))

        self._file = PaperFile(buttons, words, show_errors(save, show))
        super().__init__([self._file])

"""Says in the terminal which cell of a notebook failed; never what was in it."""

from __future__ import annotations

from collections.abc import Callable

from nbformat import NotebookNode


class CellReports:
    """Reports failed, slow and complaining cells, each sentence once.

    Every page that is kept ready runs the notebook again.

    Args:
        say: prints one sentence.

    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._said: set[str] = set()
        self.running = ""
        """The cell that was begun last, as ``03-limits.ipynb, cell 4``; blank: none of a file."""

    def hooks(self) -> dict[str, Callable[..., None]]:
        """Return what nbclient calls, by the names of its traits.

        Functions and no bound methods: traitlets copies a configuration, objects included.
        """
        return {
            "on_cell_start": lambda cell, **_: self._note_start(cell),
            "on_cell_error": lambda cell, execute_reply, **_: self._report(
                cell,
                f"{execute_reply['content'].get('ename', 'an error')}. "
                "What it shows is left out; the other cells are tried.",
            ),
            "on_cell_executed": lambda cell, **_: self._report_complaints(cell),
        }

    def _note_start(self, cell: NotebookNode) -> None:
        self.running = _place_of(cell)

    def _report_complaints(self, cell: NotebookNode) -> None:
        written = [each for each in cell.get("outputs", ()) if each.get("name") == "stderr"]
        if lines := sum(each.text.count("\n") or 1 for each in written):
            self._report(cell, f"{lines} lines on its error output, which the page leaves out.")

    def _report(self, cell: NotebookNode, what: str) -> None:
        sentence = f"{_place_of(cell) or 'The book'}: {what}"
        if sentence not in self._said:
            self._said.add(sentence)
            self._say(sentence)


def _place_of(cell: NotebookNode) -> str:
    return str(cell.metadata.get("workbook", {}).get("place", ""))

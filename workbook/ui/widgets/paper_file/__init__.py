"""Buttons that save a file to print, which Python makes when one is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from traitlets import Dict

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class PaperFile(BookWidget):
    """One button for each file; the browser saves what comes, and nothing is kept.

    Words: ``making``, said while the file is made, and ``saved`` (``{file}``).
    """

    _esm = BUILT / "paper_file.js"
    _css = _HERE / "paper_file.css"
    files = Dict().tag(sync=True)  # what its button says, by the name of the file
    words = Dict().tag(sync=True)

    def __init__(
        self, files: Mapping[str, str], words: Mapping[str, str], make: Callable[[str], None]
    ) -> None:
        super().__init__(files=dict(files), words=dict(words))
        names = frozenset(files)

        def make_known(_widget: object, content: object, _buffers: object) -> None:
            name = content.get("file") if isinstance(content, dict) else None
            if isinstance(name, str) and name in names:
                make(name)

        self.on_msg(make_known)

    def __repr__(self) -> str:
        return "PaperFile()"

    def save(self, name: str, content: bytes) -> None:
        """Have the browser save a file."""
        self.send({"file": name}, [content])

"""A page before the book, for a hub's servers and below a Jupyter server."""

from __future__ import annotations

from pathlib import Path

from tornado.template import Template

from workbook.content.words import load_words
from workbook.serve.pairing_handlers import OwnPageHandler
from workbook.serve.server_config import file_addresses

_PAGE = Path(__file__).parent / "template" / "attune" / "entry.html"


class EntryPageHandler(OwnPageHandler):
    """A page that says what is so, and shows one way on."""

    def finish_page(self, key: str, *, status: int = 200, way: str = "pair") -> None:
        """Finish with the words of ``hosted.KEY``.

        Args:
            key: a table with title, text and the words of the way on.
            status: of the response.
            way: where that leads; ``./`` is followed without a press, ``form`` is a button.

        """
        self.set_status(status)
        page = Template(_PAGE.read_text("utf-8"), whitespace="all")
        said = load_words().table(f"hosted.{key}")
        self.finish(page.generate(say=said, files=file_addresses(), way=way))

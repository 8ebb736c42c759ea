"""Renders the Markdown of a chapter as the HTML of its section."""

from __future__ import annotations

import re
from html import escape
from itertools import cycle
from typing import Any

from voila.exporter import VoilaMarkdownRenderer

_HEAD = re.compile(r"<th[^>]*>(?P<text>.*?)</th>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_MIN_STACKED_COLUMNS = 3
"""Phones show tables with at least this many columns row by row."""


class ChapterMarkdownRenderer(VoilaMarkdownRenderer):
    """Renders headings without ids or anchors, and tables that fit a phone.

    All chapters share one page: equal headings would give duplicate ids, and an id
    equal to the slug of a chapter would shadow its section.
    """

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a picture that stands in the text; Voilà would look for a file of that name."""
        if url.startswith("data:image/"):
            return f'<img class="at-picture" src="{escape(url)}" alt="{escape(text)}">'
        return str(super().image(text, url, title))

    def heading(self, text: str, level: int, **_attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>\n"

    def table(self, text: str) -> str:
        """Label each cell with its column, so that CSS can stack the cells on narrow screens."""
        heads = [_TAG.sub("", match["text"]).strip() for match in _HEAD.finditer(text)]
        if len(heads) < _MIN_STACKED_COLUMNS:
            return f"<table>\n{text}</table>\n"
        label = cycle(heads)
        named = re.sub(r"<td", lambda _td: f'<td data-label="{next(label)}"', text)
        return f'<table class="at-wide">\n{named}</table>\n'

"""Turns the Markdown of a chapter into the HTML of its section."""

from __future__ import annotations

import re
from itertools import cycle
from typing import Any

from voila.exporter import VoilaMarkdownRenderer

_HEAD = re.compile(r"<th[^>]*>(?P<text>.*?)</th>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_MIN_STACKED_COLUMNS = 3
"""From this many columns on a phone shows a table row by row."""


class ChapterMarkdownRenderer(VoilaMarkdownRenderer):
    """Headings without ids or anchors, and tables that fit a phone.

    All chapters share one page: two headings with the same words would be the
    same id twice, and an id like a chapter's slug would shadow its section.
    """

    def heading(self, text: str, level: int, **_attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>\n"

    def table(self, text: str) -> str:
        """Name each cell after its column, so that a narrow screen can stack them."""
        heads = [_TAG.sub("", match["text"]).strip() for match in _HEAD.finditer(text)]
        if len(heads) < _MIN_STACKED_COLUMNS:
            return f"<table>\n{text}</table>\n"
        label = cycle(heads)
        named = re.sub(r"<td", lambda _td: f'<td data-label="{next(label)}"', text)
        return f'<table class="at-wide">\n{named}</table>\n'

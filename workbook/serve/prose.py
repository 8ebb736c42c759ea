"""Turns the Markdown of a chapter into the HTML of its section."""

from __future__ import annotations

from typing import Any

from voila.exporter import VoilaMarkdownRenderer


class Prose(VoilaMarkdownRenderer):
    """Headings without ids or anchors.

    All chapters share one page: two headings with the same words would be the
    same id twice, and an id like a chapter's slug would shadow its section.
    """

    def heading(self, text: str, level: int, **_attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>\n"

"""What to do in anaphylaxis is said whole wherever it is said."""

from __future__ import annotations

from collections.abc import Iterator

from tests.notebooks.reading import CHAPTERS, cells
from workbook.content.words import load_words

PARTS = ("at once", "flat", "legs raised", "propped up", "left side", "not stand", "five minutes")
"""What the sources S46 and S136 say: the pen first, how to lie, and a second pen."""

SAY = load_words()


def list_first_aid() -> Iterator[tuple[str, str]]:
    """Yield each place that says how somebody in anaphylaxis lies, and its words."""
    yield "reactions", SAY("reactions.T-09.line")
    yield "help", SAY("help.W-01")
    for chapter in CHAPTERS:
        for cell in cells(chapter, "markdown"):
            for paragraph in cell.source.split("\n- "):
                if "adrenaline" in paragraph and "*Help*" not in paragraph:
                    yield chapter.name, " ".join(paragraph.split())


def test_the_anaphylaxis_line_is_whole_in_every_place():
    places = dict(list_first_aid())

    assert {"reactions", "help", "10-help.ipynb"} <= places.keys()
    for place, words in places.items():
        assert [part for part in PARTS if part not in words] == [], place
        assert words.index("pen") < min(
            at for call in ("call", "number") if (at := words.find(call)) >= 0
        ), place

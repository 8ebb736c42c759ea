"""The typefaces of paper, embedded in every PDF, and how text breaks into lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from workbook.domain.errors import InvalidInput

TEXT, BOLD, TITLE = "AttuneText", "AttuneBold", "AttuneTitle"
"""Names under which ReportLab knows them."""

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    TEXT: "SourceSans3-Regular.ttf",
    BOLD: "SourceSans3-Bold.ttf",
    TITLE: "EBGaramond-Subset.ttf",
}


class Word(NamedTuple):
    """Letters without a space, in one typeface."""

    text: str
    font: str
    glued: bool
    """Whether it follows the word before it without a space."""


Line = list[Word]


@cache
def load_fonts() -> frozenset[int]:
    """Make the typefaces known to ReportLab; return the code points that all of them have."""
    known = []
    for name, file in _FILES.items():
        font = TTFont(name, str(_FOLDER / file))
        pdfmetrics.registerFont(font)
        known.append(frozenset(font.face.charToGlyph))
    return frozenset.intersection(*known)


def check_letters(text: str) -> None:
    """Return if every letter of a text can be printed.

    Raises:
        InvalidInput: naming the text and the letters that the typefaces do not have.

    """
    letters = load_fonts()
    missing = sorted({sign for sign in text if ord(sign) not in letters})
    if missing:
        signs = " ".join(missing)
        raise InvalidInput(field=f"“{text}”", why=f"paper has no letters for this: {signs}")


def width_of(text: str, font: str, size: float) -> float:
    """Return how wide a text is, in points."""
    load_fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


def split_words(text: str, font: str = TEXT) -> list[Word]:
    """Return the words of a text; what stands between ``**`` is bold."""
    words: list[Word] = []
    ended_glued = False
    for number, part in enumerate(text.split("**")):
        face = BOLD if number % 2 else font
        glued = ended_glued and not part[:1].isspace()
        for each in filter(None, part.split(" ")):  # a no-break space stays
            words.append(Word(each, face, glued and bool(words)))
            glued = False
        ended_glued = not part[-1:].isspace() and bool(part)
    return words


def break_lines(text: str, width: float, size: float, font: str = TEXT) -> list[Line]:
    """Return a text as lines no wider than ``width``, in points.

    A single word that is wider stands in a line of its own.
    """
    check_letters(text.replace("**", "").replace("\n", " "))
    lines: list[Line] = [[]]
    used = 0.0
    space = width_of(" ", font, size)
    for paragraph in text.split("\n"):
        if lines[-1]:
            lines.append([])
            used = 0.0
        for word in split_words(paragraph, font):
            wide = width_of(word.text, word.font, size)
            gap = 0.0 if word.glued or not lines[-1] else space
            if lines[-1] and used + gap + wide > width and not word.glued:
                lines.append([])
                used, gap = 0.0, 0.0
            lines[-1].append(word)
            used += gap + wide
    return lines


def list_runs(line: Sequence[Word]) -> list[tuple[str, str]]:
    """Return a line as texts with their typefaces, spaces included."""
    runs: list[tuple[str, str]] = []
    for number, word in enumerate(line):
        text = word.text if word.glued or not number else f" {word.text}"
        if runs and runs[-1][1] == word.font:
            runs[-1] = (runs[-1][0] + text, word.font)
        else:
            runs.append((text, word.font))
    return runs

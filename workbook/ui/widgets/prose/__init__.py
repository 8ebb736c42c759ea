"""Plain text blocks for the screen: sentences of the book, and people's own words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from traitlets import Bool, List

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class TimelineMark(TypedDict):
    """One evening of a timeline."""

    text: str
    """What it says, for who does not see it."""
    month: str
    """The month that begins with it; blank: the one before goes on."""
    seats: Sequence[tuple[str, str]]
    """Colour and shape of each person whose mark it bears."""


class Block(TypedDict, total=False):
    """One block.

    ``kind`` is one of ``title p h item pair quote seat turn meeting notice table fold
    timeline``.
    """

    kind: str
    text: str
    label: str
    """Left side of a pair, or what stands at the end of a seat's line."""
    colour: str
    shape: str
    seats: Sequence[tuple[str, str]]
    """Colour and shape of both people."""
    slides: bool
    """Whether both shapes move together when they come into sight."""
    href: str
    """A chapter of this book, such as ``"#help"``, a step of the evening, such as
    ``"#step-places"``, or a phone number, such as ``"tel:112"``; nothing else is followed."""
    head: Sequence[str]
    """Names of a table's columns."""
    rows: Sequence[Sequence[str]]
    """Its cells; the first of each row names the row."""
    marks: Sequence[TimelineMark]
    """The evenings of a timeline, the oldest first."""
    blocks: Sequence[Block]
    """What a fold holds; drawn when it is first opened."""


class Prose(BookWidget):
    """Shows blocks of text; text is never interpreted as markup."""

    _esm = BUILT / "prose.js"
    _css = _HERE / "prose.css"
    blocks: List[Block] = List().tag(sync=True)
    live = Bool(True).tag(sync=True)  # whether a screen reader announces changes

    def __init__(self, blocks: Sequence[Block] = (), *, live: bool = True) -> None:
        super().__init__(blocks=list(blocks), live=live)

    def __repr__(self) -> str:
        return "Prose()"

    def set_blocks(self, *blocks: Block) -> None:
        """Replace all blocks."""
        self.blocks = list(blocks)


def p(text: str) -> Block:
    """Return a paragraph."""
    return {"kind": "p", "text": text}


def title(text: str) -> Block:
    """Return the heading of a screen that takes the place of another; it takes the focus."""
    return {"kind": "title", "text": text}


def h(text: str) -> Block:
    """Return a small heading."""
    return {"kind": "h", "text": text}


def item(text: str, href: str = "") -> Block:
    """Return a line of a list, perhaps a link to a chapter."""
    return {"kind": "item", "text": text, "href": href}


def pair(label: str, text: str) -> Block:
    """Return a label with the text that belongs to it."""
    return {"kind": "pair", "label": label, "text": text}


def link_pair(label: str, text: str, href: str) -> Block:
    """Return a label with the text that belongs to it, which leads to where it was said."""
    return {"kind": "pair", "label": label, "text": text, "href": href}


def quote(text: str, label: str = "", *, colour: str = "", shape: str = "") -> Block:
    """Return a person's own words; ``label`` says whose, with their mark if it is given."""
    return {"kind": "quote", "text": text, "label": label, "colour": colour, "shape": shape}


def notice(text: str, href: str = "", label: str = "") -> Block:
    """Return an important sentence, perhaps with a link to a chapter."""
    return {"kind": "notice", "text": text, "href": href, "label": label}


def seat(name: str, colour: str, shape: str, label: str = "") -> Block:
    """Return a person's mark and name, perhaps with a few words at the end of the line."""
    made: Block = {"kind": "seat", "text": name, "colour": colour, "shape": shape}
    return {**made, "label": label} if label else made


def turn(colour: str, shape: str, text: str = "") -> Block:
    """Return a person's mark, large, perhaps with a heading that says whose turn it is."""
    return {"kind": "turn", "text": text, "colour": colour, "shape": shape}


def meeting(seats: Sequence[tuple[str, str]], label: str, *, slides: bool = False) -> Block:
    """Return two people's shapes side by side; ``label`` says it in words.

    Args:
        seats: colour and shape of each.
        label: what is to be seen.
        slides: whether they move towards each other until they touch; else they overlap.

    """
    listed = [(str(colour), str(shape)) for colour, shape in seats]
    return {"kind": "meeting", "label": label, "seats": listed, "slides": slides}


def table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str = "") -> Block:
    """Return a table; ``label`` says what it shows."""
    return {"kind": "table", "head": list(head), "rows": [list(r) for r in rows], "label": label}


def fold(label: str, blocks: Sequence[Block]) -> Block:
    """Return a block that can be opened."""
    return {"kind": "fold", "label": label, "blocks": list(blocks)}


def timeline(marks: Sequence[TimelineMark], label: str) -> Block:
    """Return a line with a mark for each evening; ``label`` says what it shows."""
    return {"kind": "timeline", "label": label, "marks": list(marks)}

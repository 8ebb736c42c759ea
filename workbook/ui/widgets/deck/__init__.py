"""A deck of cards: a common belief, true or false, then why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypedDict

from traitlets import Dict, List

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class DeckCard(TypedDict):
    """One card."""

    said: str
    answer: Literal["true", "false", "depends"]
    why: str


class Deck(BookWidget):
    """Shows one card at a time; a guess turns it over. Guesses are not counted or saved.

    On paper all cards stand below each other, with what is true of them.

    Words: ``true false depends`` (the guesses), ``it_is_true it_is_false it_depends``,
    ``count`` (``{n}`` ``{all}``), ``back next again``.
    """

    _esm = BUILT / "deck.js"
    _css = _HERE / "deck.css"
    cards: List[DeckCard] = List().tag(sync=True)
    words = Dict().tag(sync=True)

    def __init__(self, cards: Sequence[DeckCard], words: Mapping[str, str]) -> None:
        super().__init__(cards=list(cards), words=dict(words))

    def __repr__(self) -> str:
        return "Deck()"

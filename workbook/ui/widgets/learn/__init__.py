"""Strokes to learn: moving hands, four lines, and a minute's practice on a forearm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from traitlets import Dict, List

from workbook.ui.drawn import StrokeView
from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class LearnCard(TypedDict):
    """One stroke to learn."""

    name: str
    term: str
    """What the trade calls the stroke."""
    note: str
    """How it differs from another one; blank if nothing has to be said."""
    view: StrokeView
    """The stroke where a massage uses it most."""
    practice: StrokeView
    """The stroke on a forearm."""
    lead: str
    """What to do in the minute's practice."""


class Learn(BookWidget):
    """Shows strokes with their lines; each can be tried for a minute with a visible count.

    Nothing is answered, saved or sent. With reduced motion four numbered positions stand in
    the place of moving hands.

    Words: ``hands move rhythm not_here`` (labels of the four lines), ``pause go_on`` (the moving
    hands), ``try_it``, ``bell``, ``ready``, ``leave``, ``over``, ``ask``, ``again``, ``all``;
    with ``{name}`` ``try_named``, ``practice``, ``next``, ``positions``; ``left`` with
    ``{clock}``; ``said_left`` with ``{seconds}``.
    """

    _esm = BUILT / "learn.js"
    _css = _HERE / "learn.css"
    cards: List[LearnCard] = List().tag(sync=True)
    words = Dict().tag(sync=True)

    def __init__(self, cards: Sequence[LearnCard], words: Mapping[str, str]) -> None:
        super().__init__(cards=list(cards), words=dict(words))

    def __repr__(self) -> str:
        return "Learn()"

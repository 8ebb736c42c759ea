"""Numbers to call, by country; which country is chosen never leaves the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from traitlets import Dict, List

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class CountryLines(TypedDict):
    """One country as the page needs it."""

    id: str
    name: str
    zones: Sequence[str]
    """Names by which a device there calls its time zone."""
    calls: Sequence[tuple[str, str]]
    """Emergency numbers, each with what it is for."""
    lines: Sequence[tuple[str, str, str, str]]
    """Helplines: kind, name, number, and when it is open (blank: not limited)."""
    looked: str
    """The day on which somebody last looked at the numbers, in words."""


class Helplines(BookWidget):
    """Shows one country's numbers, each as text and as a link to the telephone.

    The browser guesses the country from its time zone, and the reader may choose another.
    The choice stays in the page's memory: Python never learns it, and a reload forgets it.
    All widgets of this kind on a page show the same country.

    Words: ``country elsewhere private emergency``, ``looked`` and ``looked_one`` (``{date}``), and
    for each kind ``kind_KIND find_KIND``; ``fold`` if all of it stands in a fold.

    Args:
        countries: in the order of the list.
        general: numbers for a reader whose country is not chosen, each with where it holds.
        kinds: kinds of lines to show; empty: the emergency numbers alone.
        words: the strings above.

    """

    _esm = BUILT / "helplines.js"
    _css = _HERE / "helplines.css"
    countries: List[CountryLines] = List().tag(sync=True)
    general: List[tuple[str, str]] = List().tag(sync=True)
    kinds: List[str] = List().tag(sync=True)
    words = Dict().tag(sync=True)

    def __init__(
        self,
        countries: Sequence[CountryLines],
        general: Sequence[tuple[str, str]],
        kinds: Sequence[str],
        words: Mapping[str, str],
    ) -> None:
        super().__init__(
            countries=list(countries), general=list(general), kinds=list(kinds), words=dict(words)
        )

    def __repr__(self) -> str:
        return "Helplines()"

"""The body map: a figure from the front and the back, to paint on or to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

import anywidget
from traitlets import Bool, Dict, List, Unicode

from workbook.ui.widgets import BUILT

_HERE = Path(__file__).parent


MapPattern = Literal["solid", "hatch", "dots", "light", "lines"]
"""A pattern; the same mark looks the same on every map."""


class MapOutline(TypedDict):
    """Where an area lies on the figure, as in ``outlines.toml``."""

    figure: str
    window: str
    whole: bool
    front: str
    back: str


class MapPlace(TypedDict):
    """One area of the figure."""

    key: str
    """Key of the area."""
    outline: MapOutline
    parts: Mapping[str, str]
    """Its parts by key, with their names: ``.left`` and ``.right``, or one for the whole of it."""
    note: NotRequired[str]
    """A note about it; shown when the area is selected."""
    shut: NotRequired[Literal["keepoff", "locked"]]
    """Whether the area is shown but cannot be marked."""


class MapBrush(TypedDict):
    """One mark that can be painted."""

    key: str
    label: str
    look: MapPattern


class BodyMap(anywidget.AnyWidget):
    """Lets a person paint marks on the parts of a body, or shows marks.

    A mark is chosen first; none is preselected. Painting the same mark again removes it.
    Every part is a control with its name and state; arrow keys lead to the neighbour. A
    small screen shows one side, and zooms in at the first tap.

    Words: ``front back left right whole both choose blank keepoff locked``.
    """

    _esm = BUILT / "body_map.js"
    _css = _HERE / "body_map.css"
    title = Unicode().tag(sync=True)
    help = Unicode().tag(sync=True)
    places: List[MapPlace] = List().tag(sync=True)
    brushes: List[MapBrush] = List().tag(sync=True)
    marks = Dict().tag(sync=True)  # by part; without a brush of that key, the mark is read out
    signs = Dict().tag(sync=True)  # by part: a short text drawn on it, such as its number
    words = Dict().tag(sync=True)
    reading = Bool(False).tag(sync=True)  # no painting; the brushes are the legend
    disabled = Bool(False).tag(sync=True)

    def __init__(
        self,
        title: str,
        places: Sequence[MapPlace],
        brushes: Sequence[MapBrush],
        words: Mapping[str, str],
        help: str = "",  # noqa: A002 - as everywhere on the screen
        *,
        reading: bool = False,
    ) -> None:
        super().__init__(
            title=title,
            help=help,
            places=list(places),
            brushes=list(brushes),
            words=dict(words),
            reading=reading,
        )

    def __repr__(self) -> str:
        return "BodyMap()"  # the saved notebook holds no answers

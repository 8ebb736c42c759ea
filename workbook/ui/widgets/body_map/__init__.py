"""The body map: a figure from the front and the back, to paint on or to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from traitlets import Bool, Dict, List, Unicode

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


MapPattern = Literal["solid", "hatch", "cross", "dots", "light", "lines"]
"""A pattern; the same mark looks the same on every map."""


class MapOutline(TypedDict):
    """Where an area lies on the figure, as in ``outlines.toml``."""

    figure: str
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
    closes: NotRequired[bool]
    """Whether no hand goes where it is painted; the place's note is left out there."""


class MapWho(TypedDict):
    """Whose answers these are: a sentence with the mark of a seat."""

    text: str
    colour: str
    shape: str


class MapLayer(TypedDict):
    """One of several sets of marks on the same figure; one is shown at a time."""

    key: str
    title: str
    """The question."""
    label: NotRequired[str]
    """What the switch between the layers calls it."""
    who: NotRequired[MapWho]
    """Shown where there is nothing to switch between."""


class MapOffer(TypedDict):
    """A button that marks places where there is no mark yet; it changes no other place."""

    key: str
    label: str
    said: str
    """What is said once it was pressed."""
    line: NotRequired[str]
    """What stands above the button."""
    layer: NotRequired[str]
    """The layer in which it is offered; without it, in each."""
    marks: NotRequired[Mapping[str, str]]
    """The marks by part; without them, those of the layer that is shown."""
    into: NotRequired[str]
    """The layer that gets them; without it, the one that is shown."""


class BodyMap(BookWidget):
    """Lets a person paint marks on the parts of a body, or shows marks.

    A mark is chosen first; none is preselected. Painting the same mark again removes it, and
    each tap paints. Every part is a control with its name and state; arrow keys lead to the
    neighbour. The figure is as high as the page leaves room between its bars; a small screen
    shows one side, and a button brings it closer.

    Words: ``front back side left right whole closer both both_said list layers begin choose
    blank keepoff locked sign``.
    """

    _esm = BUILT / "body_map.js"
    _css = _HERE / "body_map.css"
    title = Unicode().tag(sync=True)
    heading = Bool(True).tag(sync=True)  # whether the title is seen, and not only read out
    help = Unicode().tag(sync=True)
    note = Unicode().tag(sync=True)  # beside the figure
    places: List[MapPlace] = List().tag(sync=True)
    brushes: List[MapBrush] = List().tag(sync=True)
    layers: List[MapLayer] = List().tag(sync=True)
    layer = Unicode().tag(sync=True)  # key of the one that is shown
    offers: List[MapOffer] = List().tag(sync=True)
    marks = Dict().tag(sync=True)
    # By part, or by layer and part; without a brush of that key, the mark is read out.
    signs = Dict().tag(sync=True)  # by part: a short text drawn on it, such as its number
    words = Dict().tag(sync=True)
    reading = Bool(False).tag(sync=True)  # no painting; the brushes are the legend
    disabled = Bool(False).tag(sync=True)
    has_list = Bool(False).tag(sync=True)  # whether a list of the same answers is there
    listed = Bool(False).tag(sync=True)  # whether the list is shown, and not the figure

    def __init__(
        self,
        title: str,
        places: Sequence[MapPlace],
        brushes: Sequence[MapBrush],
        words: Mapping[str, str],
        help: str = "",  # noqa: A002 - as everywhere on the screen
        *,
        layers: Sequence[MapLayer] = (),
        reading: bool = False,
        **traits: object,
    ) -> None:
        super().__init__(
            title=title,
            help=help,
            places=list(places),
            brushes=list(brushes),
            layers=list(layers),
            layer=layers[0]["key"] if layers else "",
            words=dict(words),
            reading=reading,
            **traits,
        )

    def __repr__(self) -> str:
        return "BodyMap()"  # the saved notebook holds no answers

"""Two resting hands and a slow breath, for the quiet time after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from traitlets import Dict, List, Unicode

from workbook.ui.strokes import StrokeScene
from workbook.ui.widgets import BUILT, BookWidget
from workbook.ui.widgets.body_map import MapOutline

_HERE = Path(__file__).parent
_STYLES = (_HERE / "resting_hands.css", _HERE.parent / "shared" / "hands" / "hands.css")


class RestingHands(BookWidget):
    """Shows hands that lie still, with a ring that breathes; without motion it stands.

    Nothing is answered, saved or sent.

    Args:
        stroke: the still hand.
        areas: keys of the areas on which the hands lie.
        outlines: outlines of these areas, by key.
        coverage: what the receiver wears, a value of ``Coverage``.

    """

    _esm = BUILT / "resting_hands.js"
    _css = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    stroke: Dict[str, object] = Dict().tag(sync=True)
    areas: List[str] = List().tag(sync=True)
    outlines: Dict[str, object] = Dict().tag(sync=True)
    coverage = Unicode("").tag(sync=True)

    def __init__(
        self,
        stroke: StrokeScene,
        areas: Sequence[str],
        outlines: Mapping[str, MapOutline],
        coverage: str,
    ) -> None:
        super().__init__(
            stroke=dict(stroke), areas=list(areas), outlines=dict(outlines), coverage=coverage
        )

    def __repr__(self) -> str:
        return "RestingHands()"

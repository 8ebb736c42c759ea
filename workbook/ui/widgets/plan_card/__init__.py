"""The plan to put down: one printed page, and a sound track of bells made in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anywidget
from traitlets import Bool, Dict, Unicode

from workbook.ui.widgets import BUILT
from workbook.ui.widgets.player import PlayerScript

_HERE = Path(__file__).parent


class PlanCard(anywidget.AnyWidget):
    """Offers an agreed plan on paper and as bells, so that screens can lie face down.

    The page is printed by the browser and the sound is made there: nothing is asked of
    anybody, and the sound file holds bells and no word.

    Words: ``card_title card_text card_paper card_sound card_note card_file card_who``
    (``{giver}`` ``{receiver}``) ``card_ask card_end``.
    """

    _esm = BUILT / "plan_card.js"
    _css = _HERE / "plan_card.css"
    plan: Dict[str, object] = Dict().tag(sync=True)
    words = Dict().tag(sync=True)
    stop = Unicode().tag(sync=True)  # how both stop, in a sentence
    agreed = Bool(False).tag(sync=True)  # before that there is nothing to put down

    def __init__(
        self,
        plan: PlayerScript | None,
        words: Mapping[str, str],
        *,
        stop: str = "",
        agreed: bool = False,
    ) -> None:
        super().__init__(plan=dict(plan or {}), words=dict(words), stop=stop, agreed=agreed)

    def __repr__(self) -> str:
        return "PlanCard()"

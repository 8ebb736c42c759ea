"""The plan away from the screen: one printed page, and bells as a sound file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from traitlets import Bool, Dict, Unicode

from workbook.ui.widgets import BUILT, BookWidget
from workbook.ui.widgets.player import PlayerScript

_HERE = Path(__file__).parent
_STYLES = (_HERE / "plan_card.css", _HERE.parent / "shared" / "hands" / "hands.css")


class PlanCard(BookWidget):
    """Offers an agreed plan on paper and as bells, so that no screen is needed.

    The browser prints the page and makes the sound: no server takes part, and the sound
    file contains only bells.

    Words: ``card_title card_text card_paper card_sound card_note card_file card_who``
    (``{giver}`` ``{receiver}``) ``card_ask card_end card_passes card_repeat`` (``{n}``), and for
    each kind of cue ``card_cue_KIND``.
    """

    _esm = BUILT / "plan_card.js"
    _css = "".join(path.read_text(encoding="utf-8") for path in _STYLES)
    plan: Dict[str, object] = Dict().tag(sync=True)
    words = Dict().tag(sync=True)
    stop = Unicode().tag(sync=True)  # how both people stop the session, in a sentence
    agreed = Bool(False).tag(sync=True)  # False: the plan is not agreed, and nothing is offered

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

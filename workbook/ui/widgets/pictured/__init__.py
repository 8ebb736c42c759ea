"""Questions of which options have a picture of moving hands."""

from __future__ import annotations

from collections.abc import Mapping

from traitlets import Dict

from workbook.ui.drawn import StrokeView
from workbook.ui.widgets import BUILT
from workbook.ui.widgets.questions import Questions


class PicturedQuestions(Questions):
    """Shows small hands beside options; they move while one is pointed at, focused or tapped.

    The drawing is a script of its own, so that other questions stay small outside the app.
    With reduced motion four numbered positions of one option stand below the options.

    Words: those of ``Questions``, and ``see_hands``, the line below the options at first.
    """

    _esm = BUILT / "pictured.js"
    pictures: Dict[str, StrokeView] = Dict().tag(sync=True)
    """By key of ``QuestionOption.picture``: the stroke that is drawn, and where."""

    def __init__(self, pictures: Mapping[str, StrokeView], **traits: object) -> None:
        super().__init__(pictures=dict(pictures), **traits)  # type: ignore[arg-type] # as it says

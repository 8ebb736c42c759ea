"""The signal pad: the receiver's own phone, dark and silent, to be tapped without looking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from traitlets import Bool, Dict, Unicode

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent

PadTap = Literal["softer", "still", "stop"]


class Pad(BookWidget):
    """A surface to tap anywhere: once softer, twice hands still, more or a long press stop.

    ``on_tap`` returns whether the word was taken. The device then shakes shortly, or answers by
    a soft tone if it cannot and its owner wants that. A word that is not taken is shown as lost,
    and without a guide the surface says "Hands still".
    While the guide asks a question, the surface is lit and says so; it shakes as it begins.
    ``on_left`` is called when the session has ended and no surface covers the page any more:
    with True if its owner looked up from it just now, with False if it was not open;
    ``on_change`` when its owner says that something has changed for them.

    Words: ``pad_about pad_over pad_tones pad_open pad_leave pad_change pad_how pad_ready
    pad_softer pad_still pad_still_short pad_stop pad_asked pad_stopping pad_paused pad_ended
    pad_lost pad_alone pad_alone_why softer stop may_dim leave``.
    """

    _esm = BUILT / "pad.js"
    _css = _HERE / "pad.css"
    words = Dict().tag(sync=True)
    phase = Unicode("running").tag(sync=True)  # of the session
    guided = Bool(True).tag(sync=True)  # whether the page that leads the session is there
    asking = Bool(False).tag(sync=True)  # whether the guide asks a question now
    ended = Unicode("").tag(sync=True)  # how the session ended: a value of SessionEnd, or ""
    on_screen = Bool(False).tag(sync=True)  # set by the browser: the surface is open and visible

    def __init__(
        self,
        words: Mapping[str, str],
        on_tap: Callable[[PadTap], bool],
        on_left: Callable[[bool], object] = lambda _: None,
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(words=dict(words))
        self._on_tap, self._on_left, self._on_change = on_tap, on_left, on_change
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Pad()"

    def _on_message(self, _pad: Pad, content: object, _buffers: object) -> None:
        match content:
            case {"kind": "tap", "tap": "softer" | "still" | "stop" as tap}:
                if self._on_tap(tap):
                    self.send({"kind": "taken", "tap": tap})
            case {"kind": "change"}:
                self._on_change()
            case {"kind": "left", "from_glass": bool(from_glass)}:
                self._on_left(from_glass)

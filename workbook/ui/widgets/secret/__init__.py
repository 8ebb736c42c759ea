"""A passphrase, sent once and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
from traitlets import Bool, Dict

from workbook.ui.widgets import BUILT

_HERE = Path(__file__).parent


class Secret(anywidget.AnyWidget):
    """Asks for a passphrase: one message carries it, no trait ever does.

    A second page that opened this widget would be sent all its traits.

    Words: ``label``, ``submit``, ``show``, ``hide``, and perhaps ``hint``, which says
    how to choose a new one and never grades what is typed.
    """

    _esm = BUILT / "secret.js"
    _css = _HERE / "secret.css"
    words = Dict().tag(sync=True)
    new = Bool(False).tag(sync=True)  # choosing one, not entering one: for the browser's manager
    brief = Bool(False).tag(sync=True)  # a code for this page alone: no manager is to keep it
    busy = Bool(False).tag(sync=True)  # working: nothing more is taken
    said = Dict().tag(sync=True)
    """The sentence beneath, with a number, so that the same sentence can be said again."""

    def __init__(
        self,
        words: Mapping[str, str],
        on_secret: Callable[[str], object],
        *,
        new: bool = False,
        brief: bool = False,
    ) -> None:
        super().__init__(words=dict(words), new=new, brief=brief, said={"text": "", "n": 0})
        self._on_secret = on_secret
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Secret()"

    def show_message(self, text: str) -> None:
        """Show one sentence beneath the field, read out to who does not see it."""
        self.said = {"text": text, "n": self.said["n"] + 1}

    def _on_message(self, _secret: Secret, content: object, _buffers: object) -> None:
        match content:
            case {"kind": "secret", "value": str(value)} if value and not self.busy:
                self.busy = True
                try:
                    self._on_secret(value)
                finally:
                    self.busy = False

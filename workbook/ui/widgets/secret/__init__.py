"""A field for a passphrase, which is sent once and not stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from traitlets import Bool, Dict, Unicode

from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent


class Secret(BookWidget):
    """Asks for a passphrase; it is sent in a message and never held in a trait.

    Traits would be sent to every other page that opens this widget.

    Words: ``label``, ``submit``, ``show``, ``hide``, and perhaps ``hint``, which says
    how to choose a new one and never grades what is typed. With ``again``, the label of a
    second field, nothing is sent until both fields hold the same, which ``same`` and
    ``differ`` say while it is typed; both keep their text until the widget is closed.
    With ``suggest`` words are offered: ``use`` puts them into the first field, and
    ``used`` asks to write them down and type them from paper; ``other`` offers new ones.
    """

    _esm = BUILT / "secret.js"
    _css = _HERE / "secret.css"
    words = Dict().tag(sync=True)
    new = Bool(False).tag(sync=True)  # whether a new passphrase is chosen
    brief = Bool(False).tag(sync=True)  # a code for this page: no manager saves it
    busy = Bool(False).tag(sync=True)  # while it works, no input is accepted
    offer = Unicode("").tag(sync=True)  # suggested words; blank: none
    said = Dict().tag(sync=True)
    """The sentence below, with a number, so that the same sentence can be announced again."""

    def __init__(
        self,
        words: Mapping[str, str],
        on_secret: Callable[[str], object],
        *,
        new: bool = False,
        brief: bool = False,
        suggest: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(words=dict(words), new=new, brief=brief, said={"text": "", "n": 0})
        self._on_secret, self._suggest = on_secret, suggest
        if suggest:
            self.offer = suggest()
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Secret()"

    def show_message(self, text: str) -> None:
        """Show one sentence below the field; screen readers announce it."""
        self.said = {"text": text, "n": self.said["n"] + 1}

    def _on_message(self, _secret: Secret, content: object, _buffers: object) -> None:
        match content:
            case {"kind": "secret", "value": str(value)} if value and not self.busy:
                self.busy = True
                try:
                    self._on_secret(value)
                finally:
                    self.busy = False
            case {"kind": "suggest"} if self._suggest:
                self.offer = self._suggest()

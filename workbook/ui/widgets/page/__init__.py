"""The page's own widget: who is at the screen, chapter states, saves and notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict

from workbook.domain.seats import Person
from workbook.ui.widgets import BUILT, BookWidget

_HERE = Path(__file__).parent
_LOOK = _HERE.parents[1] / "look"


@dataclass(frozen=True, slots=True)
class PagePlace:
    """What the app's page shows, or will show once it is unlocked."""

    chapter: str = ""
    """Slug of a chapter of the book; blank: none."""
    step: str = ""
    """Step of the evening; blank: none. Both blank: wherever the evening is."""


class Page(BookWidget):
    """Carries messages between Python and the page around the chapters.

    While the page can be seen, it reports to Python every two seconds how long it has not
    been touched, and which text field is being edited. The app's page says which places
    for forms each chapter has, and which of them it needs; other pages say nothing of it.
    It reports whether somebody has stopped the massage on a cover: ``on_stopped``.

    The page receives messages as events on the document: ``at-alive``, ``at-seat``,
    ``at-chapters``, ``at-evening``, ``at-under-way``, ``at-saved``, ``at-notice``, ``at-go``,
    ``at-leave``.
    In JupyterLab, where no page listens, the widget shows sentences in a line of its own.
    """

    _esm = BUILT / "page.js"
    _css = _HERE / "page.css"
    seat: Any = Dict(default_value=None, allow_none=True).tag(sync=True)
    """Name, colour and shape of the person at the screen; None: the book is locked."""
    chapters = Dict().tag(sync=True)
    """State of a chapter by its slug: ``done``, ``open`` or ``unneeded``."""

    evening = Dict().tag(sync=True)
    """Where the evening is (``state``), how far each of its ``steps`` is in order (``done``,
    ``half``, ``open`` or ``later``), and the step a page opens at (``first``); empty: locked."""

    under_way = Bool(None, allow_none=True).tag(sync=True)
    """Whether the vault has a session under way; None: it is locked."""

    longest = Dict().tag(sync=True)
    """``most`` characters that a text field takes, and what is ``said`` beyond; empty: any."""
    editing = ""
    """Key of the text field that is being edited; blank: none."""

    def __init__(
        self,
        on_pass_screen: Callable[[], None],
        on_page_opened: Callable[[], None] = lambda: None,
        *,
        on_covered: Callable[[], None] = lambda: None,
        on_ping: Callable[[float], None] = lambda _idle: None,
        on_editing_ended: Callable[[], None] = lambda: None,
        on_places: Callable[[Mapping[str, Sequence[str]], PagePlace], None] = lambda *_: None,
        on_forms_needed: Callable[[Sequence[str], PagePlace], None] = lambda *_: None,
        on_stopped: Callable[[bool], None] = lambda _is: None,
    ) -> None:
        super().__init__()
        self._on_pass_screen, self._on_page_opened = on_pass_screen, on_page_opened
        self._on_ping, self._on_editing_ended = on_ping, on_editing_ended
        self._on_places, self._on_forms_needed = on_places, on_forms_needed
        self._on_stopped, self._on_covered = on_stopped, on_covered
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        return "Page()"

    def include_styles(self) -> None:
        """Send the book's style sheet with the widget: outside the app no page has it."""
        names = ("tokens.css", "forms.css", "together.css")
        drawn = _HERE.parent / "shared" / "hands" / "hands.css"
        files = (*(_LOOK / name for name in names), _HERE / "page.css", drawn)
        style = "\n".join(path.read_text(encoding="utf-8") for path in files)
        self._css = style  # type: ignore[assignment] # of an instance it is a trait

    def show_saved(self, text: str) -> None:
        """Show that something is saved; called only after COMMIT."""
        self.send({"kind": "saved", "text": text})

    def show_notice(self, text: str) -> None:
        """Show one sentence."""
        self.send({"kind": "notice", "text": text})

    def go_to_chapter(self, chapter: str) -> None:
        """Open a chapter, named by its slug."""
        self.send({"kind": "go", "chapter": chapter})

    def go_to_step(self, step: str) -> None:
        """Turn to a step of the evening."""
        self.send({"kind": "go", "step": step})

    def scroll_to_top(self) -> None:
        """Scroll to the top: the content there was replaced."""
        self.send({"kind": "top"})

    def print_text(self, title: str, text: str) -> None:
        """Print a title and a text, and nothing else of the page."""
        self.send({"kind": "paper", "title": title, "text": text})

    def end(self, title: str, text: str, *, turn_of: Person | None = None) -> None:
        """Cover the whole page, which ends, and open a new one.

        Args:
            title: in large letters.
            text: below it.
            turn_of: whose turn it is: the new page opens when they tap their mark.

        """
        said: dict[str, object] = {"kind": "leave", "title": title, "text": text}
        if turn_of is not None:
            mark = {"name": turn_of.name, "colour": turn_of.colour, "shape": turn_of.shape}
            said["next"] = mark
        self.send(said)

    def _on_message(self, _page: Page, content: Mapping[str, object], _buffers: object) -> None:
        match content:
            case {"kind": "ping", "n": int(n)}:
                if n == 1:  # the kernel may have been made long before its page
                    self._on_page_opened()
                self.send({"kind": "pong", "n": n})
                idle = content.get("idle")
                self._on_ping(float(idle) if isinstance(idle, (int, float)) else 0.0)
            case {"kind": "editing", "field": str(field)}:
                self.editing = field
                if not field:
                    self._on_editing_ended()
            case {"kind": "places", "chapters": dict(chapters), "chapter": str(c), "step": str(s)}:
                found = {str(slug): _ids(ids) for slug, ids in chapters.items()}
                self._on_places(found, PagePlace(c, s))
            case {"kind": "build", "forms": ids, "chapter": str(c), "step": str(s)}:
                self._on_forms_needed(_ids(ids), PagePlace(c, s))
            case {"kind": "stopped", "is": bool(is_stopped)}:
                self._on_stopped(is_stopped)
            case {"kind": "pass_screen"}:
                self._on_pass_screen()
            case {"kind": "cover"}:
                self._on_covered()


def _ids(found: object) -> list[str]:
    """Return the model ids in a list that came from the page; anything else is left out."""
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []

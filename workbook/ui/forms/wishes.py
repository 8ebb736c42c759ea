"""Wishes: each is shown only where both said yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook.domain.evening import WishAnswers
from workbook.ui.form import Answers, Asked, Desk, options, show
from workbook.ui.widgets.prose import Prose, p


class WishesForm(Asked):
    """A list to tick; what is not ticked is never asked about.

    Args:
        desk: tables and words.
        value: what was ticked.
        asked: keys this round asks about; left out: all of them.
        due: whether a round is asked at all, or the last one was opened a few days ago.

    """

    SHOWS = ("wishes",)

    def __init__(
        self,
        desk: Desk,
        value: WishAnswers,
        asked: Sequence[str] | None = None,
        *,
        due: bool = True,
    ) -> None:
        self._keys = desk.tables.wishes if asked is None else asked
        self._due = due
        self._later = Prose([p(desk.words("forms.wishes_later"))])
        super().__init__(desk, value, self._later)
        self._show()

    def tell(self, asked: Sequence[str], *, due: bool) -> None:
        """Another round is under way, or will be."""
        self._keys, self._due = asked, due
        self._asked.questions = self.questions(self.value)
        self._show()

    def _show(self) -> None:
        show(self._asked, self._due)
        show(self._later, not self._due)

    def questions(self, value: WishAnswers) -> list[dict[str, Any]]:
        """One question with several possible answers; none between two rounds."""
        if not self._due:
            return []
        say = self._desk.words
        return [
            {
                "key": "wished",
                "kind": "many",
                "label": say("forms.wishes_question"),
                "help": say("forms.wishes_help"),
                "options": options(say.table("choices.wishes"), self._keys),
            }
        ]

    def answers(self, value: WishAnswers) -> Answers:
        """The value as the browser's answers."""
        return {"wished": sorted(value.wished)}

    def read(self, answers: Answers) -> WishAnswers:
        """The browser's answers as a value."""
        return WishAnswers(wished=frozenset(answers.get("wished") or ()))

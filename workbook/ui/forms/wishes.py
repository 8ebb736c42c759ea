"""Wishes: each is shown only where both said yes."""

from __future__ import annotations

from typing import Any

from workbook.domain.evening import WishAnswers
from workbook.ui.form import Answers, Asked, options


class WishesForm(Asked):
    """A list to tick; what is not ticked is never asked about."""

    SHOWS = ("wishes",)

    def questions(self, value: WishAnswers) -> list[dict[str, Any]]:
        """One question with several possible answers."""
        say = self._desk.words
        return [
            {
                "key": "wished",
                "kind": "many",
                "label": say("forms.wishes_question"),
                "help": say("forms.wishes_help"),
                "options": options(say.table("choices.wishes"), self._desk.tables.wishes),
            }
        ]

    def answers(self, value: WishAnswers) -> Answers:
        """The value as the browser's answers."""
        return {"wished": sorted(value.wished)}

    def read(self, answers: Answers) -> WishAnswers:
        """The browser's answers as a value."""
        return WishAnswers(wished=frozenset(answers.get("wished") or ()))

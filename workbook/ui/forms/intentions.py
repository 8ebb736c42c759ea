"""What this person would like the evening to be."""

from __future__ import annotations

from typing import Any

from workbook.domain.evening import IntentionAnswers
from workbook.ui.form import Answers, Asked, Desk, area, options
from workbook.ui.guard import guarded


class IntentionsForm(Asked):
    """One aim or several, and what the person expects, in own words."""

    SHOWS = ("intentions",)

    TEXTS = (("expects", "expects"),)

    def __init__(self, desk: Desk, value: IntentionAnswers) -> None:
        self._expects = area(desk.words, "expects", value.expects)
        super().__init__(desk, value, self._expects)
        self._expects.observe(guarded(self._answered, desk.show), "value")

    def questions(self, value: IntentionAnswers) -> list[dict[str, Any]]:
        """One question with several possible answers."""
        say = self._desk.words
        return [
            {
                "key": "chosen",
                "kind": "many",
                "label": say("forms.intentions_question"),
                "help": say("forms.intentions_help"),
                "options": options(say.table("choices.intentions"), self._desk.tables.intentions),
            }
        ]

    def answers(self, value: IntentionAnswers) -> Answers:
        """The value as the browser's answers."""
        return {"chosen": sorted(value.chosen)}

    def read(self, answers: Answers) -> IntentionAnswers:
        """The browser's answers as a value."""
        return IntentionAnswers(
            chosen=frozenset(answers.get("chosen") or ()), expects=self._expects.value
        )

    def _put(self, value: IntentionAnswers) -> None:
        super()._put(value)
        self._expects.value = value.expects

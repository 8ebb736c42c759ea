"""What this person would like the evening to be."""

from __future__ import annotations

from typing import Any

from workbook.domain.evening import IntentionAnswers
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_area, options
from workbook.ui.guard import show_errors


class IntentionsForm(QuestionForm):
    """One aim or several, and what the person expects, in own words."""

    SHOWS = ("intentions",)

    TEXTS = (("expects", "expects"),)

    def __init__(self, context: FormContext, value: IntentionAnswers) -> None:
        self._expects = make_text_area(context.words, "expects", value.expects)
        super().__init__(context, value, self._expects)
        self._expects.observe(show_errors(self._answers_changed, context.show), "value")

    def questions(self, value: IntentionAnswers) -> list[dict[str, Any]]:
        """One question with several possible answers."""
        say = self._context.words
        return [
            {
                "key": "chosen",
                "kind": "many",
                "label": say("forms.intentions_question"),
                "help": say("forms.intentions_help"),
                "options": options(
                    say.table("choices.intentions"), self._context.tables.intentions
                ),
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

    def _fill_fields(self, value: IntentionAnswers) -> None:
        super()._fill_fields(value)
        self._expects.value = value.expects

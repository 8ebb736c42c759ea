"""Intentions: what this person would like the evening to be."""

from __future__ import annotations

from workbook.domain.evening import IntentionAnswers
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm, make_text_area
from workbook.ui.questions import many, options
from workbook.ui.widgets.questions import Question


class IntentionsForm(QuestionForm[IntentionAnswers]):
    """Asks for one or more aims, and for what the person expects, in their own words."""

    SHOWS = ("intentions",)

    TEXTS = (("expects", "expects"),)

    def __init__(self, context: FormContext, value: IntentionAnswers) -> None:
        self._expects = make_text_area(context.words, "expects", value.expects)
        super().__init__(context, value, self._expects)
        self._observe_field(self._expects)

    def questions(self, value: IntentionAnswers) -> list[Question]:
        """Return the question; several answers are possible."""
        say = self._context.words
        aims = options(say.table("choices.intentions"), self._context.tables.intentions)
        below = say("forms.intentions_help")
        return [many("chosen", say("forms.intentions_question"), aims, help=below)]

    def answers(self, value: IntentionAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"chosen": sorted(value.chosen)}

    def read(self, answers: FieldAnswers) -> IntentionAnswers:
        """Return the browser's answers as a value."""
        return IntentionAnswers(
            chosen=frozenset(answers.get("chosen") or ()), expects=self._expects.value
        )

    def _fill_fields(self, value: IntentionAnswers) -> None:
        super()._fill_fields(value)
        self._expects.value = value.expects

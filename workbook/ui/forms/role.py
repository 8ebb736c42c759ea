"""Tonight: who would give, and who would receive."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.evening import TimeAnswers, Willing
from workbook.ui.form import Answers, QuestionForm
from workbook.ui.forms.time import count_today
from workbook.ui.questions import one, options
from workbook.ui.widgets.questions import Question

_WILLING = {
    "give": frozenset({Willing.GIVE}),
    "receive": frozenset({Willing.RECEIVE}),
    "both": frozenset(Willing),
}


class RoleForm(QuestionForm[TimeAnswers]):
    """Asks on every evening for the roles; whatever follows asks for these alone."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return the one question."""
        say = self._context.words.table("forms")
        given = options({key: say[f"role_{key}"] for key in _WILLING}, _WILLING)
        return [one("role", say["role_question"], given, brief=True)]

    def answers(self, value: TimeAnswers) -> Answers:
        """Return a value as the browser's answers; blank if it was given on another date."""
        willing = count_today(value, self._context.today).willing
        return {"role": next((key for key, each in _WILLING.items() if each == willing), None)}

    def read(self, answers: Answers) -> TimeAnswers:
        """Return the browser's answer in the value, dated today."""
        today = self._context.today
        willing = _WILLING.get(answers.get("role") or "", frozenset())
        return replace(count_today(self.value, today), willing=willing, on=today)

"""Tonight: who would give, and who would receive."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.evening import TimeAnswers, Willing
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm
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

    def answers(self, value: TimeAnswers) -> FieldAnswers:
        """Return a value as the browser's answers; blank if it was given on another date."""
        willing = count_today(value, self._context.today).willing
        return {"role": next((key for key, each in _WILLING.items() if each == willing), None)}

    def read(self, answers: FieldAnswers) -> TimeAnswers:
        """Return the browser's answer in the value, dated today."""
        today = self._context.today
        willing = _WILLING.get(answers.get("role") or "", frozenset())
        before = count_today(self.value, today)
        return replace(before, willing=willing, on=today, five_minutes=False)


class ReturnRoleForm(RoleForm):
    """Asks for the roles on a return evening; a second line offers five minutes instead.

    Args:
        context: of the page.
        value: the answers so far.
        offers_five: whether five minutes are offered.

    """

    def __init__(self, context: FormContext, value: TimeAnswers, *, offers_five: bool) -> None:
        self._offers_five = offers_five
        super().__init__(context, value)

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return the question, and the same for five minutes."""
        asked = super().questions(value)
        if not self._offers_five:
            return asked
        say = self._context.words.table("forms")
        five = one("five", say["five_question"], asked[0]["options"], brief=True)
        return [*asked, five]

    def answers(self, value: TimeAnswers) -> FieldAnswers:
        """Return a value as the browser's answers: one of the two lines has the role."""
        role = super().answers(value)["role"]
        five = count_today(value, self._context.today).five_minutes
        return {"role": None if five else role, "five": role if five else None}

    def read(self, answers: FieldAnswers) -> TimeAnswers:
        """Return the browser's answer in the value; the line that changed counts."""
        if answers.get("five") == self.answers(self.value)["five"]:
            return super().read(answers)
        chosen = answers.get("five")
        return replace(super().read({"role": chosen}), five_minutes=bool(chosen))

    def _answers_changed(self) -> None:
        super()._answers_changed()
        with self.silenced():
            self._fill_fields(self.value)  # what was chosen in the other line is gone

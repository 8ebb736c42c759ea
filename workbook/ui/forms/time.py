"""Tonight: for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workbook.domain.evening import TimeAnswers
from workbook.domain.seats import Role
from workbook.domain.shares import MINUTES_OFFERED
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question


def count_today(value: TimeAnswers, today: date) -> TimeAnswers:
    """Return what was said for ``today``; blank if it was said for another date."""
    return value if value.on == today else TimeAnswers()


class TimeForm(QuestionForm[TimeAnswers]):
    """Asks on every evening for the most minutes of a turn, the same for both roles."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return the question, in the words of the roles."""
        say = self._context.words.table("forms")
        minutes = [option(str(m), str(m)) for m in MINUTES_OFFERED]
        return [one("minutes", say[f"minutes_{self._key}"], minutes, brief=True)]

    @property
    def _key(self) -> str:
        """Return "each" for both roles, otherwise the word for the one."""
        if self._roles == frozenset(Role):
            return "each"
        return "receiving" if Role.RECEIVER in self._roles else "giving"

    def answers(self, value: TimeAnswers) -> FieldAnswers:
        """Return a value as the browser's answers; blank if they were given on another date."""
        value = count_today(value, self._context.today)
        given = {
            Role.RECEIVER: value.minutes_receiving,
            Role.GIVER: value.minutes_giving,
        }
        said = {given[role] for role in self._roles}
        minutes = said.pop() if len(said) == 1 else None
        return {"minutes": minutes and str(minutes)}

    def read(self, answers: FieldAnswers) -> TimeAnswers:
        """Return the browser's answers in the value, dated today."""
        value = count_today(self.value, self._context.today)
        minutes = int(answers.get("minutes") or 0) or None
        return replace(
            value,
            minutes_receiving=minutes if Role.RECEIVER in self._roles else value.minutes_receiving,
            minutes_giving=minutes if Role.GIVER in self._roles else value.minutes_giving,
            on=self._context.today,
        )

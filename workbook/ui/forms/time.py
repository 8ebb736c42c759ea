"""Tonight: for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workbook.domain.evening import TimeAnswers
from workbook.domain.seats import Role
from workbook.ui.form import Answers, QuestionForm
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question

MINUTES_OFFERED = (5, 10, 15, 20, 30)


def count_today(value: TimeAnswers, today: date) -> TimeAnswers:
    """Return what was said for ``today``; blank if it was said for another date."""
    return value if value.on == today else TimeAnswers()


class TimeForm(QuestionForm[TimeAnswers]):
    """Asks on every evening for the most minutes of a turn, for each role that was chosen."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return one question for each role."""
        say = self._context.words.table("forms")
        minutes = [option(str(m), str(m)) for m in MINUTES_OFFERED]
        asked = [(Role.RECEIVER, "minutes_receiving"), (Role.GIVER, "minutes_giving")]
        return [
            one(key, say[key], minutes, brief=True) for role, key in asked if role in self._roles
        ]

    def answers(self, value: TimeAnswers) -> Answers:
        """Return a value as the browser's answers; blank if they were given on another date."""
        value = count_today(value, self._context.today)
        return {
            "minutes_receiving": value.minutes_receiving and str(value.minutes_receiving),
            "minutes_giving": value.minutes_giving and str(value.minutes_giving),
        }

    def read(self, answers: Answers) -> TimeAnswers:
        """Return the browser's answers in the value, dated today."""
        today = self._context.today
        return replace(
            count_today(self.value, today),
            minutes_receiving=int(answers.get("minutes_receiving") or 0) or None,
            minutes_giving=int(answers.get("minutes_giving") or 0) or None,
            on=today,
        )

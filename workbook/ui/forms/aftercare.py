"""What would feel good afterwards, chosen before."""

from __future__ import annotations

from typing import Any

from workbook.domain.evening import AftercareAnswers
from workbook.ui.form import Answers, QuestionForm

MINUTES_OFFERED = (5, 10, 20)


class AftercareForm(QuestionForm):
    """Up to four things; changes are free at the end."""

    SHOWS = ("aftercare",)

    def questions(self, value: AftercareAnswers) -> list[dict[str, Any]]:
        """What, and how long."""
        say = self._context.words
        return [
            {
                "key": "aftercare",
                "kind": "many",
                "label": say("forms.aftercare_question"),
                "help": say("forms.aftercare_help"),
                "options": [
                    {"key": key, "label": say(f"aftercare.{key}")}
                    for key in self._context.tables.aftercare
                ],
            },
            {
                "key": "minutes",
                "kind": "one",
                "label": say("forms.aftercare_minutes"),
                "options": [
                    {"key": str(m), "label": say("forms.minutes", minutes=m)}
                    for m in MINUTES_OFFERED
                ],
            },
        ]

    def answers(self, value: AftercareAnswers) -> Answers:
        """The value as the browser's answers."""
        return {"aftercare": list(value.chosen), "minutes": str(value.minutes)}

    def read(self, answers: Answers) -> AftercareAnswers:
        """The browser's answers as a value.

        Raises:
            InvalidAnswer: if more than four are chosen.

        """
        return AftercareAnswers(
            chosen=tuple(answers.get("aftercare") or ()),
            minutes=int(answers.get("minutes") or MINUTES_OFFERED[0]),
        )

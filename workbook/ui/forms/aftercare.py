"""Aftercare: what a person would like afterwards, chosen before."""

from __future__ import annotations

from workbook.domain.evening import AftercareAnswers
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.questions import many, one, option, shown_if
from workbook.ui.widgets.questions import Question

AFTERCARE_MINUTES = (5, 10, 20)


class AftercareForm(QuestionForm[AftercareAnswers]):
    """Asks for up to four kinds of aftercare; the choice does not bind anybody."""

    SHOWS = ("aftercare",)

    def questions(self, value: AftercareAnswers) -> list[Question]:
        """Return the questions: which kinds, and then how long."""
        say = self._context.words
        chosen = [option(key, say(f"aftercare.{key}")) for key in self._context.tables.aftercare]
        minutes = [option(str(m), say("forms.minutes", minutes=m)) for m in AFTERCARE_MINUTES]
        asked = [
            many(
                "aftercare",
                say("forms.aftercare_question"),
                chosen,
                help=say("forms.aftercare_help"),
            ),
            one(
                "minutes",
                say("forms.aftercare_minutes"),
                minutes,
                shown_if=shown_if("aftercare", list(self._context.tables.aftercare)),
                brief=True,
            ),
        ]
        for question in asked:
            question["group"] = say("forms.aftercare_group")
            question["group_line"] = say("forms.aftercare_line")
        return asked

    def answers(self, value: AftercareAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"aftercare": list(value.chosen), "minutes": str(value.minutes)}

    def read(self, answers: FieldAnswers) -> AftercareAnswers:
        """Return the browser's answers as a value.

        Raises:
            InvalidAnswer: if more than four are chosen.

        """
        return AftercareAnswers(
            chosen=tuple(answers.get("aftercare") or ()),
            minutes=int(answers.get("minutes") or AFTERCARE_MINUTES[0]),
        )

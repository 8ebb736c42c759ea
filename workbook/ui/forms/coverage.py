"""Coverage: what stays covered."""

from __future__ import annotations

from workbook.domain.seats import Role
from workbook.domain.techniques import Coverage
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question


class CoverageForm(QuestionForm[Coverage | None]):
    """Asks how much stays covered; of two people's answers the more covered one counts.

    A person who only gives is asked how much they like to see covered: blank means clothes on.
    """

    def questions(self, value: Coverage | None) -> list[Question]:
        """Return the one question."""
        say = self._context.words
        choices = [option(c.value, say(f"coverage.{c}")) for c in Coverage]
        only_gives = self._roles == frozenset({Role.GIVER})
        asked = say("forms.coverage_giving" if only_gives else "forms.coverage_question")
        return [one("coverage", asked, choices, help=say("forms.coverage_help"))]

    def answers(self, value: Coverage | None) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"coverage": value}

    def read(self, answers: FieldAnswers) -> Coverage | None:
        """Return the browser's answers as a value."""
        said = answers.get("coverage")
        return Coverage(said) if said else None

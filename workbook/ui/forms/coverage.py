"""What stays covered."""

from __future__ import annotations

from typing import Any

from workbook.domain.techniques import Coverage
from workbook.ui.form import Answers, QuestionForm


class CoverageForm(QuestionForm):
    """One question; the more covered of two answers holds."""

    def questions(self, value: Coverage | None) -> list[dict[str, Any]]:
        """One choice."""
        say = self._context.words
        return [
            {
                "key": "coverage",
                "kind": "one",
                "label": say("forms.coverage_question"),
                "help": say("forms.coverage_help"),
                "options": [{"key": c.value, "label": say(f"coverage.{c}")} for c in Coverage],
            }
        ]

    def answers(self, value: Coverage | None) -> Answers:
        """The value as the browser's answers."""
        return {"coverage": value}

    def read(self, answers: Answers) -> Coverage | None:
        """The browser's answers as a value."""
        said = answers.get("coverage")
        return Coverage(said) if said else None

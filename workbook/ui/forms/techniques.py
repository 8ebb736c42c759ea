"""Kinds of touch, pace and positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.domain.techniques import Pace, Position, TechniqueAnswers
from workbook.ui.form import Answers, QuestionForm


class TechniquesForm(QuestionForm):
    """Answered once, not area by area; what is not chosen is out everywhere."""

    def questions(self, value: TechniqueAnswers) -> list[dict[str, Any]]:
        """Nothing is chosen beforehand, the gentlest kinds included."""
        say = self._context.words
        areas = self._context.tables.areas.values()
        possible = {code for area in areas for code in area.techniques}  # no place takes tapping
        positions = [{"key": p.value, "label": say(f"positions.{p}")} for p in reversed(Position)]
        return [
            {
                "key": "techniques",
                "kind": "many",
                "label": say("forms.techniques_question"),
                "help": say("forms.techniques_help"),
                "options": [
                    {
                        "key": code,
                        "label": say(f"techniques.{code}.name"),
                        "help": say(f"techniques.{code}.line"),
                    }
                    for code in self._context.tables.techniques
                    if code in possible
                ],
            },
            {
                "key": "pace",
                "kind": "one",
                "label": say("forms.pace_question"),
                "options": [{"key": p.value, "label": say(f"pace.{p}")} for p in Pace],
            },
            {
                "key": "pauses",
                "kind": "many",
                "label": say("forms.pauses_question"),
                "options": [{"key": "yes", "label": say("forms.pauses_yes")}],
            },
            {
                "key": "position",
                "kind": "one",
                "label": say("forms.position_question"),
                "options": positions,
            },
            {
                "key": "positions_out",
                "kind": "many",
                "label": say("forms.positions_out_question"),
                "help": say("forms.positions_out_help"),
                "options": positions,
            },
        ]

    def answers(self, value: TechniqueAnswers) -> Answers:
        """The value as the browser's answers."""
        return {
            "techniques": sorted(value.techniques),
            "pace": value.pace,
            "pauses": ["yes"] if value.pauses else [],
            "position": value.position,
            "positions_out": sorted(value.positions_out),
        }

    def read(self, answers: Answers) -> TechniqueAnswers:
        """The browser's answers as a value."""
        said: Callable[[str], Any] = answers.get
        return TechniqueAnswers(
            techniques=frozenset(said("techniques") or ()),
            pace=Pace(said("pace")) if said("pace") else None,
            pauses=bool(said("pauses")),
            positions_out=frozenset(Position(p) for p in said("positions_out") or ()),
            position=Position(said("position")) if said("position") else None,
        )

"""How firmly, in words."""

from __future__ import annotations

from typing import Any

from workbook.domain.levels import HOME_CAP, Level, PressureAnswers
from workbook.ui.areas import AreaMarks, make_level_brushes
from workbook.ui.form import Answers, FormContext, QuestionForm
from workbook.ui.guard import show_errors

HOME = tuple(level for level in Level if level <= HOME_CAP)


class PressureForm(QuestionForm):
    """A ceiling overall, one as giver, and softer or firmer places where wanted."""

    def __init__(self, context: FormContext, value: PressureAnswers) -> None:
        say = context.words.table("forms")
        self._areas = AreaMarks(
            context.words,
            context.show,
            [a for a in context.tables.areas.values() if a.choosable and a.max > Level.STILL],
            make_level_brushes(context.words, HOME),
            key="areas",
            title=say["pressure_areas"],
            help=say["pressure_areas_help"],
            listed=say["pressure_areas_list"],
            sided=False,
        )
        self._areas.set_marks(_by_area(value))
        super().__init__(context, value, self._areas)
        self._areas.observe(show_errors(self._answers_changed, context.show), "marks")

    def questions(self, value: PressureAnswers) -> list[dict[str, Any]]:
        """Words stand for levels; the strongest is a question of its own."""
        say = self._context.words
        levels = [
            {
                "key": level.name,
                "label": say(f"levels.{level.name.lower()}.name"),
                "help": say(f"levels.{level.name.lower()}.anchor"),
            }
            for level in HOME
        ]
        return [
            {
                "key": "overall",
                "kind": "one",
                "label": say("forms.pressure_overall"),
                "help": say("forms.pressure_help"),
                "options": levels,
            },
            {
                "key": "giving",
                "kind": "one",
                "label": say("forms.pressure_giving"),
                "options": levels,
            },
        ]

    def answers(self, value: PressureAnswers) -> Answers:
        """The value as the browser's answers."""
        return {
            "overall": value.overall.name if value.overall is not None else None,
            "giving": value.giving.name if value.giving is not None else None,
        }

    def read(self, answers: Answers) -> PressureAnswers:
        """The browser's answers as a value, with what map and list say."""
        overall, giving = answers.get("overall"), answers.get("giving")
        return PressureAnswers(
            overall=Level[overall] if overall else None,
            areas={area: Level[name] for area, name in self._areas.marks.items()},
            giving=Level[giving] if giving else None,
        )

    def _fill_fields(self, value: PressureAnswers) -> None:
        super()._fill_fields(value)
        self._areas.set_marks(_by_area(value))


def _by_area(value: PressureAnswers) -> dict[str, str]:
    return {area: level.name for area, level in value.areas.items() if level in HOME}

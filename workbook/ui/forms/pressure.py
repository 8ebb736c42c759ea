"""Pressure: how firmly, in words."""

from __future__ import annotations

from workbook.domain.levels import HOME_CAP, Level, PressureAnswers
from workbook.ui.areas import AreaLayer, AreaMarks, make_level_brushes
from workbook.ui.form import Answers, FormContext, QuestionForm
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question

HOME = tuple(level for level in Level if level <= HOME_CAP)


class PressureForm(QuestionForm[PressureAnswers]):
    """Asks for the highest level as receiver and as giver, and for other levels by area."""

    def __init__(self, context: FormContext, value: PressureAnswers) -> None:
        say = context.words.table("forms")
        self._areas = AreaMarks(
            context.words,
            context.show,
            [a for a in context.tables.areas.values() if a.choosable and a.max > Level.STILL],
            make_level_brushes(context.words, HOME),
            [
                AreaLayer(
                    key="areas",
                    title=say["pressure_areas"],
                    listed=say["pressure_areas_list"],
                )
            ],
            help=say["pressure_areas_help"],
            sided=False,
        )
        self._areas.set_marks({"areas": _by_area(value)})
        super().__init__(context, value, self._areas)
        self._observe_field(self._areas, "marks")

    def questions(self, value: PressureAnswers) -> list[Question]:
        """Return the questions; levels are named in words, the strongest is asked separately."""
        say = self._context.words
        levels = [
            option(
                level.name,
                say(f"levels.{level.name.lower()}.name"),
                say(f"levels.{level.name.lower()}.anchor"),
            )
            for level in HOME
        ]
        return [
            one("overall", say("forms.pressure_overall"), levels, help=say("forms.pressure_help")),
            one("giving", say("forms.pressure_giving"), levels),
        ]

    def answers(self, value: PressureAnswers) -> Answers:
        """Return a value as the browser's answers."""
        return {
            "overall": value.overall.name if value.overall is not None else None,
            "giving": value.giving.name if value.giving is not None else None,
        }

    def read(self, answers: Answers) -> PressureAnswers:
        """Return the browser's answers as a value, with the answers of map and list."""
        overall, giving = answers.get("overall"), answers.get("giving")
        return PressureAnswers(
            overall=Level[overall] if overall else None,
            areas={area: Level[name] for area, name in self._areas.marks["areas"].items()},
            giving=Level[giving] if giving else None,
        )

    def _fill_fields(self, value: PressureAnswers) -> None:
        super()._fill_fields(value)
        self._areas.set_marks({"areas": _by_area(value)})


def _by_area(value: PressureAnswers) -> dict[str, str]:
    return {area: level.name for area, level in value.areas.items() if level in HOME}

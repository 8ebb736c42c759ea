"""How firmly, in words."""

from __future__ import annotations

from typing import Any

from workbook.domain.levels import HOME_CAP, Level, PressureAnswers
from workbook.ui.areas import AreaMarks, level_brushes
from workbook.ui.form import Answers, Asked, Desk
from workbook.ui.guard import guarded

HOME = tuple(level for level in Level if level <= HOME_CAP)


class PressureForm(Asked):
    """A ceiling overall, one as giver, and softer or firmer places where wanted."""

    def __init__(self, desk: Desk, value: PressureAnswers) -> None:
        say = desk.words.table("forms")
        self._areas = AreaMarks(
            desk.words,
            desk.show,
            [a for a in desk.tables.areas.values() if a.choosable and a.max > Level.STILL],
            level_brushes(desk.words, HOME),
            key="areas",
            title=say["pressure_areas"],
            help=say["pressure_areas_help"],
            listed=say["pressure_areas_list"],
            sided=False,
        )
        self._areas.take(_by_area(value))
        super().__init__(desk, value, self._areas)
        self._areas.observe(guarded(self._answered, desk.show), "marks")

    def questions(self, value: PressureAnswers) -> list[dict[str, Any]]:
        """Words stand for levels; the strongest is a question of its own."""
        say = self._desk.words
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

    def _put(self, value: PressureAnswers) -> None:
        super()._put(value)
        self._areas.take(_by_area(value))


def _by_area(value: PressureAnswers) -> dict[str, str]:
    return {area: level.name for area, level in value.areas.items() if level in HOME}

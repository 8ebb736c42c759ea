"""How firmly, in words."""

from __future__ import annotations

from typing import Any

from workbook.domain.limits import HOME_CAP, Level, PressureAnswers
from workbook.ui.form import Answers, Asked

HOME = tuple(level for level in Level if level <= HOME_CAP)


class PressureForm(Asked):
    """A ceiling overall, one as giver, and softer or firmer places where wanted."""

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
        short = [{"key": option["key"], "label": option["label"]} for option in levels]
        areas = [area for area in self._desk.tables.areas.values() if area.choosable]
        asked: list[dict[str, Any]] = [
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
        asked.append(
            {
                "key": "areas",
                "kind": "rows",
                "label": say("forms.pressure_areas"),
                "help": say("forms.pressure_areas_help"),
                "options": short,
                "rows": [
                    {
                        "key": area.key,
                        "label": say(f"areas.names.{area.key}"),
                        "group": say(f"areas.regions.{area.region}"),
                    }
                    for area in areas
                    if area.max > Level.STILL
                ],
            }
        )
        return asked

    def answers(self, value: PressureAnswers) -> Answers:
        """The value as the browser's answers."""
        shown: dict[str, Any] = {
            "overall": value.overall.name if value.overall is not None else None,
            "giving": value.giving.name if value.giving is not None else None,
            "areas": {a: lv.name for a, lv in value.areas.items() if lv in HOME},
        }
        return shown

    def read(self, answers: Answers) -> PressureAnswers:
        """The browser's answers as a value."""
        areas = {a: Level[lv] for a, lv in (answers.get("areas") or {}).items() if lv}
        overall, giving = answers.get("overall"), answers.get("giving")
        return PressureAnswers(
            overall=Level[overall] if overall else None,
            areas=areas,
            giving=Level[giving] if giving else None,
        )

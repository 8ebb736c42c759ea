"""Areas: open or not tonight, once as receiver and once as giver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.domain.limits import AreaAnswers, Mark
from workbook.domain.tables import Area, AreaState
from workbook.ui.form import Answers, Asked

MARKS = (Mark.OPEN, Mark.NOT_TONIGHT, Mark.ANOTHER_EVENING)


class LimitsForm(Asked):
    """Asks about every area and chooses nothing beforehand.

    The list answers for both sides of an area; the value keeps them apart, so
    that a map can answer for one side alone.
    """

    SHOWS = ("areas",)

    def questions(self, value: AreaAnswers) -> list[dict[str, Any]]:
        """The same list twice: where hands may rest on me, where mine may go."""
        say = self._desk.words.table("forms")
        return [
            {
                "key": part,
                "kind": "rows",
                "label": say[f"limits_{part}"],
                "help": say[f"limits_{part}_help"],
                "options": [{"key": m.value, "label": say[f"mark_{m}"]} for m in MARKS],
                "count": {"option": Mark.OPEN.value, "text": say["areas_open"]},
                "rows": [self._row(area) for area in self._desk.tables.areas.values()],
            }
            for part in ("receiving", "giving")
        ]

    def _row(self, area: Area) -> dict[str, Any]:
        say = self._desk.words
        row: dict[str, Any] = {
            "key": area.key,
            "label": say(f"areas.names.{area.key}"),
            "group": say(f"areas.regions.{area.region}"),
        }
        if area.state is AreaState.KEEPOFF:
            row |= {"locked": True, "note": say("forms.area_keepoff")}
        elif area.state is AreaState.LOCKED:
            row |= {"locked": True, "note": say("forms.area_locked")}
        return row

    def answers(self, value: AreaAnswers) -> Answers:
        """The value as the browser's answers; two sides that differ show the stricter one."""
        return {
            "receiving": self._by_area(value.receiving),
            "giving": self._by_area(value.giving),
        }

    def _by_area(self, marks: Mapping[str, Mark]) -> dict[str, str]:
        shown = {}
        for area in self._desk.tables.areas.values():
            said = [marks[part] for part in area.parts if part in marks]
            if said:
                shown[area.key] = next((m for m in said if m is not Mark.OPEN), said[0]).value
        return shown

    def read(self, answers: Answers) -> AreaAnswers:
        """The browser's answers as a value."""
        return AreaAnswers(
            receiving=self._by_part(answers.get("receiving") or {}),
            giving=self._by_part(answers.get("giving") or {}),
        )

    def _by_part(self, marks: Mapping[str, str]) -> dict[str, Mark]:
        areas = self._desk.tables.areas
        return {
            part: Mark(mark)
            for key, mark in marks.items()
            if mark and key in areas and areas[key].choosable
            for part in areas[key].parts
        }

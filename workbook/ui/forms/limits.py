"""Areas: open or not tonight, once as receiver and once as giver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.ui.areas import AreaMarks
from workbook.ui.form import Desk, Form
from workbook.ui.guard import guarded
from workbook.ui.widgets.body_map import Look

PARTS = ("receiving", "giving")

LOOKS: Mapping[AreaMark, Look] = {
    AreaMark.OPEN: "solid",
    AreaMark.NOT_TONIGHT: "hatch",
    AreaMark.ANOTHER_EVENING: "dots",
}
"""Every mark with its pattern on the map."""


class LimitsForm(Form):
    """Asks about every area and chooses nothing beforehand, on a map and in a list."""

    SHOWS = ("areas",)

    def __init__(self, desk: Desk, value: AreaAnswers) -> None:
        self._taking = False
        self._asked = {part: self._part(desk, part) for part in PARTS}
        self._put(value)
        super().__init__(list(self._asked.values()), value=value)
        for part, asked in self._asked.items():
            asked.observe(guarded(partial(self._answered, part), desk.show), "marks")

    def _part(self, desk: Desk, part: str) -> AreaMarks:
        """Where hands may rest on me, or where mine may go."""
        say = desk.words.table("forms")
        return AreaMarks(
            desk.words,
            desk.show,
            desk.tables.areas.values(),
            [{"key": m.value, "label": say[f"mark_{m}"], "look": LOOKS[m]} for m in LOOKS],
            key=part,
            title=say[f"limits_{part}"],
            help=say[f"limits_{part}_help"],
            listed=say[f"limits_{part}_list"],
            count={"option": AreaMark.OPEN.value, "text": say["areas_open"]},
        )

    def take(self, value: object) -> None:
        """Show a value saved elsewhere."""
        if value != self.value:
            self._put(value)
            self.value = value

    def _put(self, value: Any) -> None:
        self._taking = True
        try:
            for part, asked in self._asked.items():
                marks: Mapping[str, AreaMark] = getattr(value, part)
                asked.take({at: mark.value for at, mark in marks.items()})
        finally:
            self._taking = False

    def _answered(self, part: str, change: Any) -> None:
        if not self._taking:
            said = {at: AreaMark(mark) for at, mark in change.new.items()}
            self.value = replace(self.value, **{part: said})

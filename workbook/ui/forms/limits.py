"""Areas: open or not tonight, once as receiver and once as giver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.ui.areas import AreaMarks
from workbook.ui.form import Form, FormContext
from workbook.ui.guard import observe_change
from workbook.ui.widgets.body_map import MapPattern

ROLES = ("receiving", "giving")

MARK_PATTERNS: Mapping[AreaMark, MapPattern] = {
    AreaMark.OPEN: "solid",
    AreaMark.NOT_TONIGHT: "hatch",
    AreaMark.ANOTHER_EVENING: "dots",
}
"""Every mark with its pattern on the map."""


class LimitsForm(Form):
    """Asks about every area on a map and in a list; nothing is preselected."""

    SHOWS = ("areas",)

    def __init__(self, context: FormContext, value: AreaAnswers) -> None:
        self._question_group = {part: self._make_marks(context, part) for part in ROLES}
        self._fill_fields(value)
        super().__init__(list(self._question_group.values()), value=value)
        for part, asked in self._question_group.items():
            observe_change(asked, "marks", partial(self._marks_changed, part), context.show)

    def _make_marks(self, context: FormContext, part: str) -> AreaMarks:
        """Return the map and list for areas that a person receives on, or gives on."""
        say = context.words.table("forms")
        return AreaMarks(
            context.words,
            context.show,
            context.tables.areas.values(),
            [
                {"key": m.value, "label": say[f"mark_{m}"], "look": MARK_PATTERNS[m]}
                for m in MARK_PATTERNS
            ],
            key=part,
            title=say[f"limits_{part}"],
            help=say[f"limits_{part}_help"],
            listed=say[f"limits_{part}_list"],
            count={"option": AreaMark.OPEN.value, "text": say["areas_open"]},
        )

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere."""
        if isinstance(value, AreaAnswers) and value != self.value:
            self._fill_fields(value)
            self.value = value

    def _fill_fields(self, value: AreaAnswers) -> None:
        with self.silenced():
            for part, asked in self._question_group.items():
                marks: Mapping[str, AreaMark] = getattr(value, part)
                asked.set_marks({at: mark.value for at, mark in marks.items()})

    def _marks_changed(self, part: str, _old: Mapping[str, str], new: Mapping[str, str]) -> None:
        if not self.is_silenced:
            said = {at: AreaMark(mark) for at, mark in new.items()}
            self.value = replace(self.value, **{part: said})

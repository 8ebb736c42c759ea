"""Pressure: how firmly, in words."""

from __future__ import annotations

from workbook.content.words import name_level
from workbook.domain.levels import HOME_LEVELS, Level, PressureAnswers
from workbook.domain.seats import Role
from workbook.ui.alike import AlikeForm
from workbook.ui.areas import AreaLayer, AreaMarks, make_level_brushes
from workbook.ui.form import FieldAnswers, FormContext, make_button, set_visible
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question


class PressureForm(AlikeForm[PressureAnswers]):
    """Asks for the highest level as receiver and as giver, and for other levels by area."""

    def __init__(self, context: FormContext, value: PressureAnswers) -> None:
        say = context.words.table("forms")
        self._areas = AreaMarks(
            context.words,
            context.show,
            [a for a in context.tables.areas.values() if a.choosable and a.max > Level.STILL],
            make_level_brushes(context.words, HOME_LEVELS),
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
        self._more = make_button(say["pressure_areas"], self._show_areas, context.show)
        self._more.add_class("at-link-button")
        self._shows_areas = bool(value.areas)
        super().__init__(context, value, self._more, self._areas)
        self._render_areas()
        self._observe_field(self._areas, "marks")

    def questions(self, value: PressureAnswers) -> list[Question]:
        """Return the questions; levels are named in words, the strongest is asked separately."""
        say = self._context.words
        levels = [
            option(
                level.name,
                name_level(say, level),
                say(f"levels.{level.name.lower()}.anchor"),
            )
            for level in HOME_LEVELS
        ]
        return self.ask_each_role(
            one("overall", say("forms.pressure_overall"), levels),
            one("giving", say("forms.pressure_giving"), levels),
        )

    def answers(self, value: PressureAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {
            "overall": value.overall.name if value.overall is not None else None,
            "giving": value.giving.name if value.giving is not None else None,
            "alike": self.show_if_alike(value.overall, value.giving),
        }

    def read(self, answers: FieldAnswers) -> PressureAnswers:
        """Return the browser's answers as a value, with the answers of map and list."""
        value: PressureAnswers = self.value
        said = [answers.get(key) for key in ("overall", "giving")]
        overall, giving = self.choose_by_role(
            answers,
            (value.overall, value.giving),
            (Level[said[0]] if said[0] else None, Level[said[1]] if said[1] else None),
        )
        areas = {area: Level[name] for area, name in self._areas.marks["areas"].items()}
        return PressureAnswers(overall=overall, areas=areas, giving=giving)

    def _fill_fields(self, value: PressureAnswers) -> None:
        super()._fill_fields(value)
        self._areas.set_marks({"areas": _by_area(value)})
        self._render_areas()

    def _show_areas(self) -> None:
        self._shows_areas = True
        self._render_areas()

    def _render_areas(self) -> None:
        """Show the map to a receiver who has levels by area, or who asks for it."""
        is_asked = Role.RECEIVER in self._roles
        shows = is_asked and (self._shows_areas or bool(self.value.areas))
        set_visible(self._areas, shown=shows)
        set_visible(self._more, shown=is_asked and not shows)


def _by_area(value: PressureAnswers) -> dict[str, str]:
    return {area: level.name for area, level in value.areas.items() if level in HOME_LEVELS}

"""Areas: open or not tonight, once as receiver and once as giver."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.domain.areas import AreaAnswers, AreaMark
from workbook.domain.seats import Role
from workbook.ui.areas import AreaLayer, AreaMarks
from workbook.ui.form import Form, FormContext
from workbook.ui.guard import observe_change
from workbook.ui.widgets.body_map import MapOffer, MapPattern, MapWho

RECEIVING, GIVING = "receiving", "giving"

LAYERS: Mapping[Role, str] = {Role.RECEIVER: RECEIVING, Role.GIVER: GIVING}
"""The field of the answers for every role, in the order of asking."""

MARK_PATTERNS: Mapping[AreaMark, MapPattern] = {
    AreaMark.OPEN: "solid",
    AreaMark.NOT_TONIGHT: "hatch",
    AreaMark.GENTLY_AROUND: "cross",
    AreaMark.ANOTHER_EVENING: "dots",
}
"""Every mark with its pattern on the map."""

SUGGESTED = ("shoulder_tops", "shoulder_blades", "mid_back", "low_back")
"""Areas that a button opens where nothing was said: shoulders and back."""


class LimitsForm(Form):
    """Asks about every area on one map, or in a list; nothing is preselected."""

    SHOWS = ("areas",)

    def __init__(self, context: FormContext, value: AreaAnswers) -> None:
        self._marks = self._make_marks(context)
        self._fill_fields(value)
        super().__init__([self._marks], value=value)
        observe_change(self._marks, "marks", self._marks_changed, context.show)

    def _make_marks(self, context: FormContext) -> AreaMarks:
        say = context.words.table("forms")
        return AreaMarks(
            context.words,
            context.show,
            context.tables.areas.values(),
            [
                {
                    "key": mark.value,
                    "label": say[f"mark_{mark}"],
                    "look": look,
                    "closes": mark is not AreaMark.OPEN,
                }
                for mark, look in MARK_PATTERNS.items()
            ],
            [_make_layer(context, key) for key in LAYERS.values()],
            note=say["limits_blank"],
            offers=_make_offers(context),
            count={"option": AreaMark.OPEN.value, "text": say["areas_open"]},
            heading=False,
        )

    def ask_roles(self, roles: frozenset[Role]) -> None:
        """Ask only as receiver, only as giver, or as both; an empty set means both."""
        self._marks.show_layers([LAYERS[role] for role in LAYERS if role in roles or not roles])

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere."""
        if isinstance(value, AreaAnswers) and value != self.value:
            self._fill_fields(value)
            self.value = value

    def _fill_fields(self, value: AreaAnswers) -> None:
        with self.silenced():
            self._marks.set_marks(
                {
                    RECEIVING: {at: mark.value for at, mark in value.receiving.items()},
                    GIVING: {at: mark.value for at, mark in value.giving.items()},
                }
            )

    def _marks_changed(self, _old: object, new: Mapping[str, Mapping[str, str]]) -> None:
        if not self.is_silenced:
            said = {
                key: {at: AreaMark(mark) for at, mark in marks.items()}
                for key, marks in new.items()
            }
            self.value = AreaAnswers(**said)


def _make_layer(context: FormContext, key: str) -> AreaLayer:
    say, me = context.words.table("forms"), context.me
    who: MapWho = {
        "text": context.words(f"forms.limits_{key}_who", name=me.name),
        "colour": me.colour,
        "shape": me.shape,
    }
    return AreaLayer(
        key=key,
        title=say[f"limits_{key}"],
        listed=say[f"limits_{key}_list"],
        label=say[f"limits_{key}_label"],
        who=who,
    )


def _make_offers(context: FormContext) -> list[MapOffer]:
    """Return the buttons that fill what is blank; none of them acts by itself."""
    say, areas = context.words.table("forms"), context.tables.areas
    suggested = {part: AreaMark.OPEN.value for key in SUGGESTED for part in areas[key].parts}
    return [
        {
            "key": "suggested",
            "line": say["limits_suggested_line"],
            "label": say["limits_suggested"],
            "said": say["limits_suggested_said"],
            "marks": suggested,
        },
        {
            "key": "same",
            "label": say["limits_same"],
            "said": say["limits_same_said"],
            "layer": RECEIVING,
            "into": GIVING,
        },
    ]

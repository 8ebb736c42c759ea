"""The debrief: each person alone says thanks, what they want more or less of, and comfort."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.domain.learning import Debrief
from workbook.domain.levels import Level
from workbook.ui.areas import make_map_places
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_area
from workbook.ui.guard import observe_change
from workbook.ui.questions import many, option, scale
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.questions import Question


class DebriefForm(QuestionForm[Debrief]):
    """Asks in private; only thanks and "more of" are shown, once both have written.

    "A bit less" is never shown to the partner: it becomes a setting.
    """

    TEXTS = (("thanks", "thanks"), ("note", "note"))

    def __init__(self, context: FormContext, value: Debrief, felt: Mapping[str, Level]) -> None:
        self._felt = felt
        self._thanks = make_text_area(context.words, "thanks", value.thanks)
        self._note = make_text_area(context.words, "note", value.note)
        say, areas = context.words, [context.tables.areas[area] for area in felt]
        self._map = BodyMap(
            say("forms.debrief_map"),
            make_map_places(areas, say, sided=False),
            [
                {"key": "more", "label": say("forms.debrief_map_more"), "look": "solid"},
                {"key": "less", "label": say("forms.debrief_map_less"), "look": "dots"},
            ],
            say.table("body_map"),
        )
        super().__init__(context, value)
        figure = [self._map] if areas else []
        self.children = [self._thanks, *figure, self._question_group, self._note]
        self._render_map()
        observe_change(self._map, "marks", self._map_changed, context.show)
        for field in (self._thanks, self._note):
            self._observe_field(field)

    def questions(self, value: Debrief) -> list[Question]:
        """Return the questions; only the receiver is asked about the evening's areas."""
        say = self._context.words
        areas = [option(a, say(f"areas.names.{a}")) for a in self._felt]
        asked: list[Question] = []
        if areas:
            asked.append(many("more", say("forms.debrief_more"), areas))
            less_help = say("forms.debrief_less_help")
            asked.append(many("less", say("forms.debrief_less"), areas, help=less_help))
        for key in ("body", "free"):
            label, below = say(f"forms.debrief_{key}"), say(f"forms.debrief_{key}_help")
            asked.append(scale(key, label, 0, 10, help=below))
        return asked

    def _render_map(self) -> None:
        """Show the lists' answers on the map; an area in both lists is marked as "less"."""
        said = self._question_group.answers
        marks = {area: key for key in ("more", "less") for area in said.get(key) or ()}
        self._map_marks = marks
        self._map.marks = marks

    def _map_changed(self, _old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Take over into the lists only what was changed on the map."""
        if new == self._map_marks:
            return
        said = dict(self._question_group.answers)
        for place in self._felt:
            mark = new.get(place)
            if mark != self._map_marks.get(place):
                for key in ("more", "less"):
                    listed = [a for a in said.get(key) or () if a != place]
                    said[key] = [*listed, place] if key == mark else listed
        self._question_group.answers = said

    def _answers_changed(self) -> None:
        self._render_map()
        super()._answers_changed()

    def answers(self, value: Debrief) -> Answers:
        """Return a value as the browser's answers."""
        return {
            "more": sorted(value.more),
            "less": sorted(value.less),
            "body": value.body,
            "free": value.free,
        }

    def read(self, answers: Answers) -> Debrief:
        """Return the browser's answers as a value; "less" is saved with the level that was felt."""
        said = answers.get
        body, free = said("body"), said("free")
        return Debrief(
            on=self.value.on,
            thanks=self._thanks.value,
            more=frozenset(said("more") or ()),
            less={a: self._felt[a] for a in said("less") or () if a in self._felt},
            body=None if body is None else int(body),
            free=None if free is None else int(free),
            note=self._note.value,
        )

    def _fill_fields(self, value: Debrief) -> None:
        super()._fill_fields(value)
        self._thanks.value, self._note.value = value.thanks, value.note

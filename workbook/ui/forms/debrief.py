"""The debrief: each person alone says what they want more or less of, and how free they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbook.domain.learning import SHOWN_NOTE, Debrief, Stayed
from workbook.domain.levels import Level
from workbook.domain.text import is_blank
from workbook.ui.areas import make_map_places
from workbook.ui.form import (
    FieldAnswers,
    FormContext,
    QuestionForm,
    make_button,
    make_text_area,
    read_choice,
    set_visible,
)
from workbook.ui.forms.plan_blocks import state_intention
from workbook.ui.forms.resources import SomewhereToTurn
from workbook.ui.guard import observe_change
from workbook.ui.questions import many, one, option, options, scale
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.prose import Block, Prose, notice, p
from workbook.ui.widgets.questions import Question, Questions

_YES = "yes"


class DebriefForm(QuestionForm[Debrief]):
    """Asks in private; the partner reads only the lines that are marked to be shown to them.

    "A bit less" cannot be marked: it becomes a setting, and may be said aloud. A no that was
    not easy is answered at once, with Help, and with an offer that sets nothing by itself.

    Args:
        context: tables, words and people.
        value: the debrief as it is saved.
        felt: by area, the highest level that this person felt tonight; empty for a giver.
        intention: what both had settled on; blank: nothing.
        gave: the highest level at which this person gave tonight; None: they did not.

    Source: B-40, A-85, A-86; SS-31; design ("A no that was not easy")

    """

    TEXTS = (("note", "note"),)

    def __init__(
        self,
        context: FormContext,
        value: Debrief,
        felt: Mapping[str, Level],
        intention: str = "",
        *,
        gave: Level | None = None,
    ) -> None:
        self._felt, self._gave = felt, gave
        self._settled = state_intention(context.words, intention)
        self._note = make_text_area(context.words, "note", value.note)
        words = dict(context.words.table("questions"))
        self._offer, self._lines = Questions([], {}, words), Questions([], {}, words)
        self._aloud, self._reply = Prose(), Prose()
        self._turn_to = SomewhereToTurn(context)
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
        self._to_map = make_button(say("forms.debrief_map"), self._show_map, context.show)
        self._to_map.add_class("at-link-button")
        set_visible(self._map, shown=False)
        figure = [self._to_map, self._map] if areas else []
        below = [self._aloud, self._reply, self._turn_to, self._offer, self._note, self._lines]
        self.children = [self._question_group, *figure, *below]
        self._render_map()
        self._render_below()
        observe_change(self._map, "marks", self._map_changed, context.show)
        self._observe_field(self._note)
        self._observe_field(self._offer, "answers")
        self._observe_field(self._lines, "answers")

    def questions(self, value: Debrief) -> list[Question]:
        """Return the questions; only the receiver is asked about the evening's areas."""
        say = self._context.words
        areas = [option(a, say(f"areas.names.{a}")) for a in self._felt]
        asked: list[Question] = []
        if self._settled:
            stayed = options(say.table("choices.stayed"), Stayed)
            asked.append(one("stayed", say("forms.debrief_stayed", settled=self._settled), stayed))
        if areas:
            asked.append(many("more", say("forms.debrief_more"), areas))
            less_help = say("forms.debrief_less_help")
            asked.append(many("less", say("forms.debrief_less"), areas, help=less_help))
        if self._gave:
            choice = [option(_YES, say("forms.debrief_give_less_yes"))]
            below = say("forms.debrief_give_less_help")
            asked.append(many("give_less", say("forms.debrief_give_less"), choice, help=below))
        for key in ("body", "free"):
            label, below = say(f"forms.debrief_{key}"), say(f"forms.debrief_{key}_help")
            asked.append(scale(key, label, 0, 10, help=below))
        return asked

    # What follows from the answers ----------------------------------------------------------

    def _render_below(self) -> None:
        """Show what stands below the questions, as the answers are now."""
        value: Debrief = self.value
        with self.silenced():
            self._aloud.set_blocks(*self._list_aloud(value))
            self._reply.set_blocks(*self._list_reply(value))
            self._turn_to.show_if(self._is_hard(value.free))
            self._offer.questions = self._offer_question(value)
            self._offer.answers = {"gentler": [_YES] if value.gentler else []}
            self._lines.questions = self._line_question(value)
            self._lines.answers = {"shown": [k for k in self._line_keys(value) if k in value.shown]}

    def _list_aloud(self, value: Debrief) -> list[Block]:
        """A sentence with which somebody may say "a bit less" aloud."""
        if not value.less:
            return []
        say = self._context.words
        areas = say.language.join_names(
            say.language.lower_name(say(f"areas.names.{area}")) for area in sorted(value.less)
        )
        return [p(say("forms.debrief_aloud", areas=areas))]

    def _is_hard(self, free: int | None) -> bool:
        """Whether a no was not easy."""
        return free is not None and free <= self._context.tables.settings["free_low"].default

    def _list_reply(self, value: Debrief) -> list[Block]:
        if not self._is_hard(value.free):
            return []
        say = self._context.words
        return [notice(say("forms.debrief_free_reply"), "#help", say("forms.help"))]

    def _offer_question(self, value: Debrief) -> list[Question]:
        if not self._is_hard(value.free) or not self._felt:
            return []
        say = self._context.words
        choice = [option(_YES, say("forms.debrief_gentler_yes"))]
        label, below = say("forms.debrief_gentler"), say("forms.debrief_gentler_help")
        return [many("gentler", label, choice, help=below)]

    def _line_keys(self, value: Debrief) -> list[str]:
        """Keys of the lines that can be shown to the partner."""
        note = [] if is_blank(value.note) else [SHOWN_NOTE]
        return [*(area for area in self._felt if area in value.more), *note]

    def _line_question(self, value: Debrief) -> list[Question]:
        keys, say = self._line_keys(value), self._context.words
        if not keys:
            return []
        name = self._context.partner.name
        choices = [option(key, self._describe_line(key)) for key in keys]
        label = say("forms.debrief_show", name=name)
        return [many("shown", label, choices, help=say("forms.debrief_show_help", name=name))]

    def _describe_line(self, key: str) -> str:
        say = self._context.words
        if key == SHOWN_NOTE:
            return say("forms.debrief_show_note")
        return say("forms.debrief_show_more", area=say(f"areas.names.{key}"))

    def _show_map(self) -> None:
        """Show the figure, on which the two lists can be answered as well."""
        set_visible(self._map, shown=True)
        set_visible(self._to_map, shown=False)

    # The map --------------------------------------------------------------------------------

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

    # Value and fields -----------------------------------------------------------------------

    def _answers_changed(self) -> None:
        self._render_map()
        super()._answers_changed()
        if not self.is_silenced:
            self._render_below()

    def answers(self, value: Debrief) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {
            "more": sorted(value.more),
            "less": sorted(value.less),
            "give_less": [] if value.give_less is None else [_YES],
            "body": value.body,
            "free": value.free,
            "stayed": value.stayed,
        }

    def read(self, answers: FieldAnswers) -> Debrief:
        """Return the browser's answers as a value.

        "Less" and "gentler" are saved with the level that was felt. A line that is no longer
        there is no longer shown.
        """
        said = answers.get
        body, free = said("body"), said("free")
        free = None if free is None else int(free)
        is_gentler = self._is_hard(free) and bool(self._offer.answers.get("gentler"))
        value = replace(
            self.value,
            more=frozenset(said("more") or ()),
            less={a: self._felt[a] for a in said("less") or () if a in self._felt},
            give_less=self._gave if said("give_less") else None,
            body=None if body is None else int(body),
            free=free,
            note=self._note.value,
            gentler=dict(self._felt) if is_gentler else {},
            stayed=read_choice(Stayed, answers, "stayed"),
        )
        shown = set(self._lines.answers.get("shown") or ())
        return replace(value, shown=frozenset(shown & set(self._line_keys(value))))

    def _fill_fields(self, value: Debrief) -> None:
        super()._fill_fields(value)
        self._note.value = value.note
        self._render_below()

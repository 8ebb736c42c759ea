"""Kinds of touch, pace, and how the guide asks."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.seats import Role
from workbook.domain.techniques import GentlerChoice, Pace, TechniqueAnswers
from workbook.ui.alike import AlikeForm
from workbook.ui.drawn import draw_on_back
from workbook.ui.form import FieldAnswers, FormContext, make_button, read_choice, set_visible
from workbook.ui.questions import many, one, option
from workbook.ui.strokes import first_stroke
from workbook.ui.widgets.pictured import PicturedQuestions
from workbook.ui.widgets.questions import Question, Questions


class TechniquesForm(AlikeForm[TechniqueAnswers]):
    """Asks each role once for all areas; a technique that is not chosen is used nowhere."""

    def __init__(self, context: FormContext, value: TechniqueAnswers) -> None:
        self._offers_less = False
        """Whether fewer questions can be chosen."""
        self._shows_asking = _has_said_how(value)
        self._more = make_button(
            context.words("forms.how_guide_asks"), self._show_asking, context.show
        )
        self._more.add_class("at-link-button")
        super().__init__(context, value, self._more)
        set_visible(self._more, shown=not self._shows_asking)

    def offer_less(self, is_offered: bool) -> None:  # noqa: FBT001 - it says what it is
        """Ask, or no longer ask, whether fewer questions are welcome."""
        if is_offered is not self._offers_less:
            self._offers_less = is_offered
            self._render_questions()

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of the topic, or on another page."""
        super().set_value(value)
        if _has_said_how(self.value):
            self._show_asking()

    def _show_asking(self) -> None:
        """Ask about still moments and questions as well, which most people leave as they are."""
        if not self._shows_asking:
            self._shows_asking = True
            set_visible(self._more, shown=False)
            self._render_questions()

    def _render_questions(self) -> None:
        with self.silenced():
            self._question_group.questions = self.questions(self.value)

    def questions(self, value: TechniqueAnswers) -> list[Question]:
        """Return the questions; nothing is preselected, not even the gentlest techniques."""
        say = self._context.words
        offered = self._list_offered()
        plain = [option(code, say(f"techniques.{code}.name")) for code in offered]
        pictured = [
            option(code, say(f"techniques.{code}.name"), say(f"techniques.{code}.line"), code)
            for code in offered
        ]
        # With both roles the pictures stand once, above; below them names are enough.
        is_both = self._roles == frozenset(Role)
        giving = plain if is_both else pictured
        return [
            *self.ask_each_role(
                many("techniques", say("forms.techniques_question"), pictured),
                many("giving", say("forms.techniques_giving"), giving, brief=is_both),
            ),
            one(
                "pace",
                say("forms.pace_question"),
                [option(p.value, say(f"pace.{p}")) for p in Pace],
                brief=True,
            ),
            *(self._ask_how_guide_asks() if self._shows_asking else ()),
            *self._ask_about_less(),
        ]

    def _ask_how_guide_asks(self) -> list[Question]:
        say = self._context.words
        return [
            many(
                "pauses",
                say("forms.pauses_question"),
                [option("yes", say("forms.pauses_yes"))],
                brief=True,
            ),
            one(
                "guarded",
                say("forms.guarded_question"),
                [option("no", say("forms.guarded_no")), option("yes", say("forms.guarded_yes"))],
                help=say("forms.guarded_help"),
            ),
            self._ask_about_gentler(),
        ]

    def _list_offered(self) -> list[str]:
        """Return the codes of the techniques that some area allows; tapping is none of them."""
        tables = self._context.tables
        possible = {code for area in tables.areas.values() for code in area.techniques}
        return [code for code in tables.techniques if code in possible]

    def _make_group(
        self, questions: list[Question], answers: dict[str, object], words: dict[str, str]
    ) -> Questions:
        tables, say = self._context.tables, self._context.words
        pictures = {
            code: draw_on_back(tables, say, first_stroke(tables, code), outlined=False)
            for code in self._list_offered()
        }
        return PicturedQuestions(pictures, questions=questions, answers=answers, words=words)

    def _ask_about_less(self) -> list[Question]:
        if not self._offers_less or Role.RECEIVER not in self._roles:
            return []
        say = self._context.words
        return [
            many(
                "asks_less",
                say("forms.asks_less_question"),
                [option("yes", say("forms.asks_less_yes"))],
                help=say("forms.asks_less_help"),
            )
        ]

    def _ask_about_gentler(self) -> Question:
        say = self._context.words
        offered = [each for each in GentlerChoice if each in self._list_gentler()]
        return many(
            "gentler",
            say("forms.gentler_question"),
            [option(each.value, say(f"forms.gentler_{each}")) for each in offered],
        )

    def _list_gentler(self) -> frozenset[GentlerChoice]:
        """Return what the roles that are asked can choose."""
        for_receiver = {GentlerChoice.GENTLE_EVENING, GentlerChoice.PLAIN_STROKES}
        return frozenset(GentlerChoice) - (set() if Role.RECEIVER in self._roles else for_receiver)

    def answers(self, value: TechniqueAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {
            "techniques": sorted(value.techniques),
            "giving": sorted(value.for_giving),
            "alike": self.show_if_alike(value.techniques, value.for_giving),
            "pace": value.pace,
            "pauses": ["yes"] if value.pauses else [],
            "guarded": None if value.guarded is None else "yes" if value.guarded else "no",
            "asks_less": ["yes"] if value.asks_less else [],
            "gentler": sorted(value.gentler & self._list_gentler()),
        }

    def read(self, answers: FieldAnswers) -> TechniqueAnswers:
        """Return the browser's answers in the value; what ``PositionsForm`` asks is kept."""
        said = answers.get
        guarded = {"yes": True, "no": False}.get(str(said("guarded")))
        value: TechniqueAnswers = self.value
        receiving, giving = self.choose_by_role(
            answers,
            (value.techniques, value.for_giving),
            (frozenset(said("techniques") or ()), frozenset(said("giving") or ())),
        )
        return replace(
            value,
            techniques=receiving,
            giving=giving,
            asked_apart=True,
            pace=read_choice(Pace, answers, "pace"),
            pauses=bool(said("pauses")),
            guarded=guarded,
            asks_less=bool(said("asks_less")) if self._offers_less else value.asks_less,
            gentler=(value.gentler - self._list_gentler())
            | {GentlerChoice(each) for each in said("gentler") or ()},
        )


def _has_said_how(value: TechniqueAnswers) -> bool:
    """Return whether anything was said about still moments, questions, or being gentler."""
    return value.pauses or value.guarded is not None or bool(value.gentler)

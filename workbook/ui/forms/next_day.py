"""The questions on the day after; the answers are private."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.learning import NextDay, Skin, Soreness
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm, make_text_field, read_choice
from workbook.ui.questions import many, one, option, shown_if
from workbook.ui.widgets.prose import Prose, notice, p
from workbook.ui.widgets.questions import Question


class NextDayForm(QuestionForm[NextDay]):
    """Asks about the day after; an answer can close a product, lower a level or show a warning."""

    TEXTS = (("mood", "next_mood"),)

    def __init__(self, context: FormContext, value: NextDay) -> None:
        self._mood = make_text_field(context.words, "next_mood", value.mood)
        self._reply = Prose()
        super().__init__(context, value, self._mood, self._reply)
        self._observe_field(self._mood)
        self.observe(lambda _change: self._render_reply(), "value")
        self._render_reply()

    def questions(self, value: NextDay) -> list[Question]:
        """Return the questions: skin, muscles and hands, and whether it was a good evening."""
        say = self._context.words
        sore = [option(s.value, say(f"forms.soreness_{s}")) for s in reversed(Soreness)]
        areas = [option(a, say(f"areas.names.{a}")) for a in sorted(value.touched)]
        tender = shown_if("soreness", Soreness.TENDER.value)
        muscles = [
            one("soreness", say("forms.next_soreness"), sore, brief=True),
            many("sore_areas", say("forms.next_where"), areas, shown_if=tender),
        ]
        gave = value.gave is not None
        skin = [option(s.value, say(f"forms.skin_{s}")) for s in Skin]
        glad = [option(key, say(f"forms.glad_{key}")) for key in ("yes", "no")]
        return [
            one("skin", say("forms.next_skin"), skin, brief=True),
            *(muscles if value.touched else ()),
            *([one("hands", say("forms.next_hands"), sore, brief=True)] if gave else ()),
            one("glad", say("forms.next_glad"), glad, brief=True),
        ]

    def answers(self, value: NextDay) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {
            "skin": value.skin,
            "soreness": value.soreness,
            "sore_areas": sorted(value.sore_areas),
            "hands": value.hands,
            "glad": None if value.glad is None else ("yes" if value.glad else "no"),
        }

    def read(self, answers: FieldAnswers) -> NextDay:
        """Return the browser's answers as a value."""
        said = answers.get
        glad = said("glad")
        return replace(
            self.value,
            skin=read_choice(Skin, answers, "skin"),
            soreness=read_choice(Soreness, answers, "soreness"),
            sore_areas=frozenset(said("sore_areas") or ()),
            hands=read_choice(Soreness, answers, "hands"),
            glad=None if glad is None else glad == "yes",
            mood=self._mood.value,
        )

    def _fill_fields(self, value: NextDay) -> None:
        super()._fill_fields(value)
        self._mood.value = value.mood

    def _render_reply(self) -> None:
        say, value = self._context.words, self.value
        blocks = []
        if value.skin is Skin.REACTED:
            blocks.append(notice(say("forms.next_skin_reply"), "#help", say("forms.help")))
        if value.soreness is Soreness.STRONG:
            blocks.append(notice(say("forms.next_strong_reply"), "#help", say("forms.help")))
        elif value.soreness is Soreness.TENDER:
            blocks.append(p(say("forms.next_tender_reply")))
        if value.hands is Soreness.STRONG:
            blocks.append(notice(say("forms.next_hands_strong_reply"), "#help", say("forms.help")))
        elif value.hands is Soreness.TENDER:
            blocks.append(p(say("forms.next_hands_tender_reply")))
        if value.glad is False:
            blocks.append(notice(say("forms.next_glad_reply"), "#help", say("forms.help")))
        self._reply.set_blocks(*blocks)

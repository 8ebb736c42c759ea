"""Thirty seconds on the day after; private."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbook.domain.learning import NextDay, Skin, Soreness
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_field
from workbook.ui.guard import show_errors
from workbook.ui.widgets.prose import Prose, notice, p


class NextDayForm(QuestionForm):
    """Can close an oil or lower a level; a warning sign gets its sentence."""

    TEXTS = (("mood", "next_mood"),)

    def __init__(self, context: FormContext, value: NextDay) -> None:
        self._mood = make_text_field(context.words, "next_mood", value.mood)
        self._reply = Prose()
        super().__init__(context, value, self._mood, self._reply)
        self._mood.observe(show_errors(self._answers_changed, context.show), "value")
        self.observe(lambda _change: self._render_reply(), "value")
        self._render_reply()

    def questions(self, value: NextDay) -> list[dict[str, Any]]:
        """Skin, muscles of who received, and whether it was a good evening, seen from today."""
        say = self._context.words
        muscles: list[dict[str, Any]] = [
            {
                "key": "soreness",
                "kind": "one",
                "label": say("forms.next_soreness"),
                "options": [
                    {"key": s.value, "label": say(f"forms.soreness_{s}")}
                    for s in reversed(Soreness)
                ],
            },
            {
                "key": "sore_areas",
                "kind": "many",
                "label": say("forms.next_where"),
                "options": [
                    {"key": a, "label": say(f"areas.names.{a}")} for a in sorted(value.touched)
                ],
                "shown_if": {"question": "soreness", "option": Soreness.TENDER.value},
            },
        ]
        return [
            {
                "key": "skin",
                "kind": "one",
                "label": say("forms.next_skin"),
                "options": [{"key": s.value, "label": say(f"forms.skin_{s}")} for s in Skin],
            },
            *(muscles if value.touched else ()),
            {
                "key": "glad",
                "kind": "one",
                "label": say("forms.next_glad"),
                "options": [
                    {"key": "yes", "label": say("forms.glad_yes")},
                    {"key": "no", "label": say("forms.glad_no")},
                ],
            },
        ]

    def answers(self, value: NextDay) -> Answers:
        """The value as the browser's answers."""
        return {
            "skin": value.skin,
            "soreness": value.soreness,
            "sore_areas": sorted(value.sore_areas),
            "glad": None if value.glad is None else ("yes" if value.glad else "no"),
        }

    def read(self, answers: Answers) -> NextDay:
        """The browser's answers as a value."""
        said: Callable[[str], Any] = answers.get
        glad = said("glad")
        return replace(
            self.value,
            skin=Skin(said("skin")) if said("skin") else None,
            soreness=Soreness(said("soreness")) if said("soreness") else None,
            sore_areas=frozenset(said("sore_areas") or ()),
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
        if value.glad is False:
            blocks.append(notice(say("forms.next_glad_reply"), "#help", say("forms.help")))
        self._reply.set_blocks(*blocks)

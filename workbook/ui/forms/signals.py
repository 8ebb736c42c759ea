"""A word and a silent signal; both people's, so both may change them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbook.content.words import Words
from workbook.domain.consent import Signals
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_field, options
from workbook.ui.guard import show_errors


class SignalsForm(QuestionForm):
    """Choosing here; trying them out belongs to tonight."""

    SHOWS = ("silent_signals",)

    TEXTS = (("word", "signal_word"),)

    def __init__(self, context: FormContext, value: Signals) -> None:
        self._word = make_text_field(context.words, "signal_word", value.word)
        super().__init__(context, value, self._word)
        self._word.observe(show_errors(self._answers_changed, context.show), "value")

    def questions(self, value: Signals) -> list[dict[str, Any]]:
        """One choice among signals that work face down."""
        say = self._context.words
        keys = self._context.tables.silent_signals
        return [
            {
                "key": "silent",
                "kind": "one",
                "label": say("forms.silent_question"),
                "help": say("forms.silent_help"),
                "options": options(say.table("choices.silent_signals"), keys),
            }
        ]

    def answers(self, value: Signals) -> Answers:
        """The value as the browser's answers."""
        return {"silent": value.silent or None}

    def read(self, answers: Answers) -> Signals:
        """The browser's answers as a value; a changed signal has to be tried again."""
        said = replace(
            self.value, word=self._word.value.strip(), silent=answers.get("silent") or ""
        )
        return said if said == self.value else replace(said, tried_on=None)

    def _fill_fields(self, value: Signals) -> None:
        super()._fill_fields(value)
        self._word.value = value.word


def stop_line(words: Words, signals: Signals) -> str:
    """How both stop, in a sentence; blank until both signals are chosen."""
    if not (signals.word and signals.silent):
        return ""
    silent = words(f"choices.silent_signals.{signals.silent}")
    silent = silent[0].lower() + silent[1:]
    return words("forms.aloud_stop", word=signals.word, silent=silent)

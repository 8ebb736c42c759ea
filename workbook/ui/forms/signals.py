"""Signals: a word and a silent signal, which both people share and may change."""

from __future__ import annotations

from dataclasses import replace

from workbook.content.words import Words
from workbook.domain.consent import Signals
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_field
from workbook.ui.questions import one, options
from workbook.ui.widgets.questions import Question


class SignalsForm(QuestionForm[Signals]):
    """Asks which signals are used; they are tried out in the chapter *Tonight*."""

    SHOWS = ("silent_signals",)

    TEXTS = (("word", "signal_word"),)

    def __init__(self, context: FormContext, value: Signals) -> None:
        self._word = make_text_field(context.words, "signal_word", value.word)
        super().__init__(context, value, self._word)
        self._observe_field(self._word)

    def questions(self, value: Signals) -> list[Question]:
        """Return the question; all signals work while lying face down."""
        say = self._context.words
        keys = self._context.tables.silent_signals
        signals = options(say.table("choices.silent_signals"), keys)
        return [one("silent", say("forms.silent_question"), signals, help=say("forms.silent_help"))]

    def answers(self, value: Signals) -> Answers:
        """Return a value as the browser's answers."""
        return {"silent": value.silent or None}

    def read(self, answers: Answers) -> Signals:
        """Return the browser's answers as a value; a changed signal has to be tried again."""
        said = replace(
            self.value, word=self._word.value.strip(), silent=answers.get("silent") or ""
        )
        return said if said == self.value else replace(said, tried_on=None)

    def _fill_fields(self, value: Signals) -> None:
        super()._fill_fields(value)
        self._word.value = value.word


def stop_line(words: Words, signals: Signals) -> str:
    """Return how both stop, in a sentence; blank until both signals are chosen."""
    if not (signals.word and signals.silent):
        return ""
    silent = words(f"choices.silent_signals.{signals.silent}")
    silent = silent[0].lower() + silent[1:]
    return words("forms.aloud_stop", word=signals.word, silent=silent)

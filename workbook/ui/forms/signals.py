"""Signals: each person chooses a word and a silent signal, and both agree on one pair."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from workbook.content.words import Words
from workbook.domain.consent import SignalChoice, Signals
from workbook.domain.seats import Seat
from workbook.rules.signals import choose_signals, find_suggestion, find_withdrawn
from workbook.ui.form import (
    FieldAnswers,
    FormContext,
    QuestionForm,
    make_button,
    make_text_field,
    set_visible,
)
from workbook.ui.questions import one, options
from workbook.ui.widgets.prose import Block, Prose, notice, p
from workbook.ui.widgets.questions import Question


class SignalsForm(QuestionForm[Signals]):
    """Asks which signals are used; they are tried out in the chapter *Tonight*.

    The second person sees the first one's choice, and agrees with one tap or chooses
    another. The questions are hidden behind that choice where this person has chosen nothing
    yet, and where both agree. Once they are shown they stay: a change by another page moves
    nothing that somebody is about to tap.
    """

    SHOWS = ("silent_signals",)

    TEXTS = (("word", "signal_word"),)

    def __init__(self, context: FormContext, value: Signals) -> None:
        say = context.words
        self._withdrawn, self._standing = Prose(), Prose()
        self._word = make_text_field(say, "signal_word", _own_word(value, context.seat))
        self._fine = make_button(say("forms.signal_fine"), self._agree, context.show)
        self._another = make_button(say("forms.signal_another"), self._open, context.show)
        super().__init__(context, value, self._word, self._standing, self._fine, self._another)
        self.children = [self._withdrawn, *self.children]
        self._observe_field(self._word)
        has_chosen = value.choice_of(context.seat) != SignalChoice()
        waits = has_chosen or self._find_suggestion() is None
        self._is_open = waits and value.agreed is None
        self._render()
        self.observe(lambda _change: self._render(), "value")

    def questions(self, value: Signals) -> list[Question]:
        """Return the question, whose answer a second tap keeps; all signals work face down."""
        say = self._context.words
        keys = self._context.tables.silent_signals
        signals = options(say.table("choices.silent_signals"), keys)
        asked = say("forms.silent_question")
        return [one("silent", asked, signals, help=say("forms.silent_help"), kept=True)]

    def answers(self, value: Signals) -> FieldAnswers:
        """Return the choice of the person at the screen as the browser's answers."""
        return {"silent": value.choice_of(self._context.seat).silent or None}

    def read(self, answers: FieldAnswers) -> Signals:
        """Return the card with the browser's answers as this person's choice."""
        seat = self._context.seat
        before = self.value.choice_of(seat)
        silent = answers.get("silent") or before.silent
        choice = SignalChoice(self._word.value.strip(), silent)
        return self.value if choice == before else choose_signals(self.value, seat, choice)

    def set_value(self, value: object) -> None:
        """Show a value saved elsewhere, but for the word that somebody is writing."""
        seat = self._context.seat
        shown = cast("Signals", value)
        if self._context.editing() == "signal_word":
            mine = replace(shown.choice_of(seat), word=self.value.choice_of(seat).word)
            if mine != shown.choice_of(seat):
                shown = choose_signals(shown, seat, mine)
        if shown == self.value:
            return
        with self.silenced():
            self.value = shown
            self._fill_fields(shown)

    def _fill_fields(self, value: Signals) -> None:
        super()._fill_fields(value)
        if self._context.editing() != "signal_word":
            self._word.value = _own_word(value, self._context.seat)

    def _find_suggestion(self) -> tuple[Seat | None, SignalChoice] | None:
        context = self._context
        return find_suggestion(self.value, context.seat, context.tables.silent_signals)

    def _agree(self) -> None:
        """Choose what is proposed."""
        found = self._find_suggestion()
        if found is None:
            return
        chosen = choose_signals(self.value, self._context.seat, found[1])
        with self.silenced():
            self._fill_fields(chosen)
        self.value = chosen

    def _open(self) -> None:
        """Show the questions, to choose another word or signal."""
        self._is_open = True
        self._render()

    def _render(self) -> None:
        say, context = self._context.words, self._context
        found = self._find_suggestion()
        gone = find_withdrawn(self.value, context.tables.silent_signals)
        self._withdrawn.set_blocks(*([notice(explain_withdrawn(say, gone))] if gone else []))
        self._standing.set_blocks(*self._list_standing(found))
        for widget in (self._question_group, self._word):
            set_visible(widget, self._is_open)
        set_visible(self._fine, found is not None)
        set_visible(self._another, not self._is_open)

    def _list_standing(self, found: tuple[Seat | None, SignalChoice] | None) -> list[Block]:
        """Return what is proposed or agreed, and whose answer is missing."""
        context, signals = self._context, self.value
        if signals.agreed is not None:
            return [notice(_name_signals(context.words, "signal_agreed", signals.agreed))]
        if found is not None and found[0] is None:
            return [p(_name_signals(context.words, "signal_earlier", found[1]))]
        if found is not None:
            name = context.partner.name
            return [notice(_name_signals(context.words, "signal_suggests", found[1], name=name))]
        if signals.choice_of(context.seat).is_complete:
            return [p(context.words("forms.signal_waits", name=context.partner.name))]
        return []


def _own_word(value: Signals, seat: Seat) -> str:
    """Return what stands in the word's field: the person's own, else that of an older card."""
    mine = value.choice_of(seat)
    return value.word if mine == SignalChoice() else mine.word


def _name_signals(words: Words, key: str, choice: SignalChoice, **more: str) -> str:
    silent = words(f"choices.silent_signals.{choice.silent}")
    silent = words.language.lower_name(silent)
    return words(f"forms.{key}", word=choice.word, silent=silent, **more)


def name_stop_signals(words: Words, agreed: SignalChoice) -> str:
    """Return the word and the silent signal in one sentence, and that they act at once."""
    return _name_signals(words, "aloud_stop", agreed)


def stop_line(words: Words, signals: Signals) -> str:
    """How both stop and what taps mean, in two sentences; blank until both have agreed."""
    if signals.agreed is None:
        return ""
    how = f"{words('forms.aloud_stop_label')}: {name_stop_signals(words, signals.agreed)}"
    return f"{how} {words('forms.signals_meaning')}"


def explain_withdrawn(words: Words, key: str) -> str:
    """Return why a silent signal that was chosen before is asked for again."""
    reasons = words.table("forms")
    return reasons.get(f"signal_withdrawn_{key}", reasons["signal_withdrawn"])


def explain_missing(context: FormContext, signals: Signals) -> str:
    """Return what is missing until both agree on how they stop."""
    say, offered = context.words, context.tables.silent_signals
    done = {seat for seat in Seat if signals.choice_of(seat).is_complete}
    if done == set(Seat):
        return say("forms.signals_differ")
    if done:
        key = "signals_theirs" if context.seat in done else "signals_yours"
        return say(f"forms.{key}", name=context.partner.name)
    if find_suggestion(signals, context.seat, offered):
        return say("forms.signals_earlier")
    if gone := find_withdrawn(signals, offered):
        return explain_withdrawn(say, gone)
    return say("forms.signals_missing")

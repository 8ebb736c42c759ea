"""Tonight: the energy and the hands of a person who would give."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.evening import Energy, Hands, TimeAnswers
from workbook.domain.seats import Role
from workbook.ui.form import Answers, QuestionForm, read_choice
from workbook.ui.forms.time import count_today
from workbook.ui.questions import one, option
from workbook.ui.widgets.questions import Question


class HandsForm(QuestionForm[TimeAnswers]):
    """Asks a giver two short questions on every evening; a receiver is asked nothing."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return the questions about energy and hands."""
        if Role.GIVER not in self._roles:
            return []
        say = self._context.words.table("forms")
        energy = [option(e.value, say[f"energy_{e}"]) for e in reversed(Energy)]
        hands = [option(h.value, say[f"hands_{h}"]) for h in reversed(Hands)]
        return [
            one("hands", say["hands_question"], hands, brief=True),
            one("energy", say["energy_question"], energy, brief=True),
        ]

    def answers(self, value: TimeAnswers) -> Answers:
        """Return a value as the browser's answers; blank if they were given on another date."""
        value = count_today(value, self._context.today)
        return {"energy": value.energy, "hands": value.hands}

    def read(self, answers: Answers) -> TimeAnswers:
        """Return the browser's answers in the value, dated today."""
        today = self._context.today
        return replace(
            count_today(self.value, today),
            energy=read_choice(Energy, answers, "energy"),
            hands=read_choice(Hands, answers, "hands"),
            on=today,
        )

"""Tonight: the energy and the hands of a person who would give."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.evening import Energy, Hands, TimeAnswers
from workbook.domain.seats import Role
from workbook.ui.form import FieldAnswers, QuestionForm
from workbook.ui.forms.time import count_today
from workbook.ui.questions import many, options
from workbook.ui.widgets.questions import NONE, Question

_HANDS = {"hands_open": Hands.OPEN, "hands_sore": Hands.SORE}
_ENERGY = {"energy_none": Energy.NONE, "energy_little": Energy.LITTLE}
"""What can be ticked, the most careful first."""


class HandsForm(QuestionForm[TimeAnswers]):
    """Asks a giver one question on every evening; a receiver is asked nothing."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return the question about hands and energy."""
        if Role.GIVER not in self._roles:
            return []
        say = self._context.words.table("forms")
        given = options(say, (*reversed(_HANDS), *reversed(_ENERGY)))
        return [
            many(
                "giver",
                say["hands_question"],
                given,
                help=say["hands_help"],
                none_label=say["none_of_these"],
                brief=True,
            )
        ]

    @property
    def is_careful(self) -> bool:
        """Whether something was said today that makes giving less, or leaves it out."""
        value = count_today(self.value, self._context.today)
        return value.hands in _HANDS.values() or value.energy in _ENERGY.values()

    def answer_none(self) -> None:
        """Answer "none of these" where a giver has not answered yet."""
        asked = self._question_group
        if asked.questions and not asked.answers.get("giver"):
            asked.answers = {"giver": [NONE]}

    def answers(self, value: TimeAnswers) -> FieldAnswers:
        """Return a value as the browser's answers; blank if they were given on another date."""
        value = count_today(value, self._context.today)
        if value.energy is None or value.hands is None:
            return {"giver": []}
        said = (value.hands, value.energy)
        ticked = [key for key, each in {**_HANDS, **_ENERGY}.items() if each in said]
        return {"giver": ticked or [NONE]}

    def read(self, answers: FieldAnswers) -> TimeAnswers:
        """Return the browser's answers in the value, dated today."""
        said, today = answers.get("giver") or (), self._context.today
        hands = next((each for key, each in _HANDS.items() if key in said), Hands.FINE)
        energy = next((each for key, each in _ENERGY.items() if key in said), Energy.ENOUGH)
        return replace(
            count_today(self.value, today),
            energy=energy if said else None,
            hands=hands if said else None,
            on=today,
        )

"""Tonight: giving, receiving, minutes, energy and hands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.domain.evening import Energy, Hands, TimeAnswers, Willing
from workbook.ui.form import Answers, QuestionForm

MINUTES_OFFERED = (5, 10, 15, 20, 30)


class TimeForm(QuestionForm):
    """Asked afresh on every evening."""

    def questions(self, value: TimeAnswers) -> list[dict[str, Any]]:
        """Five short questions; those about giving come only to somebody who would give."""
        say = self._context.words.table("forms")
        minutes = [
            {"key": str(m), "label": say["minutes"].format(minutes=m)} for m in MINUTES_OFFERED
        ]
        return [
            {
                "key": "willing",
                "kind": "many",
                "label": say["willing_question"],
                "help": say["willing_help"],
                "options": [{"key": w.value, "label": say[f"willing_{w}"]} for w in Willing],
            },
            {
                "key": "minutes_receiving",
                "kind": "one",
                "label": say["minutes_receiving"],
                "help": say["minutes_help"],
                "options": minutes,
                "shown_if": {"question": "willing", "option": "receive"},
            },
            {
                "key": "minutes_giving",
                "kind": "one",
                "label": say["minutes_giving"],
                "options": minutes,
                "shown_if": {"question": "willing", "option": "give"},
            },
            {
                "key": "energy",
                "kind": "one",
                "label": say["energy_question"],
                "options": [
                    {"key": e.value, "label": say[f"energy_{e}"]} for e in reversed(Energy)
                ],
                "shown_if": {"question": "willing", "option": "give"},
            },
            {
                "key": "hands",
                "kind": "one",
                "label": say["hands_question"],
                "options": [{"key": h.value, "label": say[f"hands_{h}"]} for h in reversed(Hands)],
                "shown_if": {"question": "willing", "option": "give"},
            },
        ]

    def answers(self, value: TimeAnswers) -> Answers:
        """The value as the browser's answers; what was said on another date is asked again."""
        if value.on != self._context.today:
            value = TimeAnswers()
        return {
            "willing": sorted(value.willing),
            "minutes_receiving": value.minutes_receiving and str(value.minutes_receiving),
            "minutes_giving": value.minutes_giving and str(value.minutes_giving),
            "energy": value.energy,
            "hands": value.hands,
        }

    def read(self, answers: Answers) -> TimeAnswers:
        """The browser's answers as a value, said for today."""
        said: Callable[[str], Any] = answers.get
        return TimeAnswers(
            willing=frozenset(Willing(w) for w in said("willing") or ()),
            minutes_receiving=int(said("minutes_receiving") or 0) or None,
            minutes_giving=int(said("minutes_giving") or 0) or None,
            energy=Energy(said("energy")) if said("energy") else None,
            hands=Hands(said("hands")) if said("hands") else None,
            on=self._context.today,
        )

"""Tonight: giving, receiving, minutes, energy and hands."""

from __future__ import annotations

from workbook.domain.evening import Energy, Hands, TimeAnswers, Willing
from workbook.ui.form import Answers, QuestionForm, read_choice
from workbook.ui.questions import many, one, option, shown_if
from workbook.ui.widgets.questions import Question

MINUTES_OFFERED = (5, 10, 15, 20, 30)


class TimeForm(QuestionForm[TimeAnswers]):
    """Asks about tonight; the answers are asked again on every evening."""

    def questions(self, value: TimeAnswers) -> list[Question]:
        """Return five short questions; those about giving only for a person who would give."""
        say = self._context.words.table("forms")
        minutes = [option(str(m), say["minutes"].format(minutes=m)) for m in MINUTES_OFFERED]
        willing = [option(w.value, say[f"willing_{w}"]) for w in Willing]
        energy = [option(e.value, say[f"energy_{e}"]) for e in reversed(Energy)]
        hands = [option(h.value, say[f"hands_{h}"]) for h in reversed(Hands)]
        receives, gives = shown_if("willing", "receive"), shown_if("willing", "give")
        return [
            many("willing", say["willing_question"], willing, help=say["willing_help"]),
            one(
                "minutes_receiving",
                say["minutes_receiving"],
                minutes,
                help=say["minutes_help"],
                shown_if=receives,
            ),
            one("minutes_giving", say["minutes_giving"], minutes, shown_if=gives),
            one("energy", say["energy_question"], energy, shown_if=gives),
            one("hands", say["hands_question"], hands, shown_if=gives),
        ]

    def answers(self, value: TimeAnswers) -> Answers:
        """Return a value as the browser's answers; blank if they were given on another date."""
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
        """Return the browser's answers as a value dated today."""
        said = answers.get
        return TimeAnswers(
            willing=frozenset(Willing(w) for w in said("willing") or ()),
            minutes_receiving=int(said("minutes_receiving") or 0) or None,
            minutes_giving=int(said("minutes_giving") or 0) or None,
            energy=read_choice(Energy, answers, "energy"),
            hands=read_choice(Hands, answers, "hands"),
            on=self._context.today,
        )

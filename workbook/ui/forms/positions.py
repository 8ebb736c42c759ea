"""How the receiver rests."""

from __future__ import annotations

from dataclasses import replace

from workbook.domain.seats import Role
from workbook.domain.techniques import Position, TechniqueAnswers
from workbook.ui.form import FieldAnswers, QuestionForm, read_choice
from workbook.ui.questions import many, one, option
from workbook.ui.widgets.questions import Question

SHOWN = (Position.PRONE, Position.SIDE, Position.CHAIR, Position.BACK)
"""Positions in the order in which they are asked about."""


class PositionsForm(QuestionForm[TechniqueAnswers]):
    """Asks a receiver how they would like to rest, and which way does not suit them."""

    def questions(self, value: TechniqueAnswers) -> list[Question]:
        """Return the two questions about positions."""
        if Role.RECEIVER not in self._roles:
            return []
        say = self._context.words
        positions = [option(p.value, say(f"forms.position_{p}")) for p in SHOWN]
        wanted = one("position", say("forms.position_question"), positions, brief=True)
        out = many("positions_out", say("forms.positions_out_question"), positions, brief=True)
        out["group"] = say("forms.positions_out_group")
        out["group_line"] = say("forms.positions_out_line")
        return [wanted, out]

    def answers(self, value: TechniqueAnswers) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"position": value.position, "positions_out": sorted(value.positions_out)}

    def read(self, answers: FieldAnswers) -> TechniqueAnswers:
        """Return the browser's answers in the value; what other forms ask is kept."""
        return replace(
            self.value,
            position=read_choice(Position, answers, "position"),
            positions_out=frozenset(Position(p) for p in answers.get("positions_out") or ()),
        )

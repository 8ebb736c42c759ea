"""Make ready: what both do in the room before they begin, on one card."""

from __future__ import annotations

from workbook.domain.evening import RoomCard
from workbook.domain.products import NO_PRODUCT
from workbook.domain.proposal import Proposal
from workbook.domain.text import is_blank
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm, set_visible
from workbook.ui.questions import many, option
from workbook.ui.widgets.prose import Prose, notice
from workbook.ui.widgets.questions import Question


class PrepareForm(QuestionForm[RoomCard]):
    """Lists what is harmless and good on every evening; nobody has to tick any of it.

    All lines are shown whatever anybody answered, so that none of them tells a cause.

    Source: P5, P6; design ("No reason leaks")
    """

    SHOWS = ("make_ready",)

    def __init__(self, context: FormContext, value: RoomCard) -> None:
        self._product = ""
        self._flame = Prose()
        super().__init__(context, value, self._flame)
        self.add_class("at-prepare")

    def render(self, proposal: Proposal) -> None:
        """Show the product that is planned, and what a real flame still needs."""
        say = self._context.words
        product = proposal.plan.product if proposal.plan and proposal.plan.steps else ""
        self._product = say(f"oils.names.{product}") if product not in ("", NO_PRODUCT) else ""
        self._render_lines()
        open_lines = [notice(say("forms.flame_open"), "#setting", say("forms.to_setting"))]
        set_visible(self._flame, bool(proposal.room_open))
        self._flame.set_blocks(*(open_lines if proposal.room_open else []))

    def _render_lines(self) -> None:
        asked = self.questions(self.value)
        if asked != self._question_group.questions:
            self._question_group.questions = asked

    def questions(self, value: RoomCard) -> list[Question]:
        """Return the lines, with what was agreed for light, music and product below theirs."""
        say = self._context.words
        below = {
            "light": " · ".join(each for each in (value.light, value.music) if not is_blank(each))
        }
        below["label"] = self._product
        lines = say.table("choices.make_ready")
        keys = self._context.tables.make_ready
        listed = [option(key, lines[key], below.get(key, "")) for key in keys]
        return [many("ready", say("forms.prepare_question"), listed)]

    def answers(self, value: RoomCard) -> FieldAnswers:
        """Return a value as the browser's answers."""
        return {"ready": sorted(value.done & set(self._context.tables.make_ready))}

    def read(self, answers: FieldAnswers) -> RoomCard:
        """Return the card with the browser's ticks in place of this form's own."""
        others = self.value.done - set(self._context.tables.make_ready)
        ticked = frozenset(answers.get("ready") or ())
        return RoomCard(others | ticked, self.value.flame, self.value.music, self.value.light)

    def _fill_fields(self, value: RoomCard) -> None:
        super()._fill_fields(value)
        self._render_lines()

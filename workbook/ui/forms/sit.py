"""Sit together: what both people see first once both are ready."""

from __future__ import annotations

from workbook.domain.proposal import Proposal
from workbook.domain.seats import Seat
from workbook.ui.form import Form, FormContext
from workbook.ui.widgets.prose import Block, Prose, meeting, p


class SitForm(Form):
    """Shows two shapes that slide towards each other until they touch, and one sentence."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self._text = Prose()
        self._text.add_class("at-sit")
        super().__init__([self._text])

    def render(self, proposal: Proposal) -> None:
        """Show both shapes once both are ready."""
        say = self._context.words
        if proposal.ready != frozenset(Seat):
            self._text.set_blocks(p(say("forms.sit_waits")))
            return
        self._text.set_blocks(
            make_meeting(self._context, slides=True),
            p(say("forms.sit_ready")),
            p(say("forms.sit_together")),
        )


def make_meeting(context: FormContext, *, slides: bool = False) -> Block:
    """Return the block with both people's shapes; text says what it shows."""
    people = [context.people.at(seat) for seat in Seat]
    names = {"a": people[0].name, "b": people[1].name}
    shapes = {
        key: context.words.language.lower_name(context.words(f"forms.shape_{person.shape}"))
        for key, person in zip(("shape_a", "shape_b"), people, strict=True)
    }
    label = context.words("forms.meeting", **names, **shapes)
    return meeting([(person.colour, person.shape) for person in people], label, slides=slides)

"""Thank-yous, shown once both have written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook.domain.seats import Seat
from workbook.ui.form import Form, FormContext, make_button, set_visible
from workbook.ui.widgets.prose import Block, Prose, p, quote


@dataclass(frozen=True, slots=True)
class ShownThanks:
    """What the partner may read of one person's debrief."""

    text: str
    more: tuple[str, ...]
    """Keys of areas that the person would like more of."""


class ThanksForm(Form):
    """Hands in a person's thank-you, and shows both once both are handed in."""

    def __init__(
        self, context: FormContext, hand_in: Callable[[], None], pass_screen: Callable[[], None]
    ) -> None:
        self._context = context
        self._text = Prose()
        self._give = make_button(
            context.words("forms.thanks_give"), hand_in, context.show, main=True
        )
        self._over = make_button(
            context.words("forms.hand_over", name=context.partner.name),
            pass_screen,
            context.show,
            main=True,
        )
        super().__init__([self._text, self._give, self._over])

    def render(self, given: Mapping[Seat, ShownThanks]) -> None:
        """Show the person's own thank-you, and the partner's once both are handed in."""
        say = self._context.words
        blocks: list[Block] = []
        for who, thanks in given.items():
            name = self._context.people.at(who).name
            blocks.append(quote(thanks.text or say("forms.thanks_blank"), name))
            if thanks.more:
                areas = ", ".join(say(f"areas.names.{a}") for a in thanks.more)
                blocks.append(p(say("forms.thanks_more", name=name, areas=areas)))
        mine, both = self._context.seat in given, len(given) == len(Seat)
        if not given:
            blocks = [p(say("forms.thanks_intro", name=self._context.partner.name))]
        elif not both:
            blocks.append(p(say("forms.thanks_one", name=self._context.partner.name)))
        self._text.set_blocks(*blocks)
        set_visible(self._give, not mine)
        set_visible(self._over, mine and not both)

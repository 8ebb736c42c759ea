"""Thank-yous, shown once both have written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbook.domain.seats import Seat
from workbook.ui.form import Desk, Form, button, show
from workbook.ui.widgets.prose import Block, Prose, p, quote


@dataclass(frozen=True, slots=True)
class ShownThanks:
    """What one person gives the other to read."""

    text: str
    more: tuple[str, ...]
    """Area keys to have more of."""


class ThanksForm(Form):
    """Hands one's own thanks in, and shows both when both are there."""

    def __init__(
        self, desk: Desk, hand_in: Callable[[], None], hand_over: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._text = Prose()
        self._give = button(desk.words("forms.thanks_give"), hand_in, desk.show, main=True)
        self._over = button(
            desk.words("forms.hand_over", name=desk.partner.name), hand_over, desk.show, main=True
        )
        super().__init__([self._text, self._give, self._over])

    def tell(self, given: Mapping[Seat, ShownThanks]) -> None:
        """Show what may be shown: one's own always, the partner's only beside it."""
        say = self._desk.words
        blocks: list[Block] = []
        for who, thanks in given.items():
            name = self._desk.people.at(who).name
            blocks.append(quote(thanks.text or say("forms.thanks_blank"), name))
            if thanks.more:
                areas = ", ".join(say(f"areas.names.{a}") for a in thanks.more)
                blocks.append(p(say("forms.thanks_more", name=name, areas=areas)))
        mine, both = self._desk.seat in given, len(given) == len(Seat)
        if not given:
            blocks = [p(say("forms.thanks_intro", name=self._desk.partner.name))]
        elif not both:
            blocks.append(p(say("forms.thanks_one", name=self._desk.partner.name)))
        self._text.say(*blocks)
        show(self._give, not mine)
        show(self._over, mine and not both)

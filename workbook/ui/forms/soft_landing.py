"""The soft landing: what each chose for afterwards, offered to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbook.domain.seats import Seat
from workbook.ui.form import Desk, Form
from workbook.ui.widgets.prose import Block, Prose, item, p


class SoftLandingForm(Form):
    """Each one's wishes, shown for the other to offer; the gentlest first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text = Prose([p(desk.words("forms.soft_none"))])
        super().__init__([self._text])

    def tell(self, offers: Mapping[Seat, Sequence[str]], minutes: int) -> None:
        """Show what each person would like, IDs of ``aftercare.toml`` in order."""
        say = self._desk.words
        blocks: list[Block] = []
        for who, chosen in offers.items():
            blocks.append(self._desk.badge(who))
            if chosen:
                blocks += [item(say(f"aftercare.{key}")) for key in chosen]
            else:
                blocks.append(p(say("forms.soft_blank")))
        if not offers:
            blocks = [p(say("forms.soft_none"))]
        else:
            blocks.append(p(say("forms.soft_minutes", minutes=minutes)))
        self._text.say(*blocks)

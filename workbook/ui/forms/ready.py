"""Ready: the moment at which this person's share, and nothing else, leaves their lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.ui.form import Desk, Form, button, show
from workbook.ui.widgets.prose import Block, Prose, h, notice, p


class ReadyForm(Form):
    """Says what will be handed in, hands it in, and lets it be taken back."""

    def __init__(
        self,
        desk: Desk,
        hand_in: Callable[[], None],
        take_back: Callable[[], None],
        hand_over: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._text = Prose()
        self._ready = button(desk.words("forms.ready"), hand_in, desk.show, main=True)
        self._back = button(desk.words("forms.ready_back"), take_back, desk.show)
        self._over = button(
            desk.words("forms.hand_over", name=desk.partner.name), hand_over, desk.show, main=True
        )
        super().__init__([self._text, self._ready, self._over, self._back])

    def past(self) -> None:
        """Say that the day this page asked about is over."""
        self._text.say(notice(self._desk.words("forms.ready_past")))
        self._buttons(ready=False, over=False, back=False)

    def tell(
        self,
        missing: Sequence[Block],
        meaning: Sequence[Block],
        *,
        tonight: bool,
        mine: bool,
        theirs: bool,
    ) -> None:
        """Show where things stand: what is still blank, what follows, who has handed in."""
        say = self._desk.words
        name = self._desk.partner.name
        if mine:
            then = "forms.ready_both" if theirs else "forms.ready_mine"
            self._text.say(self._desk.badge(self._desk.seat), p(say(then, name=name)), *meaning)
            self._buttons(ready=False, over=not theirs, back=True)
            return
        blocks = [self._desk.badge(self._desk.seat), p(say("forms.ready_intro"))]
        if missing:
            blocks += [h(say("forms.ready_missing")), *missing]
        blocks += meaning
        if not tonight:
            blocks.append(notice(say("forms.ready_not_tonight", name=name)))
        self._text.say(*blocks)
        self._buttons(ready=True, over=False, back=False)

    def _buttons(self, *, ready: bool, over: bool, back: bool) -> None:
        show(self._ready, ready)
        show(self._over, over)
        show(self._back, back)

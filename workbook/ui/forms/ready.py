"""Ready: hands in this person's share, the only part of the answers that the partner gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbook.ui.form import Form, FormContext, make_button, set_visible
from workbook.ui.widgets.prose import Block, Prose, h, notice, p


class ReadyForm(Form):
    """Shows what will be handed in, hands it in, and takes it back."""

    def __init__(
        self,
        context: FormContext,
        hand_in: Callable[[], None],
        take_back: Callable[[], None],
        pass_screen: Callable[[], None],
    ) -> None:
        self._context = context
        self._text = Prose()
        self._ready = make_button(context.words("forms.ready"), hand_in, context.show, main=True)
        self._back = make_button(context.words("forms.ready_back"), take_back, context.show)
        self._over = make_button(
            context.words("forms.hand_over", name=context.partner.name),
            pass_screen,
            context.show,
            main=True,
        )
        super().__init__([self._text, self._ready, self._over, self._back])

    def render_day_over(self) -> None:
        """Show that the day this page asked about is over."""
        self._text.set_blocks(notice(self._context.words("forms.ready_past")))
        self._buttons(ready=False, over=False, back=False)

    def render(
        self,
        missing: Sequence[Block],
        meaning: Sequence[Block],
        *,
        tonight: bool,
        mine: bool,
        theirs: bool,
    ) -> None:
        """Show which topics are missing, what follows from the answers, and who has handed in."""
        say = self._context.words
        name = self._context.partner.name
        if mine:
            then = "forms.ready_both" if theirs else "forms.ready_mine"
            self._text.set_blocks(
                self._context.make_badge(self._context.seat), p(say(then, name=name)), *meaning
            )
            self._buttons(ready=False, over=not theirs, back=True)
            return
        blocks = [self._context.make_badge(self._context.seat), p(say("forms.ready_intro"))]
        if missing:
            blocks += [h(say("forms.ready_missing")), *missing]
        blocks += meaning
        if not tonight:
            blocks.append(notice(say("forms.ready_not_tonight", name=name)))
        self._text.set_blocks(*blocks)
        self._buttons(ready=True, over=False, back=False)

    def _buttons(self, *, ready: bool, over: bool, back: bool) -> None:
        set_visible(self._ready, ready)
        set_visible(self._over, over)
        set_visible(self._back, back)

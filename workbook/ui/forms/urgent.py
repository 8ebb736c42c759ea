"""The panel that stays in sight while an answer is an emergency sign; private to its owner."""

from __future__ import annotations

from workbook.domain.health import Action, Screening
from workbook.ui.form import FormContext, QuietBox, make_button, set_visible
from workbook.ui.widgets.prose import Prose, h, notice


class UrgentPanel(QuietBox):
    """Says which number to call, and shows it large for the partner once its owner wants that.

    It sticks to the lower edge of the window while the form around it is on the screen.
    """

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self._text = Prose()
        self._tell = make_button(
            context.words("health.tell_partner"), self._show_partner, context.show
        )
        self._is_shown = False
        super().__init__([self._text, self._tell])
        self.add_class("at-urgent")
        set_visible(self, shown=False)

    def __repr__(self) -> str:
        return "UrgentPanel()"

    def render(self, screening: Screening) -> None:
        """Show the panel where any answer is urgent; hide it where none is."""
        is_urgent = Action.URGENT in (screening.receiving.action, screening.giving.action)
        if is_urgent is self._is_shown:
            return
        self._is_shown = is_urgent
        blocks = [notice(self._context.words("health.actions.urgent"))] if is_urgent else []
        self._text.set_blocks(*blocks)
        set_visible(self._tell, shown=is_urgent)
        set_visible(self, shown=is_urgent)

    def _show_partner(self) -> None:
        """Name the person and repeat the sentence, so that the screen can be shown."""
        say = self._context.words
        self._text.set_blocks(
            h(say("forms.urgent_title", name=self._context.me.name)),
            notice(say("health.actions.urgent")),
        )
        set_visible(self._tell, shown=False)

"""Builds the forms that two people see together, from the reveal to their yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook.app.actions import Actions
from workbook.domain.evening import IntentionCard
from workbook.domain.plan import Turn
from workbook.ui.form import Form
from workbook.ui.forms.agreement import AgreementForm
from workbook.ui.forms.aloud import AloudForm
from workbook.ui.forms.reveal import RevealForm
from workbook.ui.forms.sit import SitForm


def build_reveal(do: Actions) -> RevealForm:
    """Build the reveal: the intention, the wishes and the plan that both may change."""

    def settle(key: str) -> None:
        do.save_card("intention", IntentionCard(key), do.snapshot.intention)

    def answer_more() -> None:
        """Lead back to this person's own answers: to their role, and what comes with it."""
        do.take_back()
        do.page.go_to_step("role" if "role" in do.view.steps.states else "again")

    form = RevealForm(
        do.context,
        settle=settle,
        no_longer=do.withdraw_wish,
        answer_more=answer_more,
        pass_screen=do.page_actions.pass_screen,
    )

    def changed(_old: Turn | None, new: Turn | None) -> None:
        if new is not None:
            do.choose_turn(new)

    form.on_change(changed, do.context.show)
    return form


TOGETHER_FORMS: Mapping[str, Callable[[Actions], Form]] = {
    "sit": lambda do: SitForm(do.context),
    "reveal": build_reveal,
    "aloud": lambda do: AloudForm(do.context, do.note_tried),
    "agreement": lambda do: AgreementForm(do.context, affirm=do.affirm, withdraw=do.withdraw),
}
"""What builds each of these forms, by its name; the card *Make ready* is built as a card."""

"""Cards with common beliefs about massage: true or false, then why."""

from __future__ import annotations

from workbook.content.words import Words
from workbook.domain.guidance import Guidance
from workbook.ui.form import ReferenceForm
from workbook.ui.widgets.deck import Deck


class MythsForm(ReferenceForm):
    """Shows the deck of cards; guesses are not counted.

    Source: facts, section 12; Y-01 to Y-30
    """

    SHOWS = ("myths",)

    def __init__(self, say: Words, guidance: Guidance) -> None:
        deck = Deck(
            [
                {
                    "said": say(f"myths.{myth.id}.said"),
                    "answer": myth.answer.value,
                    "why": say(f"myths.{myth.id}.why"),
                }
                for myth in guidance.myths
            ],
            say.table("deck"),
        )
        super().__init__([deck])

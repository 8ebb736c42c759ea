"""The soft landing: the aftercare that each person chose, shown to the other."""

from __future__ import annotations

from workbook.rules.aftercare import Landing
from workbook.ui.form import Form, FormContext
from workbook.ui.questions import many, options
from workbook.ui.widgets.prose import Block, Prose, item, notice, p
from workbook.ui.widgets.questions import Questions


class SoftLandingForm(Form):
    """Shows each person's aftercare for the other to offer, and a checklist for the room.

    The checklist is not saved.

    Source: R-13, R-41; AC-01 to AC-18
    """

    SHOWS = ("safety_round",)

    def __init__(self, context: FormContext) -> None:
        self._context = context
        say = context.words
        self._text = Prose([p(say("forms.soft_none"))])
        self._flame = Prose()
        self._round = Questions(
            questions=[
                many(
                    "round",
                    say("forms.round_question"),
                    options(say.table("choices.safety_round"), context.tables.safety_round),
                    help=say("forms.round_help"),
                )
            ],
            words=dict(say.table("questions")),
        )
        super().__init__([self._text, self._flame, self._round])

    def render(self, landing: Landing | None, *, flame: bool = False) -> None:
        """Show what each would like; ``flame``: a real one was lit tonight."""
        say = self._context.words
        self._flame.set_blocks(*([notice(say("forms.round_flame"))] if flame else []))
        if landing is None:
            self._text.set_blocks(p(say("forms.soft_none")))
            return
        blocks: list[Block] = []
        for who, chosen in landing.offers.items():
            blocks.append(self._context.make_badge(who))
            if chosen:
                blocks += [item(say(f"aftercare.{key}")) for key in chosen]
            else:
                blocks.append(p(say("forms.soft_blank")))
        blocks.append(p(say("forms.soft_minutes", minutes=landing.minutes)))
        if landing.alone:
            blocks.append(p(say("forms.soft_alone", minutes=landing.minutes)))
        self._text.set_blocks(*blocks)

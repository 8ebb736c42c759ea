"""The soft landing: hands are still, and each person's aftercare is shown to the other."""

from __future__ import annotations

from collections.abc import Callable

from workbook.domain.plan import Turn
from workbook.domain.techniques import Coverage
from workbook.rules.aftercare import Landing
from workbook.ui.form import Form, FormContext, make_button, set_visible
from workbook.ui.strokes import outlines_json, stroke_json
from workbook.ui.widgets.prose import Block, Prose, fold, item, notice, p
from workbook.ui.widgets.resting_hands import RestingHands

_AREAS = ("mid_back",)
"""Where hands rest in the picture."""


class SoftLandingForm(Form):
    """Offers the other turn, and shows each person's aftercare for the other to offer.

    Args:
        context: tables, words and people.
        other_turn: sets the turn the other way round and shows its plan.

    Source: R-13, R-41; AC-01 to AC-18

    """

    SHOWS = ("safety_round",)

    def __init__(self, context: FormContext, other_turn: Callable[[], None]) -> None:
        self._context = context
        say = context.words
        self._hands = RestingHands(
            stroke_json(context.tables, say, "still"), _AREAS, outlines_json(_AREAS), Coverage.TOWEL
        )
        self._flame = Prose()
        self._other = make_button("", other_turn, context.show, main=True)
        self._text = Prose([p(say("forms.soft_none"))])
        self._round = Prose(
            [
                fold(
                    say("forms.round_question"),
                    [item(say(f"choices.safety_round.{k}")) for k in context.tables.safety_round],
                )
            ]
        )
        super().__init__([self._hands, self._flame, self._other, self._text, self._round])

    def render(
        self,
        landing: Landing | None,
        other_turn: Turn | None = None,
        *,
        flame: bool = False,
        coverage: Coverage | None = None,
    ) -> None:
        """Show what each would like.

        Args:
            landing: aftercare of both; None: not both have handed in.
            other_turn: the turn the other way round, if both wished for it; None: no offer.
            flame: whether a real flame was lit tonight.
            coverage: what the receiver wears, for the picture; None: it is not known.

        """
        say = self._context.words
        self._hands.coverage = (coverage or Coverage.TOWEL).value
        set_visible(self._hands, landing is not None)
        self._flame.set_blocks(*([notice(say("forms.round_flame"))] if flame else []))
        self._render_other(other_turn)
        set_visible(self._round, landing is not None)
        if landing is None:
            self._text.set_blocks(p(say("forms.soft_none")))
            return
        blocks: list[Block] = []
        for who, chosen in landing.offers.items():
            name = self._context.people.at(who).name
            blocks.append(
                {**self._context.make_badge(who), "text": say("forms.soft_for", name=name)}
            )
            if chosen:
                blocks += [item(say(f"aftercare.{key}")) for key in chosen]
            else:
                blocks.append(p(say("forms.soft_blank")))
        if landing.alone:
            blocks.append(p(say("forms.soft_alone", minutes=landing.minutes)))
        else:
            blocks.append(p(say("forms.soft_minutes", minutes=landing.minutes)))
        self._text.set_blocks(*blocks)

    def _render_other(self, turn: Turn | None) -> None:
        set_visible(self._other, turn is not None)
        if turn is None:
            return
        giver = self._context.people.at(turn.giver)
        self._other.description = self._context.words("forms.soft_other", name=giver.name)
        for shape in type(giver.shape):
            self._other.remove_class(f"at-shape-{shape}")
        self._other.add_class(f"at-shape-{giver.shape}")

"""Tonight's agreement: one exact plan, which both affirm and either can withdraw from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from workbook.domain.consent import Standing
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Seat
from workbook.ui.form import Form, FormContext, QuietBox, make_button, set_visible
from workbook.ui.forms.plan_blocks import make_plan_blocks, state_intention
from workbook.ui.forms.signals import explain_missing
from workbook.ui.widgets.prose import Block, Prose, fold, notice, p


class AgreementForm(Form):
    """Shows the plan in one line, and takes a yes from each person in a place of their own."""

    SHOWS = ("adaptations",)

    def __init__(
        self,
        context: FormContext,
        *,
        affirm: Callable[[Seat], None],
        withdraw: Callable[[Seat], None],
    ) -> None:
        self._context = context
        self._plan, self._state = Prose(), Prose()
        self._zones = {who: YesZone(context, who, affirm, withdraw) for who in Seat}
        pair_of_zones = QuietBox(list(self._zones.values()))
        pair_of_zones.add_class("at-zones")
        self._pair = pair_of_zones
        super().__init__([self._plan, self._state, pair_of_zones], value=None)
        self.add_class("at-agree")

    def render(self, proposal: Proposal) -> None:
        """Show the plan and the state of its agreement."""
        say, plan = self._context.words, proposal.plan
        has_plan = proposal.tonight and plan is not None and bool(plan.steps)
        stands = proposal.standing is Standing.STANDS
        if has_plan and plan is not None:
            giver, receiver = (
                self._context.people.at(who).name for who in (plan.turn.giver, plan.turn.receiver)
            )
            line = say("forms.agreement_line", giver=giver, receiver=receiver, minutes=plan.minutes)
            settled = state_intention(say, plan.turn.intention)
            self._plan.set_blocks(
                p(f"{settled} {line}".strip()),
                fold(say("forms.see_plan"), make_plan_blocks(self._context, plan)),
            )
        else:
            self._plan.set_blocks(p(say("forms.agreement_none")))
        self._state.set_blocks(*(self._list_standing(proposal) if has_plan else ()))
        set_visible(self._pair, has_plan)
        if stands:
            self._pair.add_class("at-agreed")
        else:
            self._pair.remove_class("at-agreed")
        for who, zone in self._zones.items():
            is_elsewhere = proposal.partner_is_open and who is not self._context.seat
            zone.render(
                has_said=who in proposal.affirmed,
                can_say=proposal.can_affirm,
                is_elsewhere=is_elsewhere,
                is_shown=has_plan,
            )

    def _list_standing(self, proposal: Proposal) -> list[Block]:
        say = self._context.words
        clock = [notice(say("forms.clock_behind"))] if proposal.clock_behind else []
        if proposal.standing is Standing.STANDS:
            return [p(say("forms.agreed")), *clock]
        blocks = list(clock)
        if proposal.standing is Standing.ENDED:
            blocks.append(p(say("forms.agreement_ended")))
        if proposal.signals.agreed is None:
            missing = explain_missing(self._context, proposal.signals)
            blocks.append(notice(missing, "#limits", say("forms.to_limits")))
        elif not proposal.tried:
            blocks.append(notice(say("forms.try_before_yes")))
        if proposal.room_open:
            blocks.append(notice(say("forms.flame_open"), "#setting", say("forms.to_setting")))
        return blocks


class YesZone(QuietBox):
    """One person's place to say yes, with their colour, shape and name.

    Its buttons are hidden and never replaced: a tap on a button that is being replaced is
    lost. To take a yes back is another button in another place, so that a second tap does
    not take it back.
    """

    def __init__(
        self,
        context: FormContext,
        who: Seat,
        affirm: Callable[[Seat], None],
        withdraw: Callable[[Seat], None],
    ) -> None:
        self._context, self._who = context, who
        person, say = context.people.at(who), context.words
        self._yes = make_button(
            say("forms.affirm", name=person.name), partial(affirm, who), context.show
        )
        self._yes.add_class("at-yes")
        self._said = Prose()
        self._back = make_button(
            say("forms.withdraw", name=person.name), partial(withdraw, who), context.show
        )
        self._back.add_class("at-link-button")
        super().__init__([self._yes, self._said, self._back])
        for name in ("at-zone", f"at-colour-{person.colour}", f"at-shaped-{person.shape}"):
            self.add_class(name)

    def __repr__(self) -> str:
        return "YesZone()"  # the saved notebook does not say who said what

    def render(self, *, has_said: bool, can_say: bool, is_elsewhere: bool, is_shown: bool) -> None:
        """Show the button, or that its owner has said yes.

        Args:
            has_said: whether this person's yes holds for the plan.
            can_say: whether there is something to say yes to, and a way to stop it.
            is_elsewhere: whether they say it on a page of their own.
            is_shown: whether there is a plan.

        """
        say, name = self._context.words, self._context.people.at(self._who).name
        set_visible(self._yes, is_shown and not has_said and not is_elsewhere)
        set_visible(self._back, is_shown and has_said and not is_elsewhere)
        self._yes.disabled = not can_say
        lines = []
        if has_said:
            key = "affirmed_there" if is_elsewhere else "has_agreed"
            lines = [p(say(f"forms.{key}", name=name))]
        elif is_elsewhere:
            lines = [p(say("forms.affirm_there", name=name))]
        self._said.set_blocks(*(lines if is_shown else []))
        if has_said:
            self.add_class("at-said-yes")
        else:
            self.remove_class("at-said-yes")

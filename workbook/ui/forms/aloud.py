"""Read aloud: what the evening is for, where, how, how we stop; and both signals tried once."""

from __future__ import annotations

from collections.abc import Callable

from workbook.domain.plan import Plan
from workbook.domain.products import NO_PRODUCT
from workbook.domain.proposal import Proposal
from workbook.ui.form import FieldAnswers, Form, FormContext, set_visible
from workbook.ui.forms.plan_blocks import (
    name_areas,
    name_firmest,
    state_intention,
)
from workbook.ui.forms.signals import explain_missing, name_stop_signals
from workbook.ui.guard import observe_change
from workbook.ui.questions import many, option
from workbook.ui.widgets.prose import Block, Prose, notice, p, pair
from workbook.ui.widgets.questions import Questions

SIGNALS = ("word", "signal")


class AloudForm(Form):
    """Shows the lines to read aloud, and asks whether both signals were tried."""

    def __init__(self, context: FormContext, tried: Callable[[], None]) -> None:
        self._context, self._tried = context, tried
        self._proposal = Proposal()
        self._lines, self._missing = Prose(), Prose()
        self._lines.add_class("at-aloud")
        self._try = Questions([], {}, dict(context.words.table("questions")))
        self._try.add_class("at-try")
        super().__init__([self._lines, self._missing, self._try])
        observe_change(self._try, "answers", self._signal_tried, context.show)

    def render(self, proposal: Proposal) -> None:
        """Show the lines of the plan, and how far the signals are."""
        self._proposal = proposal
        say, plan, signals = self._context.words, proposal.plan, proposal.signals
        if not proposal.tonight or plan is None or not plan.steps:
            self._lines.set_blocks(p(say("forms.aloud_none")))
            self._missing.set_blocks()
            set_visible(self._try, False)
            return
        self._lines.set_blocks(*self._list_lines(plan, proposal))
        is_agreed = signals.agreed is not None
        missing = explain_missing(self._context, signals)
        open_lines = [] if is_agreed else [notice(missing, "#limits", say("forms.to_limits"))]
        self._missing.set_blocks(*open_lines)
        set_visible(self._try, is_agreed)
        self._render_signals()

    def _list_lines(self, plan: Plan, proposal: Proposal) -> list[Block]:
        say = self._context.words
        settled = state_intention(say, proposal.intention)
        areas = name_areas(self._context, plan)
        how = say(
            "forms.aloud_how",
            pace=say(f"pace.{plan.pace}"),
            level=say.language.lower_name(name_firmest(say, plan)),
            minutes=plan.minutes,
            position=say.language.lower_name(say(f"positions.short.{plan.position}")),
        )
        if plan.product != NO_PRODUCT:
            product = say.language.lower_name(say(f"oils.names.{plan.product}"))
            how = f"{how} {say('forms.aloud_product', product=product)}"
        lines: list[Block] = [
            p(f"{settled} {say('forms.aloud_nothing_else')}".strip()),
            pair(say("forms.aloud_where_label"), say("forms.aloud_where", areas=areas)),
            pair(say("forms.aloud_how_label"), how),
        ]
        if proposal.signals.agreed is not None:
            stop = f"{name_stop_signals(say, proposal.signals.agreed)} {say('forms.aloud_taps')}"
            lines.append(pair(say("forms.aloud_stop_label"), stop))
        return lines

    def _render_signals(self) -> None:
        say = self._context.words
        if self._proposal.signals.agreed is None:
            return
        shown = [option(key, say(f"forms.try_{key}")) for key in SIGNALS]
        asked = [many("tried", say("forms.try_question"), shown)]
        if asked != self._try.questions:
            self._try.questions = asked
        has_ticked_both = set(self._try.answers.get("tried") or ()) == set(SIGNALS)
        if self._proposal.tried != has_ticked_both:
            kept = self._try.answers if not has_ticked_both else {}
            self._try.answers = {"tried": list(SIGNALS)} if self._proposal.tried else dict(kept)

    def _signal_tried(self, _old: FieldAnswers, new: FieldAnswers) -> None:
        """Note that both were tried; until then nothing is saved."""
        if set(new.get("tried") or ()) != set(SIGNALS):
            if self._proposal.tried:
                self._render_signals()  # what was tried tonight stays tried
            return
        if not self._proposal.tried:
            self._tried()

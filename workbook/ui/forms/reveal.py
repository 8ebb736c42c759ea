"""The reveal: what the evening is for, what both wish for, and the plan as a card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ipywidgets import Button

from workbook.domain.levels import Level
from workbook.domain.plan import ForWhom, Plan, Turn
from workbook.domain.products import NO_PRODUCT
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Role, Seat
from workbook.domain.shares import MINUTES_OFFERED, Limits
from workbook.domain.techniques import Coverage, Position
from workbook.rules.turns import QUIET_REST
from workbook.ui.areas import make_level_brushes, make_map_places
from workbook.ui.form import (
    FieldAnswers,
    Form,
    FormContext,
    QuietBox,
    close_widget,
    make_button,
    read_choice,
    set_visible,
)
from workbook.ui.forms.plan_blocks import (
    name_firmest,
    name_intention,
    state_intention,
)
from workbook.ui.forms.sit import make_meeting
from workbook.ui.guard import observe_change
from workbook.ui.questions import one, option
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.prose import Block, Prose, h, item, p
from workbook.ui.widgets.questions import Question, Questions

_UPPER_BODY = frozenset({"neck_shoulders", "upper_back", "lower_back"})
"""Regions for which the map comes closer."""


class RevealForm(Form):
    """Shows what both people share and the plan made of it; ``value`` is the turn chosen.

    Nothing on it belongs to one person: an intention or a wish is shown where both have it,
    and what can be changed is what both may choose.
    """

    def __init__(
        self,
        context: FormContext,
        *,
        settle: Callable[[str], None],
        no_longer: Callable[[str], None],
        answer_more: Callable[[], None],
        pass_screen: Callable[[], None],
    ) -> None:
        self._context, self._no_longer, self._settle = context, no_longer, settle
        self._proposal = Proposal()
        self._is_changing = False
        say, show = context.words, context.show
        self._head, self._wishes = Prose(), Prose()
        self._head.add_class("at-reveal-head")
        self._wishes.add_class("at-reveal-wishes")
        self._intention, self._turn = self._make_questions(), self._make_questions()
        self._change = make_button(say("forms.change"), self._toggle_change, show)
        self._card = PlanCardBox(context, self._change)
        self._gone = make_button(say("forms.no_longer_open"), self._toggle_gone, show)
        self._change.add_class("at-link-button")
        self._gone.add_class("at-link-button")
        self._gone_list = Form()
        self._other_role = OtherRoleBox(context, answer_more, pass_screen)
        super().__init__(
            [
                self._head,
                self._intention,
                self._wishes,
                self._other_role,
                self._card,
                self._turn,
                self._gone,
                self._gone_list,
            ],
            value=None,
        )
        self.add_class("at-reveal")
        set_visible(self._gone_list, False)
        observe_change(self._turn, "answers", self._turn_chosen, show)
        observe_change(self._intention, "answers", self._intention_chosen, show)

    def _make_questions(self) -> Questions:
        return Questions([], {}, dict(self._context.words.table("questions")))

    # What is shown --------------------------------------------------------------------------

    def render(self, proposal: Proposal) -> None:
        """Show what both share, and the plan."""
        self._proposal = proposal
        self._head.set_blocks(*self._list_head())
        self._wishes.set_blocks(*self._list_wishes())
        self._other_role.render(proposal.same_role)
        self._card.render(self._plan, proposal)
        self._render_intention()
        self._render_turn()
        self._render_gone()
        self._show_parts()

    @property
    def _plan(self) -> Plan | None:
        """The plan that has something in it."""
        plan = self._proposal.plan
        return plan if self._proposal.tonight and plan is not None and plan.steps else None

    def _show_parts(self) -> None:
        proposal, has_plan = self._proposal, self._plan is not None
        change = self._is_changing and has_plan
        unsettled = proposal.tonight and not proposal.intention
        asks_again = change and len(proposal.intentions) > 1
        set_visible(self._intention, (unsettled and not self._is_empty) or asks_again)
        asks = has_plan or len(proposal.givers) > 1
        set_visible(self._turn, change or (proposal.tonight and not has_plan and asks))
        set_visible(self._change, has_plan)
        key = "change_done" if change else "change"
        self._change.description = self._context.words(f"forms.{key}")

    @property
    def _is_empty(self) -> bool:
        """Whether nothing is open to both in the turn that was chosen."""
        plan = self._proposal.plan
        return self._proposal.tonight and plan is not None and not plan.steps

    def _list_head(self) -> list[Block]:
        say, proposal = self._context.words, self._proposal
        if proposal.ready != frozenset(Seat):
            key = "agreement_theirs" if self._context.seat in proposal.ready else "agreement_yours"
            return [p(say(f"forms.{key}", name=self._context.partner.name))]
        if proposal.same_role is not None:
            return [make_meeting(self._context)]
        if not proposal.tonight:
            return [h(say("forms.not_tonight")), p(say("health.partner"))]
        if self._is_empty:
            return [h(say("forms.plan_empty")), p(say("forms.plan_empty_help"))]
        settled = state_intention(say, proposal.intention)
        return [make_meeting(self._context), *([p(settled)] if settled else [])]

    def _list_wishes(self) -> list[Block]:
        """Return what both wish for; without a match nothing says so."""
        say, proposal = self._context.words, self._proposal
        if not proposal.tonight or self._is_empty:
            return []
        wishes = [key for key in self._context.tables.wishes if key in proposal.matches]
        blocks: list[Block] = []
        if wishes:
            texts = [say.language.lower_name(say(f"choices.wishes.{key}")) for key in wishes]
            blocks += [h(say("forms.both_wish")), p(f"{', '.join(texts)}.")]
        if proposal.wishes_wait:
            waits = say("forms.wishes_wait", name=self._context.partner.name)
            blocks.append(item(waits))
        return blocks

    # The intention --------------------------------------------------------------------------

    def _render_intention(self) -> None:
        say, offered = self._context.words, self._proposal.intentions
        rest = offered == (QUIET_REST,)
        label = say("forms.settle_rest" if rest else "forms.settle")
        below = say("forms.settle_help")
        choices = [option(key, name_intention(say, key)) for key in offered]
        asked = [one("intention", label, choices, help=below, kept=True)] if choices else []
        self._ask(self._intention, asked, {"intention": self._proposal.intention or None})

    def _intention_chosen(self, _old: FieldAnswers, new: FieldAnswers) -> None:
        chosen = new.get("intention")
        if not self.is_silenced and chosen and chosen != self._proposal.intention:
            self._settle(chosen)

    def _ask(self, group: Questions, asked: list[Question], answers: FieldAnswers) -> None:
        if asked != group.questions:
            group.questions = asked
        if answers != group.answers:
            with self.silenced():
                group.answers = dict(answers)

    # Wishes that no longer hold ---------------------------------------------------------------

    def _render_gone(self) -> None:
        """Offer a button for each matched wish that removes it for both; no person is named."""
        say, proposal = self._context.words, self._proposal
        matches = proposal.matches if proposal.tonight else frozenset()
        wishes = {key: say(f"choices.wishes.{key}") for key in self._context.tables.wishes}
        labels = {say("forms.no_longer", wish=wishes[k]): k for k in wishes if k in matches}
        set_visible(self._gone, bool(labels) and not self._is_empty)
        if list(labels) == [made.description for made in self._gone_list.children]:
            return
        set_visible(self._gone_list, False)
        gone = self._gone_list.children
        self._gone_list.children = [
            make_button(label, partial(self._no_longer, key), self._context.show)
            for label, key in labels.items()
        ]
        for made in gone:
            close_widget(made)

    def _toggle_gone(self) -> None:
        set_visible(self._gone_list, self._gone_list.layout.display == "none")

    # The turn ---------------------------------------------------------------------------------

    def _toggle_change(self) -> None:
        self._is_changing = not self._is_changing
        self._show_parts()

    def _render_turn(self) -> None:
        """Ask who gives, for whom, how long, how, and with what; offer only what is possible."""
        say, people, proposal = self._context.words, self._context.people, self._proposal
        turn, plan = proposal.turn, self._plan
        names = {who: people.at(who).name for who in Seat}
        givers = [
            option(w.value, say("forms.giver_option", giver=names[w], receiver=names[w.other]))
            for w in proposal.givers
        ]
        asked = []
        if len(givers) > 1:
            asked.append(one("giver", say("forms.giver_question"), givers, kept=True))
        answers: dict[str, object] = {}
        if turn is not None and proposal.limits is not None and plan is not None:
            asked += self._list_turn_questions(proposal, proposal.limits, turn)
            answers = {
                "giver": turn.giver,
                "for_whom": turn.for_whom,
                "minutes": str(plan.minutes),
                "position": plan.position,
                "product": plan.product,
            }
        elif turn is not None:
            answers = {"giver": turn.giver}
        self._ask(self._turn, asked, answers)

    def _list_turn_questions(
        self, proposal: Proposal, limits: Limits, turn: Turn
    ) -> list[Question]:
        """Return the questions about a turn that have more than one answer within the limits."""
        say, people = self._context.words, self._context.people
        giver, receiver = people.at(turn.giver).name, people.at(turn.receiver).name
        whom = [option(w.value, say(f"forms.{w}", giver=giver, receiver=receiver)) for w in ForWhom]
        minutes = [m for m in MINUTES_OFFERED if m <= limits.minutes] or [limits.minutes]
        lengths = [option(str(m), say("forms.minutes", minutes=m)) for m in minutes]
        positions = [option(w.value, say(f"positions.{w}")) for w in limits.positions]
        products = [option(o.product, say(f"oils.names.{o.product}")) for o in proposal.offers]
        if limits.coverage is Coverage.CLOTHED:
            products = []  # nothing on the hands through clothes
        asked = (
            ("for_whom", "for_whom_question", whom, ""),
            ("minutes", "minutes_question", lengths, ""),
            ("position", "tonight_position", positions, ""),
            ("product", "tonight_product", products, say("forms.tonight_product_help")),
        )
        return [
            one(key, say(f"forms.{label}"), options, help=below, kept=True)
            for key, label, options, below in asked
            if len(options) > 1
        ]

    def _turn_chosen(self, _old: FieldAnswers, new: FieldAnswers) -> None:
        if self.is_silenced:
            return
        said, before, givers = new.get, self._proposal.turn, self._proposal.givers
        giver = said("giver") or (givers[0] if len(givers) == 1 else None)
        if not giver:
            return
        fresh = before is None or before.giver != giver
        position = None if fresh else read_choice(Position, new, "position")
        turn = Turn(
            giver=Seat(giver),
            minutes=int(said("minutes") or 0) or self._proposal.minutes,
            for_whom=ForWhom(said("for_whom") or ForWhom.FOR_YOU),
            position=position,
            product=(None if fresh else said("product")) or NO_PRODUCT,
            intention=self._proposal.intention,
        )
        if turn != before:
            self.value = turn


class PlanCardBox(QuietBox):
    """A plan as a card: who, how long, how, and a small map with the order of the places."""

    def __init__(self, context: FormContext, change: Button) -> None:
        self._context = context
        self._who, self._facts, self._round = Prose(), Prose(), Prose()
        self._who.add_class("at-plan-who")
        self._round.add_class("at-plan-round")
        self._figure = BodyMap(
            context.words("forms.plan_map"), [], [], context.words.table("body_map"), reading=True
        )
        self._figure.add_class("at-plan-map")
        super().__init__([self._who, self._facts, self._figure, self._round, change])
        self.add_class("at-plan-card")

    def __repr__(self) -> str:
        return "PlanCardBox()"  # the saved notebook holds no plan

    def render(self, plan: Plan | None, proposal: Proposal) -> None:
        """Show the plan of ``proposal`` if it has steps, else nothing."""
        set_visible(self, plan is not None)
        if plan is None:
            for text in (self._who, self._facts, self._round):
                text.set_blocks()
            self._figure.marks = {}
            return
        say, turn = self._context.words, plan.turn
        self._who.set_blocks(
            self._make_role(turn.giver, "gives"), self._make_role(turn.receiver, "receives")
        )
        facts = [
            say("forms.minutes", minutes=plan.minutes),
            say(f"positions.short.{plan.position}"),
            say(f"coverage.{plan.coverage}"),
            say("forms.plan_level", level=name_firmest(say, plan)),
            say(
                "forms.plan_no_product"
                if plan.product == NO_PRODUCT
                else f"oils.names.{plan.product}"
            ),
        ]
        self._facts.set_blocks(*(p(fact) for fact in facts))
        below = ["forms.plan_round"] if proposal.goes_round else []
        if self._is_short(plan, proposal):
            below.append("forms.plan_short")
        self._round.set_blocks(*(p(say(key)) for key in below))
        self._render_map(plan)

    def _is_short(self, plan: Plan, proposal: Proposal) -> bool:
        """Whether it is as short as a first evening begins, and both would like longer."""
        first = int(self._context.tables.settings["first_minutes"].default)
        longest = proposal.limits.minutes if proposal.limits is not None else 0
        return plan.minutes == proposal.minutes == first < longest

    def _make_role(self, who: Seat, role: str) -> Block:
        made = self._context.make_badge(who)
        made["text"] = self._context.words(f"forms.plan_{role}", name=made["text"])
        return made

    def _render_map(self, plan: Plan) -> None:
        """Show the order and the level of each area; other areas have no mark."""
        firmest: dict[str, Level] = {}
        first: dict[str, str] = {}
        for step in plan.steps:
            number = str(len(set(first.values())) + 1)
            for part in step.parts:
                firmest[part] = max(step.level, firmest.get(part, step.level))
                first.setdefault(part, number)
        areas = self._context.tables.areas.values()
        touched = [area for area in areas if any(part in firmest for part in area.parts)]
        if {area.region for area in touched} <= _UPPER_BODY:
            self._figure.add_class("at-plan-upper")
        else:
            self._figure.remove_class("at-plan-upper")
        with self._figure.hold_sync():  # built only once
            self._figure.places = make_map_places(touched, self._context.words)
            self._figure.brushes = make_level_brushes(
                self._context.words, sorted(set(firmest.values()))
            )
            self._figure.signs = first
            self._figure.marks = {part: level.name for part, level in firmest.items()}


class OtherRoleBox(QuietBox):
    """Asks two people who would both like to do the same who does the other part first.

    Each answer leads to its owner's own questions; none of them is shown here.
    """

    def __init__(
        self,
        context: FormContext,
        answer_more: Callable[[], None],
        pass_screen: Callable[[], None],
    ) -> None:
        self._context = context
        self._role: Role | None = None
        self._chosen: Seat | None = None
        say, show = context.words, context.show
        self._asked, self._said = Prose(), Prose()
        self._asked.add_class("at-reveal-wishes")
        self._names = {
            who: make_button(context.people.at(who).name, partial(self._choose, who), show)
            for who in Seat
        }
        self._answer = make_button(say("forms.same_answer"), answer_more, show, main=True)
        name = context.partner.name
        self._pass = make_button(say("forms.hand_over", name=name), pass_screen, show, main=True)
        super().__init__([self._asked, *self._names.values(), self._said, self._answer, self._pass])

    def __repr__(self) -> str:
        return "OtherRoleBox()"

    def render(self, role: Role | None) -> None:
        """Ask who does the other part; None: there is nothing to ask.

        Args:
            role: what both would like to do.

        """
        self._role = role
        if role is None:
            self._chosen = None
        set_visible(self, role is not None)
        say, chosen, me = self._context.words, self._chosen, self._context.seat
        self._asked.set_blocks(
            *([h(say(f"forms.same_{role}")), p(say(f"forms.same_{role}_ask"))] if role else [])
        )
        key = "same_mine" if chosen is me else "same_theirs"
        name = self._context.partner.name
        lines = [p(say(f"forms.{key}", name=name))] if chosen else [p(say("forms.same_help"))]
        self._said.set_blocks(*(lines if role else []))
        set_visible(self._answer, chosen is me)
        set_visible(self._pass, chosen is me.other)

    def _choose(self, who: Seat) -> None:
        self._chosen = who
        self.render(self._role)

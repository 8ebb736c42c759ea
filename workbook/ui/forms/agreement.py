"""Tonight's agreement: one exact plan, which both affirm and either can withdraw from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ipywidgets import Button

from workbook.content.words import name_places, step_title
from workbook.domain.consent import Standing
from workbook.domain.levels import Level
from workbook.domain.plan import ForWhom, Plan, Turn
from workbook.domain.products import NO_PRODUCT
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Seat
from workbook.domain.shares import Limits
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of
from workbook.ui.areas import make_level_brushes, make_map_places
from workbook.ui.form import (
    Answers,
    Form,
    FormContext,
    close_widget,
    make_button,
    read_choice,
    set_visible,
)
from workbook.ui.forms.signals import explain_missing, stop_line
from workbook.ui.guard import observe_change
from workbook.ui.questions import one, option
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.prose import Block, Prose, h, item, notice, p, pair
from workbook.ui.widgets.questions import Question, Questions

MINUTES_OFFERED = (5, 10, 15, 20, 30)


class AgreementForm(Form):
    """Shows the plan and takes both people's yes; ``value`` is the turn that was chosen."""

    SHOWS = ("adaptations",)

    def __init__(
        self,
        context: FormContext,
        *,
        affirm: Callable[[Seat], None],
        withdraw: Callable[[Seat], None],
        tried: Callable[[], None],
        no_longer: Callable[[str], None],
    ) -> None:
        self._context, self._affirm, self._withdraw = context, affirm, withdraw
        self._no_longer, self._wishes = no_longer, Form()
        self._head, self._plan, self._aloud, self._state = Prose(), Prose(), Prose(), Prose()
        self._question_group = Questions(
            questions=[], answers={}, words=dict(context.words.table("questions"))
        )
        self._figure = BodyMap(
            context.words("forms.plan_map"), [], [], context.words.table("body_map"), reading=True
        )
        self._try = make_button(context.words("forms.tried"), tried, context.show)
        self._yes = {who: self._button("affirm", who, main=True) for who in Seat}
        self._back = {who: self._button("withdraw", who) for who in Seat}
        words = [made for who in Seat for made in (self._yes[who], self._back[who])]
        shown = [
            self._head,
            self._wishes,
            self._question_group,
            self._plan,
            self._figure,
            self._aloud,
        ]
        fields = [*shown, self._state, self._try]
        # Buttons are hidden and never replaced: a tap on a button that is being
        # replaced is lost.
        super().__init__([*fields, *words], value=None)
        observe_change(self._question_group, "answers", self._turn_chosen, context.show)

    def _button(self, what: str, who: Seat, *, main: bool = False) -> Button:
        act = self._affirm if what == "affirm" else self._withdraw
        label = self._context.words(f"forms.{what}", name=self._context.people.at(who).name)
        return make_button(label, partial(act, who), self._context.show, main=main)

    def render(self, proposal: Proposal) -> None:
        """Show the plan and the state of its agreement."""
        self._proposal = proposal
        say = self._context.words
        made = proposal.plan if proposal.tonight else None
        steps = made is not None and bool(made.steps)
        if proposal.ready != frozenset(Seat):
            key = "agreement_theirs" if self._context.seat in proposal.ready else "agreement_yours"
            self._head.set_blocks(p(say(f"forms.{key}", name=self._context.partner.name)))
        elif not proposal.tonight:
            self._head.set_blocks(h(say("forms.not_tonight")), p(say("health.partner")))
        else:
            self._head.set_blocks(*self._list_shared(proposal))
            self._render_questions(proposal)
        self._render_wishes(proposal.matches if proposal.tonight else frozenset())
        self._plan.set_blocks(*(make_plan_blocks(self._context, made) if made else ()))
        self._render_map(made)
        self._aloud.set_blocks(
            *(self._list_lines_to_read(made, proposal) if made and steps else ())
        )
        self._state.set_blocks(*(self._list_standing(proposal) if steps else ()))
        chosen = proposal.signals.agreed is not None
        set_visible(self._question_group, proposal.tonight)
        set_visible(self._try, steps and chosen and not proposal.tried)
        for who in Seat:
            said = who in proposal.affirmed
            theirs = proposal.partner_is_open and who is not self._context.seat
            set_visible(self._yes[who], steps and not said and not theirs)
            set_visible(self._back[who], steps and said and not theirs)
            self._yes[who].disabled = not proposal.can_affirm

    def _render_map(self, made: Plan | None) -> None:
        """Return the map of a plan: order and level of each area; other areas have no mark."""
        firmest: dict[str, Level] = {}
        first: dict[str, str] = {}
        for number, step in enumerate(made.steps if made else (), 1):
            for part in step.parts:
                firmest[part] = max(step.level, firmest.get(part, step.level))
                first.setdefault(part, str(number))
        set_visible(self._figure, bool(firmest))
        areas = self._context.tables.areas.values()
        touched = [area for area in areas if any(part in firmest for part in area.parts)]
        with self._figure.hold_sync():  # built only once
            self._figure.places = make_map_places(touched, self._context.words)
            self._figure.brushes = make_level_brushes(
                self._context.words, sorted(set(firmest.values()))
            )
            self._figure.signs = first
            self._figure.marks = {part: level.name for part, level in firmest.items()}

    def _list_shared(self, proposal: Proposal) -> list[Block]:
        say = self._context.words
        blocks: list[Block] = []
        both = [
            i for i in self._context.tables.intentions if all(i in s for s in proposal.intentions)
        ]
        if both:
            texts = ", ".join(say(f"choices.intentions.{key}") for key in both)
            blocks.append(pair(say("forms.both_intend"), texts))
        wishes = [key for key in self._context.tables.wishes if key in proposal.matches]
        if wishes:
            texts = ", ".join(say(f"choices.wishes.{key}") for key in wishes)
            blocks.append(pair(say("forms.both_wish"), texts))
        if proposal.wishes_wait:
            blocks.append(p(say("forms.wishes_wait", name=self._context.partner.name)))
        return blocks

    def _render_wishes(self, matches: frozenset[str]) -> None:
        """Return a button for each matched wish that removes it for both; no person is named."""
        say = self._context.words
        wishes = {key: say(f"choices.wishes.{key}") for key in self._context.tables.wishes}
        labels = {say("forms.no_longer", wish=wishes[k]): k for k in wishes if k in matches}
        set_visible(self._wishes, bool(labels))
        if list(labels) == [made.description for made in self._wishes.children]:
            return
        gone = self._wishes.children
        self._wishes.children = [
            make_button(label, partial(self._no_longer, key), self._context.show)
            for label, key in labels.items()
        ]
        for made in gone:
            close_widget(made)

    def _render_questions(self, proposal: Proposal) -> None:
        """Ask who gives, for whom, how long, how, and with what; offer only what is possible."""
        say, people, turn = self._context.words, self._context.people, proposal.turn
        names = {who: people.at(who).name for who in Seat}
        givers = [
            option(w.value, say("forms.giver_option", giver=names[w], receiver=names[w.other]))
            for w in proposal.givers
        ]
        asked = [one("giver", say("forms.giver_question"), givers)]
        if turn is not None and proposal.limits is not None:
            asked += self._list_turn_questions(proposal, proposal.limits, turn)
        answers: dict[str, object] = {}
        if turn is not None:
            answers = {
                "giver": turn.giver,
                "for_whom": turn.for_whom,
                "minutes": str(proposal.plan.minutes if proposal.plan else turn.minutes),
                "position": proposal.plan.position if proposal.plan else turn.position,
                "product": proposal.plan.product if proposal.plan else turn.product,
            }
        if asked != self._question_group.questions:
            self._question_group.questions = asked
        if answers != self._question_group.answers:
            with self.silenced():
                self._question_group.answers = answers

    def _list_turn_questions(
        self, proposal: Proposal, limits: Limits, turn: Turn
    ) -> list[Question]:
        """Return the questions about a turn; only what the limits allow."""
        say, people = self._context.words, self._context.people
        giver, receiver = people.at(turn.giver).name, people.at(turn.receiver).name
        whom = [option(w.value, say(f"forms.{w}", giver=giver, receiver=receiver)) for w in ForWhom]
        minutes = [m for m in MINUTES_OFFERED if m <= limits.minutes] or [limits.minutes]
        lengths = [option(str(m), say("forms.minutes", minutes=m)) for m in minutes]
        positions = [option(w.value, say(f"positions.{w}")) for w in limits.positions]
        products = [option(o.product, say(f"oils.names.{o.product}")) for o in proposal.offers]
        asked = [
            one("for_whom", say("forms.for_whom_question"), whom),
            one("minutes", say("forms.minutes_question"), lengths),
        ]
        if len(positions) > 1:
            asked.append(one("position", say("forms.tonight_position"), positions))
        product_help = say("forms.tonight_product_help")
        return [*asked, one("product", say("forms.tonight_product"), products, help=product_help)]

    def _turn_chosen(self, _old: Answers, new: Answers) -> None:
        if self.is_silenced:
            return
        said = new.get
        giver = said("giver")
        if not giver:
            return
        before = self._proposal.turn
        fresh = before is None or before.giver != giver
        position = None if fresh else read_choice(Position, new, "position")
        turn = Turn(
            giver=Seat(giver),
            minutes=int(said("minutes") or 0) or self._proposal.minutes,
            for_whom=ForWhom(said("for_whom") or ForWhom.FOR_YOU),
            position=position,
            product=(None if fresh else said("product")) or NO_PRODUCT,
        )
        if turn != before:
            self.value = turn

    def _list_lines_to_read(self, plan: Plan, proposal: Proposal) -> list[Block]:
        """Return three lines: where, how, how we stop."""
        say = self._context.words
        areas = ", ".join(list_area_names(self._context, plan))
        softest = max((step.level for step in plan.steps), default=None)
        level = say(f"levels.{softest.name.lower()}.name") if softest is not None else ""
        signals = proposal.signals
        blocks = [
            h(say("forms.aloud")),
            item(say("forms.aloud_where", areas=areas, minutes=plan.minutes)),
            item(
                say(
                    "forms.aloud_how",
                    level=level,
                    position=say(f"positions.{plan.position}"),
                    product=say(f"oils.names.{plan.product}"),
                )
            ),
        ]
        if stop := stop_line(say, signals):
            blocks.append(item(stop))
        else:
            missing = explain_missing(self._context, signals)
            blocks.append(notice(missing, "#limits", say("forms.to_limits")))
        return blocks

    def _list_standing(self, proposal: Proposal) -> list[Block]:
        say, people = self._context.words, self._context.people
        clock = [notice(say("forms.clock_behind"))] if proposal.clock_behind else []
        if proposal.standing is Standing.STANDS:
            return [notice(say("forms.agreed")), *clock]
        ended = proposal.standing is Standing.ENDED
        blocks = [p(say("forms.agreement_ended" if ended else "forms.agreement_intro")), *clock]
        if proposal.partner_is_open:
            said = self._context.seat.other in proposal.affirmed
            key = "affirmed_there" if said else "affirm_there"
            blocks.append(p(say(f"forms.{key}", name=self._context.partner.name)))
        if proposal.signals.agreed is not None and not proposal.tried:
            blocks.append(p(say("forms.try_first")))
        if proposal.room_left:
            blocks.append(item(say("forms.room_left", n=proposal.room_left), "#setting"))
        if proposal.room_open:
            blocks.append(notice(say("forms.flame_open"), "#setting", say("forms.to_setting")))
        blocks += [p(say("forms.has_agreed", name=people.at(w).name)) for w in proposal.affirmed]
        return blocks


def list_area_names(context: FormContext, plan: Plan) -> list[str]:
    """Return the names of a plan's areas, each once, in the plan's order."""
    keys = dict.fromkeys(area_of(part) for step in plan.steps for part in step.parts)
    names = [context.words(f"areas.names.{key}") for key in keys]
    return [*names[:1], *(name[0].lower() + name[1:] for name in names[1:])]


def make_plan_blocks(context: FormContext, plan: Plan) -> list[Block]:
    """Return a plan as blocks: technique, area, level, duration; never a reason."""
    say = context.words
    if not plan.steps:
        return [h(say("forms.plan_empty")), p(say("forms.plan_empty_help"))]
    blocks: list[Block] = [
        h(say("forms.plan_title", minutes=plan.minutes)),
        pair(say("forms.plan_position"), say(f"positions.{plan.position}")),
        pair(say("forms.plan_cover"), say(f"coverage.{plan.coverage}")),
        pair(say("forms.plan_product"), say(f"oils.names.{plan.product}")),
        pair(say("forms.plan_pace"), say(f"pace.{plan.pace}")),
    ]
    blocks += [p(say(f"choices.adaptations.{a}")) for a in sorted(plan.adaptations)]
    blocks.append(h(say("forms.plan_steps")))
    for number, step in enumerate(plan.steps, 1):
        clock = f"{step.seconds // 60}:{step.seconds % 60:02}"
        level = say(f"levels.{step.level.name.lower()}.name")
        blocks.append(
            pair(
                f"{number}. {step_title(say, context.tables, step)}",
                say(
                    "forms.plan_step",
                    places=name_places(say, context.tables, step.parts),
                    level=level,
                    clock=clock,
                ),
            )
        )
    return blocks

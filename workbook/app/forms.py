"""Builds the forms of an unlocked page, and shows the view in those that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from ipywidgets import Widget

from workbook.app.actions import Actions
from workbook.app.afterwards import AfterwardsForms
from workbook.app.commands.sessions import change_position
from workbook.app.snapshot import Snapshot
from workbook.app.steps import find_way
from workbook.app.together import TOGETHER_FORMS
from workbook.app.view import learned_settings, merge_limits
from workbook.domain.consent import Signals
from workbook.domain.evening import RoomCard
from workbook.domain.health import HealthAnswers, Screening
from workbook.domain.levels import Duet
from workbook.domain.products import OilAnswers, Suitability
from workbook.domain.seats import People, Seat
from workbook.domain.techniques import Position
from workbook.domain.topics import HANDS, TOPIC_BY_FORM, TOPICS, topic_for
from workbook.rules import positions, products, screening
from workbook.ui.form import Form
from workbook.ui.forms import form_class
from workbook.ui.forms.again import AgainForm, ReturnAnswers
from workbook.ui.forms.agreement import AgreementForm
from workbook.ui.forms.aloud import AloudForm
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.duet import DuetForm
from workbook.ui.forms.oils import OilsForm
from workbook.ui.forms.people import PeopleForm
from workbook.ui.forms.player import PlayerForm
from workbook.ui.forms.prepare import PrepareForm
from workbook.ui.forms.ready import ReadyForm, Said
from workbook.ui.forms.reveal import RevealForm
from workbook.ui.forms.room import RoomForm
from workbook.ui.forms.signals import SignalsForm
from workbook.ui.forms.sit import SitForm
from workbook.ui.forms.techniques import TechniquesForm
from workbook.ui.forms.wishes import WishesForm
from workbook.ui.widgets.prose import Prose, p

CARDS: Mapping[str, type] = {
    "signals": Signals,
    "duet": Duet,
    "room": RoomCard,
    "prepare": RoomCard,
}
"""Forms that both people write on, with the class of their card."""

_CARD_FORMS: dict[str, Callable[..., Form]] = {
    "signals": SignalsForm,
    "duet": DuetForm,
    "room": RoomForm,
    "prepare": PrepareForm,
}


class FormSet(AfterwardsForms):
    """The forms that exist on one page.

    Args:
        actions: what the forms can ask of their page.

    """

    NAMES: ClassVar = frozenset(
        {
            *TOPIC_BY_FORM,
            *CARDS,
            *TOGETHER_FORMS,
            *("people", "again", "ready", "player", "soft_landing"),
            *("debrief", "thanks", "next_day", "journal"),
        }
    )
    """Names of all forms, as the chapters use them."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(actions)
        self._forms: dict[str, list[Any]] = {}
        self._is_showing = False
        """Whether forms are being given a value that is saved already."""
        self._is_saving = True
        """Whether private answers are saved; not while somebody goes through the questions after
        a no. The cards of both people are saved: the partner sees them."""

    def build(self, name: str) -> Widget:
        """Build the form of this name, with what is saved now."""
        if name in TOPIC_BY_FORM:
            made = self._topic(name)
        elif name in CARDS:
            made = self._card(name)
        elif name in TOGETHER_FORMS:
            made = TOGETHER_FORMS[name](self._do)
        else:
            made = getattr(self, f"_build_{name}")()
        self._forms.setdefault(name, []).append(made)
        self._render(name, made)
        return made

    @property
    def player(self) -> PlayerForm | None:
        """The guide that was built last; None if there is none."""
        found = self._forms.get("player")
        return found[-1] if found else None

    def drop(self, name: str) -> None:
        """Forget the forms of this name: their place is put to another use."""
        self._forms.pop(name, None)

    def clear(self) -> None:
        """Forget all forms."""
        self._forms.clear()
        self.clear_feedback()

    # What is saved ------------------------------------------------------------------------

    def set_value(self, name: str, value: object) -> None:
        """Show in every form of a topic or card what this page has just saved."""
        was_showing, self._is_showing = self._is_showing, True
        try:
            for form in self._list_forms(name):
                form.set_value(value)
        finally:
            self._is_showing = was_showing

    def apply_remote(self, before: Snapshot) -> None:
        """Show what another page has saved since ``before``."""
        now = self._do.snapshot
        for topic in TOPICS:
            old, new = before.own.saved.get(topic.name), now.own.saved.get(topic.name)
            if (old and old.version) != (new and new.version):
                self._apply(topic.name, now.own.value(topic))
        for name, card in self._cards(now).items():
            if before.card_versions.get(name) != now.card_versions.get(name):
                self._apply(name, card)
        if before.people != now.people:
            self._apply("people", now.people)
        self.apply_remote_feedback(now)

    def _stop_saving(self) -> None:
        self._is_saving = False

    def _resume_saving(self) -> None:
        """Save again once the consent has changed; forms show what is saved."""
        if self._is_saving:
            return
        self._is_saving = True
        for topic in TOPICS:
            if topic.has_form:
                self.set_value(topic.name, self._do.snapshot.own.value(topic))
        self.render()

    def apply_deferred(self) -> None:
        """Show saved values everywhere: no text field is being edited any more."""
        now = self._do.snapshot
        for topic in TOPICS:
            if topic.name in now.own.saved:
                self._apply(topic.name, now.own.value(topic))
        for name, card in self._cards(now).items():
            self._apply(name, card)
        self.apply_remote_feedback(now)

    def _apply(self, name: str, value: object) -> None:
        for form in self._list_forms(name):
            form.apply_remote_value(value)

    def _list_forms(self, name: str) -> list[Form]:
        """Return the forms that ask the topic ``name``, or show the card of this name."""
        return [
            form
            for asked, forms in self._forms.items()
            if TOPIC_BY_FORM.get(asked, asked) == name
            for form in forms
            if isinstance(form, Form)
        ]

    @staticmethod
    def _cards(now: Snapshot) -> Mapping[str, object]:
        cards = {"signals": now.signals, "duet": now.duet}
        return {**cards, "room": now.room, "prepare": now.room}

    # What follows from it -----------------------------------------------------------------

    def render(self) -> None:
        """Show the view in every form that exists."""
        for name, forms in self._forms.items():
            for form in forms:
                self._render(name, form)

    def _render(self, name: str, form: Any) -> None:
        if isinstance(form, Form):
            form.ask_roles(self._do.view.roles)
        render: Callable[[Any], None] | None = getattr(self, f"_render_{name}", None)
        if render is not None:
            render(form)

    # Topics -------------------------------------------------------------------------------

    def _topic(self, name: str) -> Form:
        do, topic = self._do, topic_for(TOPIC_BY_FORM[name])
        value = do.snapshot.own.value(topic)
        form: Form
        if topic.name == "health":
            form = form_class(name)(do.context, value, self._screen)
        elif name == "consent":
            form = ConsentForm(do.context, value, self._stop_saving)
        elif name == "oils":
            form = OilsForm(do.context, value, self._assess, self._now)
        elif name == "wishes":
            asked, due = do.view.wishes_asked, do.view.is_round_due
            form = WishesForm(do.context, value, asked, due=due)
        else:
            form = form_class(name)(do.context, value)

        def changed(old: object, new: object) -> None:
            is_new = not self._is_showing and new != do.snapshot.own.value(topic)
            if is_new and (self._is_saving or name == "consent"):
                # What is so tonight does not confirm what stays with the body.
                do.save_topic(topic.name, new, form.based_on(old), confirms=name != "body")
            if name == "consent":
                self._resume_saving()

        form.on_change(changed, do.context.show)
        return form

    def _render_wishes(self, form: WishesForm) -> None:
        form.render(self._do.view.wishes_asked, due=self._do.view.is_round_due)

    def _render_techniques(self, form: TechniquesForm) -> None:
        form.offer_less(self._do.view.may_ask_less)

    def _now(self) -> datetime:
        return self._do.vault.now()

    def _screen(self, health: HealthAnswers) -> Screening:
        return screening.screen(health, self._do.context.tables, self._now())

    def _assess(self, value: OilAnswers) -> tuple[Suitability, ...]:
        own, tables = self._do.snapshot.own, self._do.context.tables
        health = self._screen(own.value(topic_for("health")))
        learned = learned_settings(own, tables)
        return tuple(products.assess_products(value, health, tables, self._now(), learned))

    def _build_people(self) -> Widget:
        do, actions = self._do, self._do.page_actions
        form = PeopleForm(
            do.context,
            do.snapshot.people,
            actions.change_passphrase,
            actions.erase,
            actions.erase_shared,
            new_code=actions.new_recovery_code,
            confirm_code=actions.confirm_recovery_code,
            pin=actions.set_pin,
            printing=do.page.print_text,
        )

        def changed(old: People, new: People) -> None:
            if new != do.snapshot.people:
                do.save_people(new, old)

        form.on_change(changed, do.context.show)
        return form

    # A return evening ---------------------------------------------------------------------

    def _return_answers(self) -> ReturnAnswers:
        own = self._do.snapshot.own
        consent, health, time = (own.value(topic_for(n)) for n in ("consent", "health", "time"))
        return ReturnAnswers(consent, health, time)

    def _build_again(self) -> Widget:
        do, say = self._do, self._do.context.words
        if not do.view.is_return:
            return Prose([p(say("forms.again_first"))])
        standing = {
            say(f"forms.still_{name}"): f"#{topic_for(name).chapter}"
            for name in do.view.standing_saved
        }

        def confirm(hands_in: bool) -> None:  # noqa: FBT001 - it says what it is
            if self._is_saving:
                do.confirm_standing()
            ready = do.view.ready
            if ready.missing and not hands_in:
                return
            if hands_in and self._is_saving and ready.may_skip_summary:
                do.hand_in()
            do.page.go_to_step("ready")

        form = AgainForm(
            do.context,
            self._return_answers(),
            standing,
            confirm,
            self._screen,
            confirmed=do.view.is_confirmed,
            stop_saving=self._stop_saving,
            offers_five=do.view.offers_five_minutes,
        )

        def changed(old: ReturnAnswers, new: ReturnAnswers) -> None:
            saved = self._return_answers()
            kept = new if self._is_saving else replace(saved, consent=new.consent)
            if kept != saved:
                do.save_return(kept, form.based_on(old))
            if new.consent != old.consent:
                self._resume_saving()

        form.on_change(changed, do.context.show)
        return form

    def _render_again(self, form: Widget) -> None:
        if isinstance(form, AgainForm) and self._is_saving:
            form.set_value(self._return_answers())
            form.render_confirmed(confirmed=self._do.view.is_confirmed)

    # Cards of both people -----------------------------------------------------------------

    def _card(self, name: str) -> Form:
        form: Form = _CARD_FORMS[name](self._do.context, self._cards(self._do.snapshot)[name])

        def changed(old: object, new: object) -> None:
            if new != self._cards(self._do.snapshot)[name]:
                self._do.save_card(name, new, form.based_on(old))

        form.on_change(changed, self._do.context.show)
        return form

    # Tonight ------------------------------------------------------------------------------

    def _build_ready(self) -> Widget:
        do = self._do

        def say_lines(says: frozenset[str]) -> None:
            time = do.snapshot.own.value(topic_for("time"))
            if self._is_saving:
                do.save_topic("time", replace(time, says=says), time)

        page = do.page_actions
        return ReadyForm(do.context, do.hand_in, do.take_back, page.pass_screen, say_lines)

    def _render_ready(self, form: ReadyForm) -> None:
        view = self._do.view
        shown, steps = view.ready, view.steps.states
        said = Said(
            answers=view.answers,
            meaning=shown.meaning,
            missing=shown.missing,
            telling=shown.telling,
            has_lost_position=shown.has_lost_position,
            is_tonight=shown.is_tonight,
            ways={
                **{topic.name: find_way(topic, steps) for topic in TOPICS},
                HANDS: "#step-body" if "body" in steps else "#step-again",
            },
        )
        if shown.day_is_over:
            form.render_day_over()
        elif shown.has_handed_in:
            form.render_ready(said, theirs=shown.partner_has_handed_in)
        else:
            form.render_open(said)

    def _render_proposal(
        self, form: SitForm | RevealForm | PrepareForm | AloudForm | AgreementForm
    ) -> None:
        form.render(self._do.view.proposal)

    _render_sit = _render_reveal = _render_prepare = _render_aloud = _render_proposal
    _render_agreement = _render_proposal

    def _build_player(self) -> Widget:
        do = self._do
        return PlayerForm(
            do.context,
            do.apply_event,
            do.save_position,
            lambda: do.page.go_to_step("rest"),
            lambda: do.page.go_to_chapter("limits"),
            on_other_position=self._change_position,
        )

    def _change_position(self, position: Position, plan_hash: str) -> None:
        tables = self._do.context.tables
        self._do.run_command(lambda vault: change_position(vault, tables, position, plan_hash))

    def _list_other_positions(self) -> tuple[Position, ...]:
        """Where the receiver may lie or sit instead while a session runs."""
        snapshot, guide, tables = self._do.snapshot, self._do.view.guide, self._do.context.tables
        if guide.plan is None or guide.resume is None or snapshot.shares.keys() != set(Seat):
            return ()
        allowed = merge_limits(snapshot, guide.plan.turn, tables)
        return positions.list_other_positions(guide.plan, guide.resume, allowed, tables)

    def _render_player(self, form: PlayerForm) -> None:
        guide = self._do.view.guide
        signals = self._do.snapshot.signals
        form.render(
            guide.plan,
            plan_hash=guide.plan_hash,
            agreed=guide.is_agreed,
            state=guide.resume,
            run=guide.run,
            signals=signals,
            other_positions=self._list_other_positions(),
        )

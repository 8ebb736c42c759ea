"""Builds the forms of afterwards: rest, thank-you, debrief, the day after, and the journal."""

from __future__ import annotations

from ipywidgets import Widget

from workbook.app import feedback
from workbook.app.actions import Actions
from workbook.app.journal import journal_key, read_journal, shown_thanks
from workbook.app.snapshot import Snapshot, felt_levels, given_level
from workbook.app.view import learned_settings
from workbook.domain.learning import Debrief, NextDay
from workbook.ui.form import Form, close_widget
from workbook.ui.forms.debrief import DebriefForm
from workbook.ui.forms.journal import JournalForm
from workbook.ui.forms.next_day import NextDayForm
from workbook.ui.forms.soft_landing import SoftLandingForm
from workbook.ui.forms.thanks import ThanksForm
from workbook.ui.widgets.prose import Prose, p


class AfterwardsForms:
    """The part of a page's forms that speaks about what has been.

    Args:
        actions: what the forms can ask of their page.

    """

    def __init__(self, actions: Actions) -> None:
        self._do = actions
        self._feedback: dict[str, tuple[Form, type, str]] = {}
        """By name of a form: the form, class of its answers, and the evening they are about."""
        self._ended_keys: dict[str, object] = {}
        """By name of a form about the present evening: the session it was built after."""
        self._journal_key: object = None

    def clear_feedback(self) -> None:
        """Forget the forms that ask about an evening."""
        self._feedback.clear()

    def apply_remote_feedback(self, now: Snapshot) -> None:
        """Show what another page has saved about an evening."""
        saved = {Debrief: now.debrief and now.debrief.value, NextDay: now.next_day}
        evenings = {
            Debrief: now.evening.id if now.evening else None,
            NextDay: now.next_day_evening,
        }
        for form, kind, evening in self._feedback.values():
            value = saved[kind]
            if value is not None and evenings[kind] == evening:
                form.apply_remote_value(value)

    def set_feedback(self, evening: str, value: object) -> None:
        """Show in every form about an evening what one of them has just saved."""
        for form, kind, about in self._feedback.values():
            if isinstance(value, kind) and about == evening:
                form.set_value(value)

    # Each form ----------------------------------------------------------------------------

    def _build_soft_landing(self) -> Widget:
        return SoftLandingForm(self._do.context, self._give_other_turn)

    def _give_other_turn(self) -> None:
        if turn := self._do.view.other_turn:
            self._do.go_on(turn)
            self._do.page.go_to_step("reveal")

    def _render_soft_landing(self, form: SoftLandingForm) -> None:
        view = self._do.view
        plan = view.guide.plan
        form.render(
            view.landing,
            view.other_turn,
            flame=view.has_flame,
            coverage=plan.coverage if plan else None,
        )

    def _build_debrief(self) -> Widget:
        self._ended_keys["debrief"] = None
        return Form()

    def _build_thanks(self) -> Widget:
        self._ended_keys["thanks"] = None
        return Form()

    def _render_debrief(self, place: Form) -> None:
        """Build the debrief once a session has ended, and again after the next session."""
        self._rebuild_ended("debrief", place)

    def _rebuild_ended(self, name: str, place: Form) -> None:
        """Build a form about the present evening, once a session of it has ended."""
        do, now = self._do, self._do.snapshot
        ended = sum(each.session.has_ended for each in now.played)
        key = now.evening and now.evening.id, ended if now.has_ended else -1
        if key == self._ended_keys[name]:
            return
        self._ended_keys[name] = key
        form: Widget = Prose([p(do.context.words(f"forms.{name}_none"))])
        if now.evening is not None and now.has_ended:
            value = now.debrief.value if now.debrief else Debrief(on=do.context.today)
            made = self._make_debrief(value) if name == "debrief" else self._make_thanks(value)
            form = self._asks(name, made, Debrief, now.evening.id)
        gone, place.children = place.children, [form]
        for each in gone:
            close_widget(each)

    def _make_debrief(self, value: Debrief) -> Form:
        now = self._do.snapshot
        felt, gave = felt_levels(now.played, now.seat), given_level(now.played, now.seat)
        intention = now.played[-1].plan.turn.intention
        return DebriefForm(self._do.context, value, felt, intention, gave=gave)

    def _build_next_day(self) -> Widget:
        do, now = self._do, self._do.snapshot
        if now.next_day is None or now.next_day_evening is None:
            return Prose([p(do.context.words("forms.next_none"))])
        form = NextDayForm(do.context, now.next_day)
        return self._asks("next_day", form, NextDay, now.next_day_evening)

    def _asks(self, name: str, form: Form, kind: type, evening: str) -> Form:
        """Save the answers of ``form`` about an evening on each change; return ``form``."""

        def changed(old: object, new: object) -> None:
            self._do.save_feedback(evening, new, form.based_on(old))

        form.on_change(changed, self._do.context.show)
        self._feedback[name] = form, kind, evening
        return form

    def _make_thanks(self, value: Debrief) -> Form:
        do = self._do

        def give() -> None:
            do.run_command(lambda vault: feedback.give_thanks(vault, do.context.today))

        return ThanksForm(do.context, value, give, do.page_actions.pass_screen)

    def _render_thanks(self, place: Form) -> None:
        self._rebuild_ended("thanks", place)
        for form in place.children:
            if isinstance(form, ThanksForm):
                form.render(shown_thanks(self._do.snapshot.thanks))

    def _build_journal(self) -> Widget:
        self._journal_key = None
        do = self._do

        def take_back(what: str) -> None:
            do.run_command(lambda vault: feedback.take_back_learned(vault, what, do.context.tables))

        return JournalForm(do.context, take_back)

    def _render_journal(self, form: JournalForm) -> None:
        """Show past evenings; they are read only if the journal exists and they have changed."""
        key = journal_key(self._do.snapshot)
        if key == self._journal_key:
            return
        self._journal_key = key
        learned = learned_settings(self._do.snapshot.own, self._do.context.tables)
        form.render(read_journal(self._do.vault, self._do.context), learned)

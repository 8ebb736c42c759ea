"""The return evening: asks what may have changed; one button confirms all standing answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbook.domain.consent import ConsentAnswers
from workbook.domain.evening import TimeAnswers
from workbook.domain.health import HealthAnswers, Screening
from workbook.domain.seats import Role
from workbook.domain.tables import HealthQuestion
from workbook.ui.form import Form, FormContext, make_button, set_visible
from workbook.ui.forms.body import BodyForm
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.hands import HandsForm
from workbook.ui.forms.role import ReturnRoleForm
from workbook.ui.forms.time import TimeForm
from workbook.ui.widgets.prose import Prose, h, item, p


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """The answers that are asked again on every evening."""

    consent: ConsentAnswers
    health: HealthAnswers
    time: TimeAnswers


class ReturnBodyForm(BodyForm):
    """Asks what is new tonight: one line names it all, and the groups are behind a button.

    The follow-ups that an earlier answer opens are not in that line: with one of them the
    groups are shown from the start.

    Args:
        context: of the page.
        value: the answers so far.
        screen: what health answers mean.
        answer_none: carries out "none of this", which it is given.
        open_groups: called when the groups are shown.

    """

    def __init__(
        self,
        context: FormContext,
        value: HealthAnswers,
        screen: Callable[[HealthAnswers], Screening],
        answer_none: Callable[[Callable[[], None]], None],
        open_groups: Callable[[], None],
    ) -> None:
        self._join_none, self._open_groups = answer_none, open_groups
        super().__init__(context, value, screen)
        some = make_button(context.words("forms.something_new"), self._show_groups, context.show)
        none, *others = self.children
        self.children = [none, some, *others]
        self.add_class("at-new-tonight")
        self._render_groups()

    @property
    def shows_groups(self) -> bool:
        """Whether the groups are shown, and not only the line that names them."""
        return self._asked.layout.display != "none"

    def list_rows(self, value: HealthAnswers) -> list[HealthQuestion]:
        """Return tonight's questions."""
        return [
            question
            for question in self._context.tables.questions
            if question.tonight and (question.opens is None or question.opens in value.ticked)
        ]

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of the topic."""
        super().set_value(value)
        if not self.shows_groups:
            self._render_groups()

    def _answer_none(self) -> None:
        self._join_none(super()._answer_none)

    def _show_groups(self) -> None:
        set_visible(self._asked, shown=True)
        self._open_groups()

    def _render_groups(self) -> None:
        value: HealthAnswers = self.value
        is_today = value.on == self._context.today
        has_ticked = is_today and not self._statements.isdisjoint(value.ticked)
        has_follow_up = any(question.opens is not None for question in self._rows)
        set_visible(self._asked, shown=has_ticked or has_follow_up)


class AgainForm(Form):
    """Asks tonight's questions on one screen; one button confirms all standing answers.

    Args:
        context: of the page.
        value: the answers so far.
        standing: a link to each standing answer, by its words.
        confirm: confirms the standing answers and leads on; True: and hands in as well.
        screen: what health answers mean.
        confirmed: whether the standing answers are confirmed.
        stop_saving: as ``ConsentForm`` takes it.
        offers_five: whether five minutes are offered instead of an evening.

    """

    def __init__(
        self,
        context: FormContext,
        value: ReturnAnswers,
        standing: Mapping[str, str],
        confirm: Callable[[bool], None],
        screen: Callable[[HealthAnswers], Screening],
        *,
        confirmed: bool,
        stop_saving: Callable[[], None] | None = None,
        offers_five: bool = False,
    ) -> None:
        self._context = context
        self._consent = ConsentForm(context, value.consent, stop_saving, brief=True)
        self._role = ReturnRoleForm(context, value.time, offers_five=offers_five)
        self._hands, self._minutes = HandsForm(context, value.time), TimeForm(context, value.time)
        self._new = Prose(live=False)
        self._body = ReturnBodyForm(
            context, value.health, screen, self._answer_none, self._render_parts
        )
        self._confirm, self._standing, self._is_confirmed = confirm, standing, confirmed
        self._still, self._seen = Prose(), Prose()
        self._still.add_class("at-inline")
        self._button = make_button(
            context.words("forms.still_true"), self._confirm_standing, context.show, main=True
        )
        self.add_class("at-again")
        asked = [self._consent, self._role, self._minutes, self._new, self._body, self._hands]
        super().__init__([*asked, self._still, self._seen, self._button], value=value)
        self._consent.on_change(self._consent_changed, context.show)
        self._body.on_change(self._health_changed, context.show)
        for each in self._times:
            each.on_change(self._time_changed, context.show)
        self.observe(lambda _change: self._render_parts(), "value")
        self._show_time(value.time)
        self._render_parts()

    @property
    def _times(self) -> tuple[ReturnRoleForm, HandsForm, TimeForm]:
        """The forms that ask a part of tonight's role, hands and minutes."""
        return self._role, self._hands, self._minutes

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of a topic, or on another page."""
        if not isinstance(value, ReturnAnswers) or value == self.value:
            return
        with self.silenced():
            self.value = value
            self._consent.set_value(value.consent)
            self._body.set_value(value.health)
            self._show_time(value.time)
        self._render_parts()

    def render_confirmed(self, *, confirmed: bool) -> None:
        """Show whether the standing answers are confirmed for tonight."""
        self._is_confirmed = confirmed
        self._render_parts()

    def _consent_changed(self, _old: ConsentAnswers, new: ConsentAnswers) -> None:
        if not self.is_silenced:
            self.value = replace(self.value, consent=new)

    def _health_changed(self, _old: HealthAnswers, new: HealthAnswers) -> None:
        if not self.is_silenced:
            self.value = replace(self.value, health=new)

    def _time_changed(self, _old: TimeAnswers, new: TimeAnswers) -> None:
        if self.is_silenced:
            return
        with self.silenced():
            self._show_time(new)
        self.value = replace(self.value, time=new)

    def _show_time(self, value: TimeAnswers) -> None:
        """Show tonight's answers in the forms that ask a part of them, for the roles alone."""
        for each in self._times:
            each.set_value(value)
            each.ask_roles(value.roles_on(self._context.today))

    def _answer_none(self, answer: Callable[[], None]) -> None:
        """Answer what is open about the body, and for a giver about hands and energy, at once."""
        with self.silenced():
            answer()
            self._hands.answer_none()
            self._show_time(self._hands.value)
        self.value = replace(self.value, health=self._body.value, time=self._hands.value)

    def _confirm_standing(self) -> None:
        self._confirm(self._wants_five)

    @property
    def _wants_five(self) -> bool:
        time: TimeAnswers = self.value.time
        return time.five_minutes and time.on == self._context.today

    def _render_parts(self) -> None:
        """Show what these answers need: no minutes for five minutes, and no hands of a receiver."""
        say, today, time = self._context.words, self._context.today, self.value.time
        gives = Role.GIVER in (time.roles_on(today) or frozenset(Role))
        line = "forms.new_tonight_giving" if gives else "forms.new_tonight"
        self._new.set_blocks(h(say("forms.body_question")), p(say(line, all=say("health.tonight"))))
        is_open = self._body.value.on == today and time.on == today and time.hands is None
        is_careful = self._hands.is_careful
        set_visible(self._hands, gives and (self._body.shows_groups or is_open or is_careful))
        set_visible(self._minutes, not self._wants_five)
        lines = [item(text, href) for text, href in self._standing.items()]
        title = "forms.still_confirmed" if self._is_confirmed else "forms.still_question"
        self._still.set_blocks(h(say(title)), *lines)
        seen = [p(say("forms.five_seen", name=self._context.partner.name))]
        self._seen.set_blocks(*(seen if self._wants_five else ()))
        self._button.description = say(
            "forms.five_ready" if self._wants_five else "forms.still_true"
        )
        self._button.disabled = self._is_confirmed and not self._wants_five

"""The return evening: asks what may have changed; one button confirms all standing answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbook.domain.consent import ConsentAnswers
from workbook.domain.evening import TimeAnswers
from workbook.domain.health import HealthAnswers, Screening
from workbook.domain.tables import HealthQuestion
from workbook.ui.form import Form, FormContext, make_button
from workbook.ui.forms.body import BodyForm
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.hands import HandsForm
from workbook.ui.forms.role import RoleForm
from workbook.ui.forms.time import TimeForm
from workbook.ui.widgets.prose import Prose, h, item


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """The answers that are asked again on every evening."""

    consent: ConsentAnswers
    health: HealthAnswers
    time: TimeAnswers


class ReturnBodyForm(BodyForm):
    """Asks what is new tonight, with the follow-ups that an earlier answer opens."""

    def list_rows(self, value: HealthAnswers) -> list[HealthQuestion]:
        """Return tonight's questions."""
        return [
            question
            for question in self._context.tables.questions
            if question.tonight and (question.opens is None or question.opens in value.ticked)
        ]


class AgainForm(Form):
    """Asks tonight's questions; one button confirms all standing answers."""

    def __init__(
        self,
        context: FormContext,
        value: ReturnAnswers,
        standing: Mapping[str, str],
        confirm: Callable[[], None],
        screen: Callable[[HealthAnswers], Screening],
        *,
        confirmed: bool,
        stop_saving: Callable[[], None] | None = None,
    ) -> None:
        self._context = context
        self._consent = ConsentForm(context, value.consent, stop_saving)
        self._body = ReturnBodyForm(context, value.health, screen)
        self._times = [kind(context, value.time) for kind in (RoleForm, HandsForm, TimeForm)]
        self._confirm, self._standing = confirm, standing
        self._still = Prose()
        self._still.add_class("at-inline")
        self._button = make_button(
            context.words("forms.still_true"), self._confirm_standing, context.show
        )
        self.add_class("at-again")
        new = Prose([h(context.words("forms.body_question"))])
        asked = [self._consent, new, self._body, self._still, self._button, *self._times]
        super().__init__(asked, value=value)
        self._consent.on_change(self._consent_changed, context.show)
        self._body.on_change(self._health_changed, context.show)
        for each in self._times:
            each.on_change(self._time_changed, context.show)
        self._show_time(value.time)
        self._render_standing(confirmed=confirmed)

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of a topic, or on another page."""
        if not isinstance(value, ReturnAnswers) or value == self.value:
            return
        with self.silenced():
            self.value = value
            self._consent.set_value(value.consent)
            self._body.set_value(value.health)
            self._show_time(value.time)

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

    def _confirm_standing(self) -> None:
        self._confirm()
        self._render_standing(confirmed=True)

    def _render_standing(self, *, confirmed: bool) -> None:
        say = self._context.words
        lines = [item(text, href) for text, href in self._standing.items()]
        title = "forms.still_confirmed" if confirmed else "forms.still_question"
        self._still.set_blocks(h(say(title)), *lines)
        self._button.disabled = confirmed

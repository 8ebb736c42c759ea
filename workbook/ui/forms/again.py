"""The return evening: asks what may have changed; one button confirms all standing answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from workbook.domain.consent import ConsentAnswers
from workbook.domain.evening import TimeAnswers
from workbook.domain.health import HealthAnswers, ReportedCondition, Screening
from workbook.domain.tables import HealthQuestion, Statement, StatementDetail
from workbook.ui.form import Answers, FormContext, QuestionForm, make_button
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.hands import HandsForm
from workbook.ui.forms.role import RoleForm
from workbook.ui.forms.time import TimeForm
from workbook.ui.forms.urgent import UrgentPanel
from workbook.ui.questions import many, option
from workbook.ui.widgets.prose import Prose, h, item
from workbook.ui.widgets.questions import Question


@dataclass(frozen=True, slots=True)
class ReturnAnswers:
    """The answers that are asked again on every evening."""

    consent: ConsentAnswers
    health: HealthAnswers
    time: TimeAnswers


def _is_offered(statement: Statement) -> bool:
    """Return whether the list has this statement; one with a number is asked under *Health*."""
    return statement.detail is not StatementDetail.CELSIUS


class AgainForm(QuestionForm[ReturnAnswers]):
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
    ) -> None:
        self._free = ConsentForm(context, value.consent)
        self._times = [kind(context, value.time) for kind in (RoleForm, HandsForm, TimeForm)]
        self._confirm, self._screen = confirm, screen
        self._urgent = UrgentPanel(context)
        self._still = Prose()
        self._standing = standing
        self._button = make_button(
            context.words("forms.still_true"), self._confirm_standing, context.show, main=True
        )
        super().__init__(context, value)
        answered = [self._free, self._question_group, *self._times, self._still, self._button]
        self.children = [*answered, self._urgent]
        self._free.on_change(self._consent_changed, context.show)
        for each in self._times:
            each.on_change(self._time_changed, context.show)
        self._show_time(value.time)
        self._render_standing(confirmed=confirmed)
        self.observe(lambda _change: self._render_urgent(), "value")
        self._render_urgent()

    def _render_urgent(self) -> None:
        value: ReturnAnswers = self.value
        self._urgent.render(self._screen(value.health))

    def questions(self, value: ReturnAnswers) -> list[Question]:
        """Return tonight's health statements as one question, so that one tap can answer "none"."""
        say = self._context.words
        statements = [
            option(s.key, say(f"health.statements.{s.key}"))
            for q in self._list_tonights_questions(value)
            for s in q.statements
            if _is_offered(s)
        ]
        return [
            many(
                "body",
                say("forms.body_question"),
                statements,
                help=say("forms.body_help"),
                none_label=say("forms.none_of_these"),
            )
        ]

    def _list_tonights_questions(self, value: ReturnAnswers) -> list[HealthQuestion]:
        """Return tonight's questions, without follow-ups that no earlier answer opens."""
        return [
            q
            for q in self._context.tables.questions
            if q.tonight and (q.opens is None or q.opens in value.health.ticked)
        ]

    def answers(self, value: ReturnAnswers) -> Answers:
        """Return a value as the browser's answers; blank until answered for today."""
        questions = self._list_tonights_questions(value)
        if value.health.on != self._context.today or not all(
            q.key in value.health.asked for q in questions
        ):
            return {"body": []}
        tonight = {s.key for q in questions for s in q.statements if _is_offered(s)}
        return {"body": sorted(tonight & set(value.health.ticked)) or ["none"]}

    def read(self, answers: Answers) -> ReturnAnswers:
        """Return the browser's answers as a value; other answers of ``before`` are kept."""
        said = answers.get("body") or []
        value: ReturnAnswers = self.value
        if not said and not self.answers(value)["body"]:
            return value  # nothing was answered for today yet
        questions = self._list_tonights_questions(value)
        fresh = value.health.on == self._context.today
        asked, ticked = set(value.health.asked), dict(value.health.ticked)
        for question in questions:
            (asked.add if said else asked.discard)(question.key)
            for statement in question.statements:
                before = ticked.pop(statement.key, None) if fresh else None
                if statement.key in said:
                    ticked[statement.key] = before or ReportedCondition()
                elif before is not None and not _is_offered(statement):
                    ticked[statement.key] = before  # answered under Health today: it is kept
                elif not fresh:
                    ticked.pop(statement.key, None)
        health = replace(
            value.health, asked=frozenset(asked), ticked=ticked, on=self._context.today
        )
        return replace(value, health=health)

    def _consent_changed(self, _old: ConsentAnswers, new: ConsentAnswers) -> None:
        self.value = replace(self.value, consent=new)

    def _time_changed(self, _old: TimeAnswers, new: TimeAnswers) -> None:
        self.value = replace(self.value, time=new)
        self._show_time(new)

    def _fill_fields(self, value: ReturnAnswers) -> None:
        self._free.set_value(value.consent)
        self._show_time(value.time)
        super()._fill_fields(value)

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

"""The return evening: what may have changed, and one tap for all that stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbook.domain.consent import ConsentAnswers
from workbook.domain.evening import TimeAnswers
from workbook.domain.health import HealthAnswers, ReportedCondition
from workbook.domain.tables import HealthQuestion, Statement, StatementDetail
from workbook.ui.form import Answers, Asked, Desk, button
from workbook.ui.forms.consent import ConsentForm
from workbook.ui.forms.time import TimeForm
from workbook.ui.widgets.prose import Prose, h, item


@dataclass(frozen=True, slots=True)
class Tonight:
    """What is asked afresh on every evening."""

    consent: ConsentAnswers
    health: HealthAnswers
    time: TimeAnswers


def _offered(statement: Statement) -> bool:
    """What needs a number is told under *Health*; the list has a line for a fever."""
    return statement.detail is not StatementDetail.CELSIUS


class AgainForm(Asked):
    """Tonight in three minutes; all else is "still true?"."""

    def __init__(
        self,
        desk: Desk,
        value: Tonight,
        standing: Mapping[str, str],
        confirm: Callable[[], None],
        *,
        confirmed: bool,
    ) -> None:
        self._free = ConsentForm(desk, value.consent)
        self._time = TimeForm(desk, value.time)
        self._confirm = confirm
        self._still = Prose()
        self._standing = standing
        self._button = button(desk.words("forms.still_true"), self._confirmed, desk.show, main=True)
        super().__init__(desk, value)
        self.children = [self._free, self._asked, self._time, self._still, self._button]
        self._free.observe(lambda change: self._part(consent=change.new), "value")
        self._time.observe(lambda change: self._part(time=change.new), "value")
        self._list(confirmed=confirmed)

    def questions(self, value: Tonight) -> list[dict[str, Any]]:
        """All of tonight's health statements in one list, so that one tap can say "none"."""
        say = self._desk.words
        return [
            {
                "key": "body",
                "kind": "many",
                "label": say("forms.body_question"),
                "help": say("forms.body_help"),
                "options": [
                    {"key": s.key, "label": say(f"health.statements.{s.key}")}
                    for q in self._asked_tonight(value)
                    for s in q.statements
                    if _offered(s)
                ],
                "none_label": say("forms.none_of_these"),
            }
        ]

    def _asked_tonight(self, value: Tonight) -> list[HealthQuestion]:
        """Tonight's questions, without those that an earlier answer does not open."""
        return [
            q
            for q in self._desk.tables.questions
            if q.tonight and (q.opens is None or q.opens in value.health.ticked)
        ]

    def answers(self, value: Tonight) -> Answers:
        """The value as the browser's answers; blank until said for today."""
        questions = self._asked_tonight(value)
        if value.health.on != self._desk.today or not all(
            q.key in value.health.asked for q in questions
        ):
            return {"body": []}
        tonight = {s.key for q in questions for s in q.statements if _offered(s)}
        return {"body": sorted(tonight & set(value.health.ticked)) or ["none"]}

    def read(self, answers: Answers) -> Tonight:
        """The browser's answers as a value; what was said before about the rest is kept."""
        said = answers.get("body") or []
        value: Tonight = self.value
        if not said and not self.answers(value)["body"]:
            return value  # nothing was said for today yet
        questions = self._asked_tonight(value)
        fresh = value.health.on == self._desk.today
        asked, ticked = set(value.health.asked), dict(value.health.ticked)
        for question in questions:
            (asked.add if said else asked.discard)(question.key)
            for statement in question.statements:
                before = ticked.pop(statement.key, None) if fresh else None
                if statement.key in said:
                    ticked[statement.key] = before or ReportedCondition()
                elif before is not None and not _offered(statement):
                    ticked[statement.key] = before  # told under Health today; it stands
                elif not fresh:
                    ticked.pop(statement.key, None)
        health = replace(value.health, asked=frozenset(asked), ticked=ticked, on=self._desk.today)
        return replace(value, health=health)

    def _part(self, **part: ConsentAnswers | TimeAnswers) -> None:
        self.value = replace(self.value, **part)  # type: ignore[arg-type]

    def _put(self, value: Tonight) -> None:
        self._free.take(value.consent)
        self._time.take(value.time)
        super()._put(value)

    def _confirmed(self) -> None:
        self._confirm()
        self._list(confirmed=True)

    def _list(self, *, confirmed: bool) -> None:
        say = self._desk.words
        lines = [item(text, href) for text, href in self._standing.items()]
        title = "forms.still_confirmed" if confirmed else "forms.still_question"
        self._still.say(h(say(title)), *lines)
        self._button.disabled = confirmed

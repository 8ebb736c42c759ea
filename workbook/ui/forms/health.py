"""Body today and the health questions; private, and what the book makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from ipywidgets import Widget

from workbook.domain.health import (
    MAX_BODY_CELSIUS,
    MIN_BODY_CELSIUS,
    Action,
    Clearance,
    HealthAnswers,
    ReportedCondition,
    Screening,
)
from workbook.domain.levels import Level
from workbook.domain.tables import HealthQuestion, Statement, StatementDetail
from workbook.ui.form import Answers, Form, FormContext, make_button, set_visible
from workbook.ui.guard import show_errors
from workbook.ui.widgets.prose import Block, Prose, h, item, notice, p
from workbook.ui.widgets.questions import NONE, Questions

NO_LIMIT = "none"
"""A professional agreed, and set no limit to the pressure; said, not left blank."""

HOME = tuple(level for level in Level if level <= Level.MEDIUM)


class HealthForm(Form):
    """About 25 short questions in groups; follow-ups only where an answer opens them.

    Each group ends with one button for "none of these", so that somebody with nothing
    to say is through in eight taps and has still seen every line.
    """

    SHOWS = ("health",)

    _taking = False
    """While a value saved elsewhere is put in."""

    def __init__(
        self,
        context: FormContext,
        value: HealthAnswers,
        screen: Callable[[HealthAnswers], Screening],
    ) -> None:
        self._context, self._screen = context, screen
        said, words = self._make_answers(value), dict(context.words.table("questions"))
        groups = dict.fromkeys(q.group for q in context.tables.questions)
        self._groups = [
            Questions(
                questions=[
                    self._make_question(q) | ({"group": say} if first else {})
                    for q, first in _mark_first(context.tables.questions, group)
                ],
                answers=said,
                words=words,
            )
            for group in groups
            for say in (context.words(f"health.groups.{group}"),)
        ]
        self._clearances = Questions(
            questions=[], answers=self._make_clearance_answers(value), words=words
        )
        self._meaning = Prose()
        nothing = context.words("forms.none_in_group")
        rows: list[Widget] = []
        for asked in self._groups:
            rows += [asked, make_button(nothing, partial(self._answer_none, asked), context.show)]
        self._urgent = make_button(
            context.words("health.show_partner"), self._show_partner, context.show
        )
        super().__init__([*rows, self._meaning, self._urgent, self._clearances], value=value)
        for asked in self._groups:
            asked.observe(show_errors(self._answers_changed, context.show), "answers")
        self._clearances.observe(show_errors(self._clearances_changed, context.show), "answers")
        self.observe(lambda _change: self._render_meaning(), "value")
        self._render_meaning()

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of the topic."""
        if not isinstance(value, HealthAnswers) or value == self.value:
            return
        given = {word.rule for word in self.value.clearances}
        half = {k: v for k, v in self._clearances.answers.items() if k.split(".")[0] not in given}
        self._taking = True
        try:
            self.value = value
            for asked in self._groups:  # one by one: in between they are no answer of anybody
                asked.answers = self._make_answers(value)
            self._clearances.answers = half | self._make_clearance_answers(value)
        finally:
            self._taking = False

    def _show_partner(self) -> None:
        """The person's own choice: the emergency, large and alone, to be shown to the partner."""
        say = self._context.words
        self._meaning.set_blocks(
            h(say("forms.urgent_title", name=self._context.me.name)),
            notice(say("health.actions.urgent")),
        )

    def _answer_none(self, asked: Questions) -> None:
        """Answer what is still open in one group with "none of these"."""
        answers = dict(asked.answers)
        for question in asked.questions:
            if not answers.get(question["key"]) and _is_asked(question, answers):
                answers[question["key"]] = [NONE]
        asked.answers = answers

    def _answers_changed(self, _change: Any) -> None:
        if self._taking:
            return
        said: dict[str, Any] = {}
        for asked in self._groups:
            keys = {question["key"] for question in asked.questions}
            said |= {k: v for k, v in asked.answers.items() if k.split(".")[0] in keys}
        self.value = self._read_answers(said)

    def _make_question(self, question: HealthQuestion) -> dict[str, Any]:
        say = self._context.words
        asked: dict[str, Any] = {
            "key": question.key,
            "kind": "many",
            "label": say(f"health.questions.{question.key}"),
            "options": [
                {"key": s.key, "label": say(f"health.statements.{s.key}")}
                for s in question.statements
            ],
            "none_label": say("forms.none_of_these"),
            "follow": {
                s.key: [self._make_detail(s)]
                for s in question.statements
                if s.detail is not StatementDetail.NONE
            },
        }
        if question.opens is not None:
            opener = next(
                q.key
                for q in self._context.tables.questions
                if any(s.key == question.opens for s in q.statements)
            )
            asked["shown_if"] = {"question": opener, "option": question.opens}
        return asked

    def _make_detail(self, statement: Statement) -> dict[str, Any]:
        say = self._context.words
        if statement.detail is StatementDetail.WHERE:
            return {
                "key": "where",
                "kind": "many",
                "label": say("forms.health_where"),
                "options": self._list_parts(),
            }
        if statement.detail is StatementDetail.SINCE:
            return {"key": "last", "kind": "date", "label": say("forms.health_last")}
        if statement.detail is StatementDetail.CELSIUS:
            return {
                "key": "celsius",
                "kind": "number",
                "label": say("forms.health_celsius"),
                "min": MIN_BODY_CELSIUS,
                "max": MAX_BODY_CELSIUS,
                "step": 0.1,
                "unit": "°C",
            }
        return {
            "key": "week",
            "kind": "number",
            "label": say("forms.health_week"),
            "min": 1,
            "max": 42,
        }

    def _list_parts(self) -> list[dict[str, str]]:
        """Every part that can be touched at all."""
        say = self._context.words
        return [
            {"key": part, "label": say(f"areas.parts.{part.replace('.', '_')}")}
            for area in self._context.tables.areas.values()
            if area.choosable
            for part in area.parts
        ]

    def _make_answers(self, value: HealthAnswers) -> dict[str, Any]:
        """The value as the browser's answers; follow-ups under ``question.statement.detail``."""
        shown: dict[str, Any] = {}
        for question in self._context.tables.questions:
            stale = question.tonight and value.on != self._context.today
            if question.key not in value.asked or stale:
                continue
            ticked = [s.key for s in question.statements if s.key in value.ticked]
            shown[question.key] = ticked or [NONE]
            for key in ticked:
                tick, under = value.ticked[key], f"{question.key}.{key}"
                shown[f"{under}.where"] = sorted(tick.where)
                shown[f"{under}.last"] = tick.last.isoformat() if tick.last else None
                shown[f"{under}.week"] = tick.week
                shown[f"{under}.celsius"] = tick.celsius
        return shown

    def _read_answers(self, answers: Answers) -> HealthAnswers:
        """The browser's answers as a value, said for today; kept clearances stay."""
        asked, ticked = set(), {}
        for question in self._context.tables.questions:
            said = answers.get(question.key) or []
            if said:
                asked.add(question.key)
            for statement in question.statements:
                if statement.key in said:
                    ticked[statement.key] = self._read_condition(
                        statement.key, answers, f"{question.key}.{statement.key}"
                    )
        return HealthAnswers(
            asked=frozenset(asked),
            ticked=ticked,
            clearances=self.value.clearances,
            on=self._context.today,
        )

    def _read_condition(self, key: str, answers: Answers, under: str) -> ReportedCondition:
        last, week = answers.get(f"{under}.last"), answers.get(f"{under}.week")
        before: ReportedCondition | None = self.value.ticked.get(key)
        week = int(week) if week else None
        celsius = answers.get(f"{under}.celsius")
        told = before.told if before and before.week == week else self._context.today
        return ReportedCondition(
            where=frozenset(answers.get(f"{under}.where") or ()),
            last=date.fromisoformat(last) if last else None,
            week=week,
            told=told if week else None,
            celsius=float(celsius) if celsius else None,
        )

    def _render_meaning(self) -> None:
        """Say what the book makes of the answers, to the person concerned alone."""
        screening = self._screen(self.value)
        self._meaning.set_blocks(*self.explain_screening(self._context, self.value, screening))
        urgent = Action.URGENT in (screening.receiving.action, screening.giving.action)
        set_visible(self._urgent, urgent)
        fired = (screening.receiving, screening.giving)
        needed = dict.fromkeys(row for effect in fired for row in effect.ask_first)
        # A word that was given stays on the page, to be looked at and taken back.
        given = {word.rule for word in self.value.clearances}
        needed |= dict.fromkeys(row for effect in fired for row in effect.rows if row in given)
        questions = [self._make_clearance(row) for row in sorted(needed)]
        if [q["key"] for q in self._clearances.questions] != [q["key"] for q in questions]:
            self._clearances.questions = questions  # not its answers: a word may be half said

    @staticmethod
    def explain_screening(
        context: FormContext, value: HealthAnswers, screening: Screening
    ) -> list[Block]:
        """What the answers mean tonight, in sentences for their owner."""
        say = context.words
        action = min(screening.receiving.action, screening.giving.action)
        rows = tuple(dict.fromkeys(screening.receiving.rows + screening.giving.rows))
        blocks: list[Block] = []
        if rows:
            blocks.append(h(say("forms.health_meaning")))
        if action <= Action.ASK_FIRST:
            blocks.append(notice(say(f"health.actions.{action.name.lower()}")))
        elif rows:
            blocks.append(p(say(f"health.actions.{action.name.lower()}")))
        blocks += [item(say(f"health.rows.{row}")) for row in rows]
        if value.asked and not screening.complete:
            blocks.append(p(say("forms.health_incomplete")))
        elif screening.complete and not rows:
            blocks.append(p(say("forms.health_clear")))
        return [*blocks, p(say("health.general"))] if blocks else blocks

    def _make_clearance(self, row: str) -> dict[str, Any]:
        say = self._context.words
        return {
            "key": row,
            "kind": "many",
            "label": say("forms.clearance_question"),
            "help": say(f"health.rows.{row}"),
            "options": [{"key": "agreed", "label": say("forms.clearance_agreed")}],
            "follow": {
                "agreed": [
                    {"key": "on", "kind": "date", "label": say("forms.clearance_on")},
                    {
                        "key": "cap",
                        "kind": "one",
                        "label": say("forms.clearance_cap"),
                        "options": [
                            *(
                                {"key": lv.name, "label": say(f"levels.{lv.name.lower()}.name")}
                                for lv in HOME
                            ),
                            {"key": NO_LIMIT, "label": say("forms.clearance_no_limit")},
                        ],
                    },
                    {
                        "key": "closed",
                        "kind": "many",
                        "label": say("forms.clearance_closed"),
                        "options": self._list_parts(),
                    },
                ]
            },
        }

    @staticmethod
    def _make_clearance_answers(value: HealthAnswers) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for clearance in value.clearances:
            shown[clearance.rule] = ["agreed"]
            shown[f"{clearance.rule}.agreed.on"] = clearance.on.isoformat()
            cap = clearance.cap.name if clearance.cap in HOME else NO_LIMIT
            shown[f"{clearance.rule}.agreed.cap"] = cap
            shown[f"{clearance.rule}.agreed.closed"] = sorted(clearance.closed)
        return shown

    def _clearances_changed(self, change: Any) -> None:
        if self._taking:
            return
        said: Mapping[str, Any] = change.new
        kept = []
        for rule, ticked in said.items():
            on, cap = said.get(f"{rule}.agreed.on"), said.get(f"{rule}.agreed.cap")
            if "." not in rule and ticked and on and cap:  # the date, and what limit they set
                closed = frozenset(said.get(f"{rule}.agreed.closed") or ())
                level = Level.STRONG if cap == NO_LIMIT else Level[cap]
                kept.append(Clearance(rule, date.fromisoformat(on), level, closed))
        clearances = tuple(kept)
        if clearances != self.value.clearances:
            self.value = replace(self.value, clearances=clearances)


def _mark_first(
    questions: Sequence[HealthQuestion], group: str
) -> Iterator[tuple[HealthQuestion, bool]]:
    """Questions of one group, the first one marked."""
    mine = [question for question in questions if question.group == group]
    yield from ((question, question is mine[0]) for question in mine)


def _is_asked(question: Mapping[str, Any], answers: Answers) -> bool:
    """Whether the answer that opens a question stands."""
    wanted = question.get("shown_if")
    return not wanted or wanted["option"] in (answers.get(wanted["question"]) or ())

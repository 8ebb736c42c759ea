"""The health questions, and what follows from the answers; both are private."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ipywidgets import Widget

from workbook.content.words import name_level, name_part
from workbook.domain.health import (
    MAX_BODY_CELSIUS,
    MIN_BODY_CELSIUS,
    Action,
    Clearance,
    HealthAnswers,
    ReportedCondition,
    Screening,
)
from workbook.domain.levels import HOME_LEVELS, Level
from workbook.domain.tables import HealthQuestion, Statement, StatementDetail
from workbook.rules.screening import list_questions
from workbook.ui.form import FieldAnswers, Form, FormContext, make_button
from workbook.ui.forms.urgent import UrgentPanel
from workbook.ui.guard import observe_change
from workbook.ui.questions import day, many, number, one, option, shown_if
from workbook.ui.widgets.prose import Block, Prose, h, item, notice, p
from workbook.ui.widgets.questions import NONE, Question, QuestionOption, Questions

STEADY_ANSWERS = {"yes": True, "no": False}
"""Answers to whether it has been steady for a year or more."""

_STEADY_BY_VALUE = {value: key for key, value in STEADY_ANSWERS.items()}

NO_LIMIT = "none"
"""The explicit answer that a professional agreed and set no limit to the pressure."""


class HealthForm(Form):
    """Asks what stays with the body; a follow-up if an answer opens it.

    One button says "none of this", and a few groups are folded away. A group's line names what
    it is about, red flags first, so that a person with nothing to report has read the lines and
    needs one tap. ``BodyForm`` asks what is so tonight; the two show one topic.
    """

    SHOWS = ("health",)
    IS_TONIGHT = False
    """Whether the form asks for the groups of tonight, and not for those that stay."""

    def __init__(
        self,
        context: FormContext,
        value: HealthAnswers,
        screen: Callable[[HealthAnswers], Screening],
    ) -> None:
        self._context, self._screen = context, screen
        words = dict(context.words.table("questions"))
        self._rows = self.list_rows(value)
        self._statements = frozenset(s.key for each in self._rows for s in each.statements)
        self._asked = Questions(
            questions=self._make_questions(), answers=self._make_answers(value), words=words
        )
        self._clearances = Questions(
            questions=[], answers=self._make_clearance_answers(value), words=words
        )
        self._meaning = Prose()
        self._none = make_button("", self._answer_none, context.show)
        self._none.add_class("at-none")
        self._urgent = UrgentPanel(context)
        shown: list[Widget] = [self._none, self._asked, self._meaning, self._clearances]
        super().__init__([*shown, self._urgent], value=value)
        observe_change(self._asked, "answers", self._answers_changed, context.show)
        observe_change(self._clearances, "answers", self._clearances_changed, context.show)
        self.observe(lambda _change: self._render_meaning(), "value")
        self._render_meaning()

    def list_rows(self, value: HealthAnswers) -> list[HealthQuestion]:
        """Return the questions that the form asks."""
        return list_questions(self._context.tables, tonight=self.IS_TONIGHT)

    def set_value(self, value: object) -> None:
        """Show a value saved by another form of the topic."""
        if not isinstance(value, HealthAnswers) or value == self.value:
            return
        given = {word.rule for word in self.value.clearances}
        half = {k: v for k, v in self._clearances.answers.items() if k.split(".")[0] not in given}
        with self.silenced():
            self.value = value
            self._asked.answers = self._make_answers(value)
            self._clearances.answers = half | self._make_clearance_answers(value)

    def _answer_none(self) -> None:
        """Answer what is open with "none of these"."""
        answers = dict(self._asked.answers)
        for question in self._asked.questions:
            if not answers.get(question["key"]) and _is_asked(question, answers):
                answers[question["key"]] = [NONE]
        self._asked.answers = answers

    def _answers_changed(self, _old: FieldAnswers, new: FieldAnswers) -> None:
        if not self.is_silenced:
            self.value = self._read_answers(new)

    def _make_questions(self) -> list[Question]:
        """Return the questions, each with the heading and the line of its group."""
        say, made = self._context.words, []
        for row in self._rows:
            question = self._make_question(row)
            question["group"] = say(f"health.groups.{row.group}")
            question["group_line"] = say(f"health.lines.{row.group}")
            made.append(question)
        return made

    def _make_question(self, question: HealthQuestion) -> Question:
        say = self._context.words
        statements = [option(s.key, say(f"health.statements.{s.key}")) for s in question.statements]
        details = {s.key: asked for s in question.statements if (asked := self._list_details(s))}
        opens = question.opens
        if all(opens != s.key for each in self._rows for s in each.statements):
            opens = None  # it was answered on an earlier evening, in another form
        return many(
            question.key,
            say(f"health.questions.{question.key}"),
            statements,
            none_label=say("forms.none_of_these"),
            follow=details,
            shown_if=None if opens is None else shown_if(self._find_opener(opens), opens),
        )

    def _find_opener(self, statement: str) -> str:
        """Return the key of the question that has this statement."""
        return next(
            q.key
            for q in self._context.tables.questions
            if any(s.key == statement for s in q.statements)
        )

    def _list_details(self, statement: Statement) -> list[Question]:
        """Return what a statement asks next."""
        asked = []
        if statement.detail is not StatementDetail.NONE:
            asked.append(self._make_detail(statement))
        if statement.steady:
            say = self._context.words
            answers = [option(key, say(f"forms.steady_{key}")) for key in STEADY_ANSWERS]
            asked.append(one("steady", say("forms.steady_question"), answers, brief=True))
        return asked

    def _make_detail(self, statement: Statement) -> Question:
        say = self._context.words
        if statement.detail is StatementDetail.WHERE:
            return many("where", say("forms.health_where"), self._list_parts(), brief=True)
        if statement.detail is StatementDetail.SINCE:
            return day("last", say("forms.health_last"))
        if statement.detail is StatementDetail.CELSIUS:
            return number(
                "celsius",
                say("forms.health_celsius"),
                MIN_BODY_CELSIUS,
                MAX_BODY_CELSIUS,
                step=0.1,
                unit="°C",
            )
        return number("week", say("forms.health_week"), 1, 42)

    def _list_parts(self) -> list[QuestionOption]:
        """Return every part of the body that can be massaged."""
        say = self._context.words
        return [
            option(part, name_part(say, part))
            for area in self._context.tables.areas.values()
            if area.choosable
            for part in area.parts
        ]

    def _make_answers(self, value: HealthAnswers) -> dict[str, object]:
        """Return a value as answers; follow-ups are keyed ``question.statement.detail``."""
        shown: dict[str, object] = {}
        for question in self._rows:
            stale = question.tonight and value.on != self._context.today
            ticked = [s.key for s in question.statements if s.key in value.ticked]
            if stale or not (ticked or question.key in value.asked):
                continue
            shown[question.key] = ticked or [NONE]
            for key in ticked:
                tick, under = value.ticked[key], f"{question.key}.{key}"
                shown[f"{under}.where"] = sorted(tick.where)
                shown[f"{under}.last"] = tick.last.isoformat() if tick.last else None
                shown[f"{under}.week"] = tick.week
                shown[f"{under}.celsius"] = tick.celsius
                if tick.steady is not None:
                    shown[f"{under}.steady"] = _STEADY_BY_VALUE[tick.steady]
        return shown

    def _read_answers(self, answers: FieldAnswers) -> HealthAnswers:
        """Return the browser's answers in the value, dated today.

        What the other form asks is kept, but for answers about another evening; clearances are
        kept.
        """
        value, mine = self.value, {question.key for question in self._rows}
        is_stale = value.on != self._context.today
        outdated = [q for q in self._context.tables.questions if q.tonight and is_stale]
        mine |= {question.key for question in outdated}
        gone = self._statements | {s.key for q in outdated for s in q.statements}
        asked = set(value.asked - mine)
        ticked = {key: tick for key, tick in value.ticked.items() if key not in gone}
        for question in self._rows:
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

    def _read_condition(self, key: str, answers: FieldAnswers, under: str) -> ReportedCondition:
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
            steady=STEADY_ANSWERS.get(answers.get(f"{under}.steady") or ""),
            celsius=float(celsius) if celsius else None,
        )

    def _render_meaning(self) -> None:
        """Show what follows from the form's own answers, only to the person who gave them."""
        value: HealthAnswers = self.value
        own = {key: tick for key, tick in value.ticked.items() if key in self._statements}
        # It keeps what is ticked, and says so.
        label = "forms.none_of_the_rest" if self._has_ticked else "forms.none_in_group"
        self._none.description = self._context.words(label)
        screening = self._screen(replace(value, ticked=own))
        self._meaning.set_blocks(*self._explain_own(screening))
        self._urgent.render(screening)
        fired = (screening.receiving, screening.giving)
        needed = dict.fromkeys(row for effect in fired for row in effect.ask_first)
        # A professional's agreement stays visible, so that it can be read and taken back.
        given = {word.rule for word in value.clearances}
        needed |= dict.fromkeys(row for effect in fired for row in effect.rows if row in given)
        questions = [self._make_clearance(row) for row in sorted(needed)]
        if [q["key"] for q in self._clearances.questions] != [q["key"] for q in questions]:
            self._clearances.questions = questions  # not its answers: they may be incomplete

    @property
    def _is_stale(self) -> bool:
        """Whether the answers are about another evening than the form asks about."""
        return self.IS_TONIGHT and self.value.on != self._context.today

    @property
    def _has_ticked(self) -> bool:
        """Whether something here is so."""
        return not self._is_stale and not self._statements.isdisjoint(self.value.ticked)

    def _explain_own(self, screening: Screening) -> list[Block]:
        """Return what the form's own answers mean tonight."""
        value: HealthAnswers = self.value
        asked = [q for q in self._rows if q.opens is None or q.opens in value.ticked]
        said = [q for q in asked if q.key in value.asked]
        if self._is_stale or not said:
            return []
        complete = len(said) == len(asked)
        blocks = explain_screening(self._context, replace(screening, complete=complete))
        if not complete and self._has_ticked:
            blocks.append(p(self._context.words("forms.health_rest")))
        return blocks

    def _make_clearance(self, row: str) -> Question:
        say = self._context.words
        caps = [option(lv.name, name_level(say, lv)) for lv in HOME_LEVELS]
        no_limit = option(NO_LIMIT, say("forms.clearance_no_limit"))
        details = [
            day("on", say("forms.clearance_on")),
            one("cap", say("forms.clearance_cap"), [*caps, no_limit]),
            many("closed", say("forms.clearance_closed"), self._list_parts(), brief=True),
        ]
        return many(
            row,
            say("forms.clearance_question"),
            [option("agreed", say("forms.clearance_agreed"))],
            help=say(f"health.rows.{row}"),
            follow={"agreed": details},
        )

    @staticmethod
    def _make_clearance_answers(value: HealthAnswers) -> dict[str, object]:
        shown: dict[str, object] = {}
        for clearance in value.clearances:
            shown[clearance.rule] = ["agreed"]
            shown[f"{clearance.rule}.agreed.on"] = clearance.on.isoformat()
            cap = clearance.cap.name if clearance.cap in HOME_LEVELS else NO_LIMIT
            shown[f"{clearance.rule}.agreed.cap"] = cap
            shown[f"{clearance.rule}.agreed.closed"] = sorted(clearance.closed)
        return shown

    def _clearances_changed(self, _old: FieldAnswers, said: FieldAnswers) -> None:
        if self.is_silenced:
            return
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


def _is_asked(question: Question, answers: FieldAnswers) -> bool:
    """Return whether the answer that opens a question is given."""
    wanted = question.get("shown_if")
    return not wanted or wanted["option"] in (answers.get(wanted["question"]) or ())


def explain_screening(context: FormContext, screening: Screening) -> list[Block]:
    """Return what answers mean tonight, as sentences for the person who gave them."""
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
    if screening.receiving.in_gentle_evening:
        blocks.append(p(say("forms.steady_open")))
    blocks += [item(say(f"health.rows.{row}")) for row in rows]
    if not screening.complete:
        blocks.append(p(say("forms.health_incomplete")))
    elif not rows:
        blocks.append(p(say("forms.health_clear")))
    return [*blocks, p(say("health.general"))]

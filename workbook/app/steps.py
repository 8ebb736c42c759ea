"""Says which steps an evening has now, and how far each is; pure, without widgets or vault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workbook.app.due import is_debrief_due, is_next_day_due
from workbook.app.snapshot import Snapshot
from workbook.domain.consent import Standing
from workbook.domain.evening import Answers, TimeAnswers
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Seat
from workbook.domain.tables import Tables
from workbook.domain.topics import (
    AFTER_STEPS,
    FIRST_FORM_BY_TOPIC,
    NEXT_DAY_STEP,
    ONE_WAY_JOINS,
    RETURN_STEPS,
    STEP_BY_FORM,
    STEPS,
    TOGETHER_STEPS,
    TOPIC_BY_FORM,
    WELCOME_STEP,
    Topic,
    concerns_roles,
    is_form_answered,
    list_answered,
    topic_for,
)
from workbook.rules.screening import is_part_answered


class EveningState(StrEnum):
    """Where an evening is; each state has its own steps."""

    ASKING = "asking"
    """Each person answers alone, up to *Ready*."""
    TOGETHER = "together"
    """Both are ready: from the reveal to the massage."""
    AFTER = "after"
    """A massage has ended, and no other turn was begun on."""


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    HALF = "half"
    OPEN = "open"
    LATER = "later"
    """Something before it is missing, so it cannot be turned to."""


@dataclass(frozen=True, slots=True)
class StepsView:
    """The steps that one person's page has now."""

    state: EveningState
    states: Mapping[str, StepState]
    """How far each step is, by its name, in order."""
    first: str
    """The step that a page opens at."""
    joined: Mapping[str, str] = field(default_factory=dict[str, str])
    """Steps that are shown on the screen of another one, by that one's name."""

    def as_json(self) -> dict[str, object]:
        """Return the steps as the page's script reads them."""
        return {
            "state": self.state,
            "steps": dict(self.states),
            "first": self.first,
            "joined": dict(self.joined),
        }


def make_steps(
    snapshot: Snapshot,
    proposal: Proposal,
    missing: tuple[str, ...],
    tables: Tables,
    today: date,
    *,
    is_return: bool,
    goes_on: bool,
    asks_next_day: bool,
) -> StepsView:
    """Return the steps of this moment.

    Args:
        snapshot: what is saved.
        proposal: what both may see.
        missing: topics that tonight's plan waits for.
        tables: the content tables.
        today: local date that the page's questions are about.
        is_return: whether there are answers of an earlier evening.
        goes_on: whether another turn was chosen on this page after a massage.
        asks_next_day: whether the questions of the day after were open when the page opened.

    """
    state = find_state(snapshot, proposal, goes_on=goes_on)
    if state is EveningState.TOGETHER:
        together = _mark_together(snapshot, proposal)
        begun = snapshot.is_under_way or bool(proposal.affirmed)
        first = "agree" if begun and "agree" in together else next(iter(together))
        return StepsView(state, together, first)
    if state is EveningState.AFTER:
        after = _mark_after(snapshot)
        return StepsView(state, after, _first_open(after, AFTER_STEPS[1:], AFTER_STEPS[0]))
    joined = _join_steps(snapshot, today)
    marks = _mark_forms(snapshot, missing, tables, today, joined)
    steps = [step for step in (RETURN_STEPS if is_return else STEPS) if step in marks]
    asking = {step: _mark_all(marks[step]) for step in steps}
    if asks_next_day:
        is_due = is_next_day_due(snapshot, tables, today)
        asking = {NEXT_DAY_STEP: _mark(done=not is_due), **asking}
    first = _first_open(asking, tuple(asking), "ready")
    first = first if snapshot.own.saved or is_return else WELCOME_STEP
    return StepsView(state, asking, first, joined)


def _join_steps(snapshot: Snapshot, today: date) -> Mapping[str, str]:
    time: TimeAnswers = snapshot.own.value(topic_for("time"))
    return ONE_WAY_JOINS if len(time.roles_on(today)) == 1 else {}


def find_way(topic: Topic, steps: Collection[str]) -> str:
    """Return a link to where a topic is asked: one of ``steps``, or else its chapter."""
    step = STEP_BY_FORM.get(FIRST_FORM_BY_TOPIC.get(topic.name, topic.name), "")
    if step not in steps:
        step = ONE_WAY_JOINS.get(step, step)
    if step in steps:
        return f"#step-{step}"
    asks_again = topic.name in {"consent", "time", "still"}  # on a return evening, too
    return "#step-again" if asks_again and "again" in steps else f"#{topic.chapter}"


def find_state(snapshot: Snapshot, proposal: Proposal, *, goes_on: bool) -> EveningState:
    """Return where the evening is."""
    if snapshot.is_under_way:
        return EveningState.TOGETHER
    is_next_turn = bool(proposal.affirmed) and proposal.standing is not Standing.ENDED
    if snapshot.has_ended and not (goes_on or is_next_turn):
        return EveningState.AFTER
    return EveningState.TOGETHER if proposal.ready == frozenset(Seat) else EveningState.ASKING


def _first_open(states: Mapping[str, StepState], steps: tuple[str, ...], otherwise: str) -> str:
    return next((step for step in steps if states[step] is not StepState.DONE), otherwise)


def _mark(*, done: bool) -> StepState:
    return StepState.DONE if done else StepState.OPEN


def _mark_all(answered: list[bool]) -> StepState:
    if all(answered):
        return StepState.DONE
    return StepState.HALF if any(answered) else StepState.OPEN


def _mark_forms(
    snapshot: Snapshot,
    missing: tuple[str, ...],
    tables: Tables,
    today: date,
    joined: Mapping[str, str],
) -> Mapping[str, list[bool]]:
    """Return which forms of each step are answered; forms that concern no role are left out."""
    said = Answers(**{topic.name: snapshot.own.value(topic) for topic in list_answered()})
    roles = said.time.roles_on(today)
    marks: dict[str, list[bool]] = {}
    for form, step in STEP_BY_FORM.items():
        if not concerns_roles(form, roles):
            continue
        done = marks.setdefault(joined.get(step, step), [])
        if form == "signals":
            done.append(snapshot.seat in snapshot.signals.chosen)
        elif form == "again":
            done.append(not missing)
        elif form == "ready":
            done.append(snapshot.seat in snapshot.shares)
        elif form in ("body", "health"):
            tonight = form == "body"
            answered = is_part_answered(said.health, tables, tonight=tonight)
            done.append(answered and said.health.on == today)
        elif form in TOPIC_BY_FORM and topic_for(TOPIC_BY_FORM[form]).marks_chapter:
            done.append(is_form_answered(form, said, today))
    return marks


def _mark_together(snapshot: Snapshot, proposal: Proposal) -> Mapping[str, StepState]:
    """Mark what both go through; without a plan nothing follows the reveal."""
    if not proposal.tonight:
        return {"reveal": StepState.OPEN}
    has_plan = proposal.plan is not None and bool(proposal.plan.steps)
    is_agreed = proposal.standing is Standing.STANDS or snapshot.is_under_way
    later = StepState.OPEN if has_plan else StepState.LATER
    marks = {
        step: later if step in TOGETHER_STEPS[2:] else StepState.OPEN for step in TOGETHER_STEPS
    }
    return {**marks, "agree": StepState.DONE} if is_agreed else marks


def _mark_after(snapshot: Snapshot) -> Mapping[str, StepState]:
    return {
        "rest": StepState.DONE,
        "thanks": _mark(done=snapshot.seat in snapshot.thanks),
        "debrief": _mark(done=not is_debrief_due(snapshot)),
    }

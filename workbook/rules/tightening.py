"""Makes a plan smaller after it was agreed to, before it begins or while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workbook.domain.levels import Level
from workbook.domain.plan import Plan, Step
from workbook.domain.seats import Seat
from workbook.domain.session import Session, SessionEnd
from workbook.domain.shares import Limits, Share
from workbook.domain.tables import Tables
from workbook.rules.areas import area_of, side_of
from workbook.rules.asking import plan_questions
from workbook.rules.limits import merge
from workbook.rules.plan import agreed_hash, choose_minutes, plan_cues
from workbook.rules.sequence import LEAST_LEFT_S
from workbook.rules.session import end_of_step, make_script
from workbook.rules.strokes import count_anew, describe_touch
from workbook.rules.touch import (
    GLIDE_CODE,
    STILL_HAND_CODE,
    Surface,
    lowest_level,
    make_surface,
    possible_level,
)


@dataclass(frozen=True, slots=True)
class Tightened:
    """A plan with less in it, and where its session goes on."""

    plan: Plan
    session: Session


def tighten_plan(plan: Plan, limits: Limits, tables: Tables) -> Plan | None:
    """Return ``plan`` within ``limits`` before it begins; the agreement stands for it.

    Nothing becomes firmer or longer, and no place is touched that was not in it. What is
    left out gives its time to nothing. Hands that may no longer knead or circle glide, if
    gliding was agreed to, or else are still.

    Args:
        plan: as made, or tightened before.
        limits: what both allow now.
        tables: areas, techniques and numbers to go by.

    Returns:
        ``plan`` itself where it is within the limits already; None where its position,
        product, clothing or role is gone, or nothing is open any more: no yes stands for
        what is left then.

    Source: design ("Tightening", "A yes for tonight")

    """
    return _tighten(plan, limits, tables, first=0, played=())


def tighten_session(
    plan: Plan, session: Session, limits: Limits, tables: Tables
) -> Tightened | None:
    """Return a running plan within ``limits`` from its present second on, and its session.

    What was played stays as it was; a step in the middle of which the change falls becomes
    two. Where fewer minutes are left than were played, the closing hold follows at once.

    Args:
        plan: the plan that runs.
        session: as it is now.
        limits: what both allow now.
        tables: areas, techniques and numbers to go by.

    Returns:
        As ``tighten_plan``; the session has the same phase and its time within the new plan.

    """
    played, since = list_played(plan, session, tables)
    tighter = _tighten(plan, limits, tables, first=session.step, played=played, since=since)
    if tighter is None or tighter is plan:
        return None if tighter is None else Tightened(plan, session)
    return go_on_with(plan, session, tighter, played)


def list_played(plan: Plan, session: Session, tables: Tables) -> tuple[tuple[Step, ...], int]:
    """Return the steps that were played, and how many seconds of the present one are in them."""
    start = end_of_step(make_script(plan, tables), session.step - 1)
    here = plan.steps[session.step]
    since = min(max(0, round(session.elapsed - start)), here.seconds)
    played = plan.steps[: session.step]
    return (*played, replace(here, seconds=since)) if since > 0 else played, since


def go_on_with(plan: Plan, session: Session, tighter: Plan, played: Sequence[Step]) -> Tightened:
    """Return a plan that begins with what was played, with the session at that second of it.

    Args:
        plan: the plan that runs.
        session: as it is now.
        tighter: the plan with less in it from there on.
        played: what was played, the beginning of both.

    """
    seconds = sum(step.seconds for step in played)
    come = plan.check_ins[: session.asked + 1]
    asked = {each.at for each in come}
    later = tuple(each for each in tighter.check_ins if each.at >= seconds and each.at not in asked)
    cues = tuple(cue for cue in plan.cues if cue.at <= seconds)
    cues += tuple(cue for cue in tighter.cues if cue.at > seconds)
    tighter = replace(tighter, check_ins=come + later, cues=cues)
    step, elapsed = len(played), float(seconds)
    while step < len(tighter.steps) - 1 and _is_left_alone(tighter.steps[step], session):
        elapsed += tighter.steps[step].seconds
        step += 1
    top = max(each.level for each in tighter.steps[step:])
    cap = min(session.cap, max(top, Level.LOTION))
    moved = replace(session, step=step, elapsed=elapsed, cap=cap, open=None, repeat=None)
    return Tightened(tighter, moved)


def _is_left_alone(step: Step, session: Session) -> bool:
    return all(part in session.left_alone for part in step.parts)


def follow_shares(
    plan: Plan,
    session: Session,
    given: Mapping[Seat, Share],
    tables: Tables,
    firmer: Mapping[Seat, int] | None = None,
) -> Tightened | SessionEnd:
    """Return a running plan within what both allow now, or how its session ends.

    Args:
        plan: the plan that runs.
        session: as it is now.
        given: what each brings now; a missing one was taken back.
        tables: areas, techniques, products and numbers to go by.
        firmer: by giver, by how many levels those hands are felt firmer than they mean to be.

    Source: design ("Tightening")

    """
    giver, receiver = plan.turn.giver, plan.turn.receiver
    if any(seat not in given or not given[seat].tonight for seat in Seat):
        return SessionEnd.LAPSED
    if given[giver].giving is None or given[receiver].receiving is None:
        return SessionEnd.CHANGED
    merged = merge(given[giver], given[receiver], tables, (firmer or {}).get(giver, 0))
    found = tighten_session(plan, session, merged, tables)
    if found is not None:
        return found
    is_open = any(part in merged.levels for step in plan.steps for part in step.parts)
    return SessionEnd.CHANGED if is_open else SessionEnd.LAPSED


def _tighten(
    plan: Plan,
    limits: Limits,
    tables: Tables,
    *,
    first: int,
    played: tuple[Step, ...],
    since: int = 0,
) -> Plan | None:
    """``plan`` with ``played`` as its beginning and the steps from ``first`` on within limits."""
    if (
        plan.position not in limits.positions
        or plan.product not in limits.products
        or _order(limits.coverage) < _order(plan.coverage)
    ):
        return None
    rest = replace(plan.steps[first], seconds=plan.steps[first].seconds - since)
    coming = [*([rest] if rest.seconds else []), *plan.steps[first + 1 :]]
    if not coming:
        return plan
    agreed_to = frozenset(step.technique for step in plan.steps)
    surface = make_surface(plan.coverage, plan.product, sore=limits.spares_hands, tables=tables)
    softer = [soften_step(step, limits, agreed_to, surface) for step in coming]
    kept = [step for step in softer if step is not None]
    closing = softer[-1] or hold_instead(
        plan.steps[-1], [*kept[::-1], *played[::-1]], limits, tables
    )
    if closing is None:
        return None
    middle = [step for step in softer[:-1] if step is not None]
    if not played:
        opening = softer[0] or hold_instead(plan.steps[0], kept, limits, tables)
        if opening is None or len(kept) <= 1:
            return None
        middle = [opening, *(step for step in softer[1:-1] if step is not None)]
    budget = choose_minutes(limits, plan.turn, plan.product, tables) * 60
    budget -= sum(step.seconds for step in played) + closing.seconds
    rest_of_plan = (*_cut_steps(middle, budget), closing)
    steps = (*played, *(count_anew(step, tables) for step in rest_of_plan))
    pace = limits.pace if _order(limits.pace) < _order(plan.pace) else plan.pace
    tighter = replace(
        plan, steps=steps, pace=pace, guarded=plan.guarded or limits.guarded,
        adaptations=plan.adaptations | limits.adaptations,
    )  # fmt: skip
    unchanged = replace(plan, steps=_join_split(steps, first, since, tables))
    if tighter == replace(unchanged, steps=tighter.steps) and unchanged == plan:
        return plan
    total = sum(step.seconds for step in steps)
    return replace(
        tighter,
        minutes=-(-total // 60),
        check_ins=plan_questions(steps, limits, tables),
        cues=plan_cues(steps, plan.position, tables, still=limits.pauses),
        tightened_from=agreed_hash(plan),
    )


def _order(choice: StrEnum) -> int:
    """Place of a choice in its enum, the most careful first."""
    return list(type(choice)).index(choice)


def _join_split(steps: Sequence[Step], first: int, since: int, tables: Tables) -> tuple[Step, ...]:
    """``steps`` with the two halves of the present step as one again, if they still are."""
    if since and len(steps) > first + 1:
        head, rest = steps[first], steps[first + 1]
        if replace(head, seconds=0, passes=0) == replace(rest, seconds=0, passes=0):
            joined = count_anew(replace(head, seconds=head.seconds + rest.seconds), tables)
            return (*steps[:first], joined, *steps[first + 2 :])
    return tuple(steps)


def soften_step(
    step: Step, limits: Limits, agreed_to: frozenset[str], surface: Surface
) -> Step | None:
    """Return ``step`` on what is still open, no firmer than allowed; None: nothing is left."""
    for code in (step.technique, GLIDE_CODE, STILL_HAND_CODE):
        if code not in agreed_to or code not in limits.techniques:
            continue
        found = {
            part: level
            for part in step.parts
            if (level := _remaining_level(code, part, step, limits, surface)) is not None
        }
        if found:
            changed = replace(step, technique=code, level=min(found.values()))
            if code != step.technique and step.stroke:
                changed = describe_touch(changed, surface)
            return move_step(changed, tuple(found), surface.tables)
    return None


def _remaining_level(
    code: str, part: str, step: Step, limits: Limits, surface: Surface
) -> Level | None:
    """The level at which a part can still be touched so, never above that of the step.

    The touch of the step itself needs no stroke of today's tables: it was agreed to.
    """
    if code != step.technique:
        return possible_level(code, part, limits.levels, surface, (Level.STILL, step.level))
    if part not in limits.levels:
        return None
    level = min(step.level, limits.levels[part])
    return level if level >= lowest_level(code, surface.tables) else None


def hold_instead(step: Step, others: Iterable[Step], limits: Limits, tables: Tables) -> Step | None:
    """Return the still hand of ``step``, resting where the nearest open one of ``others`` is."""
    for other in others:
        for part in other.parts:
            holds = STILL_HAND_CODE in limits.techniques
            holds &= STILL_HAND_CODE in tables.areas[area_of(part)].techniques
            if holds and limits.levels.get(part, -1) >= Level.STILL:
                return replace(step, parts=(part,), side=side_of((part,)), region=other.region)
    return None


def move_step(step: Step, parts: tuple[str, ...], tables: Tables) -> Step:
    """Return ``step`` on ``parts``."""
    if parts == step.parts:
        return step
    region = tables.areas[area_of(parts[0])].region
    return replace(step, parts=parts, side=side_of(parts), region=region)


def _cut_steps(steps: Sequence[Step], seconds: int) -> list[Step]:
    """The steps that fit into ``seconds``, the last one cut."""
    left, cut = seconds, []
    for step in steps:
        now = min(step.seconds, left)
        if now < min(LEAST_LEFT_S, step.seconds):
            break
        cut.append(replace(step, seconds=now))
        left -= now
    return cut

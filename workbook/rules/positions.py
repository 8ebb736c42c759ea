"""Another position in the middle of a massage: it only takes away, and needs no new yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.plan import Plan, Step
from workbook.domain.session import Session
from workbook.domain.shares import Limits
from workbook.domain.tables import PositionNeed, Tables
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of, is_reachable
from workbook.rules.asking import plan_questions
from workbook.rules.plan import agreed_hash, plan_cues
from workbook.rules.sequence import LEAST_LEFT_S, TURN
from workbook.rules.strokes import choose_giver_place, count_anew
from workbook.rules.tightening import (
    Tightened,
    go_on_with,
    hold_instead,
    list_played,
    move_step,
    soften_step,
)
from workbook.rules.touch import STILL_HAND_CODE, make_surface

OFFERED = (Position.CHAIR, Position.SIDE, Position.BACK)
"""Positions that are offered instead of the present one."""


def list_other_positions(
    plan: Plan, session: Session, limits: Limits, tables: Tables
) -> tuple[Position, ...]:
    """Return the positions in which the running plan can go on, in the order they are offered.

    Args:
        plan: the plan that runs.
        session: as it is now.
        limits: what both allow now.
        tables: areas, techniques and numbers to go by.

    """
    return tuple(
        position
        for position in OFFERED
        if change_position(plan, session, position, limits, tables) is not None
    )


def change_position(
    plan: Plan, session: Session, position: Position, limits: Limits, tables: Tables
) -> Tightened | None:
    """Return a running plan in another position from its present second on, and its session.

    What cannot be reached there is left out; nothing comes in its place, nothing is firmer
    or longer. On the side the rest is done on the side that is up: the right one first,
    then the left one, with one turn between.

    Args:
        plan: the plan that runs.
        session: as it is now.
        position: where the receiver would like to be.
        limits: what both allow now.
        tables: areas, techniques and numbers to go by.

    Returns:
        As ``tighten_session``; None where the position is the present one or not possible
        for both, or nothing of the plan can be reached there.

    Source: design ("Positions")

    """
    if position is plan.position or position not in limits.positions:
        return None
    played, since = list_played(plan, session, tables)
    here = plan.steps[session.step]
    rest = [replace(here, seconds=here.seconds - since)] if here.seconds > since else []
    coming = [*rest, *plan.steps[session.step + 1 :]]
    if not coming:
        return None
    agreed_to = frozenset(step.technique for step in plan.steps)
    surface = make_surface(plan.coverage, plan.product, sore=limits.spares_hands, tables=tables)
    open_steps = [
        step
        for each in coming[:-1]
        if each.key != TURN
        and (near := _keep_reached(each, position, tables)) is not None
        and (step := soften_step(near, limits, agreed_to, surface)) is not None
    ]
    middle = _lay_on_side(open_steps, tables) if position is Position.SIDE else open_steps
    up = next((each.side for each in middle[::-1] if each.side in _SIDES), Side.RIGHT)
    last = coming[-1]
    near = _keep_reached(last, position, tables)
    if near is not None and position is Position.SIDE:
        near = _keep_side(near, up, tables)
    closing = None if near is None else soften_step(near, limits, agreed_to, surface)
    closing = closing or hold_instead(last, middle[::-1], limits, tables)
    if not middle or closing is None:
        return None
    left = Side.LEFT in {step.side for step in played if step.giver.endswith("left")}
    steps = (
        *played,
        *(_move_giver(step, position, tables, left=left) for step in (*middle, closing)),
    )
    moved = replace(
        plan,
        position=position,
        steps=steps,
        minutes=-(-sum(step.seconds for step in steps) // 60),
        check_ins=plan_questions(steps, limits, tables),
        cues=plan_cues(steps, position, tables, still=limits.pauses),
        tightened_from=agreed_hash(plan),
    )
    return go_on_with(plan, session, moved, played)


_SIDES = (Side.LEFT, Side.RIGHT)


def _keep_reached(step: Step, position: Position, tables: Tables) -> Step | None:
    """``step`` on what can be reached in a position; None: nothing."""
    row = next((row for row in tables.steps if row.key == step.key), None)
    if position is Position.CHAIR and row is not None and row.where is PositionNeed.LYING:
        return None
    parts = tuple(
        part for part in step.parts if is_reachable(tables.areas[area_of(part)], position)
    )
    return move_step(step, parts, tables) if parts else None


def _keep_side(step: Step, side: Side, tables: Tables) -> Step | None:
    """``step`` without the parts of the side that is down; None: nothing is left."""
    down = Side.RIGHT if side is Side.LEFT else Side.LEFT
    parts = tuple(part for part in step.parts if not part.endswith(f".{down}"))
    return move_step(step, parts, tables) if parts else None


def _lay_on_side(steps: Sequence[Step], tables: Tables) -> list[Step]:
    """Two halves on the side that is up, with one turn between; one, if there is but one side.

    The turn takes its time from the halves.
    """
    halves = {side: list(_list_half(steps, side, tables)) for side in (Side.RIGHT, Side.LEFT)}
    first, second = (
        half if any(step.side is side for step in half) else [] for side, half in halves.items()
    )
    if not first or not second:
        whole = [_keep_side(step, Side.LEFT if second else Side.RIGHT, tables) for step in steps]
        return [step for step in whole if step is not None]
    still = next(
        (
            (step, part)
            for step in second
            for part in step.parts
            if STILL_HAND_CODE in tables.areas[area_of(part)].techniques
        ),
        None,
    )
    seconds = int(tables.settings["turn_seconds"].default)
    longest = max(range(len(second)), key=lambda at: second[at].seconds)
    if still is None or second[longest].seconds - seconds < LEAST_LEFT_S:
        return first
    second[longest] = replace(second[longest], seconds=second[longest].seconds - seconds)
    turn = replace(
        still[0],
        key=TURN,
        technique=STILL_HAND_CODE,
        level=Level.STILL,
        seconds=seconds,
        stroke="still" if still[0].stroke else "",
    )
    return [*first, move_step(turn, (still[1],), tables), *second]


def _list_half(steps: Sequence[Step], side: Side, tables: Tables) -> Iterator[Step]:
    """The steps of one half; what is on both sides has half its time, the middle comes first."""
    first = side is Side.RIGHT
    for step in steps:
        own = step.side in (side, Side.BOTH) or (first and step.side is Side.MIDDLE)
        kept = _keep_side(step, side, tables) if own else None
        if kept is None:
            continue
        if step.side is Side.BOTH:
            kept = replace(kept, seconds=step.seconds // 2)
        if kept.seconds >= LEAST_LEFT_S:
            yield kept


def _move_giver(step: Step, position: Position, tables: Tables, *, left: bool) -> Step:
    """``step`` with the giver where this position has them; a plan kept before says no place."""
    step = count_anew(step, tables)
    if not step.giver:
        return step
    return replace(step, giver=choose_giver_place(step, position, tables, left=left))

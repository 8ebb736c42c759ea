"""Makes a plan smaller after it was agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from workbook.domain.levels import Level
from workbook.domain.plan import CheckIn, Plan, Step
from workbook.domain.tables import Tables
from workbook.rules.areas import area_of, find_parts, side_of
from workbook.rules.plan import (
    BETWEEN,
    GLIDE_CODE,
    LAST_TWO,
    MINUTE_TWO,
    OPENING,
    STILL_HAND_CODE,
    agreed_hash,
    lowest_level,
)


def tighten_plan(
    plan: Plan, tables: Tables, *, without: Iterable[str] = (), cap: Level | None = None
) -> Plan:
    """Return ``plan`` with less in it; it keeps naming the plan both agreed to.

    What is left out gives its time to nothing: the turn becomes shorter. Hands that may
    no longer knead or circle glide, if gliding was agreed to, or else are still.

    Args:
        plan: as made, or tightened before.
        tables: areas and techniques to go by.
        without: parts, areas or regions to leave out.
        cap: highest level from now on.

    Source: design, decision 7 and section 10 ("Tightening and the hash")

    """
    out = find_parts(without, tables)
    top = Level.STRONG if cap is None else cap
    agreed_to = frozenset(step.technique for step in plan.steps)
    softer = [_soften_step(step, out, top, agreed_to, tables) for step in plan.steps]
    kept = [step for step in softer if step is not None]
    if kept == list(plan.steps):
        return plan
    origin = agreed_hash(plan)
    opening = softer[0] or _hold_instead(plan.steps[0], kept, tables)
    closing = softer[-1] or _hold_instead(plan.steps[-1], kept[::-1], tables)
    if opening is None or closing is None:
        return replace(plan, minutes=0, steps=(), check_ins=(), cues=(), tightened_from=origin)
    framed: list[Step | None] = [opening, *softer[1:-1], closing]
    return _retime_plan(replace(plan, tightened_from=origin), framed)


def _soften_step(
    step: Step, out: frozenset[str], cap: Level, agreed_to: frozenset[str], tables: Tables
) -> Step | None:
    """``step`` without the parts in ``out`` and at most at ``cap``; None if nothing is left."""
    level = min(step.level, cap)
    left = tuple(part for part in step.parts if part not in out)
    for code in (step.technique, GLIDE_CODE, STILL_HAND_CODE):
        fits = code in agreed_to and lowest_level(code, tables) <= level
        parts = tuple(part for part in left if code in tables.areas[area_of(part)].techniques)
        if fits and parts:
            now = Level.STILL if code == STILL_HAND_CODE else level
            return _move_step(replace(step, technique=code, level=now), parts, tables)
    return None


def _hold_instead(step: Step, kept: Iterable[Step], tables: Tables) -> Step | None:
    """The still hand of ``step``, resting where the nearest step that is left is."""
    for other in kept:
        for part in other.parts:
            if STILL_HAND_CODE in tables.areas[area_of(part)].techniques:
                return _move_step(step, (part,), tables)
    return None


def _move_step(step: Step, parts: tuple[str, ...], tables: Tables) -> Step:
    """``step`` on ``parts``."""
    if parts == step.parts:
        return step
    region = tables.areas[area_of(parts[0])].region
    return replace(step, parts=parts, side=side_of(parts), region=region)


def _retime_plan(plan: Plan, steps: Sequence[Step | None]) -> Plan:
    """``plan`` with the steps that are left, and everything else moved up to them."""
    lengths = [0 if step is None else step.seconds for step in steps]
    total = sum(lengths)
    starts = tuple(accumulate((step.seconds for step in plan.steps), initial=0))
    moved = tuple(accumulate(lengths, initial=0))

    def step_at(at: int) -> int:
        return max(i for i, start in enumerate(starts) if start <= at)

    def earlier(at: int) -> int:
        index = step_at(at)
        return min(moved[index] + at - starts[index], moved[index + 1])

    asked = {0: OPENING}
    if total > 120:
        asked.setdefault(total - 120, LAST_TWO)
        asked.setdefault(120, MINUTE_TWO)
    # A question of a step that is gone gives way to the one of the step that takes its place.
    for each in sorted(plan.check_ins, key=lambda one: not lengths[step_at(one.at)]):
        asked.setdefault(earlier(each.at), BETWEEN if each.prompt == LAST_TWO else each.prompt)
    cues = dict.fromkeys(replace(each, at=earlier(each.at)) for each in plan.cues)
    return replace(
        plan,
        minutes=-(-total // 60),
        steps=tuple(step for step in steps if step is not None),
        check_ins=tuple(CheckIn(at, prompt) for at, prompt in sorted(asked.items())),
        cues=tuple(cues),
    )

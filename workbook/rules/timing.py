"""Gives the drafts of a plan their seconds, in steps that a person can follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from workbook.domain.areas import Side
from workbook.domain.tables import Tables
from workbook.rules.areas import area_of, side_of
from workbook.rules.sequence import CIRCLES, KNEADING, LEAST_STEP_S, Draft
from workbook.rules.touch import STILL_HAND_CODE

_WISHED_FACTOR = 1.5
"""How much longer hands stay on a place that both wished for."""


def time_drafts(
    drafts: Sequence[Draft], total: int, wished: frozenset[str], tables: Tables
) -> tuple[Draft, ...]:
    """Return the drafts with whole seconds, exactly ``total`` of them together.

    None is longer than a person can follow: a longer one becomes several, where that is
    natural on the right and on the left in turn.

    Args:
        drafts: in order; one with seconds keeps them, the others share what is left.
        total: seconds of the plan.
        wished: keys of areas that both wished for.
        tables: how long a step is at most, and the least share of kneading and circles.

    Source: SS-37, SS-40; design ("Choreography")

    """
    fixed = sum(draft.seconds for draft in drafts)
    free = [
        replace(draft, weight=draft.weight * _WISHED_FACTOR)
        if any(area_of(part) in wished for part in draft.parts)
        else draft
        for draft in drafts
        if not draft.seconds
    ]
    if not free:
        return tuple(_stretch(drafts, total))
    percent = tables.settings["work_percent"].default
    weighed = _lift_work(free, percent * total / 100 / max(1, total - fixed))
    timed = iter(_divide_seconds(weighed, total - fixed))
    every = [draft if draft.seconds else next(timed) for draft in drafts]
    most = int(tables.settings["step_seconds"].default)
    return tuple(each for draft in every for each in _split_draft(draft, most))


def _stretch(drafts: Sequence[Draft], total: int) -> Iterable[Draft]:
    """Drafts whose time is fixed, with what is left over added to the last one."""
    spare = total - sum(draft.seconds for draft in drafts)
    yield from drafts[:-1]
    yield replace(drafts[-1], seconds=drafts[-1].seconds + spare)


def _lift_work(drafts: Sequence[Draft], least: float) -> list[Draft]:
    """Weights in which kneading and circles, where there are any, have at least their share."""
    whole = sum(draft.weight for draft in drafts)
    work = sum(draft.weight for draft in drafts if draft.technique in (KNEADING, CIRCLES))
    if not work or work >= least * whole or whole == work:
        return list(drafts)
    factor = least * (whole - work) / ((1 - least) * work)
    return [
        replace(draft, weight=draft.weight * factor)
        if draft.technique in (KNEADING, CIRCLES)
        else draft
        for draft in drafts
    ]


def _divide_seconds(drafts: Sequence[Draft], total: int) -> list[Draft]:
    """Whole seconds in proportion to the weights, and none too short to be followed."""
    least = min(LEAST_STEP_S, total // len(drafts))
    whole = sum(draft.weight for draft in drafts)
    raised = [max(least, total * draft.weight / whole) for draft in drafts]
    over = sum(raised) - total
    room = sum(each - least for each in raised)
    exact = [each - (each - least) * over / room if room else each for each in raised]
    ends = [round(end) for end in accumulate(exact)]
    ends[-1] = total
    return [
        replace(draft, seconds=end - start)
        for draft, (start, end) in zip(drafts, pairwise((0, *ends)), strict=True)
    ]


def _split_draft(draft: Draft, most: int) -> Iterable[Draft]:
    """A draft in so many equal ones that none is longer than ``most`` seconds."""
    count = -(-draft.seconds // most)
    ends = [draft.seconds * at // count for at in range(count + 1)]
    sides = _alternate_sides(draft, count)
    for at, (start, end) in enumerate(pairwise(ends)):
        yield replace(draft, parts=sides[at], seconds=end - start)


def _alternate_sides(draft: Draft, count: int) -> list[tuple[str, ...]]:
    """Right, left and so on; an odd one at the end is on both, and so is a still hand."""
    if count < 2 or draft.technique == STILL_HAND_CODE or side_of(draft.parts) is not Side.BOTH:
        return [draft.parts] * count
    one_side = [
        tuple(part for part in draft.parts if not part.endswith(f".{other}"))
        for other in (Side.LEFT, Side.RIGHT)
    ]
    both = [draft.parts] if count % 2 else []
    return [one_side[at % 2] for at in range(count - len(both))] + both

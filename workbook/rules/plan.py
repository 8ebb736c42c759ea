"""Makes the plan of one turn: ordered steps within the limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from hashlib import sha256
from itertools import accumulate, pairwise

from workbook.domain.plan import CheckIn, Cue, CueKind, Plan, Step, Turn
from workbook.domain.products import NO_PRODUCT
from workbook.domain.shares import SHORTEST_TURN_MINUTES, Limits
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage, Position
from workbook.rules.areas import area_of, side_of
from workbook.rules.asking import plan_questions
from workbook.rules.frame import Frame
from workbook.rules.products import first_use_minutes
from workbook.rules.sequence import draft_steps
from workbook.rules.strokes import describe_steps
from workbook.rules.timing import time_drafts
from workbook.rules.touch import make_surface


def make(limits: Limits, turn: Turn, tables: Tables, wishes: Iterable[str] = ()) -> Plan:
    """Return the plan of one turn within ``limits``, the same for the same input.

    Nothing is touched outside the limits, and never more firmly or longer. The back
    sequence is followed where the back is open to hands; otherwise the plan is made of what
    is open. Either way it begins and ends with a still hand. Nothing possible leaves a plan
    without steps. Whatever of the limits becomes tighter, no part is touched more firmly,
    and no other part, as long as any of the back is left that hands were on.

    Args:
        limits: what both allow in this turn.
        turn: who gives, for how many whole minutes, in which position and with what. A
            position that is not possible becomes the first possible one; through clothes
            there is nothing on the hands.
        tables: the steps, techniques, strokes and areas to go by.
        wishes: keys of what both wished for; a place among them is part of the plan, if it
            is open.

    Source: facts, section 7; design ("Choreography", "Caps and strokes")

    """
    position = _choose_position(limits, turn)
    product = turn.product if turn.product in limits.products else NO_PRODUCT
    if limits.coverage is Coverage.CLOTHED:
        product = NO_PRODUCT
    minutes = choose_minutes(limits, turn, product, tables)
    nothing = Plan(
        turn=turn,
        position=position or Position.CHAIR,
        coverage=limits.coverage,
        pace=limits.pace,
        product=product,
        minutes=0,
        adaptations=limits.adaptations,
        guarded=limits.guarded,
    )
    if position is None or minutes < SHORTEST_TURN_MINUTES:
        return nothing
    surface = make_surface(limits.coverage, product, sore=limits.spares_hands, tables=tables)
    if turn.position is not None:
        missed = () if turn.position is position else (*limits.missed, turn.position)
        limits = replace(limits, missed=missed)
    wished = frozenset(key for wish in wishes for key in tables.wished_areas.get(wish, ()))
    drafts = draft_steps(Frame(limits, position, minutes, surface, tables, wished))
    if not drafts:
        return nothing
    made = tuple(
        Step(
            key=draft.key,
            parts=draft.parts,
            side=side_of(draft.parts),
            technique=draft.technique,
            level=draft.level,
            seconds=draft.seconds,
            region=tables.areas[area_of(draft.parts[0])].region,
        )
        for draft in time_drafts(drafts, minutes * 60, wished, tables)
    )
    steps = describe_steps(made, position, surface)
    return replace(
        nothing,
        minutes=minutes,
        steps=steps,
        check_ins=plan_questions(steps, limits, tables),
        cues=plan_cues(steps, position, tables, still=limits.pauses),
    )


def plan_hash(plan: Plan) -> str:
    """Return the hash of everything in ``plan`` except where it came from.

    The same plan has the same hash in every process and on every machine. What a plan does
    not say is no part of it, so that one kept before there were intentions or strokes has
    the hash it had then.

    Returns:
        SHA-256 as 64 hexadecimal digits.

    """
    canonical = json.dumps(
        replace(plan, tightened_from=None),
        sort_keys=True,
        separators=(",", ":"),
        default=_list_content,
    )
    return sha256(canonical.encode()).hexdigest()


def _list_content(part: object) -> object:
    """Return the fields of a part of a plan without the later ones it leaves blank; sets sorted."""
    if isinstance(part, frozenset):
        return sorted(part)
    if not isinstance(part, Plan | Turn | Step | CheckIn | Cue):
        raise TypeError(type(part).__name__)
    content = {each.name: getattr(part, each.name) for each in fields(part)}
    later = {Turn: ("intention",), Step: ("stroke", "passes", "giver")}.get(type(part), ())
    return {name: value for name, value in content.items() if value or name not in later}


def agreed_hash(plan: Plan) -> str:
    """Return the hash that the agreement names: of the plan before it was tightened."""
    return plan.tightened_from or plan_hash(plan)


def choose_minutes(limits: Limits, turn: Turn, product: str, tables: Tables) -> int:
    """Return the shortest of what both allow, what is asked for, and a product's first use."""
    first_use = first_use_minutes(tables) if product in limits.new_products else limits.minutes
    return min(limits.minutes, turn.minutes, first_use)


def _choose_position(limits: Limits, turn: Turn) -> Position | None:
    """The position asked for if it is possible, or else the first possible one."""
    if turn.position in limits.positions:
        return turn.position
    return next(iter(limits.positions), None)


def plan_cues(
    steps: Sequence[Step], position: Position, tables: Tables, *, still: bool
) -> tuple[Cue, ...]:
    """Return the rests of the giver's hands; face down, the head turns meanwhile.

    ``still``: somebody likes a pause before each new region (A-52).

    Source: SS-17, SS-18
    """
    kinds = (CueKind.REST, CueKind.HEAD) if position is Position.PRONE else (CueKind.REST,)
    starts = tuple(accumulate((step.seconds for step in steps), initial=0))
    total = starts[-1]
    rests = total // int(tables.settings["rest_minutes"].default * 60)
    cues = [
        Cue(total * each // (rests + 1), kind) for each in range(1, rests + 1) for kind in kinds
    ]
    if still:
        pause = int(tables.settings["pause_seconds"].default)
        cues += [
            Cue(at, CueKind.STILL, pause)
            for at, (before, step) in zip(starts[1:], pairwise(steps), strict=False)
            if step.region != before.region
        ]
    return tuple(sorted(cues, key=lambda cue: cue.at))

"""Makes the plan of one turn: ordered steps within the limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import accumulate, pairwise

from workbook.domain.areas import Side
from workbook.domain.levels import Level
from workbook.domain.plan import Cue, CueKind, Plan, Step, Turn
from workbook.domain.products import NO_PRODUCT
from workbook.domain.shares import SHORTEST_TURN_MINUTES, Limits
from workbook.domain.tables import Area, AreaState, PositionNeed, SequenceStep, Tables
from workbook.domain.techniques import Position
from workbook.rules.areas import area_of, is_reachable, side_of
from workbook.rules.asking import plan_questions
from workbook.rules.products import first_use_minutes
from workbook.rules.strokes import STILL_HAND_CODE, describe_steps

OPEN_AREA_KEY = "open_area"
"""Key of a step outside the back sequence: one open area, with a touch it allows."""

_MINUTES_WITH_STEP_COUNT = (5, 10, 20, 30)
"""Whole minutes for which a row says the most steps (SS-20 to SS-23)."""

_STATES = tuple(AreaState)


def make(limits: Limits, turn: Turn, tables: Tables) -> Plan:
    """Return the plan of one turn within ``limits``, the same for the same input.

    Nothing is touched outside the limits, and never more firmly or longer. The back
    sequence is followed where its long glides are possible; otherwise the plan is
    made of what is open. Either way it begins and ends with a still hand. Nothing
    possible leaves a plan without steps.

    Args:
        limits: what both allow in this turn.
        turn: who gives, for how many whole minutes, in which position and with what.
        tables: the steps, techniques and areas to go by.

    Source: facts, section 7; design, section 10

    """
    product = turn.product if turn.product in limits.products else NO_PRODUCT
    minutes = choose_minutes(limits, turn, product, tables)
    position = _choose_position(limits, turn)
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
    frame = _Frame(limits, position, minutes, tables)
    middle = _draft_sequence(frame) or _draft_open_areas(frame)
    opening = _draft_still_hand(frame, tables.steps[0], middle)
    closing = _draft_still_hand(frame, tables.steps[-1], middle[::-1])
    if opening is None or closing is None:
        return nothing
    drafts = (opening, *middle, closing)
    steps = tuple(
        Step(
            key=draft.key,
            parts=draft.parts,
            side=side_of(draft.parts),
            technique=draft.technique,
            level=draft.level,
            seconds=seconds,
            region=tables.areas[area_of(draft.parts[0])].region,
        )
        for draft, seconds in zip(drafts, _divide_seconds(drafts, minutes * 60), strict=True)
    )
    steps = describe_steps(steps, position, product, limits.adaptations, tables)
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
    content = asdict(replace(plan, tightened_from=None))
    if not plan.turn.intention:
        del content["turn"]["intention"]
    for step in content["steps"]:
        for name in ("stroke", "passes", "giver"):
            if not step[name]:
                del step[name]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), default=sorted)
    return sha256(canonical.encode()).hexdigest()


def agreed_hash(plan: Plan) -> str:
    """Return the hash that the agreement names: of the plan before it was tightened."""
    return plan.tightened_from or plan_hash(plan)


# What a plan is made of


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every step of one plan has to stay within."""

    limits: Limits
    position: Position
    minutes: int
    tables: Tables

    @property
    def short(self) -> bool:
        """Whether the short version of the sequence is used (SS-19)."""
        return self.minutes < self.tables.settings["short_version_minutes"].default

    @property
    def most(self) -> int:
        """Most steps in this time, opening and closing included (SS-20 to SS-23)."""
        settings = self.tables.settings
        counts = [(at, int(settings[f"steps_{at}"].default)) for at in _MINUTES_WITH_STEP_COUNT]
        for (low, few), (high, many) in pairwise(counts):
            if self.minutes <= high:
                return few + (self.minutes - low) * (many - few) // (high - low)
        return counts[-1][1]

    def parts(self, area: Area, technique: str, side: Side = Side.BOTH) -> tuple[str, ...]:
        """The parts of ``area`` on ``side`` on which ``technique`` is possible."""
        limits, lowest = self.limits, lowest_level(technique, self.tables)
        if technique not in limits.techniques or technique not in area.techniques:
            return ()
        if not area.choosable or not is_reachable(area, self.position):
            return ()
        return tuple(
            part
            for part in area.parts
            if limits.levels.get(part, -1) >= lowest
            and (side not in (Side.LEFT, Side.RIGHT) or not area.sides or part.endswith(side))
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before it has a time."""

    key: str
    parts: tuple[str, ...]
    technique: str
    level: Level
    weight: int = 0
    """Its share of the time, in percent; 0 until what is open shares it."""
    row: SequenceStep | None = None
    """Its row of the sequence; None outside of it, and for its two ends."""


def choose_minutes(limits: Limits, turn: Turn, product: str, tables: Tables) -> int:
    """Return the shortest of what both allow, what is asked for, and a product's first use."""
    first_use = first_use_minutes(tables) if product in limits.new_products else limits.minutes
    return min(limits.minutes, turn.minutes, first_use)


def _choose_position(limits: Limits, turn: Turn) -> Position | None:
    """The position asked for, or else the first possible one; None if it is not possible."""
    if turn.position is None:
        return next(iter(limits.positions), None)
    return turn.position if turn.position in limits.positions else None


# The back sequence


def _draft_sequence(frame: _Frame) -> tuple[_Draft, ...]:
    """The sequence between its opening and its closing; nothing, if no long glide is possible."""
    rows = frame.tables.steps[1:-1]
    if _is_gentle(frame):
        rows = tuple(row for row in rows if row.gentle)
    if frame.short:
        rows = tuple(row for row in rows if row.short)
    if frame.position is Position.CHAIR:
        rows = tuple(row for row in rows if row.where is PositionNeed.ANY)
    drafts = _drop_steps(
        [d for row in rows if (d := _draft_row(frame, row)) is not None], frame.most - 2
    )
    filling = [draft for draft in drafts if draft.row is not None and draft.row.fills]
    if not filling:
        return ()
    spare = 100 - sum(draft.weight for draft in drafts) - _frame_weight(frame)
    extra = dict(
        zip((draft.key for draft in filling), _split_evenly(spare, len(filling)), strict=True)
    )
    return tuple(replace(d, weight=d.weight + extra.get(d.key, 0)) for d in drafts)


def _is_gentle(frame: _Frame) -> bool:
    """Nothing on the back may be firmer than level 2."""
    keys = {key for row in frame.tables.steps for key in row.areas}
    levels = (level for part, level in frame.limits.levels.items() if area_of(part) in keys)
    return max(levels, default=Level.STILL) <= Level.SUNSCREEN


def _draft_row(frame: _Frame, row: SequenceStep) -> _Draft | None:
    """One row of the sequence with the first of its techniques that is possible somewhere."""
    for code in row.techniques:
        found = [
            parts
            for key in row.areas
            if (parts := frame.parts(frame.tables.areas[key], code, row.side))
        ]
        if found:
            places = found[:1] if code == STILL_HAND_CODE else found  # one hand stays on
            parts = tuple(part for each in places for part in each)
            level = _choose_level(frame, code, parts, row.highest)
            weight = row.short if frame.short else row.share
            return _Draft(row.key, parts, code, level, weight, row)
    return None


def lowest_level(technique: str, tables: Tables) -> Level:
    """Return the lightest level of a technique; only a still hand is possible at level 0.

    Args:
        technique: code of ``techniques.toml``.
        tables: the techniques.

    Raises:
        KeyError: if there is no such technique.

    """
    if technique == STILL_HAND_CODE:
        return Level.STILL
    return max(tables.techniques[technique].lowest, Level.LOTION)


def _choose_level(frame: _Frame, technique: str, parts: Iterable[str], highest: Level) -> Level:
    """As firm as every part, the step and the technique allow; a resting hand is still."""
    if technique == STILL_HAND_CODE:
        return Level.STILL
    lowest = min(frame.limits.levels[part] for part in parts)
    return min(lowest, highest, frame.tables.techniques[technique].highest)


def _drop_steps(drafts: Sequence[_Draft], most: int) -> list[_Draft]:
    """At most ``most`` steps: those with the smallest share go first, mirrored ones together."""
    left = list(drafts)
    while len(left) > most:
        least = min(left, key=lambda draft: _rank_draft(draft, left))
        left = [draft for draft in left if _mirror_key(draft) != _mirror_key(least)]
    return left


def _rank_draft(draft: _Draft, among: Iterable[_Draft]) -> tuple[bool, bool, int]:
    """What is given up last: long glides, then the change of sides while there are sides."""
    row = draft.row
    fills = row is not None and row.fills
    changes = row is not None and row.side is Side.BOTH and draft.technique == STILL_HAND_CODE
    sided = any(each.row is not None and each.row.side in (Side.LEFT, Side.RIGHT) for each in among)
    return fills, changes and sided, draft.weight


def _mirror_key(draft: _Draft) -> object:
    """What a step has in common with the same step on the other side, and with no other."""
    row = draft.row
    if row is None or row.side not in (Side.LEFT, Side.RIGHT):
        return draft.key
    return row.areas, row.techniques


# What is open


def _draft_open_areas(frame: _Frame) -> tuple[_Draft, ...]:
    """A step for each open area, in the order of the regions; opt-in areas are the first to go."""
    drafts = [
        d
        for area in frame.tables.areas.values()
        if (d := _draft_open_area(frame, area)) is not None
    ]
    chosen = sorted(drafts, key=lambda draft: _STATES.index(_area_of_draft(frame, draft).state))
    regions = list(dict.fromkeys(area.region for area in frame.tables.areas.values()))
    ordered = sorted(
        (draft for draft in drafts if draft in chosen[: frame.most - 2]),
        key=lambda draft: regions.index(_area_of_draft(frame, draft).region),
    )
    weights = _split_evenly(100 - _frame_weight(frame), len(ordered))
    return tuple(replace(d, weight=weight) for d, weight in zip(ordered, weights, strict=True))


def _draft_open_area(frame: _Frame, area: Area) -> _Draft | None:
    """One open area with the first touch that is possible there, moving ones before still ones."""
    for code in sorted(area.techniques, key=lambda each: each == STILL_HAND_CODE):
        if parts := frame.parts(area, code):
            return _Draft(
                OPEN_AREA_KEY, parts, code, _choose_level(frame, code, parts, Level.STRONG)
            )
    return None


def _area_of_draft(frame: _Frame, draft: _Draft) -> Area:
    """The area of a step that has only one."""
    return frame.tables.areas[area_of(draft.parts[0])]


# Opening and closing


def _draft_still_hand(frame: _Frame, row: SequenceStep, middle: Sequence[_Draft]) -> _Draft | None:
    """A still hand where the sequence has it, or else where the nearest step is."""
    usual = [frame.parts(frame.tables.areas[key], STILL_HAND_CODE) for key in row.areas]
    nearest = (
        frame.parts(frame.tables.areas[area_of(part)], STILL_HAND_CODE)
        for draft in middle
        for part in draft.parts
    )
    parts = tuple(part for each in usual for part in each) or next(filter(None, nearest), ())
    weight = row.short if frame.short else row.share
    return _Draft(row.key, parts, STILL_HAND_CODE, Level.STILL, weight) if parts else None


def _frame_weight(frame: _Frame) -> int:
    """The share of opening and closing together, in percent."""
    first, last = frame.tables.steps[0], frame.tables.steps[-1]
    return first.short + last.short if frame.short else first.share + last.share


# Times


def _split_evenly(whole: int, into: int) -> tuple[int, ...]:
    """``whole`` in ``into`` parts that differ by one at most, the larger ones first."""
    return tuple(whole // into + (each < whole % into) for each in range(into))


def _divide_seconds(drafts: Sequence[_Draft], total: int) -> tuple[int, ...]:
    """Whole seconds in proportion to the weights, exactly ``total`` of them."""
    weights = [draft.weight for draft in drafts]
    ends = (round(total * end / sum(weights)) for end in accumulate(weights))
    return tuple(end - start for start, end in pairwise((0, *ends)))


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

"""When a plan asks, and what: the giver asks aloud, and the screen only reminds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, pairwise

from workbook.domain.levels import Level
from workbook.domain.plan import CheckIn, Step
from workbook.domain.shares import Limits
from workbook.domain.tables import Tables

OPENING, FIRMER, ENTERING, BETWEEN = "Q-05", "Q-06", "Q-13", "Q-29"
"""Questions that a plan has at times of its own (IDs of ``prompts.toml``)."""

ASK_EACH_AREA = "ask_each_area"
"""Key of the adaptation by which every place is named before it is touched."""


class _Kind(IntEnum):
    """Why something is asked; where there is too much to ask, the first ones stay."""

    START = 0
    FIRMER = 1
    """Before a step firmer than every one before it."""
    NAMED = 2
    """A place that is to be named before it is touched."""
    REGION = 3
    """A new region, above the lightest touch."""
    OTHER = 4
    """What a step asks by itself, a region touched lightly, a step firmer than the last one."""


@dataclass(frozen=True, slots=True)
class _Question:
    at: int
    prompt: str
    kind: _Kind

    @property
    def is_fixed(self) -> bool:
        """Whether it is never merged into another one."""
        return self.kind <= _Kind.NAMED


def plan_questions(steps: Sequence[Step], limits: Limits, tables: Tables) -> tuple[CheckIn, ...]:
    """Return the questions of a plan, in the order of their times.

    At the start, before the first firmer level and each higher one, on a new region, and
    otherwise every five minutes at least. One that is due soon after another is merged into
    the later one; the start and the question before a firmer level are never merged away.
    Where there are too many, those of a light region and of single steps go first.

    Args:
        steps: of the plan, in order.
        limits: what both allow; says how often is asked.
        tables: prompts of the steps, and the numbers of ``settings.toml``.

    Source: SS-2, SS-25, MQ-1 to MQ-6; design ("Asking")

    """
    total = sum(step.seconds for step in steps)
    every = limits.check_every * 60
    merged_within = int(tables.settings["merge_seconds"].default)
    found = list(_list_questions(steps, limits, tables))
    chosen = [each for each in found if each.is_fixed]

    def arrange(questions: Sequence[_Question]) -> list[_Question]:
        return _fill_gaps(_merge(questions, merged_within), total, every)

    most = max(_most_questions(total, tables), len(arrange(chosen)))
    left = [] if limits.asks_less else [each for each in found if not each.is_fixed]
    for each in sorted(left, key=lambda one: (one.kind, one.at)):
        if len(arrange([*chosen, each])) <= most:
            chosen.append(each)
    return tuple(CheckIn(each.at, each.prompt) for each in arrange(chosen))


def _list_questions(steps: Sequence[Step], limits: Limits, tables: Tables) -> Iterator[_Question]:
    """Everything that could be asked, at most one question a time, the most important first."""
    prompts = {row.key: row.prompt for row in tables.steps}
    starts = accumulate((step.seconds for step in steps), initial=0)
    yield _Question(0, OPENING, _Kind.START)
    firmest, before = Level.LOTION, None
    for at, step in zip(starts, steps, strict=False):
        entered = before is None or step.region != before.region
        if step.level > firmest:
            yield _Question(at, FIRMER, _Kind.FIRMER)
        elif ASK_EACH_AREA in limits.adaptations and before and step.parts != before.parts:
            yield _Question(at, ENTERING, _Kind.NAMED)
        elif at and entered and step.level > Level.LOTION:
            yield _Question(at, ENTERING, _Kind.REGION)
        elif at and entered and step.level > Level.STILL:
            yield _Question(at, ENTERING, _Kind.OTHER)
        elif at and before and step.level > max(before.level, Level.LOTION):
            yield _Question(at, BETWEEN, _Kind.OTHER)
        elif at and before and before.key != step.key and (prompt := prompts.get(step.key)):
            # What is no firmer than before is not asked about as if it were.
            yield _Question(at, BETWEEN if prompt == FIRMER else prompt, _Kind.OTHER)
        firmest = max(firmest, step.level)
        before = step


def _merge(questions: Sequence[_Question], within_s: int) -> list[_Question]:
    """Of two that are due within ``within_s`` the later one, unless one may not be merged away."""
    merged: list[_Question] = []
    for each in sorted(questions, key=lambda one: (one.at, one.kind)):
        while merged and each.at - merged[-1].at < within_s and not merged[-1].is_fixed:
            merged.pop()
        close = bool(merged) and each.at - merged[-1].at < within_s
        if not close or each.is_fixed:
            merged.append(each)
    return merged


def _fill_gaps(questions: Sequence[_Question], total: int, every: int) -> list[_Question]:
    """The questions, and as many between them that no gap is longer than ``every`` seconds."""
    filled = list(questions)
    for start, end in pairwise((*(each.at for each in questions), total)):
        parts = -(-(end - start) // every)
        filled += [
            _Question(start + (end - start) * each // parts, BETWEEN, _Kind.OTHER)
            for each in range(1, parts)
        ]
    return sorted(filled, key=lambda one: one.at)


def _most_questions(total: int, tables: Tables) -> int:
    """At most so many in so many seconds."""
    counts = tables.most_questions
    return next((row.most for row in counts if total <= row.minutes * 60), counts[-1].most)

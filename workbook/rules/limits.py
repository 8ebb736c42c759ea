"""Where hands may go tonight and how firmly: one person's share, and both merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import TypeVar

from workbook.domain.areas import AreaMark
from workbook.domain.evening import Answers, Energy, Hands, Willing, is_for_tonight
from workbook.domain.health import Action, Effect, Screening
from workbook.domain.learning import GIVING
from workbook.domain.levels import DUET_LEVELS, HOME_CAP, Level
from workbook.domain.products import NO_PRODUCT, Verdict
from workbook.domain.shares import (
    NOT_TONIGHT,
    OWN_LINES,
    SHORTEST_TURN_MINUTES,
    SHOWN_TO_EVERYBODY,
    Bounds,
    Limits,
    Share,
)
from workbook.domain.tables import Area, Tables
from workbook.domain.techniques import Coverage, GentlerChoice, Pace, Position
from workbook.rules import learning, products
from workbook.rules.areas import neighbours_of
from workbook.rules.narrowing import (
    ask_alike,
    list_possible_positions,
    narrow_to_five_minutes,
    narrow_to_gentle_evening,
)

_CLOSING_ACTIONS = (Action.URGENT, Action.BLOCK, Action.POSTPONE, Action.ASK_FIRST)
"""Actions that leave no room for a part tonight."""

_BLOCKING_ACTIONS = (Action.URGENT, Action.BLOCK)
"""Actions that leave no room for anything tonight."""

_PRIVATE_INTENTIONS = frozenset({"closeness"})
"""Intentions that stay with the person who chose them (R-31)."""

_Ordered = TypeVar("_Ordered", bound=StrEnum)


def share(answers: Answers, screening: Screening, tables: Tables, now: datetime) -> Share:
    """Return what one person brings to tonight's plan: effects, and not one cause.

    Without a free yes, of age, with every health question answered for today, nothing
    happens tonight; the share is then the neutral one, whatever the cause.

    Args:
        answers: everything this person answered; what is blank takes the cautious end.
        screening: what health makes of the same person's answers.
        tables: areas, techniques and products to go by.
        now: local time.

    Source: K-01 to K-06; design ("Levels and limits")

    """
    if not _allows_tonight(answers, screening):
        return NOT_TONIGHT
    receiving = giving = None
    if _may_receive(answers, screening.receiving, now):
        receiving = _bound_receiving(answers, screening.receiving, tables)
    if _may_give(answers, screening.giving, now):
        giving = _bound_giving(answers, screening.giving, tables)
    if receiving is None and giving is None:
        return NOT_TONIGHT
    receiving, giving = ask_alike(receiving, giving)
    if answers.time.five_minutes:
        receiving, giving = (
            narrow_to_five_minutes(bounds, tables) for bounds in (receiving, giving)
        )
    suiting = [
        each
        for each in products.assess_products(answers.oils, screening, tables, now, answers.learned)
        if each.verdict is Verdict.SUITS and not answers.time.five_minutes
    ]
    unsaid = find_unsaid(answers)
    receiving, giving = (_leave_unsaid(bounds, unsaid) for bounds in (receiving, giving))
    return Share(
        tonight=True,
        receiving=receiving,
        giving=giving,
        products=frozenset(each.product for each in suiting),
        new_products=frozenset(each.product for each in suiting if each.new),
        scented=frozenset(each.product for each in suiting if each.scented),
        adaptations=frozenset[str]().union(
            *(bounds.adaptations for bounds in (receiving, giving) if bounds is not None)
        ),
        intention=answers.intentions.chosen - _PRIVATE_INTENTIONS,
        aftercare=tuple(key for key in answers.aftercare.chosen if key in tables.aftercare),
        aftercare_minutes=answers.aftercare.minutes,
    )


def find_unsaid(answers: Answers) -> frozenset[str]:
    """Return the adaptations that stay with this person: everybody's, and those they keep.

    Source: design ("No reason leaks")
    """
    return SHOWN_TO_EVERYBODY | (frozenset(OWN_LINES) - answers.time.says)


def is_tighter(new: Share, old: Share) -> bool:
    """Return whether ``new`` allows nothing that ``old`` did not.

    Such a share may take the place of the old one at once; any other is handed in anew,
    by its owner's own word.

    Args:
        new: the share that the answers mean now.
        old: the share that was handed in.

    Source: design ("Tightening")

    """
    parts = ((new.receiving, old.receiving), (new.giving, old.giving))
    return (
        all(mine is None or (was is not None and _is_within(mine, was)) for mine, was in parts)
        and new.products <= old.products
        and old.new_products & new.products <= new.new_products
        and old.scented & new.products == new.scented
        and new.intention <= old.intention
    )


def _is_within(new: Bounds, old: Bounds) -> bool:
    """No level, minute, touch or position that was not there; as slow, as covered, as asked."""
    return (
        all(level <= old.levels.get(part, -1) for part, level in new.levels.items())
        and new.minutes <= old.minutes
        and new.techniques <= old.techniques
        and new.positions <= old.positions
        and _more_careful(new.pace, old.pace) is new.pace
        and _more_careful(new.coverage, old.coverage) is new.coverage
        and new.check_every <= old.check_every
        and new.pauses >= old.pauses
        and new.guarded >= old.guarded
        and new.asks_less <= old.asks_less
        and new.gentle >= old.gentle
        and new.one_position >= old.one_position
        and new.spares_hands >= old.spares_hands
    )


def merge(giver: Share, receiver: Share, tables: Tables, firmer: int = 0) -> Limits:
    """Return what both allow when ``giver`` gives and ``receiver`` receives.

    The lower level, the shorter time, the slower pace, the more covered; only what
    is open to both. If either does not take part there is no touch.

    Args:
        giver: what the one who gives brings.
        receiver: what the other one brings.
        tables: products to go by.
        firmer: by how many levels these hands are felt firmer than they mean to be, -2 to
            2; so much softer they are asked to be. Felt lighter is no reason to press.

    Source: K-06; design ("Levels and limits")

    """
    gives, receives = giver.giving, receiver.receiving
    if gives is None or receives is None:
        return _no_touch(tables)
    possible = gives.positions & receives.positions
    order = _order_positions(receives.position)
    positions = tuple(each for each in order if each in possible)
    offered = tuple(offer.product for offer in products.offers(giver, receiver, tables))
    return Limits(
        levels={
            part: _lower_by_offset(min(level, gives.levels[part]), firmer)
            for part, level in receives.levels.items()
            if part in gives.levels
        },
        minutes=min(gives.minutes, receives.minutes),
        positions=positions[:1] if receives.one_position else positions,
        techniques=gives.techniques & receives.techniques,
        products=offered,
        new_products=(giver.new_products | receiver.new_products).intersection(offered),
        pace=_more_careful(gives.pace, receives.pace),
        coverage=_more_careful(gives.coverage, receives.coverage),
        check_every=min(gives.check_every, receives.check_every),
        pauses=gives.pauses or receives.pauses,
        guarded=gives.guarded or receives.guarded,
        asks_less=receives.asks_less,
        adaptations=gives.adaptations | receives.adaptations,
        gentle=gives.gentle or receives.gentle,
        spares_hands=gives.spares_hands,
        missed=tuple(takewhile(lambda each: each not in possible, order)),
    )


def estimate_firmness_offset(named: Mapping[Level, Level]) -> int:
    """Return by how many levels hands are felt firmer than they mean to be, -2 to 2.

    The mean of a whole duet, rounded; of two equally near numbers the firmer one.

    Args:
        named: by each of the levels ``DUET_LEVELS``, the one of them that the receiver named.

    Raises:
        KeyError: if one of them was not offered.

    Source: [design], "pressure duet"; rounding and the -2 to 2 are ours

    """
    apart = sum(named[level] - level for level in DUET_LEVELS)
    return (2 * apart + len(DUET_LEVELS)) // (2 * len(DUET_LEVELS))


def _lower_by_offset(level: Level, firmer: int) -> Level:
    """So much softer that it is felt as meant; what is a light touch already stays one."""
    softest = min(level, Level.LOTION)
    return Level(max(softest, level - max(0, firmer)))


def _allows_tonight(answers: Answers, screening: Screening) -> bool:
    """A free yes, of age, every health question answered, and nothing that stops everything."""
    return (
        answers.consent.is_free_yes
        and answers.consent.adult is True
        and screening.complete
        and screening.receiving.action not in _BLOCKING_ACTIONS
        and screening.giving.action not in _BLOCKING_ACTIONS
    )


def _may_receive(answers: Answers, effect: Effect, now: datetime) -> bool:
    """They would like to receive, said so for today, and health leaves room for it."""
    time = answers.time
    return (
        is_for_tonight(time.on, now)
        and Willing.RECEIVE in time.willing
        and effect.action not in _CLOSING_ACTIONS
    )


def _may_give(answers: Answers, effect: Effect, now: datetime) -> bool:
    """They would like to give, said so for today, and have the energy, the hands and the health.

    Source: H-52, H-53
    """
    time = answers.time
    return (
        is_for_tonight(time.on, now)
        and Willing.GIVE in time.willing
        and time.energy in (Energy.LITTLE, Energy.ENOUGH)
        and time.hands in (Hands.SORE, Hands.FINE)
        and effect.action not in _CLOSING_ACTIONS
    )


def _bound_receiving(answers: Answers, effect: Effect, tables: Tables) -> Bounds:
    """What this person allows when they are touched."""
    learned = learning.learned_caps(answers.learned)
    chosen = answers.techniques.gentler
    around = _list_gentle_parts(answers.limits.receiving, tables)
    levels = {
        part: min(level, Level.LOTION) if part in around else level
        for area, part in _list_open_parts(answers.limits.receiving, effect, tables)
        if (level := _receiver_level(area, part, answers, effect, learned)) is not None
    }
    minutes, techniques = answers.time.minutes_receiving, answers.techniques.techniques
    bounds = _make_bounds(levels, minutes, techniques, answers, effect, tables=tables)
    bounds = replace(bounds, positions=bounds.positions - answers.techniques.positions_out)
    if GentlerChoice.PLAIN_STROKES in chosen:
        bounds = replace(bounds, gentle=True)
    if effect.in_gentle_evening or GentlerChoice.GENTLE_EVENING in chosen:
        bounds = narrow_to_gentle_evening(bounds, tables)
    return bounds


def _bound_giving(answers: Answers, effect: Effect, tables: Tables) -> Bounds:
    """What this person allows when they touch."""
    learned = learning.learned_caps(answers.learned).get(GIVING, Level.STRONG) or Level.STILL
    comfort = min(answers.pressure.giving or Level.STILL, learned)
    levels = {
        part: min(comfort, _health_cap(part, effect))
        for _, part in _list_open_parts(answers.limits.giving, effect, tables)
    }
    techniques = answers.techniques.for_giving
    if answers.time.hands is Hands.SORE or "forearms_or_still" in effect.adaptations:
        spared = (each for each in tables.techniques.values() if each.for_sore_hands)
        techniques = techniques.intersection(each.key for each in spared)
    minutes = answers.time.minutes_giving
    return _make_bounds(levels, minutes, techniques, answers, effect, tables=tables)


def _list_open_parts(
    marks: Mapping[str, AreaMark], effect: Effect, tables: Tables
) -> list[tuple[Area, str]]:
    """The parts this person opened, that can be opened at all and that health leaves open."""
    return [
        (area, part)
        for area in tables.areas.values()
        if area.choosable
        for part in area.parts
        if marks.get(part) is AreaMark.OPEN and part not in effect.closed
    ]


def _list_gentle_parts(marks: Mapping[str, AreaMark], tables: Tables) -> frozenset[str]:
    """The neighbours of what stays closed "and gently around it", as of a place closed by health.

    Source: design ("A closed area's neighbours")
    """
    marked = {
        part
        for area in tables.areas.values()
        for part in area.parts
        if marks.get(part) is AreaMark.GENTLY_AROUND
    }
    around = (neighbours_of(part, tables) for part in marked)
    return frozenset[str]().union(*around) - marked


def _receiver_level(
    area: Area,
    part: str,
    answers: Answers,
    effect: Effect,
    learned: Mapping[str, Level | None],
) -> Level | None:
    """The receiver's level: their own, the area's, health's and what was learned, the lowest."""
    own = answers.pressure.areas.get(area.key, answers.pressure.overall)
    wished = Level.STILL if own is None else own
    health = _health_cap(part, effect)
    past = learned.get(area.key, Level.STRONG)
    if past is None:
        return None
    return min(wished, health, past, area.max, HOME_CAP)


def _health_cap(part: str, effect: Effect) -> Level:
    """The highest level health leaves for one part."""
    return min(effect.cap, effect.caps.get(part, Level.STRONG))


def _make_bounds(
    levels: Mapping[str, Level],
    minutes: int | None,
    techniques: frozenset[str],
    answers: Answers,
    effect: Effect,
    *,
    tables: Tables,
) -> Bounds:
    """One part of one turn; what is blank takes the cautious end, and so does health."""
    said = answers.techniques
    asked = effect.adaptations
    if GentlerChoice.EACH_NAMED in said.gentler:
        asked |= {"ask_each_area"}
    often = "more_check_ins" in asked or GentlerChoice.ASKED_MORE in said.gentler
    longest = SHORTEST_TURN_MINUTES if minutes is None else minutes
    if "shorter" in asked:
        longest = min(longest, int(tables.settings["shorter_minutes"].default))  # H-51, SS-15
    return Bounds(
        levels=levels,
        minutes=longest,
        techniques=techniques - effect.techniques_out,
        positions=list_possible_positions(said) - effect.positions_out,
        position=said.position or Position.CHAIR,
        pace=said.pace or Pace.VERY_SLOW,
        coverage=Coverage.CLOTHED if "stay_clothed" in asked else _choose_coverage(answers),
        pauses=said.pauses,
        guarded=bool(said.guarded),
        asks_less=said.asks_less,
        check_every=_minutes_between_check_ins(tables, often=often),
        adaptations=asked,
        gentle=effect.gentle,
        spares_hands="forearms_or_still" in asked,
    )


def _leave_unsaid(bounds: Bounds | None, unsaid: frozenset[str]) -> Bounds | None:
    """Return bounds without the lines that their owner keeps; what follows from them stays."""
    return bounds and replace(bounds, adaptations=bounds.adaptations - unsaid)


def _minutes_between_check_ins(tables: Tables, *, often: bool) -> int:
    """Return the longest time between two check-ins, in whole minutes.

    Source: SS-2; H-51 (``often``)
    """
    setting = tables.settings["check_every"]
    return int(setting.low if often else setting.default)


def _no_touch(tables: Tables) -> Limits:
    """Return the limits of a turn in which somebody takes no part; they show no cause."""
    return Limits(
        levels={},
        minutes=0,
        positions=(),
        techniques=frozenset(),
        products=(NO_PRODUCT,),
        check_every=_minutes_between_check_ins(tables, often=True),
    )


def _choose_coverage(answers: Answers) -> Coverage:
    """Blank is clothed."""
    return answers.coverage or Coverage.CLOTHED


def _order_positions(wished: Position) -> tuple[Position, ...]:
    """The one wished for first, then as one takes the place of another."""
    return tuple(sorted(Position, key=lambda each: each is not wished))


def _more_careful(one: _Ordered, other: _Ordered) -> _Ordered:
    """The more careful of two answers of an enum that begins with the most careful."""
    order = tuple(type(one))
    return min(one, other, key=order.index)

"""How much essential oil goes into a bottle: drops, or none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from workbook.domain.tables import EssentialRule, Tables

DROP_TOLERANCE = 1e-9
"""Smallest share of a drop that counts; so that 2.9999999 of one is 3."""


class MixVerdict(StrEnum):
    """What the rules make of a mix, strictest first."""

    OUT = "out"
    """One of the oils is never used."""
    NONE_TONIGHT = "none_tonight"
    """None at all, for what is true of either person."""
    TOO_LITTLE = "too_little"
    """Less than one drop of each would fit into so small a bottle."""
    FITS = "fits"


@dataclass(frozen=True, slots=True)
class Blend:
    """A mix of essential oils in a carrier."""

    mix: MixVerdict
    drops: int = 0
    """Of each oil, at the usual share."""
    most: int = 0
    """Of each oil, at the highest share."""
    sun: bool = False
    """That skin stays out of the sun afterwards (F-13)."""
    days: int = 0
    """How long the finished blend is tested, in days."""
    rules: tuple[str, ...] = ()
    """IDs of the rules that spoke."""


def calculate_blend(oils: Collection[str], ml: int, true: Collection[str], tables: Tables) -> Blend:
    """Return how many drops of each oil go into ``ml`` of carrier.

    The strictest rule decides. Several oils share what one could have, and what makes
    skin burn in the sun adds up. Drops are rounded down.

    Args:
        oils: keys of ``essential_oils.toml``; at least one.
        ml: carrier oil, in whole millilitres, 1 to 100.
        true: circumstances of either person.
        tables: the rules to go by.

    Raises:
        ValueError: if there is no oil, or ``ml`` is out of range.

    Source: E-01 to E-11; R-15

    """
    if not oils or not 1 <= ml <= 100:
        raise ValueError("oils or ml")
    rules = tables.essential
    out = _select_rules(rules, oils, out=True)
    if out:
        return Blend(MixVerdict.OUT, rules=_list_ids(out))
    against = _find_against(true, tables)
    if is_none_tonight(true, tables):
        return Blend(MixVerdict.NONE_TONIGHT, rules=_list_ids(against))
    usual, most = _find_percentages(rules, against)
    about = _select_rules(rules, oils, out=False)
    limits = [row.limits[oil] for row in about for oil in row.limits if oil in oils]
    in_the_sun = sum(1 / limit for limit in limits)
    limit = 1 / in_the_sun if in_the_sun else most
    drops = _count_drops(min(usual / len(oils), limit), ml, rules)
    highest = _count_drops(min(most / len(oils), limit), ml, rules)
    return Blend(
        MixVerdict.FITS if highest else MixVerdict.TOO_LITTLE,
        drops=drops,
        most=highest,
        sun=in_the_sun > 0,
        days=max((rule.days or 0 for rule in rules), default=0),
        rules=_list_ids([*against, *about]),
    )


def is_none_tonight(true: Collection[str], tables: Tables) -> bool:
    """Return whether there is no essential oil, and no scent, for what is true of somebody.

    Args:
        true: circumstances, such as ``"trying"``.
        tables: the rules to go by.

    Source: E-04, E-05, E-11

    """
    return any(not rule.percent for rule in _find_against(true, tables))


def _find_against(true: Collection[str], tables: Tables) -> list[EssentialRule]:
    """The rules about any of these circumstances."""
    return [rule for rule in tables.essential if not set(rule.circumstances).isdisjoint(true)]


def _select_rules(
    rules: Iterable[EssentialRule], oils: Collection[str], *, out: bool
) -> list[EssentialRule]:
    """The rules about any of ``oils``: those that take it out, or the others."""
    return [rule for rule in rules if rule.out is out and not set(rule.oils).isdisjoint(oils)]


def _find_percentages(
    rules: Iterable[EssentialRule], against: Iterable[EssentialRule]
) -> tuple[float, float]:
    """The usual and the highest share in percent, neither above what a circumstance allows."""
    said = next(rule for rule in rules if rule.percent and not rule.circumstances)
    shares = (said.percent or 0.0, said.most or said.percent or 0.0)
    ceilings = [rule.percent or 0.0 for rule in against]
    return min((shares[0], *ceilings)), min((shares[1], *ceilings))


def _count_drops(percent: float, ml: int, rules: Iterable[EssentialRule]) -> int:
    """Whole drops of one oil for its share in percent."""
    per_ml = next(rule.drops_per_ml for rule in rules if rule.drops_per_ml)
    return floor(ml * per_ml * percent / 100 + DROP_TOLERANCE)


def _list_ids(rules: Iterable[EssentialRule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)

"""Who could give and receive tonight, and what the evening can be for."""

from __future__ import annotations

from collections.abc import Mapping

from workbook.domain.seats import Role, Seat
from workbook.domain.shares import Share
from workbook.domain.tables import Tables

QUIET_REST = "rest"
"""Key of the intention that is offered where two people ticked nothing in common."""


def possible_givers(given: Mapping[Seat, Share]) -> tuple[Seat, ...]:
    """Return who could give a turn tonight, by both shares; empty if a share is "not tonight"."""
    if not _are_both_tonight(given):
        return ()
    return tuple(s for s in Seat if given[s].giving and given[s.other].receiving)


def find_same_role(given: Mapping[Seat, Share]) -> Role | None:
    """Return what both would like to do tonight, where nobody would do the other part.

    None as long as a share is missing or "not tonight", so that it is never a sign of a no.
    It shows of each person the one role that any plan would show.

    Source: design ("Both want to give")

    """
    if not _are_both_tonight(given) or possible_givers(given):
        return None
    if all(share.giving for share in given.values()):
        return Role.GIVER
    return Role.RECEIVER if all(share.receiving for share in given.values()) else None


def offer_intentions(given: Mapping[Seat, Share], tables: Tables) -> tuple[str, ...]:
    """Return what the evening can be for: what both ticked, or else quiet rest alone.

    What only one person ticked is in nothing that is returned.

    Source: design ("Settling on an intention")

    """
    lists = [share.intention for share in given.values()]
    common = tuple(key for key in tables.intentions if all(key in each for each in lists))
    return common or (QUIET_REST,)


def _are_both_tonight(given: Mapping[Seat, Share]) -> bool:
    return len(given) == len(Seat) and all(share.tonight for share in given.values())

"""What each offers the other afterwards: two wishes merged, the quieter one first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook.domain.seats import Seat
from workbook.domain.shares import Share
from workbook.domain.tables import Tables


@dataclass(frozen=True, slots=True)
class Landing:
    """The time after a massage."""

    offers: Mapping[Seat, tuple[str, ...]]
    """By person, IDs of what they chose and the other offers; least contact first."""
    minutes: int
    """How long, in whole minutes: the shorter of both."""
    alone: bool
    """Somebody would like time alone: it comes first, and a time to meet again is said."""


def plan_landing(shares: Mapping[Seat, Share], tables: Tables) -> Landing:
    """Return what both wishes make together; what needs both is there only if both chose it.

    Args:
        shares: what both have handed in, by seat.
        tables: the rows of aftercare.

    Source: R-41; AC-01 to AC-18; facts, section 9

    """
    both = set.intersection(*(set(share.aftercare) for share in shares.values()))
    options = tables.aftercare
    offers = {
        seat: tuple(
            sorted(
                (key for key in share.aftercare if not options[key].both or key in both),
                key=lambda key: (not options[key].alone, options[key].contact),
            )
        )
        for seat, share in shares.items()
    }
    return Landing(
        offers=offers,
        minutes=min(share.aftercare_minutes for share in shares.values()),
        alone=any(options[key].alone for chosen in offers.values() for key in chosen),
    )

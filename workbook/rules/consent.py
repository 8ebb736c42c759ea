"""Whether tonight's agreement stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.seats import Seat


def standing(events: Sequence[AgreementEvent], plan_hash: str, now: datetime) -> Standing:
    """Return how the agreement about one exact plan stands.

    Both affirm it, either withdraws it. It is over at stop, at finish and at midnight
    of the evening's date, and it never speaks about another plan. After a withdrawal
    both affirm anew; after a stop or a finish nobody does.

    Args:
        events: the log, in the order of the vault's own sequence.
        plan_hash: the plan in question; for a tightened one, the plan it came from.
        now: local time.

    Source: K-02, K-10; design, decision 7 and section 10 ("Agreement")

    """
    if _is_over(events, plan_hash, now):
        return Standing.ENDED
    said = affirmed_seats(events, plan_hash, now)
    if not said:
        return Standing.ENDED if events else Standing.NONE
    return Standing.STANDS if said == set(Seat) else Standing.ONE


def affirmed_seats(
    events: Sequence[AgreementEvent], plan_hash: str, now: datetime
) -> frozenset[Seat]:
    """Return whose yes to one exact plan holds now; a stop or a withdrawal ends both.

    So does whatever was said on another date after it: that night was over, and a clock
    that is put back does not bring it again.
    """
    said: set[Seat] = set()
    for event in events:
        if event.on != now.date() or event.kind in (AgreementKind.STOPPED, AgreementKind.WITHDRAWN):
            said.clear()
        elif (
            event.kind is AgreementKind.AFFIRMED
            and event.plan == plan_hash
            and event.seat is not None
        ):
            said.add(event.seat)
    return frozenset(said)


def _is_over(events: Sequence[AgreementEvent], plan_hash: str, now: datetime) -> bool:
    """A session of this very plan was stopped or came to its end tonight."""
    ends = (AgreementKind.STOPPED, AgreementKind.FINISHED)
    return any(
        event.kind in ends and event.plan == plan_hash and event.on == now.date()
        for event in events
    )

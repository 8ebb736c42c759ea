"""Whether tonight's agreement stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workbook.domain.consent import AgreementEvent, AgreementKind, Standing
from workbook.domain.evening import is_for_tonight
from workbook.domain.seats import Seat


def standing(events: Sequence[AgreementEvent], plan_hash: str, now: datetime) -> Standing:
    """Return how the agreement about one exact plan stands.

    Both affirm it, either withdraws it. It is over at stop, at finish, when its evening's day
    ends, and with whatever clears it: a new *Ready*, one taken back, a change that is more
    than a tightening. After each of these both may affirm anew, the same plan too.

    Args:
        events: the log, in the order of the vault's own sequence.
        plan_hash: the plan in question; for a tightened one, the plan it came from.
        now: local time.

    Source: K-02, K-10; design ("A yes for tonight")

    """
    said = affirmed_seats(events, plan_hash, now)
    if not said:
        return Standing.ENDED if events else Standing.NONE
    return Standing.STANDS if said == set(Seat) else Standing.ONE


def affirmed_seats(
    events: Sequence[AgreementEvent], plan_hash: str, now: datetime
) -> frozenset[Seat]:
    """Return whose yes to one exact plan holds now.

    Anything but a yes ends what was said before it, and so does whatever was said on another
    evening's day after it: that night was over, and a clock that is put back does not bring
    it again. A yes to another plan ends its speaker's yes to this one.
    """
    said: set[Seat] = set()
    for event in events:
        if not is_for_tonight(event.on, now) or event.kind is not AgreementKind.AFFIRMED:
            said.clear()
        elif event.seat is not None:
            if event.plan == plan_hash:
                said.add(event.seat)
            else:
                said.discard(event.seat)
    return frozenset(said)


def holds_any_yes(events: Sequence[AgreementEvent], now: datetime) -> bool:
    """Return whether anybody's yes to any plan holds now."""
    return any(affirmed_seats(events, event.plan, now) for event in events)


def has_expired_yes(events: Sequence[AgreementEvent], now: datetime) -> bool:
    """Return whether the last word was a yes of an evening's day that has ended."""
    if not events or events[-1].kind is not AgreementKind.AFFIRMED:
        return False
    return not is_for_tonight(events[-1].on, now)

"""Whether this computer's clock stands behind what the vault holds already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Select, Table, func, select, union_all

from workbook.store import schema
from workbook.store.cards import CARD_TYPES
from workbook.store.records import limit_to_first, parse_time
from workbook.store.unlocked import UnlockedVault

TOLERANCE = timedelta(minutes=5)
"""How far a clock may stand behind the newest row before it is said."""


def _newest(table: Table, order: Column[int], wanted: Column[str]) -> Select[Any]:
    return limit_to_first(select(wanted).select_from(table).order_by(order.desc()))


def _of_last_evening(table: Table, *, with_standing: bool = False) -> Select[Any]:
    last = _newest(schema.evenings, schema.evenings.c.seq, schema.evenings.c.id).scalar_subquery()
    here = table.c.evening == last
    if with_standing:  # rows of no evening
        here |= table.c.evening == ""
    return select(func.max(table.c.at)).where(here)


_TIMES = union_all(
    *(
        select(each.subquery())
        for each in (
            _newest(schema.evenings, schema.evenings.c.seq, schema.evenings.c.began),
            _newest(schema.sessions, schema.sessions.c.run, schema.sessions.c.at),
            _newest(schema.agreements, schema.agreements.c.seq, schema.agreements.c.at),
            _of_last_evening(schema.shares),
            _of_last_evening(schema.thanks),
            _of_last_evening(schema.cards, with_standing=True).where(
                schema.cards.c.topic.in_(sorted(kind.__name__ for kind in CARD_TYPES))
            ),
        )
    )
)
"""Times of the rows that are compared, None among them; built once, since every page reads it
with every change."""


def clock_behind(vault: UnlockedVault) -> bool:
    """Return whether the clock stands over five minutes behind the newest common row.

    Looks at the last evening, session and agreement, and at shares, thank-yous and cards of
    that evening, so that its cost does not grow. Times are local: a computer that travels
    west on the same evening counts as behind. The repeated hour in autumn does not.
    """
    with vault.reading() as db:
        at = max(filter(None, db.execute(_TIMES).scalars()), default=None)
    if at is None:
        return False
    with vault.skipping("times"):
        return _instant(vault.now(), fold=1) < _instant(parse_time(at), fold=0) - TOLERANCE
    return False


def _instant(local: datetime, *, fold: int) -> datetime:
    """Return a local time as UTC; ``fold`` chooses in the hour that comes twice."""
    return local.replace(fold=fold).astimezone(UTC)

"""Whether this computer's clock stands behind what the vault holds already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Select, Table, func, select, union_all

from workbook.store import schema
from workbook.store.cards import CARD_TYPES
from workbook.store.records import parse_time
from workbook.store.unlocked import UnlockedVault

TOLERANCE = timedelta(minutes=5)
"""How far a clock may stand behind the newest row before it is said."""


def clock_behind(vault: UnlockedVault) -> bool:
    """Return whether the clock stands over five minutes behind the newest common row.

    Looks at the last evening, session and agreement, and at shares, thank-yous and cards of
    that evening, so that its cost does not grow. Times are local: a computer that travels
    west on the same evening counts as behind. The repeated hour in autumn does not.
    """
    with vault.reading() as db:
        evening = _newest(schema.evenings, schema.evenings.c.seq, schema.evenings.c.id)
        last: str = db.execute(evening).scalar() or ""
        times = (
            _newest(schema.evenings, schema.evenings.c.seq, schema.evenings.c.began),
            _newest(schema.sessions, schema.sessions.c.run, schema.sessions.c.at),
            _newest(schema.agreements, schema.agreements.c.seq, schema.agreements.c.at),
            _of_evening(schema.shares, last),
            _of_evening(schema.thanks, last),
            _cards(last),
        )
        newest = db.execute(union_all(*(select(each.subquery()) for each in times))).scalars()
        at = max((each for each in newest if each), default=None)
    if at is None:
        return False
    with vault.skipping("times"):
        return _instant(vault.now(), fold=1) < _instant(parse_time(at), fold=0) - TOLERANCE
    return False


def _newest(table: Table, order: Column[int], wanted: Column[str]) -> Select[Any]:
    return select(wanted).select_from(table).order_by(order.desc()).limit(1)


def _of_evening(table: Table, evening: str) -> Select[Any]:
    return select(func.max(table.c.at)).where(table.c.evening == evening)


def _cards(evening: str) -> Select[Any]:
    table = schema.cards
    topics = sorted(kind.__name__ for kind in CARD_TYPES)
    here = table.c.topic.in_(topics), table.c.evening.in_(("", evening))
    return select(func.max(table.c.at)).where(*here)


def _instant(local: datetime, *, fold: int) -> datetime:
    """Return a local time as UTC; ``fold`` chooses in the hour that comes twice."""
    return local.replace(fold=fold).astimezone(UTC)

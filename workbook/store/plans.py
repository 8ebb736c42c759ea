"""Plans that somebody said yes to, by evening and hash: exactly what both were shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import DamagedVault, NewerVault
from workbook.domain.plan import Plan
from workbook.store import records, schema
from workbook.store.unlocked import UnlockedVault

PLAN_FORMAT = 1
"""Format of a plan's own bytes that this program writes and reads."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was saved."""

    hash: str
    """As it was given to ``save_plan``; never computed again from the decoded plan."""
    plan: Plan


def save_plan(vault: UnlockedVault, evening: str, plan_hash: str, plan: Plan) -> None:
    """Save a plan under its hash, as the latest of its evening; returns after COMMIT.

    A plan that is there under this hash keeps its own bytes, and is the latest again.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.
        plan_hash: ``rules.plan.plan_hash`` of the plan.
        plan: the plan.

    Raises:
        NotSaved: if the disk refused.

    """
    table = schema.plans
    new = {
        "evening": evening,
        "hash": plan_hash,
        "format": PLAN_FORMAT,
        "product": plan.product,
        "body": records.encode(plan),
    }
    with vault.writing() as db:
        seq = (db.execute(select(func.max(table.c.seq))).scalar() or 0) + 1
        put = insert(table).values(seq=seq, **new)
        db.execute(put.on_conflict_do_update(["evening", "hash"], set_={"seq": seq}))


def read_plan(vault: UnlockedVault, evening: str, plan_hash: str) -> Plan | None:
    """Return the plan of an evening with this hash; None if there is none, or it cannot be read.

    Args:
        vault: the unlocked vault of the person at the screen.
        evening: id of the evening.
        plan_hash: hash under which it was saved.

    Raises:
        NewerVault: if a newer program wrote it.

    """
    table = schema.plans
    query = select(table).where(table.c.evening == evening, table.c.hash == plan_hash)
    with vault.reading() as db:
        row = db.execute(query).one_or_none()
    with vault.skipping(table.name):
        return _from_row(row).plan if row else None
    return None


def latest_plan(vault: UnlockedVault, evening: str) -> StoredPlan | None:
    """Return the plan of an evening that was saved last.

    None if there is none, or it cannot be read.

    Raises:
        NewerVault: if a newer program wrote it.

    """
    table = schema.plans
    query = select(table).where(table.c.evening == evening).order_by(table.c.seq.desc())
    with vault.reading() as db:
        row = db.execute(records.limit_to_first(query)).one_or_none()
    with vault.skipping(table.name):
        return _from_row(row) if row else None
    return None


def _from_row(row: Row[Any]) -> StoredPlan:
    if row.format > PLAN_FORMAT:
        raise NewerVault
    if row.format != PLAN_FORMAT:
        raise DamagedVault
    return StoredPlan(row.hash, records.decode(row.body, Plan))

"""The plans of an evening, one for each turn: exactly what both were shown."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from workbook.domain.plan import Plan
from workbook.store import records, schema
from workbook.store.unlocked import UnlockedVault


def save_plans(vault: UnlockedVault, evening: str, plans: tuple[Plan, ...]) -> None:
    """Put these plans, in order of their turns, in place of those of the evening.

    Returns after COMMIT.
    """
    table = schema.plans
    rows = [
        {"evening": evening, "turn": turn, "body": records.encode(plan)}
        for turn, plan in enumerate(plans)
    ]
    with vault.writing() as db:
        db.execute(delete(table).where(table.c.evening == evening))
        if rows:
            db.execute(insert(table), rows)


def read_plans(vault: UnlockedVault, evening: str) -> tuple[Plan, ...]:
    """Return the plans of an evening, in order of their turns; empty if there are none."""
    table = schema.plans
    query = select(table.c.body).where(table.c.evening == evening).order_by(table.c.turn)
    with vault.reading() as db:
        return tuple(records.decode(body, Plan) for body in db.execute(query).scalars())

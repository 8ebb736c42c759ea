"""Whether every row of a vault can be read, as far as one person's keys reach."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from workbook.domain.plan import Plan
from workbook.domain.shares import Share
from workbook.store import (
    agreements,
    answers,
    cards,
    evenings,
    people,
    records,
    schema,
    sessions,
    thanks,
    wishes,
)
from workbook.store.unlocked import UnlockedVault


def find_unreadable(vault: UnlockedVault) -> frozenset[str]:
    """Return the topics and tables of which a row cannot be read.

    Looks at this person's private rows and at all common ones; the partner's private rows
    open for the partner alone.

    Args:
        vault: whose keys are used.

    Returns:
        Names of classes of answers and of tables, never an answer.

    """
    before, vault.unreadable = vault.unreadable, set()
    try:
        with vault.reading() as db:
            for kind in answers.PRIVATE_TYPES.values():
                answers.read_answer(vault, kind)
                answers.read_all_answers(vault, kind)
            people.read_people(vault)
            wishes.last_round(vault)
            evenings.list_evenings(vault)
            kinds: dict[str, type[Any]] = {kind.__name__: kind for kind in cards.CARD_TYPES}
            for row in db.execute(select(schema.cards)):
                with vault.skipping(row.topic):
                    records.from_row(row, kinds[row.topic])
            for table, common in ((schema.shares, Share), (schema.plans, Plan)):
                for row in db.execute(select(table).where(table.c.body.is_not(None))):
                    with vault.skipping(table.name):
                        records.decode(row.body, common)
            for evening in evenings.list_evening_ids(vault):
                agreements.list_events(vault, evening)
                sessions.list_sessions(vault, evening)
                thanks.read_thanks(vault, evening)
        return frozenset(vault.unreadable)
    finally:
        vault.unreadable = before | vault.unreadable

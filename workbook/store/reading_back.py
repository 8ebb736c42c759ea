"""Whether every row of a vault can be read: by one person's keys, and by what both found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.plan import Plan
from workbook.domain.seats import Seat
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


def check_rows(vault: UnlockedVault) -> bool:
    """Return whether every row can be read, the partner's too as far as that is known.

    The partner's private rows open for the partner alone. So the vault keeps for each person
    whether something was unreadable when their own page last looked, and no more of it.
    Returns after COMMIT.

    Args:
        vault: whose keys are used.

    Raises:
        NotSaved: if what was found is new, and the disk refused.

    """
    mine, found = _unreadable_key(vault.seat), bool(find_unreadable(vault))
    names = schema.meta.c.name
    with vault.reading() as db:
        known = db.execute(select(names).where(names.in_(map(_unreadable_key, Seat)))).scalars()
        noted = set(known)
    if found is not (mine in noted):
        with vault.writing() as db:
            if found:
                row = insert(schema.meta).values(name=mine, value="1")
                db.execute(row.on_conflict_do_nothing())
            else:
                db.execute(delete(schema.meta).where(names == mine))
    return not found and noted <= {mine}


def _unreadable_key(seat: Seat) -> str:
    return f"unreadable_{seat.value.lower()}"


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
                if row.topic in kinds:  # no page asks for one of a newer program
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

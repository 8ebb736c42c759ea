"""Who sits in the two seats: common, each person writes their own."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from workbook.domain.errors import DamagedVault, InvalidAnswer
from workbook.domain.seats import People, Person, Seat
from workbook.store import records, schema
from workbook.store.lane import Lane
from workbook.store.records import Saved
from workbook.store.seal import signing


def people(lane: Lane) -> People:
    """Return both people, and have ``lane.people`` say the same."""
    with lane.reading() as db:
        lane.people = _both(db)
    return lane.people


def _both(db: Connection) -> People:
    table = schema.people
    rows = db.execute(select(table.c.seat, table.c.body)).all()
    found = {row.seat: records.decode(row.body, Person) for row in rows}
    if set(found) != set(Seat):
        raise DamagedVault
    return People(found[Seat.A], found[Seat.B])


def mine(lane: Lane) -> Saved[Person]:
    """Return this person as saved, with the version to name in ``change``."""
    with lane.reading() as db:
        row = records.found(db, schema.people, {"seat": lane.seat.value})
    if row is None:
        raise DamagedVault
    return records.saved(row, Person)


def change(lane: Lane, person: Person, edited: int) -> Saved[Person]:
    """Write this person's own name, colour and shape; returns after COMMIT.

    Raises:
        InvalidAnswer: if it is the other seat, or the partner has that colour or shape.
        ChangedElsewhere: if ``edited`` is no longer the current version.

    """
    if person.seat is not lane.seat:
        raise InvalidAnswer(field="seat")
    whose = {"seat": lane.seat.value}
    with lane.writing() as db:
        other = _both(db).at(lane.seat.other)
        _in_order(person, other)
        kept = records.put(db, schema.people, whose, person, at=lane.now(), edited=edited)

    def remember() -> None:
        lane.people = _in_order(kept.value, other)

    lane.after_commit(remember)
    return kept


def _in_order(one: Person, other: Person) -> People:
    return People(*sorted((one, other), key=lambda each: each.seat))


def sign(lane: Lane) -> None:
    """Put the public half of this person's signing key where the other one finds it.

    Writes only if it is not there, as after version 1. Returns after COMMIT.
    """
    table = schema.people
    mine, half = table.c.seat == lane.seat.value, bytes(signing(lane.keys.own).verify_key)
    with lane.reading() as db:
        if db.execute(select(table.c.signing).where(mine)).scalar() == half:
            return
    with lane.writing() as db:
        db.execute(update(table).where(mine).values(signing=half))

"""Who sits in the two seats: common, each person writes their own."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from workbook.domain.errors import DamagedVault, InvalidAnswer
from workbook.domain.seats import Colour, People, Person, Seat, Shape, check_name, check_names
from workbook.store import records, schema
from workbook.store.records import Saved
from workbook.store.seal import signing_key
from workbook.store.unlocked import UnlockedVault


def read_people(vault: UnlockedVault) -> People:
    """Return both people, and have ``vault.people`` say the same."""
    with vault.reading() as db:
        vault.people = _select_people(vault, db)
    return vault.people


def _select_people(vault: UnlockedVault, db: Connection) -> People:
    table = schema.people
    rows = db.execute(select(table.c.seat, table.c.body)).all()
    found: dict[Seat, Person | None] = {
        Seat(row.seat): _decode_person(vault, row.body) for row in rows
    }
    if set(found) != set(Seat):
        raise DamagedVault
    a, b = found[Seat.A], found[Seat.B]
    a = a or _stand_in(Seat.A, b)
    return People(a, b or _stand_in(Seat.B, a))


def _decode_person(vault: UnlockedVault, body: bytes) -> Person | None:
    with vault.skipping(schema.people.name):
        return records.decode(body, Person)
    return None


def _stand_in(seat: Seat, other: Person | None) -> Person:
    """Return what stands for a person whose row cannot be read, until they enter it anew."""
    colour = next(each for each in Colour if other is None or each is not other.colour)
    shape = next(each for each in Shape if other is None or each is not other.shape)
    return Person(seat, seat.value, colour, shape)


def read_own_person(vault: UnlockedVault) -> Saved[Person]:
    """Return this person as saved, with the version to name in ``save_person``."""
    with vault.reading() as db:
        row = records.select_by_key(db, schema.people, {"seat": vault.seat.value})
    if row is None:
        raise DamagedVault
    person = _decode_person(vault, row.body) or read_people(vault).at(vault.seat)
    return Saved(person, row.version, records.parse_time(row.at))


def save_person(vault: UnlockedVault, person: Person, expected_version: int) -> Saved[Person]:
    """Write this person's own name, colour and shape; returns after COMMIT.

    Args:
        vault: whose name and mark are written.
        person: the new value.
        expected_version: version that is replaced.

    Raises:
        InvalidAnswer: if it is the other seat, the partner has that colour or shape, or it is
            a new name that nobody can see.
        SameName: if it is a new name, and the partner's.
        ChangedElsewhere: if ``expected_version`` is no longer the current version.

    """
    if person.seat is not vault.seat:
        raise InvalidAnswer(field="seat")
    whose = {"seat": vault.seat.value}
    with vault.writing() as db:
        people = _select_people(vault, db)
        before, other = people.at(vault.seat), people.at(vault.seat.other)
        _make_people(person, other)
        if person.name != before.name:
            check_name(person.name)
            check_names(person.name, other.name)
        kept = records.write_versioned(
            db, schema.people, whose, person, at=vault.now(), expected_version=expected_version
        )

    def remember() -> None:
        vault.people = _make_people(kept.value, other)

    vault.after_commit(remember)
    return kept


def _make_people(one: Person, other: Person) -> People:
    return People(*sorted((one, other), key=lambda each: each.seat))


def publish_signing_key(vault: UnlockedVault) -> None:
    """Put the public half of this person's signing key where the other one finds it.

    Writes only if it is not there, as after version 1. Returns after COMMIT.
    """
    table = schema.people
    mine, half = table.c.seat == vault.seat.value, bytes(signing_key(vault.keys.own).verify_key)
    with vault.reading() as db:
        if db.execute(select(table.c.signing).where(mine)).scalar() == half:
            return
    with vault.writing() as db:
        db.execute(update(table).where(mine).values(signing=half))

"""Wishes, double-blind: sealed ballots that only both people together can open.

Thin: one ceremony pair for the life of the vault, no rounds (vault.md, section 7.3).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
from nacl.public import PublicKey, SealedBox
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import records, schema
from workbook.store.ceremony import BALLOT, Ceremony
from workbook.store.connection import FILE, checkpoint, connect
from workbook.store.lane import Lane
from workbook.store.seal import pad, share_box

_PATIENCE = 60
"""Seconds the ceremony may take."""


def hand_in(lane: Lane, evening: str, wishes: frozenset[str]) -> None:
    """Seal this person's ballot, which nobody opens alone, not even they; returns after COMMIT.

    It may be replaced until the partner's is there as well; then it holds. Its size and
    that of the share beside it are the same whatever is on it.

    Raises:
        InvalidAnswer: if it is longer than a ballot can be.
        ChangedElsewhere: if both are in already.

    """
    content = records.encode(wishes)
    if len(content) >= BALLOT:
        raise InvalidAnswer(field="wishes")
    with lane.writer.begin() as db:
        if _done(db, evening) is not None or len(_ballots(db, evening)) == len(Seat):
            raise ChangedElsewhere
        latest = select(schema.ceremony).order_by(schema.ceremony.c.round.desc()).limit(1)
        ceremony = db.execute(latest).one()
        table = schema.people
        partner = select(table.c.box).where(table.c.seat == lane.seat.other.value)
        box = SealedBox(PublicKey(db.execute(partner).scalar_one()))
        new = {
            "round": ceremony.round,
            "ballot": SealedBox(PublicKey(ceremony.public)).encrypt(pad(content, BALLOT)),
            "share": box.encrypt(lane.keys.share),
        }
        put = insert(schema.ballots).values(evening=evening, seat=lane.seat.value, **new)
        db.execute(put.on_conflict_do_update(set_=new))


def take_back(lane: Lane, evening: str) -> None:
    """Remove this person's ballot, as long as it is unopened; returns after COMMIT."""
    table = schema.ballots
    own = table.c.evening == evening, table.c.seat == lane.seat.value
    with lane.writer.begin() as db:
        db.execute(delete(table).where(*own))


def handed_in(lane: Lane, evening: str) -> frozenset[Seat]:
    """Return who has handed in; both, once the ballots were opened."""
    with lane.reader.begin() as db:
        if _done(db, evening) is not None:
            return frozenset(Seat)
        return frozenset(_ballots(db, evening))


def matches(lane: Lane, evening: str) -> frozenset[str]:
    """Return what both wished for. Nothing in common and not yet both look the same.

    The first call after both are in takes about half a second: a process of its own joins
    the shares and opens the ballots, both are removed, and what matched stays.

    Raises:
        DamagedVault: if a ballot does not open.

    """
    with lane.reader.begin() as db:
        done = _done(db, evening)
        ballots = _ballots(db, evening)
    if done is not None:
        return done
    if len(ballots) < len(Seat):
        return frozenset()
    keys = lane.keys
    given = Ceremony(
        share=keys.share,
        box=bytes(share_box(keys.own)),
        sealed=ballots[lane.seat.other][1],
        ballots=(ballots[Seat.A][0], ballots[Seat.B][0]),
    )
    found = _held(given)
    new = insert(schema.matches).values(evening=evening, body=records.encode(found))
    with lane.writer.begin() as db:
        db.execute(new.on_conflict_do_nothing())
        db.execute(delete(schema.ballots).where(schema.ballots.c.evening == evening))
        found = _done(db, evening) or frozenset()
    con = connect(lane.folder / FILE, lane.keys.database)
    try:
        checkpoint(con)  # nor do the ballots stay in the WAL
    finally:
        con.close()
    return found


def withdraw(lane: Lane, evening: str, wish: str) -> None:
    """Take a match off the list for both, without a trace of who did; returns after COMMIT."""
    table = schema.matches
    with lane.writer.begin() as db:
        left = (_done(db, evening) or frozenset()) - {wish}
        body = records.encode(left)
        db.execute(table.update().where(table.c.evening == evening).values(body=body))


def _done(db: Connection, evening: str) -> frozenset[str] | None:
    table = schema.matches
    body = db.execute(select(table.c.body).where(table.c.evening == evening)).scalar()
    return None if body is None else records.decode(body, frozenset[str])


def _ballots(db: Connection, evening: str) -> dict[Seat, tuple[bytes, bytes]]:
    table = schema.ballots
    rows = db.execute(select(table).where(table.c.evening == evening))
    return {Seat(row.seat): (row.ballot, row.share) for row in rows}


def _held(given: Ceremony) -> frozenset[str]:
    """Return what the ceremony process tells; secrets go through its standard input."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if os.name == "nt"}
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-m", "workbook.store.ceremony"],
        input=msgspec.json.encode(given),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],  # where -m finds the package
        env=needed,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise DamagedVault
    return records.decode(done.stdout, frozenset[str])

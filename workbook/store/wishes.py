"""Wishes, double-blind and in rounds: sealed ballots that only both people together open.

Who may hand in when, and what is asked, is for the rules to say.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Timer

import msgspec
from nacl.public import PublicKey, SealedBox
from sqlalchemy import ColumnElement, Connection, delete, select, true
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import ceremony, records, schema
from workbook.store.ceremony import BALLOT, Answer, Ask, Door, Start
from workbook.store.connection import FILE, checkpoint, connect
from workbook.store.lane import Lane
from workbook.store.seal import KEY, pad, share_box

WITHIN = 15 * 60.0
"""Seconds in which the second one asks, or both ask anew (vault.md, section 7)."""

SERVER = "WORKBOOK_SERVER"
"""Environment variable: number of the server's process; the waiting ends with it."""

_PATIENCE = 20
"""Seconds a process may take to say how it is reached."""

_waiting: list[subprocess.Popen[bytes]] = []
"""What this kernel has started; they outlive it when the screen is handed over."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round that was opened."""

    evening: str
    on: date
    both: frozenset[str]
    """What both wished for, less what either took off the list since."""


def new_seed() -> bytes:
    """Return a random seed for what a round asks."""
    return secrets.token_bytes(16)


def seed(lane: Lane) -> bytes:
    """Return what decides, for both people alike, what the round under way asks."""
    with lane.reading() as db:
        return bytes(db.execute(select(schema.ceremony.c.seed)).scalar_one())


def hand_in(lane: Lane, evening: str, wishes: frozenset[str]) -> None:
    """Seal this person's ballot, which nobody opens alone, not even they; returns after COMMIT.

    It may be replaced until the partner's is there as well; then it holds. Its size is the
    same whatever is on it. A ballot left from another evening is replaced by it.

    Raises:
        InvalidAnswer: if it is longer than a ballot can be.
        ChangedElsewhere: if both are in already.

    """
    content = records.encode(wishes)
    if len(content) >= BALLOT:
        raise InvalidAnswer(field="wishes")
    table = schema.ballots
    with lane.writing() as db:
        if _opened_on(db, evening) or len(_ballots(db, evening)) == len(Seat):
            raise ChangedElsewhere
        db.execute(delete(table).where(table.c.evening != evening))
        now = db.execute(select(schema.ceremony)).one()
        ballot = SealedBox(PublicKey(now.public)).encrypt(pad(content, BALLOT))
        new = {"round": now.round, "ballot": ballot}
        put = insert(table).values(evening=evening, seat=lane.seat.value, **new)
        db.execute(put.on_conflict_do_update(set_=new))


def take_back(lane: Lane, evening: str) -> None:
    """Remove this person's ballot and asking, as long as it is unopened; returns after COMMIT."""
    leave(lane)
    table = schema.ballots
    own = table.c.evening == evening, table.c.seat == lane.seat.value
    with lane.writing() as db:
        db.execute(delete(table).where(*own))


def handed_in(lane: Lane, evening: str) -> frozenset[Seat]:
    """Return who has handed in; both, once the ballots were opened."""
    with lane.reading() as db:
        if _opened_on(db, evening):
            return frozenset(Seat)
        return frozenset(_ballots(db, evening))


def asked_first(lane: Lane) -> tuple[Seat, bytes] | None:
    """Return who has asked, and which asking it is; whether it still holds is not known."""
    with lane.reading() as db:
        row = db.execute(select(schema.asks)).one_or_none()
    return row and (Seat(row.seat), bytes(row.public))


def ask(lane: Lane, evening: str) -> bool:
    """Ask for the ballots to be opened; return whether they are.

    The first one to ask leaves their share with a process of its own, which waits for
    ``WITHIN`` and outlives this kernel; that takes some 0.2 s. If the other one asks
    meanwhile, the ballots are opened there, both are removed, and what matched stays.
    Asking again begins the time anew. Without a ballot of one's own nothing is asked.

    Raises:
        DamagedVault: if a ballot does not open.
        NotSaved: if the disk refused; ask again, and the other one as well.

    """
    with lane.reading() as db:
        if _opened_on(db, evening):
            return True
        ballots = _ballots(db, evening)
        now = db.execute(select(schema.ceremony)).one()
        first = db.execute(select(schema.asks)).one_or_none()
        table = schema.people
        boxes = db.execute(select(table.c.box).order_by(table.c.seat)).scalars().all()
    if lane.seat not in ballots:
        return False
    share = _share(lane, now.share_a if lane.seat is Seat.A else now.share_b)
    if first is not None and first.seat == lane.seat.other.value and len(ballots) == len(Seat):
        asked = Ask(
            secrets.token_bytes(KEY), share, tuple(ballots[seat] for seat in Seat), tuple(boxes)
        )
        answer = ceremony.ask(Door(first.port, first.public), asked)
        if answer is not None:
            _open(lane, evening, now.round, answer)
            return True
    leave(lane)
    return _wait(lane, evening, now.round, share, bytes(first.public) if first else None)


def leave(lane: Lane) -> None:
    """Take this person's asking back, if there is any; returns after COMMIT."""
    _end(lane, schema.asks.c.seat == lane.seat.value)


def end(lane: Lane) -> None:
    """Let nobody wait any more, whoever asked; returns after COMMIT."""
    _end(lane, true())


def _end(lane: Lane, whose: ColumnElement[bool]) -> None:
    with lane.writing() as db:
        first = db.execute(select(schema.asks).where(whose)).one_or_none()
        db.execute(delete(schema.asks).where(whose))
    if first is not None:
        door = Door(first.port, first.public)

        def dismiss() -> None:
            ceremony.ask(door, Ask(secrets.token_bytes(KEY)))

        lane.after_commit(dismiss)


def last(lane: Lane) -> Round | None:
    """Return the last round that was opened; None if none was."""
    table = schema.matches
    with lane.reading() as db:
        row = db.execute(select(table).order_by(table.c.round.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    both = records.decode(row.body, frozenset[str])
    return Round(row.evening, date.fromisoformat(row.on), both)


def withdraw(lane: Lane, wish: str) -> None:
    """Take a match off the list for both, without a trace of who did; returns after COMMIT."""
    table = schema.matches
    with lane.writing() as db:
        for row in db.execute(select(table)).all():
            body = records.encode(records.decode(row.body, frozenset[str]) - {wish})
            db.execute(table.update().where(table.c.round == row.round).values(body=body))


def _opened_on(db: Connection, evening: str) -> bool:
    table = schema.matches
    return db.execute(select(table.c.round).where(table.c.evening == evening)).first() is not None


def _ballots(db: Connection, evening: str) -> dict[Seat, bytes]:
    table = schema.ballots
    rows = db.execute(select(table).where(table.c.evening == evening))
    return {Seat(row.seat): row.ballot for row in rows}


def _share(lane: Lane, sealed: bytes | None) -> bytes:
    """Return this person's share of the round under way; the first one's is in the keyring."""
    keys = lane.keys
    return keys.share if sealed is None else SealedBox(share_box(keys.own)).decrypt(sealed)


def _open(lane: Lane, evening: str, number: int, answer: Answer) -> None:
    """Write what the ceremony has told, all of it or nothing, and nothing of the ballots stays."""
    if answer.next is None:
        raise DamagedVault
    a, b = answer.next.shares
    found = {"on": lane.now().date().isoformat(), "body": records.encode(answer.both)}
    new = {"public": answer.next.public, "share_a": a, "share_b": b, "seed": new_seed()}
    with lane.writing() as db:
        if db.execute(select(schema.ceremony.c.round)).scalar_one() != number:
            return  # the other page was first
        for table in (schema.asks, schema.ballots, schema.matches, schema.ceremony):
            db.execute(delete(table))
        db.execute(insert(schema.matches).values(round=number, evening=evening, **found))
        db.execute(insert(schema.ceremony).values(round=number + 1, **new))
    lane.after_commit(lambda: _empty_wal(lane))


def _empty_wal(lane: Lane) -> None:
    con = connect(lane.folder / FILE, lane.keys.database)
    try:
        checkpoint(con)  # nor do the ballots stay in the WAL
    finally:
        con.close()


def _wait(lane: Lane, evening: str, number: int, share: bytes, seen: bytes | None) -> bool:
    """Have a process wait for the other one; if they asked at this moment too, ask them."""
    made = _started(share)
    if made is None:
        return False
    process, door = made
    table = schema.asks
    new = {"round": number, "seat": lane.seat.value, "port": door.port, "public": door.public}
    with lane.writing() as db:
        there = db.execute(select(table)).one_or_none()
        meanwhile = there is not None and there.public != seen
        gone = db.execute(select(schema.ceremony.c.round)).scalar_one() != number
        if not (meanwhile or gone):
            db.execute(delete(table))
            db.execute(insert(table).values(new))
    if not (meanwhile or gone):
        return False
    process.kill()
    return ask(lane, evening)


def _started(share: bytes) -> tuple[subprocess.Popen[bytes], Door] | None:
    """Start a process that waits; secrets go through its standard input. None: it cannot."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if os.name == "nt"}
    server = os.environ.get(SERVER, "0")
    given = Start(share, WITHIN, int(server) if server.isdigit() else 0)
    _waiting[:] = [each for each in _waiting if each.poll() is None]
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", "workbook.store.ceremony"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],  # where -m finds the package
            env=needed,
            start_new_session=True,  # what ends this kernel does not end it
        )
    except OSError:
        return None
    _waiting.append(process)
    late = Timer(_PATIENCE, process.kill)
    late.start()
    try:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - asked for above
        with process.stdin as given_to, process.stdout as said:
            given_to.write(msgspec.json.encode(given))
            given_to.close()
            return process, msgspec.json.decode(said.readline(), type=Door)
    except (OSError, msgspec.DecodeError):
        process.kill()
        return None
    finally:
        late.cancel()

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
from nacl.public import SealedBox
from sqlalchemy import ColumnElement, Connection, delete, select, true
from sqlalchemy.dialects.sqlite import insert

from workbook.domain.errors import ChangedElsewhere, DamagedVault, NotSaved
from workbook.domain.seats import Seat
from workbook.store import ballot_process, records, schema
from workbook.store.ballot_process import Endpoint, ProcessInput, RevealRequest, RevealResult
from workbook.store.ballots import RoundTerms, digest_ballot, seal_ballot
from workbook.store.records import limit_to_first, parse_time
from workbook.store.rounds import select_ballots
from workbook.store.seal import KEY_BYTES, share_key_pair, signing_key
from workbook.store.unlocked import UnlockedVault

REVEAL_TIMEOUT_S = 15 * 60.0
"""Seconds in which the second one asks, or both ask anew."""

SERVER_PID_VARIABLE = "WORKBOOK_SERVER"
"""Environment variable: number of the server's process; the waiting ends with it."""

_START_TIMEOUT_S = 20
"""Seconds a process may take to say how it is reached."""

_processes: list[subprocess.Popen[bytes]] = []
"""What this kernel has started; they outlive it when the screen is handed over."""


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """A round that was opened."""

    evening: str
    on: date
    both: frozenset[str]
    """What both wished for, less what either took off the list since."""


def read_seed(vault: UnlockedVault) -> bytes:
    """Return the seed from which the wishes of the present round are drawn.

    Returns:
        16 bytes, the same for both people.

    """
    with vault.reading() as db:
        return bytes(db.execute(select(schema.ceremony.c.seed)).scalar_one())


def hand_in_ballot(vault: UnlockedVault, evening: str, wishes: frozenset[str]) -> None:
    """Seal this person's ballot, which nobody opens alone, not even they; returns after COMMIT.

    It may be replaced until the partner's is there as well; then it holds. Its size is the
    same whatever is on it. A ballot left from another evening is replaced by it.

    Args:
        vault: whose ballot it is.
        evening: id of the evening.
        wishes: keys of what this person wishes for.

    Raises:
        InvalidAnswer: if it is longer than a ballot can be.
        ChangedElsewhere: if both are in already.

    """
    table = schema.ballots
    with vault.writing() as db:
        if _is_opened(db, evening) or len(select_ballots(db, evening)) == len(Seat):
            raise ChangedElsewhere
        db.execute(delete(table).where(table.c.evening != evening))
        now = db.execute(select(schema.ceremony)).one()
        ballot = seal_ballot(signing_key(vault.keys.own), vault.seat, now.public, wishes)
        new = {"round": now.round, "ballot": ballot}
        put = insert(table).values(evening=evening, seat=vault.seat.value, **new)
        db.execute(put.on_conflict_do_update(set_=new))


def take_back_ballot(vault: UnlockedVault, evening: str) -> None:
    """Remove this person's ballot and request, unless it is opened; returns after COMMIT.

    Args:
        vault: whose ballot it is.
        evening: id of the evening.

    """
    withdraw_request(vault)
    table = schema.ballots
    own = table.c.evening == evening, table.c.seat == vault.seat.value
    with vault.writing() as db:
        db.execute(delete(table).where(*own))


def list_handed_in(vault: UnlockedVault, evening: str) -> frozenset[Seat]:
    """Return who has handed in; both, once the ballots were opened."""
    with vault.reading() as db:
        if _is_opened(db, evening):
            return frozenset(Seat)
        return frozenset(select_ballots(db, evening))


def first_request(vault: UnlockedVault) -> tuple[Seat, bytes] | None:
    """Return who asked first to open the ballots, and the bytes that identify the request.

    Returns:
        None: nobody has asked. The request may have expired.

    """
    with vault.reading() as db:
        row = db.execute(select(schema.asks)).one_or_none()
    return row and (Seat(row.seat), bytes(row.public))


def request_reveal(vault: UnlockedVault, evening: str) -> bool:
    """Ask for the ballots to be opened; return whether they are.

    The first one to ask leaves their share and what they know of the round with a process of
    its own, which waits for ``REVEAL_TIMEOUT_S`` and outlives this kernel; that takes some
    0.2 s. If the other one asks meanwhile, that process opens the ballots that lie in the
    vault, and writes there for both what matched; so call it outside a transaction. Asking
    again begins the time anew. Without a ballot of one's own nothing is asked.

    Raises:
        DamagedVault: if a ballot does not open, or is not its owner's.
        NotSaved: if the disk refused; ask again, and the other one as well.

    """
    with vault.reading() as db:
        if _is_opened(db, evening):
            return True
        ballots = select_ballots(db, evening)
        now = db.execute(select(schema.ceremony)).one()
        first = db.execute(select(schema.asks)).one_or_none()
        table = schema.people
        signing = {row.seat: row.signing for row in db.execute(select(table))}
    if vault.seat not in ballots:
        return False
    share = _key_share(vault, now.share_a if vault.seat is Seat.A else now.share_b)
    if first is not None and first.seat == vault.seat.other.value and len(ballots) == len(Seat):
        asked = RevealRequest(
            secrets.token_bytes(KEY_BYTES), share, vault.keys.database, _public_box(vault)
        )
        answer = ballot_process.send_request(Endpoint(first.port, first.public), asked)
        if answer is RevealResult.OPENED:
            return True
        if answer is RevealResult.DAMAGED:
            raise DamagedVault
        if answer is RevealResult.NOT_SAVED:
            raise NotSaved
    withdraw_request(vault)
    own = bytes(signing_key(vault.keys.own).verify_key)
    theirs = signing[vault.seat.other.value] or b""  # no ballot of theirs counts without it
    terms = RoundTerms(
        evening,
        vault.now().date(),
        now.round,
        now.public,
        vault.seat,
        digest_ballot(ballots[vault.seat]),
        (own, theirs) if vault.seat is Seat.A else (theirs, own),
    )
    return _wait_for_partner(vault, terms, share, bytes(first.public) if first else None)


def withdraw_request(vault: UnlockedVault) -> None:
    """Delete this person's request, if there is one; returns after COMMIT."""
    _delete_requests(vault, schema.asks.c.seat == vault.seat.value)


def end_all_requests(vault: UnlockedVault) -> None:
    """Delete both people's requests; returns after COMMIT."""
    _delete_requests(vault, true())


def _delete_requests(vault: UnlockedVault, whose: ColumnElement[bool]) -> None:
    with vault.writing() as db:
        first = db.execute(select(schema.asks).where(whose)).one_or_none()
        db.execute(delete(schema.asks).where(whose))
    if first is not None:
        endpoint = Endpoint(first.port, first.public)

        def dismiss() -> None:
            ballot_process.send_request(endpoint, RevealRequest(secrets.token_bytes(KEY_BYTES)))

        vault.after_commit(dismiss)


def last_round(vault: UnlockedVault) -> OpenedRound | None:
    """Return the last round that was opened; None if none was."""
    table = schema.matches
    with vault.reading() as db:
        last = limit_to_first(select(table).order_by(table.c.round.desc()))
        row = db.execute(last).one_or_none()
    if row is None:
        return None
    with vault.skipping(table.name):
        return OpenedRound(
            row.evening, parse_time(row.on).date(), records.decode(row.body, frozenset[str])
        )
    return None


def withdraw_wish(vault: UnlockedVault, wish: str) -> None:
    """Take a match off the list for both, without a trace of who did; returns after COMMIT.

    Args:
        vault: vault of either person.
        wish: key of the wish.

    """
    table = schema.matches
    with vault.writing() as db:
        for row in db.execute(select(table)).all():
            with vault.skipping(table.name):
                body = records.encode(records.decode(row.body, frozenset[str]) - {wish})
                db.execute(table.update().where(table.c.round == row.round).values(body=body))


def _is_opened(db: Connection, evening: str) -> bool:
    table = schema.matches
    return db.execute(select(table.c.round).where(table.c.evening == evening)).first() is not None


def _key_share(vault: UnlockedVault, sealed: bytes | None) -> bytes:
    """Return this person's share of the round under way; the first one's is in the keyring."""
    keys = vault.keys
    return keys.share if sealed is None else SealedBox(share_key_pair(keys.own)).decrypt(sealed)


def _public_box(vault: UnlockedVault) -> bytes:
    """Return the public half to which shares for this person are sealed."""
    return bytes(share_key_pair(vault.keys.own).public_key)


def _wait_for_partner(
    vault: UnlockedVault, terms: RoundTerms, share: bytes, seen: bytes | None
) -> bool:
    """Have a process wait for the other one; if they asked at this moment too, ask them."""
    made = _start_process(vault, terms, share)
    if made is None:
        return False
    process, endpoint = made
    table = schema.asks
    row = schema.asks.insert().values(
        round=terms.number, seat=vault.seat.value, port=endpoint.port, public=endpoint.public
    )
    with vault.writing() as db:
        there = db.execute(select(table)).one_or_none()
        meanwhile = there is not None and there.public != seen
        gone = db.execute(select(schema.ceremony.c.round)).scalar_one() != terms.number
        if not (meanwhile or gone):
            db.execute(delete(table))
            db.execute(row)
    if not (meanwhile or gone):
        return False
    process.kill()
    return request_reveal(vault, terms.evening)


def _start_process(
    vault: UnlockedVault, terms: RoundTerms, share: bytes
) -> tuple[subprocess.Popen[bytes], Endpoint] | None:
    """Start a process that waits; secrets go through its standard input. None: it cannot."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if os.name == "nt"}
    server = os.environ.get(SERVER_PID_VARIABLE, "0")
    given = ProcessInput(
        share,
        _public_box(vault),
        str(vault.folder),
        terms,
        REVEAL_TIMEOUT_S,
        int(server) if server.isdigit() else 0,
    )
    _processes[:] = [each for each in _processes if each.poll() is None]
    try:
        process = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", "workbook.store.ballot_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],  # where -m finds the package
            env=needed,
            start_new_session=True,  # what ends this kernel does not end it
        )
    except OSError:
        return None
    _processes.append(process)
    late = Timer(_START_TIMEOUT_S, process.kill)
    late.start()
    try:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - asked for above
        with process.stdin as given_to, process.stdout as said:
            given_to.write(msgspec.json.encode(given))
            given_to.close()
            return process, msgspec.json.decode(said.readline(), type=Endpoint)
    except (OSError, msgspec.DecodeError):
        process.kill()
        return None
    finally:
        late.cancel()

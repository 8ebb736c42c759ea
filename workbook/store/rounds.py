"""A round of wishes in the vault: its ballots, its key pair, and the moment it is opened."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from workbook.domain.errors import ChangedElsewhere
from workbook.domain.seats import Seat
from workbook.store import records, schema
from workbook.store.ballots import RoundTerms, digest_ballot, make_next_round, match_ballots
from workbook.store.unlocked import UnlockedVault


def new_seed() -> bytes:
    """Return a random seed for what a round asks."""
    return secrets.token_bytes(16)


def select_ballots(db: Connection, evening: str) -> dict[Seat, bytes]:
    """Return the ballots of an evening that lie in the vault, sealed.

    Args:
        db: connection with an open transaction.
        evening: id of the evening.

    """
    table = schema.ballots
    rows = db.execute(select(table).where(table.c.evening == evening))
    return {Seat(row.seat): row.ballot for row in rows}


def open_round(
    vault: UnlockedVault,
    terms: RoundTerms,
    request: bytes,
    *,
    shares: tuple[bytes, bytes],
    boxes: Mapping[Seat, bytes],
) -> None:
    """Open the two ballots that lie in the vault, and write for both people what is on both.

    One transaction: the matches are written, both ballots are deleted and the next round
    begins, or nothing of it. Returns after COMMIT.

    Args:
        vault: the vault; its transactions are used, not its person.
        terms: what the person who asked first knows of the round.
        request: the bytes that identify their request.
        shares: both shares of the round's secret key.
        boxes: public keys to which the next round's shares are sealed.

    Raises:
        ChangedElsewhere: if the request was taken back, the round is another one, a ballot
            is missing, or the first one's is another one than when they asked.
        DamagedVault: if a ballot is not its owner's, or does not open.
        NotSaved: if the disk refused.

    """
    with vault.writing() as db:
        ballots = select_ballots(db, terms.evening)
        first = db.execute(select(schema.asks)).one_or_none()
        now = db.execute(select(schema.ceremony)).one_or_none()
        if not (_is_as_agreed(terms, first, now, request) and _are_committed(terms, ballots)):
            raise ChangedElsewhere
        both = match_ballots(terms, shares, ballots)
        following = make_next_round(boxes)
        for table in (schema.asks, schema.ballots, schema.matches, schema.ceremony):
            db.execute(delete(table))
        found = {"round": terms.number, "evening": terms.evening, "on": terms.on.isoformat()}
        db.execute(insert(schema.matches).values(**found, body=records.encode(both)))
        a, b = following.shares
        new = {"round": terms.number + 1, "public": following.public, "seed": new_seed()}
        db.execute(insert(schema.ceremony).values(**new, share_a=a, share_b=b))
    vault.after_commit(vault.truncate_wal)  # nor do the ballots stay in the WAL


def _is_as_agreed(
    terms: RoundTerms, first: Row[Any] | None, now: Row[Any] | None, request: bytes
) -> bool:
    if first is None or now is None:
        return False
    same_round = (now.round, now.public) == (terms.number, terms.public)
    return same_round and first.public == request


def _are_committed(terms: RoundTerms, ballots: Mapping[Seat, bytes]) -> bool:
    return set(ballots) == set(Seat) and digest_ballot(ballots[terms.seat]) == terms.ballot

"""The consent record: what was agreed, withdrawn and handed in, in the order it happened.

Lines are only added. Each lies under a key of its own, so that erasing one destroys its
key; each is chained to the one before over what is encrypted, so that the chain stays whole
then; and each person signs what they say. All this finds accidents and naive edits. Whoever
has the database key can make another record: it is a memory, and shows nothing to anybody
else (vault.md, section 9).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import dropwhile
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from workbook.domain.consent import AgreementEvent, AgreementKind
from workbook.domain.errors import DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store import records, schema
from workbook.store.seal import KEY_BYTES, UnsealError, pad, seal, signing_key, unpad, unseal
from workbook.store.unlocked import UnlockedVault

BLOCK = 512
"""Bytes of every line, whatever it says."""

JUMP = timedelta(minutes=5)
"""How far a clock may stand behind the record before it is said."""

_OWN = frozenset({AgreementKind.AFFIRMED, AgreementKind.WITHDRAWN})
"""Somebody's own word; the others end a session and carry nobody's name."""


class Handed(StrEnum):
    """What a line about limits says."""

    IN = "handed_in"
    BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says."""

    evening: str
    kind: str
    """One of ``AgreementKind`` or of ``Handed``."""
    seat: Seat | None
    """Whose word it is; None for the end of a session."""
    of: str
    """Hash of the plan, or of the share; empty for one taken back."""
    on: date
    """The evening's local date."""
    at: datetime | None = None
    """UTC. None in lines from before version 2."""
    spoken: bool = False
    """Said aloud beside the partner's page, who signed it."""
    carried: bool = False
    """From before version 2, when nothing was signed."""

    @property
    def agreed(self) -> bool:
        """Whether it is about an agreement, and not about limits."""
        return self.kind in frozenset(AgreementKind)

    @property
    def signer(self) -> Seat | None:
        """Whose signature belongs under it; None under the end of a session."""
        if self.seat is None or self.carried:
            return None
        return self.seat.other if self.spoken else self.seat


@dataclass(frozen=True, slots=True)
class Kept:
    """One line as it lies in the record."""

    seq: int
    line: Line | None
    """None: it was erased."""
    mark: str
    """Start of its link, such as "7f3a 09bc": it hangs on the line and on all before it."""


def append(
    vault: UnlockedVault, evening: str, event: AgreementEvent, *, spoken: bool = False
) -> None:
    """Add one line about an agreement; returns after COMMIT.

    Args:
        vault: who is at the screen, and signs.
        evening: id of the evening.
        event: what was said.
        spoken: the partner's own word, given beside this person at one screen.

    Raises:
        InvalidAnswer: if it speaks for anybody else, or names who ended a session.
        NotSaved: if the disk refused.

    """
    whose = vault.seat.other if spoken else vault.seat
    if event.seat is not (whose if event.kind in _OWN else None):
        raise InvalidAnswer(field="seat")
    said = Line(evening, event.kind, event.seat, event.plan, event.on, spoken=spoken)
    with vault.writing() as db:
        _add(db, vault, said)


def handed(db: Connection, vault: UnlockedVault, evening: str, share: bytes | None) -> None:
    """Add one line about this person's share, within a transaction of the caller's.

    Args:
        db: the transaction that hands the share in, or takes it back.
        vault: whose share.
        evening: id of the evening.
        share: as it is stored; None: taken back. The line holds its hash.

    """
    kind = Handed.BACK if share is None else Handed.IN
    of = "" if share is None else hashlib.blake2b(share, digest_size=KEY_BYTES).hexdigest()
    _add(db, vault, Line(evening, kind, vault.seat, of, vault.now().date()))


def events(vault: UnlockedVault, evening: str) -> tuple[AgreementEvent, ...]:
    """Return what was agreed on an evening by its own sequence, whatever the clock said.

    In the place of a line that was erased since stands a withdrawal by nobody: what a yes
    once followed is not known any more. In the place of one that is not as its speaker
    signed it as well.

    Raises:
        DamagedVault: if a line does not open.

    """
    ours = _CHAIN.c.evening == evening
    with vault.reading() as db:
        rows = db.execute(
            select(_CHAIN).where(or_(ours, _CHAIN.c.key.is_(None))).order_by(_CHAIN.c.seq)
        ).all()
        halves = _halves(db)
    found: list[AgreementEvent] = []
    for row in dropwhile(lambda row: row.evening != evening, rows):
        line = None if row.key is None else _opened(row)
        if line is None or not _whole(row, halves):
            found.append(AgreementEvent(AgreementKind.WITHDRAWN, None, "", vault.now().date()))
        elif line.agreed:
            found.append(AgreementEvent(AgreementKind(line.kind), line.seat, line.of, line.on))
    return tuple(found)


def lines(vault: UnlockedVault, most: int | None = None) -> tuple[Kept, ...]:
    """Return the record, the first line first.

    Args:
        vault: who looks.
        most: only that many of the last lines; left out: all.

    Raises:
        DamagedVault: if a line does not open.

    """
    table = schema.consent
    with vault.reading() as db:
        rows = db.execute(select(table).order_by(table.c.seq.desc()).limit(most)).all()
    return tuple(
        Kept(row.seq, None if row.key is None else _opened(row), _mark(row.link))
        for row in reversed(rows)
    )


def verify(vault: UnlockedVault) -> tuple[int, ...]:
    """Return the numbers of the lines that are not as they were written; empty: all are.

    A line that was erased is as it should be; one that is gone is told by the line after it.
    """
    with vault.reading() as db:
        rows = db.execute(select(_CHAIN).order_by(_CHAIN.c.seq)).all()
        halves = _halves(db)
    return tuple(row.seq for row in rows if not _whole(row, halves))


def head(vault: UnlockedVault) -> str:
    """Return the last link of the chain as hexadecimal digits.

    A record that goes on, was cut short, or made anew, has another one.
    """
    with vault.reading() as db:
        return _last(db)[1].hex()


def clock_behind(vault: UnlockedVault) -> bool:
    """Return whether this computer's clock stands over five minutes before the last line."""
    table = schema.consent
    there = select(table).where(table.c.key.is_not(None)).order_by(table.c.seq.desc()).limit(1)
    with vault.reading() as db:
        row = db.execute(there).one_or_none()
    at = _opened(row).at if row is not None else None
    return at is not None and _utc(vault.now()) < at - JUMP


def erase(db: Connection, seat: Seat) -> None:
    """Destroy the keys of one person's lines, within a transaction of the caller's.

    What is left of them is their place in the chain. The old keys are gone from the file
    only once it is swept: call ``vault.erase_record``.
    """
    table = schema.consent
    gone = dict.fromkeys(("key", "evening", "seat", "signature"))
    db.execute(update(table).where(table.c.seat == seat.value).values(gone))


def forget(db: Connection) -> None:
    """Remove the whole record, within a transaction of the caller's.

    This alone goes past the triggers; it is for erasing what both people share. The chain
    begins anew, and how many lines there were is not kept.
    """
    name = schema.consent.name
    find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    triggers = db.exec_driver_sql(find, (name,)).all()
    for trigger in triggers:
        db.exec_driver_sql(f'DROP TRIGGER "{trigger.name}"')
    db.execute(delete(schema.consent))
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
    for trigger in triggers:
        db.exec_driver_sql(trigger.sql)


_FIRST = bytes(KEY_BYTES)
"""What the first line is chained to."""

_CHAIN = select(
    schema.consent,
    func.lag(schema.consent.c.link, 1, _FIRST).over(order_by=schema.consent.c.seq).label("before"),
    func.count(schema.consent.c.signature)
    .over(order_by=schema.consent.c.seq, rows=(None, -1))
    .label("signed"),
).subquery()
"""The lines, each with the link of the line before, and how many before it are signed."""


def _add(db: Connection, vault: UnlockedVault, said: Line) -> None:
    last, before = _last(db)
    seq = last + 1
    line = replace(said, at=_utc(vault.now()))
    key = secrets.token_bytes(KEY_BYTES)
    box = seal(key, pad(records.encode(line), BLOCK), _purpose(seq))
    link = _link(before, seq, box)
    signature = signing_key(vault.keys.own).sign(link).signature if line.signer else None
    row = {"seq": seq, "evening": line.evening, "seat": line.seat and line.seat.value}
    new = {"key": key, "box": box, "link": link, "signature": signature}
    db.execute(insert(schema.consent).values(**row, **new))


def _halves(db: Connection) -> dict[Seat, bytes | None]:
    """Return with what each person's signature is checked."""
    table = schema.people
    return {
        Seat(row.seat): row.signing for row in db.execute(select(table.c.seat, table.c.signing))
    }


def _whole(row: Row[Any], halves: dict[Seat, bytes | None]) -> bool:
    """Return whether a line of ``_CHAIN`` is as it was written, or as it was erased."""
    if row.link != _link(row.before, row.seq, row.box):
        return False
    return row.key is None or _as_signed(row, halves)


def _as_signed(row: Row[Any], halves: dict[Seat, bytes | None]) -> bool:
    """Return whether a line says what its columns say, under the signature it should have."""
    try:
        line = _opened(row)
    except DamagedVault:
        return False
    if (line.evening, line.seat and line.seat.value) != (row.evening, row.seat):
        return False
    if line.carried and row.signed:
        return False  # nothing unsigned is carried over once somebody has signed
    if line.signer is None:
        return row.signature is None
    half = halves[line.signer]
    try:
        VerifyKey(half or b"").verify(row.link, row.signature or b"")
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def _opened(row: Row[Any]) -> Line:
    try:
        content = unpad(unseal(row.key, row.box, _purpose(row.seq)), BLOCK)
    except UnsealError:
        raise DamagedVault from None
    return records.decode(content, Line)


def _last(db: Connection) -> tuple[int, bytes]:
    """Return number and link of the last line."""
    table = schema.consent
    last = select(table.c.seq, table.c.link).order_by(table.c.seq.desc()).limit(1)
    row = db.execute(last).one_or_none()
    return (0, _FIRST) if row is None else (row.seq, row.link)


def _link(before: bytes, seq: int, box: bytes) -> bytes:
    content = before + seq.to_bytes(8, "big") + hashlib.blake2b(box, digest_size=KEY_BYTES).digest()
    return hashlib.blake2b(content, digest_size=KEY_BYTES).digest()


def _purpose(seq: int) -> str:
    return f"consent|v1|{seq}"


def _mark(link: bytes) -> str:
    return link[:4].hex(" ", 2)


def _utc(local: datetime) -> datetime:
    """Return the instant of a local time: no daylight saving, and no zone, moves it."""
    return local.astimezone(UTC)

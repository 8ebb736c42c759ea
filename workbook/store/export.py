"""One person's own part, in one file under a passphrase of its own; and the way back.

The file is a line of JSON that says how the key follows from the passphrase (Argon2id),
then XChaCha20-Poly1305: 24 bytes of nonce, the content, 16 bytes of tag; the first line is
the associated data. The content is JSON, padded to whole blocks (vault.md, section 13).
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbook.domain.areas import AreaAnswers
from workbook.domain.consent import ConsentAnswers
from workbook.domain.errors import (
    InvalidInput,
    NewerVault,
    NotSaved,
    WorkbookError,
    WrongPassphrase,
)
from workbook.domain.evening import (
    AftercareAnswers,
    IntentionAnswers,
    StillTrue,
    TimeAnswers,
    WishAnswers,
)
from workbook.domain.health import HealthAnswers
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.levels import PressureAnswers
from workbook.domain.products import OilAnswers
from workbook.domain.seats import Person, Seat
from workbook.domain.techniques import Coverage, TechniqueAnswers
from workbook.store import answers, keyring, passphrase, records, seats, thanks
from workbook.store import evening as evenings
from workbook.store.claim import Claim, claim_of, decoded
from workbook.store.keyring import OURS, Cost, Kdf
from workbook.store.lane import Lane
from workbook.store.records import Saved
from workbook.store.seal import Broken, pad, seal, unpad, unseal
from workbook.store.strict import read_json
from workbook.store.thanks import Thanks

FORMAT = "attune-export"
VERSION = 1

MOST = 20_000_000
"""Most bytes of a file; an evening is a few thousand."""

KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(ConsentAnswers, IntentionAnswers, WishAnswers, TimeAnswers, StillTrue),
        *(AreaAnswers, Coverage, HealthAnswers, PressureAnswers, TechniqueAnswers),
        *(OilAnswers, AftercareAnswers, Debrief, NextDay),
    )
}
"""Everything somebody answers in private, by the name of its topic."""

_BLOCK = 4096
_LONGEST_HEAD = 1024
_FILE = "The file"


@dataclass(frozen=True, slots=True)
class Answered:
    """One private answer."""

    topic: str
    """A name in ``KINDS``."""
    evening: str | None
    """Id of the evening; None for a standing answer."""
    at: datetime
    """Local time it was saved."""
    value: Any


@dataclass(frozen=True, slots=True)
class Thanked:
    """A thank-you this person gave."""

    evening: str
    value: Thanks


@dataclass(frozen=True, slots=True)
class Export:
    """What is in the file: one person's own part, nothing of the partner's."""

    format: str
    version: int
    vault: bytes
    seat: Seat
    person: Person
    evenings: Mapping[str, str]
    """Local date by id, of those that have one."""
    answers: tuple[Answered, ...]
    thanks: tuple[Thanked, ...]


@dataclass(frozen=True, slots=True)
class _Head:
    format: str
    version: int
    kdf: Kdf


def gathered(lane: Lane) -> Export:
    """Return all that is this person's own."""
    said = []
    for topic, kind in KINDS.items():
        found: list[tuple[str | None, Saved[Any]]] = [*answers.every(lane, kind).items()]
        if (standing := answers.read(lane, kind)) is not None:
            found.append((None, standing))
        said += [Answered(topic, when, each.at, each.value) for when, each in found]
    known = evenings.every(lane)
    thanked = [
        Thanked(each.id, given[lane.seat].value)
        for each in known
        if lane.seat in (given := thanks.thanks(lane, each.id))
    ]
    return Export(
        FORMAT,
        VERSION,
        keyring.load(lane.folder).best.vault,
        lane.seat,
        seats.mine(lane).value,
        {each.id: each.on.isoformat() for each in known},
        tuple(said),
        tuple(thanked),
    )


def write(lane: Lane, secret: str, target: Path, cost: Cost = OURS) -> Path:
    """Write this person's own part into a new file and return its path.

    Args:
        lane: whose part it is.
        secret: the passphrase of the file.
        target: the new file, or a folder in which it gets a date and random letters for a name.
        cost: of guessing the passphrase.

    Raises:
        WeakPassphrase: if the passphrase is too short; carries ``least``.
        InvalidInput: if there is a file of that name already.
        NotSaved: if the disk refused, or it would be too large to be read again.

    """
    wanted = passphrase.strong(secret)
    if target.is_dir():
        letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))
        target /= f"{lane.now().date().isoformat()}-{letters}.export"
    content = records.encode(gathered(lane))
    kdf = Kdf.new(cost)
    head = msgspec.json.encode(_Head(FORMAT, VERSION, kdf))
    box = seal(kdf.key(wanted), pad(content, _BLOCK), head.decode())
    if len(head) + 1 + len(box) > MOST:
        raise NotSaved
    try:
        keyring.write_file(target, head + b"\n" + box)
        keyring.sync_folder(target.absolute().parent)
    except FileExistsError:
        raise InvalidInput(field=str(target), why="it is there already, and stays") from None
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    return target


def is_one(body: bytes) -> bool:
    """Return whether this claims to be an export, of whatever version."""
    claim = claim_of(body[:_LONGEST_HEAD].partition(b"\n")[0])
    return claim is not None and claim.format == FORMAT


def read(lane: Lane, body: bytes, secret: str) -> Export:
    """Return what is in an export of this person's, every value of it checked.

    Args:
        lane: who reads it.
        body: the file.
        secret: its passphrase.

    Raises:
        InvalidInput: if it is damaged, not an export, or another person's or couple's.
        NewerVault: if a newer program wrote it.
        WrongPassphrase: if the passphrase is another one, or a bit of the file is.

    """
    if len(body) > MOST:
        raise InvalidInput(field=_FILE, why=f"it has more than {MOST:,} bytes")
    line, _, box = body.partition(b"\n")
    head = decoded(line[:_LONGEST_HEAD], _Head, Claim(FORMAT, VERSION))
    if head is None or not head.kdf.bearable:
        raise InvalidInput(field=_FILE, why="it is no export of this book")
    key = head.kdf.key(passphrase.normal(secret))
    try:
        content = unpad(unseal(key, box, line.decode()), _BLOCK)
    except Broken:
        raise WrongPassphrase from None
    found = checked(read_json(content, _FILE))
    if found.vault != keyring.load(lane.folder).best.vault:
        raise InvalidInput(field=_FILE, why="it belongs to another book")
    if found.seat is not lane.seat:
        raise InvalidInput(field=_FILE, why="it belongs to the other person")
    return found


def checked(raw: Any) -> Export:
    """Return an export as values, if every field of it is known, in place and in range.

    Raises:
        InvalidInput: if one is not; it names no answer.
        NewerVault: if a newer program wrote it.

    """
    if isinstance(raw, dict) and isinstance(raw.get("version"), int) and raw["version"] > VERSION:
        raise NewerVault
    try:
        found = msgspec.convert(raw, Export, str_keys=True)
        made = replace(found, answers=tuple(map(_typed, found.answers)))
    except (msgspec.ValidationError, WorkbookError, KeyError, OverflowError):
        raise _not_ours() from None
    names = {(each.topic, each.evening) for each in made.answers}
    plain = msgspec.to_builtins(made, str_keys=True, order="deterministic")
    if (made.format, made.version) != (FORMAT, VERSION) or len(names) != len(made.answers):
        raise _not_ours()
    if not _known(raw, plain):
        raise _not_ours()
    return made


def _not_ours() -> InvalidInput:
    return InvalidInput(field=_FILE, why="something in it is not as the book wrote it")


def _typed(said: Answered) -> Answered:
    value: Any = msgspec.convert(said.value, KINDS[said.topic], str_keys=True)
    return replace(said, value=value)


def _known(raw: Any, made: Any) -> bool:
    """Return whether nothing in ``raw`` means nothing: no unknown field, no choice twice."""
    if isinstance(raw, dict):
        return isinstance(made, dict) and all(
            key in made and _known(value, made[key]) for key, value in raw.items()
        )
    if isinstance(raw, list):
        pairs = zip(raw, made, strict=False)
        return len(raw) == len(made) and all(_known(*pair) for pair in pairs)
    return True


def bring_in(lane: Lane, found: Export) -> tuple[int, int]:
    """Put the answers of an export in place of those there are, all of them or none.

    Answers that the export does not have stay. Returns after COMMIT, with how many were
    brought in, and how many were left out since their evening is no longer in the book.

    Raises:
        NotSaved: if the disk refused; nothing of it was kept.

    """
    known = {None, *evenings.names(lane)}
    wanted = [(each.evening, each.value) for each in found.answers if each.evening in known]
    answers.replace_all(lane, wanted)
    return len(wanted), len(found.answers) - len(wanted)

"""One person's own part, in one file under a passphrase of its own; and the way back.

The file is a line of JSON that says how the key follows from the passphrase (Argon2id),
then XChaCha20-Poly1305: 24 bytes of nonce, the content, 16 bytes of tag; the first line is
the associated data. The content is JSON, padded to whole blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from workbook.domain.errors import (
    InvalidInput,
    NewerVault,
    NotSaved,
    WorkbookError,
    WrongPassphrase,
)
from workbook.domain.learning import PastEvenings
from workbook.domain.seats import Person, Seat
from workbook.store import answers, durable, evenings, keyring, passphrase, people, records, thanks
from workbook.store.file_header import FileHeader, decode_file, read_header
from workbook.store.folder import new_dated_name
from workbook.store.keyring import DEFAULT_COST, Cost, Kdf
from workbook.store.records import Saved
from workbook.store.seal import UnsealError, pad, seal, unpad, unseal
from workbook.store.strict import read_json
from workbook.store.thanks import Thanks
from workbook.store.unlocked import UnlockedVault

EXPORT_FORMAT = "attune-export"
EXPORT_VERSION = 1

MAX_EXPORT_BYTES = 20_000_000
"""Most bytes of a file; an evening is a few thousand."""

ANSWER_TYPES: Mapping[str, type[Any]] = {
    name: kind for name, kind in answers.PRIVATE_TYPES.items() if kind is not PastEvenings
}
"""Everything somebody answers in private, by the name of its topic. What past evenings left
follows from these answers, and is made anew."""

_BLOCK_BYTES = 4096
_MAX_HEAD_BYTES = 1024
_FIELD = "The file"


@dataclass(frozen=True, slots=True)
class ExportedAnswer:
    """One private answer."""

    topic: str
    """A name in ``ANSWER_TYPES``."""
    evening: str | None
    """Id of the evening; None for a standing answer."""
    at: datetime
    """Local time it was saved."""
    value: Any


@dataclass(frozen=True, slots=True)
class ExportedThanks:
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
    answers: tuple[ExportedAnswer, ...]
    thanks: tuple[ExportedThanks, ...]


@dataclass(frozen=True, slots=True)
class _ExportHead:
    format: str
    version: int
    kdf: Kdf


def gather(vault: UnlockedVault) -> Export:
    """Return all that is this person's own."""
    said = []
    for topic, kind in ANSWER_TYPES.items():
        found: list[tuple[str | None, Saved[Any]]] = [
            *answers.read_all_answers(vault, kind).items()
        ]
        if (standing := answers.read_answer(vault, kind)) is not None:
            found.append((None, standing))
        said += [ExportedAnswer(topic, when, each.at, each.value) for when, each in found]
    known = evenings.list_evenings(vault)
    thanked = [
        ExportedThanks(each.id, given[vault.seat].value)
        for each in known
        if vault.seat in (given := thanks.read_thanks(vault, each.id))
    ]
    return Export(
        EXPORT_FORMAT,
        EXPORT_VERSION,
        keyring.load_keyring(vault.folder).best.vault,
        vault.seat,
        people.read_own_person(vault).value,
        {each.id: each.on.isoformat() for each in known},
        tuple(said),
        tuple(thanked),
    )


def write_export(
    vault: UnlockedVault, secret: str, target: Path, cost: Cost = DEFAULT_COST
) -> Path:
    """Write this person's own part into a new file and return its path.

    Args:
        vault: whose part it is.
        secret: the passphrase of the file.
        target: the new file, or a folder in which it gets a date and random letters for a name.
        cost: of guessing the passphrase.

    Raises:
        WeakPassphrase: if the passphrase is too short; carries ``least``.
        InvalidInput: if there is a file of that name already.
        NotSaved: if the disk refused, or it would be too large to be read again.

    """
    wanted = passphrase.validate_new(secret)
    if target.is_dir():
        target /= f"{new_dated_name(vault.now())}.export"
    content = records.to_json(gather(vault))
    kdf = Kdf.new(cost)
    head = msgspec.json.encode(_ExportHead(EXPORT_FORMAT, EXPORT_VERSION, kdf))
    box = seal(kdf.key(wanted), pad(content, _BLOCK_BYTES), head.decode())
    if len(head) + 1 + len(box) > MAX_EXPORT_BYTES:
        raise NotSaved
    try:
        durable.write_file(target, head + b"\n" + box)
        durable.sync_folder(target.absolute().parent)
    except FileExistsError:
        raise InvalidInput(field=str(target), why="it is there already, and stays") from None
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    return target


def is_export(body: bytes) -> bool:
    """Return whether this claims to be an export, of whatever version.

    Args:
        body: the file, or at least its first line.

    """
    claim = read_header(body[:_MAX_HEAD_BYTES].partition(b"\n")[0])
    return claim is not None and claim.format == EXPORT_FORMAT


def read_export(vault: UnlockedVault, body: bytes, secret: str) -> Export:
    """Return what is in an export of this person's, every value of it checked.

    Args:
        vault: who reads it.
        body: the file.
        secret: its passphrase.

    Raises:
        InvalidInput: if it is damaged, not an export, or another person's or couple's.
        NewerVault: if a newer program wrote it.
        WrongPassphrase: if the passphrase is another one, or a bit of the file is.

    """
    if len(body) > MAX_EXPORT_BYTES:
        raise InvalidInput(field=_FIELD, why=f"it has more than {MAX_EXPORT_BYTES:,} bytes")
    line, _, box = body.partition(b"\n")
    head = decode_file(
        line[:_MAX_HEAD_BYTES], _ExportHead, FileHeader(EXPORT_FORMAT, EXPORT_VERSION)
    )
    if head is None or not head.kdf.within_limits:
        raise InvalidInput(field=_FIELD, why="it is no export of this book")
    content = _open_content(head.kdf, box, line.decode(), secret)
    found = validate(read_json(content, _FIELD))
    if found.vault != keyring.load_keyring(vault.folder).best.vault:
        raise InvalidInput(field=_FIELD, why="it belongs to another book")
    if found.seat is not vault.seat:
        raise InvalidInput(field=_FIELD, why="it belongs to the other person")
    return found


def _open_content(kdf: Kdf, box: bytes, associated_data: str, secret: str) -> bytes:
    for spelling in passphrase.list_spellings(secret):
        with suppress(UnsealError):
            return unpad(unseal(kdf.key(spelling), box, associated_data), _BLOCK_BYTES)
    raise WrongPassphrase


def validate(raw: Any) -> Export:
    """Return an export as values, if every field of it is known, in place and in range.

    Args:
        raw: an export as decoded JSON.

    Raises:
        InvalidInput: if one is not; it names no answer.
        NewerVault: if a newer program wrote it.

    """
    if (
        isinstance(raw, dict)
        and isinstance(raw.get("version"), int)
        and raw["version"] > EXPORT_VERSION
    ):
        raise NewerVault
    try:
        found = msgspec.convert(raw, Export, str_keys=True)
        made = replace(found, answers=tuple(map(_convert_answer, found.answers)))
    except (msgspec.ValidationError, WorkbookError, KeyError, OverflowError):
        raise _invalid() from None
    names = {(each.topic, each.evening) for each in made.answers}
    plain = msgspec.to_builtins(made, str_keys=True, order="deterministic")
    if (made.format, made.version) != (EXPORT_FORMAT, EXPORT_VERSION) or len(names) != len(
        made.answers
    ):
        raise _invalid()
    if not _all_fields_known(raw, plain):
        raise _invalid()
    return made


def _invalid() -> InvalidInput:
    return InvalidInput(field=_FIELD, why="something in it is not as the book wrote it")


def _convert_answer(said: ExportedAnswer) -> ExportedAnswer:
    value: Any = msgspec.convert(said.value, ANSWER_TYPES[said.topic], str_keys=True)
    return replace(said, value=value)


def _all_fields_known(raw: Any, made: Any) -> bool:
    """Return whether nothing in ``raw`` means nothing: no unknown field, no choice twice."""
    if isinstance(raw, dict):
        return isinstance(made, dict) and all(
            key in made and _all_fields_known(value, made[key]) for key, value in raw.items()
        )
    if isinstance(raw, list):
        pairs = zip(raw, made, strict=False)
        return len(raw) == len(made) and all(_all_fields_known(*pair) for pair in pairs)
    return True


def import_answers(vault: UnlockedVault, found: Export) -> tuple[int, int]:
    """Put the answers of an export in place of those there are, all of them or none.

    Answers that the export does not have stay. An answer is left out if its
    evening is no longer in the book. Returns after COMMIT.

    Args:
        vault: whose answers are replaced.
        found: a checked export of the same person.

    Returns:
        How many answers were saved, and how many left out.

    Raises:
        NotSaved: if the disk refused; nothing of it was kept.

    """
    known = {None, *evenings.list_evening_ids(vault)}
    wanted = [(each.evening, each.value) for each in found.answers if each.evening in known]
    answers.replace_answers(vault, wanted)
    return len(wanted), len(found.answers) - len(wanted)

"""``keyring.json`` and its copy: which secret opens which person's keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec
from nacl.exceptions import RuntimeError as NaClRuntimeError
from nacl.pwhash import argon2id

from workbook.domain.errors import (
    DamagedKeyring,
    NotSaved,
    TooLittleMemory,
    WrongPassphrase,
)
from workbook.domain.seats import Seat
from workbook.store import durable, passphrase
from workbook.store.file_header import FileHeader, decode_file
from workbook.store.seal import KEY_BYTES, NONCE_BYTES, TAG_BYTES, UnsealError, seal, unseal

MAIN_FILE = "keyring.json"
COPY_FILE = "keyring.json.bak"
UNFINISHED = f"{MAIN_FILE}*.new"
"""Glob pattern of what a write that was cut short has left."""
KEYRING_FORMAT = "attune-keyring"
KEYRING_VERSION = 1

_CONTENT_BYTES = 3 * KEY_BYTES
_BOX_BYTES = NONCE_BYTES + _CONTENT_BYTES + TAG_BYTES
_MAX_FILE_BYTES = 65536

SlotPerson = Literal["a", "b"]
SlotKind = Literal["passphrase", "recovery"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs. Lower than this only where a test says so itself."""

    ops: int = 3
    mem: int = 256 * 1024 * 1024
    """Bytes."""


DEFAULT_COST = Cost()
"""Half a second and 256 MiB: what a guess costs."""

MAX_COST = Cost(ops=10, mem=1024 * 1024 * 1024)
"""A file that asks for more is damaged or hostile; it is not even tried."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a slot holds."""

    database: bytes
    own: bytes
    """Opens this person's private answers."""
    share: bytes
    """This person's half of the ceremony's secret key."""

    @classmethod
    def of(cls, content: bytes) -> Keys:
        """Return the keys that ``content`` joins."""
        return cls(
            content[:KEY_BYTES], content[KEY_BYTES : 2 * KEY_BYTES], content[2 * KEY_BYTES :]
        )

    @property
    def content(self) -> bytes:
        """All three, one after the other."""
        return self.database + self.own + self.share


@dataclass(frozen=True, slots=True)
class Kdf:
    """How the key of a slot follows from the secret."""

    name: Literal["argon2id"]
    ops: int
    mem: int
    salt: bytes

    @classmethod
    def new(cls, cost: Cost) -> Kdf:
        """Return one with a salt of its own."""
        return cls("argon2id", cost.ops, cost.mem, secrets.token_bytes(argon2id.SALTBYTES))

    @property
    def within_limits(self) -> bool:
        """Whether it asks for no more than ``MAX_COST``, and can be carried out at all."""
        return (
            argon2id.OPSLIMIT_MIN <= self.ops <= MAX_COST.ops
            and argon2id.MEMLIMIT_MIN <= self.mem <= MAX_COST.mem
            and len(self.salt) == argon2id.SALTBYTES
        )

    def key(self, secret: bytes) -> bytes:
        """Return the key; takes the time and memory it says.

        Raises:
            TooLittleMemory: if that memory cannot be had.

        """
        try:
            return argon2id.kdf(KEY_BYTES, secret, self.salt, opslimit=self.ops, memlimit=self.mem)
        except (MemoryError, NaClRuntimeError):  # libsodium fails for no other reason
            raise TooLittleMemory from None


@dataclass(frozen=True, slots=True)
class Slot:
    """One person's keys under one secret."""

    person: SlotPerson
    kind: SlotKind
    kdf: Kdf
    box: bytes

    @property
    def seat(self) -> Seat:
        """Whose slot it is."""
        return Seat(self.person.upper())


@dataclass(frozen=True, slots=True)
class Keyring:
    """The whole file. No names and no times."""

    format: str
    version: int
    vault: bytes
    """16 random bytes, in every slot's associated data."""
    slots: tuple[Slot, ...]

    def slot(self, seat: Seat, kind: SlotKind) -> Slot | None:
        """Return the slot of this person and kind."""
        return next((s for s in self.slots if (s.seat, s.kind) == (seat, kind)), None)

    def of(self, seat: Seat) -> Keyring:
        """Return the keyring with one person's slots alone."""
        return replace(self, slots=tuple(s for s in self.slots if s.seat is seat))

    def with_slot(self, new: Slot) -> Keyring:
        """Return the keyring with ``new`` in place of the slot of that person and kind."""
        others = [s for s in self.slots if (s.person, s.kind) != (new.person, new.kind)]
        return replace(self, slots=tuple(sorted((*others, new), key=_slot_key)))


@dataclass(frozen=True, slots=True, repr=False)
class OpenedSlot:
    """A slot that a secret has opened, and the key it was opened with."""

    slot: Slot
    keys: Keys
    wrapping: bytes


@dataclass(frozen=True, slots=True)
class KeyringCopies:
    """Both files as they were found; None where one is missing or damaged."""

    main: Keyring | None
    copy: Keyring | None

    @property
    def best(self) -> Keyring:
        """The one to go by."""
        found = self.main or self.copy
        if found is None:
            raise DamagedKeyring
        return found

    def of(self, seat: Seat) -> KeyringCopies:
        """Return the same with one person's slots alone."""
        return KeyringCopies(*(found and found.of(seat) for found in (self.main, self.copy)))


def _slot_key(slot: Slot) -> tuple[str, str]:
    return slot.person, slot.kind


def _associated_data(vault: bytes, person: str, kind: str) -> str:
    return f"slot|v1|{vault.hex()}|{person}|{kind}"


def wrap_keys(
    vault: bytes, seat: Seat, kind: SlotKind, secret: bytes, *, keys: Keys, cost: Cost
) -> OpenedSlot:
    """Return a new slot in which ``secret`` encrypts the keys.

    Args:
        vault: the vault's id, 16 bytes.
        seat: whose slot it is.
        kind: passphrase or recovery code.
        secret: bytes of the passphrase or code.
        keys: what the slot holds.
        cost: memory and passes of the key derivation.

    Returns:
        The slot, together with its keys.

    """
    kdf = Kdf.new(cost)
    person: SlotPerson = "a" if seat is Seat.A else "b"
    wrapping = kdf.key(secret)
    box = seal(wrapping, keys.content, _associated_data(vault, person, kind))
    return OpenedSlot(Slot(person, kind, kdf, box), keys, wrapping)


def load_keyring(folder: Path) -> KeyringCopies:
    """Return both copies of the keyring; reads, never writes.

    Raises:
        DamagedKeyring: if neither can be read.
        NewerVault: if a newer program wrote it.

    """
    copies = KeyringCopies(read_keyring(folder / MAIN_FILE), read_keyring(folder / COPY_FILE))
    copies.best  # noqa: B018 - raises where there is none
    return copies


def read_keyring(path: Path) -> Keyring | None:
    """Return the keyring in one file; None if there is none, or it cannot be read.

    Raises:
        NewerVault: if a newer program wrote it.

    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError:
        return None
    if len(content) > _MAX_FILE_BYTES:
        return None
    found = decode_file(content, Keyring, FileHeader(KEYRING_FORMAT, KEYRING_VERSION))
    return found if found and is_valid(found) else None


def is_valid(ring: Keyring) -> bool:
    """Return whether everything in it is as it must be, limits of the KDF included."""
    return (
        (ring.format, ring.version, len(ring.vault)) == (KEYRING_FORMAT, KEYRING_VERSION, 16)
        and bool(ring.slots)
        and len({_slot_key(slot) for slot in ring.slots}) == len(ring.slots)
        and all(_slot_is_valid(slot) for slot in ring.slots)
    )


def _slot_is_valid(slot: Slot) -> bool:
    return slot.kdf.within_limits and len(slot.box) == _BOX_BYTES


def open_slot(copies: KeyringCopies, secret: str) -> OpenedSlot:
    """Return the slot that a passphrase or a recovery code of either person opens.

    Every wrong secret of a kind takes the same time: each slot of that kind is tried, twice
    where what was typed has signs that nobody sees.

    Args:
        copies: both copies of the keyring.
        secret: as typed.

    Raises:
        WrongPassphrase: if none opens; it names no person.

    """
    for keyring, slot, wanted in _candidates(copies, secret):
        opened = _unwrap(keyring.vault, slot, slot.kdf.key(wanted))
        if opened is not None:
            return opened
    raise WrongPassphrase


def _candidates(copies: KeyringCopies, secret: str) -> Iterator[tuple[Keyring, Slot, bytes]]:
    """Yield what to try; slots of the copy only where they differ, as after a flipped bit."""
    code = passphrase.parse_recovery_code(secret)
    wanted: list[tuple[SlotKind, bytes]] = [
        ("passphrase", spelling) for spelling in passphrase.list_spellings(secret)
    ]
    if code is not None:
        wanted.insert(0, ("recovery", code))
    for kind, content in wanted:
        seen: list[Slot] = []
        for keyring in (copies.main, copies.copy):
            for slot in keyring.slots if keyring else ():
                if keyring and slot.kind == kind and slot not in seen:
                    seen.append(slot)
                    yield keyring, slot, content


def secret_opens(vault: bytes, slot: Slot, secret: bytes) -> bool:
    """Return whether ``secret`` opens ``slot``; the keys are not kept.

    Args:
        vault: the vault's id, 16 bytes.
        slot: the slot to try; takes the time that its key derivation costs.
        secret: bytes of the passphrase or code.

    """
    return _unwrap(vault, slot, slot.kdf.key(secret)) is not None


def _unwrap(vault: bytes, slot: Slot, wrapping: bytes) -> OpenedSlot | None:
    try:
        content = unseal(wrapping, slot.box, _associated_data(vault, slot.person, slot.kind))
    except UnsealError:
        return None
    return OpenedSlot(slot, Keys.of(content), wrapping)


def repair_copies(folder: Path, copies: KeyringCopies, opened: OpenedSlot) -> None:
    """Make both files whole again after ``opened`` has proved which slot is right.

    A missing or damaged file is written anew from the other. Where both can be read and
    differ, only the slot that opened is carried over: the partner's is theirs to prove.

    Args:
        folder: the vault's folder.
        copies: both files as read.
        opened: the slot that a secret has opened.

    Raises:
        NotSaved: if the disk refused; the old files stand.

    """
    main, copy = copies.main, copies.copy
    if main == copy:
        return
    if main is None or copy is None or main.vault != copy.vault:
        found = next((k for k in (main, copy) if k and opened.slot in k.slots), None)
        if found:
            save_keyring(folder, found, [opened])
        return
    both = ((MAIN_FILE, main), (COPY_FILE, copy))
    known = any(opened.slot in keyring.slots for _, keyring in both)  # not changed meanwhile
    for name, keyring in both:
        if known and opened.slot not in keyring.slots:
            _replace_files(folder, {name: keyring.with_slot(opened.slot)}, [opened])


def save_keyring(folder: Path, keyring: Keyring, proved: Iterable[OpenedSlot]) -> None:
    """Write both files: each is old or new, never between, and proved before it counts.

    Args:
        folder: the vault's folder.
        keyring: the new content.
        proved: the slots that are new; each must open again from what is on the disk.

    Raises:
        NotSaved: if the disk refused; the old files stand.

    """
    _replace_files(folder, {MAIN_FILE: keyring, COPY_FILE: keyring}, proved)


def save_copies(folder: Path, main: Keyring, copy: Keyring) -> None:
    """Write two that differ, as after a restore; each slot is there for its owner to prove.

    Args:
        folder: the vault's folder.
        main: content of the first file.
        copy: content of the second file.

    Raises:
        NotSaved: if the disk refused; the old files stand.

    """
    _replace_files(folder, {MAIN_FILE: main, COPY_FILE: copy}, ())


def _replace_files(folder: Path, files: dict[str, Keyring], proved: Iterable[OpenedSlot]) -> None:
    written: list[tuple[Path, Path]] = []
    try:
        _remove_unfinished(folder)
        for name, keyring in files.items():
            new = folder / f"{name}.{secrets.token_hex(4)}.new"
            written.append((new, folder / name))
            durable.write_file(new, msgspec.json.format(msgspec.json.encode(keyring), indent=1))
            _verify_written(new, keyring, proved)
        (new, target), *others = written
        new.replace(target)
        # As long as this may fail, the other file still has the old content.
        durable.sync_folder(folder)
        for new, target in others:
            new.replace(target)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    finally:
        with suppress(OSError):
            _remove_unfinished(folder)
    with suppress(OSError):
        durable.sync_folder(folder)  # a second file that is old again after a power cut heals


def _remove_unfinished(folder: Path) -> None:
    """Remove what a write that was cut short has left; only one writes at a time."""
    for path in folder.glob(UNFINISHED):
        path.unlink(missing_ok=True)


def _verify_written(path: Path, keyring: Keyring, proved: Iterable[OpenedSlot]) -> None:
    if read_keyring(path) != keyring:
        raise NotSaved
    for opened in proved:
        if opened.slot not in keyring.slots or not opens_again(keyring.vault, opened):
            raise NotSaved


def opens_again(vault: bytes, opened: OpenedSlot) -> bool:
    """Return whether the slot gives back the keys that it should hold.

    Args:
        vault: the vault's id, 16 bytes.
        opened: the slot, its keys, and the key it was made with.

    """
    again = _unwrap(vault, opened.slot, opened.wrapping)
    return again is not None and again.keys == opened.keys


def destroy_keyrings(folder: Path) -> None:
    """Overwrite both files where they lie, so that no secret opens anything any more."""
    for path in (folder / MAIN_FILE, folder / COPY_FILE, *folder.glob(UNFINISHED)):
        if path.is_file() and not path.is_symlink():
            durable.overwrite_file(path, path.stat().st_size)

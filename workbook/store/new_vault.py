"""A vault that is being set up: two people are added one after the other, then it is written."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nacl.public import PrivateKey
from sqlalchemy import insert

from workbook.domain.errors import InvalidInput, NotSaved
from workbook.domain.seats import People, Person, Seat, check_name, check_names
from workbook.store import answers, durable, keyring, passphrase, rounds, schema
from workbook.store.connection import (
    DATABASE_FILE,
    MIN_READER_VERSION,
    checkpoint,
    connect,
    make_engines,
)
from workbook.store.folder import KEYRING_FILES, remove_files
from workbook.store.keyring import DEFAULT_COST, Cost, Keyring, Keys, OpenedSlot, Slot
from workbook.store.records import encode, format_time
from workbook.store.seal import KEY_BYTES, join_shares, share_key_pair, signing_key
from workbook.store.unlocked import Clock, local_time

UNFINISHED_FILE = "vault.db.new"
"""The file while it is being set up; beside it a keyring means nothing yet."""

_UNFINISHED_FILES = (
    *KEYRING_FILES,
    f"{UNFINISHED_FILE}*",
    f"{DATABASE_FILE}-wal",
    f"{DATABASE_FILE}-shm",
)


def unconfirmed_key(seat: Seat) -> str:
    """Return the name of the row of ``meta`` that is there until a recovery code is confirmed."""
    return f"unconfirmed_code_{seat.value.lower()}"


@dataclass(frozen=True, slots=True, repr=False)
class _AddedPerson:
    """What is kept of a person until the vault is written: nothing that opens their answers."""

    person: Person
    slots: tuple[Slot, ...]
    halves: Mapping[str, bytes]
    """Public halves of their two key pairs, by column."""
    rows: tuple[Mapping[str, object], ...]
    """Their first private answers, sealed."""


class NewVault:
    """A vault that two people set up one after the other; nothing is on the disk before.

    When a person was added, their passphrase, their recovery code and their keys are dropped:
    what stays are their slots, which only their passphrase or code opens. So who has the
    screen next finds nothing of them in this process. The keys of the person added last stay
    until the vault is written and opened for them.

    Args:
        cost: of the key derivation of all four slots.
        clock: returns the local time.

    """

    def __init__(self, cost: Cost = DEFAULT_COST, clock: Clock = local_time) -> None:
        self.clock = clock
        self._cost = cost
        self._id = secrets.token_bytes(16)
        self._database = secrets.token_bytes(KEY_BYTES)
        halves = {seat: secrets.token_bytes(KEY_BYTES) for seat in Seat}
        ceremony = PrivateKey(join_shares(halves[Seat.A], halves[Seat.B]))
        self._ceremony = bytes(ceremony.public_key)
        self._keys = {
            seat: Keys(self._database, secrets.token_bytes(KEY_BYTES), halves[seat])
            for seat in Seat
        }
        self._added: dict[Seat, _AddedPerson] = {}
        self._unconfirmed = set(Seat)
        self._last: OpenedSlot | None = None

    def __repr__(self) -> str:
        return f"NewVault({len(self._added)} of {len(Seat)})"  # no keys, no names

    def add_person(self, person: Person, secret: str, private: Iterable[object] = ()) -> str:
        """Take over one person; return their recovery code, to be shown once.

        Takes twice what one passphrase takes, for the second person three times.

        Args:
            person: their seat, name and mark. The first person is added once, the second
                as often as needed until the vault is written.
            secret: their passphrase, as typed.
            private: their first standing answers, one of a kind.

        Raises:
            WeakPassphrase: if the passphrase is too short; carries ``least``.
            InvalidInput: if it opens the partner's keys; ``field`` is "passphrase", ``why``
                "same".
            InvalidAnswer: if the partner has that colour or shape, or nobody can see the name.
            SameName: if the partner has that name.

        """
        seat, typed = person.seat, passphrase.validate_new(secret)
        other = self._added.get(seat.other)
        check_name(person.name)
        if other:
            People(*sorted((person, other.person), key=lambda each: each.seat))
            check_names(person.name, other.person.name)
            theirs = next(slot for slot in other.slots if slot.kind == "passphrase")
            if keyring.secret_opens(self._id, theirs, typed):
                raise InvalidInput(field="passphrase", why="same")
        code = passphrase.new_recovery_code()
        parsed = passphrase.parse_recovery_code(code)
        assert parsed is not None  # noqa: S101 - we made it above
        keys = self._keys[seat]
        made = [
            keyring.wrap_keys(self._id, seat, "passphrase", typed, keys=keys, cost=self._cost),
            keyring.wrap_keys(self._id, seat, "recovery", parsed, keys=keys, cost=self._cost),
        ]
        if not all(keyring.opens_again(self._id, opened) for opened in made):
            raise NotSaved
        at = self.clock()
        self._added[seat] = _AddedPerson(
            person,
            tuple(opened.slot for opened in made),
            {
                "box": bytes(share_key_pair(keys.own).public_key),
                "signing": bytes(signing_key(keys.own).verify_key),
            },
            tuple(
                answers.seal_answer(keys.own, seat, value, at, evening=None, version=1)
                for value in private
            ),
        )
        if other:
            self._last = made[0]
        else:
            del self._keys[seat]
        return code

    def confirm_code(self, seat: Seat) -> None:
        """Note that this person has typed back a part of their recovery code."""
        self._unconfirmed.discard(seat)

    def write_files(self, folder: Path) -> OpenedSlot:
        """Write the vault whole or not at all; return the slot of the person added last.

        Args:
            folder: an existing folder without a vault, which the caller has locked.

        Raises:
            NotSaved: if the disk refused; nothing is left of it.

        """
        assert self._last is not None  # noqa: S101 - both people were added
        slots = tuple(slot for seat in Seat for slot in self._added[seat].slots)
        ring = Keyring(keyring.KEYRING_FORMAT, keyring.KEYRING_VERSION, self._id, slots)
        try:
            remove_files(folder, _UNFINISHED_FILES)
            durable.write_file(folder / UNFINISHED_FILE, b"")
            self._write_tables(folder / UNFINISHED_FILE)
            keyring.save_keyring(folder, ring, [self._last])
            (folder / UNFINISHED_FILE).replace(folder / DATABASE_FILE)
            durable.sync_folder(folder)
        except OSError as error:
            remove_files(folder)
            raise NotSaved(errno=error.errno) from None
        except BaseException:
            remove_files(folder)
            raise
        return self._last

    def _write_tables(self, path: Path) -> None:
        from workbook.store.migrations import migrate  # noqa: PLC0415 - Alembic, seldom needed

        _, writer = make_engines(path, self._database, create=True)
        migrate(writer)
        meta = {"vault": self._id.hex(), "min_reader_version": str(MIN_READER_VERSION)}
        meta |= {unconfirmed_key(seat): "1" for seat in sorted(self._unconfirmed)}
        meta |= {answers.renewed_key(seat): "1" for seat in Seat}
        at = format_time(self.clock())
        with writer.begin() as db:
            db.execute(insert(schema.meta), [{"name": n, "value": v} for n, v in meta.items()])
            new = {"round": 1, "public": self._ceremony, "seed": rounds.new_seed()}
            db.execute(insert(schema.ceremony).values(new))
            for seat in Seat:
                added = self._added[seat]
                row = {"seat": seat.value, "version": 1, "at": at, "body": encode(added.person)}
                db.execute(insert(schema.people).values(**row, **added.halves))
                for sealed in added.rows:
                    db.execute(insert(schema.answers).values(**sealed))
        writer.dispose()
        con = connect(path, self._database)
        try:
            checkpoint(con)
        finally:
            con.close()

"""The vault as a whole: set up, unlock, change a passphrase, erase."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from nacl.public import PrivateKey
from sqlalchemy import Engine, delete, insert
from sqlcipher3 import dbapi2

from workbook.domain.errors import (
    DamagedVault,
    InvalidInput,
    NotSaved,
    NoVault,
    VaultError,
    VaultExists,
    WrongPassphrase,
)
from workbook.domain.seats import People, Seat
from workbook.store import backup, consent, keyring, passphrase, schema, seats, wishes
from workbook.store import evening as evenings
from workbook.store.connection import (
    FILE,
    LEAST_READER,
    VERSION,
    checkpoint,
    connect,
    engine,
    told,
    whole,
)
from workbook.store.folder import alone
from workbook.store.keyring import OURS, Cost, Keyring, Keys, Kind, Opened
from workbook.store.lane import Clock, Lane, local_time
from workbook.store.passphrase import Throttle
from workbook.store.records import encode, stamp
from workbook.store.seal import KEY, joined, share_box, signing

_UNFINISHED = "vault.db.new"
"""The file while it is being set up; beside it a keyring means nothing yet."""

_OURS = (f"{keyring.MAIN}*", f"{FILE}*")
_LEFTOVERS = (f"{keyring.MAIN}*", f"{_UNFINISHED}*", f"{FILE}-wal", f"{FILE}-shm")


def exists(folder: Path) -> bool:
    """Return whether there is a vault here, whole or damaged. A set-up cut short is none."""
    if (folder / FILE).exists():
        return True
    keyrings = (folder / keyring.MAIN).exists() or (folder / keyring.COPY).exists()
    return keyrings and not (folder / _UNFINISHED).exists()


def create(
    folder: Path,
    people: People,
    passphrases: Mapping[Seat, str],
    cost: Cost = OURS,
    clock: Clock = local_time,
) -> Mapping[Seat, str]:
    """Set up a vault for two people; return each person's recovery code, to be shown once.

    Whole or not at all: only the last step, a rename, makes it a vault. Takes four times
    what one passphrase takes, about two seconds.

    Raises:
        VaultExists: if there is one.
        WeakPassphrase: if a passphrase is too short; carries ``least``.
        InvalidInput: if both chose the same one; ``field`` is "passphrase", ``why`` "same".
        NotSaved: if the disk refused; nothing is left of it.

    """
    folder = folder.absolute()
    if exists(folder):
        raise VaultExists
    typed = {seat: passphrase.strong(passphrases[seat]) for seat in Seat}
    if typed[Seat.A] == typed[Seat.B]:
        raise InvalidInput(field="passphrase", why="same")
    codes = {seat: passphrase.recovery_code() for seat in Seat}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    with alone(folder):
        if exists(folder):
            raise VaultExists  # another page was first
        _write_new(folder, people, typed, codes, cost=cost, at=stamp(clock()))
    return codes


def _write_new(
    folder: Path,
    people: People,
    typed: Mapping[Seat, bytes],
    codes: Mapping[Seat, str],
    *,
    cost: Cost,
    at: str,
) -> None:
    keys, ceremony = _new_keys()
    vault = secrets.token_bytes(16)
    try:
        _remove(folder, _LEFTOVERS)
        keyring.write_file(folder / _UNFINISHED, b"")
        _fill(folder / _UNFINISHED, vault, people, keys=keys, ceremony=ceremony, at=at)
        slots = []
        for seat in Seat:
            code = passphrase.parsed(codes[seat])
            assert code is not None  # noqa: S101 - we made it above
            slots.append(
                keyring.wrap(vault, seat, "passphrase", typed[seat], keys=keys[seat], cost=cost)
            )
            slots.append(keyring.wrap(vault, seat, "recovery", code, keys=keys[seat], cost=cost))
        ring = Keyring(keyring.FORMAT, keyring.VERSION, vault, tuple(o.slot for o in slots))
        keyring.save(folder, ring, slots)
        (folder / _UNFINISHED).replace(folder / FILE)
        keyring.sync_folder(folder)
    except OSError as error:
        _remove(folder)
        raise NotSaved(errno=error.errno) from None
    except BaseException:
        _remove(folder)
        raise


def _new_keys() -> tuple[Mapping[Seat, Keys], bytes]:
    """Return both people's keys, and the public half of the ceremony pair they share."""
    database = secrets.token_bytes(KEY)
    halves = {seat: secrets.token_bytes(KEY) for seat in Seat}
    secret = PrivateKey(joined(halves[Seat.A], halves[Seat.B]))
    keys = {seat: Keys(database, secrets.token_bytes(KEY), halves[seat]) for seat in Seat}
    return keys, bytes(secret.public_key)


def _fill(
    path: Path,
    vault: bytes,
    people: People,
    *,
    keys: Mapping[Seat, Keys],
    ceremony: bytes,
    at: str,
) -> None:
    key = keys[Seat.A].database
    writer = engine(path, key, read_only=False, create=True)
    _migrate(writer)
    meta = {"vault": vault.hex(), "min_reader_version": str(LEAST_READER)}
    with writer.begin() as db:
        db.execute(insert(schema.meta), [{"name": n, "value": v} for n, v in meta.items()])
        new = {"round": 1, "public": ceremony, "seed": wishes.new_seed()}
        db.execute(insert(schema.ceremony).values(new))
        for seat in Seat:
            row = {"seat": seat.value, "version": 1, "at": at, "body": encode(people.at(seat))}
            halves = {
                "box": bytes(share_box(keys[seat].own).public_key),
                "signing": bytes(signing(keys[seat].own).verify_key),
            }
            db.execute(insert(schema.people).values(**row, **halves))
    writer.dispose()
    con = connect(path, key)
    try:
        checkpoint(con)
    finally:
        con.close()


def unlock(
    folder: Path, secret: str, throttle: Throttle | None = None, clock: Clock = local_time
) -> Lane:
    """Return the lane of whoever's passphrase or recovery code this is.

    The keyring says first whether the secret is right; whatever fails after that is damage.
    Until all is well nothing is written. Takes half a second for each slot it has to try:
    call it in a thread.

    Args:
        folder: the vault's folder.
        secret: as typed.
        throttle: the one of this page; without it every try is a first one.
        clock: what time it is for this lane.

    Raises:
        NoVault, EmptyVault, DamagedVault, DamagedKeyring, NewerVault: what is there instead.
        WrongPassphrase: the same for every wrong secret.
        TooManyTries: carries ``seconds``.
        NotSaved: if an older vault could not be backed up before it is brought up to date.

    """
    folder = folder.absolute()
    if not exists(folder):
        raise NoVault
    if throttle:
        throttle.check()
    copies = keyring.load(folder)
    try:
        opened = keyring.open_slot(copies, secret)
    except WrongPassphrase:
        if throttle:
            throttle.wrong()
        raise
    if throttle:
        throttle.right()
    older = _inspect(folder / FILE, opened.keys.database, copies.best.vault)
    if older:
        backup.make(folder, opened.keys.database, clock())  # no way forward without a way back
        _migrate(engine(folder / FILE, opened.keys.database, read_only=False))
    lane = _lane(folder, opened, clock)
    try:
        if (folder / backup.RESTORED).exists():
            evenings.end(lane)  # it may say yes to what was taken back since
            (folder / backup.RESTORED).unlink(missing_ok=True)
    except OSError as error:
        lane.close()
        raise NotSaved(errno=error.errno) from None
    except VaultError:
        lane.close()
        raise
    try:
        if copies.main != copies.copy:
            with lane.writing():  # one at a time, whichever process
                keyring.heal(folder, keyring.load(folder), opened)
    except VaultError:
        pass  # a full disk keeps nobody out; the next time heals
    return lane


def _lane(folder: Path, opened: Opened, clock: Clock) -> Lane:
    lane = Lane(folder, opened.slot.seat, opened.keys, clock)
    try:
        seats.people(lane)
        with suppress(NotSaved):  # the next time
            seats.sign(lane)
    except BaseException:
        lane.close()
        raise
    return lane


def _inspect(path: Path, key: bytes, vault: bytes) -> bool:
    """Return whether the file is of an older version, after looking at every page in use."""
    if not path.is_file():
        raise DamagedVault  # its keyring is there
    try:
        return _older(path, key, vault)
    except DamagedVault:
        if not path.with_name(f"{FILE}-wal").exists():
            raise
        return _older(path, key, vault)  # a page that just opened it was writing meanwhile


def _older(path: Path, key: bytes, vault: bytes) -> bool:
    con = connect(path, key, untouched=True)
    try:
        if not whole(con):
            raise DamagedVault
        found = con.execute("SELECT value FROM meta WHERE name = 'vault'").fetchone()
        if found is None or found[0] != vault.hex():
            raise DamagedVault
        return bool(con.execute("PRAGMA user_version").fetchone()[0] < VERSION)
    except dbapi2.Error as error:
        raise told(error, path) or DamagedVault() from None
    finally:
        con.close()


def _migrate(writer: Engine) -> None:
    from workbook.store.migrations import migrate  # noqa: PLC0415 - Alembic, seldom needed

    migrate(writer)


def change_passphrase(
    lane: Lane, old: str, new: str, throttle: Throttle | None = None, cost: Cost = OURS
) -> None:
    """Put ``new`` in place of this person's passphrase; returns when both files are written.

    The answers are not rewritten: only the slot is. Pages that are open stay open.

    Args:
        lane: whose passphrase it is.
        old: their passphrase, or their recovery code if it was forgotten.
        new: the new passphrase.
        throttle: counts wrong old ones.
        cost: of the new slot.

    Raises:
        WrongPassphrase, TooManyTries: about the old one.
        WeakPassphrase: about the new one; carries ``least``.
        InvalidInput: if the new one opens the partner's lane; ``why`` is "same".
        NotSaved: if the disk refused; the old one still holds.

    """
    wanted = passphrase.strong(new)
    copies = _proved(lane, old, throttle)
    theirs = copies.best.slot(lane.seat.other, "passphrase")
    if theirs and keyring.opens(copies.best.vault, theirs, wanted):
        raise InvalidInput(field="passphrase", why="same")
    _rewrap(lane, "passphrase", wanted, cost)


def change_recovery_code(
    lane: Lane, old: str, throttle: Throttle | None = None, cost: Cost = OURS
) -> str:
    """Return a new recovery code, to be shown once; the one before opens nothing any more.

    Raises:
        WrongPassphrase, TooManyTries: about ``old``, their passphrase or the code so far.
        NotSaved: if the disk refused; the old code still holds.

    """
    _proved(lane, old, throttle)
    new = passphrase.recovery_code()
    code = passphrase.parsed(new)
    assert code is not None  # noqa: S101 - we made it above
    _rewrap(lane, "recovery", code, cost)
    return new


def _proved(lane: Lane, secret: str, throttle: Throttle | None) -> keyring.Copies:
    """Return the keyring if ``secret`` opens this person's own slot, and only theirs."""
    lane.keys  # noqa: B018 - raises once closed
    if throttle:
        throttle.check()
    copies = keyring.load(lane.folder)
    try:
        if keyring.open_slot(copies.of(lane.seat), secret).slot.seat is not lane.seat:
            raise WrongPassphrase
    except WrongPassphrase:
        if throttle:
            throttle.wrong()
        raise
    if throttle:
        throttle.right()
    return copies


def _rewrap(lane: Lane, kind: Kind, secret: bytes, cost: Cost) -> None:
    vault = keyring.load(lane.folder).best.vault
    new = keyring.wrap(vault, lane.seat, kind, secret, keys=lane.keys, cost=cost)
    with lane.writing():  # one at a time: two people may change theirs at once
        ring = keyring.load(lane.folder).best.with_slot(new.slot)
        keyring.save(lane.folder, ring, [new])
    with suppress(VaultError):  # the vault's own keyring is what counts
        backup.rekey(lane.folder, new.slot)


def erase(folder: Path) -> None:
    """Destroy the keyring, then remove every file of the vault. There is no way back.

    Only the destruction of the keys counts: a disk may keep old cells. The backups in the
    folder go as well; copies elsewhere (exports, cloud folders) are not reached.

    Raises:
        NoVault: if there is nothing to erase.
        NotSaved: if the disk refused; call it again.

    """
    folder = folder.absolute()
    if not exists(folder):
        raise NoVault
    try:
        keyring.destroy(folder)
        backup.remove(folder)
        _remove(folder)
        keyring.sync_folder(folder)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None


def _remove(folder: Path, patterns: tuple[str, ...] = _OURS) -> None:
    """Remove what a vault, or a set-up cut short, has left here, and nothing else."""
    for pattern in patterns:
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)


def erase_private(lane: Lane) -> None:
    """Remove all private answers and unopened ballots of this person, with no trace left.

    What was handed in to both stays. Returns when the file is rewritten without them, and
    the backups here are replaced by a new one.

    Raises:
        NotSaved: if the disk refused or another page was writing; call it again.

    """
    wishes.leave(lane)
    with lane.writing() as db:
        for table in (schema.answers, schema.ballots):
            db.execute(delete(table).where(table.c.seat == lane.seat.value))
    _forget(lane)


def erase_shared(lane: Lane) -> None:
    """Remove all that both people share: evenings, shares, plans, agreements, thank-yous.

    Both people's names and private answers stay. So do the random names of past evenings,
    without their dates: each person's own debriefs hang on them, and what those closed
    stays closed. Returns as ``erase_private`` does.

    Raises:
        NotSaved: if the disk refused or another page was writing; call it again.

    """
    wishes.end(lane)
    shared = (schema.shares, schema.plans, schema.sessions, schema.thanks)
    with lane.writing() as db:
        for table in (*shared, schema.cards, schema.asks, schema.ballots, schema.matches):
            db.execute(delete(table))
        consent.forget(db)
        evenings.forget(db)
        # How many there were.
        name = schema.sessions.name
        db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
    _forget(lane)


def _forget(lane: Lane) -> None:
    sweep(lane)
    backup.renew(lane.folder, lane.keys.database, lane.now())


def erase_record(lane: Lane) -> None:
    """Erase this person's own lines in the consent record; what stands is asked afresh.

    Where a line was, both see that one was erased, and neither whose nor what.
    Returns as ``erase_private`` does.

    Raises:
        NotSaved: if the disk refused or another page was writing; call it again.

    """
    with lane.writing() as db:
        consent.erase(db, lane.seat)
    _forget(lane)


def sweep(lane: Lane) -> None:
    """Rewrite the file so that nothing deleted is left in it (vault.md, section 14).

    Raises:
        NotSaved: if the disk refused, or another page was in the way; call it again.

    """
    path = lane.folder / FILE
    con = connect(path, lane.keys.database)
    try:
        done = checkpoint(con)
        con.execute("VACUUM")
        if not (checkpoint(con) and done):
            raise NotSaved
    except dbapi2.Error as error:
        raise told(error, path) or error from None
    finally:
        con.close()

"""The vault as a whole: set up, unlock, change a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlcipher3 import dbapi2

from workbook.domain.errors import (
    ChangedElsewhere,
    DamagedVault,
    InvalidInput,
    NotDownloaded,
    NotSaved,
    NoVault,
    VaultError,
    VaultExists,
    WrongPassphrase,
)
from workbook.domain.seats import People, Seat
from workbook.store import (
    agreements,
    answers,
    backups,
    evenings,
    keyring,
    passphrase,
    people,
    schema,
)
from workbook.store.connection import (
    DATABASE_FILE,
    SCHEMA_VERSION,
    connect,
    integrity_ok,
    make_engines,
    rewrite_file,
    translate_db_error,
)
from workbook.store.folder import exclusive_lock, has_foreign_files, heal_rights
from workbook.store.keyring import DEFAULT_COST, Cost, OpenedSlot, SlotKind
from workbook.store.new_vault import UNFINISHED_FILE, NewVault, unconfirmed_key
from workbook.store.passphrase import Throttle
from workbook.store.unlocked import Clock, UnlockedVault, local_time

NOT_ALONE = "other files lie in it; a vault wants a folder of its own"
"""Why a folder is refused."""


def exists(folder: Path) -> bool:
    """Return whether there is a vault here, whole or damaged. A set-up cut short is none."""
    if (folder / DATABASE_FILE).exists() or _is_held_back(folder):
        return True
    keyrings = (folder / keyring.MAIN_FILE).exists() or (folder / keyring.COPY_FILE).exists()
    return keyrings and not (folder / UNFINISHED_FILE).exists()


def _is_held_back(folder: Path) -> bool:
    """Return whether iCloud Drive keeps the file of the vault and has left its own mark here."""
    return (folder / f".{DATABASE_FILE}.icloud").exists()


def create(
    folder: Path,
    people: People,
    passphrases: Mapping[Seat, str],
    cost: Cost = DEFAULT_COST,
    clock: Clock = local_time,
) -> Mapping[Seat, str]:
    """Set up a vault for two people at once; return each person's recovery code.

    The codes count as written down: the caller shows them once. Whole or not at all: only
    the last step, a rename, makes it a vault. Takes five times what one passphrase takes.

    Args:
        folder: the vault's folder; it is made if it is missing.
        people: names and marks of both people.
        passphrases: as typed, by seat.
        cost: of the key derivation of all four slots.
        clock: returns the local time.

    Raises:
        VaultExists: if there is one.
        WeakPassphrase: if a passphrase is too short; carries ``least``.
        InvalidInput: if both chose the same one; ``field`` is "passphrase", ``why`` "same".
            Or if other files lie in ``folder``.
        NotSaved: if the disk refused; nothing is left of it.

    """
    if exists(folder):
        raise VaultExists
    new = NewVault(cost, clock)
    codes = {seat: new.add_person(people.at(seat), passphrases[seat]) for seat in Seat}
    for seat in Seat:
        new.confirm_code(seat)
    _write_new(folder.absolute(), new)
    return codes


def write_new(folder: Path, new: NewVault) -> UnlockedVault:
    """Write a vault that both people have set up; return it unlocked for who was added last.

    Whole or not at all: only the last step, a rename, makes it a vault.

    Args:
        folder: the vault's folder; it is made if it is missing.
        new: the vault, with both people.

    Raises:
        VaultExists: if there is one.
        NotSaved: if the disk refused; nothing is left of it, and it may be tried again.

    """
    folder = folder.absolute()
    return _open_vault(folder, _write_new(folder, new), new.clock)


def _write_new(folder: Path, new: NewVault) -> OpenedSlot:
    if exists(folder):
        raise VaultExists
    if has_foreign_files(folder):
        raise InvalidInput(field=str(folder), why=NOT_ALONE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise NotSaved(errno=error.errno) from None
    with exclusive_lock(folder):
        if exists(folder):
            raise VaultExists  # another page was first
        return new.write_files(folder)


def unlock(
    folder: Path,
    secret: str,
    throttle: Throttle | None = None,
    clock: Clock = local_time,
    *,
    verify: bool = True,
) -> UnlockedVault:
    """Unlock with a passphrase or recovery code of either person.

    ``WrongPassphrase`` is raised by the keyring check alone; any later failure means damaged
    files. Writes nothing until every check has passed. Takes 0.5 s for each slot it tries:
    call it in a thread. Deletes the agreement events of evenings that are over.

    Args:
        folder: the vault's folder.
        secret: as typed.
        throttle: the one of this page; without it every try is a first one.
        clock: returns the local time for the unlocked vault.
        verify: whether every page of the file is checked, which takes about 10 ms for each
            MB. False: the caller runs ``page_check`` right after; a damaged page that is
            read before that still raises ``DamagedVault``.

    Raises:
        NoVault, EmptyVault, DamagedVault, DamagedKeyring, NewerVault: what is there instead.
        NotDownloaded: if a cloud service has the file and this computer has not.
        WrongPassphrase: the same for every wrong secret.
        TooManyTries: carries ``seconds``.
        NotSaved: if an older vault could not be backed up before it is brought up to date.

    """
    folder = folder.absolute()
    if not exists(folder):
        raise NoVault
    if _is_held_back(folder):
        raise NotDownloaded
    if throttle:
        throttle.check()
    copies = keyring.load_keyring(folder)
    try:
        opened = keyring.open_slot(copies, secret)
    except WrongPassphrase:
        if throttle:
            throttle.record_failure()
        raise
    if throttle:
        throttle.record_success()
    older = _needs_migration(
        folder / DATABASE_FILE, opened.keys.database, copies.best.vault, verify=verify
    )
    if older:
        key = opened.keys.database
        backups.make_safety_copy(folder, key, clock())
        _, writer = make_engines(folder / DATABASE_FILE, key)
        _migrate(writer)
        writer.dispose()
    vault = _open_vault(folder, opened, clock)
    try:
        if (folder / backups.RESTORED_MARKER).exists():
            evenings.end_evening(vault)  # it may say yes to what was taken back since
            (folder / backups.RESTORED_MARKER).unlink(missing_ok=True)
    except OSError as error:
        vault.close()
        raise NotSaved(errno=error.errno) from None
    except VaultError:
        vault.close()
        raise
    try:
        if copies.main != copies.copy:
            with vault.writing():  # one at a time, whichever process
                keyring.repair_copies(folder, keyring.load_keyring(folder), opened)
    except VaultError:
        pass  # a full disk keeps nobody out; the next time heals
    _bring_up_to_date(vault, opened, older=older)
    return vault


def _bring_up_to_date(vault: UnlockedVault, opened: OpenedSlot, *, older: bool) -> None:
    """Do after unlocking what may also wait for the next time."""
    with suppress(OSError):
        heal_rights(vault.folder)
    with suppress(NotSaved):  # another page reads; secure_delete has overwritten the rows
        answers.renew_lengths(vault)
        if older:
            rewrite_file(vault.folder / DATABASE_FILE, opened.keys.database)
    with suppress(NotSaved):
        agreements.delete_finished(vault, vault.now())
        if opened.slot.kind == "recovery" and has_unconfirmed_code(vault):
            _mark_confirmed(vault)  # who types it has it


def _open_vault(folder: Path, opened: OpenedSlot, clock: Clock) -> UnlockedVault:
    vault = UnlockedVault(folder, opened.slot.seat, opened.keys, clock)
    try:
        people.read_people(vault)
        with suppress(NotSaved):  # the next time
            people.publish_signing_key(vault)
    except BaseException:
        vault.close()
        raise
    return vault


def page_check(vault: UnlockedVault) -> Callable[[], None]:
    """Return what checks every page of the file; for a thread of its own.

    The vault may be locked meanwhile. Raises ``DamagedVault`` if a page is not as written.
    """
    path, key = vault.folder / DATABASE_FILE, vault.keys.database

    def check() -> None:
        con = connect(path, key, untouched=True)
        try:
            if not integrity_ok(con):
                raise DamagedVault
        except dbapi2.Error as error:
            raise translate_db_error(error, path) or DamagedVault() from None
        finally:
            con.close()

    return check


def _needs_migration(path: Path, key: bytes, vault: bytes, *, verify: bool) -> bool:
    """Return whether the file is of an older version; its pages are checked if so."""
    if not path.is_file():
        raise DamagedVault  # its keyring is there
    try:
        return _is_older(path, key, vault, verify=verify)
    except DamagedVault:
        if not path.with_name(f"{DATABASE_FILE}-wal").exists():
            raise
        # a page that just opened it was writing meanwhile
        return _is_older(path, key, vault, verify=verify)


def _is_older(path: Path, key: bytes, vault: bytes, *, verify: bool) -> bool:
    con = connect(path, key, untouched=True)
    try:
        older = bool(con.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION)
        if (verify or older) and not integrity_ok(con):
            raise DamagedVault
        found = con.execute("SELECT value FROM meta WHERE name = 'vault'").fetchone()
        if found is None or found[0] != vault.hex():
            raise DamagedVault
        return older
    except dbapi2.Error as error:
        raise translate_db_error(error, path) or DamagedVault() from None
    finally:
        con.close()


def _migrate(writer: Engine) -> None:
    from workbook.store.migrations import migrate  # noqa: PLC0415 - Alembic, seldom needed

    migrate(writer)


def change_passphrase(
    vault: UnlockedVault,
    old: str,
    new: str,
    throttle: Throttle | None = None,
    cost: Cost = DEFAULT_COST,
) -> None:
    """Put ``new`` in place of this person's passphrase; returns when both files are written.

    The answers are not rewritten: only the slot is. Pages that are open stay open.

    Args:
        vault: whose passphrase it is.
        old: their passphrase, or their recovery code if it was forgotten.
        new: the new passphrase.
        throttle: counts wrong old ones.
        cost: of the new slot.

    Raises:
        WrongPassphrase, TooManyTries: about the old one.
        WeakPassphrase: about the new one; carries ``least``.
        InvalidInput: if the new one opens the partner's keys; ``why`` is "same".
        NotSaved: if the disk refused; the old one still holds.

    """
    wanted = passphrase.validate_new(new)
    copies = _verify_secret(vault, old, throttle)
    theirs = copies.best.slot(vault.seat.other, "passphrase")
    if theirs and keyring.secret_opens(copies.best.vault, theirs, wanted):
        raise InvalidInput(field="passphrase", why="same")
    _replace_slot(vault, "passphrase", wanted, cost)


def change_recovery_code(
    vault: UnlockedVault, old: str, throttle: Throttle | None = None, cost: Cost = DEFAULT_COST
) -> str:
    """Return a new recovery code, to be shown once; the one before opens nothing any more.

    It counts as not confirmed until ``confirm_recovery_code``.

    Args:
        vault: whose code it is.
        old: their passphrase, or the recovery code so far.
        throttle: counts wrong old ones.
        cost: of the new slot.

    Raises:
        WrongPassphrase, TooManyTries: about ``old``, their passphrase or the code so far.
        NotSaved: if the disk refused; the old code still holds.

    """
    _verify_secret(vault, old, throttle)
    return _renew_code(vault, cost)


def has_unconfirmed_code(vault: UnlockedVault) -> bool:
    """Return whether this person has not yet typed back a part of their recovery code.

    Codes of vaults of an older version count as confirmed.
    """
    mine = schema.meta.c.name == unconfirmed_key(vault.seat)
    with vault.reading() as db:
        return db.execute(select(schema.meta.c.value).where(mine)).first() is not None


def renew_unconfirmed_code(vault: UnlockedVault, cost: Cost = DEFAULT_COST) -> str:
    """Return a new recovery code in place of one that was not confirmed, to be shown once.

    It asks for no passphrase: call it right after unlocking, which has asked for one.

    Args:
        vault: whose code it is.
        cost: of the new slot.

    Raises:
        NotSaved: if the disk refused; the code before still holds.

    """
    assert has_unconfirmed_code(vault)  # noqa: S101 - a confirmed one is changed otherwise
    return _renew_code(vault, cost)


def confirm_recovery_code(vault: UnlockedVault, code: str) -> None:
    """Note that ``code`` is written down, once it has opened its slot; returns after COMMIT.

    Takes what one passphrase takes.

    Raises:
        ChangedElsewhere: if another page has put a newer code in its place.
        NotSaved: if the disk refused; it still counts as not confirmed.

    """
    try:
        _verify_secret(vault, code, None)
    except WrongPassphrase:
        raise ChangedElsewhere from None
    _mark_confirmed(vault)


def _mark_confirmed(vault: UnlockedVault) -> None:
    with vault.writing() as db:
        db.execute(delete(schema.meta).where(schema.meta.c.name == unconfirmed_key(vault.seat)))


def _renew_code(vault: UnlockedVault, cost: Cost) -> str:
    new = passphrase.new_recovery_code()
    code = passphrase.parse_recovery_code(new)
    assert code is not None  # noqa: S101 - we made it above
    with vault.writing() as db:  # first: a code that nobody saw must never count as confirmed
        row = insert(schema.meta).values(name=unconfirmed_key(vault.seat), value="1")
        db.execute(row.on_conflict_do_nothing())
    _replace_slot(vault, "recovery", code, cost)
    return new


def check_passphrase(vault: UnlockedVault, secret: str, throttle: Throttle | None = None) -> None:
    """Check that ``secret`` is this person's passphrase or recovery code; nothing is written.

    Raises:
        WrongPassphrase, TooManyTries: if it is not.

    """
    _verify_secret(vault, secret, throttle)


def _verify_secret(
    vault: UnlockedVault, secret: str, throttle: Throttle | None
) -> keyring.KeyringCopies:
    """Return the keyring if ``secret`` opens this person's own slot, and only theirs."""
    vault.keys  # noqa: B018 - raises once closed
    if throttle:
        throttle.check()
    copies = keyring.load_keyring(vault.folder)
    try:
        if keyring.open_slot(copies.of(vault.seat), secret).slot.seat is not vault.seat:
            raise WrongPassphrase
    except WrongPassphrase:
        if throttle:
            throttle.record_failure()
        raise
    if throttle:
        throttle.record_success()
    return copies


def _replace_slot(unlocked: UnlockedVault, kind: SlotKind, secret: bytes, cost: Cost) -> None:
    vault = keyring.load_keyring(unlocked.folder).best.vault
    new = keyring.wrap_keys(vault, unlocked.seat, kind, secret, keys=unlocked.keys, cost=cost)
    with unlocked.writing():  # one at a time: two people may change theirs at once
        ring = keyring.load_keyring(unlocked.folder).best.with_slot(new.slot)
        keyring.save_keyring(unlocked.folder, ring, [new])
    with suppress(VaultError):  # the vault's own keyring is what counts
        backups.rekey_backups(unlocked.folder, new.slot)

"""Notices that something was saved, here or on the other phone."""

from __future__ import annotations

from threading import Lock

from sqlcipher3 import dbapi2

from workbook.domain.errors import VaultLocked
from workbook.store.connection import DATABASE_FILE, connect, translate_db_error
from workbook.store.unlocked import UnlockedVault


class CommitWatcher:
    """Tells whether any page has committed, one's own included. Closes with its vault.

    SQLite counts for each connection by itself, so the watcher keeps one of its own.
    Polling costs some microseconds.
    """

    def __init__(self, vault: UnlockedVault) -> None:
        self._path = vault.folder / DATABASE_FILE
        self._lock = Lock()
        self._con = connect(self._path, vault.keys.database, or_read_only=True)
        self._last_version = self.data_version()
        vault.on_close(self.close)

    def has_changed(self) -> bool:
        """Return whether anything was committed since the last time this was asked.

        Raises:
            VaultLocked: if the vault was locked.

        """
        now = self.data_version()
        changed, self._last_version = now != self._last_version, now
        return changed

    def data_version(self) -> int:
        """Return a number that stays the same until somebody commits; read it before the vault.

        Raises:
            VaultLocked: if the vault was locked.

        """
        with self._lock:
            if self._con is None:
                raise VaultLocked
            try:
                return int(self._con.execute("PRAGMA data_version").fetchone()[0])
            except dbapi2.Error as error:
                raise translate_db_error(error, self._path) or error from None

    def close(self) -> None:
        """Close its connection. A second time does nothing."""
        with self._lock:
            con, self._con = self._con, None
        if con is not None:
            con.close()

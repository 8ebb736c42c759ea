"""Every error a reader may meet. An error carries facts; its sentence is in ``content``.

WorkbookError
├── InvalidAnswer ............. a value outside its range
│   ├── SameName .............. both people would have the same name
│   ├── TooLong ............... a text longer than the book keeps
│   └── Unkeepable ............ a sign that no text can hold
├── InvalidInput .............. a file or a text that is not what was asked for
│   └── InvalidTable .......... a content table that contradicts itself
├── VaultError
│   ├── NoVault ............... nothing here yet
│   ├── VaultExists ........... set-up where there is a vault already
│   ├── WrongPassphrase ....... no slot opens
│   ├── TooManyTries .......... wait before the next try
│   ├── WeakPassphrase ........ too short to keep anybody out
│   ├── DamagedVault .......... the key is right, the file is not
│   ├── EmptyVault ............ the file has no bytes
│   ├── NotDownloaded ......... a cloud service keeps the vault file
│   ├── DamagedKeyring ........ no readable copy of the keyring
│   ├── NewerVault ............ written by a newer program
│   ├── NoBackup .............. nothing to restore
│   ├── DamagedBackup ......... cut, changed, or no backup at all
│   ├── ChangedElsewhere ...... another page saved the same thing first
│   ├── FolderBusy ............ another program holds the folder of the vault
│   ├── TooLittleMemory ....... a key cannot be made from a passphrase now
│   ├── NotSaved .............. the disk refused
│   │   └── VaultBusy ......... another page or program is in the way
│   └── VaultLocked ........... locked in the meantime
├── NoHome .................... the user has no home folder, and none was named
├── TooManyPages .............. the book is open on as many pages as it can be
├── NotFound .................. a form, area or row that does not exist
└── Unexpected ................ anything nobody foresaw
"""

from __future__ import annotations


class WorkbookError(Exception):
    """Base of all errors of the workbook.

    Attributes:
        facts: what the sentence names, such as ``{"field": "minutes"}``. Never an answer.

    """

    def __init__(self, **facts: object) -> None:
        super().__init__(*(f"{key}={value}" for key, value in facts.items()))
        self.facts = facts


class InvalidAnswer(WorkbookError):
    """A value is outside its range; ``facts["field"]`` names it."""


class SameName(InvalidAnswer):
    """Both people would have the same name; ``facts["field"]`` is "name"."""


class TooLong(InvalidAnswer):
    """A text is too long and not saved; ``facts`` are ``field`` and ``most`` characters."""


class Unkeepable(InvalidAnswer):
    """Half a character, or NUL, was typed; another sign stands in its place, and is saved."""


class InvalidInput(WorkbookError):
    """A file or text is not what was asked for; ``facts["field"]`` and ``facts["why"]``."""


class InvalidTable(InvalidInput):
    """A content table is wrong; ``facts`` name ``file``, ``row`` and ``why``."""


class VaultError(WorkbookError):
    """Something about the vault file, its keys or its folder."""


class NoVault(VaultError):
    """There is no vault in this folder yet."""


class VaultExists(VaultError):
    """There is a vault in this folder already; it is never overwritten."""


class WrongPassphrase(VaultError):
    """No slot opens with this passphrase or recovery code."""


class TooManyTries(VaultError):
    """Too many wrong tries; ``facts["seconds"]`` says how long to wait."""


class WeakPassphrase(VaultError):
    """The passphrase is too short; ``facts["least"]`` is the number of characters needed."""


class DamagedVault(VaultError):
    """The key is right but the file cannot be read."""


class EmptyVault(VaultError):
    """The vault file is there and has no bytes."""


class NotDownloaded(VaultError):
    """A cloud service has taken the vault file off this computer and can bring it back."""


class DamagedKeyring(VaultError):
    """Neither copy of the keyring can be read."""


class NewerVault(VaultError):
    """A newer program wrote this vault."""


class NoBackup(VaultError):
    """There is no backup in this folder."""


class DamagedBackup(VaultError):
    """A file is not a backup, or no longer what it was when it was made."""


class ChangedElsewhere(VaultError):
    """The record was saved from another page since it was read."""


class FolderBusy(VaultError):
    """Another process keeps the folder locked; ``facts["who"]`` begins the sentence."""


class TooLittleMemory(VaultError):
    """The computer has not the memory that a key takes; nothing is wrong with the vault."""


class NotSaved(VaultError):
    """The disk refused a write; nothing of it was kept."""


class VaultBusy(NotSaved):
    """Another page or program used the vault for so long that this write was given up."""


class VaultLocked(VaultError):
    """The vault was locked; unlock it again."""


class NoHome(WorkbookError):
    """The user has no home folder, as far as this computer says."""


class TooManyPages(WorkbookError):
    """There is no room for one more page; one that closes makes some."""


class NotFound(WorkbookError):
    """A form, area or row of that name does not exist; ``facts["name"]``."""


class Unexpected(WorkbookError):
    """An error nobody foresaw, shown to the reader without its details."""

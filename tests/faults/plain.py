"""The files of a vault as whoever has the database key can read them, free pages included.

SQLCipher 4 with a raw key: each page is AES-256-CBC, its last 80 bytes are an initial vector
and a code. Done here without SQLCipher, which shows no page that is not in use.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from workbook.store.connection import DATABASE_FILE

PAGE = 4096
_RESERVED = 80
_VECTOR = 16
_SALT = 16
_WAL_HEAD, _FRAME_HEAD = 32, 24


def _page(page: bytes, key: bytes, *, first: bool) -> bytes:
    content = page[_SALT if first else 0 : PAGE - _RESERVED]
    vector = page[PAGE - _RESERVED :][:_VECTOR]
    if not any(page):
        return page
    opened = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return opened.update(content) + opened.finalize()


def _database(content: bytes, key: bytes) -> bytes:
    starts = range(0, len(content) - PAGE + 1, PAGE)
    return b"".join(_page(content[at : at + PAGE], key, first=at == 0) for at in starts)


def _wal(content: bytes, key: bytes) -> bytes:
    plain = b""
    for at in range(_WAL_HEAD, len(content) - _FRAME_HEAD - PAGE + 1, _FRAME_HEAD + PAGE):
        number = int.from_bytes(content[at : at + 4], "big")
        page = content[at + _FRAME_HEAD : at + _FRAME_HEAD + PAGE]
        plain += _page(page, key, first=number == 1)
    return plain


def plain(folder: Path, key: bytes) -> bytes:
    """Return all there is in a vault's folder: database, WAL and backups as plain pages."""
    found = b""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        found += content
        if path.name.endswith("-wal"):
            found += _wal(content, key)
        elif path.suffix == ".backup":  # a line about it, then the database
            found += _database(content.partition(b"\n")[2], key)
        elif path.name.startswith(DATABASE_FILE) and not path.name.endswith("-shm"):
            found += _database(content, key)
    return found

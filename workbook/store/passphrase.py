"""Passphrase and recovery code: validation, parsing, and the wait between wrong tries."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import secrets
import time
import unicodedata
from collections.abc import Callable
from threading import Lock

from workbook.content.passphrase_words import load_passphrase_words
from workbook.domain.errors import TooManyTries, WeakPassphrase
from workbook.domain.passphrase import MIN_PASSPHRASE_CHARACTERS, fold_code
from workbook.domain.text import plain_text

_CODE_BYTES = 16
_CODE_CHARACTERS = 26
_CHECK_CHARACTERS = 2
_GROUP_CHARACTERS = 4


def normalize(secret: str) -> bytes:
    """Return the bytes a passphrase stands for: the same for what looks the same.

    From any keyboard, and whatever signs a clipboard adds that nobody sees.
    """
    return plain_text(secret).encode("utf-8", "surrogatepass")


def list_spellings(secret: str) -> tuple[bytes, ...]:
    """Return the bytes to try for a passphrase as typed; nearly always one.

    In vaults set up before 2026-12 signs that nobody sees and runs of spaces count: what has
    some is also tried as it was typed.
    """
    older = unicodedata.normalize("NFKC", secret).strip().encode("utf-8", "surrogatepass")
    return tuple(dict.fromkeys((normalize(secret), older)))


def validate_new(secret: str) -> bytes:
    """Return the bytes of a new passphrase.

    Raises:
        WeakPassphrase: if it is shorter than ``MIN_PASSPHRASE_CHARACTERS``, the spaces
            around it and signs that nobody sees not counted; carries ``least``.

    """
    wanted = normalize(secret)
    if len(wanted.decode("utf-8", "surrogatepass")) < MIN_PASSPHRASE_CHARACTERS:
        raise WeakPassphrase(least=MIN_PASSPHRASE_CHARACTERS)
    return wanted


def suggest_passphrase(n: int = 6) -> str:
    """Return ``n`` words, drawn at random, to offer as a passphrase; six carry 70 bits.

    Args:
        n: number of words, each worth 11.67 bits: one of 3,260.

    """
    words = load_passphrase_words()
    return " ".join(secrets.choice(words) for _ in range(n))


def new_recovery_code() -> str:
    """Return a new recovery code: 128 bits and a check, seven groups of four letters."""
    return _format_code(secrets.token_bytes(_CODE_BYTES))


def parse_recovery_code(secret: str) -> bytes | None:
    """Return the 128 bits of a recovery code as somebody typed it; None if it is not one.

    Args:
        secret: as typed; ``fold_code`` says what does not matter.

    Returns:
        16 bytes, or None.

    """
    letters = fold_code(secret)
    if len(letters) != _CODE_CHARACTERS + _CHECK_CHARACTERS or not letters.isascii():
        return None
    try:
        code = base64.b32decode(letters[:_CODE_CHARACTERS] + "======")
    except binascii.Error:
        return None
    return code if _code_letters(code) == letters else None


def _code_letters(code: bytes) -> str:
    check = base64.b32encode(hashlib.blake2b(code, digest_size=5).digest()).decode()
    return base64.b32encode(code).decode()[:_CODE_CHARACTERS] + check[:_CHECK_CHARACTERS]


def _format_code(code: bytes) -> str:
    letters = _code_letters(code)
    return "-".join(
        letters[at : at + _GROUP_CHARACTERS] for at in range(0, len(letters), _GROUP_CHARACTERS)
    )


class Throttle:
    """Counts wrong tries of one opener: five are free, then 1, 2, 4 … 60 seconds each.

    In memory only: a new page starts anew. The real brake is Argon2id.
    """

    FREE_TRIES = 5
    MAX_WAIT_S = 60

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong = 0
        self._until = 0.0
        self._lock = Lock()

    def check(self) -> None:
        """Return at once, or refuse.

        Raises:
            TooManyTries: if the wait is not over; carries ``seconds``, whole and at least 1.

        """
        with self._lock:
            left = self._until - self._clock()
        if left > 0:
            raise TooManyTries(seconds=math.ceil(left))

    def record_failure(self) -> None:
        """Take note of a wrong try."""
        with self._lock:
            self._wrong += 1
            over = self._wrong - self.FREE_TRIES
            if over >= 0:
                self._until = self._clock() + min(2 ** min(over, 6), self.MAX_WAIT_S)

    def record_success(self) -> None:
        """Reset the count of wrong tries."""
        with self._lock:
            self._wrong = 0
            self._until = 0.0


class Pin:
    """A short code that only uncovers a running page. In memory, as a hash, and never at rest.

    It is not a key: a program that can read this process's memory does not need it. It
    expires after five wrong tries.
    """

    MIN_CHARACTERS = 4
    """Fewest characters."""
    TRIES = 5

    def __init__(self, code: str) -> None:
        """Take ``code`` as it was typed.

        Raises:
            WeakPassphrase: if it is shorter than ``MIN_CHARACTERS``; carries ``least``.

        """
        wanted = normalize(code)
        if len(wanted.decode("utf-8", "surrogatepass")) < self.MIN_CHARACTERS:
            raise WeakPassphrase(least=self.MIN_CHARACTERS)
        self._salt = secrets.token_bytes(16)
        self._hash = self._of(wanted)
        self.left = self.TRIES

    def __repr__(self) -> str:
        return "Pin()"

    def matches(self, code: str) -> bool:
        """Return whether this is the code; a wrong one leaves one try fewer, a right one all."""
        right = self.left > 0 and secrets.compare_digest(self._of(normalize(code)), self._hash)
        self.left = self.TRIES if right else max(0, self.left - 1)
        return right

    def _of(self, code: bytes) -> bytes:
        return hashlib.blake2b(code, salt=self._salt, digest_size=32).digest()

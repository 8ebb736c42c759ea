"""A short-lived process that joins both shares, opens both ballots and tells the matches.

Run as ``python -m workbook.store.ceremony`` with an empty environment; reads one JSON
object from standard input and prints a JSON list. Nothing else leaves it, and it ends.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from workbook.store.seal import Broken, joined, unpad

BALLOT = 8192
"""Bytes of a ballot, whatever is on it."""


@dataclass(frozen=True, slots=True, repr=False)
class Ceremony:
    """What the process is given."""

    share: bytes
    """The share of whoever asks."""
    box: bytes
    """Secret half of their pair; opens what the partner sealed to them."""
    sealed: bytes
    """The partner's share."""
    ballots: tuple[bytes, bytes]


def matched(given: Ceremony) -> frozenset[str]:
    """Return what is on both ballots.

    Raises:
        Broken: if a share or a ballot does not open.

    """
    try:
        other = SealedBox(PrivateKey(given.box)).decrypt(given.sealed)
        ceremony = SealedBox(PrivateKey(joined(given.share, other)))
        one, two = (_wishes(ceremony.decrypt(ballot)) for ballot in given.ballots)
    except (CryptoError, ValueError, msgspec.DecodeError):
        raise Broken from None
    return one & two


def _wishes(padded: bytes) -> frozenset[str]:
    return msgspec.json.decode(unpad(padded, BALLOT), type=frozenset[str])


def main() -> int:
    """Read, join, print; 1 without a word if anything does not open."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no secret in a core file
    try:
        given = msgspec.json.decode(sys.stdin.buffer.read(), type=Ceremony)
        found = matched(given)
    except (Broken, msgspec.DecodeError):
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(sorted(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A short-lived process that combines both people's key shares and opens the ballots.

The kernel that makes the first request runs ``python -m workbook.store.ballot_process`` with
an empty environment. The process reads that person's share and prints its endpoint: a port
of this computer, and the public half of a key pair whose secret half never leaves it. The
first kernel may end then, as when the screen is handed over. The second kernel seals its
share and both ballots to the public half. The process opens the ballots, answers with the
entries that are on both and with the next round's key pair (each new share sealed to its
owner), and ends. It also ends after its time, with the server, or when the first request is
withdrawn. It has no key of the vault, and reads and writes no file.
"""

from __future__ import annotations

import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from workbook.store.seal import KEY_BYTES, UnsealError, join_shares, seal, unpad, unseal

BALLOT_BYTES = 8192
"""Bytes of a ballot, whatever is on it."""

HOST = "127.0.0.1"

_MAX_MESSAGE_BYTES = 65536
_MESSAGE_TIMEOUT_S = 3
"""Seconds for one message."""
_POLL_INTERVAL_S = 1
"""Seconds between two checks for an end."""
_ASSOCIATED_DATA = "ceremony|v1"


@dataclass(frozen=True, slots=True, repr=False)
class ProcessInput:
    """Input of the process."""

    share: bytes
    """Share of the person who made the first request."""
    seconds: float
    """Seconds to wait for the second request."""
    server: int
    """Process id of the server to end with; 0: none."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address of the process."""

    port: int
    public: bytes


@dataclass(frozen=True, slots=True, repr=False)
class RevealRequest:
    """What the second one asks with."""

    reply: bytes
    """Key for the answer."""
    share: bytes = b""
    """Empty: nobody waits any more."""
    ballots: tuple[bytes, ...] = ()
    boxes: tuple[bytes, ...] = ()
    """Public halves to which the next round's shares are sealed, A's first."""


@dataclass(frozen=True, slots=True)
class NextRound:
    """The round after this one."""

    public: bytes
    shares: tuple[bytes, bytes]
    """A's first, each sealed to its owner."""


@dataclass(frozen=True, slots=True)
class RevealResult:
    """What comes out; nothing else does."""

    both: frozenset[str]
    next: NextRound | None
    """None: a ballot or a share did not open."""


def open_ballots(first: bytes, asked: RevealRequest) -> RevealResult:
    """Open both ballots; return what is on both of them, and the keys of the next round.

    Args:
        first: share of the ceremony's secret key that was left first, 32 bytes.
        asked: the other share, and both ballots.

    Returns:
        No wish and no next round if a ballot or a share does not open.

    """
    try:
        pair = SealedBox(PrivateKey(join_shares(first, asked.share)))
        one, two = (_decode_wishes(pair.decrypt(ballot)) for ballot in asked.ballots)
        return RevealResult(one & two, make_next_round(asked.boxes))
    except (CryptoError, UnsealError, ValueError, msgspec.DecodeError):
        return RevealResult(frozenset(), None)


def make_next_round(boxes: tuple[bytes, ...]) -> NextRound:
    """Return a new pair, its secret half in two shares for the owners of ``boxes``.

    Args:
        boxes: public keys of both people, 32 bytes each, in the order of their seats.

    """
    a, b = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    to_a, to_b = (SealedBox(PublicKey(box)) for box in boxes)
    public = bytes(PrivateKey(join_shares(a, b)).public_key)
    return NextRound(public, (to_a.encrypt(a), to_b.encrypt(b)))


def send_request(door: Endpoint, asked: RevealRequest) -> RevealResult | None:
    """Return the answer of the process behind ``door``; None if nobody is there any more.

    Args:
        door: port and public key of the process that waits.
        asked: what it needs to open the ballots.

    """
    message = SealedBox(PublicKey(door.public)).encrypt(msgspec.json.encode(asked))
    try:
        with socket.create_connection((HOST, door.port), timeout=_MESSAGE_TIMEOUT_S) as line:
            line.sendall(message)
            line.shutdown(socket.SHUT_WR)
            found = unseal(asked.reply, _receive(line), _ASSOCIATED_DATA)
        return msgspec.json.decode(found, type=RevealResult)
    except (OSError, UnsealError, msgspec.DecodeError):
        return None


def _decode_wishes(padded: bytes) -> frozenset[str]:
    return msgspec.json.decode(unpad(padded, BALLOT_BYTES), type=frozenset[str])


def _receive(line: socket.socket) -> bytes:
    """Return all that comes, to the end; what is too long or too slow is cut."""
    found, until = b"", time.monotonic() + _MESSAGE_TIMEOUT_S
    while (
        len(found) <= _MAX_MESSAGE_BYTES
        and time.monotonic() < until
        and (more := line.recv(_MAX_MESSAGE_BYTES))
    ):
        found += more
    return found


def _accept(listener: socket.socket, given: ProcessInput) -> Iterator[socket.socket]:
    """Yield each connection until the time is over or the server has ended.

    Both the monotonic and the wall clock count, so that time asleep counts as well.
    """
    ends = [(clock, clock() + given.seconds) for clock in (time.monotonic, time.time)]
    listener.settimeout(_POLL_INTERVAL_S)
    while all(clock() < end for clock, end in ends) and _is_running(given.server):
        with suppress(OSError):
            line, _ = listener.accept()
            with line:
                line.settimeout(_MESSAGE_TIMEOUT_S)
                yield line


def _is_running(server: int) -> bool:
    if not server:
        return True
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - only with a server

    return bool(psutil.pid_exists(server))


def main() -> int:
    """Wait, join, answer once; 1 without a word if it was given nothing it can read."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no secret in a core file
    try:
        given = msgspec.json.decode(sys.stdin.buffer.read(), type=ProcessInput)
    except msgspec.DecodeError:
        return 1
    pair = PrivateKey.generate()
    opener = SealedBox(pair)
    with socket.create_server((HOST, 0)) as listener:
        door = Endpoint(listener.getsockname()[1], bytes(pair.public_key))
        sys.stdout.buffer.write(msgspec.json.encode(door) + b"\n")
        sys.stdout.buffer.flush()
        for line in _accept(listener, given):
            with suppress(OSError, CryptoError, ValueError, msgspec.DecodeError):
                asked = msgspec.json.decode(opener.decrypt(_receive(line)), type=RevealRequest)
                found = (
                    open_ballots(given.share, asked)
                    if asked.share
                    else RevealResult(frozenset(), None)
                )
                # Only once, whatever comes of it: nobody tries ballot after ballot.
                line.sendall(seal(asked.reply, msgspec.json.encode(found), _ASSOCIATED_DATA))
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

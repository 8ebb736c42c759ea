"""A short-lived process that combines both people's key shares and opens the ballots.

The kernel that makes the first request runs ``python -m workbook.store.ballot_process`` with
an empty environment. The process reads that person's share and what they know of the round,
and prints its endpoint: a port of this computer, and the public half of a key pair whose
secret half never leaves it. The first kernel may end then, as when the screen is handed over.
The second kernel seals its share and the database key to the public half. The process opens
the two ballots that lie in the vault of the first one, writes what is on both of them and the
next round's key pair into it, says that it did, and ends. So nobody learns a match that is
not written for both, and no ballot counts that is not in the vault. It also ends after its
time, with the server, or when the first request is withdrawn. While it waits it has no key
of the vault.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from workbook.domain.errors import ChangedElsewhere, NotSaved, WorkbookError
from workbook.store.ballots import RoundTerms
from workbook.store.memory import forbid_core_dumps
from workbook.store.seal import UnsealError, seal, unseal

HOST = "127.0.0.1"

_MAX_MESSAGE_BYTES = 65536
_MESSAGE_TIMEOUT_S = 3
"""Seconds for one message."""
_ANSWER_TIMEOUT_S = 15
"""Seconds until the answer: the round is written before."""
_POLL_INTERVAL_S = 1
"""Seconds between two checks for an end."""
_ASSOCIATED_DATA = "ceremony|v1"


@dataclass(frozen=True, slots=True, repr=False)
class ProcessInput:
    """Input of the process."""

    share: bytes
    """Share of the person who made the first request."""
    box: bytes
    """Public half to which that person's share of the next round is sealed."""
    folder: str
    """The vault's folder."""
    terms: RoundTerms
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
    """What the kernel of the second request sends."""

    reply: bytes
    """Key for the answer."""
    share: bytes = b""
    """Empty: the first request was withdrawn."""
    database: bytes = b""
    """Key of the database."""
    box: bytes = b""
    """Public half to which the share of the second person in the next round is sealed."""


class RevealResult(Enum):
    """Result that the process returns; the matches are in the vault and nowhere else."""

    OPENED = "opened"
    CHANGED = "changed"
    """A ballot, the round or the request is not in the vault as the first one left it."""
    DAMAGED = "damaged"
    """A ballot or a share did not open, or a ballot was not its owner's."""
    NOT_SAVED = "not_saved"
    """The disk refused."""


def open_and_write(given: ProcessInput, request: bytes, asked: RevealRequest) -> RevealResult:
    """Open both ballots and write what is on both into the vault.

    Args:
        given: input of the process.
        request: the bytes that identify the first request.
        asked: the second request.

    """
    # Only now: SQLAlchemy would be most of the memory of a process that waits.
    from workbook.store.keyring import Keys  # noqa: PLC0415
    from workbook.store.rounds import open_round  # noqa: PLC0415
    from workbook.store.unlocked import UnlockedVault  # noqa: PLC0415

    seat = given.terms.seat
    try:
        with UnlockedVault(Path(given.folder), seat, Keys(asked.database, b"", b"")) as vault:
            open_round(
                vault,
                given.terms,
                request,
                shares=(given.share, asked.share),
                boxes={seat: given.box, seat.other: asked.box},
            )
    except ChangedElsewhere:
        return RevealResult.CHANGED
    except NotSaved:
        return RevealResult.NOT_SAVED
    except (WorkbookError, ValueError):
        return RevealResult.DAMAGED
    return RevealResult.OPENED


def send_request(endpoint: Endpoint, asked: RevealRequest) -> RevealResult | None:
    """Return the answer of the process at ``endpoint``; None if it has ended.

    Args:
        endpoint: port and public key of the process that waits.
        asked: what it needs to open the ballots and to write what is on both.

    """
    message = SealedBox(PublicKey(endpoint.public)).encrypt(msgspec.json.encode(asked))
    try:
        with socket.create_connection((HOST, endpoint.port), timeout=_MESSAGE_TIMEOUT_S) as peer:
            peer.sendall(message)
            peer.shutdown(socket.SHUT_WR)
            peer.settimeout(_ANSWER_TIMEOUT_S)
            found = unseal(asked.reply, _receive(peer, _ANSWER_TIMEOUT_S), _ASSOCIATED_DATA)
        return msgspec.json.decode(found, type=RevealResult)
    except (OSError, UnsealError, msgspec.DecodeError):
        return None


def _receive(peer: socket.socket, seconds: float = _MESSAGE_TIMEOUT_S) -> bytes:
    """Return all that comes, to the end; what is too long or too slow is cut."""
    found, until = b"", time.monotonic() + seconds
    while (
        len(found) <= _MAX_MESSAGE_BYTES
        and time.monotonic() < until
        and (more := peer.recv(_MAX_MESSAGE_BYTES))
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
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(_MESSAGE_TIMEOUT_S)
                yield peer


def _is_running(server: int) -> bool:
    if not server:
        return True
    import psutil  # type: ignore[import-untyped]  # noqa: PLC0415 - only with a server

    return bool(psutil.pid_exists(server))


def main() -> int:
    """Wait, join, answer once; 1 without a word if it was given nothing it can read."""
    forbid_core_dumps()
    try:
        given = msgspec.json.decode(sys.stdin.buffer.read(), type=ProcessInput)
    except msgspec.DecodeError:
        return 1
    pair = PrivateKey.generate()
    opener = SealedBox(pair)
    with socket.create_server((HOST, 0)) as listener:
        endpoint = Endpoint(listener.getsockname()[1], bytes(pair.public_key))
        sys.stdout.buffer.write(msgspec.json.encode(endpoint) + b"\n")
        sys.stdout.buffer.flush()
        for peer in _accept(listener, given):
            with suppress(OSError, CryptoError, ValueError, msgspec.DecodeError):
                asked = msgspec.json.decode(opener.decrypt(_receive(peer)), type=RevealRequest)
                found = RevealResult.CHANGED
                if asked.share:
                    found = open_and_write(given, endpoint.public, asked)
                # Only once, whatever comes of it, an answer that does not arrive as well:
                # nobody tries ballot after ballot.
                with suppress(OSError):
                    peer.sendall(seal(asked.reply, msgspec.json.encode(found), _ASSOCIATED_DATA))
                return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

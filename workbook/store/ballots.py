"""Sealed ballots: what one person wishes for, signed by them for one round.

A ballot opens only with both people's shares of the round's secret key. Its seat and its
signature are inside, so that no ballot counts for another person or another round.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from nacl.bindings import crypto_sign_BYTES
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from workbook.domain.errors import DamagedVault, InvalidAnswer
from workbook.domain.seats import Seat
from workbook.store.seal import KEY_BYTES, UnsealError, join_shares, pad, unpad

BALLOT_BYTES = 8192
"""Bytes of a ballot before it is sealed, whatever is on it."""


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """What the person who asks first knows of the round, and holds the process to."""

    evening: str
    """Id of the evening."""
    on: date
    """The day on which the round is opened."""
    number: int
    public: bytes
    """Public half of the round's key pair; no other round has it."""
    seat: Seat
    """Who asked first."""
    ballot: bytes
    """``digest_ballot`` of that person's ballot."""
    signing: tuple[bytes, bytes]
    """Public halves of both people's signing keys, A's first."""


@dataclass(frozen=True, slots=True)
class NextRound:
    """The round after this one."""

    public: bytes
    shares: tuple[bytes, bytes]
    """A's first, each sealed to its owner."""


@dataclass(frozen=True, slots=True)
class _BallotContent:
    """What is signed, beside the round."""

    seat: Seat
    wishes: frozenset[str]


def seal_ballot(key: SigningKey, seat: Seat, public: bytes, wishes: frozenset[str]) -> bytes:
    """Return a ballot that only both people together open; its length is always the same.

    Args:
        key: the signing key of its owner.
        seat: whose ballot it is.
        public: public half of the round's key pair.
        wishes: keys of what this person wishes for.

    Raises:
        InvalidAnswer: if it is longer than a ballot can be.

    """
    content = msgspec.json.encode(_BallotContent(seat, wishes), order="deterministic")
    signed = key.sign(_signed_bytes(public, content)).signature + content
    if len(signed) >= BALLOT_BYTES:
        raise InvalidAnswer(field="wishes")
    return SealedBox(PublicKey(public)).encrypt(pad(signed, BALLOT_BYTES))


def digest_ballot(ballot: bytes) -> bytes:
    """Return what names one sealed ballot."""
    return hashlib.sha256(ballot).digest()


def match_ballots(
    terms: RoundTerms, shares: tuple[bytes, bytes], ballots: Mapping[Seat, bytes]
) -> frozenset[str]:
    """Return what is on both ballots.

    Args:
        terms: the round.
        shares: both shares of the round's secret key.
        ballots: the ballot of each person.

    Raises:
        DamagedVault: if a share or a ballot does not open, or a ballot is not signed by the
            person in whose place it lies, for this round.

    """
    try:
        opener = SealedBox(PrivateKey(join_shares(*shares)))
        one, two = (_open_ballot(opener, terms, seat, ballots[seat]) for seat in Seat)
    except (CryptoError, UnsealError, ValueError, msgspec.DecodeError):
        raise DamagedVault from None
    return one & two


def make_next_round(boxes: Mapping[Seat, bytes]) -> NextRound:
    """Return a new pair, its secret half in two shares for the owners of ``boxes``.

    Args:
        boxes: public keys of both people, 32 bytes each.

    """
    a, b = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    to_a, to_b = (SealedBox(PublicKey(boxes[seat])) for seat in Seat)
    public = bytes(PrivateKey(join_shares(a, b)).public_key)
    return NextRound(public, (to_a.encrypt(a), to_b.encrypt(b)))


def _open_ballot(
    opener: SealedBox[PrivateKey], terms: RoundTerms, seat: Seat, ballot: bytes
) -> frozenset[str]:
    opened = unpad(opener.decrypt(ballot), BALLOT_BYTES)
    signature, content = opened[:crypto_sign_BYTES], opened[crypto_sign_BYTES:]
    key = terms.signing[0 if seat is Seat.A else 1]
    VerifyKey(key).verify(_signed_bytes(terms.public, content), signature)
    said = msgspec.json.decode(content, type=_BallotContent)
    if said.seat is not seat:
        raise ValueError("a ballot in the place of another person's")
    return said.wishes


def _signed_bytes(public: bytes, content: bytes) -> bytes:
    return b"ballot|v2|" + public + content

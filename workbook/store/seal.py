"""Cryptography in a few lines over PyNaCl: sealing under a key, padding, keys from a key."""

from __future__ import annotations

import hashlib
import secrets

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    sodium_pad,
    sodium_unpad,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.signing import SigningKey

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16


class UnsealError(Exception):
    """A box that this key and this purpose do not open. Never leaves the store."""


def seal(key: bytes, content: bytes, purpose: str) -> bytes:
    """Return nonce, content and tag: XChaCha20-Poly1305, bound to ``purpose``.

    Args:
        key: 32 bytes.
        content: any bytes.
        purpose: associated data; the same is needed to unseal.

    Returns:
        24 bytes of nonce, the encrypted content, and 16 bytes of tag.

    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(content, purpose.encode(), nonce, key)


def unseal(key: bytes, box: bytes, purpose: str) -> bytes:
    """Return the content that was sealed.

    Args:
        key: 32 bytes.
        box: what ``seal`` returned.
        purpose: what ``seal`` was given.

    Raises:
        UnsealError: if key or purpose differs, or the box was altered.

    """
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            box[NONCE_BYTES:], purpose.encode(), box[:NONCE_BYTES], key
        )
    except (CryptoError, ValueError, TypeError):
        raise UnsealError from None


def pad(content: bytes, block: int) -> bytes:
    """Return ``content`` filled up to the next multiple of ``block`` bytes, at least one byte.

    Args:
        content: any bytes.
        block: length in bytes that the result is a multiple of.

    """
    return sodium_pad(content, block)


def unpad(content: bytes, block: int) -> bytes:
    """Return the content that was padded.

    Args:
        content: what ``pad`` returned.
        block: what ``pad`` was given, in bytes.

    Raises:
        UnsealError: if the padding is damaged.

    """
    try:
        return sodium_unpad(content, block)
    except CryptoError:
        raise UnsealError from None


def derive_key(key: bytes, purpose: str, content: str = "") -> bytes:
    """Return a key for one purpose, derived from ``key``.

    Args:
        key: 32 bytes.
        purpose: at most 16 ASCII characters.
        content: text from which the new key is derived as well.

    Returns:
        32 bytes.

    """
    made = hashlib.blake2b(
        content.encode(), digest_size=KEY_BYTES, key=key, person=purpose.encode()
    )
    return made.digest()


def share_key_pair(own: bytes) -> PrivateKey:
    """Return a person's pair for receiving ceremony shares."""
    return PrivateKey(derive_key(own, "share-box-v1"))


def signing_key(own: bytes) -> SigningKey:
    """Return the key with which a person signs."""
    return SigningKey(derive_key(own, "signing-v1"))


def join_shares(one: bytes, other: bytes) -> bytes:
    """Return the exclusive or of two byte strings of the same length.

    Args:
        one: bytes.
        other: as many bytes.

    Raises:
        ValueError: if their lengths differ.

    """
    return bytes(a ^ b for a, b in zip(one, other, strict=True))

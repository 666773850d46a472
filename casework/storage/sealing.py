"""Bytes sealed with AES-256-GCM, each bound to a label that says what they are."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_TAG_BYTES = 16
# By how much what is sealed is longer than what is in it.
SEALED_MORE = _NONCE_BYTES + _TAG_BYTES


def derive(secret: bytes, purpose: bytes) -> bytes:
    """A key of 32 bytes for this purpose alone. The secret is random already, so nothing slow is needed."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"casework/" + purpose).derive(secret)


def seal(key: bytes, content: bytes, label: bytes) -> bytes:
    """The content encrypted with AES-256-GCM and bound to its label."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, label)


def unseal(key: bytes, sealed: bytes, label: bytes) -> bytes:
    """The content that was sealed under this label.

    Raises ValueError when it was altered, cut short or sealed with another key.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label)
    except (InvalidTag, ValueError):
        raise ValueError("This file was altered or belongs to another key.") from None

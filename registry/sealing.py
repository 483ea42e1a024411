"""Small secrets at rest: sealed with AES-GCM for one purpose, each bound to the number of what it belongs to.

Layout: a format byte, a nonce of 12 bytes, cipher text with its tag. Beside it stands the id of the key.
"""

import os
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .key_ring import KeyRing
from .sealing_key import SealingKey

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORMAT) + _NONCE_BYTES


@dataclass(frozen=True, slots=True)
class Sealing:
    """For one purpose: what it seals is opened for no other one."""

    purpose: str

    def seal(self, key: SealingKey, owner: int, text: bytes) -> bytes:
        """`text`, readable only with `key`, and only as a secret of `owner`."""
        return self._sealed(key, owner, os.urandom(_NONCE_BYTES), text)

    def open(self, keys: KeyRing, owner: int, sealed: bytes) -> tuple[SealingKey, bytes] | None:
        """The key that opens `sealed`, and what is in it; None where none of `keys`, or another owner, is what it was
        sealed with."""
        for key in keys.keys:
            try:
                nonce, text = sealed[len(_FORMAT) : _HEAD_BYTES], sealed[_HEAD_BYTES:]
                return key, AESGCM(key.derive(self.purpose)).decrypt(nonce, text, _bound_to(owner))
            except (InvalidTag, ValueError):
                continue
        return None

    def reseal(self, keys: KeyRing, owner: int, sealed: bytes) -> tuple[bytes, SealingKey] | None:
        """The same sealed with the key in force, and the key that opened it; None as `open` says.

        It keeps its nonce (under another key that is a new one), so that `is_same` knows it again.
        """
        opened = self.open(keys, owner, sealed)
        if opened is None:
            return None
        by, text = opened
        return self._sealed(keys.current, owner, sealed[len(_FORMAT) : _HEAD_BYTES], text), by

    def _sealed(self, key: SealingKey, owner: int, nonce: bytes, text: bytes) -> bytes:
        return _FORMAT + nonce + AESGCM(key.derive(self.purpose)).encrypt(nonce, text, _bound_to(owner))


def is_same(one: bytes | None, other: bytes | None) -> bool:
    """Whether two sealed secrets of one owner are the same, whatever keys they are sealed with."""
    return (one and one[:_HEAD_BYTES]) == (other and other[:_HEAD_BYTES])


def _bound_to(owner: int) -> bytes:
    return owner.to_bytes(4, "big")

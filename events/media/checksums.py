"""Checksums of what is stored: SHA-256, in hexadecimal."""

import hashlib
from typing import BinaryIO, Final, Protocol

_PIECE_BYTES: Final = 1 << 20


class _Opens(Protocol):
    def open(self, key: str) -> BinaryIO: ...


def sha256_of(blobs: _Opens, key: str) -> str:
    """The SHA-256 of a blob, read as a whole. Raises what opening it raises, and `Unavailable` while reading."""
    with blobs.open(key) as source:
        return digest_of(source, "sha256")


def digest_of(source: BinaryIO, name: str) -> str:
    """The digest of that name of all that `source` holds, in hexadecimal."""
    source.seek(0)
    digest = hashlib.new(name, usedforsecurity=False)
    while piece := source.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()

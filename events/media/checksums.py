"""Checksums of what is stored: SHA-256, in hexadecimal."""

import hashlib
from typing import BinaryIO, Protocol


class _Opens(Protocol):
    def open(self, key: str) -> BinaryIO: ...


def sha256_of(blobs: _Opens, key: str) -> str:
    """The SHA-256 of a blob, read as a whole. Raises what opening it raises, and `Unavailable` while reading."""
    with blobs.open(key) as source:
        return hashlib.file_digest(source, "sha256").hexdigest()

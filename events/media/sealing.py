"""Sealed streams: encrypted in chunks, so that any part of one can be read, and no change of one goes unseen.

Layout: a header (magic, version, chunk size, 16 random bytes), then chunks of 64 kB of plain text, each sealed with
AES-256-GCM (RFC 5116: cipher text, then a tag of 16 bytes). Every stream has a key of its own, derived with HKDF
(RFC 5869) from the master key and the header's random bytes, so that a nonce can be the chunk's number. The associated
data bind a chunk to the stream's name, to its place, and to being the last one or not (the idea of STREAM; Hoang,
Reyhanitabar, Rogaway, Vizár 2015): cutting off, reordering, swapping between streams and renaming are all detected.
"""

import io
import os
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import SharpEyesError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
_SEALED_CHUNK_BYTES = CHUNK_BYTES + _TAG_BYTES
_MAGIC = b"SESEAL"
_VERSION = 1
_HEADER = struct.Struct(">6sBxI16s")
_MASTER_KEY_BYTES = 32


class SealBroken(SharpEyesError):
    """A sealed stream is not what was sealed: changed, cut off, renamed, or sealed with another key."""


class SealedWriter(io.BufferedWriter):
    """A write-only binary file that seals what is written to it into `sink`, in memory of two chunks.

    `close` (or the end of its context) writes the last chunk: a stream without it is refused by `SealedReader`.
    `sink` stays open. What `sink.write` raises is passed on.
    """

    def __init__(self, sink: BinaryIO, key: bytes, name: str) -> None:
        """`key`: the master key for this purpose, 32 bytes; `name`: what the stream is called, its blob's key."""
        super().__init__(_SealingSink(sink, _Cipher(key, name, os.urandom(16))), CHUNK_BYTES)


class SealedReader(io.BufferedReader):
    """A seekable binary file that opens what a `SealedWriter` sealed under the same key and name.

    Opening checks the last chunk, reading checks each chunk before any of it is given out; both raise `SealBroken`.
    Closing it closes `source`.
    """

    def __init__(self, source: BinaryIO, key: bytes, name: str) -> None:
        cipher = _Cipher(key, name, _read_header(source, name))
        super().__init__(_OpeningSource(source, cipher), CHUNK_BYTES)


def open_sealed(source: BinaryIO, keys: Sequence[bytes], name: str) -> SealedReader:
    """A reader of what a `SealedWriter` sealed under one of `keys`, which are tried in turn.

    Raises `SealBroken` where none of them opens its last chunk; `source` stays open then.
    """
    for key in keys[:-1]:
        try:
            return SealedReader(source, key, name)
        except SealBroken:
            continue
    return SealedReader(source, keys[-1], name)


class _SealingSink(io.RawIOBase):
    def __init__(self, sink: BinaryIO, cipher: "_Cipher") -> None:
        self._sink = sink
        self._cipher = cipher
        self._waiting = bytearray()
        self._chunks = 0
        self._fault: BaseException | None = None
        """Why a chunk was lost, if one was."""

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        fresh = memoryview(data).cast("B")
        for start in range(0, len(fresh), CHUNK_BYTES):
            self._waiting += fresh[start : start + CHUNK_BYTES]
            # A full chunk waits until more comes, since only then it is known not to be the last.
            if len(self._waiting) > CHUNK_BYTES:
                self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
                del self._waiting[:CHUNK_BYTES]
        return len(fresh)

    def close(self) -> None:
        if self.closed:
            return
        try:
            # A stream that lost a chunk on the way gets no end, so that nobody takes it for whole.
            if self._fault is None:
                self._put(bytes(self._waiting), last=True)
        finally:
            super().close()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        if self._fault is not None:
            why = self._fault.outside if isinstance(self._fault, SharpEyesError) else type(self._fault).__name__
            raise SealBroken(
                f"sealed stream {self._cipher.name} lost a chunk before, and cannot be gone on with: {why}"
            ) from self._fault
        try:
            if self._chunks == 0:
                self._sink.write(self._cipher.header)
            self._sink.write(self._cipher.seal(chunk, self._chunks, last=last))
        except BaseException as error:
            self._fault = error
            raise
        self._chunks += 1


class _OpeningSource(io.RawIOBase):
    def __init__(self, source: BinaryIO, cipher: "_Cipher") -> None:
        self._is_open = False
        self._source = source
        self._cipher = cipher
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        body = source.seek(0, os.SEEK_END) - _HEADER.size
        self._chunks = -(-body // _SEALED_CHUNK_BYTES)
        self._length = body - self._chunks * _TAG_BYTES
        if self._length < (self._chunks - 1) * CHUNK_BYTES or self._chunks == 0:
            raise SealBroken(f"sealed stream {cipher.name} is cut off: its last chunk is not whole")
        self._chunk(self._chunks - 1)
        self._is_open = True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        if start + offset < 0:
            raise ValueError(f"cannot seek to {start + offset}, before the start of {self._cipher.name}")
        self._at = start + offset
        return self._at

    def readinto(self, target: "WriteableBuffer") -> int:
        view = memoryview(target).cast("B")
        if self._at >= self._length:
            return 0
        number, within = divmod(self._at, CHUNK_BYTES)
        part = self._chunk(number)[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        # One that could not be opened leaves its source to others, who may try another key.
        if not self.closed and self._is_open:
            self._source.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._source.seek(_HEADER.size + number * _SEALED_CHUNK_BYTES)
            sealed = self._source.read(_SEALED_CHUNK_BYTES)
            self._held = number, self._cipher.open(sealed, number, last=number == self._chunks - 1)
        return self._held[1]


class _Cipher:
    """Seals and opens the chunks of one stream."""

    def __init__(self, key: bytes, name: str, salt: bytes) -> None:
        if len(key) != _MASTER_KEY_BYTES:
            raise ValueError(f"a sealing key has {_MASTER_KEY_BYTES} bytes, not {len(key)}")
        self.header = _HEADER.pack(_MAGIC, _VERSION, CHUNK_BYTES, salt)
        self.name = name
        own_key = HKDF(SHA256(), length=32, salt=salt, info=b"sharp-eyes sealed stream 1").derive(key)
        self._gcm = AESGCM(own_key)

    def seal(self, chunk: bytes, number: int, *, last: bool) -> bytes:
        return self._gcm.encrypt(_nonce(number), chunk, self._bound(number, last))

    def open(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        try:
            return self._gcm.decrypt(_nonce(number), sealed, self._bound(number, last))
        except InvalidTag as error:
            raise SealBroken(
                f"chunk {number} of sealed stream {self.name} was changed or cut off, or its name or key is another"
            ) from error

    def _bound(self, number: int, last: bool) -> bytes:
        return self.header + struct.pack(">Q?", number, last) + self.name.encode()


def _read_header(source: BinaryIO, name: str) -> bytes:
    """The random bytes in the header of `source`."""
    source.seek(0)
    header = source.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise SealBroken(f"{name} is no sealed stream: it does not begin with a header of {_HEADER.size} bytes")
    _, version, chunk_bytes, salt = _HEADER.unpack(header)
    if (version, chunk_bytes) != (_VERSION, CHUNK_BYTES):
        raise SealBroken(
            f"sealed stream {name} has version {version} and chunks of {chunk_bytes} bytes; "
            f"expected version {_VERSION} and {CHUNK_BYTES}"
        )
    return bytes(salt)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)

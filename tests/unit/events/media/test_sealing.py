"""Sealed streams."""

import io
import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unavailable
from events.media.sealing import CHUNK_BYTES, SealBroken, SealedReader, SealedWriter, open_sealed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

KEY = bytes(range(32))
NAME = "2026/01/31/7/123-4-original.mp4.sealed"
HEADER = 28
SEALED_CHUNK = CHUNK_BYTES + 16


def _seal(content: bytes, *, key: bytes = KEY, name: str = NAME, step: int = 10_000) -> bytes:
    sink = io.BytesIO()
    with SealedWriter(sink, key, name) as writer:
        for start in range(0, len(content), step):
            writer.write(content[start : start + step])
    return sink.getvalue()


def _open(sealed: bytes, *, key: bytes = KEY, name: str = NAME) -> SealedReader:
    return SealedReader(io.BytesIO(sealed), key, name)


def _content(length: int) -> bytes:
    return bytes(i * 31 % 251 for i in range(length))


THREE_CHUNKS = _content(2 * CHUNK_BYTES + 1000)


@pytest.mark.parametrize(
    "length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
def test_what_was_sealed_is_read_again(length: int) -> None:
    assert _open(_seal(_content(length))).read() == _content(length)


@pytest.mark.parametrize("step", [1, 999, CHUNK_BYTES, 5 * CHUNK_BYTES])
def test_it_does_not_matter_in_which_pieces_it_was_written(step: int) -> None:
    content = _content(CHUNK_BYTES + 5) if step == 1 else THREE_CHUNKS
    assert _open(_seal(content, step=step)).read() == content


@given(st.lists(st.tuples(st.integers(0, len(THREE_CHUNKS) + 10), st.integers(0, 70_000)), min_size=1, max_size=6))
def test_any_part_reads_as_from_the_open_file(parts: list[tuple[int, int]]) -> None:
    reader, plain = _open(SEALED_THREE), io.BytesIO(THREE_CHUNKS)
    for start, length in parts:
        assert reader.seek(start) == plain.seek(start)
        assert reader.read(length) == plain.read(length)
        assert reader.tell() == plain.tell()


def test_seeking_counts_from_the_end_too() -> None:
    reader = _open(SEALED_THREE)
    assert reader.seek(-10, io.SEEK_END) == len(THREE_CHUNKS) - 10
    assert reader.read() == THREE_CHUNKS[-10:]


def test_nothing_of_the_content_shows() -> None:
    content = b"a face, a face, a face, a face! " * 4_096
    assert b"a face" not in _seal(content)


def test_the_same_content_is_never_sealed_the_same_way() -> None:
    first, second = _seal(THREE_CHUNKS), _seal(THREE_CHUNKS)
    assert first[HEADER : HEADER + 32] != second[HEADER : HEADER + 32]


def _flip(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _chunk(sealed: bytes, number: int) -> bytes:
    return sealed[HEADER + number * SEALED_CHUNK :][:SEALED_CHUNK]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the first chunk": lambda s: _flip(s, HEADER + 5),
    "a bit of a tag": lambda s: _flip(s, HEADER + SEALED_CHUNK - 1),
    "a bit of the last chunk": lambda s: _flip(s, len(s) - 20),
    "a bit of the header's random bytes": lambda s: _flip(s, HEADER - 1),
    "the last chunk missing": lambda s: s[: HEADER + 2 * SEALED_CHUNK],
    "the last byte missing": lambda s: s[:-1],
    "only the header": lambda s: s[:HEADER],
    "less than the header": lambda s: s[: HEADER - 1],
    "nothing": lambda s: b"",
    "a byte more": lambda s: s + b"\0",
    "less than a tag at the end": lambda s: s[: HEADER + 2 * SEALED_CHUNK + 9],
    "two chunks swapped": lambda s: s[:HEADER] + _chunk(s, 1) + _chunk(s, 0) + _chunk(s, 2),
    "a chunk twice": lambda s: s[:HEADER] + _chunk(s, 0) + _chunk(s, 0) + _chunk(s, 2),
    "the first chunk missing": lambda s: s[:HEADER] + _chunk(s, 1) + _chunk(s, 2),
    "a chunk of another stream": lambda s: s[:HEADER] + _chunk(s, 0) + _chunk(_seal(THREE_CHUNKS), 1) + _chunk(s, 2),
    "the header of another stream": lambda s: _seal(THREE_CHUNKS)[:HEADER] + s[HEADER:],
    "a version of the future": lambda s: s[:6] + b"\x02" + s[7:],
    "another chunk size": lambda s: _flip(s, 10),
    "another kind of file": lambda s: b"\0\0\0\x18ftypmp42" + s[12:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_change_is_seen(damage: str) -> None:
    with pytest.raises(SealBroken, match=NAME):
        _open(DAMAGES[damage](SEALED_THREE)).read()


def test_cutting_off_whole_chunks_is_seen_at_opening() -> None:
    with pytest.raises(SealBroken, match="chunk 1"):
        _open(SEALED_THREE[: HEADER + 2 * SEALED_CHUNK])


def test_a_damaged_chunk_does_not_keep_the_others_from_being_read() -> None:
    reader = _open(_flip(SEALED_THREE, HEADER + 5))
    reader.seek(CHUNK_BYTES)
    assert reader.read() == THREE_CHUNKS[CHUNK_BYTES:]


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        _open(SEALED_THREE, key=bytes(32))


def test_a_stream_that_was_renamed_does_not_open() -> None:
    with pytest.raises(SealBroken):
        _open(SEALED_THREE, name="2026/01/31/8/124-4-original.mp4.sealed")


def test_a_key_of_another_length_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 5") as raised:
        SealedWriter(io.BytesIO(), b"12345", NAME)
    assert "12345" not in str(raised.value)


def _write_on(writer: SealedWriter, step: int) -> None:
    for start in range(0, 5 * CHUNK_BYTES, step):
        writer.write(_content(5 * CHUNK_BYTES)[start : start + step])


@pytest.mark.parametrize("step", [10_000, CHUNK_BYTES])
def test_a_stream_that_lost_a_chunk_is_not_gone_on_with(step: int) -> None:
    sink = _FailsOnce()
    writer = SealedWriter(sink, KEY, NAME)
    with pytest.raises(Unavailable):
        _write_on(writer, step)
    with pytest.raises(SealBroken, match=r"lost a chunk before.*the disk is full"):
        writer.close()

    assert writer.closed
    with pytest.raises(SealBroken):
        _open(sink.getvalue()).read()


def test_a_stream_that_lost_a_chunk_gets_no_end() -> None:
    sink = _FailsOnce()
    with pytest.raises(Unavailable), SealedWriter(sink, KEY, NAME) as writer:
        writer.write(_content(5 * CHUNK_BYTES))

    with pytest.raises(SealBroken):
        _open(sink.getvalue()).read()


def test_sealing_takes_flat_memory() -> None:
    piece = bytes(1 << 20)
    tracemalloc.start()
    with SealedWriter(_Nowhere(), KEY, NAME) as writer:
        for _ in range(30):
            writer.write(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * CHUNK_BYTES


class _Nowhere(io.BytesIO):
    def write(self, data: "ReadableBuffer") -> int:
        return memoryview(data).nbytes


class _FailsOnce(io.BytesIO):
    """Refuses its third write (header, chunk, chunk), as a full disk does that has room again later."""

    writes = 0

    def write(self, data: "ReadableBuffer") -> int:
        self.writes += 1
        if self.writes == 3:
            raise Unavailable("the disk is full")
        return super().write(data)


SEALED_THREE = _seal(THREE_CHUNKS)


def test_what_a_former_key_sealed_is_opened_by_trying_them_all() -> None:
    source = io.BytesIO(_seal(THREE_CHUNKS, key=bytes(32)))
    with open_sealed(source, (KEY, bytes(32)), NAME) as opened:
        assert opened.read() == THREE_CHUNKS
    assert source.closed


def test_what_no_key_opens_is_refused_and_its_source_stays_open() -> None:
    source = io.BytesIO(_seal(THREE_CHUNKS, key=bytes(32)))
    with pytest.raises(SealBroken, match="its name or key is another"):
        open_sealed(source, (KEY, b"x" * 32), NAME)
    assert not source.closed

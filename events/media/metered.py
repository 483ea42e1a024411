"""A sink that asks for room before it writes."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from core.errors import Unavailable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Metered(io.RawIOBase):
    """Write-only, from start to end. `sink` is set before the first writing, and stays open."""

    sink: BinaryIO

    def __init__(self, make_room: Callable[[int], None]) -> None:
        """`make_room` takes the bytes that are to be written, and raises where there is no room for them."""
        self._make_room = make_room
        self.taken = 0
        """Bytes that room was made for."""
        self.is_without_room = False
        self.is_refused = False
        """The sink itself took no more: its disk is full, or fails."""

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        length = memoryview(data).nbytes
        try:
            self._make_room(length)
        except Unavailable:
            self.is_without_room = True
            raise
        self.taken += length
        try:
            return self.sink.write(data)
        except Unavailable:
            self.is_refused = True
            raise

    def flush(self) -> None:
        if not self.closed and hasattr(self, "sink"):
            self.sink.flush()

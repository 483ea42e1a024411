"""Which cameras are being decoded right now, in a file that outlives a crash.

libav can take the whole worker down. A mark is a camera's number in a shared mapping, set before each call into the
decoder and cleared after it (0.3 us), so that whoever finds the body knows which pictures it was holding.
"""

import mmap
import struct
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from core.errors import Unavailable
from core.ids import CameraId

SLOTS = 4096
_NUMBER = struct.Struct("<I")


class DecodingMarks(AbstractContextManager["DecodingMarks"]):
    """The marks of one worker: a slot for each reader."""

    def __init__(self, path: Path) -> None:
        """Begin with no marks. `path` is made where it is missing. Raises `Unavailable` where it cannot be."""
        try:
            # Written in full: a hole that the disk has no room for later ends the process when it is written to.
            path.write_bytes(bytes(SLOTS * _NUMBER.size))
            with path.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), 0)
        except OSError as error:
            raise Unavailable(f"the marks of decoding {path} cannot be made: {error.strerror}") from error
        self._free = list(range(SLOTS - 1, -1, -1))

    def of(self, camera: CameraId) -> "DecodingMark":
        """The mark of a reader of `camera`. Raises `Unavailable` when all 4096 slots are taken."""
        if not self._free:
            raise Unavailable(f"one worker reads at most {SLOTS} cameras", hint="run another worker")
        return DecodingMark(self._map, self._free.pop(), camera)

    def give_back(self, mark: "DecodingMark") -> None:
        mark.end()
        self._free.append(mark.slot)

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        # Readers may still be inside a call that could not be interrupted: the mapping is left to the process's end.
        self._map.flush()


class DecodingMark:
    """One reader's slot. Used by one thread at a time."""

    def __init__(self, marks: mmap.mmap, slot: int, camera: CameraId) -> None:
        self._marks = marks
        self.slot = slot
        self._camera = camera

    def begin(self) -> None:
        _NUMBER.pack_into(self._marks, self.slot * _NUMBER.size, self._camera)

    def end(self) -> None:
        _NUMBER.pack_into(self._marks, self.slot * _NUMBER.size, 0)


def marked_cameras(path: Path) -> list[CameraId]:
    """The cameras that were being decoded when the worker that owned `path` died."""
    try:
        numbers = {number for (number,) in _NUMBER.iter_unpack(path.read_bytes())}
    except FileNotFoundError:
        return []
    return [CameraId(number) for number in sorted(numbers - {0})]


def clear_marks(path: Path) -> None:
    """Take all marks out of the file of a worker that is dead, if there is one."""
    if path.exists():
        path.write_bytes(bytes(SLOTS * _NUMBER.size))

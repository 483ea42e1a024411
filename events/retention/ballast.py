"""A file that takes room so that there is some when it is needed.

Removing a picture takes a transaction, and a transaction takes room: on a disk without a free byte nothing could be
removed. Then the ballast is given up first.
"""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

_BLOCK: Final = bytes(1 << 16)
_LARGEST_SHARE: Final = 16


@dataclass(frozen=True, slots=True)
class Disk:
    """What a disk has, in bytes."""

    total: int
    free: int
    """For this user."""


def disk_of(folder: Path) -> Disk:
    """The disk that `folder` lies on. Raises `OSError`."""
    state = os.statvfs(folder)
    return Disk(state.f_blocks * state.f_frsize, state.f_bavail * state.f_frsize)


class Ballast:
    """The file `ballast` of a data folder. For one process at a time; any thread of it."""

    def __init__(self, folder: Path, size: int, disk: Callable[[Path], Disk] = disk_of) -> None:
        """`size` in bytes; no more than a 16th of the disk is taken."""
        self._folder = folder
        self._path = folder / "ballast"
        self._size = size
        self._disk = disk
        self._is_told = False
        """That it cannot be made."""

    def make(self, spare: int) -> bool:
        """Make the file, where it is not there and the disk has `spare` bytes more than that takes. Whether it is there
        now."""
        try:
            disk = self._disk(self._folder)
            size = min(self._size, disk.total // _LARGEST_SHARE)
            if size == 0:
                self._path.unlink(missing_ok=True)
                return False
            if self._path.exists() and self._path.stat().st_size == size:
                return True
            if disk.free < size + spare:
                return self._path.exists()
            self._write(size)
        except OSError as error:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            if not self._is_told:
                _log.warning("%s cannot be made, so that a full disk stays full: %s", self._path, error.strerror)
            self._is_told = True
            return False
        return True

    def missing(self, total: int) -> int:
        """How many bytes of a disk of `total` it would take, where it is not there and can be made."""
        return 0 if self._is_told or self._path.exists() else min(self._size, total // _LARGEST_SHARE)

    def give_up(self) -> bool:
        """Give the room back. False where it was given back before."""
        try:
            self._path.unlink()
        except OSError:
            return False
        _log.warning("the disk of %s is full: the ballast is given up, so that room can be made", self._folder)
        return True

    def _write(self, size: int) -> None:
        """Bytes that are there: a file with holes would take no room."""
        descriptor = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            left = size
            while left:
                left -= os.write(descriptor, _BLOCK[:left])
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

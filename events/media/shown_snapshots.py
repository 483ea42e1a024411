"""Stored snapshots as they may be shown: with what is a privacy area today black, whenever they were taken."""

import io
from collections import OrderedDict
from threading import Lock
from typing import BinaryIO, Final

from .blackout import Areas, areas_mark, black_out_jpeg
from .blobs import Blobs

_MOST_KEPT_BYTES: Final = 16_000_000


class ShownSnapshots:
    """Opens stored snapshots. Any thread.

    A picture that its worker blacked out itself is done again all the same: nobody has to believe that the worker knew
    of the area in time.
    """

    def __init__(self, blobs: Blobs, *, most_kept_bytes: int = _MOST_KEPT_BYTES) -> None:
        """Pictures that were blacked out are kept for the next who ask, up to `most_kept_bytes`."""
        self._blobs = blobs
        self._most_kept_bytes = most_kept_bytes
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    def open(self, key: str, areas: Areas) -> tuple[BinaryIO, int]:
        """The snapshot of that blob key with `areas` black, seekable, to be closed by the caller; and its bytes.

        Raises `NotFound`, `Unavailable`, and `NotBlackedOut` where it cannot be shown.
        """
        if not areas:
            return self._blobs.open(key), self._blobs.size(key)
        jpeg = self._blacked_out(key, areas)
        return io.BytesIO(jpeg), len(jpeg)

    def _blacked_out(self, key: str, areas: Areas) -> bytes:
        name = key, areas_mark(areas)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        with self._blobs.open(key) as file:
            jpeg = black_out_jpeg(file.read(), areas)
        with self._lock:
            if name not in self._kept:
                self._kept[name] = jpeg
                self._kept_bytes += len(jpeg)
            while self._kept_bytes > self._most_kept_bytes:
                self._kept_bytes -= len(self._kept.popitem(last=False)[1])
        return jpeg

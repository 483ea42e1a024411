"""The minutes of the track log that are being written: one open for each camera, and those that wait to be stored."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from core.ids import CameraId
from core.track import Track
from events.minutes import MINUTE, minute_of
from events.tracks.codec import Part
from events.tracks.log import PackedPart

MOST_WAITING_BYTES: Final = 32_000_000
"""Of minutes that wait for a database that is away: three thousand busy ones. Past that the oldest are lost."""
_QUIET: Final = timedelta(minutes=1)
"""A camera that showed nothing for so long after its minute does not hold on to it."""


@dataclass(slots=True)
class _Open:
    """The minute of one camera that still grows."""

    minute: datetime
    run: int
    number: int
    part: Part = field(default_factory=Part)
    stored: int = 0
    """How many of its looks are stored."""

    @property
    def is_stored(self) -> bool:
        return self.stored == self.part.looks

    def packed(self, camera: CameraId) -> PackedPart:
        return PackedPart(camera, self.minute, self.run, self.number, self.part.looks, self.part.packed())


class TrackPages:
    """Gathers looks, and hands out what is to be stored. One thread calls it."""

    def __init__(self, most_waiting_bytes: int = MOST_WAITING_BYTES) -> None:
        self._most_waiting_bytes = most_waiting_bytes
        self._open: dict[CameraId, _Open] = {}
        self._over: deque[PackedPart] = deque()
        """Minutes that are over, oldest first."""
        self._numbers: dict[CameraId, tuple[int, int]] = {}
        """The run of each camera, and the number of its last part."""
        self.waiting_bytes = 0
        self.lost = 0
        """Looks that found no room."""

    def add(self, camera: CameraId, run: int, at: datetime, tracks: Sequence[Track]) -> None:
        """Take in a look at `camera` by the lease epoch `run`."""
        page = self._open.get(camera)
        if page is None or page.run != run or page.part.is_full or not page.minute <= at < page.minute + MINUTE:
            self._close(camera)
            page = self._open[camera] = _Open(minute_of(at), run, self._next_number(camera, run))
        page.part.add(at, tracks)

    def batch(self, most: int) -> list[PackedPart]:
        """At most `most` parts that have news for the database. Told again until `stored` is."""
        parts = [part for _, part in zip(range(most), self._over, strict=False)]
        for camera, page in self._open.items():
            if len(parts) >= most:
                break
            if not page.is_stored:
                parts.append(page.packed(camera))
        return parts

    def stored(self, parts: Sequence[PackedPart]) -> None:
        """These parts, of the last `batch`, are in the database."""
        for part in parts:
            if self._over and self._over[0] is part:
                self._over.popleft()
                self.waiting_bytes -= len(part.data)
            else:
                self._open[part.camera].stored = part.looks

    def refused(self, parts: Sequence[PackedPart]) -> None:
        """The database does not take these parts, of the last `batch`."""
        self.lost += sum(part.looks for part in parts)
        self.stored(parts)

    def let_go(self, now: datetime) -> None:
        """Forget minutes that are stored and will hardly grow any more: their cameras are not looked at."""
        for camera, page in list(self._open.items()):
            if page.is_stored and now - page.minute > MINUTE + _QUIET:
                del self._open[camera]

    def _close(self, camera: CameraId) -> None:
        page = self._open.pop(camera, None)
        if page is None or page.is_stored:
            return
        part = page.packed(camera)
        self._over.append(part)
        self.waiting_bytes += len(part.data)
        while self.waiting_bytes > self._most_waiting_bytes:
            dropped = self._over.popleft()
            self.waiting_bytes -= len(dropped.data)
            self.lost += dropped.looks

    def _next_number(self, camera: CameraId, run: int) -> int:
        before, number = self._numbers.get(camera, (run, 0))
        number = number + 1 if before == run else 1
        self._numbers[camera] = run, number
        return number

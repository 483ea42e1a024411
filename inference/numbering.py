"""Ids and origins of one camera's events."""

from array import array
from bisect import bisect_left, insort
from datetime import datetime

from core.event import Origin
from core.ids import CameraId, EventId, event_id, next_millisecond

_REMEMBERED = 4096
"""Ids kept to tell whether one was given already: 32 KB a camera, hours even on a busy street."""


class Numbering:
    """Gives each event an id and an origin, never the same one twice, even while the clock runs backward."""

    def __init__(self, camera: CameraId, epoch: int, first_n: int = 1) -> None:
        self._camera = camera
        self._epoch = epoch
        self._next_n = first_n
        self._given = array("q")
        """Ids given, rising; the lowest are forgotten first."""
        self._forgotten = EventId(0)
        """The highest id that was forgotten: this one and those below count as given."""

    @property
    def next_n(self) -> int:
        """The number that the next origin will bear: where another numbering of the same epoch must go on."""
        return self._next_n

    def number(self, started_at: datetime) -> tuple[EventId, Origin]:
        """The id of `started_at`, or of the next free millisecond, and the next origin.

        Raises `BadInput` for a time before 2024 or after 2093.
        """
        found = event_id(started_at, self._camera)
        if found <= self._forgotten:
            found = next_millisecond(self._forgotten)
        while self._is_given(found):
            found = next_millisecond(found)
        insort(self._given, found)
        if len(self._given) > _REMEMBERED:
            self._forgotten = EventId(self._given.pop(0))
        origin = Origin(self._epoch, self._next_n)
        self._next_n += 1
        return found, origin

    def _is_given(self, event: EventId) -> bool:
        place = bisect_left(self._given, event)
        return place < len(self._given) and self._given[place] == event

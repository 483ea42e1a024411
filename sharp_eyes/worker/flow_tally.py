"""Crossings that wait to be counted in the database, summed by minute."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from core.crossing import Crossing
from core.ids import CameraId
from events.flows.count import FlowKey, key_of

MOST_WAITING: Final = 50_000
"""Sums that may wait for a database that is away: a thousand flows for most of an hour. Past that they are lost."""


class FlowTally:
    """Sums crossings, and hands out what is to be stored. One thread calls it."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting: Counter[FlowKey] = Counter()
        self.lost = 0
        """Crossings that found no room."""

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def add(self, camera: CameraId, crossings: Iterable[Crossing]) -> None:
        """Count crossings on `camera`."""
        for crossing in crossings:
            key = key_of(camera, crossing)
            if key in self._waiting or len(self._waiting) < self._most_waiting:
                self._waiting[key] += 1
            else:
                self.lost += 1

    def batch(self, most: int) -> Mapping[FlowKey, int]:
        """At most `most` sums to be added to what the database has. Told again until `stored` is."""
        return dict(islice(self._waiting.items(), most))

    def stored(self, sums: Mapping[FlowKey, int]) -> None:
        """These sums, of the last `batch`, are in the database."""
        for key in sums:
            del self._waiting[key]

    def refused(self, sums: Mapping[FlowKey, int]) -> None:
        """The database does not take these sums, of the last `batch`."""
        self.lost += sum(sums.values())
        self.stored(sums)

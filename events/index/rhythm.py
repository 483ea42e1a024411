"""How events are spread over the hours of a day: at night there are a tenth of those at noon.

Moments are measured by the events that are expected until then, in days: between two moments a day apart lies 1.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

HOURS: Final = 24
_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = HOURS * _HOUR_MS
_LEAST: Final = 0.02
"""An hour has this part of an average one's events at least."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Of the hours in UTC, numbered from `EVENT_EPOCH` on, which began a day."""

    until: tuple[float, ...]
    """The share of a day's events before each of the 24 hours, and before their end: from 0 to 1, ascending."""

    @classmethod
    def of(cls, counts: Sequence[float]) -> "Rhythm":
        """By how many events each hour of the day had; by none: as if all had as many."""
        average = sum(counts) / HOURS
        hours = [max(count, _LEAST * average) for count in counts] if average else [1.0] * HOURS
        total = sum(hours)
        return cls((0.0, *(part / total for part in accumulate(hours))))

    def events_until(self, milliseconds: int) -> float:
        """A moment, by the events that are expected until then."""
        day, rest = divmod(milliseconds, _DAY_MS)
        hour, rest = divmod(rest, _HOUR_MS)
        begin, end = self.until[hour : hour + 2]
        return day + begin + (end - begin) * rest / _HOUR_MS

    def milliseconds(self, events: float) -> int:
        """The moment until which so many are expected."""
        day, rest = divmod(events, 1.0)
        hour = min(bisect_right(self.until, rest), HOURS) - 1
        begin, end = self.until[hour : hour + 2]
        return int(day) * _DAY_MS + hour * _HOUR_MS + int((rest - begin) / (end - begin) * _HOUR_MS)


STEADY: Final = Rhythm.of([])

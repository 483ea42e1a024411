"""The days of a city: from midnight to midnight in its time zone, 23 to 25 hours long where clocks are changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_FIRST = date(1970, 1, 1)
_DAY = timedelta(days=1)


class Days:
    """Days by number, from 0 on 1970-01-01. Any thread may ask."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._start = lru_cache(4096)(self._start_of)

    @property
    def zone(self) -> str:
        """The time zone's name."""
        return str(self._zone)

    def start(self, day: int) -> datetime:
        """When that day begins, UTC. Where clocks skip midnight, at the moment they do."""
        return self._start(day)

    def of(self, at: datetime) -> int:
        """The day on which `at` lies."""
        day = number(at.astimezone(self._zone).date())
        if at < self.start(day):
            return day - 1
        # Where clocks go back over midnight, the date of some minutes comes twice.
        return day + 1 if at >= self.start(day + 1) else day

    def split(self, from_at: datetime, until_at: datetime) -> Iterator[tuple[int, datetime, datetime]]:
        """The time from `from_at` until `until_at` by day, oldest first."""
        day = self.of(from_at)
        while from_at < until_at:
            end_at = min(self.start(day + 1), until_at)
            yield day, from_at, end_at
            from_at, day = end_at, day + 1

    def _start_of(self, day: int) -> datetime:
        return datetime.combine(_FIRST + day * _DAY, time(), self._zone).astimezone(UTC)


def number(day: date) -> int:
    """The number of a date."""
    return (day - _FIRST).days


def date_of(day: int) -> date:
    """The date of a number."""
    return _FIRST + day * _DAY

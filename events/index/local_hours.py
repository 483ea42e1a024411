"""Hours of some days of the week as stretches of ids: for many events at once, and to leap from one to the next.

Between two changes of its offset a time zone is plain arithmetic: local time is the milliseconds of an id, and so much.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.hours import Hours, Weekday
from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT, EventId, event_time

from .event_filter import Order
from .stretch import Stretch

_LAST_MS: Final = LAST_EVENT >> CAMERA_BITS
_DAY_US: Final = 86_400_000_000
_WEEK: Final = 7
_IN_CAMERA: Final = (1 << CAMERA_BITS) - 1
_MICROSECOND: Final = timedelta(microseconds=1)
_BY_NUMBER: Final = tuple(Weekday)
"""The epoch of events is a Monday in UTC."""


class LocalHours:
    """`Hours` in the numbers of the index. Immutable; any thread."""

    def __init__(self, hours: Hours) -> None:
        self._offsets = _offsets(hours.time_zone)
        self._begin_us, self._end_us = _microseconds(hours.begin), _microseconds(hours.end)
        if self._end_us <= self._begin_us:
            self._end_us += _DAY_US  # on the following day
        self._is_on = np.array([day in hours.days for day in _BY_NUMBER])
        self.share = len(hours.days) / _WEEK * (self._end_us - self._begin_us) / _DAY_US
        """Of all time."""

    def hold(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these events started within them."""
        milliseconds = ids >> CAMERA_BITS
        place = np.searchsorted(self._offsets.from_ms, milliseconds, side="right") - 1
        local = milliseconds * 1000 + self._offsets.us[place]
        day = local // _DAY_US
        moment = local - day * _DAY_US
        today = self._is_on[day % _WEEK] & (self._begin_us <= moment) & (moment < self._end_us)
        yesterday = self._is_on[(day - 1) % _WEEK] & (moment + _DAY_US < self._end_us)
        held: NDArray[np.bool_] = today | yesterday
        return held

    def stretch(self, at: EventId, order: Order) -> Stretch | None:
        """The next stretch within them at `at` or after it in that order, cut off there; None where there is none."""
        forward = order is Order.OLDEST
        found = self._next(at >> CAMERA_BITS, forward=forward)
        if found is None:
            return None
        first, end = found
        lowest, highest = EventId(first << CAMERA_BITS), EventId(((end - 1) << CAMERA_BITS) | _IN_CAMERA)
        return Stretch(max(lowest, at), highest) if forward else Stretch(lowest, min(highest, at))

    def _next(self, at_ms: int, *, forward: bool) -> tuple[int, int] | None:
        """The first millisecond of the stretch and the one after its last."""
        from_ms, us = self._offsets.from_ms, self._offsets.us
        place = int(np.searchsorted(from_ms, at_ms, side="right")) - 1
        while 0 <= place < len(us):
            first = int(from_ms[place])
            end = int(from_ms[place + 1]) if place + 1 < len(us) else _LAST_MS + 1
            found = self._within(max(at_ms, first) if forward else min(at_ms, end - 1), int(us[place]), forward=forward)
            if found is not None:
                cut = max(found[0], first), min(found[1], end)
                if cut[0] < cut[1]:
                    return cut
            place += 1 if forward else -1
        return None

    def _within(self, at_ms: int, offset_us: int, *, forward: bool) -> tuple[int, int] | None:
        """The same, as if the offset were always this one."""
        day = (at_ms * 1000 + offset_us) // _DAY_US
        # The day before may last until now; a week has each day.
        for number in range(day - 1, day + _WEEK + 1) if forward else range(day, day - _WEEK - 2, -1):
            if not self._is_on[number % _WEEK]:
                continue
            # A millisecond is within where its beginning is.
            first = -(-(number * _DAY_US + self._begin_us - offset_us) // 1000)
            end = -(-(number * _DAY_US + self._end_us - offset_us) // 1000)
            if first < end and (end > at_ms if forward else first <= at_ms):
                return first, end
        return None


@dataclass(frozen=True, slots=True, eq=False)
class _Offsets:
    """What a time zone's clocks are ahead of UTC."""

    from_ms: NDArray[np.int64]
    """From which millisecond since `EVENT_EPOCH` on; ascending, the first one is 0."""
    us: NDArray[np.int64]


@lru_cache(maxsize=64)
def _offsets(time_zone: str) -> _Offsets:
    zone = ZoneInfo(time_zone)

    def offset(second: int) -> int:
        local = (EVENT_EPOCH + timedelta(seconds=second)).astimezone(zone)
        return (local.utcoffset() or timedelta(0)) // _MICROSECOND

    day, last = 86_400, int((event_time(LAST_EVENT) - EVENT_EPOCH).total_seconds())
    from_ms, us = [0], [offset(0)]
    for end in (*range(day, last, day), last):
        now = offset(end)
        while now != us[-1]:
            low, high = max(end - day, from_ms[-1] // 1000), end  # it changes after `low`, at `high` at the latest
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == us[-1] else (low, middle)
            from_ms.append(high * 1000)
            us.append(offset(high))
    return _Offsets(np.array(from_ms, np.int64), np.array(us, np.int64))


def _microseconds(moment: time) -> int:
    return (datetime.combine(EVENT_EPOCH, moment, UTC) - EVENT_EPOCH) // _MICROSECOND

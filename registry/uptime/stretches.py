"""When which time is within a reach: the days of a period, cut where a grant begins or a camera was moved.

Uptime is kept by the day, so a day counts that lies wholly within reach. Of the day on which a grant begins, or a
camera is moved, nothing is told.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.ids import LAST_EVENT, EventId, event_time

from ..reach import Reach
from ..spans import Spans
from .asked import Period
from .days import Days

_SINCE_EVER: Final = EventId(0)


def stretches(reach: Reach, days: Days, period: Period) -> Iterator[tuple[Period, Reach]]:
    """The days of `period`, oldest first, with what is within `reach`, which is not all, on all of them: departments
    and single cameras, from the first to the last of these days. Of cameras those alone that are within reach now."""
    owners = {number: _first_day(days, lowest) for number, lowest in reach.departments.items()}
    is_now = np.isin(reach.cameras, reach.cameras[reach.highest == LAST_EVENT])
    cameras = reach.cameras[is_now]
    first, last = _each(_first_day, days, reach.lowest[is_now]), _each(_last_day, days, reach.highest[is_now])
    turns = {period.first, *owners.values(), *first.tolist(), *(last + 1).tolist()}
    begins = sorted(day for day in turns if period.first <= day <= period.last)
    for begin, end in zip(begins, [*(day - 1 for day in begins[1:]), period.last], strict=True):
        single = np.unique(cameras[(first <= begin) & (end <= last)])
        within = {number: _SINCE_EVER for number, since in owners.items() if since <= begin}
        if within or single.size:
            yield Period(begin, end), Reach(departments=within, spans=Spans.going_on(single, _SINCE_EVER))


def _first_day(days: Days, lowest: int) -> int:
    """The first day that begins no earlier than the events from `lowest` on."""
    if lowest == _SINCE_EVER:
        return 0
    at = event_time(EventId(lowest))
    day = days.of(at)
    return day if days.start(day) == at else day + 1


def _last_day(days: Days, highest: int) -> int:
    """The last day that is over before the events up to `highest` are."""
    return days.of(event_time(EventId(highest))) - (0 if highest == LAST_EVENT else 1)


def _each(day_of: Callable[[Days, int], int], days: Days, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day of each of `ids`, of which most are alike."""
    different, places = np.unique(ids, return_inverse=True)
    return np.array([day_of(days, one) for one in different.tolist()], np.int64)[places]

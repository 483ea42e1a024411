"""Hours of the day in the tallies' hours, where they begin and end with one."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.hours import Hours
from core.ids import CAMERA_BITS

from ..index.local_hours import LocalHours
from .pieces import HOUR_MS, Stretch

_MOST_HOURS: Final = 60 * 366 * 24


def within_hours(hours: Hours, stretch: Stretch) -> list[Stretch] | None:
    """The parts of `stretch` that lie within `hours`, oldest first.

    None where they begin or end in the midst of an hour of UTC, as they do in time zones that are half an hour ahead of
    others, or where the stretch is longer than sixty years.
    """
    if any(moment.minute or moment.second or moment.microsecond for moment in (hours.begin, hours.end)):
        return None
    first, end = stretch.first // HOUR_MS, -(-stretch.end // HOUR_MS)
    if end - first > _MOST_HOURS:
        return None
    numbers: NDArray[np.int64] = np.arange(first, end, dtype=np.int64)
    local = LocalHours(hours)
    holds = local.hold((numbers * HOUR_MS) << CAMERA_BITS)
    if (holds != local.hold((numbers * HOUR_MS + HOUR_MS - 1) << CAMERA_BITS)).any():
        return None
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8))) + first
    return [
        Stretch(max(begin * HOUR_MS, stretch.first), min(until * HOUR_MS, stretch.end), stretch.bucket)
        for begin, until in edges.reshape(-1, 2).tolist()
    ]

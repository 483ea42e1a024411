"""What a search expects of a made-up city's events."""

import numpy as np

from core.ids import EventId
from events.index.densities import Densities
from events.index.rhythm import STEADY, Rhythm


def a_city(lowest: EventId, highest: EventId, *, a_day: float, cameras: int, rhythm: Rhythm = STEADY) -> Densities:
    """A city of which no more is known than how many events and cameras it has."""
    return Densities(
        lowest=lowest,
        highest=highest,
        a_day=a_day,
        words=np.empty((0, 3), np.int64),
        counts=np.empty(0, np.float64),
        owners={},
        cameras=cameras,
        rhythm=rhythm,
    )

"""What a search finds."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.ids import EventId

from .stored import StoredEvent


@dataclass(frozen=True, slots=True)
class Found:
    """One page of events."""

    items: tuple[StoredEvent, ...]
    """In the order that was asked for; maybe none, though there are more."""
    next: EventId | None
    """The cursor of the next page; None: this is the last one."""
    searched_to: datetime | None = None
    """Down to when, or up to when, all events were looked at, where the search stopped on the way; None: it did not."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """Events by their ids alone."""

    ids: NDArray[np.int64]
    """Shape (events,), in the order that was asked for."""
    is_all: bool
    """Whether there are no others; else there may be."""
    down_to: EventId | None
    """Where the search ended: this id, and what comes after it in the asked order, were not looked at if they are not
    among `ids`; None: all was looked at. It is the cursor that goes on from there."""

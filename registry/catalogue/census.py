"""Counts the city for whoever asks, and keeps what was read of it for the next one."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.clock import Clock
from core.stream_state import StreamState

from ..db import is_reading
from ..reach import EVERYTHING, Reach
from ..version import current
from .counting import Cameras, read_cameras, read_states
from .summary import Summary, summary, summed

MANY: Final = 10_000
"""The states of more cameras than that are read once a second: it takes longer than all the rest."""
STATES_STAND_S: Final = 1.0
_MOST_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class _Known:
    """The city as it is by a version of the registry."""

    version: int
    cameras: Cameras
    states: Mapping[StreamState, NDArray[np.int64]]
    read_at: float
    """When `states` were read, by the monotonic clock."""


class Census:
    """Counts the city. Any thread.

    What the registry says of cameras, departments and regions is counted as it is. So are the states of streams, of up
    to `many` cameras; of more they stand for a second.
    """

    def __init__(self, clock: Clock, *, many: int = MANY) -> None:
        self._clock = clock
        self._many = many
        self._lock = Lock()
        self._known: _Known | None = None
        self._kept: OrderedDict[tuple[int, str | None], tuple[Reach, Summary]] = OrderedDict()
        """By the `id` of a reach, which is held so that no other one has it, and the region."""

    def summary(self, connection: Connection, *, within: str | None = None, reach: Reach = EVERYTHING) -> Summary:
        """What `registry.catalogue.summary` says. Raises `NotFound` as it does."""
        if not is_reading(
            connection
        ):  # what a change sees of itself may never be committed, and its version given again
            return summary(connection, within=within, reach=reach)
        version = current(connection)
        with self._lock:  # the others wait for what the first one reads
            known = self._known_at(connection, version)
            return self._summary(connection, known, within, reach)

    def _known_at(self, connection: Connection, version: int) -> _Known:
        known, now = self._known, self._clock.monotonic()
        if known is None or known.version != version:
            known = _Known(version, read_cameras(connection), read_states(connection), now)
        elif known.cameras.numbers.size <= self._many or now - known.read_at >= STATES_STAND_S:
            known = replace(known, states=read_states(connection), read_at=now)
        if known is not self._known:
            self._known = known
            self._kept.clear()
        return known

    def _summary(self, connection: Connection, known: _Known, within: str | None, reach: Reach) -> Summary:
        key = id(reach), within
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept[1]
        found = summed(connection, known.cameras.counted(known.states, reach), within, reach)
        self._kept[key] = reach, found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

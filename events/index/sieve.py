"""A filter as a predicate for one event at a time: what live tails and subscriptions go by."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.event import Event
from registry import version
from registry.catalogue.meant import SoughtCameras
from registry.reach import EVERYTHING, Reach

from .checking import check
from .drafts import SHARE
from .event_filter import EventFilter
from .filters import departments_of, lowest_score
from .stored import StoredEvent


@dataclass(frozen=True, slots=True, eq=False)
class Sieve:
    """Which events fit a filter: those that `search` would find. Made by `of`; any thread."""

    asked: EventFilter
    departments: frozenset[int] | None
    """Those whose events fit; None: any."""
    cameras: NDArray[np.int64] | None
    """Those that are meant by place or text, ascending; None: any."""
    registry_version: int | None
    """The version of the registry that they were looked up in; None: it does not matter."""
    made_at: datetime
    """When they were looked up."""

    @classmethod
    def of(cls, connection: Connection, asked: EventFilter, *, now: datetime, reach: Reach = EVERYTHING) -> "Sieve":
        """The sieve of `asked`, with its cameras and departments as they are now; where it says what cameras are like,
        of those that are within `reach` now. Raises `BadInput` as `check` does."""
        meant = check(asked)
        departments = departments_of(connection, asked)
        return cls(
            asked,
            None if departments is None else frozenset(departments),
            None if meant is None else SoughtCameras(connection, meant, reach).all(),
            None if meant is None and departments is None else version.current(connection),
            now,
        )

    def is_stale(self, connection: Connection) -> bool:
        """Whether the registry has changed since, so that other cameras or departments may be meant."""
        return self.registry_version is not None and version.current(connection) != self.registry_version

    def fits(self, stored: StoredEvent) -> bool:
        """Whether the event fits, in the version that was read."""
        event = stored.event
        return (
            self._has_names(event)
            and self._has_time(event)
            and self._has_measures(event)
            and (self.departments is None or stored.department in self.departments)
            and self._has_camera(event.camera)
        )

    def _has_names(self, event: Event) -> bool:
        asked = self.asked
        return (
            (not asked.labels or event.label in asked.labels)
            and (not asked.kinds or event.kind in asked.kinds)
            and (not asked.severities or event.severity in asked.severities)
            and (not asked.zones or event.zone in asked.zones)
            and (not asked.lines or event.line in asked.lines)
        )

    def _has_time(self, event: Event) -> bool:
        asked, at = self.asked, event.started_at
        if asked.to_at is not None and at >= asked.to_at:
            return False
        if asked.from_at is not None and at < asked.from_at and not (asked.overlap and _goes_on(event, asked.from_at)):
            return False
        return asked.hours is None or asked.hours.hold(at)

    def _has_measures(self, event: Event) -> bool:
        asked = self.asked
        score = -1 if event.score is None else round(event.score * SHARE)
        if asked.min_score is not None and asked.min_score > 0 and score < lowest_score(asked.min_score):
            return False
        if asked.min_duration is None and asked.max_duration is None:
            return True
        lasted = (event.ended_at or event.last_seen_at) - event.started_at
        return (asked.min_duration is None or lasted >= asked.min_duration) and (
            asked.max_duration is None or lasted <= asked.max_duration
        )

    def _has_camera(self, camera: int) -> bool:
        if self.asked.cameras and camera not in self.asked.cameras:
            return False
        if self.cameras is None:
            return True
        place = int(np.searchsorted(self.cameras, camera))
        return place < self.cameras.size and int(self.cameras[place]) == camera


def _goes_on(event: Event, at: datetime) -> bool:
    """Whether it was going on at a moment after its start: what has not ended is."""
    return event.ended_at is None or event.ended_at > at

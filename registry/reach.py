"""What one right reaches: all, or what belongs to some departments, and some cameras for as long as it lasted."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId

from .spans import NO_SPANS, CameraSpan, Spans, joined


class Reach:
    """What one right reaches, as keys for a search and as a predicate. Immutable; any thread.

    An event is within reach if its department is one of `departments` and it is no older than that one's lowest id, or
    if it lies in a span of its camera. A camera is, if its department is one of them, or a span of it goes on.
    """

    __slots__ = (
        "_lowest_of",
        "_most_spans",
        "_now",
        "_owners",
        "_single",
        "cameras",
        "departments",
        "highest",
        "is_all",
        "lowest",
    )

    def __init__(
        self,
        *,
        is_all: bool = False,
        departments: Mapping[DepartmentId, EventId] | None = None,
        spans: Iterable[CameraSpan] | Spans = NO_SPANS,
    ) -> None:
        self.is_all = is_all
        self.departments: Mapping[DepartmentId, EventId] = MappingProxyType(dict(departments or {}))
        """The lowest event id of each department's events."""
        given = joined(spans if isinstance(spans, Spans) else Spans.of(spans))
        order = np.lexsort((given.lowest, given.cameras))
        self.cameras: NDArray[np.int32] = given.cameras[order]
        """Ascending; a camera stands once for each of its spans."""
        self.lowest: NDArray[np.int64] = given.lowest[order]
        self.highest: NDArray[np.int64] = given.highest[order]
        self._now: frozenset[CameraId] | None = None
        self._single: Reach | None = None
        self._owners = np.array(sorted(self.departments), np.int64)
        self._lowest_of = np.array([self.departments[number] for number in sorted(self.departments)], np.int64)
        self._most_spans = int(np.unique(self.cameras, return_counts=True)[1].max(initial=0))

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is within reach."""
        return not (self.is_all or self.departments or self.cameras.size)

    @property
    def cameras_now(self) -> frozenset[CameraId]:
        """The cameras that are within reach by themselves now, beside those of `departments`."""
        if self._now is None:  # made when it is asked for: most reaches are never asked
            self._now = frozenset(self.cameras[self.highest == LAST_EVENT].tolist())
        return self._now

    @property
    def single_cameras(self) -> "Reach":
        """The same without the departments, which must not be all."""
        if self._single is None:  # likewise
            self._single = Reach(spans=Spans(self.cameras, self.lowest, self.highest))
        return self._single

    def has_department(self, department: DepartmentId) -> bool:
        """Whether all cameras of `department` are within reach, also those to come."""
        return self.is_all or department in self.departments

    def has_camera(self, camera: CameraId, department: DepartmentId) -> bool:
        """Whether a camera, which belongs to `department` now, is within reach."""
        return self.is_all or department in self.departments or camera in self.cameras_now

    def has_cameras(self, cameras: NDArray[np.int64], departments: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`has_camera` of many at once: two arrays of one shape (cameras,), and the answer of that shape."""
        if self.is_all:
            return np.ones(cameras.shape, np.bool_)
        found = np.isin(departments, self._owners)
        if self.cameras.size:
            found |= np.isin(cameras, self.cameras[self.highest == LAST_EVENT])
        return found

    def has_event(self, event: EventId, camera: CameraId, department: DepartmentId) -> bool:
        """Whether an event is within reach, which belongs to `department` for ever."""
        if self.is_all:
            return True
        lowest = self.departments.get(department)
        if lowest is not None and event >= lowest:
            return True
        first, last = np.searchsorted(self.cameras, [camera, camera + 1])
        return any(self.lowest[at] <= event <= self.highest[at] for at in range(first, last))

    def has_events(
        self, events: NDArray[np.int64], cameras: NDArray[np.int64], departments: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """`has_event` of many at once: three arrays of one shape (events,), and the answer of that shape."""
        if self.is_all:
            return np.ones(events.shape, np.bool_)
        found = np.zeros(events.shape, np.bool_)
        if self._owners.size:
            at = np.minimum(np.searchsorted(self._owners, departments), self._owners.size - 1)
            found |= (self._owners[at] == departments) & (events >= self._lowest_of[at])
        return found | self.has_in_spans(events, cameras)

    def has_in_spans(self, events: NDArray[np.int64], cameras: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of many events lie in a span of their cameras: two arrays of one shape (events,), and the answer of
        that shape. Others may be within reach by their departments."""
        found = np.zeros(events.shape, np.bool_)
        first = np.searchsorted(self.cameras, cameras)
        for nth in range(self._most_spans):  # rarely more than one: a camera that was given away in between
            at = np.minimum(first + nth, self.cameras.size - 1)
            found |= (self.cameras[at] == cameras) & (self.lowest[at] <= events) & (events <= self.highest[at])
        return found

    def covers(self, other: "Reach") -> bool:
        """Whether all that is within `other` is within this one too. It may be and yet not be said, where spans of
        cameras have become whole departments."""
        if self.is_all or other.is_all:
            return self.is_all
        never = EventId(LAST_EVENT + 1)
        if any(self.departments.get(number, never) > lowest for number, lowest in other.departments.items()):
            return False
        found = np.zeros(other.cameras.shape, np.bool_)
        first = np.searchsorted(self.cameras, other.cameras)
        for nth in range(self._most_spans):
            at = np.minimum(first + nth, self.cameras.size - 1)
            is_of_camera = self.cameras[at] == other.cameras
            found |= is_of_camera & (self.lowest[at] <= other.lowest) & (other.highest <= self.highest[at])
        return bool(found.all())


EVERYTHING: Final = Reach(is_all=True)
NOTHING: Final = Reach()

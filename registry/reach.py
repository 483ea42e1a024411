"""What one right reaches: all, or what belongs to some departments, and some cameras for as long as it lasted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId

_SINCE_EVER: Final = EventId(0)


@dataclass(frozen=True, slots=True)
class CameraSpan:
    """A camera's events of some time, from the lowest id to the highest."""

    camera: CameraId
    lowest: EventId = _SINCE_EVER
    highest: EventId = LAST_EVENT
    """`LAST_EVENT`: it goes on, so the camera itself is within reach too."""


class Reach:
    """What one right reaches, as keys for a search and as a predicate. Immutable; any thread.

    An event is within reach if its department is one of `departments` and it is no older than that one's lowest id, or
    if it lies in a span of its camera. A camera is, if its department is one of them, or a span of it goes on.
    """

    __slots__ = ("_now", "cameras", "departments", "highest", "is_all", "lowest")

    def __init__(
        self,
        *,
        is_all: bool = False,
        departments: Mapping[DepartmentId, EventId] | None = None,
        spans: Iterable[CameraSpan] = (),
    ) -> None:
        self.is_all = is_all
        self.departments: Mapping[DepartmentId, EventId] = MappingProxyType(dict(departments or {}))
        """The lowest event id of each department's events."""
        ordered = sorted(spans, key=lambda span: (span.camera, span.lowest))
        self.cameras: NDArray[np.int32] = np.array([span.camera for span in ordered], np.int32)
        """Ascending; a camera stands once for each of its spans."""
        self.lowest: NDArray[np.int64] = np.array([span.lowest for span in ordered], np.int64)
        self.highest: NDArray[np.int64] = np.array([span.highest for span in ordered], np.int64)
        self._now = frozenset(span.camera for span in ordered if span.highest == LAST_EVENT)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all is within reach."""
        return not (self.is_all or self.departments or self.cameras.size)

    @property
    def cameras_now(self) -> frozenset[CameraId]:
        """The cameras that are within reach by themselves now, beside those of `departments`."""
        return self._now

    def has_department(self, department: DepartmentId) -> bool:
        """Whether all cameras of `department` are within reach, also those to come."""
        return self.is_all or department in self.departments

    def has_camera(self, camera: CameraId, department: DepartmentId) -> bool:
        """Whether a camera, which belongs to `department` now, is within reach."""
        return self.is_all or department in self.departments or camera in self._now

    def has_event(self, event: EventId, camera: CameraId, department: DepartmentId) -> bool:
        """Whether an event is within reach, which belongs to `department` for ever."""
        if self.is_all:
            return True
        lowest = self.departments.get(department)
        if lowest is not None and event >= lowest:
            return True
        first, last = np.searchsorted(self.cameras, [camera, camera + 1])
        return any(self.lowest[at] <= event <= self.highest[at] for at in range(first, last))


EVERYTHING: Final = Reach(is_all=True)
NOTHING: Final = Reach()

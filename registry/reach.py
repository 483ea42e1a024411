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


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Many spans, as columns of equal length."""

    cameras: NDArray[np.int32]
    lowest: NDArray[np.int64]
    highest: NDArray[np.int64]

    @classmethod
    def of(cls, spans: Iterable[CameraSpan]) -> "Spans":
        """`spans` in their order."""
        listed = list(spans)
        return cls(
            np.array([span.camera for span in listed], np.int32),
            np.array([span.lowest for span in listed], np.int64),
            np.array([span.highest for span in listed], np.int64),
        )

    @classmethod
    def going_on(cls, cameras: NDArray[np.int32], lowest: EventId) -> "Spans":
        """One of each camera, from `lowest` on."""
        return cls(cameras, np.full(cameras.size, lowest, np.int64), np.full(cameras.size, LAST_EVENT, np.int64))

    @classmethod
    def all_of(cls, parts: Iterable["Spans"]) -> "Spans":
        """The spans of all `parts`."""
        listed = [NO_SPANS, *parts]
        return cls(
            np.concatenate([part.cameras for part in listed]),
            np.concatenate([part.lowest for part in listed]),
            np.concatenate([part.highest for part in listed]),
        )


NO_SPANS: Final = Spans.of(())


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
        spans: Iterable[CameraSpan] | Spans = NO_SPANS,
    ) -> None:
        self.is_all = is_all
        self.departments: Mapping[DepartmentId, EventId] = MappingProxyType(dict(departments or {}))
        """The lowest event id of each department's events."""
        given = spans if isinstance(spans, Spans) else Spans.of(spans)
        order = np.lexsort((given.lowest, given.cameras))
        self.cameras: NDArray[np.int32] = given.cameras[order]
        """Ascending; a camera stands once for each of its spans."""
        self.lowest: NDArray[np.int64] = given.lowest[order]
        self.highest: NDArray[np.int64] = given.highest[order]
        self._now: frozenset[CameraId] | None = None

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

    def has_camera(self, camera: CameraId, department: DepartmentId) -> bool:
        """Whether a camera, which belongs to `department` now, is within reach."""
        return self.is_all or department in self.departments or camera in self.cameras_now

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

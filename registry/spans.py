"""Spans: cameras' events of some time each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

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

    def listed(self) -> list[CameraSpan]:
        """Each by itself, in their order."""
        columns = (self.cameras.tolist(), self.lowest.tolist(), self.highest.tolist())
        return [CameraSpan(CameraId(a), EventId(b), EventId(c)) for a, b, c in zip(*columns, strict=True)]

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


def joined(spans: Spans) -> Spans:
    """The same events with no more spans than needed: those of a camera that overlap become one."""
    goes_on = spans.highest == LAST_EVENT
    on = _earliest(spans.cameras[goes_on], spans.lowest[goes_on])
    if goes_on.all():
        return on
    ended = Spans(spans.cameras[~goes_on], spans.lowest[~goes_on], spans.highest[~goes_on])
    beside = np.isin(on.cameras, ended.cameras)
    apart = Spans(on.cameras[~beside], on.lowest[~beside], on.highest[~beside])
    together = Spans(on.cameras[beside], on.lowest[beside], on.highest[beside])
    return Spans.all_of([apart, Spans.of(_one_by_one(Spans.all_of([ended, together])))])


def _earliest(cameras: NDArray[np.int32], lowest: NDArray[np.int64]) -> Spans:
    """Of spans that go on the longest one of each camera."""
    if not cameras.size:
        return NO_SPANS
    order = np.lexsort((lowest, cameras))
    sorted_cameras, sorted_lowest = cameras[order], lowest[order]
    is_first = np.concatenate([[True], sorted_cameras[1:] != sorted_cameras[:-1]])
    kept = sorted_cameras[is_first]
    return Spans(kept, sorted_lowest[is_first], np.full(kept.size, LAST_EVENT, np.int64))


def _one_by_one(spans: Spans) -> Iterator[CameraSpan]:
    """Spans of cameras that moved, which are few."""
    columns = (spans.cameras.tolist(), spans.lowest.tolist(), spans.highest.tolist())
    last: CameraSpan | None = None
    for camera, lowest, highest in sorted(zip(*columns, strict=True)):
        if last is None or last.camera != camera or lowest > last.highest + 1:
            if last is not None:
                yield last
            last = CameraSpan(CameraId(camera), EventId(lowest), EventId(highest))
        elif highest > last.highest:
            last = CameraSpan(last.camera, last.lowest, EventId(highest))
    if last is not None:
        yield last

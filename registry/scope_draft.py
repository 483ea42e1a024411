"""A scope while it is being worked out: what each role, default and grant adds to it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.access import Right
from core.camera import DepartmentId
from core.ids import LAST_EVENT, CameraId, EventId

from .reach import EVERYTHING, NO_SPANS, CameraSpan, Reach, Spans


@dataclass(slots=True)
class ScopeDraft:
    """What has been added so far."""

    _everything: set[Right] = field(default_factory=set)
    _departments: dict[Right, dict[DepartmentId, EventId]] = field(
        default_factory=lambda: {right: {} for right in Right}
    )
    _spans: list[tuple[Collection[Right], Spans]] = field(default_factory=list)

    def add_everything(self, rights: Collection[Right]) -> None:
        """All there is, by these rights."""
        self._everything.update(rights)

    def add_departments(
        self, rights: Collection[Right], departments: Collection[DepartmentId], lowest: EventId
    ) -> None:
        """What belongs to these departments, events from `lowest` on."""
        for right in rights:
            known = self._departments[right]
            for number in departments:
                known[number] = min(lowest, known.get(number, lowest))

    def add_spans(self, rights: Collection[Right], spans: Spans) -> None:
        """These spans of cameras."""
        if spans.cameras.size:
            self._spans.append((rights, spans))

    def reaches(self) -> dict[Right, Reach]:
        """What each right reaches; a right that reaches nothing is left out."""
        found: dict[Right, Reach] = {}
        made: dict[tuple[int, ...], list[Reach]] = {}
        for right in Right:
            if right in self._everything:
                found[right] = EVERYTHING
                continue
            parts = tuple(at for at, (rights, _) in enumerate(self._spans) if right in rights)
            departments = self._departments[right]
            if not (parts or departments):
                continue
            alike = made.setdefault(parts, [])  # rights come together: media with events with list
            same = next((reach for reach in alike if reach.departments == departments), None)
            if same is None:
                spans = joined(Spans.all_of(self._spans[at][1] for at in parts))
                same = Reach(departments=departments, spans=spans)
                alike.append(same)
            found[right] = same
        return found


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

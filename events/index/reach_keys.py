"""A reach as keys of the index: numbers of cameras and departments, each with its lowest and highest event id."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.ids import CAMERA_BITS, LAST_CAMERA, LAST_EVENT, EventId
from registry.reach import Reach
from registry.spans import CameraSpan

from .ascending import are_in

Numbers = NDArray[np.int64]
_NUMBER, _LOWEST, _HIGHEST = range(3)
_LATER: Final = 1 << CAMERA_BITS


class KeyKind(Enum):
    """What a key names."""

    CAMERA = "camera"
    """A camera, from an event on: one number says both, since an id's low bits are its camera."""
    CAMERA_FOR_A_TIME = "camera_for_a_time"
    DEPARTMENT = "department"
    LABEL = "label"
    KIND = "kind"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True, eq=False)
class KeyGroup:
    """Keys of one kind."""

    kind: KeyKind
    rows: Numbers
    """Shape (keys, 3): number, lowest id, highest id. Of the kind `CAMERA` (keys,): the lowest id with its camera."""

    def __len__(self) -> int:
        return len(self.rows)

    def listed(self) -> list[tuple[int, EventId, EventId]]:
        """Number, lowest and highest id of each."""
        if self.kind is KeyKind.CAMERA:
            return [(number & LAST_CAMERA, EventId(number), LAST_EVENT) for number in self.rows.tolist()]
        return [(number, EventId(lowest), EventId(highest)) for number, lowest, highest in self.rows.tolist()]


def keys_of_numbers(kind: KeyKind, numbers: Iterable[int]) -> list[KeyGroup]:
    """The keys of these labels, kinds, severities or departments, for all time."""
    rows = [(number, 0, LAST_EVENT) for number in numbers]
    return [KeyGroup(kind, np.array(rows, np.int64).reshape(-1, 3))]


def keys_of_cameras(cameras: Numbers) -> list[KeyGroup]:
    """The keys of these cameras, for all time: with 0 as the lowest id."""
    return [KeyGroup(KeyKind.CAMERA, cameras)]


def keys_of_reach(
    reach: Reach,
    lowest: EventId,
    highest: EventId,
    *,
    departments: Collection[int] | None = None,
    cameras: Numbers | None = None,
) -> list[KeyGroup]:
    """The keys of all that lies within `reach`, as far as it can hold ids from `lowest` to `highest`; of departments
    and of single cameras only these, where they are given."""
    spans = np.stack([reach.cameras.astype(np.int64), reach.lowest, reach.highest], axis=1)
    if cameras is not None:
        spans = spans[are_in(spans[:, _NUMBER], cameras)]
    return _groups(spans, _owners(reach, departments), lowest, highest)


def keys_of_owners(reach: Reach, departments: Collection[int] | None) -> list[KeyGroup]:
    """The keys of the departments within `reach` alone, of these where they are given; one group of them, or none."""
    rows = _owners(reach, departments)
    return [KeyGroup(KeyKind.DEPARTMENT, rows)] if rows.size else []


def _owners(reach: Reach, departments: Collection[int] | None) -> Numbers:
    rows = [
        (number, low, LAST_EVENT)
        for number, low in reach.departments.items()
        if departments is None or number in departments
    ]
    return np.array(rows, np.int64).reshape(-1, 3)


def keys_of_spans(spans: Iterable[CameraSpan], lowest: EventId, highest: EventId) -> list[KeyGroup]:
    """The keys of these spans of cameras alone."""
    rows = np.array([(span.camera, span.lowest, span.highest) for span in spans], np.int64)
    return _groups(rows.reshape(-1, 3), np.empty((0, 3), np.int64), lowest, highest)


def _groups(spans: Numbers, departments: Numbers, lowest: EventId, highest: EventId) -> list[KeyGroup]:
    spans, departments = _between(spans, lowest, highest), _between(departments, lowest, highest)
    goes_on = spans[:, _HIGHEST] >= highest
    groups = (
        KeyGroup(KeyKind.CAMERA, _joined(spans[goes_on])),
        KeyGroup(KeyKind.CAMERA_FOR_A_TIME, spans[~goes_on]),
        KeyGroup(KeyKind.DEPARTMENT, departments),
    )
    return [group for group in groups if len(group)]


def _between(rows: Numbers, lowest: EventId, highest: EventId) -> Numbers:
    return rows[(rows[:, _LOWEST] <= highest) & (rows[:, _HIGHEST] >= lowest)]


def _joined(spans: Numbers) -> Numbers:
    """Each span as the lowest id that an event of its camera can have in it."""
    numbers, lowest = spans[:, _NUMBER], spans[:, _LOWEST]
    first = (lowest & ~LAST_CAMERA) | numbers
    first = first + np.where(first < lowest, _LATER, 0)
    return first[first >= lowest]  # past the last event of all there is no later one

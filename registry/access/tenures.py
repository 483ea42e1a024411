"""Cameras by whom they belonged to, and for how long: as spans of the ids of events."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.camera import DepartmentId
from core.ids import CAMERA_BITS, EVENT_EPOCH, LAST_EVENT, CameraId, EventId, first_event_id

from ..spans import CameraSpan, Spans

Moves: TypeAlias = Mapping[int, Sequence[tuple[datetime, int]]]
"""Until when each camera that ever moved belonged to whom before, oldest first."""
SINCE_EVER: Final = EventId(0)


class Tenures:
    """Some cameras, with the time that each owner had each of them. For one thread."""

    def __init__(self, cameras: NDArray[np.int32], owners: NDArray[np.int64], moves: Callable[[], Moves]) -> None:
        """`owners` are those of now. `moves` is asked once it matters to whom cameras belonged."""
        self._cameras = cameras
        self._owners = owners
        self._moves = moves

    def whoever_owns(self, lowest: EventId) -> Spans:
        """All the cameras, with their events from `lowest` on."""
        return Spans.going_on(self._cameras, lowest)

    def of(self, owners: Collection[DepartmentId], lowest: EventId) -> Spans:
        """The cameras for as long as they belonged to one of `owners`, with their events from `lowest` on."""
        known = self._of_owner
        few, many = sorted((owners, known), key=len)
        found = Spans.all_of(known[owner] for owner in few if owner in many)
        begin = np.maximum(found.lowest, lowest)
        is_within = begin <= found.highest
        return Spans(found.cameras[is_within], begin[is_within], found.highest[is_within])

    @cached_property
    def _of_owner(self) -> dict[int, Spans]:
        moves = self._moves()
        has_moved = np.isin(self._cameras, np.fromiter(moves, np.int32, len(moves)))
        parts: defaultdict[int, list[Spans]] = defaultdict(list)
        for owner, numbers in _by_owner(self._cameras[~has_moved], self._owners[~has_moved]):
            parts[owner].append(Spans.going_on(numbers, SINCE_EVER))
        pieces: defaultdict[int, list[CameraSpan]] = defaultdict(list)
        for number, now in zip(self._cameras[has_moved].tolist(), self._owners[has_moved].tolist(), strict=True):
            for owner, span in _turns(number, [*moves[number], (None, now)]):
                pieces[owner].append(span)
        for owner, spans in pieces.items():
            parts[owner].append(Spans.of(spans))
        return {owner: Spans.all_of(some) for owner, some in parts.items()}


def lowest_id(at: datetime) -> EventId:
    """The lowest id of an event that started no earlier than `at`: a part of a millisecond counts as a whole one."""
    first = _first_id(at)
    return first if at.microsecond % 1000 == 0 or at < EVENT_EPOCH else EventId(first + (1 << CAMERA_BITS))


def _turns(number: int, owned: Sequence[tuple[datetime | None, int]]) -> Iterator[tuple[int, CameraSpan]]:
    """The spans of a camera by owner. What started within the very millisecond of a move is in none."""
    begin = SINCE_EVER
    for until_at, owner in owned:
        end = LAST_EVENT if until_at is None else EventId(_first_id(until_at) - 1)
        if begin <= end:
            yield owner, CameraSpan(CameraId(number), begin, end)
        if until_at is not None:
            begin = max(begin, lowest_id(until_at))


def _first_id(at: datetime) -> EventId:
    return first_event_id(max(at, EVENT_EPOCH))


def _by_owner(cameras: NDArray[np.int32], owners: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int32]]]:
    if not cameras.size:
        return
    order = np.argsort(owners, kind="stable")
    different, begins = np.unique(owners[order], return_index=True)
    yield from zip(different.tolist(), np.split(cameras[order], begins[1:]), strict=True)

"""The cameras whose frame waits for nothing but a thread, and whose turn it is.

Start-time fair queueing (Goyal, Vin and Cheng 1996): each look moves a camera's next turn back by one over its weight,
and who had nothing to look at takes up at the turn that is running, or one before: a camera that brings few frames is
often not there when its turn comes. So under overload each camera gets its share by weight, be they two or two
thousand; one that wakes up is soon looked at, and none starves.
"""

from heapq import nsmallest
from typing import Final

from core.ids import CameraId

from .place import Place

_SAVED: Final = 1.0
"""Turns that may be made up for."""


class Ready:
    """Places that are ready to be looked at. Every access holds the scheduler's lock."""

    def __init__(self) -> None:
        self._places: dict[CameraId, Place] = {}
        self._turn = 0.0

    def __len__(self) -> int:
        return len(self._places)

    def put(self, camera: CameraId, place: Place) -> bool:
        """Let `place` wait for a thread, if it waits for nothing else. Whether it has begun to wait."""
        if not place.is_ready or camera in self._places:
            return False
        place.turn = max(place.turn, self._turn - _SAVED)
        self._places[camera] = place
        return True

    def withdraw(self, camera: CameraId) -> None:
        """The camera waits no more, if it did."""
        self._places.pop(camera, None)

    def clear(self) -> None:
        self._places.clear()

    def take(self, count: int) -> list[Place]:
        """The `count` places (at most) whose turn it is, the first one first; they wait no more."""
        cameras = [min(self._places, key=self._turn_of)] if count == 1 and self._places else self._first(count)
        taken = [self._places.pop(camera) for camera in cameras]
        if taken:
            self._turn = max(self._turn, taken[-1].turn)
        return taken

    def _first(self, count: int) -> list[CameraId]:
        return nsmallest(count, self._places, key=self._turn_of)

    def _turn_of(self, camera: CameraId) -> float:
        return self._places[camera].turn

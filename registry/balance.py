"""Who should have which cameras: by weight and capacity, with as few moves as do. Arithmetic alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heapreplace
from typing import Final

from core.ids import CameraId

from .workers import WorkerId

SLACK: Final = 0.05
"""Loads that differ by no more than this share of the mean are even: moving a camera costs it a reconnect."""
_GENTLE: Final = 8
"""At most an eighth of a worker's share moves to it or from it at a time."""
_MOST_AT_ONCE: Final = 500
"""Moves of one deal: so that a big city's deal stays short."""


@dataclass(slots=True)
class Load:
    """What a worker has to do."""

    capacity: float
    cameras: int = 0
    weight: float = 0.0

    @property
    def filling(self) -> float:
        """Weight per capacity: what is to be even."""
        return self.weight / self.capacity

    def add(self, weight: float) -> None:
        self.cameras += 1
        self.weight += weight

    def remove(self, weight: float) -> None:
        self.cameras -= 1
        self.weight -= weight


@dataclass(frozen=True, slots=True)
class Weighed:
    """A camera, and what decoding and looking at it costs."""

    camera: CameraId
    weight: float


def share_out(cameras: Iterable[Weighed], loads: Mapping[WorkerId, Load]) -> dict[CameraId, WorkerId]:
    """Give each camera to the worker with the least weight per capacity, the heaviest first. `loads` grow with it."""
    heap = [(load.filling, number) for number, load in loads.items()]
    heapify(heap)
    given: dict[CameraId, WorkerId] = {}
    for one in sorted(cameras, key=lambda weighed: (-weighed.weight, weighed.camera)):
        number = heap[0][1]
        loads[number].add(one.weight)
        heapreplace(heap, (loads[number].filling, number))
        given[one.camera] = number
    return given


def most_moves(loads: Mapping[WorkerId, Load]) -> int:
    """How many cameras may move to a worker, or from one, at a time."""
    return max(1, sum(load.cameras for load in loads.values()) // len(loads) // _GENTLE)


def is_even(loads: Mapping[WorkerId, Load]) -> bool:
    """Whether no camera should move, whatever it weighs."""
    fillings = [load.filling for load in loads.values()]
    return max(fillings) - min(fillings) <= _slack(loads)


def even_out(cameras: Mapping[WorkerId, Iterable[Weighed]], loads: Mapping[WorkerId, Load]) -> dict[CameraId, WorkerId]:
    """Which cameras move where, from the fullest to the emptiest; `loads` change with it.

    One moves only if its new worker has less to do than its old one had: so the highest load falls with each move,
    and no camera goes back and forth. `cameras` are those that may move, by who has them.
    """
    rest = {number: sorted(some, key=lambda one: (-one.weight, one.camera)) for number, some in cameras.items()}
    most = most_moves(loads)
    left = dict.fromkeys(loads, most)
    """How many may still move to each, or from it."""
    moved: dict[CameraId, WorkerId] = {}
    slack = _slack(loads)
    while len(moved) < _MOST_AT_ONCE:
        open_to_moves = [number for number in loads if left[number] > 0]
        if len(open_to_moves) < 2:
            break
        emptiest = min(open_to_moves, key=lambda number: (loads[number].filling, number))
        fullest = max(open_to_moves, key=lambda number: (loads[number].filling, number))
        if loads[fullest].filling - loads[emptiest].filling <= slack:
            break
        one = _best(rest.get(fullest, []), loads[fullest], loads[emptiest])
        if one is None:
            left[fullest] = 0
            continue
        rest[fullest].remove(one)
        loads[fullest].remove(one.weight)
        loads[emptiest].add(one.weight)
        left[fullest] -= 1
        left[emptiest] -= 1
        moved[one.camera] = emptiest
    return moved


def _best(cameras: list[Weighed], giver: Load, taker: Load) -> Weighed | None:
    """The camera whose move brings the two closest together; None where none brings them closer."""

    def higher(one: Weighed) -> float:
        return max((giver.weight - one.weight) / giver.capacity, (taker.weight + one.weight) / taker.capacity)

    fitting = [one for one in cameras if (taker.weight + one.weight) / taker.capacity < giver.filling]
    return min(fitting, key=lambda one: (higher(one), one.camera), default=None)


def _slack(loads: Mapping[WorkerId, Load]) -> float:
    weight = sum(load.weight for load in loads.values())
    return SLACK * weight / sum(load.capacity for load in loads.values())

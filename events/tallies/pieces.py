"""Stretches of time, made of ten days, days and hours, which are counted already, and what is left at their ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.ids import CAMERA_BITS, LAST_CAMERA, LAST_EVENT

HOUR: Final = 1
DAY: Final = 24
TEN_DAYS: Final = 240
"""Grains of `event_tally`, in hours."""
HOUR_MS: Final = 3_600_000
_LAST_MS: Final = LAST_EVENT >> CAMERA_BITS


class Stretch(NamedTuple):
    """Time without a gap, in milliseconds since `EVENT_EPOCH`."""

    first: int
    end: int
    """Not included."""
    bucket: int
    """What it is counted for."""

    @property
    def ids(self) -> tuple[int, int]:
        """The lowest and the highest id of events that start in it."""
        return self.first << CAMERA_BITS, ((min(self.end, _LAST_MS + 1) - 1) << CAMERA_BITS) | LAST_CAMERA


class Piece(NamedTuple):
    """Rows of a tally from `low` to `high`, both included."""

    grain: int
    low: int
    high: int
    bucket: int
    times: int = 1
    """Counted once, or -1: they were counted with a longer grain, and are taken away again."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What stretches of time are made of."""

    whole: tuple[Piece, ...]
    ends: tuple[Stretch, ...]
    """Less than an hour each, or two where an hour begins in between."""

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> "Pieces":
        """The fewest pieces: hours only where a day is not whole."""
        whole: list[Piece] = []
        ends: list[Stretch] = []
        for one in stretches:
            first, end = -(-one.first // HOUR_MS), one.end // HOUR_MS
            if first >= end:
                ends += _unless_empty(one)
                continue
            ends += _unless_empty(Stretch(one.first, first * HOUR_MS, one.bucket))
            ends += _unless_empty(Stretch(end * HOUR_MS, one.end, one.bucket))
            whole += _of_hours(first, end, one.bucket)
        return cls(tuple(whole), tuple(ends))


def _of_hours(first: int, end: int, bucket: int) -> Iterator[Piece]:
    """The hours from `first` until `end`: of the longest grains, and of as few rows as can be."""
    yield from _of_grains((TEN_DAYS, DAY, HOUR), first, end, bucket, 1)


def _of_grains(grains: tuple[int, ...], first: int, end: int, bucket: int, times: int) -> Iterator[Piece]:
    """The hours from `first` until `end` by rows of `grains`, longest first."""
    grain, *finer = grains
    if first >= end:
        return
    if not finer:
        yield Piece(grain, first, end - 1, bucket, times)
        return
    # Which beginning of this grain each end is nearest to: a little too much is taken away again.
    low, high = _nearest(first, grain), _nearest(end, grain)
    if low >= high:
        yield from _of_grains(tuple(finer), first, end, bucket, times)
        return
    yield Piece(grain, low, high - 1, bucket, times)
    yield from _of_grains(tuple(finer), first, low * grain, bucket, times)
    yield from _of_grains(tuple(finer), low * grain, first, bucket, -times)
    yield from _of_grains(tuple(finer), high * grain, end, bucket, times)
    yield from _of_grains(tuple(finer), end, high * grain, bucket, -times)


def _nearest(hour: int, grain: int) -> int:
    return (hour + grain // 2) // grain


def _unless_empty(stretch: Stretch) -> list[Stretch]:
    return [stretch] if stretch.first < stretch.end else []

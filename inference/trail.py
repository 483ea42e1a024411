"""The path of an object while something goes on, in bounded memory."""

import math
from datetime import datetime

from core.box import Box, Point
from core.course import MOST_POINTS, Course, PathPoint

_MOST_KEPT = 2 * MOST_POINTS
_JITTER = 0.15
"""A foot has moved once it is further from its last point of the path than this share of the box's shorter side,"""
_LEAST_JITTER = 0.005
"""and than this share of the picture."""


class Trail:
    """Where a foot has been. Jitter is left out: an object that stands leaves one point, however long it stands."""

    __slots__ = (
        "_from_x",
        "_from_y",
        "_kept",
        "_length",
        "_margin",
        "_newest",
        "_score_sum",
        "_scores",
        "_skip",
        "_stride",
    )

    def __init__(self, at: datetime, x: float, y: float) -> None:
        self._kept = [(at, x, y)]
        self._newest = (at, x, y)
        self._from_x, self._from_y = x, y
        self._length = 0.0
        self._margin = _LEAST_JITTER
        self._stride = 1
        self._skip = 0
        self._score_sum = 0.0
        self._scores = 0

    def add(self, at: datetime, x: float, y: float, box: Box, score: float) -> None:
        """The foot is at `x`, `y` at `at`."""
        self._newest = (at, x, y)
        self._score_sum += score
        self._scores += 1
        width, height = box.right - box.left, box.bottom - box.top
        margin = _JITTER * (width if width < height else height)
        self._margin = margin if margin > _LEAST_JITTER else _LEAST_JITTER
        across, down = x - self._from_x, y - self._from_y
        gone = across * across + down * down
        if gone < self._margin * self._margin:
            return
        self._length += math.sqrt(gone)
        self._from_x, self._from_y = x, y
        self._skip += 1
        if self._skip == self._stride:
            self._skip = 0
            self._kept.append(self._newest)
            if len(self._kept) == _MOST_KEPT:
                del self._kept[1::2]
                self._stride *= 2

    def course(self) -> Course:
        """The path so far, thinned to what an event may hold."""
        first, last = self._kept[0], self._newest
        points = self._kept if self._kept[-1] == last else [*self._kept, last]
        if len(points) > MOST_POINTS:
            step = (len(points) - 1) / (MOST_POINTS - 1)
            points = [points[round(index * step)] for index in range(MOST_POINTS)]
        seconds = (last[0] - first[0]).total_seconds()
        across, down = last[1] - first[1], last[2] - first[2]
        stayed = math.hypot(across, down) < self._margin
        return Course(
            path=tuple(PathPoint(at, Point(x, y)) for at, x, y in points),
            speed=self._length / seconds if seconds > 0 else 0.0,
            heading_deg=None if stayed else math.degrees(math.atan2(across, -down)) % 360,
            mean_score=self._score_sum / self._scores if self._scores else 0.0,
        )

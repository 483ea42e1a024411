"""How a foot passes a line: who stands on it does not cross it with each tremble of the box."""

import math
from dataclasses import dataclass
from datetime import datetime

from core.box import Box
from core.line import Direction, Line

_MARGIN = 0.1
"""A foot is clearly on one side once it is this share of its box's extent across the line away from it,"""
_LEAST_MARGIN = 0.005
"""and this share of the picture."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A line was crossed: which way, when and where (interpolated between two pictures)."""

    direction: Direction
    at: datetime
    x: float
    y: float


class Threshold:
    """A line made ready to be asked many times a second."""

    __slots__ = ("_normal_x", "_normal_y", "length", "start_x", "start_y", "unit_x", "unit_y")

    def __init__(self, line: Line) -> None:
        across, down = line.end.x - line.start.x, line.end.y - line.start.y
        self.length = math.hypot(across, down)
        self.start_x, self.start_y = line.start.x, line.start.y
        self.unit_x, self.unit_y = across / self.length, down / self.length
        self._normal_x, self._normal_y = abs(self.unit_y), abs(self.unit_x)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """How far along the line from its start, and how far right of it (`core.line.Line.side`), in shares."""
        x, y = x - self.start_x, y - self.start_y
        return self.unit_x * x + self.unit_y * y, self.unit_x * y - self.unit_y * x

    def margin(self, box: Box) -> float:
        """How far from the line an object of that size is clearly on one side."""
        margin = _MARGIN * (self._normal_x * (box.right - box.left) + self._normal_y * (box.bottom - box.top))
        return margin if margin > _LEAST_MARGIN else _LEAST_MARGIN


class Passage:
    """Where one foot has been with regard to one line.

    It counts as crossed once the foot is clearly (`margin`) on the other side, and from its deepest place on this side
    has come at least twice as far. The crossing is where the path last met the line; past the line's ends is none.
    """

    __slots__ = ("_along", "_at", "_deepest", "_met", "_off", "_side", "_sign")

    def __init__(self) -> None:
        self._side = 0
        """The side that it belongs to, +1 right, -1 left, 0 not known yet."""
        self._deepest = 0.0
        """How far from the line it has been on that side."""
        self._sign = 0
        """The side that it was seen on last."""
        self._met: Crossed | None = None
        """Where it last went over to the other side; None if it passed the line's ends there."""
        self._at: datetime | None = None
        self._along = self._off = 0.0

    def follow(self, line: Threshold, at: datetime, x: float, y: float, margin: float) -> Crossed | None:
        """The foot is at `x`, `y` now: the crossing, if one is certain now."""
        along, off = line.place(x, y)
        sign = 1 if off > 0 else -1 if off < 0 else self._sign
        if sign != self._sign:
            self._met = self._meet(line, at, along, off)
        self._at, self._along, self._off, self._sign = at, along, off, sign
        away = abs(off)
        if self._side == 0:
            self._side = sign
        if sign == self._side:
            if away > self._deepest:
                self._deepest = away
            return None
        if away < margin or away + self._deepest < 2 * margin:
            return None
        self._side, self._deepest = sign, away
        return self._met

    def _meet(self, line: Threshold, at: datetime, along: float, off: float) -> Crossed | None:
        """Where the straight way from the last place to this one meets the line."""
        if self._at is None or self._sign == 0:
            return None
        share = self._off / (self._off - off)
        met = self._along + share * (along - self._along)
        if not 0 <= met <= line.length:
            return None
        direction = Direction.LEFT_TO_RIGHT if off > 0 else Direction.RIGHT_TO_LEFT
        x, y = line.start_x + met * line.unit_x, line.start_y + met * line.unit_y
        return Crossed(direction, self._at + share * (at - self._at), x, y)

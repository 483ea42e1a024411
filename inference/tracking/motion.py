"""Where an object will be: constant velocity, over time steps of any length.

An alpha-beta filter (the steady state of a Kalman filter for constant velocity; Kalata 1984) on the box's centre, in
plain floats: a full Kalman filter costs several array operations an object, and its changing gains bring nothing here,
where steps are irregular and the detector's noise is known only roughly. Size is smoothed, not predicted.
"""

import math

from core.box import Box
from core.track import STANDING, Velocity

_ALPHA = 0.8
"""Share of a surprise that goes into the position; more after a long time out of sight."""
_LEARN_S = 0.4
"""How fast a new velocity is taken over: 0.4 of a surprise at five pictures a second,"""
_MOST_LEARNT = 0.6
"""and never more than this: one that has waited behind something may go on as fast as before."""
_FADE_S = 3.0
"""How fast the velocity of an object out of sight fades: it may have stopped, and the filter's noise must not carry a
standing object away."""
_REST_S = 0.5
"""How fast the velocity fades while the picture is seen to stand."""
_SHORTEST_STEP_S = 0.005
"""Shorter steps say nothing about velocity."""
_TINY = 1e-12
_AT_REST = 1e-4
"""A speed along one axis, in shares a second, that is none."""


class Motion:
    """Centre, size and velocity of one object, in shares of the picture (and shares a second)."""

    __slots__ = ("_moves", "height", "vx", "vy", "width", "x", "y")

    def __init__(self, box: Box) -> None:
        self.x = (box.left + box.right) / 2
        self.y = (box.top + box.bottom) / 2
        self.width = box.right - box.left
        self.height = box.bottom - box.top
        self.vx = 0.0
        self.vy = 0.0
        self._moves = 0

    @property
    def is_known(self) -> bool:
        """Whether the velocity has been measured at all."""
        return self._moves > 0

    @property
    def velocity(self) -> Velocity:
        return Velocity(self.vx, self.vy) if self.vx or self.vy else STANDING

    def ahead(self, seconds: float) -> tuple[float, float]:
        """The centre expected `seconds` after the last correction."""
        reach = _FADE_S * (1 - math.exp(-seconds / _FADE_S))
        return self.x + self.vx * reach, self.y + self.vy * reach

    def nearest(self, x: float, y: float, seconds: float) -> tuple[float, float]:
        """Of the places where the centre may be `seconds` after the last correction, the one nearest to `x`, `y`.

        They reach from where it was (it may have stopped behind something) to where it is if it never slowed down.
        """
        way_x, way_y = self.vx * seconds, self.vy * seconds
        length = way_x * way_x + way_y * way_y
        if length < _TINY:
            return self.x, self.y
        share = ((x - self.x) * way_x + (y - self.y) * way_y) / length
        share = min(max(share, 0.0), 1.0)
        return self.x + share * way_x, self.y + share * way_y

    def correct(self, box: Box, seconds: float) -> None:
        """Take in where the object was found, `seconds` after the last correction."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        reach = _FADE_S * (1 - math.exp(-seconds / _FADE_S))
        learnt = 1 - math.exp(-seconds / _LEARN_S)
        gain = max(_ALPHA, learnt)
        expected_x, expected_y = self.x + self.vx * reach, self.y + self.vy * reach
        off_x = (left + right) / 2 - expected_x
        off_y = (top + bottom) / 2 - expected_y
        self.x = expected_x + gain * off_x
        self.y = expected_y + gain * off_y
        self.width += gain * (right - left - self.width)
        self.height += gain * (bottom - top - self.height)
        if seconds >= _SHORTEST_STEP_S:
            gain = min(learnt, _MOST_LEARNT) if self._moves else _ALPHA
            # Found again, it did not slow down as an object out of sight is taken to.
            faded = 1 - reach / seconds
            self.vx += gain * (off_x / seconds - self.vx * faded)
            self.vy += gain * (off_y / seconds - self.vy * faded)
            self._moves += 1

    def rest(self, seconds: float) -> None:
        """The object was seen to stand for `seconds`."""
        if self.vx or self.vy:
            left = math.exp(-seconds / _REST_S)
            self.vx, self.vy = _unless_tiny(self.vx * left), _unless_tiny(self.vy * left)


def _unless_tiny(speed: float) -> float:
    return 0.0 if -_AT_REST < speed < _AT_REST else speed

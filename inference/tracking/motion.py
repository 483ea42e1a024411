"""Where an object will be: constant velocity, over time steps of any length.

An alpha-beta filter (the steady state of a Kalman filter for constant velocity; Kalata 1984) on the box's centre, in
plain floats: a full Kalman filter costs several array operations an object, and its changing gains bring nothing here,
where steps are irregular and the detector's noise is known only roughly. Size is smoothed, not predicted.
"""

import math

from core.box import Box

_ALPHA = 0.8
"""Share of a surprise that goes into the position."""
_BETA = 0.4
"""Share of a surprise that goes into the velocity."""
_FADE_S = 1.5
"""How fast the velocity of an object out of sight fades: it may have stopped, and the filter's noise must not carry a
standing object away."""
_SHORTEST_STEP_S = 0.005
"""Shorter steps say nothing about velocity."""


class Motion:
    """Centre, size and velocity of one object, in shares of the picture (and shares a second)."""

    __slots__ = ("_moves", "_vx", "_vy", "height", "width", "x", "y")

    def __init__(self, box: Box) -> None:
        self.x = (box.left + box.right) / 2
        self.y = (box.top + box.bottom) / 2
        self.width = box.right - box.left
        self.height = box.bottom - box.top
        self._vx = 0.0
        self._vy = 0.0
        self._moves = 0

    @property
    def is_known(self) -> bool:
        """Whether the velocity has been measured at all."""
        return self._moves > 0

    def ahead(self, seconds: float) -> tuple[float, float]:
        """The centre expected `seconds` after the last correction."""
        reach = _FADE_S * (1 - math.exp(-seconds / _FADE_S))
        return self.x + self._vx * reach, self.y + self._vy * reach

    def correct(self, box: Box, seconds: float) -> None:
        """Take in where the object was found, `seconds` after the last correction."""
        expected_x, expected_y = self.ahead(seconds)
        off_x = (box.left + box.right) / 2 - expected_x
        off_y = (box.top + box.bottom) / 2 - expected_y
        self.x = expected_x + _ALPHA * off_x
        self.y = expected_y + _ALPHA * off_y
        self.width += _ALPHA * (box.right - box.left - self.width)
        self.height += _ALPHA * (box.bottom - box.top - self.height)
        if seconds >= _SHORTEST_STEP_S:
            gain = (_BETA if self._moves else _ALPHA) / seconds
            self._vx += gain * off_x
            self._vy += gain * off_y
            self._moves += 1

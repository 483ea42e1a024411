"""Whether an object stays where it is, and how far it has come.

A detector's boxes tremble, the more the larger they are, and now and then one is quite wrong: a step counts only if it
is long beside the box and two looks in a row agree on it.
"""

import math

_TREMBLE = 0.25
"""A box that lies off by less than this share of its size, across and down, may only have trembled."""
_LEFT = 0.4
"""A stationary object has left its place once it is off by so much: more, or it would be stationary by turns."""


class Stay:
    """The place of one object. Places are shares of the picture, times are seconds on the tracker's own clock."""

    __slots__ = ("_far", "_first_x", "_first_y", "_is_off", "_seen", "_since", "_x", "_y", "is_stationary", "moved")

    def __init__(self, foot_x: float, foot_y: float, now: float) -> None:
        self._first_x = self._x = foot_x
        self._first_y = self._y = foot_y
        self._since = now
        self._is_off = False
        self._far = 0.0
        self._seen = foot_x, foot_y, 0.0, 0.0
        self.moved = 0.0
        """See `core.track.Track.moved`."""
        self.is_stationary = False

    @property
    def is_in_place(self) -> bool:
        """Whether it is stationary, and was at its place when it was seen last, not already leaving."""
        return self.is_stationary and not self._is_off

    def see(self, foot_x: float, foot_y: float, width: float, height: float, now: float, stationary_s: float) -> None:
        """The object was found there, with a box of that size."""
        away_x, away_y = foot_x - self._first_x, foot_y - self._first_y
        far = math.hypot(away_x, away_y) if _is_beyond(away_x, away_y, width, height, _TREMBLE) else 0.0
        if far > self.moved < self._far:
            self.moved = min(far, self._far)
        self._far = far

        self._seen = foot_x, foot_y, width, height
        limit = _LEFT if self.is_stationary else _TREMBLE
        if not _is_beyond(foot_x - self._x, foot_y - self._y, width, height, limit):
            self._is_off = False
            if now - self._since >= stationary_s:
                self.is_stationary = True
        elif not self._is_off:
            self._is_off = True
        else:
            self._x, self._y, self._since = foot_x, foot_y, now
            self._is_off = self.is_stationary = False

    def stay(self, now: float, stationary_s: float) -> None:
        """The object is where it was seen last."""
        if self._is_off or self._far > self.moved:
            self.see(*self._seen, now, stationary_s)
        elif now - self._since >= stationary_s:
            self.is_stationary = True


def _is_beyond(across: float, down: float, width: float, height: float, limit: float) -> bool:
    return abs(across) > limit * width or abs(down) > limit * height

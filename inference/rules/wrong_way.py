"""An object moves against a line that points the right way."""

import math
from datetime import timedelta

from core.rule import Rule
from core.unfulfilled import Unfulfilled

from ..numbering import Numbering
from ..patience import Patience
from .lasting import Lasting, LastingTrial
from .sight import Seen

_AGAINST = math.cos(math.radians(120))
_LEAST_SPEED = 0.02
"""Slower than this share of the picture a second, a box's trembling says nothing about where it goes."""
_LEAST_STEP = 0.1
"""The same, in heights of its box a second: big boxes tremble further."""


class WrongWay(Lasting):
    """An object in the zone (None: anywhere) moves more than 120 degrees off the line's direction for `min_duration`.

    Angles are those of shares, as the line's own: not of pixels.
    """

    hesitation = timedelta(seconds=0.6)

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        assert rule.line is not None  # noqa: S101 - the kind needs one: `core.rule.NEEDS`
        across, down = rule.line.end.x - rule.line.start.x, rule.line.end.y - rule.line.start.y
        length = math.hypot(across, down)
        self._right_x, self._right_y = across / length, down / length

    def _why_not(self, trial: LastingTrial, seen: Seen) -> Unfulfilled | None:
        track, x, y = seen
        if self._area is not None and not self._area.holds(x, y):
            return Unfulfilled.PLACE
        velocity = track.velocity
        speed = math.hypot(velocity.x, velocity.y)
        if speed < _LEAST_SPEED or speed < _LEAST_STEP * (track.box.bottom - track.box.top):
            return Unfulfilled.DIRECTION
        along = velocity.x * self._right_x + velocity.y * self._right_y
        return None if along < _AGAINST * speed else Unfulfilled.DIRECTION

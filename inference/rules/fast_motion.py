"""An object is faster than it should be."""

import math
from datetime import timedelta

from core.unfulfilled import Unfulfilled

from .lasting import Lasting, LastingTrial
from .sight import Seen


class FastMotion(Lasting):
    """An object in the zone (None: anywhere) moves at `min_speed` at least for `min_duration`."""

    hesitation = timedelta(seconds=0.6)

    def _why_not(self, trial: LastingTrial, seen: Seen) -> Unfulfilled | None:
        track, x, y = seen
        if self._area is not None and not self._area.holds(x, y):
            return Unfulfilled.PLACE
        velocity = track.velocity
        return None if math.hypot(velocity.x, velocity.y) >= (self.rule.min_speed or 0.0) else Unfulfilled.SPEED

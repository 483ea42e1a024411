"""An object has come into a zone."""

from core.track import Track
from core.unfulfilled import Unfulfilled

from .lasting import Lasting, LastingTrial
from .sight import Seen

_LEAST_WAY = 0.05
"""What has moved so far since it appeared has come from somewhere: a track that begins anew does not."""
_CLEAR = 0.15
"""Outside is further from the zone than this share of the box's height: who stands on its edge has not come in."""


class Intrusion(Lasting):
    """An object is in the zone, and was seen outside it before, or has moved since it appeared.

    What was there all along is none: a parked car, a person who sits, and either of them under a new number.
    """

    def _why_not(self, trial: LastingTrial, seen: Seen) -> Unfulfilled | None:
        track, x, y = seen
        area = self._area
        if area is None or area.holds(x, y):
            return None
        if not trial.was_outside:
            trial.was_outside = area.is_clear_of(x, y, _CLEAR * (track.box.bottom - track.box.top))
        return Unfulfilled.PLACE

    def _falls_short(self, trial: LastingTrial, track: Track) -> Unfulfilled | None:
        failed = self._too_little(track)
        if failed is None and not trial.was_outside and track.moved < _LEAST_WAY:
            return Unfulfilled.PATH
        return failed

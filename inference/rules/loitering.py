"""An object stays in a zone for long."""

from datetime import timedelta

from .lasting import Lasting

_SHARE = 0.25
_LONGEST = timedelta(seconds=30)


class Loitering(Lasting):
    """One object is in the zone for `min_duration`, short absences included.

    An absence is short up to a quarter of `min_duration`, but at most 30 s (and never less than the grace time): who
    walks to and fro before a door loiters, though each walk leads out of the zone.
    """

    def _longest_absence(self) -> timedelta:
        return max(self._grace, min(_SHARE * self.rule.min_duration, _LONGEST))

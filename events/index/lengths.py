"""How long the stretch is that a step is given: so long that as many events are expected in it as are needed."""

from collections.abc import Sequence
from typing import Final

from core.ids import LAST_CAMERA, EventId

from .densities import Densities
from .event_filter import Order
from .stretch import Stretch

_FAR: Final = 8.0
"""What is less far from what was expected is chance, or the weather."""
_LONGER: Final = 8.0
"""Where far fewer were met: nothing found is not nothing there."""
_AT_ALL: Final = 16.0
"""Where so many were expected, their absence says something."""


class Lengths:
    """Measures stretches by what is expected on the way, and by what was found on it so far. For one search."""

    def __init__(self, known: Densities, order: Order) -> None:
        self._known = known
        self._order = order
        self._times = 1.0
        """So much longer a stretch is than by what is expected of all events."""

    def first(self, left: Stretch, share: float, number: float) -> Stretch:
        """The first part of `left`, in which `number` events are expected on a way that has `share` of all; never
        less than a millisecond, and all where the rest is not long."""
        events = number * self._times / share
        if self._order is Order.NEWEST:
            begin = min(left.highest, self._known.highest)
            lowest = EventId(min(self._known.beyond(begin, -events), begin) & ~LAST_CAMERA)
            return left if lowest <= max(left.lowest, self._known.lowest) else Stretch(lowest, left.highest)
        begin = max(left.lowest, self._known.lowest)
        highest = EventId(max(self._known.beyond(begin, events), begin) | LAST_CAMERA)
        return left if highest >= min(left.highest, self._known.highest) else Stretch(left.lowest, highest)

    def expected(self, stretch: Stretch, share: float) -> float:
        """How many events are expected in it."""
        return share * self._known.expected(stretch.lowest, stretch.highest) / self._times

    def found(self, number: int, stretches: Sequence[Stretch], share: float) -> None:
        """Learn from a step that met so many events in these stretches. What has happened since it was read what is
        known was not expected, and teaches nothing."""
        if any(one.highest > self._known.highest and number for one in stretches):
            return
        expected = sum(self.expected(one, share) for one in stretches)
        if number > _FAR * max(expected, 1.0):
            self._times *= max(expected, 1.0) / number
        elif number * _FAR < expected and expected > _AT_ALL:
            self._times *= _LONGER

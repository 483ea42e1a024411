"""Something moves, whatever it is."""

from datetime import datetime

from core.event import EndReason, Event
from core.motion import Motion
from core.rule import Rule

from ..account import Trial
from ..episode import Episode
from ..life import Facts
from ..numbering import Numbering
from ..patience import Patience
from .area import area_of
from .sight import Sight
from .watcher import Watcher

_LABEL = "motion"
_SHARED = 0.5


class MotionSeen(Watcher[Trial]):
    """The motion gate sees at least `min_size` of the picture change, in the zone (None: anywhere), for `min_duration`.

    The gate tells one box around all that moves: it is in the zone if its centre is, or half of it. What moves
    elsewhere at the same time widens the box, and may hide what moves in the zone.
    Pictures on which no gate looked say nothing, neither that something moves nor that nothing does.
    """

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._area = area_of(rule.zone)
        self._moving = Episode(rule, numbering, self._admission, rule.min_duration)
        self._most = 0.0
        self._facts = Facts(_LABEL)

    def observe(self, sight: Sight) -> list[Event]:
        told = self._moving.end(EndReason.OVER) if self._moving.absence(sight.at) > self._grace else []
        motion = sight.motion
        if motion is None or not self._holds(motion):
            return told
        if self._moving.since is None or motion.share > self._most:
            self._most, self._facts = motion.share, Facts(_LABEL, box=motion.box)
        return told + self._moving.see(sight.at, self._facts)

    def close(self, reason: EndReason) -> list[Event]:
        return self._moving.end(reason)

    @property
    def is_idle(self) -> bool:
        return self._moving.since is None

    def forget(self, number: int, last_seen_at: datetime) -> None:
        """Tracks are none of its business: they do not count."""

    def _holds(self, motion: Motion) -> bool:
        box = motion.box
        if box is None or motion.share < self.rule.min_size:
            return False
        area = self._area
        if area is None:
            return True
        is_centred = area.holds((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        return is_centred or area.shared_with(box) >= _SHARED * box.area

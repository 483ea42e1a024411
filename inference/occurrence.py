"""One object that does what one rule watches for, and the event that this becomes once it has lasted long enough."""

from datetime import datetime, timedelta

from core.box import Box
from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track

from .life import TOLD_EVERY, Facts, first_version, last_version, next_version
from .numbering import Numbering
from .trail import Trail

_SAME_PLACE = 0.6
"""Two boxes stand at about the same place if their centres lie no further apart than this share of their size."""
_BESIDE = timedelta(seconds=1)
"""A new number may begin this much before the old one is given up: both are on the same object for a while."""


class Occurrence:
    """From an object that begins to do what a rule watches for, until it has stopped."""

    __slots__ = (
        "_best_box",
        "_best_score",
        "_box",
        "_label",
        "_trail",
        "event",
        "has_stopped",
        "is_held_back",
        "is_stationary",
        "last_seen_at",
        "started_at",
        "track",
    )

    def __init__(self, track: Track, started_at: datetime, x: float, y: float) -> None:
        self.track = track.number
        """The track that is followed now; the event keeps the number of the first."""
        self.started_at = started_at
        self.last_seen_at = started_at
        self.event: Event | None = None
        """The newest version that was told."""
        self.is_held_back = False
        """Whether it would be an event, but for the rule's hours or cool-down."""
        self.is_stationary = False
        """Whether its object stood still when it was seen last."""
        self.has_stopped = False
        """Whether its object is still there, but no longer does it: it drives slowly now, or the right way."""
        self._label = track.label
        self._box = self._best_box = track.box
        self._best_score = -1.0
        self._trail = Trail(started_at, x, y)

    def see(self, at: datetime, track: Track, x: float, y: float) -> None:
        """The track does what the rule watches for in the picture of the moment `at`, with its foot at `x`, `y`."""
        self.track = track.number
        self.last_seen_at = at
        self.is_stationary = track.is_stationary
        self.has_stopped = False
        self._label = track.label
        self._box = box = track.box
        score = track.score
        if score > self._best_score:
            self._best_score = score
            self._best_box = box
        self._trail.add(at, x, y, box, score)

    def pause(self, *, has_stopped: bool) -> None:
        """The track is in the picture, but does not do it: it has left the place, or has stopped doing it there."""
        self.is_stationary = False
        self.has_stopped = has_stopped

    def fits(self, track: Track) -> bool:
        """Whether `track` may be the same object under a new number: the same label at about the same place.

        What was seen elsewhere while this one was still here is another: the next car, on the same spot of the road.
        """
        box = track.box
        if track.first_seen_at < self.last_seen_at - _BESIDE or track.moved > max(box.width, box.height):
            return False
        return track.label == self._label and _is_near(self._box, track.box)

    def begin(self, rule: Rule, numbering: Numbering) -> Event:
        """The first version, now that the rule's conditions hold.

        What was held back begins now: the rule was not watching before.
        """
        started_at = self.last_seen_at if self.is_held_back else self.started_at
        self.event = first_version(rule, numbering, self._facts(), started_at, self.last_seen_at, self.track)
        return self.event

    def news(self, event: Event) -> Event | None:
        """The next version of `event`, if the last was told long ago."""
        if self.last_seen_at - event.last_seen_at < TOLD_EVERY:
            return None
        self.event = next_version(event, self._facts(), self.last_seen_at)
        return self.event

    def end(self, reason: EndReason) -> Event | None:
        """The last version, ended where the object was last seen; None if it never became an event."""
        if self.event is None:
            return None
        return last_version(self.event, self._facts(), self.last_seen_at, reason)

    def _facts(self) -> Facts:
        return Facts(self._label, self._best_score, self._best_box, course=self._trail.course())


def _is_near(one: Box, other: Box) -> bool:
    width, height = (one.width + other.width) / 2, (one.height + other.height) / 2
    across, down = one.centre.x - other.centre.x, one.centre.y - other.centre.y
    return abs(across) <= _SAME_PLACE * width and abs(down) <= _SAME_PLACE * height

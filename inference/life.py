"""The life of an event: from an object that begins to do what a rule watches for, until it has stopped."""

from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.box import Box
from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track

from .numbering import Numbering

_SCORES = 10
"""The rule's `min_score` is asked of the mean of so many newest scores: two seconds at five pictures a second."""
_TOLD_EVERY = timedelta(seconds=10)
"""How often an event that goes on is told again."""
_SAME_PLACE = 0.6
"""Two boxes stand at about the same place if their centres lie no further apart than this share of their size."""


class LifeSettings(BaseModel):
    """How long an event outlives its object's absence."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    grace_s: float = Field(default=3.0, ge=0, le=300)
    """An event goes on if its object is back in the zone, or another stands in the same place, within this time."""


class Occurrence:
    """One object that does what one rule watches for, and the event this becomes once it has lasted long enough."""

    def __init__(self, rule: Rule, track: Track, started_at: datetime) -> None:
        self.track = track.number
        """The track that is followed now; the event keeps the number of the first."""
        self.last_seen_at = started_at
        self._rule = rule
        self._label = track.label
        self._place = track.box
        self._started_at = started_at
        self._scores: deque[float] = deque(maxlen=_SCORES)
        self._best_score = -1.0
        self._best_box = track.box
        self._event: Event | None = None

    def see(self, at: datetime, track: Track) -> None:
        """The track does what the rule watches for in the picture of the moment `at`."""
        self.track = track.number
        self.last_seen_at = at
        self._label = track.label
        self._place = track.box
        self._scores.append(track.score)
        if track.score > self._best_score:
            self._best_score = track.score
            self._best_box = track.box

    def fits(self, track: Track) -> bool:
        """Whether `track` may be the same object under a new number: the same label at about the same place."""
        return track.label == self._label and _is_near(self._place, track.box)

    def news(self, numbering: Numbering) -> Event | None:
        """The next version, if there is something to tell: the event is ripe now, or was told long ago."""
        if self._event is None:
            if not self._is_ripe():
                return None
            self._event = self._first_version(numbering)
        elif self.last_seen_at - self._event.last_seen_at >= _TOLD_EVERY:
            self._event = self._next_version(self._event)
        else:
            return None
        return self._event

    def end(self, reason: EndReason) -> Event | None:
        """The last version, ended where the object was last seen; None if it never became an event."""
        if self._event is None:
            return None
        return replace(self._next_version(self._event), ended_at=self.last_seen_at, end_reason=reason)

    def _is_ripe(self) -> bool:
        lasted = self.last_seen_at - self._started_at
        return lasted >= self._rule.min_duration and sum(self._scores) / len(self._scores) >= self._rule.min_score

    def _first_version(self, numbering: Numbering) -> Event:
        event, origin = numbering.number(self._started_at)
        rule = self._rule
        return Event(
            id=event,
            origin=origin,
            version=1,
            rule=rule.id,
            rule_name=rule.name,
            kind=rule.kind,
            label=self._label,
            severity=rule.severity,
            zone=rule.zone.id if rule.zone is not None else None,
            track=self.track,
            score=self._best_score,
            box=self._best_box,
            started_at=self._started_at,
            last_seen_at=self.last_seen_at,
        )

    def _next_version(self, event: Event) -> Event:
        return replace(
            event,
            version=event.version + 1,
            label=self._label,
            score=self._best_score,
            box=self._best_box,
            last_seen_at=self.last_seen_at,
        )


def _is_near(one: Box, other: Box) -> bool:
    width, height = (one.width + other.width) / 2, (one.height + other.height) / 2
    across, down = one.centre.x - other.centre.x, one.centre.y - other.centre.y
    return abs(across) <= _SAME_PLACE * width and abs(down) <= _SAME_PLACE * height

"""So many objects are in a zone at once."""

from collections import Counter
from datetime import timedelta

from core.box import Box
from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import Unfulfilled

from ..account import Trial
from ..episode import Episode
from ..life import Facts
from ..numbering import Numbering
from ..patience import Patience
from .area import area_of
from .sight import Sight
from .watcher import Watcher

_FLICKER = timedelta(seconds=1)
"""Until the event is ripe, the crowd may be too small for so long: the detector misses one of many now and then."""
_NOTHING: list[Event] = []


class Crowding(Watcher[Trial]):
    """At least `min_count` tracks of sufficient size, score and path stand in the zone (None: anywhere), for
    `min_duration`.

    One event for the rule: its count is the most at once, its box lies around them then, its score is the best among
    them, its label the commonest. A track that is one of too few, or of a crowd that did not last, fails at duration.
    """

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._area = area_of(rule.zone)
        self._least = rule.min_count or 1
        self._crowd = Episode(rule, numbering, self._admission, rule.min_duration)
        self._most = Facts("")

    def observe(self, sight: Sight) -> list[Event]:
        members = self._members(sight)
        crowd = self._crowd
        if not members and crowd.since is None:
            return _NOTHING
        patience = self._grace if crowd.event is not None else min(_FLICKER, self._grace)
        told = crowd.end(EndReason.OVER) if crowd.absence(sight.at) > patience else []
        if len(members) < self._least:
            return told
        if crowd.since is None or len(members) > (self._most.count or 0):
            self._most = _facts(members)
        told = told + crowd.see(sight.at, self._most)
        for track in members:
            trial = self._trials[track.number]
            if crowd.event is not None:
                trial.has_event = True
            elif crowd.refused is not None:
                trial.fail(crowd.refused)
        return told

    def close(self, reason: EndReason) -> list[Event]:
        return self._crowd.end(reason)

    @property
    def is_idle(self) -> bool:
        return self._crowd.since is None

    def _members(self, sight: Sight) -> list[Track]:
        """The tracks that count."""
        members = []
        for track, x, y in self._of_my_labels(sight):
            trial = self._trials.get(track.number)
            if trial is None:
                trial = self._trials[track.number] = Trial()
            if self._area is not None and not self._area.holds(x, y):
                trial.fail(Unfulfilled.PLACE)
            elif (failed := self._too_little(track)) is not None:
                trial.fail(failed)
            else:
                trial.fail(Unfulfilled.DURATION)
                members.append(track)
        return members


def _facts(members: list[Track]) -> Facts:
    labels = Counter(track.label for track in members)
    boxes = [track.box for track in members]
    around = Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    label = min(labels, key=lambda label: (-labels[label], label))
    return Facts(label, max(track.score for track in members), around, count=len(members))

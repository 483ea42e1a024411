"""The rules of one camera, and the events they make of its tracks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.errors import BadInput
from core.event import EndReason, Event
from core.ids import CameraId
from core.rule import Rule
from core.track import Track

from .life import LifeSettings, Occurrence
from .numbering import Numbering
from .rules import condition_of


class RuleBook:
    """Turns the tracks of one camera into versions of events. One thread at a time may call it.

    A version is told when an event is ripe (its object did what the rule watches for during `min_duration`, and the
    mean of its last scores is at least `min_score`), every ten seconds while it goes on, and when it ends.
    """

    def __init__(
        self,
        camera: CameraId,
        rules: Sequence[Rule],
        epoch: int,
        *,
        first_n: int = 1,
        settings: LifeSettings | None = None,
    ) -> None:
        self._camera = camera
        self._grace = timedelta(seconds=(settings or LifeSettings()).grace_s)
        self._numbering = Numbering(camera, epoch, first_n)
        self._watched: list[_Watched] = []
        self._last_at: datetime | None = None
        self._newest_track = 0
        self.replace(rules)

    @property
    def next_n(self) -> int:
        """The origin number that the next event will bear."""
        return self._numbering.next_n

    def observe(self, at: datetime, tracks: Sequence[Track]) -> list[Event]:
        """What is new, now that the picture of the moment `at` shows `tracks`: versions, in order.

        When time runs backward by more than the grace time, what was going on ends where it was last seen, and begins
        anew; when it runs backward by less, it is taken to stand.
        """
        told: list[Event] = []
        if self._last_at is not None and at < self._last_at:
            if self._last_at - at > self._grace:
                told += self.close(EndReason.STREAM_ENDED)
            else:
                at = self._last_at
        self._last_at = at
        for watched in self._watched:
            told += watched.observe(at, tracks, self._grace, self._newest_track, self._numbering)
        self._newest_track = max([self._newest_track, *(track.number for track in tracks)])
        return told

    def replace(self, rules: Sequence[Rule]) -> list[Event]:
        """Watch for `rules` from now on: the ended events of rules that were changed, disabled or removed.

        Rules that stay as they are go on undisturbed. Raises `BadInput` for a rule of another camera.
        """
        for rule in rules:
            if rule.camera != self._camera:
                raise BadInput(
                    f"rule {rule.name!r} belongs to camera {rule.camera}, not to camera {self._camera}", field="rules"
                )
        enabled = [rule for rule in rules if rule.enabled]
        going_on = {watched.rule: watched for watched in self._watched}
        told = [
            event
            for watched in self._watched
            if watched.rule not in enabled
            for event in watched.close(EndReason.RULE_CHANGED)
        ]
        self._watched = [going_on.get(rule) or _Watched(rule) for rule in enabled]
        return told

    def close(self, reason: EndReason) -> list[Event]:
        """End all that is going on, each where it was last seen: the last versions. The rules stay in force."""
        return [event for watched in self._watched for event in watched.close(reason)]


class _Watched:
    """One rule and what is going on under it."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._condition = condition_of(rule)
        self._going_on: list[Occurrence] = []

    def observe(
        self, at: datetime, tracks: Sequence[Track], grace: timedelta, newest_track: int, numbering: Numbering
    ) -> list[Event]:
        told = self._end_left(at, grace)
        holding = [track for track in tracks if self._condition.holds(track)]
        by_track = {occurrence.track: occurrence for occurrence in self._going_on}
        in_picture = {track.number for track in tracks}
        orphans = [occurrence for occurrence in self._going_on if occurrence.track not in in_picture]
        for track in holding:
            occurrence = by_track.get(track.number)
            if occurrence is None:
                occurrence = next((orphan for orphan in orphans if orphan.fits(track)), None)
                if occurrence is not None:
                    orphans.remove(occurrence)
            if occurrence is None:
                # A track is told once it is believed; what it did in the short while before belongs to it.
                started_at = track.first_seen_at if track.number > newest_track else at
                occurrence = Occurrence(self.rule, track, started_at)
                self._going_on.append(occurrence)
            occurrence.see(at, track)
        told += [event for occurrence in self._going_on if (event := occurrence.news(numbering)) is not None]
        return told

    def close(self, reason: EndReason) -> list[Event]:
        ended = [event for occurrence in self._going_on if (event := occurrence.end(reason)) is not None]
        self._going_on.clear()
        return ended

    def _end_left(self, at: datetime, grace: timedelta) -> list[Event]:
        left = [occurrence for occurrence in self._going_on if at - occurrence.last_seen_at > grace]
        self._going_on = [occurrence for occurrence in self._going_on if occurrence not in left]
        return [event for occurrence in left if (event := occurrence.end(EndReason.LEFT)) is not None]

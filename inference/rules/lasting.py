"""Rules of one object that does something for a while: each object makes events of its own."""

from datetime import datetime, timedelta

from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import Unfulfilled

from ..account import Trial
from ..numbering import Numbering
from ..occurrence import Occurrence
from ..patience import Patience
from .area import area_of
from .sight import Seen, Sight
from .watcher import Watcher

_NOTHING: list[Event] = []


class LastingTrial(Trial):
    """How far a track has come, and what it is doing now."""

    __slots__ = ("is_told", "occurrence", "was_outside")

    def __init__(self) -> None:
        super().__init__()
        self.occurrence: Occurrence | None = None
        self.is_told = False
        """Whether its event ended while it stood there, overlooked: until it moves, it makes no other."""
        self.was_outside = False
        """Whether it was seen clearly outside the zone."""


class Lasting(Watcher[LastingTrial]):
    """An object does what the rule watches for (`_why_not`) for `min_duration`.

    Absences up to the grace time belong to it, and a new track that stands where the last one was lost carries it on.
    Size, score and path are asked when it is ripe, not before: what was weak at first still counts from its start.
    """

    hesitation: timedelta | None = None
    """How long an object in sight may pause before its event is ripe, where the kind watches what it does, not where
    it is; None: as long as it may be absent."""

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._area = area_of(rule.zone)
        self._absence = self._longest_absence()
        self._standing = max(min(patience.standing, patience.stationary), self._absence)
        self._going_on: list[Occurrence] = []

    def observe(self, sight: Sight) -> list[Event]:
        seen = self._of_my_labels(sight)
        if not seen and not self._going_on:
            return _NOTHING
        told = self._end_what_is_over(sight) if self._going_on else []
        for one in seen:
            track = one[0]
            trial = self._trials.get(track.number)
            if trial is None:
                trial = self._trials[track.number] = LastingTrial()
            why_not = self._why_not(trial, one)
            trial.is_told = trial.is_told and track.is_stationary and why_not is None
            if why_not is None:
                if not trial.is_told and (event := self._see(sight, one, trial)) is not None:
                    told.append(event)
            elif why_not is Unfulfilled.SPEED:
                trial.fail(self._too_little(track) or why_not)
            else:
                trial.fail(why_not)
            if why_not is not None and trial.occurrence is not None:
                trial.occurrence.pause(has_stopped=why_not is not Unfulfilled.PLACE)
        if self.hesitation is not None and self._going_on:
            self._drop_hesitant(sight.at, self.hesitation)
        return told

    def close(self, reason: EndReason) -> list[Event]:
        ended = [event for occurrence in self._going_on if (event := occurrence.end(reason)) is not None]
        self._going_on.clear()
        for trial in self._trials.values():
            trial.occurrence = None
        return ended

    @property
    def is_idle(self) -> bool:
        return not self._going_on

    def _why_not(self, trial: LastingTrial, seen: Seen) -> Unfulfilled | None:
        """Place, direction or speed, where the track does not do what the rule watches for; None if it does."""
        _, x, y = seen
        return None if self._area is None or self._area.holds(x, y) else Unfulfilled.PLACE

    def _falls_short(self, trial: LastingTrial, track: Track) -> Unfulfilled | None:
        """Size, score or path, where what it does is not enough for an event."""
        return self._too_little(track)

    def _longest_absence(self) -> timedelta:
        return self._grace

    def _see(self, sight: Sight, seen: Seen, trial: LastingTrial) -> Event | None:
        track, x, y = seen
        occurrence = trial.occurrence
        if occurrence is None:
            occurrence = self._adopt(sight, track) or self._start(sight, seen)
            trial.occurrence = occurrence
            trial.has_event = trial.has_event or occurrence.event is not None
        occurrence.see(sight.at, track, x, y)
        if occurrence.event is not None:
            return occurrence.news(occurrence.event)
        failed = self._falls_short(trial, track)
        if failed is None and sight.at - occurrence.started_at < self.rule.min_duration:
            failed = Unfulfilled.DURATION
        if failed is None:
            failed = self._admission.refusal(sight.at)
            occurrence.is_held_back = occurrence.is_held_back or failed is not None
        if failed is None and self.rule.once_per_track and trial.has_event:
            failed = Unfulfilled.ONCE
        if failed is not None:
            trial.fail(failed)
            return None
        event = occurrence.begin(self.rule, self._numbering)
        self._admission.begun(event.started_at)
        trial.has_event = True
        return event

    def _start(self, sight: Sight, seen: Seen) -> Occurrence:
        track, x, y = seen
        # A track is told once it is believed: it was there before, but nobody knows how fast, or where it was going.
        was_there = track.number > sight.newest_before and self.hesitation is None
        started_at = track.first_seen_at if was_there else sight.at
        occurrence = Occurrence(track, started_at, x, y)
        self._going_on.append(occurrence)
        return occurrence

    def _adopt(self, sight: Sight, track: Track) -> Occurrence | None:
        """What a lost track was doing, if `track` may be the same object."""
        for occurrence in self._going_on:
            if occurrence.track in sight.numbers or sight.at - occurrence.last_seen_at > self._grace:
                continue
            if occurrence.fits(track):
                before = self._trials.get(occurrence.track)
                if before is not None:
                    before.occurrence = None
                return occurrence
        return None

    def _end_what_is_over(self, sight: Sight) -> list[Event]:
        over = [occurrence for occurrence in self._going_on if self._is_over(occurrence, sight)]
        told = []
        for occurrence in over:
            stopped = occurrence.has_stopped and occurrence.track in sight.numbers
            if (event := occurrence.end(EndReason.OVER if stopped else EndReason.LEFT)) is not None:
                told.append(event)
                trial = self._trials.get(occurrence.track)
                if trial is not None:
                    trial.is_told = occurrence.is_stationary
            self._drop(occurrence)
        return told

    def _is_over(self, occurrence: Occurrence, sight: Sight) -> bool:
        absent = sight.at - occurrence.last_seen_at
        if absent <= self._absence:
            return False
        return absent > self._standing or not occurrence.is_stationary

    def _drop_hesitant(self, at: datetime, pause: timedelta) -> None:
        for occurrence in list(self._going_on):
            if occurrence.event is None and occurrence.has_stopped and at - occurrence.last_seen_at > pause:
                self._drop(occurrence)

    def _drop(self, occurrence: Occurrence) -> None:
        self._going_on.remove(occurrence)
        trial = self._trials.get(occurrence.track)
        if trial is not None and trial.occurrence is occurrence:
            trial.occurrence = None

"""Rules of objects that cross a line: what line crossed and flow have in common."""

from abc import abstractmethod

from core.event import Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import Unfulfilled

from ..account import Trial
from ..numbering import Numbering
from ..patience import Patience
from ..trail import Trail
from .passage import Crossed, Passage, Threshold
from .sight import Seen, Sight
from .watcher import Watcher


class CrossingTrial(Trial):
    """How far a track has come, and where it has been with regard to the line."""

    __slots__ = ("passage", "trail")

    def __init__(self, trail: Trail) -> None:
        super().__init__()
        self.passage = Passage()
        self.trail = trail


class CrossingWatcher(Watcher[CrossingTrial]):
    """Follows the feet of all tracks of the rule's labels past its line."""

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        assert rule.line is not None  # noqa: S101 - the kinds need one: `core.rule.NEEDS`
        self._line = rule.line
        self._threshold = Threshold(rule.line)

    def _follow(self, sight: Sight) -> list[Event]:
        """Take in where the feet are now: `_crossed` is asked for each crossing."""
        told = []
        for seen in self._of_my_labels(sight):
            track, x, y = seen
            trial = self._trials.get(track.number) or self._first_look(sight, seen)
            trial.trail.add(sight.at, x, y, track.box, track.score)
            crossed = trial.passage.follow(self._threshold, sight.at, x, y, self._threshold.margin(track.box))
            if crossed is not None:
                failed = self._falls_short(track, crossed)
                if failed is not None:
                    trial.fail(failed)
                elif (event := self._crossed(sight, track, trial, crossed)) is not None:
                    told.append(event)
        return told

    @abstractmethod
    def _crossed(self, sight: Sight, track: Track, trial: CrossingTrial, crossed: Crossed) -> Event | None:
        """`track` crossed the line, and fulfils what `_falls_short` asks."""

    def _falls_short(self, track: Track, crossed: Crossed) -> Unfulfilled | None:
        """Place, direction, size, score or path, where what it is does not suffice."""
        return self._too_little(track)

    def _first_look(self, sight: Sight, seen: Seen) -> CrossingTrial:
        """A trial that begins where the track came from.

        A track is told once it is believed, half a second after it was first seen, and a car is past the line by then:
        its way until now follows from its velocity, and is no longer than it is known to have moved.
        """
        track, x, y = seen
        velocity, began_at = track.velocity, sight.at
        moved = track.velocity.speed * (sight.at - track.first_seen_at).total_seconds()
        margin = self._threshold.margin(track.box)
        if track.number > sight.newest_before and moved > 0:
            back_s = min(1.0, (track.moved + margin) / moved) * (sight.at - track.first_seen_at).total_seconds()
            began_at = track.first_seen_at
            x, y = x - velocity.x * back_s, y - velocity.y * back_s
        x, y = min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
        trial = self._trials[track.number] = CrossingTrial(Trail(began_at, x, y))
        trial.passage.follow(self._threshold, began_at, x, y, margin)
        return trial

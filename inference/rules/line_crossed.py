"""An object crosses a line, in one direction or in either."""

from dataclasses import replace

from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import Unfulfilled

from ..life import Facts, first_version
from ..numbering import Numbering
from ..patience import Patience
from .area import area_of
from .crossing import CrossingTrial, CrossingWatcher
from .passage import Crossed
from .sight import Sight

_NOTHING: list[Event] = []


class LineCrossed(CrossingWatcher):
    """A foot's path crosses the line (where there is a zone: within it). See `passage.Passage` for what a crossing is.

    An event of a moment: it starts when the line was crossed, ends in the picture that made it certain, and is told
    once. `min_duration` says nothing here. An object that crosses again makes a further event.
    """

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._area = area_of(rule.zone)

    def observe(self, sight: Sight) -> list[Event]:
        if self.rule.labels.isdisjoint(sight.labels):
            return _NOTHING
        return self._follow(sight)

    def close(self, reason: EndReason) -> list[Event]:
        return []

    @property
    def is_idle(self) -> bool:
        return True

    def _falls_short(self, track: Track, crossed: Crossed) -> Unfulfilled | None:
        if self._area is not None and not self._area.holds(crossed.x, crossed.y):
            return Unfulfilled.PLACE
        if self.rule.direction is not None and crossed.direction is not self.rule.direction:
            return Unfulfilled.DIRECTION
        return self._too_little(track)

    def _crossed(self, sight: Sight, track: Track, trial: CrossingTrial, crossed: Crossed) -> Event | None:
        refused = self._admission.refusal(crossed.at)
        if refused is None and self.rule.once_per_track and trial.has_event:
            refused = Unfulfilled.ONCE
        if refused is not None:
            trial.fail(refused)
            return None
        trial.has_event = True
        self._admission.begun(crossed.at)
        facts = Facts(track.label, track.score, track.box, crossed.direction, course=trial.trail.course())
        begun = first_version(self.rule, self._numbering, facts, crossed.at, sight.at, track.number)
        return replace(begun, ended_at=begun.last_seen_at, end_reason=EndReason.OVER)

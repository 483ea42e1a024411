"""How many objects cross a line in each direction."""

from collections import Counter, deque
from datetime import timedelta

from core.crossing import Crossing
from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import Unfulfilled

from ..episode import Episode
from ..life import Facts
from ..numbering import Numbering
from ..patience import Patience
from .crossing import CrossingTrial, CrossingWatcher
from .passage import Crossed
from .sight import Sight

_MINUTE = timedelta(minutes=1)
_NOTHING: list[Event] = []


class Flow(CrossingWatcher):
    """Counts each crossing within the rule's hours (`crossings`).

    With `min_count`: an event from the moment at which so many have crossed within one minute, both ways together,
    until there are fewer. `min_duration` says nothing here.
    """

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._least = rule.min_count
        self._newest: list[Crossing] = []
        self._minute: deque[Crossing] = deque(maxlen=rule.min_count and 10 * rule.min_count)
        """Those of the last minute, where somebody waits for too many; ten times too many are as good as more."""
        self._rush = Episode(rule, numbering, self._admission, timedelta(0))
        self._worst = Facts("")

    def observe(self, sight: Sight) -> list[Event]:
        if self._newest:
            self.crossings = self._newest = []
        if not self._minute and self.rule.labels.isdisjoint(sight.labels):
            return _NOTHING
        self._follow(sight)
        self.crossings = self._newest
        return _NOTHING if self._least is None else self._weigh(sight, self._least)

    def close(self, reason: EndReason) -> list[Event]:
        self._minute.clear()
        return self._rush.end(reason)

    @property
    def is_idle(self) -> bool:
        return self._rush.since is None

    def _crossed(self, sight: Sight, track: Track, trial: CrossingTrial, crossed: Crossed) -> Event | None:
        if not self._admission.is_watching(crossed.at):
            trial.fail(Unfulfilled.HOURS)
            return None
        trial.has_event = True
        crossing = Crossing(self.rule.id, self._line.id, crossed.direction, track.label, crossed.at)
        self._newest.append(crossing)
        if self._least is not None:
            self._minute.append(crossing)
        return None

    def _weigh(self, sight: Sight, least: int) -> list[Event]:
        """Whether too many have crossed in the minute that ends now."""
        minute = self._minute
        while minute and sight.at - minute[0].at > _MINUTE:
            minute.popleft()
        if len(minute) < least:
            return self._rush.end(EndReason.OVER)
        if self._rush.since is None or len(minute) > (self._worst.count or 0):
            self._worst = _facts(minute)
        return self._rush.see(sight.at, self._worst, since=minute[-1].at)


def _facts(minute: deque[Crossing]) -> Facts:
    """The commonest label, how many, and the direction if all went the same way."""
    labels = Counter(crossing.label for crossing in minute)
    ways = {crossing.direction for crossing in minute}
    label = min(labels, key=lambda label: (-labels[label], label))
    return Facts(label, count=len(minute), direction=ways.pop() if len(ways) == 1 else None)

"""One rule at work on one camera: what all kinds have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

from core.crossing import Crossing
from core.event import EndReason, Event
from core.rule import Rule
from core.track import Track
from core.unfulfilled import RuleAccount, Unfulfilled

from ..account import Account, Trial
from ..admission import Admission
from ..numbering import Numbering
from ..patience import Patience
from .sight import Seen, Sight

T = TypeVar("T", bound=Trial)
_NOBODY: list[Seen] = []


class Watcher(ABC, Generic[T]):
    """Watches for one rule. One thread at a time may call it."""

    crossings: Sequence[Crossing] = ()
    """What a flow rule counted in the newest picture."""

    watching_since: datetime | None = None
    """The last picture before it began; None: it saw all."""

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        self.rule = rule
        self._numbering = numbering
        self._grace = patience.grace
        self._admission = Admission(rule)
        self._account = Account()
        self._trials: dict[int, T] = {}
        """Of each track that is not over and has borne one of the rule's labels, by number."""

    @abstractmethod
    def observe(self, sight: Sight) -> list[Event]:
        """New versions of events, in order."""

    @abstractmethod
    def close(self, reason: EndReason) -> list[Event]:
        """End all that is going on, each where it was last seen: the last versions."""

    @property
    @abstractmethod
    def is_idle(self) -> bool:
        """Whether nothing is going on that time alone would change."""

    @property
    def account(self) -> RuleAccount:
        """What became of the tracks that are over."""
        return self._account.total

    def forget(self, number: int, last_seen_at: datetime) -> None:
        """The track is over: it counts now, unless this rule has not seen it."""
        trial = self._trials.pop(number, None)
        if trial is not None or self.watching_since is None or last_seen_at > self.watching_since:
            self._account.count(trial)

    def _of_my_labels(self, sight: Sight) -> list[Seen]:
        labels = self.rule.labels
        if labels.isdisjoint(sight.labels):
            return _NOBODY
        if sight.labels <= labels:
            return sight.seen
        return [seen for seen in sight.seen if seen[0].label in labels]

    def _too_little(self, track: Track) -> Unfulfilled | None:
        """Which of size, score and path does not suffice, asked in this order; None if all do."""
        rule = self.rule
        if rule.min_size:
            box = track.box
            if (box.right - box.left) * (box.bottom - box.top) < rule.min_size:
                return Unfulfilled.SIZE
        if track.smooth_score < rule.min_score:
            return Unfulfilled.SCORE
        if track.moved < rule.min_path:
            return Unfulfilled.PATH
        return None

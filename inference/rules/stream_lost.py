"""No pictures come any more."""

from datetime import datetime

from core.event import EndReason, Event
from core.rule import Rule

from ..account import Trial
from ..episode import Episode
from ..life import Facts
from ..numbering import Numbering
from ..patience import Patience
from .sight import Sight
from .watcher import Watcher

_FACTS = Facts("stream")
_NOTHING: list[Event] = []


class StreamLost(Watcher[Trial]):
    """The stream has been away for `min_duration`; the event starts when it went, and is over when pictures come again.

    Pictures cannot tell it that none come: `lost` and `back` do.
    """

    def __init__(self, rule: Rule, numbering: Numbering, patience: Patience) -> None:
        super().__init__(rule, numbering, patience)
        self._away = Episode(rule, numbering, self._admission, rule.min_duration)

    def lost(self, at: datetime) -> list[Event]:
        """The stream is away at `at`."""
        return self._away.see(at, _FACTS)

    def back(self, at: datetime) -> list[Event]:
        """Pictures come again."""
        return self._away.end(EndReason.OVER, at)

    def observe(self, sight: Sight) -> list[Event]:
        return _NOTHING if self._away.since is None else self.back(sight.at)

    def close(self, reason: EndReason) -> list[Event]:
        """A stream that ends ends what was going on before it, and this begins."""
        return [] if reason is EndReason.STREAM_ENDED else self._away.end(reason)

    @property
    def is_idle(self) -> bool:
        return True  # it is told of time by `lost`

    def forget(self, number: int, last_seen_at: datetime) -> None:
        """Tracks are none of its business: they do not count."""

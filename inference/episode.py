"""What goes on for a rule as a whole, one at a time: a crowd, motion, a lost stream. And the event it becomes."""

from datetime import datetime, timedelta

from core.event import EndReason, Event
from core.rule import Rule
from core.unfulfilled import Unfulfilled

from .admission import Admission
from .life import TOLD_EVERY, Facts, first_version, last_version, next_version
from .numbering import Numbering


class Episode:
    """Begins when it is first seen, is an event once it has lasted, and is over when somebody says so."""

    __slots__ = (
        "_admission",
        "_facts",
        "_is_held_back",
        "_lasting",
        "_numbering",
        "_rule",
        "event",
        "refused",
        "seen_at",
        "since",
    )

    def __init__(self, rule: Rule, numbering: Numbering, admission: Admission, lasting: timedelta) -> None:
        """It is ripe once it has gone on for `lasting`."""
        self._rule = rule
        self._numbering = numbering
        self._admission = admission
        self._lasting = lasting
        self._facts = Facts("")
        self._is_held_back = False
        self.since: datetime | None = None
        """When it began; None: nothing goes on."""
        self.seen_at: datetime | None = None
        """When it was seen last."""
        self.event: Event | None = None
        """The newest version that was told."""
        self.refused: Unfulfilled | None = None
        """Why it is no event although it is ripe: the rule's hours or cool-down."""

    def absence(self, at: datetime) -> timedelta:
        """For how long it has not been seen; zero where nothing goes on."""
        return timedelta(0) if self.since is None or self.seen_at is None else at - self.seen_at

    def see(self, at: datetime, facts: Facts, since: datetime | None = None) -> list[Event]:
        """It goes on at `at`, and `facts` are what is to be said of it by now; `since`: it began earlier than now."""
        if self.since is None:
            self.since, self._is_held_back, self.refused = since or at, False, None
        self.seen_at, self._facts = at, facts
        event = self.event
        if event is not None:
            if at - event.last_seen_at < TOLD_EVERY:
                return []
            self.event = next_version(event, facts, at)
            return [self.event]
        if at - self.since < self._lasting:
            return []
        self.refused = self._admission.refusal(at)
        if self.refused is not None:
            self._is_held_back = True
            return []
        started_at = at if self._is_held_back else self.since
        self._admission.begun(started_at)
        self.event = first_version(self._rule, self._numbering, facts, started_at, at)
        return [self.event]

    def end(self, reason: EndReason, at: datetime | None = None) -> list[Event]:
        """It is over, at `at` or where it was last seen: the last version, if it was an event."""
        event, self.event, self.since = self.event, None, None
        if event is None:
            return []
        return [last_version(event, self._facts, at or self.seen_at or event.last_seen_at, reason)]

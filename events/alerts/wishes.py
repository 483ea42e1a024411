"""What subscriptions wish to be told: each with its filter made ready, and what its department may see."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from core.access import Right
from core.errors import BadInput
from core.event import Event
from registry import version
from registry.reach import Reach
from registry.visibility import Visibility

from ..index.sieve import Sieve
from ..index.stored import StoredEvent
from .living import Living
from .seen_by import department_principal
from .subscription import Moment, Subscription, SubscriptionId

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """One subscription, ready to be asked. Any thread."""

    subscription: Subscription
    sieve: Sieve
    reach: Reach

    def wants(self, stored: StoredEvent, seq: int) -> bool:
        """Whether the change number `seq` made known an event that it wishes to be told of."""
        some, event = self.subscription, stored.event
        if seq <= some.after_seq or event.severity > some.min_severity or not _is_of_its_time(some, event):
            return False
        if some.hours and not any(hours.hold(event.started_at) for hours in some.hours):
            return False
        return self.sieve.fits(stored) and self.reach.has_event(event.id, event.camera, stored.department)


def moments_of(event: Event, of_interest: frozenset[Moment]) -> list[Moment]:
    """Which of these moments have come, in their order."""
    come = [Moment.STARTED] if event.ended_at is None else [Moment.STARTED, Moment.ENDED]
    return [moment for moment in come if moment in of_interest]


class Wishes:
    """The wishes of all subscriptions, of paused and stopped ones too: what is to be told waits. For one thread."""

    def __init__(self, visibility: Visibility) -> None:
        self._visibility = visibility
        self._living = Living()
        self._sieves: dict[SubscriptionId, tuple[int, Reach, Sieve]] = {}
        """Each with the subscription's revision, and the reach, that it was made for."""
        self._unreadable: set[SubscriptionId] = set()
        self._registry = -1

    def refresh(self, connection: Connection, now: datetime) -> list[Wish]:
        """All wishes as `connection`, a reading one, sees them."""
        living = self._living.refresh(connection)
        registry = version.current(connection)
        is_changed, self._registry = registry != self._registry, registry
        wishes: list[Wish] = []
        sieves: dict[SubscriptionId, tuple[int, Reach, Sieve]] = {}
        for some in living.values():
            reach = self._visibility.scope(connection, department_principal(some.department))[Right.EVENTS]
            revision, within, sieve = self._sieves.get(some.id, (0, reach, None))
            is_as_good = revision == some.revision and within is reach
            if sieve is None or not is_as_good or (is_changed and sieve.is_stale(connection)):
                sieve = self._made(connection, some, reach, sieve, now)
            if sieve is None:
                continue
            sieves[some.id] = some.revision, reach, sieve
            wishes.append(Wish(some, sieve, reach))
        self._sieves = sieves
        return wishes

    def _made(
        self, connection: Connection, some: Subscription, reach: Reach, before: Sieve | None, now: datetime
    ) -> Sieve | None:
        """The sieve of `some`; where its filter means nothing any more the one `before`, while there is one."""
        try:
            sieve = Sieve.of(connection, some.filter, now=now, reach=reach)
        except BadInput as error:
            if some.id not in self._unreadable:
                _log.error("subscription %d is not told of what is new: %s", some.id, error.message)
            self._unreadable.add(some.id)
            return before
        self._unreadable.discard(some.id)
        return sieve


def _is_of_its_time(some: Subscription, event: Event) -> bool:
    """An old event changes when somebody asks for its clip, and that is no news to who subscribed later."""
    return event.ended_at is None or event.ended_at >= some.made_at

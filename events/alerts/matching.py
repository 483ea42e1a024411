"""Matching: from changes of events to what is to be told to whom. Reading, and no writing yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from core.ids import EventId
from registry.chunks import in_chunks

from ..index.changes import Change, since
from ..index.stored import StoredEvent, read_events
from ..outages.seen import Losses, as_seen, losses_of
from .subscription import Grouping, Moment, Subscription, SubscriptionId
from .tables import alert_cursor, told
from .wishes import Wish, moments_of

MOST_ROWS: Final = 1_000
"""Of deliveries that one transaction writes, or as many as one change needs."""
OLDEST: Final = timedelta(days=30)
"""What ended longer ago is told to nobody: who was told of it is not known any more."""

_Told = tuple[EventId, SubscriptionId, Moment]


@dataclass(frozen=True, slots=True)
class Telling:
    """A moment of an event that a subscription is to be told of."""

    subscription: Subscription
    event: EventId
    version: int
    moment: Moment
    key: str
    """Of its group, where there are any."""
    message_id: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of some changes."""

    after_seq: int
    """Where the cursor stood, and has to stand still when this is written."""
    up_to_seq: int
    changes: int
    tellings: list[Telling] = field(default_factory=list)
    """In the order in which they became known."""


def match(connection: Connection, wishes: Sequence[Wish], now: datetime, most: int) -> Matched | None:
    """What the next changes, `most` at most, are to be told to whom; None where there are none."""
    after_seq = connection.execute(select(alert_cursor.c.seq)).scalar_one()
    changes = since(connection, after_seq, most)
    if not changes:
        return None
    tellings: list[Telling] = []
    passed = 0
    known: set[_Told] = set()
    events: dict[EventId, StoredEvent] = {}
    losses: Losses = {}
    if wishes:
        events = {one.event.id: one for one in read_events(connection, list({change.event for change in changes}))}
        losses = losses_of(connection, events.values())
        known = _told(connection, list(events))
    for change in changes:
        found = _tellings(change, events.get(change.event), losses, wishes, known, now - OLDEST)
        if passed and len(tellings) + len(found) > MOST_ROWS:
            break
        known.update((one.event, one.subscription.id, one.moment) for one in found)
        tellings += found
        passed += 1
    return Matched(after_seq, changes[passed - 1].seq, passed, tellings)


def message_id(event: EventId, version: int, subscription: SubscriptionId) -> str:
    """What the receiver knows a telling by."""
    return f"{event}.{version}.{subscription}"


def _tellings(
    change: Change,
    stored: StoredEvent | None,
    losses: Losses,
    wishes: Sequence[Wish],
    known: set[_Told],
    oldest: datetime,
) -> list[Telling]:
    """`stored` is None where the event is gone already."""
    if stored is None or (stored.event.ended_at or stored.event.last_seen_at) < oldest:
        return []
    found: list[Telling] = []
    for wish in wishes:
        some, seen = wish.subscription, as_seen(stored, losses, wish.reach)
        event = seen.event
        new = [moment for moment in moments_of(event, some.moments) if (event.id, some.id, moment) not in known]
        if not new or not wish.wants(seen, change.seq):
            continue
        key = _key(some.grouping, seen)
        number = message_id(event.id, event.version, some.id)
        for nth, moment in enumerate(new):
            # Two moments that became known by one version are two messages all the same.
            own = f"{number}.{moment.value}" if nth else number
            found.append(Telling(some, event.id, event.version, moment, key, own))
    return found


def _key(grouping: Grouping, stored: StoredEvent) -> str:
    match grouping:
        case Grouping.CAMERA:
            return f"camera {stored.event.camera}"
        case Grouping.RULE:
            return f"rule {stored.event.rule}"
        case Grouping.SUBSCRIPTION | Grouping.EVENT:
            return ""


def _told(connection: Connection, events: Sequence[EventId]) -> set[_Told]:
    return {
        (EventId(row.event), SubscriptionId(row.subscription), Moment(row.moment))
        for chunk in in_chunks(events)
        for row in connection.execute(select(told).where(told.c.event.in_(chunk)))
    }

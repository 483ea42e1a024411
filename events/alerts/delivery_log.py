"""The log of deliveries: what was to be told to a subscription, and what became of each attempt."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, select

from core.errors import NotFound
from core.ids import EventId
from registry.page import Page

from .deliveries import DeliveryId, DeliveryKind, DeliveryState
from .subscription import SubscriptionId
from .tables import delivery, delivery_attempt, delivery_event


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to tell one subscription. Instants are by the database's clock."""

    id: DeliveryId
    subscription: SubscriptionId
    kind: DeliveryKind
    event: EventId | None
    """The first one, where it tells of several; None: a notice, or a test."""
    version: int | None
    moment: str
    """Which moment of the event, or of the notice; of several events and of a test it means nothing."""
    message_id: str
    """What the receiver knows it by; a replay has that of what it repeats."""
    state: DeliveryState
    reason: str
    """Why it is dead or withheld, or why the last attempt failed; empty where nothing is wrong."""
    made_at: datetime
    due_at: datetime
    attempts: int
    first_try_at: datetime | None
    ended_at: datetime | None
    replay_of: DeliveryId | None
    notice: int | None = None
    """The number of the notice that it tells of."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt."""

    n: int
    """From 1."""
    at: datetime
    took_ms: int
    status: int | None
    """HTTP's, where an answer came."""
    error: str
    """What went wrong; empty where the receiver took it."""
    answer: str
    """How the receiver's answer began: text of a stranger."""


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries are asked for; None: whichever."""

    state: DeliveryState | None = None
    from_at: datetime | None = None
    """Made at this moment or later."""
    to_at: datetime | None = None
    """Made before this moment."""


ALL = DeliveryFilter()


def get(connection: Connection, number: DeliveryId) -> Delivery:
    """The delivery of that number. Raises `NotFound`."""
    row = connection.execute(select(delivery).where(delivery.c.id == number)).one_or_none()
    if row is None:
        raise NotFound(f"there is no delivery {number}")
    return delivery_of(row)


def list_deliveries(
    connection: Connection,
    of: SubscriptionId,
    *,
    asked: DeliveryFilter = ALL,
    cursor: DeliveryId | None = None,
    limit: int = 100,
) -> Page[Delivery, DeliveryId]:
    """The deliveries of a subscription, newest first, before `cursor`."""
    columns = delivery.c
    statement = select(delivery).where(columns.subscription == of).order_by(columns.made_at.desc(), columns.id.desc())
    statement = _made_within(statement, asked.from_at, asked.to_at)
    if asked.state is not None:
        statement = statement.where(columns.state == asked.state.value)
    if cursor is not None:
        # Where the row is gone that the page before ended with, so are all that were made before it.
        # One of another subscription begins nowhere: it may be hidden, and so is when it was made.
        made_at = select(columns.made_at).where(columns.id == cursor, columns.subscription == of).scalar_subquery()
        before = (columns.made_at < made_at) | ((columns.made_at == made_at) & (columns.id < cursor))
        statement = statement.where(columns.made_at <= made_at, before)
    found = [delivery_of(row) for row in connection.execute(statement.limit(limit + 1))]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def attempts_of(connection: Connection, number: DeliveryId) -> list[Attempt]:
    """What became of each attempt, in their order."""
    columns = delivery_attempt.c
    statement = select(delivery_attempt).where(columns.delivery == number).order_by(columns.n)
    return [
        Attempt(row.n, row.at, row.took_ms, row.status, row.error, row.answer) for row in connection.execute(statement)
    ]


def events_of(connection: Connection, found: Delivery, limit: int) -> list[EventId]:
    """The events that a delivery tells of, oldest first, at most `limit` of them."""
    columns = delivery_event.c
    statement = select(columns.event).where(columns.delivery == found.id).distinct()
    statement = statement.order_by(columns.event).limit(limit)
    listed = [EventId(number) for number in connection.scalars(statement)]
    return listed or ([] if found.event is None else [found.event])


def delivery_of(row: Row[tuple[object, ...]]) -> Delivery:
    """The delivery in a row of the table."""
    return Delivery(
        id=DeliveryId(row.id),
        subscription=SubscriptionId(row.subscription),
        kind=DeliveryKind(row.kind),
        event=None if row.event is None else EventId(row.event),
        version=row.version,
        moment=row.moment,
        message_id=row.message_id,
        state=DeliveryState(row.state),
        reason=row.reason,
        made_at=row.made_at,
        due_at=row.due_at,
        attempts=row.attempts,
        first_try_at=row.first_try_at,
        ended_at=row.ended_at,
        replay_of=None if row.replay_of is None else DeliveryId(row.replay_of),
        notice=row.notice,
    )


def _made_within(
    statement: Select[tuple[object, ...]], from_at: datetime | None, to_at: datetime | None
) -> Select[tuple[object, ...]]:
    if from_at is not None:
        statement = statement.where(delivery.c.made_at >= from_at)
    if to_at is not None:
        statement = statement.where(delivery.c.made_at < to_at)
    return statement

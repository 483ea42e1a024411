"""Telling it again: deliveries that have ended are repeated, and known to the receiver by the same id; and tests."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, literal, select

from core.errors import Conflict
from registry.chunks import in_chunks
from registry.server_clock import server_time

from . import delivery_log
from .deliveries import DeliveryId, DeliveryKind, DeliveryState
from .delivery_log import Delivery, delivery_of
from .subscription import Moment, Subscription, SubscriptionId, SubscriptionState
from .tables import delivery, delivery_event

MOST_REPLAYED: Final = 10_000
"""By one request."""
AT_ONCE: Final = 500
"""Rows in one transaction: no more hold SQLite's writer for long."""


@dataclass(frozen=True, slots=True)
class Replayable:
    """What was found to be told again."""

    numbers: tuple[DeliveryId, ...]
    """Oldest first."""
    events: Mapping[DeliveryId, int]
    """Of those that tell of several events: of how many."""
    more: bool
    """Whether there is more than one request tells again."""
    next_from: datetime | None
    """When the first that was left out was made: from then on the next request goes on."""

    def portions(self) -> Iterator[list[DeliveryId]]:
        """`numbers` in portions that a transaction takes."""
        portion: list[DeliveryId] = []
        rows = 0
        for number in self.numbers:
            more = 1 + self.events.get(number, 0)
            if portion and rows + more > AT_ONCE:
                yield portion
                portion, rows = [], 0
            portion.append(number)
            rows += more
        if portion:
            yield portion


def test(connection: Connection, some: Subscription) -> Delivery:
    """A delivery that tells of nothing, to see whether it arrives. Raises `Conflict` where nothing is sent now, or one
    is on its way."""
    if some.state is not SubscriptionState.ACTIVE:
        raise Conflict(
            f"subscription {some.id} is {some.state.value}: nothing is sent", hint="resume it first, then test it"
        )
    columns = delivery.c
    waits = select(columns.id).where(
        columns.subscription == some.id, columns.ended_at.is_(None), columns.kind == DeliveryKind.TEST.value
    )
    if (other := connection.execute(waits.limit(1)).scalar_one_or_none()) is not None:
        raise Conflict(
            f"a test of subscription {some.id} is on its way already: delivery {other}",
            hint=f"look at what becomes of it: GET /api/v1/deliveries/{other}",
        )
    values = {
        "subscription": some.id,
        "kind": DeliveryKind.TEST.value,
        "event": None,
        "version": None,
        "moment": Moment.STARTED.value,
        "message_id": f"test-{secrets.token_hex(8)}.{some.id}",
        **_to_be_sent(server_time(connection)),
    }
    return delivery_of(connection.execute(insert(delivery).values(values).returning(*delivery.c)).one())


def replay(connection: Connection, number: DeliveryId) -> Delivery:
    """A new delivery that tells what that one told, known by the same id. Raises `NotFound`, `Conflict` while it waits
    itself, or a repetition of it does."""
    found = delivery_log.get(connection, number)
    if found.state is DeliveryState.WAITING:
        raise Conflict(f"delivery {number} is waiting itself: it will be sent", hint="replay what has ended")
    columns = delivery.c
    waits = select(columns.id).where(
        columns.subscription == found.subscription, columns.ended_at.is_(None), columns.replay_of == number
    )
    if (other := connection.execute(waits.limit(1)).scalar_one_or_none()) is not None:
        raise Conflict(f"delivery {number} is being repeated already, by delivery {other}")
    [made] = _repeat(connection, [number])
    return delivery_log.get(connection, made)


def replayable(
    connection: Connection, of: SubscriptionId, from_at: datetime, to_at: datetime, *, most: int = MOST_REPLAYED
) -> Replayable:
    """What a subscription was told, or was not, of changes that became known from `from_at` until `to_at`: deliveries
    of then that have ended. Repetitions and tests are left out, and what is being repeated already."""
    columns = delivery.c
    repeated = select(columns.replay_of).where(
        columns.subscription == of, columns.ended_at.is_(None), columns.replay_of.is_not(None)
    )
    statement = (
        select(columns.id, columns.made_at, columns.kind)
        .where(
            columns.subscription == of,
            columns.made_at >= from_at,
            columns.made_at < to_at,
            columns.ended_at.is_not(None),
            columns.replay_of.is_(None),
            columns.kind != DeliveryKind.TEST.value,
            columns.id.not_in(repeated),
        )
        .order_by(columns.made_at, columns.id)
        .limit(most + 1)
    )
    rows = connection.execute(statement).all()
    numbers = tuple(DeliveryId(row.id) for row in rows[:most])
    events = _events_of(connection, [DeliveryId(row.id) for row in rows[:most] if row.kind == DeliveryKind.GROUP.value])
    return Replayable(numbers, events, len(rows) > most, rows[most].made_at if len(rows) > most else None)


def replay_all(connection: Connection, numbers: Sequence[DeliveryId]) -> int:
    """Repeat these deliveries, a portion of what `replayable` found; how many were still there to be repeated."""
    return len(_repeat(connection, numbers))


def _repeat(connection: Connection, numbers: Sequence[DeliveryId]) -> list[DeliveryId]:
    columns = delivery.c
    at = server_time(connection)
    kept = ("subscription", "kind", "event", "version", "moment", "message_id", "notice")
    fresh: dict[str, Any] = {**_to_be_sent(at), "attempts": 0}
    source = select(
        *(columns[name] for name in kept),
        *(literal(value, columns[name].type) for name, value in fresh.items()),
        columns.id,
    ).where(columns.id.in_(numbers), columns.ended_at.is_not(None))
    statement = insert(delivery).from_select([*kept, *fresh, "replay_of"], source.order_by(columns.id))
    made = [DeliveryId(number) for number in connection.scalars(statement.returning(columns.id))]
    _copy_events(connection, made)
    return made


def _copy_events(connection: Connection, made: Sequence[DeliveryId]) -> None:
    kept = [column for column in delivery_event.c if column.name != "delivery"]
    source = (
        select(delivery.c.id, *kept)
        .join(delivery_event, delivery_event.c.delivery == delivery.c.replay_of)
        .where(delivery.c.id.in_(made))
    )
    connection.execute(insert(delivery_event).from_select(["delivery", *(column.name for column in kept)], source))


def _events_of(connection: Connection, groups: Sequence[DeliveryId]) -> dict[DeliveryId, int]:
    columns = delivery_event.c
    counted = select(columns.delivery, func.count().label("events")).group_by(columns.delivery)
    return {
        DeliveryId(row.delivery): row.events
        for chunk in in_chunks(groups)
        for row in connection.execute(counted.where(columns.delivery.in_(chunk)))
    }


def _to_be_sent(at: datetime) -> dict[str, Any]:
    return {"state": DeliveryState.WAITING.value, "reason": "", "made_at": at, "due_at": at}

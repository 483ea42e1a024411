"""How a subscription is doing: what waits, what was given up, and whether its receiver can be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, select

from registry.chunks import in_chunks
from registry.server_clock import server_time

from .deliveries import DeliveryState
from .subscription import Subscription, SubscriptionId
from .tables import alert_endpoint, delivery

MOST_COUNTED: Final = 10_000
_MOST_ARRIVED: Final = 100_000
LOOKED_BACK: Final = timedelta(hours=24)
RATE_OVER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are."""

    count: int
    at_least: bool
    """Whether counting ended there, and there may be more."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """Nothing is sent to the receiver for a while, since it failed time and again."""

    open_until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Health:
    """How a subscription is doing."""

    waiting: Count
    dead: Count
    """Given up in the last 24 hours."""
    last_success_at: datetime | None
    circuit: Circuit | None
    """None: its receiver is sent to."""
    per_minute: float
    """Deliveries that arrived, on the average of the last five minutes."""


def health_of(connection: Connection, some: Sequence[Subscription]) -> Mapping[SubscriptionId, Health]:
    """How each of them is doing, by the database's clock."""
    now = server_time(connection)
    circuits = _circuits(connection, {one.origin for one in some}, now)
    found: dict[SubscriptionId, Health] = {}
    for one in some:
        row = connection.execute(
            select(
                _count(one.id, delivery.c.ended_at.is_(None)).label("waiting"),
                _ended(one.id, DeliveryState.DEAD, now - LOOKED_BACK).label("dead"),
                _ended(one.id, DeliveryState.DELIVERED, now - RATE_OVER, most=_MOST_ARRIVED).label("arrived"),
                _last_success(one.id).label("last"),
            )
        ).one()
        found[one.id] = Health(
            waiting=_counted(row.waiting),
            dead=_counted(row.dead),
            last_success_at=row.last,
            circuit=circuits.get(one.origin),
            per_minute=row.arrived / (RATE_OVER / timedelta(minutes=1)),
        )
    return found


def _counted(number: int) -> Count:
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED)


def _count(of: SubscriptionId, *conditions: ColumnElement[bool], most: int = MOST_COUNTED) -> ScalarSelect[int]:
    """One more than `most` at most: what a receiver missed for a day must not be walked through."""
    some = select(delivery.c.id).where(delivery.c.subscription == of, *conditions).limit(most + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _ended(of: SubscriptionId, state: DeliveryState, since: datetime, *, most: int = MOST_COUNTED) -> ScalarSelect[int]:
    ended_at = delivery.c.ended_at
    return _count(of, ended_at.is_not(None), delivery.c.state == state.value, ended_at >= since, most=most)


def _last_success(of: SubscriptionId) -> ScalarSelect[datetime | None]:
    is_arrived = delivery.c.state == DeliveryState.DELIVERED.value, delivery.c.ended_at.is_not(None)
    return select(func.max(delivery.c.ended_at)).where(delivery.c.subscription == of, *is_arrived).scalar_subquery()


def _circuits(connection: Connection, origins: set[str], now: datetime) -> dict[str, Circuit]:
    columns = alert_endpoint.c
    return {
        row.origin: Circuit(row.shut_until, row.reason)
        for chunk in in_chunks(sorted(origins))
        for row in connection.execute(select(alert_endpoint).where(columns.origin.in_(chunk), columns.shut_until > now))
    }

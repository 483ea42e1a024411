"""How alerts are doing as a whole: what waits, what was given up, how far matching is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from registry.server_clock import server_time

from ..index import changes
from .deliveries import DeliveryState
from .tables import alert_cursor, alert_endpoint, delivery, subscription

LOOKED_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """How alerts are doing."""

    matched: int
    """Changes of events that were matched since ever."""
    unmatched: int
    """Changes that are still to be matched."""
    waiting: int
    """Deliveries that are to be sent, or sent again."""
    oldest_waiting_s: float
    """For how long the oldest of them waits; 0 where there is none."""
    dead: int
    """Deliveries that were given up in the last 24 hours."""
    shut: int
    """Receivers that are left alone for now, since they failed time and again."""


def count_alerts(connection: Connection) -> AlertCounts:
    """The counts of now, by the database's clock."""
    now = server_time(connection)
    cursor = connection.execute(select(alert_cursor)).one()
    columns = delivery.c
    waits = connection.execute(select(func.count(), func.min(columns.made_at)).where(columns.ended_at.is_(None))).one()
    oldest: datetime | None = waits[1]
    # By subscription, as the index has them.
    given_up = (
        select(func.count())
        .select_from(subscription)
        .join(delivery, columns.subscription == subscription.c.id)
        .where(columns.state == DeliveryState.DEAD.value, columns.ended_at >= now - LOOKED_BACK)
    )
    shut = select(func.count()).select_from(alert_endpoint).where(alert_endpoint.c.shut_until > now)
    return AlertCounts(
        matched=cursor.matched,
        unmatched=max(0, changes.latest(connection) - cursor.seq),
        waiting=waits[0],
        oldest_waiting_s=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
        dead=connection.execute(given_up).scalar_one(),
        shut=connection.execute(shut).scalar_one(),
    )

"""Housekeeping: what waited for too long is given up, what ended long ago is forgotten; a little at a time."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from core.clock import Clock
from core.errors import SharpEyesError
from core.ids import EventId, first_event_id
from registry.chunks import in_chunks
from registry.db import Database

from ..index.tables import event
from .circuits import read_circuits
from .deliveries import DeliveryKind, DeliveryState
from .matching import OLDEST
from .settings import AlertSettings
from .subscription import SubscriptionState, origin_of
from .tables import alert_endpoint, alert_group, delivery, delivery_event, subscription, told

_log = logging.getLogger(__name__)

MOST: Final = 500
"""Deliveries in one transaction."""
MOST_EVENTS: Final = 2_000
"""Events of groups that are forgotten in one transaction, but for a group that has more by itself."""
_EVERY_S: Final = 60.0
TOLD_KEPT: Final = OLDEST + timedelta(days=1)
"""Longer than an event can still be told of, however long its deliveries are kept: nobody is told twice."""
_WINDOWS_KEPT: Final = timedelta(days=2)
"""Longer than a window may last, and the one after it."""
_FARTHEST: Final = timedelta(days=3)
"""Nothing is put off for so long: not by a receiver, nor by a window and the one after it."""
_QUIET_KEPT: Final = timedelta(days=1)


class Keeping:
    """Keeps house in a thread of its own. Several may run on one database."""

    def __init__(self, database: Database, clock: Clock, settings: AlertSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._stop = Flag()
        self._thread = Thread(target=self._run, name="keeping", daemon=True)

    def start(self) -> None:
        """Begin to keep house."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Wait up to `timeout_s` seconds until it is over."""
        self._stop.set()
        self._thread.join(timeout_s)

    def keep(self) -> None:
        """Do all that is due. Raises `Unavailable`."""
        now = self._clock.now()
        give_up_after = self._settings.give_up_after
        while not self._stop.is_set():
            with self._database.write() as connection:
                if not give_up_unsent(connection, now, give_up_after):
                    break
        kept_since = now - timedelta(days=self._settings.kept_days)
        after = 0
        while not self._stop.is_set():
            with self._database.write() as connection:
                last = forget_ended(connection, kept_since, after)
            if last is None:
                break
            after = last
        told_of: EventId | None = EventId(0)
        while told_of is not None and not self._stop.is_set():
            with self._database.write() as connection:
                told_of = forget_told(connection, now - TOLD_KEPT, told_of)
        with self._database.write() as connection:
            put_right(connection, now)
            connection.execute(delete(alert_group).where(alert_group.c.until_at < now - _WINDOWS_KEPT))
            quiet = alert_endpoint.c.changed_at < now - _QUIET_KEPT
            connection.execute(delete(alert_endpoint).where(quiet))

    def _run(self) -> None:
        while not self._clock.sleep(_EVERY_S, self._stop):
            try:
                self.keep()
            except SharpEyesError as error:
                _log.error("old deliveries stay: %s", error.message)
            except Exception:
                _log.exception("old deliveries stay")


def give_up_unsent(connection: Connection, now: datetime, give_up_after: timedelta) -> int:
    """End some deliveries of subscriptions that are removed, and those that waited for `give_up_after` while theirs was
    paused or stopped, or its receiver was left alone. How many."""
    columns, states = delivery.c, (SubscriptionState.PAUSED.value, SubscriptionState.STOPPED.value)
    is_removed = subscription.c.deleted_at.is_not(None)
    is_kept_back = or_(subscription.c.state.in_(states), subscription.c.id.in_(_left_alone(connection)))
    is_late = and_(is_kept_back, columns.made_at < now - give_up_after)
    statement = (
        select(columns.id, is_removed.label("is_removed"), subscription.c.state)
        .join(subscription, subscription.c.id == columns.subscription)
        .where(columns.ended_at.is_(None), or_(is_removed, is_late), columns.due_at <= now)
        .limit(MOST)
    )
    rows = connection.execute(statement).all()
    hours = give_up_after.total_seconds() / 3600
    ends: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        end = (
            (DeliveryState.WITHHELD.value, "the subscription was removed")
            if row.is_removed
            else (DeliveryState.DEAD.value, _why_not_sent(row.state, hours))
        )
        ends.setdefault(end, []).append(row.id)
    for (state, reason), numbers in ends.items():
        # What somebody has claimed meanwhile is theirs.
        still = columns.id.in_(numbers), columns.ended_at.is_(None), columns.due_at <= now
        over = {"state": state, "reason": reason, "ended_at": now, "claimed_by": None, "claimed_until": None}
        connection.execute(update(delivery).where(*still).values(over))
    return len(rows)


def put_right(connection: Connection, now: datetime) -> None:
    """Let what a clock put off that was far ahead, and was set back since, be due now."""
    late = delivery.c.ended_at.is_(None), delivery.c.due_at > now + _FARTHEST
    connection.execute(update(delivery).where(*late).values(made_at=now, due_at=now))
    connection.execute(delete(alert_group).where(alert_group.c.until_at > now + _FARTHEST))


def _left_alone(connection: Connection) -> list[int]:
    """The subscriptions whose receivers failed time and again: of what waits for them one delivery is tried now and
    then, and the rest would wait for ever."""
    broken = {origin for origin, circuit in read_circuits(connection).items() if circuit.is_broken}
    if not broken:
        return []
    living = connection.execute(
        select(subscription.c.id, subscription.c.url).where(subscription.c.deleted_at.is_(None))
    )
    return [row.id for row in living if origin_of(row.url) in broken]


def _why_not_sent(state: str, hours: float) -> str:
    if state == SubscriptionState.ACTIVE.value:
        return f"the receiver failed time and again for {hours:g} h"
    return f"the subscription was {state} for {hours:g} h"


def forget_ended(connection: Connection, before: datetime, after: int) -> int | None:
    """Remove some deliveries that ended before `before`, with their events and attempts; looked for among those with a
    number above `after`, oldest first. The last number that was looked at; None where all are looked through."""
    columns = delivery.c
    looked = connection.execute(
        select(columns.id, columns.made_at, columns.ended_at, columns.kind)
        .where(columns.id > after)
        .order_by(columns.id)
        .limit(MOST)
    ).all()
    over = [row for row in looked if row.ended_at is not None and row.ended_at < before]
    forgotten = _few(connection, over)
    connection.execute(delete(delivery).where(delivery.c.id.in_([row.id for row in forgotten])))
    if len(forgotten) < len(over):
        return int(forgotten[-1].id)
    return None if len(looked) < MOST or looked[-1].made_at >= before else int(looked[-1].id)


def _few(connection: Connection, over: Sequence[Any]) -> Sequence[Any]:
    """The first of these deliveries that tell of no more than `MOST_EVENTS` together, or the first alone."""
    members, groups = delivery_event.c, [row.id for row in over if row.kind == DeliveryKind.GROUP.value]
    counted = select(members.delivery, func.count()).where(members.delivery.in_(groups)).group_by(members.delivery)
    events = {int(row[0]): int(row[1]) for row in connection.execute(counted)}
    left = MOST_EVENTS
    for nth, row in enumerate(over):
        left -= events.get(row.id, 0)
        if left < 0 and nth:
            return over[:nth]
    return over


def forget_told(connection: Connection, before: datetime, after: EventId) -> EventId | None:
    """Forget who was told of some events that were over before `before`, or are not there any more; looked for among
    those with an id above `after`, oldest first. The last that was looked at; None where all are looked through."""
    columns, ended_at = event.c, func.coalesce(event.c.ended_at, event.c.last_seen_at)
    started = told.c.event > after, told.c.event < first_event_id(before)
    listed = select(told.c.event).where(*started).distinct().order_by(told.c.event).limit(MOST_EVENTS)
    looked = list(connection.scalars(listed))
    for chunk in in_chunks(looked):
        goes_on = set(connection.scalars(select(columns.id).where(columns.id.in_(chunk), ended_at >= before)))
        connection.execute(delete(told).where(told.c.event.in_(set(chunk) - goes_on)))
    return None if len(looked) < MOST_EVENTS else EventId(looked[-1])

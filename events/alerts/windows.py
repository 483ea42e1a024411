"""Groups: the first event is told at once, what follows within the window is held and told together at its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.chunks import in_chunks
from registry.db import is_sqlite

from .deliveries import DeliveryId, DeliveryKind, DeliveryState
from .matching import Telling
from .subscription import Grouping, SubscriptionId
from .tables import alert_group, delivery, delivery_event

_Key = tuple[SubscriptionId, str]
GROUP_ID: Final = ".group"
"""How the message id of a group ends, which begins with that of the first event in it."""


@dataclass(slots=True, eq=False)
class _Window:
    until_at: datetime
    delivery: DeliveryId | None = None
    """What tells together what is held; None while nothing is."""
    first: Telling | None = None
    """Of a delivery that is still to be made."""
    is_changed: bool = False

    @property
    def holds(self) -> bool:
        return self.delivery is not None or self.first is not None


class Windows:
    """The windows of the groups that some tellings are of. Within one transaction, of which there is one at a time."""

    def __init__(self, connection: Connection, tellings: Sequence[Telling], now: datetime) -> None:
        self._connection = connection
        self._now = now
        keys = {_key(one) for one in tellings if one.subscription.grouping is not Grouping.EVENT}
        self._known = _read(connection, keys)
        self._held: list[tuple[_Window, Telling]] = []
        holding = {one.delivery for one in self._known.values() if one is not None and one.delivery is not None}
        self._over = holding - _still_open(connection, holding, now)

    def is_told_at_once(self, telling: Telling) -> bool:
        """Whether nothing of its group was told of lately; else it is held, and stands in the delivery at the end."""
        if telling.subscription.grouping is Grouping.EVENT:
            return True
        key, lasts = _key(telling), telling.subscription.cool_down
        window = self._known.get(key)
        if window is not None and window.delivery in self._over:
            # Its end has come: somebody may be sending it now, so that nothing can be added any more.
            until_at = window.until_at + lasts
            window = self._known[key] = _Window(until_at, is_changed=True) if until_at > self._now else None
        elif window is not None and window.until_at <= self._now:
            window = None
        if window is None:
            self._known[key] = _Window(self._now + lasts, is_changed=True)
            return True
        if not window.holds:
            window.first, window.is_changed = telling, True
        self._held.append((window, telling))
        return False

    def write(self) -> None:
        """Write what is held, and the windows that have changed."""
        new = [window for window, _ in self._held if window.first is not None and window.delivery is None]
        new = list({id(window): window for window in new}.values())
        if new:
            made = insert(delivery).returning(delivery.c.id, sort_by_parameter_order=True)
            rows = [_group_row(window.first, window.until_at, self._now) for window in new if window.first]
            for window, number in zip(new, self._connection.scalars(made, rows), strict=True):
                window.delivery = DeliveryId(number)
        if self._held:
            self._connection.execute(insert(delivery_event), [_event_row(*held) for held in self._held])
        changed = [
            {"subscription": key[0], "key": key[1], "until_at": window.until_at, "delivery": window.delivery}
            for key, window in self._known.items()
            if window is not None and window.is_changed
        ]
        if changed:
            dialect = sqlite if is_sqlite(self._connection) else postgresql
            statement = dialect.insert(alert_group)
            renewed = {name: statement.excluded[name] for name in ("until_at", "delivery")}
            statement = statement.on_conflict_do_update(index_elements=["subscription", "key"], set_=renewed)
            self._connection.execute(statement, changed)


def _key(telling: Telling) -> _Key:
    return telling.subscription.id, telling.key


def _read(connection: Connection, keys: set[_Key]) -> dict[_Key, _Window | None]:
    columns = alert_group.c
    found: dict[_Key, _Window | None] = {}
    for number in {number for number, _ in keys}:
        for chunk in in_chunks(text for of, text in keys if of == number):
            rows = connection.execute(select(alert_group).where(columns.subscription == number, columns.key.in_(chunk)))
            found |= {(number, row.key): _window(row) for row in rows}
    return found


def _window(row: Row[tuple[object, ...]]) -> _Window:
    return _Window(row.until_at, None if row.delivery is None else DeliveryId(row.delivery))


def _still_open(connection: Connection, numbers: Iterable[DeliveryId], now: datetime) -> set[DeliveryId]:
    """Which of these deliveries nobody sends yet; and nobody does before this transaction ends."""
    columns = delivery.c
    untouched = columns.due_at > now, columns.claimed_by.is_(None), columns.attempts == 0, columns.ended_at.is_(None)
    return {
        DeliveryId(number)
        for chunk in in_chunks(sorted(numbers))
        for number in connection.scalars(
            select(columns.id).where(columns.id.in_(chunk), *untouched).order_by(columns.id).with_for_update()
        )
    }


def _group_row(first: Telling, until_at: datetime, now: datetime) -> dict[str, Any]:
    return delivery_row(first, now, kind=DeliveryKind.GROUP) | {
        "message_id": f"{first.message_id}{GROUP_ID}",
        "due_at": until_at,
    }


def delivery_row(telling: Telling, now: datetime, *, kind: DeliveryKind = DeliveryKind.EVENT) -> dict[str, Any]:
    """A delivery that tells of `telling`, due at once."""
    return {
        "subscription": telling.subscription.id,
        "kind": kind.value,
        "event": telling.event,
        "version": telling.version,
        "moment": telling.moment.value,
        "message_id": telling.message_id,
        "state": DeliveryState.WAITING.value,
        "made_at": now,
        "due_at": now,
    }


def _event_row(window: _Window, telling: Telling) -> dict[str, Any]:
    return {
        "delivery": window.delivery,
        "event": telling.event,
        "moment": telling.moment.value,
        "version": telling.version,
    }

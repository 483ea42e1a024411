"""Claims: whoever sends a delivery takes it for a while, so that nobody else does; who died has it no longer."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, TextClause, bindparam, select, text, update

from core.ids import EventId
from registry.chunks import in_chunks
from registry.columns import to_microseconds
from registry.db import is_sqlite

from .deliveries import DeliveryId, DeliveryKind
from .subscription import Moment, SubscriptionId
from .tables import delivery

# A claimed delivery is due when the claim ends: whoever looks for due ones does not wade through claimed ones.
_DUE: Final = "subscription = {of} AND ended_at IS NULL AND due_at <= :now"
_SQLITE: Final = "k.value"
_POSTGRESQL: Final = "k.subscription"
_SQLITE_WAITING: Final = """
    SELECT k.value FROM json_each(:numbers) k WHERE EXISTS (SELECT 1 FROM delivery WHERE {due})
"""
_POSTGRESQL_WAITING: Final = """
    SELECT k.subscription FROM unnest(CAST(:numbers AS integer[])) k(subscription)
    WHERE EXISTS (SELECT 1 FROM delivery WHERE {due})
"""
_SQLITE_NEXT: Final = """
    SELECT d.id, d.subscription FROM json_each(:numbers) k CROSS JOIN delivery d
    WHERE d.id IN (SELECT id FROM delivery WHERE {due} ORDER BY due_at LIMIT :most)
"""
_POSTGRESQL_NEXT: Final = """
    SELECT d.id, d.subscription FROM unnest(CAST(:numbers AS integer[])) k(subscription)
    CROSS JOIN LATERAL (
        SELECT id, subscription FROM delivery WHERE {due} ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED
    ) d
"""


def _statement(frame: str, of: str) -> TextClause:
    return text(frame.format(due=_DUE.format(of=of)))


_WAITING: Final = {True: _statement(_SQLITE_WAITING, _SQLITE), False: _statement(_POSTGRESQL_WAITING, _POSTGRESQL)}
_NEXT: Final = {True: _statement(_SQLITE_NEXT, _SQLITE), False: _statement(_POSTGRESQL_NEXT, _POSTGRESQL)}
"""By whether it is SQLite."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this process's to send."""

    id: DeliveryId
    subscription: SubscriptionId
    kind: DeliveryKind
    event: EventId | None
    moment: Moment
    message_id: str
    made_at: datetime
    attempts: int
    """Before this one."""
    notice: int | None = None
    """The number of the notice that it tells of."""
    by: str = ""
    """Which claim it was: no two have the same."""
    is_trial: bool = False
    """Whether it tries a receiver that was left alone."""

    def as_trial(self) -> "Claimed":
        """The same, which tries a receiver that was left alone."""
        return replace(self, is_trial=True)


def waiting_among(connection: Connection, numbers: Collection[SubscriptionId], now: datetime) -> list[SubscriptionId]:
    """Which of these subscriptions have anything due."""
    if not numbers:
        return []
    found = connection.scalars(_WAITING[is_sqlite(connection)], _asked(connection, numbers, now))
    return [SubscriptionId(number) for number in found]


def claim(
    connection: Connection, rooms: Mapping[SubscriptionId, int], by: str, now: datetime, until: datetime
) -> list[Claimed]:
    """Take what is due of each subscription, those that are due the longest first, at most as many as it has room for;
    nobody else does until `until`. `by` names the claim: it was never used before."""
    wanted = {number: room for number, room in rooms.items() if room > 0}
    if not wanted:
        return []
    found: list[DeliveryId] = []
    left = dict(wanted)
    asked = {**_asked(connection, wanted, now), "most": max(wanted.values())}
    for row in connection.execute(_NEXT[is_sqlite(connection)], asked):
        if left[row.subscription] > 0:
            left[row.subscription] -= 1
            found.append(DeliveryId(row.id))
    columns = delivery.c
    claimed: list[Claimed] = []
    for chunk in in_chunks(found):
        taken = update(delivery).where(columns.id.in_(chunk)).values(claimed_by=by, claimed_until=until, due_at=until)
        claimed += [_claimed(row) for row in connection.execute(taken.returning(delivery))]
    return sorted(claimed, key=lambda one: one.id)


def in_force(connection: Connection, claims: Collection[Claimed]) -> set[tuple[DeliveryId, str]]:
    """Of which of these deliveries the claim is still the newest, with its name: nobody has claimed or ended them
    meanwhile, not even who claimed them before; nobody does before this transaction ends."""
    columns, asked = delivery.c, {(one.id, one.by) for one in claims}
    found = {
        (DeliveryId(row.id), row.claimed_by)
        for chunk in in_chunks(sorted({number for number, _ in asked}))
        for row in connection.execute(
            select(columns.id, columns.claimed_by)
            .where(columns.id.in_(chunk), columns.ended_at.is_(None))
            .order_by(columns.id)
            .with_for_update()
        )
    }
    return asked & found


def give_back(connection: Connection, numbers: Collection[DeliveryId], now: datetime) -> None:
    """Let anybody claim these at once."""
    if numbers:
        freed = update(delivery).where(delivery.c.id == bindparam("number"))
        freed = freed.values(claimed_by=None, claimed_until=None, due_at=now)
        connection.execute(freed, [{"number": number} for number in sorted(numbers)])


def _asked(connection: Connection, numbers: Collection[SubscriptionId], now: datetime) -> dict[str, object]:
    listed = sorted(numbers)
    return {"numbers": json.dumps(listed) if is_sqlite(connection) else listed, "now": to_microseconds(now)}


def _claimed(row: Row[tuple[object, ...]]) -> Claimed:
    return Claimed(
        id=DeliveryId(row.id),
        subscription=SubscriptionId(row.subscription),
        kind=DeliveryKind(row.kind),
        event=None if row.event is None else EventId(row.event),
        moment=Moment(row.moment),
        message_id=row.message_id,
        made_at=row.made_at,
        attempts=row.attempts,
        notice=row.notice,
        by=row.claimed_by,
    )

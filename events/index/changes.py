"""The changes of events, numbered in the order of their commits.

Whoever follows events follows these numbers: ids tell when an event started, not when it became known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from core.ids import EventId
from registry.alone import be_alone
from registry.many_rows import put_rows

from .tables import event_change

_APPEND_LOCK: Final = 0x5368_4579_0001
"""Key of PostgreSQL's advisory lock. Without it a later number could be committed, and read, before an earlier one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A version of an event became known."""

    seq: int
    event: EventId
    version: int


def append(connection: Connection, event: EventId, version: int) -> None:
    """Tell the followers that `event` has changed. Part of the transaction that changed it."""
    append_all(connection, [(event, version)])


def append_all(connection: Connection, changed: Sequence[tuple[EventId, int]]) -> None:
    """`append` for several events, in this order."""
    if not changed:
        return
    lock(connection)
    put_rows(connection, event_change, ("event", "version"), changed)


def since(connection: Connection, seq: int, limit: int) -> list[Change]:
    """At most `limit` changes after number `seq`, oldest first. Numbers may have gaps, but never come late."""
    statement = select(event_change).where(event_change.c.seq > seq).order_by(event_change.c.seq).limit(limit)
    return [Change(row.seq, EventId(row.event), row.version) for row in connection.execute(statement)]


def latest(connection: Connection) -> int:
    """The number of the newest change; 0 before the first one."""
    return connection.execute(select(func.max(event_change.c.seq))).scalar_one() or 0


def lock(connection: Connection) -> None:
    """Be the only one who appends, until the end of the transaction. SQLite has one writer at a time anyway."""
    be_alone(connection, _APPEND_LOCK)

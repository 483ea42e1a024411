"""What interruptions leave on record beside the events themselves, and the removal of it once it is old."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

from core.ids import EventId, event_time, first_event_id

from .index.tables import event_interruption, fenced_event, outage, outage_member

_FIRST_MOMENT = event_time(EventId(0))


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove what is older than `before`, at most `limit` rows of each kind: events that were not accepted, how often
    events were interrupted, and the members of outages that ended then. How many rows were removed.

    The events stay. A version of one that a worker brings after so long is taken as if it had never been interrupted.
    """
    oldest = first_event_id(max(before, _FIRST_MOMENT))
    over = select(outage.c.event).where(outage.c.ended_at < before)
    has_members = select(outage_member.c.event).where(outage_member.c.event == outage.c.event).exists()
    return (
        _remove(connection, fenced_event, fenced_event.c.fenced_at < before, limit)
        + _remove(connection, event_interruption, event_interruption.c.event < oldest, limit)
        + _remove(connection, outage_member, outage_member.c.event.in_(over), limit)
        + _remove(connection, outage, (outage.c.ended_at < before) & ~has_members, limit)
    )


def _remove(connection: Connection, table: Table, is_old: ColumnElement[bool], limit: int) -> int:
    keys = list(table.primary_key.columns)
    # Rows that another worker is removing are left to it: two never wait for each other.
    some = select(*keys).where(is_old).limit(limit).with_for_update(skip_locked=True)
    return connection.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount

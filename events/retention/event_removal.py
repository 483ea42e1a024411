"""Removes events, with all that stands about them beside the media: those go first.

The tallies follow by the database's triggers. Whoever follows changes passes over those of an event that is gone.
Nothing is told of it: what somebody may see of an event is said by its row. What was put on record about an event, who
looked at it and who was told of it, stays: it is kept for a time of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, delete, exists, select

from core.camera import DepartmentId
from core.ids import EventId, event_camera
from registry.db import Database

from ..index import changes
from ..index.tables import event as event_table
from ..index.tables import event_detail, event_interruption, outage, outage_member
from ..media.table import event_media
from .held import held, lock_holds
from .pace import Pace

_FEWEST: Final = 15
_MOST: Final = 200
_OF_AN_EVENT: Final = (
    (event_detail, event_detail.c.event),
    (event_interruption, event_interruption.c.event),
    (outage_member, outage_member.c.event),
    (outage, outage.c.event),
    (event_table, event_table.c.id),
)
"""The tables that have rows of an event, and its id in them."""


class EventRemoval:
    """Removes events in transactions that are short, however long one event takes. For one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.pace = Pace(50, fewest=_FEWEST, most=_MOST)

    def remove(self, events: Sequence[EventId], ends_before: datetime) -> int:
        """Remove those of `events`, as many at most as the pace says, that ended before `ends_before`, are not held and
        have no media any more. How many. Raises `Unavailable`."""
        with self._database.write() as connection:
            began = perf_counter()
            removed = remove(connection, events, ends_before)
            self.pace.took(perf_counter() - began, removed)
        return removed


def remove(connection: Connection, events: Sequence[EventId], ends_before: datetime) -> int:
    """See `EventRemoval.remove`."""
    lock_holds(connection)
    # As whoever writes events does: their tallies are changed by one transaction after the other.
    changes.lock(connection)
    now_held = held(connection)
    columns = event_table.c
    has_media = exists().where(event_media.c.event == columns.id)
    over = columns.id.in_(events), columns.ended_at < ends_before, ~has_media
    rows = connection.execute(select(columns.id, columns.department, columns.ended_at).where(*over))
    free = [
        EventId(row.id)
        for row in rows
        if not now_held.has(EventId(row.id), event_camera(EventId(row.id)), DepartmentId(row.department), row.ended_at)
    ]
    if free:
        for table, number in _OF_AN_EVENT:
            connection.execute(delete(table).where(number.in_(free)))
    return len(free)

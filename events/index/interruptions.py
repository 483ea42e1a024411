"""Interruptions: how often an event was closed for a worker that did not answer any more.

The stored version of an event is its worker's own plus this number. So a worker that was only cut off, and knows
better how its event went on, is newer than the closing, and versions only grow.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.event import EndReason
from core.ids import CameraId, EventId
from registry.chunks import in_chunks
from registry.db import is_sqlite

from . import changes
from .tables import event, event_interruption, outage

_is_outage: Final = select(outage.c.event).where(outage.c.event == event.c.id).exists()
"""An outage goes on for its other members."""


def interrupt(connection: Connection, epochs: Mapping[CameraId, int]) -> list[EventId]:
    """End the open events of these cameras that are older than the given epoch, where they were last seen.

    The ids of the events that were closed. Other cameras' events are not looked at.
    """
    changes.lock(connection)
    left: list[tuple[EventId, int]] = []
    for cameras in in_chunks(sorted(epochs)):
        still_open = select(event.c.id, event.c.camera, event.c.epoch, event.c.version).where(
            event.c.ended_at.is_(None), event.c.camera.in_(cameras), ~_is_outage
        )
        left += [
            (EventId(row.id), row.version + 1)
            for row in connection.execute(still_open)
            if row.epoch < epochs[CameraId(row.camera)]
        ]
    if not left:
        return []
    left.sort()
    for chunk in in_chunks(id_ for id_, _ in left):
        connection.execute(
            update(event)
            .where(event.c.id.in_(chunk))
            .values(
                ended_at=event.c.last_seen_at,
                end_reason=EndReason.INTERRUPTED.value,
                version=event.c.version + 1,
            )
        )
    ids = [id_ for id_, _ in left]
    _count(connection, ids)
    changes.append_all(connection, left)
    return ids


def _count(connection: Connection, ids: Sequence[EventId]) -> None:
    dialect = sqlite if is_sqlite(connection) else postgresql
    statement = dialect.insert(event_interruption)
    once_more = {"count": event_interruption.c.count + 1}
    connection.execute(
        statement.on_conflict_do_update(index_elements=[event_interruption.c.event], set_=once_more),
        [{"event": id_, "count": 1} for id_ in ids],
    )

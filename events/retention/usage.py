"""How many media there are and how many bytes they have, by department: counted now and then, a little at a time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from typing import Final

from sqlalchemy import Connection, case, delete, func, insert, select, update

from core.camera import DepartmentId
from core.clock import Clock
from core.ids import LAST_EVENT, EventId
from registry.db import Database
from registry.tables import department as department_table

from ..index.tables import event as event_table
from ..media.table import MediaState, event_media
from .held import held, is_held
from .medium import SHOWN, Medium
from .tables import media_usage

_AT_ONCE: Final = 20_000
"""Media that one statement counts: some ten milliseconds."""
_PAUSE_S: Final = 0.01
_NONE: Final = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Usage:
    """What there was of a department's media when it was counted last."""

    department: DepartmentId
    medium: Medium
    count: int
    bytes: int
    held_bytes: int
    """Of those that a hold is on."""
    counted_at: datetime


def list_usage(connection: Connection) -> list[Usage]:
    """What was counted last, by department and medium."""
    listed = select(media_usage).order_by(media_usage.c.department, media_usage.c.medium)
    return [
        Usage(DepartmentId(row.department), Medium(row.medium), row[2], row.bytes, row.held_bytes, row.counted_at)
        for row in connection.execute(listed)
    ]


def count(database: Database, clock: Clock, stop: Flag) -> bool:
    """Count all media anew, and keep what came of it. False where `stop` was set before it was done.

    Raises `Unavailable`.
    """
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    after = EventId(0)
    while after < LAST_EVENT:
        if stop.is_set():
            return False
        with database.read() as connection:
            upto = _boundary(connection, after)
            for department, kind, *sums in _counted(connection, after, upto):
                kept = found[department, kind]
                for nth, number in enumerate(sums):
                    kept[nth] += number
        after = upto
        clock.sleep(_PAUSE_S, stop)
    at = clock.now()
    with database.write() as connection:
        connection.execute(delete(media_usage))
        # Also of those that have none: else nobody could tell that they were counted. None is removed meanwhile.
        there = select(department_table.c.id).order_by(department_table.c.id)
        owners = connection.scalars(there.with_for_update(read=True, key_share=True)).all()
        rows = [
            {
                "department": owner,
                "medium": medium.value,
                "count": number,
                "bytes": size,
                "held_bytes": of_held,
                "counted_at": at,
            }
            for owner in owners
            for medium in SHOWN
            for number, size, of_held in (found.get((owner, medium.value), _NONE),)
        ]
        if rows:
            connection.execute(insert(media_usage), rows)
    return True


def subtract(connection: Connection, department: DepartmentId, medium: Medium, number: int, size: int) -> None:
    """Say that so much has gone since it was counted."""
    columns = media_usage.c
    left = {
        "count": case((columns["count"] > number, columns["count"] - number), else_=0),
        "bytes": case((columns.bytes > size, columns.bytes - size), else_=0),
    }
    those = columns.department == department, columns.medium == medium.value
    connection.execute(update(media_usage).where(*those).values(left))


def _boundary(connection: Connection, after: EventId) -> EventId:
    """The last event of the next step."""
    following = select(event_media.c.event).where(event_media.c.event > after).order_by(event_media.c.event)
    last = connection.execute(following.offset(_AT_ONCE - 1).limit(1)).scalar()
    return LAST_EVENT if last is None else EventId(last)


def _counted(connection: Connection, after: EventId, upto: EventId) -> list[tuple[int, str, int, int, int]]:
    """Department, medium, number, bytes, bytes that are held."""
    size = func.coalesce(event_media.c.bytes, 0)
    # With no hold at all nobody has to look for one.
    of_held = func.sum(0) if held(connection).is_nothing else func.sum(case((is_held(event_table.c), size), else_=0))
    there = event_media.c.state == MediaState.READY.value, event_media.c.doomed_at.is_(None)
    counted = (
        select(event_table.c.department, event_media.c.kind, func.count(), func.sum(size), of_held)
        .select_from(event_media.join(event_table, event_table.c.id == event_media.c.event))
        .where(event_media.c.event > after, event_media.c.event <= upto, *there)
        .group_by(event_table.c.department, event_media.c.kind)
    )
    return [(int(row[0]), str(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in connection.execute(counted)]

"""Writes what an event has beside its row: line, direction, count, course."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from core.event import Event
from core.ids import EventId, event_time
from registry.chunks import in_chunks
from registry.db import is_sqlite

from ..directions import NUMBERS
from .courses import course_text
from .tables import event_detail


def write_details(connection: Connection, newest: Mapping[EventId, Event]) -> None:
    """Keep what these events have, and forget what an older version of them had. Part of what writes them."""
    rows = [row for id_, one in newest.items() if (row := _row(id_, one)) is not None]
    bare = set(newest) - {row["event"] for row in rows}
    for chunk in in_chunks(sorted(id_ for id_ in bare if newest[id_].version > 1)):
        connection.execute(delete(event_detail).where(event_detail.c.event.in_(chunk)))
    if rows:
        dialect = sqlite if is_sqlite(connection) else postgresql
        statement = dialect.insert(event_detail)
        renewed = {name: statement.excluded[name] for name in rows[0] if name != "event"}
        connection.execute(statement.on_conflict_do_update(index_elements=[event_detail.c.event], set_=renewed), rows)


def _row(id_: EventId, one: Event) -> dict[str, Any] | None:
    row = {
        "line": one.line,
        "direction": None if one.direction is None else NUMBERS[one.direction],
        "count": one.count,
        "course": None if one.course is None else course_text(one.course, event_time(id_)),
    }
    return None if all(value is None for value in row.values()) else {"event": id_, **row}

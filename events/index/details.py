"""What an event has beside its row: line, direction, count, course."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.course import Course
from core.event import Event
from core.ids import EventId, event_time
from core.line import Direction, LineId
from registry.chunks import in_chunks
from registry.db import is_sqlite
from registry.tables import line

from ..directions import DIRECTIONS, NUMBERS
from .courses import course_of, course_text
from .tables import event_detail


@dataclass(frozen=True, slots=True)
class Detail:
    """What some events have."""

    line: LineId | None = None
    line_name: str | None = None
    direction: Direction | None = None
    count: int | None = None
    course: Course | None = None


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


def read_details(connection: Connection, ids: Collection[EventId]) -> dict[EventId, Detail]:
    """What those of these events have that have something: at most as many as a statement takes."""
    statement = (
        # A row's `count` is the method of tuples.
        select(event_detail, event_detail.c.count.label("how_many"), line.c.name.label("line_text"))
        .outerjoin(line, line.c.id == event_detail.c.line)
        .where(event_detail.c.event.in_(ids))
    )
    return {
        EventId(row.event): Detail(
            line=None if row.line is None else LineId(row.line),
            line_name=row.line_text,
            direction=None if row.direction is None else DIRECTIONS[row.direction],
            count=row.how_many,
            course=None if row.course is None else course_of(row.course, event_time(EventId(row.event))),
        )
        for row in connection.execute(statement)
    }


def _row(id_: EventId, one: Event) -> dict[str, Any] | None:
    row = {
        "line": one.line,
        "direction": None if one.direction is None else NUMBERS[one.direction],
        "count": one.count,
        "course": None if one.course is None else course_text(one.course, event_time(id_)),
    }
    return None if all(value is None for value in row.values()) else {"event": id_, **row}

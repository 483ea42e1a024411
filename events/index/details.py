"""Writes what an event has beside its row: line, direction, count, course."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from core.event import Event
from core.ids import EventId, event_time
from registry.db import is_sqlite
from registry.many_rows import put_rows

from ..directions import NUMBERS
from ..number_lists import listed
from .courses import course_text
from .tables import event_detail

Detail = tuple[int | None, int | None, int | None, str | None]
"""Line, direction, count, course."""
_COLUMNS: Final = ("event", "line", "direction", "count", "course")
_RENEWED: Final = f"""
    ON CONFLICT (event) DO UPDATE SET {", ".join(f'"{name}" = excluded."{name}"' for name in _COLUMNS[1:])}
"""
_FORGET: Final = {
    True: text("DELETE FROM event_detail WHERE event IN (SELECT value FROM json_each(:ids))"),
    False: text("DELETE FROM event_detail WHERE event = ANY(CAST(:ids AS bigint[]))"),
}


def write_details(connection: Connection, details: Sequence[tuple[EventId, int, Detail | None]]) -> None:
    """Keep what these events have, and forget what an older version of them had: id, version, and what there is now,
    each event once. Part of what writes them."""
    bare = [id_ for id_, version, detail in details if detail is None and version > 1]
    if bare:
        embedded = is_sqlite(connection)
        connection.execute(_FORGET[embedded], {"ids": listed(sorted(bare), embedded=embedded)})
    rows = [(id_, *detail) for id_, _, detail in details if detail is not None]
    put_rows(connection, event_detail, _COLUMNS, rows, _RENEWED)


def detail_of(id_: EventId, one: Event) -> Detail | None:
    """What `one` has beside its row, at `id_`. None: nothing."""
    detail = (
        one.line,
        None if one.direction is None else NUMBERS[one.direction],
        one.count,
        None if one.course is None else course_text(one.course, event_time(id_)),
    )
    return None if detail == (None, None, None, None) else detail

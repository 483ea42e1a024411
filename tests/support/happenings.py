"""Fills a database: with cameras, with events."""

from collections.abc import Sequence

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.event import Event
from core.ids import CameraId, EventId
from events.index.write import write_events
from registry import cameras
from registry.db import Database
from registry.departments import DEFAULT


def add_cameras(connection: Connection, count: int, *, department: DepartmentId = DEFAULT) -> list[CameraId]:
    """`count` cameras, named by their place in the list."""
    return [
        cameras.add(connection, name=f"camera {department}-{number}", department=department).id
        for number in range(1, count + 1)
    ]


def write(database: Database, events: Sequence[Event]) -> list[EventId]:
    """Write `events` in a transaction of their own."""
    with database.write() as connection:
        return write_events(connection, events)

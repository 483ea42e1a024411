"""Fills a database: with cameras, with epochs, with events."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from core.camera import DepartmentId
from core.event import Event
from core.ids import CameraId, EventId
from events.index.outcome import Fate
from events.index.write import write_events
from registry import cameras
from registry.db import Database
from registry.departments import DEFAULT
from registry.tables import camera as camera_table
from registry.tables import camera_epoch

ALWAYS: Final = datetime(2024, 1, 1, tzinfo=UTC)
FOR_EVER: Final = datetime(2093, 1, 1, tzinfo=UTC)


def add_cameras(connection: Connection, count: int, *, department: DepartmentId = DEFAULT) -> list[CameraId]:
    """`count` cameras, named by their place in the list."""
    return [
        cameras.add(connection, name=f"camera {department}-{number}", department=department).id
        for number in range(1, count + 1)
    ]


def write(database: Database, events: Sequence[Event]) -> list[EventId]:
    """Write `events` in a transaction of their own."""
    with database.write() as connection:
        return put_events(connection, events)


def put_events(connection: Connection, events: Sequence[Event]) -> list[EventId]:
    """Write `events`, in epochs that were in force all the time where there are none of theirs. Where they stand."""
    _have_epochs(connection, events)
    outcomes = write_events(connection, events)
    assert all(outcome.fate is not Fate.FENCED for outcome in outcomes)
    return [outcome.id for outcome in outcomes]


def _have_epochs(connection: Connection, events: Iterable[Event]) -> None:
    """The newest epoch of each camera is the lease in force."""
    needed: defaultdict[CameraId, set[int]] = defaultdict(set)
    for event in events:
        needed[event.camera].add(event.origin.epoch)
    known: defaultdict[CameraId, set[int]] = defaultdict(set)
    of_these = select(camera_epoch.c.camera, camera_epoch.c.epoch).where(camera_epoch.c.camera.in_(needed))
    for row in connection.execute(of_these):
        known[CameraId(row.camera)].add(row.epoch)
    existing = set(connection.scalars(select(camera_table.c.id).where(camera_table.c.id.in_(needed))))
    rows = []
    for number in existing & set(needed):
        newest = max(needed[number] | known[number])
        for epoch in sorted(needed[number] - known[number]):
            until_at = None if epoch == newest else FOR_EVER
            rows.append({"camera": number, "epoch": epoch, "worker": 1, "from_at": ALWAYS, "until_at": until_at})
        if newest not in known[number]:
            is_open = camera_epoch.c.camera == number, camera_epoch.c.until_at.is_(None)
            connection.execute(update(camera_epoch).where(*is_open).values(until_at=FOR_EVER))
    if rows:
        connection.execute(insert(camera_epoch), rows)

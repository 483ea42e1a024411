"""Builders of what a database is filled with: cameras, events."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from core.camera import DepartmentId
from core.event import EndReason, Event, Origin
from core.ids import CameraId, EventId, event_id
from core.rule import RuleId, RuleKind, Severity
from core.zone import ZoneId
from events.index.write import write_events
from registry import cameras
from registry.db import Database
from registry.departments import DEFAULT

from .builders import CAMERA, START, a_box


def add_cameras(connection: Connection, count: int, *, department: DepartmentId = DEFAULT) -> list[CameraId]:
    """`count` cameras, named by their place in the list."""
    return [
        cameras.add(connection, name=f"camera {department}-{number}", department=department).id
        for number in range(1, count + 1)
    ]


def an_event(
    n: int = 1,
    *,
    camera: CameraId = CAMERA,
    at: datetime = START,
    lasted_s: float = 2.0,
    epoch: int = 1,
    version: int = 1,
    label: str = "person",
    severity: Severity = Severity.LOW,
    zone: ZoneId | None = None,
    score: float = 0.5,
    rule_name: str = "somebody is there",
    end_reason: EndReason | None = None,
    id: EventId | None = None,  # noqa: A002 - the field's name
) -> Event:
    """The `n`th event of `camera`. Its numbers are such that the index keeps them exactly."""
    seen_at = at + timedelta(seconds=lasted_s)
    return Event(
        id=event_id(at, camera) if id is None else id,
        origin=Origin(epoch, n),
        version=version,
        rule=RuleId(1),
        rule_name=rule_name,
        kind=RuleKind.OBJECT_IN_ZONE,
        label=label,
        severity=severity,
        zone=zone,
        track=n,
        score=score,
        box=a_box(),
        started_at=at,
        last_seen_at=seen_at,
        ended_at=seen_at if end_reason else None,
        end_reason=end_reason,
    )


def write(database: Database, events: Sequence[Event]) -> list[EventId]:
    """Write `events` in a transaction of their own."""
    with database.write() as connection:
        return write_events(connection, events)

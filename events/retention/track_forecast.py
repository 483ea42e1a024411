"""Which tracks are over their time, by department: for a dry run."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from core.camera import DepartmentId
from core.ids import CameraId
from registry.tables import camera as camera_table

from ..tracks.table import track_chunk
from .held import held
from .medium import Medium
from .policy import FOR_EVER, Policy
from .track_removal import in_minutes, owners_of


@dataclass(frozen=True, slots=True)
class TracksOver:
    """Minutes of tracks that are over their time."""

    count: int
    bytes: int
    oldest: datetime
    newest: datetime
    is_held: bool


def tracks_over(
    connection: Connection, policy: Policy, now: datetime, departments: Collection[DepartmentId] | None
) -> Iterator[tuple[DepartmentId, TracksOver]]:
    """Of each of these departments (None: of all), what is held and what is not."""
    by_time: defaultdict[timedelta, list[DepartmentId]] = defaultdict(list)
    for one in policy.tree.kinds if departments is None else departments:
        by_time[policy.term(one, None, Medium.TRACK).kept].append(one)
    known = held(connection)
    for kept, some in by_time.items():
        if kept == FOR_EVER:
            continue
        apart = _with_holds(connection, some, set(known.cameras) | set(known.event_spans), set(known.departments))
        old = track_chunk.c.minute < now - kept
        yield from _counted(connection, some, old & track_chunk.c.camera.not_in(apart), is_held=False)
        for camera in apart:
            spans = in_minutes(known.track_spans(camera, owners_of(connection, camera)))
            in_spans: ColumnElement[bool] = or_(
                *(track_chunk.c.minute.between(from_at, until_at) for from_at, until_at in spans)
            )
            mine = old & (track_chunk.c.camera == camera)
            yield from _counted(connection, some, mine & in_spans, is_held=True)
            yield from _counted(connection, some, mine & ~in_spans, is_held=False)


def _with_holds(
    connection: Connection, some: Collection[DepartmentId], cameras: set[CameraId], departments: set[DepartmentId]
) -> list[CameraId]:
    columns = camera_table.c
    theirs = columns.department.in_(some), or_(columns.id.in_(cameras), columns.department.in_(departments))
    return [CameraId(number) for number in connection.scalars(select(columns.id).where(*theirs).order_by(columns.id))]


def _counted(
    connection: Connection, some: Collection[DepartmentId], which: ColumnElement[bool], *, is_held: bool
) -> Iterator[tuple[DepartmentId, TracksOver]]:
    department: Any = camera_table.c.department
    size = func.sum(func.length(track_chunk.c.data))
    bounds = func.min(track_chunk.c.minute), func.max(track_chunk.c.minute)
    counted = (
        select(department, func.count(), size, *bounds)
        .select_from(track_chunk.join(camera_table, camera_table.c.id == track_chunk.c.camera))
        .where(which, department.in_(some))
        .group_by(department)
    )
    for row in connection.execute(counted):
        yield DepartmentId(row[0]), TracksOver(int(row[1]), int(row[2]), row[3], row[4], is_held)
